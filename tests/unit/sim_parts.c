/* SPDX-License-Identifier: MIT */
/* The model's parts that stand alone: timers, register file, IOVA table, video memory. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/error.h>

#include "sim/iommu.h"
#include "sim/regfile.h"
#include "sim/timers.h"
#include "sim/vram.h"

/* ---- timers ---- */

static void fn_a(struct sim *s)
{
	(void)s;
}

static void fn_b(struct sim *s)
{
	(void)s;
}

static void fn_c(struct sim *s)
{
	(void)s;
}

static void fn_d(struct sim *s)
{
	(void)s;
}

static void expect_next(struct sim_timers *t, uint64_t now, uint64_t due, sim_timer_fn fn)
{
	struct sim_timer got;

	assert_int_equal(sim_timers_next(t), due);
	assert_true(sim_timers_pop(t, now, &got));
	assert_int_equal(got.due_ns, due);
	assert_true(got.fn == fn);
}

static void test_timers(void **state)
{
	struct sim_timers t = { .n = 0 };
	struct sim_timer got;

	(void)state;
	assert_int_equal(sim_timers_next(&t), UINT64_MAX);
	sim_timers_set(&t, 30, fn_c);
	sim_timers_set(&t, 10, fn_a);
	sim_timers_set(&t, 20, fn_b);
	sim_timers_set(&t, 20, fn_d);
	assert_false(sim_timers_pop(&t, 9, &got));
	expect_next(&t, 10, 10, fn_a);
	/* Equal deadlines in the order they were set. */
	expect_next(&t, 100, 20, fn_b);
	expect_next(&t, 100, 20, fn_d);
	/* Setting again moves it. */
	sim_timers_set(&t, 40, fn_c);
	assert_int_equal(t.n, 1);
	assert_false(sim_timers_pop(&t, 39, &got));
	sim_timers_set(&t, 35, fn_a);
	assert_true(sim_timers_is_set(&t, fn_a));
	sim_timers_cancel(&t, fn_a);
	assert_false(sim_timers_is_set(&t, fn_a));
	expect_next(&t, 40, 40, fn_c);
	sim_timers_set(&t, 1, fn_a);
	sim_timers_clear(&t);
	assert_false(sim_timers_pop(&t, UINT64_MAX, &got));
}

/* ---- register file ---- */

static uint32_t rd_constant(struct sim *s, struct sim_reg *r)
{
	(void)s;
	return 0x1000u + r->unit * 0x100u + r->index;
}

static uint32_t pre_or(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)s;
	return r->val | val;
}

static void post_count(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)r;
	*(uint32_t *)(void *)s += val;
}

static const struct sim_reg_row rows[] = {
	{ .off = 0x00, .reset = 0xabcd, .ro = 0xff00 },
	{ .off = 0x04, .reset = 0xf, .w1c = 0x0f },
	{ .off = 0x10, .count = 3, .stride = 8, .read = rd_constant },
	{ .off = 0x40, .pre = pre_or },
	{ .off = 0x44, .post = post_count },
};

static void test_regfile(void **state)
{
	struct sim_regfile f = { .n = 0 };
	uint32_t sum = 0;
	struct sim *s = (struct sim *)(void *)&sum; /* only post_count looks at it */

	(void)state;
	assert_null(sim_regfile_find(&f, 0));
	assert_int_equal(sim_regfile_add(&f, 0x1000, 0, rows, NVT_ARRAY_SIZE(rows)), 0);
	assert_int_equal(sim_regfile_add(&f, 0x2000, 7, rows, NVT_ARRAY_SIZE(rows)), 0);
	assert_int_equal(sim_regfile_rd(&f, s, 0x1000), 0xabcd);
	sim_regfile_wr(&f, s, 0x1000, 0x12345678);
	assert_int_equal(sim_regfile_rd(&f, s, 0x1000), 0x1234ab78);
	assert_int_equal(sim_regfile_rd(&f, s, 0x2000), 0xabcd);
	sim_regfile_wr(&f, s, 0x1004, 0xf5);
	assert_int_equal(sim_regfile_rd(&f, s, 0x1004), 0xfa);
	assert_int_equal(sim_regfile_rd(&f, s, 0x1020), 0x1002);
	assert_int_equal(sim_regfile_rd(&f, s, 0x2018), 0x1701);
	sim_regfile_wr(&f, s, 0x1040, 1);
	sim_regfile_wr(&f, s, 0x1040, 4);
	assert_int_equal(sim_reg_get(&f, 0x1040), 5);
	sim_regfile_wr(&f, s, 0x1044, 20);
	sim_regfile_wr(&f, s, 0x2044, 3);
	assert_int_equal(sum, 23);
	sim_regfile_fini(&f);
}

/* Registers without a row: read 0, keep what is written, forget it at reset; a flood of them is bounded. */
static void test_unknown_registers(void **state)
{
	struct sim_regfile f = { .n = 0 };
	uint32_t i;

	(void)state;
	assert_int_equal(sim_regfile_add(&f, 0, 0, rows, NVT_ARRAY_SIZE(rows)), 0);
	assert_int_equal(sim_regfile_rd(&f, NULL, 0x5000), 0);
	assert_null(sim_regfile_find(&f, 0x5000));
	for (i = 0; i < SIM_REGS_MAX + 100; i++)
		sim_regfile_wr(&f, NULL, 0x10000 + 4 * i, i + 1);
	assert_int_equal(f.n, SIM_REGS_MAX);
	for (i = 0; i < 1000; i++)
		assert_int_equal(sim_regfile_rd(&f, NULL, 0x10000 + 4 * i), i + 1);
	assert_int_equal(sim_regfile_rd(&f, NULL, 0x10000 + 4 * (SIM_REGS_MAX + 50)), 0);
	sim_regfile_wr(&f, NULL, 0, 0);
	sim_regfile_reset(&f);
	assert_int_equal(sim_regfile_rd(&f, NULL, 0), 0xabcd);
	assert_null(sim_regfile_find(&f, 0x10000));
	sim_regfile_fini(&f);
}

/* ---- IOVA table ---- */

static int map(struct sim_iommu *m, nvt_iova iova, uint64_t size)
{
	return sim_iommu_map(m, &(struct sim_mapping){ .iova = iova, .size = size, .perm = SIM_PERM_READ });
}

static void test_iommu(void **state)
{
	struct sim_iommu m = { .n = 0 };
	unsigned i;

	(void)state;
	assert_null(sim_iommu_find(&m, 0));
	assert_int_equal(map(&m, 0x4000, 0x1000), 0);
	assert_int_equal(map(&m, 0x1000, 0x1000), 0);
	assert_int_equal(map(&m, 0x8000, 0x2000), 0);
	assert_int_equal(map(&m, 0x2000, 0x2000), 0);
	assert_int_equal(map(&m, 0x8000, 0x1000), -NVT_E_USAGE);
	assert_int_equal(map(&m, 0x9fff, 1), -NVT_E_USAGE);
	assert_int_equal(map(&m, 0x7fff, 2), -NVT_E_USAGE);
	assert_int_equal(map(&m, 0x0, 0x20000), -NVT_E_USAGE);
	assert_int_equal(map(&m, 0x20000, 0), -NVT_E_USAGE);
	assert_int_equal(map(&m, UINT64_MAX, 2), -NVT_E_USAGE);
	assert_int_equal(map(&m, UINT64_MAX - 0xfff, 0x1000), 0);
	assert_null(sim_iommu_find(&m, 0xfff));
	assert_int_equal(sim_iommu_find(&m, 0x1000)->iova, 0x1000);
	assert_int_equal(sim_iommu_find(&m, 0x3fff)->iova, 0x2000);
	assert_null(sim_iommu_find(&m, 0x5000));
	assert_int_equal(sim_iommu_find(&m, 0x9fff)->iova, 0x8000);
	assert_null(sim_iommu_find(&m, 0xa000));
	assert_int_equal(sim_iommu_find(&m, UINT64_MAX)->size, 0x1000);
	assert_false(sim_iommu_unmap(&m, 0x3000));
	assert_true(sim_iommu_unmap(&m, 0x2000));
	assert_null(sim_iommu_find(&m, 0x2000));
	assert_int_equal(sim_iommu_find(&m, 0x4000)->iova, 0x4000);
	for (i = 0; i < 100; i++)
		assert_int_equal(map(&m, 0x100000 - i * 0x1000ull, 0x800), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(sim_iommu_find(&m, 0x1007ff - i * 0x1000ull)->iova, 0x100000 - i * 0x1000ull);
	sim_iommu_fini(&m);
}

/* ---- video memory ---- */

static void test_vram(void **state)
{
	uint8_t in[0x300], out[0x300];
	struct sim_vram v;

	(void)state;
	memset(in, 0x5a, sizeof(in));
	assert_int_equal(sim_vram_init(&v, 24ull << 30), 0);
	assert_true(sim_vram_rd(&v, v.size - 0x300, out, sizeof(out)));
	assert_int_equal(out[0x2ff], 0);
	assert_int_equal(v.touched, 0);
	/* Across a chunk's end. */
	assert_true(sim_vram_wr(&v, SIM_VRAM_CHUNK - 0x100, in, sizeof(in)));
	assert_int_equal(v.touched, 2 * SIM_VRAM_CHUNK);
	assert_true(sim_vram_rd(&v, SIM_VRAM_CHUNK - 0x100, out, sizeof(out)));
	assert_memory_equal(in, out, sizeof(in));
	assert_true(sim_vram_wr(&v, v.size - 1, in, 1));
	assert_false(sim_vram_wr(&v, v.size - 1, in, 2));
	assert_false(sim_vram_rd(&v, v.size, out, 1));
	assert_false(sim_vram_rd(&v, UINT64_MAX, out, 2));
	sim_vram_clear(&v);
	assert_int_equal(v.touched, 0);
	assert_true(sim_vram_rd(&v, SIM_VRAM_CHUNK, out, 1));
	assert_int_equal(out[0], 0);
	sim_vram_fini(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_regfile),
		cmocka_unit_test(test_unknown_registers),
		cmocka_unit_test(test_iommu),
		cmocka_unit_test(test_vram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
