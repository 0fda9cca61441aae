/* SPDX-License-Identifier: MIT */
/* The register rows are sound (sorted, disjoint, in range), and names, addresses and values translate. */
#include <nvt/regs.h>
#include "regs/regs_const.h"

#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static uint32_t last_byte(const struct nvt_reg_desc *r)
{
	return r->off + (r->count - 1) * r->stride + 3;
}

static void test_rows_are_sorted_in_their_block(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		for (j = i; j-- > 0 && strcmp(nvt_regs[j].block, r->block);)
			;
		if (j != UINT32_MAX && !strcmp(nvt_regs[j].block, r->block) && nvt_regs[j].off >= r->off)
			fail_msg("%s (0x%x) stands after %s (0x%x)", r->name, r->off, nvt_regs[j].name,
				 nvt_regs[j].off);
	}
}

static void test_rows_are_well_formed(void **state)
{
	static const char *const families[] = { "", "turing", "ga100", "ga10x", "ada", "hopper", "gb10x", "gb20x" };
	unsigned i, j, known;

	(void)state;
	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		assert_int_equal(r->off % 4, 0);
		assert_true(r->count >= 1);
		assert_true(r->count == 1 || (r->stride >= 4 && r->stride % 4 == 0));
		assert_true(!strcmp(r->access, "R") || !strcmp(r->access, "W") || !strcmp(r->access, "RW"));
		assert_int_equal(strncmp(r->name, "NV_", 3), 0);
		for (j = 0, known = 0; j < NVT_ARRAY_SIZE(families); j++)
			known += !strcmp(r->since, families[j]);
		if (!known)
			fail_msg("%s: no such family: %s", r->name, r->since);
		for (j = 0; j < i; j++)
			assert_string_not_equal(nvt_regs[j].name, r->name);
	}
}

/* True if two rows name the same address; a single register may stand on an element of an array. */
static bool collide(const struct nvt_reg_desc *a, const struct nvt_reg_desc *b)
{
	unsigned i;

	if (strcmp(a->block, b->block) || (a->count == 1) != (b->count == 1))
		return false;
	for (i = 0; i < a->count; i++) {
		uint32_t d = a->off + i * a->stride - b->off;

		if (b->count == 1 ? d == 0 : d / b->stride < b->count && d % b->stride == 0)
			return true;
	}
	return false;
}

static void test_rows_are_disjoint(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < nvt_reg_count; i++)
		for (j = 0; j < i; j++)
			if (collide(&nvt_regs[i], &nvt_regs[j]))
				fail_msg("%s and %s name the same address", nvt_regs[i].name, nvt_regs[j].name);
}

static void test_fields_are_disjoint_and_values_fit(void **state)
{
	unsigned i, f, v;

	(void)state;
	for (i = 0; i < nvt_reg_count; i++) {
		uint32_t taken = 0;

		for (f = 0; f < nvt_reg_fld_count(&nvt_regs[i]); f++) {
			const struct nvt_fld_desc *d = &nvt_flds[nvt_regs[i].fld_first + f];
			uint32_t top, mask;

			assert_true(d->hi <= 31 && d->lo <= d->hi);
			top = 0xffffffffu >> (31 - d->hi + d->lo);
			mask = top << d->lo;
			if (taken & mask)
				fail_msg("%s: field %s overlaps another", nvt_regs[i].name, d->name);
			taken |= mask;
			for (v = 0; v < nvt_fld_val_count(d); v++)
				assert_true(nvt_vals[d->val_first + v].value <= top);
		}
	}
}

static void test_units_hold_their_blocks(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < nvt_unit_count; i++) {
		const struct nvt_unit_desc *u = &nvt_units[i];
		bool used = false;

		for (j = 0; j < nvt_reg_count; j++) {
			if (strcmp(nvt_regs[j].block, u->block))
				continue;
			used = true;
			assert_true(last_byte(&nvt_regs[j]) < u->size);
		}
		assert_true(used);
		for (j = 0; j < i; j++) {
			const struct nvt_unit_desc *o = &nvt_units[j];

			/* two blocks of one unit may share a page: their registers are disjoint */
			if (strcmp(o->unit, u->unit) && o->base < u->base + u->size && u->base < o->base + o->size)
				fail_msg("units %s and %s overlap", o->unit, u->unit);
		}
	}
}

/* Address -> name -> address, for the first and last element of every row in every unit. */
static void check_round_trip(const char *unit, uint32_t base, const struct nvt_reg_desc *r, unsigned index)
{
	uint32_t addr = base + r->off + index * r->stride, back;
	struct nvt_reg_ref at, found;
	char name[128];

	assert_true(nvt_reg_at(addr, &at));
	assert_string_equal(at.unit->unit, unit);
	if (r->count == 1)
		assert_ptr_equal(at.reg, r);
	nvt_reg_format(addr, name, sizeof(name));
	assert_true(nvt_reg_find(name, &found, &back));
	assert_int_equal(back, addr);
	assert_ptr_equal(found.reg, at.reg);
	assert_int_equal(found.index, at.index);
}

static void test_names_and_addresses_round_trip(void **state)
{
	unsigned i, u, in_unit;

	(void)state;
	for (i = 0; i < nvt_reg_count; i++) {
		const struct nvt_reg_desc *r = &nvt_regs[i];

		for (u = 0, in_unit = 0; u < nvt_unit_count; u++) {
			if (strcmp(nvt_units[u].block, r->block))
				continue;
			in_unit++;
			check_round_trip(nvt_units[u].unit, nvt_units[u].base, r, 0);
			check_round_trip(nvt_units[u].unit, nvt_units[u].base, r, r->count - 1);
		}
		if (!in_unit) {
			check_round_trip("", 0, r, 0);
			check_round_trip("", 0, r, r->count - 1);
		}
	}
}

static void test_find_by_text(void **state)
{
	static const struct {
		const char *name;
		bool ok;
		uint32_t addr;
	} cases[] = {
		{ "NV_PMC_BOOT_0", true, 0x0 },
		{ "nv_pmc_boot_42", true, 0xa00 },
		{ "GSP.NV_PFALCON_FALCON_CPUCTL", true, 0x110100 },
		{ "sec2.nv_pfalcon_falcon_cpuctl", true, 0x840100 },
		{ "NV_PBUS_SW_SCRATCH(14)", true, 0x1438 },
		{ "NV_PBUS_SW_SCRATCH(0xe)", true, 0x1438 },
		{ "0x110100", true, 0x110100 },
		{ "0", true, 0 },
		{ "NV_PBUS_SW_SCRATCH(64)", false, 0 },
		{ "NV_PBUS_SW_SCRATCH(", false, 0 },
		{ "NV_PBUS_SW_SCRATCH()", false, 0 },
		{ "NV_PBUS_SW_SCRATCH(1)x", false, 0 },
		{ "NV_PBUS_SW_SCRATCH(99999999999999999999)", false, 0 },
		{ "NV_PFALCON_FALCON_CPUCTL", false, 0 }, /* which unit? */
		{ "NOPE.NV_PFALCON_FALCON_CPUCTL", false, 0 },
		{ "GSP.NV_PMC_BOOT_0", false, 0 },
		{ "NV_PMC_BOOT", false, 0 },
		{ "", false, 0 },
		{ ".", false, 0 },
		{ "0x", false, 0 },
		{ "0x1ffffffff", false, 0 },
		{ "12junk", false, 0 },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(cases); i++) {
		struct nvt_reg_ref ref;
		uint32_t addr = 0;

		if (nvt_reg_find(cases[i].name, &ref, &addr) != cases[i].ok)
			fail_msg("%s: found is not %d", cases[i].name, cases[i].ok);
		if (cases[i].ok)
			assert_int_equal(addr, cases[i].addr);
	}
}

static void test_decode_and_short_buffers(void **state)
{
	uint32_t cpuctl = NVT_BASE_GSP_PFALCON + NV_PFALCON_FALCON_CPUCTL;
	char buf[64], tiny[8];

	(void)state;
	assert_string_equal(nvt_reg_decode(cpuctl, 0x10, buf, sizeof(buf)), "STARTCPU=0x0 HALTED=TRUE ALIAS_EN=0x0");
	assert_string_equal(nvt_reg_decode(cpuctl, 0x10, tiny, sizeof(tiny)), "STARTCP");
	assert_string_equal(nvt_reg_decode(0xfffffffc, 1, buf, sizeof(buf)), "");
	assert_string_equal(nvt_reg_format(cpuctl, tiny, sizeof(tiny)), "GSP.NV_");
	assert_string_equal(nvt_reg_format(0xfffffffc, buf, sizeof(buf)), "0xfffffffc");
	assert_string_equal(nvt_reg_format(cpuctl + 1, buf, sizeof(buf)), "0x00110101");
}

static void test_field_macros(void **state)
{
	(void)state;
	assert_true(NVT_MASK(NV_PGC6_AON_SECURE_SCRATCH_GROUP_42_USABLE_FB_SIZE_IN_MB) == 0xffffffff);
	assert_int_equal(NVT_MASK(NV_PFALCON_FALCON_CPUCTL_HALTED), 0x10);
	assert_int_equal(NVT_GET(0xab123456, NV_PMC_BOOT_42_ARCHITECTURE), 0x2b);
	assert_int_equal(NVT_SET(NV_PFALCON_FALCON_DMATRFCMD_SIZE, 0xff), 0x700);
	assert_int_equal(NVT_DEF(NV_PFALCON_FALCON_DMATRFCMD_SIZE, 256B), 0x600);
	assert_int_equal(NVT_REG_AT(NV_PBUS_SW_SCRATCH, 14), NV_PBUS_SW_SCRATCH_0E);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_sorted_in_their_block),
		cmocka_unit_test(test_rows_are_well_formed),
		cmocka_unit_test(test_rows_are_disjoint),
		cmocka_unit_test(test_fields_are_disjoint_and_values_fit),
		cmocka_unit_test(test_units_hold_their_blocks),
		cmocka_unit_test(test_names_and_addresses_round_trip),
		cmocka_unit_test(test_find_by_text),
		cmocka_unit_test(test_decode_and_short_buffers),
		cmocka_unit_test(test_field_macros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
