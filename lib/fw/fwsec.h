/* SPDX-License-Identifier: MIT */
/* FWSEC's descriptor, for the VBIOS parser that finds it. */
#ifndef NVT_FW_FWSEC_H
#define NVT_FW_FWSEC_H

#include <nvt/fw.h>

/* Fills all but app_id and target_id from the descriptor at `off`. */
int nvt_fwsec_parse_desc(struct nvt_bytes rom, uint64_t off, struct nvt_fwsec *ret, struct nvt_error *e);

#endif
