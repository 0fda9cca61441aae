/* SPDX-License-Identifier: MIT */
/* The chips that the driver can bring up. */
#include "core/chips.h"

#include "regs/regs_const.h"

#include <nvt/gpu.h>

#include <stdio.h>
#include <string.h>

static const struct falcon_unit gsp = {
	.name = "GSP",
	.pfalcon = NVT_BASE_GSP_PFALCON,
	.pfalcon2 = NVT_BASE_GSP_PFALCON2,
	.priscv = NVT_BASE_GSP_PRISCV,
};

static const struct falcon_unit sec2 = {
	.name = "SEC2",
	.pfalcon = NVT_BASE_SEC2_PFALCON,
	.pfalcon2 = NVT_BASE_SEC2_PFALCON2,
	.priscv = NVT_BASE_SEC2_PRISCV,
};

/*
 * GA10x and AD10x are brought up alike (nova-core's HALs, nouveau subdev/gsp/ga102.c and ad102.c); sister chips have
 * the same firmware files.
 */
#define AS_GA102(chip) \
	{ .name = chip, .gsp = &gsp, .sec2 = &sec2, .falcon = &falcon_ga102, .fb = &fb_ga102, \
	  .cfg_mirror = 0x88000, .tested = TESTED_MODEL }

static const struct chip_row rows[] = {
	AS_GA102("GA102"), AS_GA102("GA103"), AS_GA102("GA104"), AS_GA102("GA106"), AS_GA102("GA107"),
	AS_GA102("AD102"), AS_GA102("AD103"), AS_GA102("AD104"), AS_GA102("AD106"), AS_GA102("AD107"),
};

int chip_row_find(const struct nvt_chip *chip, const struct chip_row **ret, struct nvt_error *e)
{
	char known[160] = "";
	size_t n = 0;
	unsigned i;
	int rc;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].name, chip->name)) {
			*ret = &rows[i];
			return 0;
		}
		n = strlen(known);
		snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "", rows[i].name);
	}
	rc = nvt_fail(e, NVT_E_ENV, "no bring-up path for %s yet", chip->name);
	nvt_err_seen(e, "%s (%s)", chip->name, chip->family);
	nvt_err_wanted(e, "one of %s", known);
	return rc;
}

const char *nvt_chip_tested(const struct nvt_chip *chip)
{
	static const char *const names[] = {
		[0] = "untested",
		[TESTED_MODEL] = "model",
		[TESTED_SILICON] = "silicon",
		[TESTED_MODEL | TESTED_SILICON] = "model, silicon",
	};
	const struct chip_row *row;

	return chip_row_find(chip, &row, NULL) ? NULL : names[row->tested];
}

/*
 * Bit of the engine mask -> its fuses (nouveau nvkm/subdev/gsp/ga100.c, nova falcon/hal/ga102.rs).
 */
int chip_ucode_fuse(uint32_t engine_mask, uint32_t ucode_id, uint32_t *ret_reg, struct nvt_error *e)
{
	static const struct {
		uint32_t mask, reg;
	} fuses[] = {
		{ 1u << 0, NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION },
		{ 1u << 2, NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION },
		{ 1u << 10, NV_FUSE_OPT_FPF_GSP_UCODE_VERSION },
	};
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(fuses); i++) {
		if (!(engine_mask & fuses[i].mask))
			continue;
		if (ucode_id < 1 || ucode_id > NV_FUSE_OPT_FPF_GSP_UCODE_VERSION__COUNT)
			break;
		*ret_reg =
			fuses[i].reg + (ucode_id - 1) * NV_FUSE_OPT_FPF_GSP_UCODE_VERSION__STRIDE;
		return 0;
	}
	return nvt_fail(e, NVT_E_DATA, "no fuse holds the version of ucode %u of engine mask 0x%x",
			ucode_id, engine_mask);
}
