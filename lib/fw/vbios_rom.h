/* SPDX-License-Identifier: MIT */
/* The chain of images in a VBIOS ROM, read under a bound that says how much more it would have taken. */
#ifndef NVT_FW_VBIOS_ROM_H
#define NVT_FW_VBIOS_ROM_H

#include <nvt/fw.h>

struct nvt_rom {
	struct nvt_bytes b;
	struct nvt_vbios_flash flash;
	uint64_t need; /* end of the first read that did not fit, 0 if all did */
};

/* Where the PCI ROM begins: behind an NVGI header if there is one. */
int nvt_rom_start(struct nvt_rom *r, uint32_t *ret, struct nvt_error *e);
/* Headers of image `n`, which begins at `at`; checksum_ok only says whether it is exempt from the sum. */
int nvt_rom_image(struct nvt_rom *r, unsigned n, uint32_t at, struct nvt_vbios_image *ret, struct nvt_error *e);

#endif
