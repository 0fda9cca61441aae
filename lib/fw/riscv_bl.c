/* SPDX-License-Identifier: MIT */
/* The RISC-V bootloader of the GSP: nvfw container with RM_RISCV_UCODE_DESC between header and data. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"

#include <string.h>

/* Turing and GA100; GA102 and later; Hopper and later of release 595. Each adds two fields. */
#define DESC_SHORT 76u
#define DESC_LONG 84u
#define DESC_595 92u

static void read_desc(struct nvt_cursor *c, struct nvt_riscv_bl *r)
{
	uint32_t *const fields[] = {
		&r->version, &r->bootloader_off, &r->bootloader_size, &r->bootloader_param_off,
		&r->bootloader_param_size, &r->riscv_elf_off, &r->riscv_elf_size, &r->app_version,
		&r->manifest_off, &r->manifest_size, &r->monitor_data_off, &r->monitor_data_size,
		&r->monitor_code_off, &r->monitor_code_size, &r->is_monitor_enabled, &r->swbrom_code_off,
		&r->swbrom_code_size, &r->swbrom_data_off, &r->swbrom_data_size, &r->fb_reserved_size,
		&r->signed_as_code, &r->is_smp, &r->is_plic_enabled,
	};
	unsigned i;

	for (i = 0; i < r->desc_size / 4; i++)
		*fields[i] = nvt_cursor_u32(c);
}

static int check_parts(const struct nvt_riscv_bl *r, struct nvt_error *e)
{
	const struct {
		const char *what;
		uint32_t at, off, size;
	} parts[] = {
		{ "bootloader", 0x04, r->bootloader_off, r->bootloader_size },
		{ "bootloader parameter area", 0x0c, r->bootloader_param_off, r->bootloader_param_size },
		{ "RISC-V ELF", 0x14, r->riscv_elf_off, r->riscv_elf_size },
		{ "manifest", 0x20, r->manifest_off, r->manifest_size },
		{ "monitor data", 0x28, r->monitor_data_off, r->monitor_data_size },
		{ "monitor code", 0x30, r->monitor_code_off, r->monitor_code_size },
		{ "software boot ROM code", 0x3c, r->swbrom_code_off, r->swbrom_code_size },
		{ "software boot ROM data", 0x44, r->swbrom_data_off, r->swbrom_data_size },
	};
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < NVT_ARRAY_SIZE(parts); i++)
		rc = nvt_fw_check_range(e, parts[i].what, r->bin.header_off + parts[i].at, parts[i].off,
					parts[i].size, "data", r->bin.data_size);
	return rc;
}

int nvt_riscv_bl_parse(struct nvt_bytes file, struct nvt_riscv_bl *ret, struct nvt_error *e)
{
	struct nvt_cursor c;
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = nvt_nvfw_parse(file, &ret->bin, e);
	if (rc)
		return rc;
	ret->desc_size = ret->bin.data_off - ret->bin.header_off;
	if (ret->desc_size != DESC_SHORT && ret->desc_size != DESC_LONG && ret->desc_size != DESC_595)
		return nvt_fw_bad_value(e, "length of RM_RISCV_UCODE_DESC", 0x10, ret->desc_size,
					"0x4c, 0x54 or 0x5c");
	/* Lies in front of the data, which lies in the file. */
	c = nvt_cursor_at(file, ret->bin.header_off);
	read_desc(&c, ret);
	return check_parts(ret, e);
}
