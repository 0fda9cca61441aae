/* SPDX-License-Identifier: MIT */
/* Which kind of image a file is, by its structure. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/nvfw.h"
#include "fw/vbios_rom.h"

#include <string.h>

#define LOG_MOST (16u << 20)

/* The headers have no magic of their own: sizes that only one of them can hold at its place tell
 * them apart. */
static enum nvt_fw_kind nvfw_kind(struct nvt_bytes f, const struct nvt_nvfw *bin)
{
	uint32_t size = bin->data_off - bin->header_off;
	const uint8_t *h = f.p + bin->header_off;
	struct nvt_falcon_bl bl;

	if (bin->magic == NVT_NVFW_MAGIC && (size == 76 || size == 84 || size == 92))
		return NVT_FW_RISCV_BL;
	/* HS header v2: three dwords of meta data, and a load header with one app. */
	if (bin->magic == NVT_NVFW_MAGIC && size >= 0x24 && nvt_le32(h + 0x14) == 0xc &&
	    nvt_le32(h + 0x20) >= 0x24)
		return NVT_FW_BOOTER;
	/* HS header v1: two signatures of 16 bytes. */
	if (size >= 0x20 && nvt_le32(h + 0x4) == 0x10 && nvt_le32(h + 0xc) == 0x10)
		return NVT_FW_HS_V1;
	return nvt_falcon_bl_parse(f, &bl, NULL) ? NVT_FW_UNKNOWN : NVT_FW_FALCON_BL;
}

static bool is_zero(struct nvt_bytes b, uint64_t from)
{
	for (; from < b.n; from++)
		if (b.p[from])
			return false;
	return true;
}

/* Nothing is behind what was written; or the driver's page addresses are, and nothing was written
 * yet. */
static bool is_libos_log(struct nvt_bytes f)
{
	struct nvt_libos_log log;
	uint64_t used;

	if (f.n > LOG_MOST || nvt_libos_log_parse(f, &log, NULL) || log.put > log.room)
		return false;
	used = log.count > f.n / 4096 ? log.count : f.n / 4096;
	return (log.pages || log.newest_time) && is_zero(f, 8 * (1 + used));
}

enum nvt_fw_kind nvt_fw_detect(struct nvt_bytes file)
{
	struct nvt_rom rom = { .b = file };
	struct nvt_vbios_image img;
	struct nvt_nvfw bin;
	uint32_t start;

	if (file.n >= 20 && !memcmp(file.p, "\177ELF\2\1", 6) && nvt_le16(file.p + 18) == 243)
		return NVT_FW_GSP_ELF;
	if (file.n >= 20 && !memcmp(file.p, "\177ELF\1\1", 6) && !nvt_le32(file.p + 16))
		return NVT_FW_FMC;
	if (file.n >= 4 && !memcmp(file.p, "NVFW", 4))
		return NVT_FW_TLV;
	if (!nvt_nvfw_parse_any(file, &bin, NULL))
		return nvfw_kind(file, &bin);
	if (!nvt_rom_start(&rom, &start, NULL) && !nvt_rom_image(&rom, 0, start, &img, NULL))
		return NVT_FW_VBIOS;
	return is_libos_log(file) ? NVT_FW_LIBOS_LOG : NVT_FW_UNKNOWN;
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
	case NVT_FW_HS_V1:
		return "hs-v1";
	case NVT_FW_FALCON_BL:
		return "falcon-bootloader";
	case NVT_FW_FMC:
		return "fmc";
	case NVT_FW_TLV:
		return "tlv";
	case NVT_FW_LIBOS_LOG:
		return "libos-log";
	case NVT_FW_UNKNOWN:
		break;
	}
	return "unknown";
}
