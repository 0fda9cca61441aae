/* SPDX-License-Identifier: MIT */
/* Arrays of a generated bindata source file. */
#ifndef NVT_FW_BINDATA_H
#define NVT_FW_BINDATA_H

#include <nvt/fw.h>

struct fw_bindata {
	char label[48]; /* without BINDATA_LABEL_; its case differs between releases */
	bool packed, is_struct;
	uint32_t size, packed_size; /* as its comment says; size is 0 for a struct */
	struct nvt_bytes body;      /* text between its braces */
};
/* The next array from *at on: 1, 0 at the end, or -NVT_E_DATA. */
int fw_bindata_next(struct nvt_bytes src, size_t *at, struct fw_bindata *ret, struct nvt_error *e);
/* Its content, inflated; checked against the sizes in its comment. */
int fw_bindata_unpack(const struct fw_bindata *b, struct nvt_fw_out *ret, struct nvt_error *e);
/* Both for the first array of each label, in one pass. The caller frees all of ret[], also after a failure. */
int fw_bindata_get(struct nvt_bytes src, const char *const *labels, unsigned count, struct nvt_fw_out *ret,
		   struct nvt_error *e);

#endif
