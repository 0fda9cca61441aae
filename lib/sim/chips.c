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

/*
 * What the GA10x and AD10x boards of the model have in common. Of the engine masks and the ucode id: metadata of
 * ga102's and ad102's booter_load and booter_unload, which are the same files for the sister chips.
 */
#define COMMON \
	.subvendor = 0x10de, .revision = 0xa1, \
	.bar0_size = 16ull << 20, .bar1_size = 256ull << 20, .bar3_size = 32ull << 20, \
	.falcon_hwcfg = 0x00020100, /* 0x100 blocks of IMEM, 0x100 of DMEM: 64 KiB each */ \
	.falcon_hwcfg1 = 0, \
	.config_mirror = 0x88000, /* NV_PCFG of tu102/dev_nv_xve.h, which NVIDIA's driver uses up to Ada */ \
	.sec2_engine_mask = 0x1, .gsp_engine_mask = 0x400, .sec2_ucode_id = 3, .hs_sig_size = 384, \
	.non_wpr_heap_size = 1ull << 20, /* kgspGetNonWprHeapSize: the same from Turing to Ada */ \
	.fixed = production, .fixed_count = NVT_ARRAY_SIZE(production)

/* VBIOS versions begin with the family and the chip's implementation. Real AD10x boards have two signatures. */
#define GA10X(impl, device) \
	COMMON, .gr_class = 0xc797 /* AMPERE_B */, \
	.vbios = { .version = "94.0" #impl ".00.00.01", .image_device = device, .signature_versions = 0x3, .ucode_id = 9 }
#define AD10X(impl, device) \
	COMMON, .gr_class = 0xc997 /* ADA_A */, \
	.vbios = { .version = "95.0" #impl ".00.00.01", .image_device = device, .signature_versions = 0x3, .ucode_id = 9 }

/*
 * One board of each chip, under the PCI device of fwdb/chips.json; its name from g_nv_name_released.h. Memory bus
 * and cache are told of the first chip of each family alone, from NVIDIA's white papers: no driver acts on them.
 * subdevice: any will do, drivers hand it on to GSP-RM.
 */
static const struct sim_chip chips[] = {
	{ .name = "GA102", .gpu_name = "NVIDIA GeForce RTX 3090", .gpu_short_name = "GA102-A", .subdevice = 0x1454,
	  .fb_bus_width = 384, .l2_cache_size = 6u << 20, .fbio_mask = 0x3f, .fbp_mask = 0x3f, GA10X(2, 0x2200) },
	{ .name = "GA103", .gpu_name = "NVIDIA GeForce RTX 3080 Ti Laptop GPU", .gpu_short_name = "GA103-A",
	  .subdevice = 0x1454, GA10X(3, 0x2400) },
	{ .name = "GA104", .gpu_name = "NVIDIA GeForce RTX 3070", .gpu_short_name = "GA104-A", .subdevice = 0x1454,
	  GA10X(4, 0x2480) },
	{ .name = "GA106", .gpu_name = "NVIDIA GeForce RTX 3060", .gpu_short_name = "GA106-A", .subdevice = 0x1454,
	  GA10X(6, 0x2500) },
	{ .name = "GA107", .gpu_name = "NVIDIA GeForce RTX 3050", .gpu_short_name = "GA107-A", .subdevice = 0x1454,
	  GA10X(7, 0x2580) },
	{ .name = "AD102", .gpu_name = "NVIDIA GeForce RTX 4090", .gpu_short_name = "AD102-A", .subdevice = 0x167c,
	  .fb_bus_width = 384, .l2_cache_size = 72u << 20, .fbio_mask = 0x3f, .fbp_mask = 0x3f, AD10X(2, 0x2680) },
	{ .name = "AD103", .gpu_name = "NVIDIA GeForce RTX 4080", .gpu_short_name = "AD103-A", .subdevice = 0x167c,
	  AD10X(3, 0x2700) },
	{ .name = "AD104", .gpu_name = "NVIDIA GeForce RTX 4070", .gpu_short_name = "AD104-A", .subdevice = 0x167c,
	  AD10X(4, 0x2780) },
	{ .name = "AD106", .gpu_name = "NVIDIA GeForce RTX 4060 Ti", .gpu_short_name = "AD106-A", .subdevice = 0x167c,
	  AD10X(6, 0x2800) },
	{ .name = "AD107", .gpu_name = "NVIDIA GeForce RTX 4060", .gpu_short_name = "AD107-A", .subdevice = 0x167c,
	  AD10X(7, 0x2880) },
};

const struct sim_chip *sim_chip_find(const struct nvt_chip *chip)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(chips); i++)
		if (!strcmp(chips[i].name, chip->name))
			return &chips[i];
	return NULL;
}
