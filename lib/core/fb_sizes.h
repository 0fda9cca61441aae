/* SPDX-License-Identifier: MIT */
/* How much framebuffer a release of GSP-RM wants on a chip: families and releases as rows of data. */
#ifndef NVT_CORE_FB_SIZES_H
#define NVT_CORE_FB_SIZES_H

#include "core/fb.h"

#include <nvt/chips.h>

/*
 * Everything that does not depend on the images: fills all of *ret but boot_bin and elf. -NVT_E_ENV
 * when the sizes of that protocol release are not known.
 */
int fb_sizes(const struct nvt_chip *chip, const char *abi, uint64_t fb_size, struct fb_parts *ret,
	     struct nvt_error *e);

#endif
