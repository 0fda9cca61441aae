/* SPDX-License-Identifier: MIT */
/* Refusals of the image parsers: what is wrong, where, what was seen and what was wanted. */
#ifndef NVT_FW_CHECK_H
#define NVT_FW_CHECK_H

#include <nvt/error.h>
#include <nvt/types.h>

/* "WHAT: truncated": `size` bytes at `off` do not fit the `have` bytes that there are. */
int nvt_fw_truncated(struct nvt_error *e, const char *what, uint64_t off, uint64_t size, uint64_t have);
/* "WHAT is not what it should be": the field at `where` holds `seen`. */
int nvt_fw_bad_field(struct nvt_error *e, const char *what, uint64_t where, uint64_t seen, uint64_t wanted);
/* As above, with the wanted value in words. */
int nvt_fw_bad_value(struct nvt_error *e, const char *what, uint64_t where, uint64_t seen, const char *wanted);
/*
 * Checks that [off, off+size), which the field at `where` names, lies within `limit` bytes of `space`
 * ("file", "data", "DMEM"). Returns 0 or -NVT_E_DATA.
 */
int nvt_fw_check_range(struct nvt_error *e, const char *what, uint64_t where, uint64_t off, uint64_t size,
		       const char *space, uint64_t limit);

#endif
