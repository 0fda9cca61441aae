/* SPDX-License-Identifier: MIT */
/* The chip table: identity and firmware names of every chip, generated from fwdb/chips.json. */
#ifndef NVT_CHIPS_H
#define NVT_CHIPS_H

#include <nvt/types.h>

/* Chips are referred to by pointer into this table; `index` orders them as in chips.json. */
struct nvt_chip {
	const char *name;         /* "GA102" */
	const char *family;       /* "turing", "ga100", "ga10x", "ada", "hopper", "gb10x", "gb20x" */
	uint8_t arch, impl;       /* NV_PMC_BOOT_42 ARCHITECTURE and IMPLEMENTATION */
	uint32_t boot_0, boot_42; /* values a real one reads (formula where no reading is published) */
	const char *fw_dir;       /* folder below nvidia/: "ga102" */
	const char *gsp_dir;      /* folder that holds the GSP image of the family: "ga102" or "tu102" */
	const char *sig_section;  /* ".fwsignature_ga10x" */
	const char *boot_path;    /* "booter", "booter-nofrts" (GA100), "fsp" */
	uint16_t pci_device;      /* example PCI device id, 0 if none is known */
	uint32_t pci_class;       /* 0x030000 or 0x030200 */
	uint64_t vram_default;    /* bytes a typical board has */
};

NVT_API extern const struct nvt_chip nvt_chips[];
NVT_API extern const unsigned nvt_chip_count;

/* By name, letter case ignored; NULL if unknown. */
NVT_API const struct nvt_chip *nvt_chip_by_name(const char *name);
/* By NV_PMC_BOOT_42; NULL if unknown. */
NVT_API const struct nvt_chip *nvt_chip_by_boot42(uint32_t boot_42);

#endif
