/* SPDX-License-Identifier: MIT */
/* The model's chip rows. */
#include "sim/chips.h"

#include "regs/regs_const.h"

#include <string.h>

/*
 * Production GA10x and AD10x boards: display fused off (the model is headless), GSP debug disabled, SEC2
 * ucode 3 at version 1 (booter signature 0; signature 1 is all zero on GA10x), GSP ucode 9 (FWSEC) at version 1.
 * tinygrad boots both families with the booter's first and FWSEC's last signature and reads no fuse.
 */
static const struct sim_reg_value production[] = {
	{ NV_FUSE_STATUS_OPT_DISPLAY, NVT_DEF(NV_FUSE_STATUS_OPT_DISPLAY_DATA, DISABLE) },
	{ NV_FUSE_OPT_SECURE_GSP_DEBUG_DIS, NVT_DEF(NV_FUSE_OPT_SECURE_GSP_DEBUG_DIS_DATA, YES) },
	{ NVT_REG_AT(NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION, 3 - 1), 0x1 },
	{ NVT_REG_AT(NV_FUSE_OPT_FPF_GSP_UCODE_VERSION, 9 - 1), 0x1 },
	/* A live RTX 4090 reads this; only bits 15:0 are an error of FWSEC's SB command. */
	{ NV_PBUS_SW_SCRATCH_15, 0xc6000000 },
};

static const struct sim_chip chips[] = {
	{
		.name = "GA102",
		.gpu_name = "NVIDIA GeForce RTX 3090",
		.gpu_short_name = "GA102-A",
		.subvendor = 0x10de,
		.subdevice = 0x1454,
		.revision = 0xa1,
		.bar0_size = 16ull << 20,
		.bar1_size = 256ull << 20,
		.bar3_size = 32ull << 20,
		.falcon_hwcfg = 0x00020100, /* 0x100 blocks of IMEM, 0x100 of DMEM: 64 KiB each */
		.falcon_hwcfg1 = 0,
		.config_mirror = 0x88000,
		.fb_bus_width = 384,
		.l2_cache_size = 6u << 20,
		.fbio_mask = 0x3f,
		.fbp_mask = 0x3f,
		.gr_class = 0xc797, /* AMPERE_B */
		.sec2_engine_mask = 0x1,
		.gsp_engine_mask = 0x400,
		.sec2_ucode_id = 3,
		.hs_sig_size = 384,
		.non_wpr_heap_size = 1ull << 20,
		.fixed = production,
		.fixed_count = NVT_ARRAY_SIZE(production),
		.vbios = {
			.version = "94.02.00.00.01",
			.image_device = 0x2200,
			.signature_versions = 0x3,
			.ucode_id = 9,
		},
	},
	{
		.name = "AD102",
		.gpu_name = "NVIDIA GeForce RTX 4090", /* g_nv_name_released.h: 10de:2684 */
		.gpu_short_name = "AD102-A",
		/* Any board's will do: drivers hand both on to GSP-RM and look at neither. */
		.subvendor = 0x10de,
		.subdevice = 0x167c,
		.revision = 0xa1,
		.bar0_size = 16ull << 20,
		.bar1_size = 256ull << 20,
		.bar3_size = 32ull << 20,
		.falcon_hwcfg = 0x00020100,
		.falcon_hwcfg1 = 0,
		.config_mirror = 0x88000, /* NV_PCFG of tu102/dev_nv_xve.h, which NVIDIA's driver uses up to Ada */
		.fb_bus_width = 384,
		.l2_cache_size = 72u << 20, /* NVIDIA's Ada white paper, GeForce RTX 4090 */
		.fbio_mask = 0x3f,
		.fbp_mask = 0x3f,
		.gr_class = 0xc997, /* ADA_A */
		/* Metadata of ad102 booter_load and booter_unload, 535.113.01 and 570.144. */
		.sec2_engine_mask = 0x1,
		.gsp_engine_mask = 0x400,
		.sec2_ucode_id = 3,
		.hs_sig_size = 384,
		.non_wpr_heap_size = 1ull << 20, /* kgspGetNonWprHeapSize: the same from Turing to Ada */
		.fixed = production,
		.fixed_count = NVT_ARRAY_SIZE(production),
		.vbios = {
			.version = "95.02.00.00.01",
			.image_device = 0x2680,
			.signature_versions = 0x3, /* as real AD10x boards have it */
			.ucode_id = 9,
		},
	},
};

const struct sim_chip *sim_chip_find(const struct nvt_chip *chip)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(chips); i++)
		if (!strcmp(chips[i].name, chip->name))
			return &chips[i];
	return NULL;
}
