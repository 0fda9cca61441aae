/* SPDX-License-Identifier: MIT */
/* The chip table against the identity registers' formulas, and its look-ups. */
#include <nvt/chips.h>

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* NV_PMC_BOOT_42: architecture 29:24, implementation 23:20 (NVIDIA's nv_ref.h). */
static void test_boot42_formula(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < nvt_chip_count; i++) {
		const struct nvt_chip *c = &nvt_chips[i];

		assert_int_equal(c->boot_42 >> 24 & 0x3f, c->arch);
		assert_int_equal(c->boot_42 >> 20 & 0xf, c->impl);
	}
}

/* NV_PMC_BOOT_0: architecture 28:24 and its sixth bit at 8, implementation 23:20, revision 7:0. */
static void test_boot0_formula(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < nvt_chip_count; i++) {
		const struct nvt_chip *c = &nvt_chips[i];
		unsigned arch = (c->boot_0 >> 24 & 0x1f) | (c->boot_0 >> 8 & 1) << 5;

		assert_int_equal(arch, c->arch);
		assert_int_equal(c->boot_0 >> 20 & 0xf, c->impl);
		/* both registers tell the same revision: 7:4 and 3:0 here, 19:16 and 15:12 there */
		assert_int_equal(c->boot_0 & 0xff, c->boot_42 >> 12 & 0xff);
	}
}

static void test_lookups_find_every_row(void **state)
{
	unsigned i;

	(void)state;
	assert_true(nvt_chip_count >= 24);
	for (i = 0; i < nvt_chip_count; i++) {
		assert_ptr_equal(nvt_chip_by_name(nvt_chips[i].name), &nvt_chips[i]);
		assert_ptr_equal(nvt_chip_by_boot42(nvt_chips[i].boot_42), &nvt_chips[i]);
		/* another revision of the same chip */
		assert_ptr_equal(nvt_chip_by_boot42(nvt_chips[i].boot_42 ^ 0x000ff000), &nvt_chips[i]);
	}
	assert_string_equal(nvt_chip_by_name("ga102")->name, "GA102");
	assert_null(nvt_chip_by_name("GA10"));
	assert_null(nvt_chip_by_name(""));
	assert_null(nvt_chip_by_boot42(0));
	assert_null(nvt_chip_by_boot42(0xffffffff));
}

static bool one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

static void test_rows_are_plausible(void **state)
{
	static const char *const families[] = { "turing", "ga100", "ga10x", "ada", "hopper", "gb10x", "gb20x", NULL };
	static const char *const paths[] = { "booter", "booter-nofrts", "fsp", NULL };
	unsigned i;

	(void)state;
	for (i = 0; i < nvt_chip_count; i++) {
		const struct nvt_chip *c = &nvt_chips[i];

		assert_true(one_of(c->family, families));
		assert_true(one_of(c->boot_path, paths));
		assert_true(c->pci_class == 0x030000 || c->pci_class == 0x030200);
		assert_int_equal(c->vram_default % (UINT64_C(1) << 20), 0);
		assert_true(c->vram_default >= UINT64_C(1) << 30);
		assert_int_equal(strncmp(c->sig_section, ".fwsignature_", strlen(".fwsignature_")), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot42_formula),
		cmocka_unit_test(test_boot0_formula),
		cmocka_unit_test(test_lookups_find_every_row),
		cmocka_unit_test(test_rows_are_plausible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
