/* SPDX-License-Identifier: MIT */
/* Memory that an image is put together in. */
#ifndef NVT_FW_WRITE_H
#define NVT_FW_WRITE_H

#include <nvt/fw.h>

/* Zeroed. -NVT_E_DATA when no 32-bit offset could reach its end. */
int fw_out_alloc(struct nvt_fw_out *ret, uint64_t n, struct nvt_error *e);
void fw_out_copy(struct nvt_fw_out *out, uint64_t at, struct nvt_bytes b);

#endif
