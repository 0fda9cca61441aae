/* SPDX-License-Identifier: MIT */
/* Which kind of image a file is, by its structure. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/vbios_rom.h"

#include <string.h>

static enum nvt_fw_kind nvfw_kind(struct nvt_bytes f, const struct nvt_nvfw *bin)
{
	uint32_t size = bin->data_off - bin->header_off;

	if (size == 76 || size == 84)
		return NVT_FW_RISCV_BL;
	/* HS header v2: three dwords of meta data, and a load header with one app. */
	if (size >= 0x24 && nvt_le32(f.p + bin->header_off + 0x14) == 0xc &&
	    nvt_le32(f.p + bin->header_off + 0x20) >= 0x24)
		return NVT_FW_BOOTER;
	return NVT_FW_UNKNOWN;
}

enum nvt_fw_kind nvt_fw_detect(struct nvt_bytes file)
{
	struct nvt_rom rom = { .b = file };
	struct nvt_vbios_image img;
	struct nvt_nvfw bin;
	uint32_t start;

	if (file.n >= 20 && !memcmp(file.p, "\177ELF\2\1", 6) && nvt_le16(file.p + 18) == 243)
		return NVT_FW_GSP_ELF;
	if (!nvt_nvfw_parse(file, &bin, NULL))
		return nvfw_kind(file, &bin);
	if (!nvt_rom_start(&rom, &start, NULL) && !nvt_rom_image(&rom, 0, start, &img, NULL))
		return NVT_FW_VBIOS;
	return NVT_FW_UNKNOWN;
}

const char *nvt_fw_kind_name(enum nvt_fw_kind kind)
{
	switch (kind) {
	case NVT_FW_GSP_ELF:
		return "gsp";
	case NVT_FW_BOOTER:
		return "hs";
	case NVT_FW_RISCV_BL:
		return "riscv-bootloader";
	case NVT_FW_VBIOS:
		return "vbios";
	case NVT_FW_UNKNOWN:
		break;
	}
	return "unknown";
}
