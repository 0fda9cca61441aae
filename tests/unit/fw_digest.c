/* SPDX-License-Identifier: MIT */
/* SHA-256 and radix-3 tables. */
#include <nvt/fw.h>

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void sha256(void **state)
{
	static const uint8_t text[] = "abc";
	struct nvt_sha256_ctx c;
	struct nvt_sha256 a, b;
	char hex[65];

	(void)state;
	/* FIPS 180-2, example B.1. */
	nvt_sha256((struct nvt_bytes){ text, 3 }, &a);
	nvt_sha256_hex(&a, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	nvt_sha256_init(&c);
	nvt_sha256_update(&c, (struct nvt_bytes){ text, 1 });
	nvt_sha256_update(&c, (struct nvt_bytes){ NULL, 0 });
	nvt_sha256_update(&c, (struct nvt_bytes){ text + 1, 2 });
	nvt_sha256_final(&c, &b);
	assert_true(nvt_sha256_equal(&a, &b));
	b.b[31] ^= 1;
	assert_false(nvt_sha256_equal(&a, &b));
	nvt_sha256((struct nvt_bytes){ NULL, 0 }, &a);
	nvt_sha256_hex(&a, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Sizes of .fwimage of published releases, and the edges. */
static void radix3_plan(void **state)
{
	static const struct {
		uint64_t size;
		uint32_t pages, l2, l1;
	} rows[] = {
		{ 1, 1, 1, 1 },
		{ 4096, 1, 1, 1 },
		{ 4097, 2, 1, 1 },
		{ 512 * 4096, 512, 1, 1 },
		{ 512 * 4096 + 1, 513, 2, 1 },
		{ 0x16a3350, 5796, 12, 1 },
		{ 0x1b34ea0, 6965, 14, 1 },
		{ 0x2448000, 9288, 19, 1 },
		{ 0x3c99000, 15513, 31, 1 },
		{ 0x40000000, 512 * 512, 512, 1 },
	};
	struct nvt_radix3 r;
	struct nvt_error e;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		assert_int_equal(nvt_radix3_plan(rows[i].size, &r, NULL), 0);
		assert_int_equal(r.pages, rows[i].pages);
		assert_int_equal(r.l2_pages, rows[i].l2);
		assert_int_equal(r.l1_pages, rows[i].l1);
		assert_int_equal(r.table_bytes, (1 + rows[i].l1 + rows[i].l2) * 4096);
	}
	assert_int_equal(nvt_radix3_plan(0, &r, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "image size does not fit a radix-3 table");
	assert_int_equal(nvt_radix3_plan(0x40000001, &r, &e), -NVT_E_DATA);
	assert_string_equal(e.seen, "0x40000001 bytes");
	assert_string_equal(e.wanted, "1 to 0x40000000 bytes");
	assert_int_equal(nvt_radix3_plan(UINT64_MAX, &r, NULL), -NVT_E_DATA);
}

static void radix3_build(void **state)
{
	const uint64_t tables_at = 0x7700000000, image_at = 0x123456000;
	uint64_t pages[600], i;
	struct nvt_radix3 r;
	uint8_t *t;

	(void)state;
	assert_int_equal(nvt_radix3_plan(600 * 4096 - 5, &r, NULL), 0);
	t = malloc(r.table_bytes);
	assert_non_null(t);
	memset(t, 0xee, r.table_bytes);
	nvt_radix3_build(&r, t, tables_at, image_at, NULL);
	assert_int_equal(nvt_le64(t), tables_at + 0x1000);
	assert_int_equal(nvt_le64(t + 0x1000), tables_at + 0x2000);
	assert_int_equal(nvt_le64(t + 0x1008), tables_at + 0x3000);
	for (i = 0; i < 600; i++)
		assert_int_equal(nvt_le64(t + 0x2000 + 8 * i), image_at + i * 0x1000);
	/* Unused entries are zero. */
	for (i = 8; i < 0x1000; i++)
		assert_int_equal(t[i], 0);
	for (i = 0x1010; i < 0x2000; i++)
		assert_int_equal(t[i], 0);
	for (i = 0x2000 + 600 * 8; i < r.table_bytes; i++)
		assert_int_equal(t[i], 0);
	/* Pages that are nowhere near each other. */
	for (i = 0; i < NVT_ARRAY_SIZE(pages); i++)
		pages[i] = 0x900000000 - i * 0x7000;
	nvt_radix3_build(&r, t, tables_at, image_at, pages);
	assert_int_equal(nvt_le64(t + 0x1008), tables_at + 0x3000);
	for (i = 0; i < 600; i++)
		assert_int_equal(nvt_le64(t + 0x2000 + 8 * i), pages[i]);
	assert_int_equal(nvt_le64(t + 0x2000 + 8 * i), 0);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256),
		cmocka_unit_test(radix3_plan),
		cmocka_unit_test(radix3_build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
