/* SPDX-License-Identifier: MIT */
/* The nvfw container: a 24-byte header that names where a further header and the data lie. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"
#include "fw/nvfw.h"

#define HDR_SIZE 24u

int nvt_nvfw_parse_any(struct nvt_bytes file, struct nvt_nvfw *ret, struct nvt_error *e)
{
	struct nvt_cursor c = nvt_cursor_at(file, 0);

	ret->magic = nvt_cursor_u32(&c);
	ret->ver = nvt_cursor_u32(&c);
	ret->bin_size = nvt_cursor_u32(&c);
	ret->header_off = nvt_cursor_u32(&c);
	ret->data_off = nvt_cursor_u32(&c);
	ret->data_size = nvt_cursor_u32(&c);
	if (c.bad)
		return nvt_fw_truncated(e, "nvfw header", 0, HDR_SIZE, file.n);
	if (ret->magic != NVT_NVFW_MAGIC && ret->magic != NVT_NVFW_MAGIC_OLD)
		return nvt_fw_bad_field(e, "bin_magic", 0x0, ret->magic, NVT_NVFW_MAGIC);
	if (ret->ver != 1)
		return nvt_fw_bad_field(e, "bin_ver", 0x4, ret->ver, 1);
	/* bin_size is the length rounded up to 256, so it says nothing about what is there. */
	if (ret->header_off < HDR_SIZE || ret->header_off > ret->data_off)
		return nvt_fw_bad_value(e, "header_offset", 0xc, ret->header_off,
					"between the header and the data");
	if (!ret->data_size)
		return nvt_fw_bad_value(e, "data_size", 0x14, 0, "above 0");
	return nvt_fw_check_range(e, "data", 0x10, ret->data_off, ret->data_size, "file", file.n);
}

int nvt_nvfw_parse(struct nvt_bytes file, struct nvt_nvfw *ret, struct nvt_error *e)
{
	int rc = nvt_nvfw_parse_any(file, ret, e);

	if (!rc && ret->magic != NVT_NVFW_MAGIC)
		return nvt_fw_bad_field(e, "bin_magic", 0x0, ret->magic, NVT_NVFW_MAGIC);
	return rc;
}
