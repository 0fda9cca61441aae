/* SPDX-License-Identifier: MIT */
/* The GSP-RM image: what is read from a good one, and each refusal. */
#include "fw_build.h"

#include <string.h>

static int parse(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_gsp_elf elf;

	return nvt_gsp_elf_parse(file, &elf, e);
}

static void good(void **state)
{
	static struct fw_image img;
	struct nvt_gsp_elf elf;

	(void)state;
	fw_build_elf(&img);
	assert_int_equal(nvt_gsp_elf_parse(fw_bytes(&img), &elf, NULL), 0);
	assert_int_equal(elf.section_count, 5);
	assert_ptr_equal(elf.image, &elf.sections[0]);
	assert_int_equal(elf.image->off, 0x40);
	assert_int_equal(elf.image->size, 0x1000);
	assert_string_equal(elf.version, "1.2.3");
	assert_true(elf.has_build_id);
	assert_memory_equal(elf.build_id, img.b + 0x1058, 20);
	assert_int_equal(elf.shoff, 0x2200);
	assert_int_equal(nvt_gsp_elf_section(&elf, ".fwsignature_ga10x")->off, 0x1080);
	assert_null(nvt_gsp_elf_section(&elf, ".fwsignature_ad10x"));
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_GSP_ELF);
	assert_string_equal(nvt_fw_kind_name(NVT_FW_GSP_ELF), "gsp");
}

static void no_build_id(void **state)
{
	static struct fw_image img;
	struct nvt_gsp_elf elf;

	(void)state;
	fw_build_elf(&img);
	img.b[0x2080 + 22] = 'x';
	assert_int_equal(nvt_gsp_elf_parse(fw_bytes(&img), &elf, NULL), 0);
	assert_false(elf.has_build_id);
}

#define SH(i) (0x2200 + 64 * (i))

static void refusals(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x00, 1, 0x7e, "ELF magic is 0x464c457e, not 0x464c457f", 0 },
		{ 0x04, 1, 1, "ELF class is 0x1, not 0x2", 4 },
		{ 0x05, 1, 2, "ELF data encoding is 0x2, not 0x1", 5 },
		{ 0x10, 2, 2, "e_type is 0x2, not 0x1", 0x10 },
		{ 0x12, 2, 62, "e_machine is 0x3e, not 0xf3", 0x12 },
		{ 0x3a, 2, 40, "e_shentsize is 0x28, not 0x40", 0x3a },
		{ 0x3c, 2, 1, "e_shnum is 0x1, not 2 to 49", 0x3c },
		{ 0x3c, 2, 0xffff, "e_shnum is 0xffff, not 2 to 49", 0x3c },
		{ 0x3c, 2, 7, "section table lies outside the file", 0x28 },
		{ 0x3e, 2, 0, "e_shstrndx is 0x0, not a section's index", 0x3e },
		{ 0x3e, 2, 6, "e_shstrndx is 0x6, not a section's index", 0x3e },
		{ 0x28, 8, UINT64_MAX - 63, "section table lies outside the file", 0x28 },
		{ SH(1) + 0x18, 8, UINT64_MAX, "section 1 lies outside the file", SH(1) + 0x18 },
		{ SH(1) + 0x20, 8, 0x3000, "section 1 lies outside the file", SH(1) + 0x18 },
		{ SH(5) + 0x20, 8, 0x3000, "section 5 lies outside the file", SH(5) + 0x18 },
		{ SH(4), 4, 0x1000, "section name lies outside the string table", SH(4) },
		{ SH(5) + 0x20, 8, 68, "section name: truncated", 0x2080 + 59 },
		{ SH(4), 4, 1, "section .fwimage is there twice", SH(4) },
		{ 0x2080 + 2, 1, 'g', "no section .fwimage", UINT64_MAX },
		{ 0x2080 + 11, 1, 'g', "no section .fwversion", UINT64_MAX },
		{ SH(1) + 0x20, 8, 0, "size of .fwimage is 0x0, not above 0", 0x40 },
		{ SH(2) + 0x20, 8, 1, "size of .fwversion is 0x1, not 2 to 32", 0x1040 },
		{ SH(2) + 0x20, 8, 33, "size of .fwversion is 0x21, not 2 to 32", 0x1040 },
		{ 0x1041, 1, '\n', "character of .fwversion is 0xa, not printable", 0x1041 },
		{ 0x1045, 1, '4', "end of .fwversion is 0x34, not 0x0", 0x1045 },
		{ SH(3) + 0x20, 8, 35, "size of .note.gnu.build-id is 0x23, not 0x24", 0x1048 },
		{ 0x1050, 1, 4, "byte of the build-id note's header is 0x4, not 0x3", 0x1050 },
	};
	static struct fw_image img;
	static const struct fw_refusal long_name = { 0x2080 + 39, 1, 0,
						     "length of a section name is 0x26, not below 32", 0x2081 };

	(void)state;
	fw_build_elf(&img);
	fw_check_refusals(&img, parse, rows, NVT_ARRAY_SIZE(rows));
	memset(img.b + 0x2080 + 9, 'x', 30);
	fw_check_refusals(&img, parse, &long_name, 1);
}

static void truncation(void **state)
{
	static struct fw_image img;

	(void)state;
	fw_build_elf(&img);
	fw_check_truncation(&img, parse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(no_build_id),
		cmocka_unit_test(refusals),
		cmocka_unit_test(truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
