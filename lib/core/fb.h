/* SPDX-License-Identifier: MIT */
/* The framebuffer: how big it is, and where the parts of WPR2 go in it. */
#ifndef NVT_CORE_FB_H
#define NVT_CORE_FB_H

#include <nvt/gpu.h>
#include "transport/transport.h"

struct fb_facts {
	uint64_t size;
	uint64_t vga_base; /* where the display hardware keeps the VGA workspace, 0 if nowhere */
	uint64_t mmu_lock; /* nothing may lie above it; UINT64_MAX if there is none */
};

struct fb_hal {
	/* Reads the facts from the device. */
	int (*read)(struct nvt_transport *t, struct fb_facts *ret, struct nvt_error *e);
	/* Size alone. */
	int (*read_size)(struct nvt_transport *t, uint64_t *ret, struct nvt_error *e);
	/*
	 * The page that the GPU reads to flush system memory writes; iova 0 forgets it. Written
	 * before anything makes the GPU use DMA.
	 */
	int (*set_flush_page)(struct nvt_transport *t, nvt_iova iova, struct nvt_error *e);
};

extern const struct fb_hal fb_ga102;

/* Sizes of what goes into WPR2 and below it. */
struct fb_parts {
	uint64_t frts, boot_bin, elf, heap, non_wpr_heap;
	uint32_t pmu;     /* kept by the PMU */
	bool by_firmware; /* the GPU's boot firmware places it all: it is told sizes only */
};

/*
 * From the top of the framebuffer downwards, as OGKM kgspCalculateFbLayout_TU102 does it; where the
 * boot firmware places things, the sizes of kgspCalculateFbLayout_GH100.
 */
int fb_plan(const struct fb_facts *facts, const struct fb_parts *parts, struct nvt_fb_plan *ret,
	    struct nvt_error *e);

/* WPR2 as the memory controller has it now; hi is exclusive, and 0 when there is none. */
struct fb_wpr2 {
	uint64_t lo, hi;
};
int fb_read_wpr2(struct nvt_transport *t, struct fb_wpr2 *ret, struct nvt_error *e);
/* WPR2 must be gone; one read. */
int fb_expect_no_wpr2(struct nvt_transport *t, const char *what, const char *hint,
		      struct nvt_error *e);

#endif
