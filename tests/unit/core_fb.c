/* SPDX-License-Identifier: MIT */
/* The layout of WPR2 against layouts computed by hand from NVIDIA's rules. */
#include "core/fb.h"
#include "core/rm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MIB (1ull << 20)
#define NO_LOCK UINT64_MAX

/* Image sizes are those of the published files; heap 0: as r570 wants it. */
/* clang-format off */
static const struct {
	const char *name;
	struct fb_facts facts;
	unsigned libos;
	struct fb_parts parts;
	struct nvt_fb_plan want;
	uint64_t heap_request;
} rows[] = {
	{ "TU102 11 GiB, 535.113.01", { 0x2c0000000, 0, NO_LOCK }, 2, { MIB, 0x1000, 0x16a3350, 0x6a00000, MIB },
	  { 0x2c0000000, { 0x2bff00000, MIB }, { 0x2bfe00000, MIB }, { 0x2bfdff000, 0x1000 },
	    { 0x2be750000, 0x16a3350 }, { 0x2b7d00000, 0x6a00000 }, { 0x2b7c00000, 0x8300000 },
	    { 0x2b7b00000, MIB }, 0 }, 0x6a00000 },
	{ "TU102 11 GiB, 570.144", { 0x2c0000000, 0, NO_LOCK }, 2, { MIB, 0x1000, 0x1b34ea0, 0, MIB },
	  { 0x2c0000000, { 0x2bff00000, MIB }, { 0x2bfe00000, MIB }, { 0x2bfdff000, 0x1000 },
	    { 0x2be2c0000, 0x1b34ea0 }, { 0x2b7800000, 0x6a00000 }, { 0x2b7700000, 0x8800000 },
	    { 0x2b7600000, MIB }, 0 }, 0x6a00000 },
	{ "TU102 11 GiB, 570.144, VGA base in the top MiB", { 0x2c0000000, 0x2bffc0000, NO_LOCK }, 2,
	  { MIB, 0x1000, 0x1b34ea0, 0, MIB },
	  { 0x2c0000000, { 0x2bffc0000, 0x40000 }, { 0x2bfec0000, MIB }, { 0x2bfebf000, 0x1000 },
	    { 0x2be380000, 0x1b34ea0 }, { 0x2b7900000, 0x6a00000 }, { 0x2b7800000, 0x87c0000 },
	    { 0x2b7700000, MIB }, 0 }, 0x6a00000 },
	{ "GA100 40 GiB, 570.144, no FRTS", { 0xa00000000, 0, NO_LOCK }, 2, { 0, 0x1000, 0x1b34ea0, 0, MIB },
	  { 0xa00000000, { 0x9fff00000, MIB }, { 0x9fff00000, 0 }, { 0x9ffeff000, 0x1000 },
	    { 0x9fe3c0000, 0x1b34ea0 }, { 0x9f7700000, 0x6c00000 }, { 0x9f7600000, 0x8900000 },
	    { 0x9f7500000, MIB }, 0 }, 0x6c00000 },
	{ "GA102 24 GiB, 535.113.01", { 0x600000000, 0, NO_LOCK }, 3, { MIB, 0x5000, 0x2448000, 0x7f00000, MIB },
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdfb000, 0x5000 },
	    { 0x5fd9b0000, 0x2448000 }, { 0x5f5a00000, 0x7f00000 }, { 0x5f5900000, 0xa600000 },
	    { 0x5f5800000, MIB }, 0 }, 0x7f00000 },
	{ "GA102 24 GiB, 570.144", { 0x600000000, 0, NO_LOCK }, 3, { MIB, 0x6000, 0x3c99000, 0, MIB },
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdfa000, 0x6000 },
	    { 0x5fc160000, 0x3c99000 }, { 0x5f4000000, 0x8100000 }, { 0x5f3f00000, 0xc000000 },
	    { 0x5f3e00000, MIB }, 0 }, 0x8100000 },
	{ "GA106 12 GiB, 570.144", { 0x300000000, 0, NO_LOCK }, 3, { MIB, 0x6000, 0x3c99000, 0, MIB },
	  { 0x300000000, { 0x2fff00000, MIB }, { 0x2ffe00000, MIB }, { 0x2ffdfa000, 0x6000 },
	    { 0x2fc160000, 0x3c99000 }, { 0x2f4100000, 0x8000000 }, { 0x2f4000000, 0xbf00000 },
	    { 0x2f3f00000, MIB }, 0 }, 0x8000000 },
	{ "AD102 24 GiB, 570.144", { 0x600000000, 0, NO_LOCK }, 3, { MIB, 0x9000, 0x3c99000, 0, MIB },
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdf7000, 0x9000 },
	    { 0x5fc150000, 0x3c99000 }, { 0x5f4000000, 0x8100000 }, { 0x5f3f00000, 0xc000000 },
	    { 0x5f3e00000, MIB }, 0 }, 0x8100000 },
	{ "AD102 24 GiB, 570.144, VGA base below the top MiB", { 0x600000000, 0x5ff000000, NO_LOCK }, 3,
	  { MIB, 0x9000, 0x3c99000, 0, MIB },
	  { 0x600000000, { 0x5fffe0000, 0x20000 }, { 0x5ffee0000, MIB }, { 0x5ffed7000, 0x9000 },
	    { 0x5fc230000, 0x3c99000 }, { 0x5f4100000, 0x8100000 }, { 0x5f4000000, 0xbfe0000 },
	    { 0x5f3f00000, MIB }, 0 }, 0x8100000 },
};
/* clang-format on */

static void assert_region(struct nvt_region a, struct nvt_region b)
{
	assert_int_equal(a.base, b.base);
	assert_int_equal(a.size, b.size);
}

static void test_layouts(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		struct fb_parts parts = rows[i].parts;
		const struct nvt_fb_plan *want = &rows[i].want;
		struct nvt_fb_plan p;

		print_message("%s\n", rows[i].name);
		if (!parts.heap)
			parts.heap = rm_heap_size(&rm_r570, rows[i].libos, rows[i].facts.size);
		assert_int_equal(parts.heap, rows[i].heap_request);
		assert_int_equal(fb_plan(&rows[i].facts, &parts, &p, NULL), 0);
		assert_int_equal(p.size, want->size);
		assert_region(p.vga_workspace, want->vga_workspace);
		assert_region(p.frts, want->frts);
		assert_region(p.boot_bin, want->boot_bin);
		assert_region(p.elf, want->elf);
		assert_region(p.wpr_heap, want->wpr_heap);
		assert_region(p.wpr2, want->wpr2);
		assert_region(p.non_wpr_heap, want->non_wpr_heap);
		assert_int_equal(p.pmu_reserved_size, 0);
	}
}

static void test_mmu_lock_lowers_the_top(void **state)
{
	const struct fb_facts facts = { 0xa00000000, 0, 0x9f0012345 };
	const struct fb_parts parts = { 0, 0x1000, 0x1b34ea0, 0x6c00000, MIB };
	struct nvt_fb_plan p;

	(void)state;
	assert_int_equal(fb_plan(&facts, &parts, &p, NULL), 0);
	assert_int_equal(p.wpr2.base + p.wpr2.size, 0x9f0000000);
	assert_int_equal(p.vga_workspace.base, 0x9fff00000);
}

static void test_too_small(void **state)
{
	static const uint64_t sizes[] = { 0, MIB, 2 * MIB, 64 * MIB, 0xc000000 };
	const struct fb_parts parts = { MIB, 0x6000, 0x3c99000, 0x8100000, MIB };
	struct nvt_error e;
	struct nvt_fb_plan p;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(sizes); i++) {
		const struct fb_facts facts = { sizes[i], 0, NO_LOCK };

		assert_int_equal(fb_plan(&facts, &parts, &p, &e), -NVT_E_DEVICE);
	}
}

static void test_vga_base_outside(void **state)
{
	const struct fb_facts facts = { 0x600000000, 0x600000000, NO_LOCK };
	const struct fb_parts parts = { MIB, 0x6000, 0x3c99000, 0x8100000, MIB };
	struct nvt_fb_plan p;

	(void)state;
	assert_int_equal(fb_plan(&facts, &parts, &p, NULL), -NVT_E_DEVICE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_mmu_lock_lowers_the_top),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_vga_base_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
