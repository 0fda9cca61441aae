/* SPDX-License-Identifier: MIT */
/* Generated bindata: arrays as they are in a source tree, each way in which one can be wrong, whole files. */
#include "fw_build.h"

#include "fw/bindata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMENT(label, packing, is_struct, size, packed) \
	"// FUNCTION: get_X(\"" label "\")\n// COMPRESSION: " packing "\n// COMPLEX_STRUCT: " is_struct \
	"\n// DATA SIZE (bytes): " size "\n// COMPRESSED SIZE (bytes): " packed "\n//\n"
#define PLAIN COMMENT("patch_loc", "NO", "NO", "4", "N/A")
/* "abc" as one stored block, then CRC-32 and length */
#define STORED "0x01, 0x03, 0x00, 0xfc, 0xff, 0x61, 0x62, 0x63, 0xc2, 0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00,"

static struct nvt_bytes text(const char *s)
{
	return (struct nvt_bytes){ (const uint8_t *)s, strlen(s) };
}

static int get(struct nvt_bytes src, const char *label, struct nvt_fw_out *ret, struct nvt_error *e)
{
	return fw_bindata_get(src, &label, 1, ret, e);
}

static void test_arrays(void **state)
{
	static const char source[] = "noise\n" PLAIN "static BINDATA_CONST NvU8 x_data[] = \n{\n    0x01, 2, 0xFF,\n\t0x00,\n};\n"
		COMMENT("BINDATA_LABEL_IMAGE", "YES", "NO", "3", "16")
		"static BINDATA_CONST NV_DECLARE_ALIGNED(NvU8, 8) y_data[] = \n{" STORED "};\n"
		COMMENT("desc", "NO", "YES", "sizeof(z_data)", "N/A") "static const DESC z_data = {\n 0xfd,\n 0,\n {\n 0x200, 256\n }\n};\n";
	static const uint8_t desc[16] = { 0xfd, [9] = 2, [13] = 1 };
	struct nvt_fw_out o;

	(void)state;
	assert_int_equal(get(text(source), "patch_loc", &o, NULL), 0);
	assert_int_equal(o.n, 4);
	assert_memory_equal(o.p, "\1\2\377\0", 4);
	free(o.p);
	assert_int_equal(get(text(source), "image", &o, NULL), 0);
	assert_int_equal(o.n, 3);
	assert_memory_equal(o.p, "abc", 3);
	free(o.p);
	assert_int_equal(get(text(source), "desc", &o, NULL), 0);
	assert_int_equal(o.n, 16);
	assert_memory_equal(o.p, desc, 16);
	free(o.p);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *source, *msg;
	} rows[] = {
		{ "", "no bindata patch_loc" },
		{ "// FUNCTION: ", "bindata ?: no label in its comment" },
		{ "// FUNCTION: x(\"\")\n", "bindata ?: no label in its comment" },
		{ "// FUNCTION: x(\"patch_loc\")\nstatic int a[] = {1};", "bindata patch_loc: its comment does not say how it is stored" },
		{ COMMENT("patch_loc", "YES", "YES", "4", "4"), "bindata patch_loc: its comment does not say how it is stored" },
		{ COMMENT("patch_loc", "YES", "NO", "4", "N/A"), "bindata patch_loc: its comment does not say how it is stored" },
		{ COMMENT("patch_loc", "NO", "NO", "999999999", "N/A"), "bindata patch_loc: its comment gives a size that cannot be" },
		{ COMMENT("patch_loc", "YES", "NO", "60000000", "4"), "bindata patch_loc: its comment gives a size that cannot be" },
		{ PLAIN, "bindata patch_loc: no array behind its comment" },
		{ PLAIN "int x[] = { 1 };", "bindata patch_loc: no array behind its comment" },
		{ PLAIN "static x[4];", "bindata patch_loc: no array behind its comment" },
		{ PLAIN "static x[] =", "bindata patch_loc: its array does not end" },
		{ PLAIN "static x[] = { 1, 2, 3, 4", "bindata patch_loc: its array does not end" },
		{ PLAIN "static x[] = { 1, 2, 3, };", "bindata patch_loc: its array has 3 bytes, its comment says 4" },
		{ PLAIN "static x[] = { 1, 2, 3, 4, 5 };", "bindata patch_loc: its array has more than 4 bytes" },
		{ PLAIN "static x[] = { 1, 2, 3, 256 };", "bindata patch_loc: something in its array is not a number" },
		{ PLAIN "static x[] = { 1, 2, 3, 0x };", "bindata patch_loc: something in its array is not a number" },
		{ PLAIN "static x[] = { 1, 2, 3, 4f };", "bindata patch_loc: something in its array is not a number" },
		{ PLAIN "static x[] = { 1, 2, 3, 4u };", "bindata patch_loc: something in its array is not a number" },
		{ PLAIN "static x[] = { 1, 2, { 3 }, 4 };", "bindata patch_loc: something in its array is not a number" },
		{ COMMENT("patch_loc", "NO", "YES", "s", "N/A") "static x = { 0x123456789 };",
		  "bindata patch_loc: something in its array is not a number" },
		{ COMMENT("patch_loc", "YES", "NO", "4", "16") "static x[] = {" STORED "};",
		  "bindata patch_loc: its 16 bytes do not inflate to 4" },
		{ COMMENT("patch_loc", "YES", "NO", "2", "16") "static x[] = {" STORED "};",
		  "bindata patch_loc: its 16 bytes do not inflate to 2" },
		{ COMMENT("patch_loc", "YES", "NO", "3", "17") "static x[] = {" STORED "0};",
		  "bindata patch_loc: its 17 bytes do not inflate to 3" },
		{ COMMENT("patch_loc", "YES", "NO", "1", "2") "static x[] = { 0x07, 0x07 };",
		  "bindata patch_loc: its 2 bytes do not inflate to 1" },
		{ COMMENT("patch_loc", "YES", "NO", "3", "16")
		  "static x[] = { 1, 3, 0, 0xfc, 0xff, 0x61, 0x62, 0x64, 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0 };",
		  "bindata patch_loc: its checksum is wrong" },
	};
	struct nvt_error e;
	struct nvt_fw_out o;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(get(text(rows[i].source), "patch_loc", &o, &e), -NVT_E_DATA);
		assert_string_equal(e.msg, rows[i].msg);
		assert_null(o.p);
	}
}

/* Any shorter source is refused or lacks the array; none is read past its end. */
static void test_truncation(void **state)
{
	static const char source[] = PLAIN "static x[] = { 1, 2, 3, 4 };";
	struct nvt_fw_out o;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(source) - 2; n++) {
		char *copy = malloc(n + 1);

		assert_non_null(copy);
		memcpy(copy, source, n);
		assert_int_equal(get((struct nvt_bytes){ (uint8_t *)copy, n }, "patch_loc", &o, NULL), -NVT_E_DATA);
		free(copy);
	}
}

static void test_release(void **state)
{
	static const char *const bad[] = { "", "NVIDIA_VERSION = ", "NVIDIA_VERSION = ../x", "NVIDIA_VERSION = .5",
					   "# NVIDIA_VERSION = 1", "NVIDIA_VERSION = 1 2",
					   "NVIDIA_VERSION = 1234567890123456789012345678901234567890" };
	struct nvt_error e = { 0 };
	char release[32];
	unsigned i;

	(void)state;
	assert_int_equal(nvt_pack_release(text("# x\nNVIDIA_VERSION = 570.144\n\nX = 1\n"), release, NULL), 0);
	assert_string_equal(release, "570.144");
	for (i = 0; i < NVT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(nvt_pack_release(text(bad[i]), release, &e), -NVT_E_DATA);
		assert_string_equal(e.msg, "no NVIDIA_VERSION");
	}
}

/* ---- whole files ---- */

static char source[0x20000];

static void add(const char *label, const uint8_t *p, size_t n)
{
	size_t at = strlen(source), i;

	at += (size_t)snprintf(source + at, sizeof(source) - at,
			       "// FUNCTION: f(\"%s\")\n// COMPRESSION: NO\n// COMPLEX_STRUCT: NO\n"
			       "// DATA SIZE (bytes): %zu\n//\nstatic NvU8 x[] = {\n", label, n);
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(source + at, sizeof(source) - at, "0x%02x,", p[i]);
	snprintf(source + at, sizeof(source) - at, "\n};\n");
}

static unsigned row_of(const char *dir, const char *role)
{
	struct nvt_pack_row row;
	unsigned i;

	for (i = 0; nvt_pack_row(i, &row); i++)
		if (!strcmp(row.dir, dir) && !strcmp(row.role, role))
			return i;
	fail();
	return 0;
}

static void check_file(const char *dir, const char *role, const struct fw_image *want)
{
	struct nvt_fw_out o;

	assert_int_equal(nvt_pack_build(row_of(dir, role), text(source), &o, NULL), 0);
	assert_int_equal(o.n, want->n);
	/* the builders leave bin_size as they like */
	assert_memory_equal(o.p + 12, want->b + 12, want->n - 12);
	free(o.p);
}

static void booter_source(const struct fw_image *img)
{
	source[0] = '\0';
	add("image_prod", img->b + 0x378, 0x800);
	add("sig_prod", img->b + 0x3c, 0x300);
	add("header_prod", img->b + 0x354, 36);
	add("patch_loc", img->b + 0x33c, 4);
	add("patch_meta", img->b + 0x344, 12);
	add("num_sigs", img->b + 0x350, 4);
}

static void test_files(void **state)
{
	static struct fw_image img;

	(void)state;
	fw_build_hs(&img);
	booter_source(&img);
	check_file("ga102", "booter_load", &img);
	check_file("ad102", "scrubber", &img);
	fw_build_bl(&img, 84);
	source[0] = '\0';
	add("BINDATA_LABEL_UCODE_DESC_PROD", img.b + 0x18, 84);
	add("BINDATA_LABEL_UCODE_IMAGE_PROD", img.b + 0x18 + 84, 0x600);
	check_file("gh100", "bootloader", &img);
}

static void test_files_refused(void **state)
{
	static struct fw_image img;
	struct nvt_error e = { 0 };
	struct nvt_fw_out o;

	(void)state;
	fw_build_hs(&img);
	booter_source(&img);
	assert_int_equal(nvt_pack_build(row_of("tu102", "booter_load"), text(source), &o, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "768 bytes of signatures are not 2 of 16 bytes");
	assert_int_equal(nvt_pack_build(row_of("gh100", "fmc"), text(source), &o, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "no bindata ucode_hash");
	img.b[0x33c] = 0xff; /* patch_loc */
	img.b[0x33d] = 0xff;
	booter_source(&img);
	assert_int_equal(nvt_pack_build(row_of("ga102", "booter_load"), text(source), &o, &e), -NVT_E_DATA);
	assert_null(o.p);
	source[0] = '\0';
	add("image_prod", img.b, 4);
	add("sig_prod", img.b, 4);
	add("header_prod", img.b, 4);
	add("patch_loc", img.b, 5);
	add("patch_meta", img.b, 4);
	add("num_sigs", img.b, 4);
	assert_int_equal(nvt_pack_build(row_of("ga102", "booter_load"), text(source), &o, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "bindata patch_loc has 5 bytes, not 4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_files_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
