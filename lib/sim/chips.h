/* SPDX-License-Identifier: MIT */
/* What the model knows of a chip beyond struct nvt_chip: board facts, fuses, falcon sizes. */
#ifndef NVT_SIM_CHIPS_H
#define NVT_SIM_CHIPS_H

#include <nvt/chips.h>
#include <nvt/types.h>

struct sim_reg_value {
	uint32_t addr, val;
};

struct sim_chip {
	const char *name;            /* of the nvt_chip row */
	const char *gpu_name, *gpu_short_name;
	uint16_t subvendor, subdevice;
	uint8_t revision;
	uint64_t bar0_size, bar1_size, bar3_size;
	uint32_t falcon_hwcfg;       /* NV_PFALCON_FALCON_HWCFG of GSP and SEC2 */
	uint32_t falcon_hwcfg1;
	uint32_t config_mirror;      /* BAR0 offset of the config space mirror */
	uint32_t fb_bus_width, l2_cache_size;
	uint64_t fbio_mask, fbp_mask;
	uint32_t gr_class;           /* of the graphics engine's 3D class */
	uint32_t sec2_engine_mask, gsp_engine_mask; /* NV_PFALCON2_FALCON_BROM_ENGIDMASK */
	uint8_t sec2_ucode_id;       /* of booter_load and booter_unload */
	uint32_t hs_sig_size;        /* bytes of one signature in DMEM */
	uint64_t non_wpr_heap_size;
	const struct sim_reg_value *fixed; /* registers that always read this: fuses, straps */
	unsigned fixed_count;
	struct {
		const char *version;         /* of the synthetic VBIOS */
		uint16_t image_device;       /* device id in the NVIDIA images: a family id */
		uint16_t signature_versions; /* FWSEC V3 */
		uint8_t ucode_id;
	} vbios;
};

/* NULL if the model has no row for the chip. */
const struct sim_chip *sim_chip_find(const struct nvt_chip *chip);

#endif
