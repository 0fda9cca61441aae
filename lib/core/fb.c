/* SPDX-License-Identifier: MIT */
/* The layout of WPR2, and the registers that say whether it is there. */
#include "core/fb.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#include <inttypes.h>

#define KIB (1ull << 10)
#define MIB (1ull << 20)

static uint64_t vga_workspace(const struct fb_facts *f)
{
	if (!f->vga_base)
		return f->size - MIB;
	if (f->vga_base < f->size - MIB)
		return f->size - 128 * KIB;
	return f->vga_base;
}

/* Moves *top down by size, then down to a multiple of align; false when there is no room. */
static bool carve(uint64_t *top, uint64_t size, uint64_t align, struct nvt_region *ret)
{
	if (size > *top)
		return false;
	*top = nvt_align_down(*top - size, align);
	*ret = (struct nvt_region){ *top, size };
	return true;
}

/* What the boot firmware is told where it does the layout; WPR2's extent is for it to say. */
static void plan_sizes(const struct fb_facts *facts, const struct fb_parts *parts,
		       struct nvt_fb_plan *ret)
{
	*ret = (struct nvt_fb_plan){
		.size = facts->size,
		.sizes_only = true,
		.vga_workspace.size = 128 * KIB,
		.frts.size = parts->frts,
		.boot_bin.size = parts->boot_bin,
		.elf.size = parts->elf,
		.wpr_heap.size = parts->heap,
		.non_wpr_heap.size = parts->non_wpr_heap,
		.pmu_reserved_size = parts->pmu,
	};
}

/* All that is asked for, without gaps: what a framebuffer must at least hold. */
static bool fits_at_all(const struct fb_facts *facts, const struct fb_parts *parts)
{
	uint64_t left = facts->size, i;
	const uint64_t need[] = { 128 * KIB,   parts->frts,         parts->boot_bin, parts->elf,
				  parts->heap, parts->non_wpr_heap, parts->pmu };

	for (i = 0; i < NVT_ARRAY_SIZE(need); i++) {
		if (need[i] > left)
			return false;
		left -= need[i];
	}
	return true;
}

static int too_small(const struct fb_facts *facts, const struct fb_parts *parts,
		     struct nvt_error *e)
{
	return nvt_fail(e, NVT_E_DEVICE,
			"framebuffer of 0x%" PRIx64 " bytes is too small for GSP-RM: image 0x%" PRIx64
			", heap 0x%" PRIx64,
			facts->size, parts->elf, parts->heap);
}

int fb_plan(const struct fb_facts *facts, const struct fb_parts *parts, struct nvt_fb_plan *ret,
	    struct nvt_error *e)
{
	struct nvt_fb_plan p = { .size = facts->size, .pmu_reserved_size = parts->pmu };
	uint64_t top, end;
	bool fits;

	if (parts->by_firmware) {
		if (!fits_at_all(facts, parts))
			return too_small(facts, parts, e);
		plan_sizes(facts, parts, ret);
		return 0;
	}
	if (facts->size < 2 * MIB || facts->vga_base >= facts->size)
		return nvt_fail(e, NVT_E_DEVICE,
				"framebuffer of 0x%" PRIx64
				" bytes with a VGA workspace at 0x%" PRIx64 " is not possible",
				facts->size, facts->vga_base);
	p.vga_workspace.base = vga_workspace(facts);
	p.vga_workspace.size = p.size - p.vga_workspace.base;
	top = p.vga_workspace.base < facts->mmu_lock ? p.vga_workspace.base : facts->mmu_lock;
	top = end = nvt_align_down(top, 128 * KIB);
	fits = carve(&top, parts->frts, 1, &p.frts) &&
	       carve(&top, parts->boot_bin, 4 * KIB, &p.boot_bin) &&
	       carve(&top, parts->elf, 64 * KIB, &p.elf) &&
	       carve(&top, parts->heap, MIB, &p.wpr_heap) && carve(&top, 256, MIB, &p.wpr2);
	if (fits) {
		p.wpr_heap.size = nvt_align_down(p.elf.base - p.wpr_heap.base, MIB);
		p.wpr2.size = end - p.wpr2.base;
		fits = carve(&top, parts->non_wpr_heap, 1, &p.non_wpr_heap);
	}
	if (!fits)
		return too_small(facts, parts, e);
	*ret = p;
	return 0;
}

int fb_read_wpr2(struct nvt_transport *t, struct fb_wpr2 *ret, struct nvt_error *e)
{
	uint32_t lo, hi;
	int rc = nvt_rd32(t, NV_PFB_PRI_MMU_WPR2_ADDR_LO, &lo, e);

	if (!rc)
		rc = nvt_rd32(t, NV_PFB_PRI_MMU_WPR2_ADDR_HI, &hi, e);
	if (rc)
		return rc;
	ret->lo = (uint64_t)NVT_GET(lo, NV_PFB_PRI_MMU_WPR2_ADDR_LO_VAL) << 12;
	ret->hi = (uint64_t)NVT_GET(hi, NV_PFB_PRI_MMU_WPR2_ADDR_HI_VAL) << 12;
	return 0;
}

int fb_expect_no_wpr2(struct nvt_transport *t, const char *what, const char *hint,
		      struct nvt_error *e)
{
	const struct nvt_poll gone = {
		.off = NV_PFB_PRI_MMU_WPR2_ADDR_HI,
		.mask = NVT_MASK(NV_PFB_PRI_MMU_WPR2_ADDR_HI_VAL),
		.want = 0,
		.what = what,
		.hint = hint,
	};

	return nvt_poll(t, &gone, NULL, e);
}
