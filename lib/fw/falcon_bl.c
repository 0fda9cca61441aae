/* SPDX-License-Identifier: MIT */
/* The generic falcon bootloader, which loads FWSEC on Turing: nvfw container with nvfw_bl_desc. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"
#include "fw/nvfw.h"

#include <string.h>

#define DESC_SIZE 24u
#define IMEM_TAGS 0x10000u /* tags count blocks of 256 bytes, in 16 bits */

int nvt_falcon_bl_parse(struct nvt_bytes file, struct nvt_falcon_bl *ret, struct nvt_error *e)
{
	struct nvt_cursor c;
	uint32_t at;
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = nvt_nvfw_parse_any(file, &ret->bin, e);
	if (rc)
		return rc;
	at = ret->bin.header_off;
	if (ret->bin.data_off - at < DESC_SIZE)
		return nvt_fw_bad_value(e, "length of nvfw_bl_desc", 0x10, ret->bin.data_off - at,
					"at least 0x18");
	c = nvt_cursor_at(file, at);
	ret->start_tag = nvt_cursor_u32(&c);
	ret->dmem_load_off = nvt_cursor_u32(&c);
	ret->code_off = nvt_cursor_u32(&c);
	ret->code_size = nvt_cursor_u32(&c);
	ret->data_off = nvt_cursor_u32(&c);
	ret->data_size = nvt_cursor_u32(&c);
	if (ret->start_tag >= IMEM_TAGS)
		return nvt_fw_bad_value(e, "start_tag", at, ret->start_tag, "below 0x10000");
	if (!ret->code_size)
		return nvt_fw_bad_value(e, "code_size", at + 0xc, 0, "above 0");
	rc = nvt_fw_check_range(e, "code", at + 0x8, ret->code_off, ret->code_size, "data",
				ret->bin.data_size);
	return rc ? rc
		  : nvt_fw_check_range(e, "data part", at + 0x10, ret->data_off, ret->data_size,
				       "data", ret->bin.data_size);
}
