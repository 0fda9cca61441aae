/* SPDX-License-Identifier: MIT */
/* The nvfw container with either of its magics; images for GSP-RM only have the newer one. */
#ifndef NVT_FW_NVFW_H
#define NVT_FW_NVFW_H

#include <nvt/fw.h>

int nvt_nvfw_parse_any(struct nvt_bytes file, struct nvt_nvfw *ret, struct nvt_error *e);

#endif
