/* SPDX-License-Identifier: MIT */
/* Sections of a file that is taken to be of a given kind. */
#ifndef NVT_FW_SECTIONS_H
#define NVT_FW_SECTIONS_H

#include <nvt/fw.h>

/* nvt_fw_sections without the detection: fails as the kind's parser does on a file of another. */
int nvt_fw_sections_as(enum nvt_fw_kind kind, struct nvt_bytes file, struct nvt_fw_section ret[NVT_FW_SECTIONS],
		       unsigned *count, struct nvt_error *e);

#endif
