/* SPDX-License-Identifier: MIT */
/*
 * What the driver does differently per chip: one row each, made of units, sub-HALs and constants.
 */
#ifndef NVT_CORE_CHIPS_H
#define NVT_CORE_CHIPS_H

#include "core/falcon.h"
#include "core/fb.h"

#include <nvt/chips.h>

enum chip_tested { TESTED_MODEL = 1 << 0, TESTED_SILICON = 1 << 1 };

struct chip_row {
	const char *name;
	const struct falcon_unit *gsp, *sec2;
	const struct falcon_hal *falcon;
	const struct fb_hal *fb;
	uint32_t cfg_mirror; /* BAR0 address where config space shows */
	uint8_t tested;      /* enum chip_tested */
};

/* -NVT_E_ENV when the driver cannot bring this chip up. */
int chip_row_find(const struct nvt_chip *chip, const struct chip_row **ret, struct nvt_error *e);
/* Fuse register that holds the lowest accepted version of a ucode; -NVT_E_DATA for an engine
 * without one. */
int chip_ucode_fuse(uint32_t engine_mask, uint32_t ucode_id, uint32_t *ret_reg,
		    struct nvt_error *e);

#endif
