/* SPDX-License-Identifier: MIT */
/* The bounded cursor and the range arithmetic, at the edges where they could overflow. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const struct nvt_bytes all = { data, sizeof(data) };

static void test_in_range(void **state)
{
	(void)state;
	assert_true(nvt_in_range(0, 0, 0));
	assert_true(nvt_in_range(0, 16, 16));
	assert_true(nvt_in_range(16, 0, 16));
	assert_false(nvt_in_range(17, 0, 16));
	assert_false(nvt_in_range(16, 1, 16));
	assert_false(nvt_in_range(1, UINT64_MAX, 16));
	assert_false(nvt_in_range(UINT64_MAX, 1, 16));
	assert_false(nvt_in_range(UINT64_MAX, UINT64_MAX, UINT64_MAX));
	assert_true(nvt_in_range(UINT64_MAX, 0, UINT64_MAX));
	assert_true(nvt_in_range(0, UINT64_MAX, UINT64_MAX));
	assert_false(nvt_in_range(2, UINT64_MAX - 1, UINT64_MAX));
}

static void test_reads_are_little_endian(void **state)
{
	struct nvt_cursor c = nvt_cursor_at(all, 0);

	(void)state;
	assert_int_equal(nvt_cursor_u8(&c), 0x01);
	assert_int_equal(nvt_cursor_u16(&c), 0x0302);
	assert_int_equal(nvt_cursor_u32(&c), 0x07060504);
	assert_true(nvt_cursor_u64(&c) == UINT64_C(0x0f0e0d0c0b0a0908));
	assert_int_equal(c.at, 15);
	assert_false(c.bad);
	assert_ptr_equal(nvt_cursor_take(&c, 1), data + 15);
	assert_non_null(nvt_cursor_take(&c, 0));
	assert_false(c.bad);
}

static void test_first_bad_read_sticks(void **state)
{
	struct nvt_cursor c = nvt_cursor_at(all, 14);

	(void)state;
	assert_int_equal(nvt_cursor_u32(&c), 0);
	assert_true(c.bad);
	assert_int_equal(c.bad_at, 14);
	assert_int_equal(nvt_cursor_u8(&c), 0);
	assert_int_equal(nvt_cursor_u16(&c), 0);
	assert_true(nvt_cursor_u64(&c) == 0);
	assert_null(nvt_cursor_take(&c, 0));
	assert_int_equal(c.bad_at, 14);
	assert_int_equal(c.at, 14);
}

static void test_overflowing_claims(void **state)
{
	struct nvt_cursor c = nvt_cursor_at(all, 8);

	(void)state;
	assert_null(nvt_cursor_take(&c, SIZE_MAX));
	c = nvt_cursor_at(all, 8);
	assert_null(nvt_cursor_take(&c, SIZE_MAX - 7));
	c = nvt_cursor_at(all, SIZE_MAX);
	assert_null(nvt_cursor_take(&c, 1));
	assert_int_equal(c.bad_at, SIZE_MAX);
	c = nvt_cursor_at(all, 17);
	assert_null(nvt_cursor_take(&c, 0));
	c = nvt_cursor_at((struct nvt_bytes){ NULL, 0 }, 0);
	assert_int_equal(nvt_cursor_u8(&c), 0);
	assert_true(c.bad);
}

static void test_put_and_get(void **state)
{
	uint8_t p[8];

	(void)state;
	nvt_put_le64(p, UINT64_C(0xfedcba9876543210));
	assert_true(nvt_le64(p) == UINT64_C(0xfedcba9876543210));
	assert_int_equal(p[0], 0x10);
	assert_int_equal(p[7], 0xfe);
	nvt_put_le32(p, 0xffffffff);
	assert_true(nvt_le32(p) == 0xffffffff);
	nvt_put_le16(p, 0x8001);
	assert_int_equal(nvt_le16(p), 0x8001);
	assert_int_equal(p[2], 0xff);
}

static void test_align(void **state)
{
	(void)state;
	assert_true(nvt_align_up(0, 4096) == 0);
	assert_true(nvt_align_up(1, 4096) == 4096);
	assert_true(nvt_align_up(4096, 4096) == 4096);
	assert_true(nvt_align_down(4095, 4096) == 0);
	assert_true(nvt_align_down(UINT64_MAX, 0x10000) == UINT64_C(0xffffffffffff0000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_range),
		cmocka_unit_test(test_reads_are_little_endian),
		cmocka_unit_test(test_first_bad_read_sticks),
		cmocka_unit_test(test_overflowing_claims),
		cmocka_unit_test(test_put_and_get),
		cmocka_unit_test(test_align),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
