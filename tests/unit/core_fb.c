/* SPDX-License-Identifier: MIT */
/* The layout of WPR2 against layouts computed by hand from NVIDIA's rules. */
#include "core/fb.h"
#include "core/fb_sizes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define MIB (1ull << 20)
#define NO_LOCK UINT64_MAX

/* Image sizes are those of the published files. */
/* clang-format off */
static const struct {
	const char *name;
	const char *chip, *abi;
	struct fb_facts facts;
	uint64_t boot_bin, elf;
	struct nvt_fb_plan want;
	uint64_t heap_request;
} rows[] = {
	{ "TU102 11 GiB, 535.113.01", "TU102", "535.113.01", { 0x2c0000000, 0, NO_LOCK }, 0x1000, 0x16a3350,
	  { 0x2c0000000, { 0x2bff00000, MIB }, { 0x2bfe00000, MIB }, { 0x2bfdff000, 0x1000 },
	    { 0x2be750000, 0x16a3350 }, { 0x2b7d00000, 0x6a00000 }, { 0x2b7c00000, 0x8300000 },
	    { 0x2b7b00000, MIB }, 0, false }, 0x6a00000 },
	{ "TU102 11 GiB, 570.144", "TU102", "570.144", { 0x2c0000000, 0, NO_LOCK }, 0x1000, 0x1b34ea0,
	  { 0x2c0000000, { 0x2bff00000, MIB }, { 0x2bfe00000, MIB }, { 0x2bfdff000, 0x1000 },
	    { 0x2be2c0000, 0x1b34ea0 }, { 0x2b7800000, 0x6a00000 }, { 0x2b7700000, 0x8800000 },
	    { 0x2b7600000, MIB }, 0, false }, 0x6a00000 },
	{ "TU102 11 GiB, 570.144, VGA base in the top MiB", "TU102", "570.144", { 0x2c0000000, 0x2bffc0000, NO_LOCK },
	  0x1000, 0x1b34ea0,
	  { 0x2c0000000, { 0x2bffc0000, 0x40000 }, { 0x2bfec0000, MIB }, { 0x2bfebf000, 0x1000 },
	    { 0x2be380000, 0x1b34ea0 }, { 0x2b7900000, 0x6a00000 }, { 0x2b7800000, 0x87c0000 },
	    { 0x2b7700000, MIB }, 0, false }, 0x6a00000 },
	{ "GA100 40 GiB, 570.144, no FRTS", "GA100", "570.144", { 0xa00000000, 0, NO_LOCK }, 0x1000, 0x1b34ea0,
	  { 0xa00000000, { 0x9fff00000, MIB }, { 0x9fff00000, 0 }, { 0x9ffeff000, 0x1000 },
	    { 0x9fe3c0000, 0x1b34ea0 }, { 0x9f7700000, 0x6c00000 }, { 0x9f7600000, 0x8900000 },
	    { 0x9f7500000, MIB }, 0, false }, 0x6c00000 },
	{ "GA102 24 GiB, 535.113.01", "GA102", "535.113.01", { 0x600000000, 0, NO_LOCK }, 0x5000, 0x2448000,
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdfb000, 0x5000 },
	    { 0x5fd9b0000, 0x2448000 }, { 0x5f5a00000, 0x7f00000 }, { 0x5f5900000, 0xa600000 },
	    { 0x5f5800000, MIB }, 0, false }, 0x7f00000 },
	{ "GA102 24 GiB, 570.144", "GA102", "570.144", { 0x600000000, 0, NO_LOCK }, 0x6000, 0x3c99000,
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdfa000, 0x6000 },
	    { 0x5fc160000, 0x3c99000 }, { 0x5f4000000, 0x8100000 }, { 0x5f3f00000, 0xc000000 },
	    { 0x5f3e00000, MIB }, 0, false }, 0x8100000 },
	{ "GA106 12 GiB, 570.144", "GA106", "570.144", { 0x300000000, 0, NO_LOCK }, 0x6000, 0x3c99000,
	  { 0x300000000, { 0x2fff00000, MIB }, { 0x2ffe00000, MIB }, { 0x2ffdfa000, 0x6000 },
	    { 0x2fc160000, 0x3c99000 }, { 0x2f4100000, 0x8000000 }, { 0x2f4000000, 0xbf00000 },
	    { 0x2f3f00000, MIB }, 0, false }, 0x8000000 },
	{ "AD102 24 GiB, 535.113.01", "AD102", "535.113.01", { 0x600000000, 0, NO_LOCK }, 0x8000, 0x2448000,
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdf8000, 0x8000 },
	    { 0x5fd9b0000, 0x2448000 }, { 0x5f5a00000, 0x7f00000 }, { 0x5f5900000, 0xa600000 },
	    { 0x5f5800000, MIB }, 0, false }, 0x7f00000 },
	{ "AD102 24 GiB, 570.144", "AD102", "570.144", { 0x600000000, 0, NO_LOCK }, 0x9000, 0x3c99000,
	  { 0x600000000, { 0x5fff00000, MIB }, { 0x5ffe00000, MIB }, { 0x5ffdf7000, 0x9000 },
	    { 0x5fc150000, 0x3c99000 }, { 0x5f4000000, 0x8100000 }, { 0x5f3f00000, 0xc000000 },
	    { 0x5f3e00000, MIB }, 0, false }, 0x8100000 },
	{ "AD102 24 GiB, 570.144, VGA base below the top MiB", "AD102", "570.144", { 0x600000000, 0x5ff000000, NO_LOCK },
	  0x9000, 0x3c99000,
	  { 0x600000000, { 0x5fffe0000, 0x20000 }, { 0x5ffee0000, MIB }, { 0x5ffed7000, 0x9000 },
	    { 0x5fc230000, 0x3c99000 }, { 0x5f4100000, 0x8100000 }, { 0x5f4000000, 0xbfe0000 },
	    { 0x5f3f00000, MIB }, 0, false }, 0x8100000 },
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
		struct fb_parts parts = { .boot_bin = rows[i].boot_bin, .elf = rows[i].elf };
		const struct nvt_fb_plan *want = &rows[i].want;
		struct nvt_fb_plan p;

		print_message("%s\n", rows[i].name);
		assert_int_equal(fb_sizes(nvt_chip_by_name(rows[i].chip), rows[i].abi,
					  rows[i].facts.size, &parts, NULL),
				 0);
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

/* The same layouts from what the built-in manifests know. */
static void test_layouts_offline(void **state)
{
	struct nvt_fwdb *db;
	const char *release;
	struct nvt_fb_plan p;
	unsigned i;

	(void)state;
	assert_int_equal(nvt_fwdb_open(NULL, &db, NULL), 0);
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		const struct nvt_fb_query q = {
			.chip = nvt_chip_by_name(rows[i].chip),
			.release = rows[i].abi,
			.vram = rows[i].facts.size,
			.vga_base = rows[i].facts.vga_base,
		};

		print_message("%s\n", rows[i].name);
		assert_int_equal(nvt_fb_plan_offline(db, &q, &p, &release, NULL), 0);
		assert_string_equal(release, rows[i].abi);
		assert_region(p.boot_bin, rows[i].want.boot_bin);
		assert_region(p.elf, rows[i].want.elf);
		assert_region(p.wpr_heap, rows[i].want.wpr_heap);
		assert_region(p.wpr2, rows[i].want.wpr2);
		assert_region(p.non_wpr_heap, rows[i].want.non_wpr_heap);
	}
	nvt_fwdb_close(db);
}

static void test_mmu_lock_lowers_the_top(void **state)
{
	const struct fb_facts facts = { 0xa00000000, 0, 0x9f0012345 };
	const struct fb_parts parts = { 0, 0x1000, 0x1b34ea0, 0x6c00000, MIB, 0, false };
	struct nvt_fb_plan p;

	(void)state;
	assert_int_equal(fb_plan(&facts, &parts, &p, NULL), 0);
	assert_int_equal(p.wpr2.base + p.wpr2.size, 0x9f0000000);
	assert_int_equal(p.vga_workspace.base, 0x9fff00000);
}

static void test_too_small(void **state)
{
	static const uint64_t sizes[] = { 0, MIB, 2 * MIB, 64 * MIB, 0xc000000 };
	const struct fb_parts parts = { MIB, 0x6000, 0x3c99000, 0x8100000, MIB, 0, false };
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
	const struct fb_parts parts = { MIB, 0x6000, 0x3c99000, 0x8100000, MIB, 0, false };
	struct nvt_fb_plan p;

	(void)state;
	assert_int_equal(fb_plan(&facts, &parts, &p, NULL), -NVT_E_DEVICE);
}

/* Where the boot firmware does the layout: sizes, from OGKM of each release. */
static void test_sizes_only(void **state)
{
	static const struct {
		const char *chip, *abi;
		uint64_t gib, heap, outer;
		uint32_t pmu;
	} want[] = {
		{ "GH100", "535.113.01", 80, 0x8a00000, 2 * MIB, 0 },
		{ "GH100", "570.144", 80, 0x8c00000, 2 * MIB, 0 },
		{ "GH100", "570.144", 96, 0x8d00000, 2 * MIB, 0 },
		{ "GB100", "570.144", 96, 0x8d00000, 2 * MIB, 0x1820000 },
		{ "GB202", "570.144", 32, 0x8700000, 0x220000, 0x1820000 },
		{ "GB207", "580.142", 32, 0x8700000, 0x230000, 0x1920000 },
		{ "GB202", "595.45.04", 32, 0x8700000, 0x300000, 0x1920000 },
	};
	struct nvt_fb_plan p;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		const struct fb_facts facts = { want[i].gib << 30, 0, NO_LOCK };
		struct fb_parts parts = { .boot_bin = 0x31000, .elf = 0x3c99000 };

		assert_int_equal(fb_sizes(nvt_chip_by_name(want[i].chip), want[i].abi, facts.size,
					  &parts, NULL),
				 0);
		assert_int_equal(fb_plan(&facts, &parts, &p, NULL), 0);
		assert_true(p.sizes_only);
		assert_region(p.vga_workspace, (struct nvt_region){ 0, 0x20000 });
		assert_region(p.frts, (struct nvt_region){ 0, MIB });
		assert_region(p.boot_bin, (struct nvt_region){ 0, 0x31000 });
		assert_region(p.elf, (struct nvt_region){ 0, 0x3c99000 });
		assert_region(p.wpr_heap, (struct nvt_region){ 0, want[i].heap });
		assert_region(p.non_wpr_heap, (struct nvt_region){ 0, want[i].outer });
		assert_region(p.wpr2, (struct nvt_region){ 0, 0 });
		assert_int_equal(p.pmu_reserved_size, want[i].pmu);
	}
}

static void test_sizes_only_too_small(void **state)
{
	const struct fb_facts facts = { 192 * MIB, 0, NO_LOCK };
	struct fb_parts parts = { .boot_bin = 0x29000, .elf = 0x3c99000 };
	struct nvt_fb_plan p;

	(void)state;
	assert_int_equal(fb_sizes(nvt_chip_by_name("GH100"), "570.144", facts.size, &parts, NULL), 0);
	assert_int_equal(fb_plan(&facts, &parts, &p, NULL), -NVT_E_DEVICE);
}

/* Every chip has a plan from the built-in manifests alone, and one size stands for its family. */
static void test_every_chip_offline(void **state)
{
	struct nvt_fb_query q = { .vram = 24ull << 30 };
	struct nvt_fwdb *db;
	const char *release;
	struct nvt_fb_plan p;
	unsigned i;

	(void)state;
	assert_int_equal(nvt_fwdb_open(NULL, &db, NULL), 0);
	for (i = 0; i < nvt_chip_count; i++) {
		q.chip = &nvt_chips[i];
		q.release = "570.144";
		assert_int_equal(nvt_fb_plan_offline(db, &q, &p, &release, NULL), 0);
		assert_string_equal(release, "570.144");
		assert_int_equal(p.sizes_only, !strcmp(nvt_chips[i].boot_path, "fsp"));
		assert_true(p.elf.size == 0x1b34ea0 || p.elf.size == 0x3c99000);
		assert_int_equal(!p.wpr2.size, p.sizes_only);
	}
	q.vga_base = 0x5fffc0000;
	q.chip = nvt_chip_by_name("AD102");
	assert_int_equal(nvt_fb_plan_offline(db, &q, &p, &release, NULL), 0);
	assert_region(p.vga_workspace, (struct nvt_region){ 0x5fffc0000, 0x40000 });
	q.display_off = true;
	assert_int_equal(nvt_fb_plan_offline(db, &q, &p, &release, NULL), 0);
	assert_region(p.vga_workspace, (struct nvt_region){ 0x5fff00000, MIB });
	nvt_fwdb_close(db);
}

static void test_unknown_sizes(void **state)
{
	struct fb_parts parts;
	struct nvt_error e;

	(void)state;
	assert_int_equal(fb_sizes(nvt_chip_by_name("GA102"), "1.2", MIB, &parts, &e), -NVT_E_ENV);
	assert_string_equal(e.msg, "the heap sizes of protocol release 1.2 are not known");
	assert_int_equal(fb_sizes(nvt_chip_by_name("GB202"), "535.113.01", MIB, &parts, &e),
			 -NVT_E_ENV);
	assert_string_equal(e.msg, "release 535.113.01 does not support GB202");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_layouts_offline),
		cmocka_unit_test(test_mmu_lock_lowers_the_top),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_vga_base_outside),
		cmocka_unit_test(test_sizes_only),
		cmocka_unit_test(test_sizes_only_too_small),
		cmocka_unit_test(test_every_chip_offline),
		cmocka_unit_test(test_unknown_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
