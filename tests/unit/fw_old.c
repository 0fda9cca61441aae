/* SPDX-License-Identifier: MIT */
/* HS images with header v1, and the generic falcon bootloader. */
#include "fw_build.h"

#include "base/bytes.h"

#include <string.h>

#define DATA 0x90u
#define DATA_SIZE 0x400u

/* Signatures at 0x38, values at 0x58, load header at 0x60; data: stub 0x100, program 0x200, data part 0x100. */
static void build_hs_v1(struct fw_image *img, bool old)
{
	const uint32_t words[] = {
		old ? NVT_NVFW_MAGIC_OLD : NVT_NVFW_MAGIC, 1, 0x500, 0x18, DATA, DATA_SIZE,
		0x38, 0x10, 0x48, 0x10, old ? 0x310 : 0x58, old ? 0 : 0x5c, 0x60, 0x24,
		1, 2, 3, 4, 5, 6, 7, 8,
		0x310, 0,
		0, 0x100, 0x300, 0x100, 1, 0x100, 0x200, 0, 0,
	};
	unsigned i;

	memset(img, 0, sizeof(*img));
	for (i = 0; i < NVT_ARRAY_SIZE(words); i++)
		nvt_put_le32(img->b + 4 * i, words[i]);
	img->n = DATA + DATA_SIZE;
}

static void build_falcon_bl(struct fw_image *img)
{
	static const uint32_t words[] = {
		NVT_NVFW_MAGIC, 1, 0x400, 0x18, 0x30, 0x300, 0xfd, 0x10, 0, 0x200, 0x200, 0x100,
	};
	unsigned i;

	memset(img, 0, sizeof(*img));
	for (i = 0; i < NVT_ARRAY_SIZE(words); i++)
		nvt_put_le32(img->b + 4 * i, words[i]);
	img->n = 0x330;
}

static int parse_hs_v1(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_hs_v1 h;

	return nvt_hs_v1_parse(file, &h, e);
}

static int parse_falcon_bl(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_falcon_bl b;

	return nvt_falcon_bl_parse(file, &b, e);
}

static void good_hs_v1(void **state)
{
	static struct fw_image img;
	struct nvt_hs_v1 h;
	unsigned old;

	(void)state;
	for (old = 0; old < 2; old++) {
		build_hs_v1(&img, old);
		assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_HS_V1);
		assert_int_equal(nvt_hs_v1_parse(fw_bytes(&img), &h, NULL), 0);
		assert_int_equal(h.sig_dbg_off, 0x38);
		assert_int_equal(h.sig_dbg_size, 0x10);
		assert_int_equal(h.sig_prod_off, 0x48);
		assert_int_equal(h.sig_prod_size, 0x10);
		assert_int_equal(h.patch_loc, 0x310);
		assert_int_equal(h.patch_sig, 0);
		assert_int_equal(h.load_header_off, 0x60);
		assert_int_equal(h.load_header_size, 0x24);
		assert_int_equal(h.non_sec_code_off, 0);
		assert_int_equal(h.non_sec_code_size, 0x100);
		assert_int_equal(h.data_dma_base, 0x300);
		assert_int_equal(h.data_size, 0x100);
		assert_int_equal(h.app_count, 1);
		assert_int_equal(h.apps[0].off, 0x100);
		assert_int_equal(h.apps[0].size, 0x200);
	}
}

/* Offsets of all applications, then their sizes. */
static void two_apps(void **state)
{
	static struct fw_image img;
	struct nvt_hs_v1 h;

	(void)state;
	build_hs_v1(&img, false);
	nvt_put_le32(img.b + 0x70, 2);
	nvt_put_le32(img.b + 0x78, 0x200);
	nvt_put_le32(img.b + 0x7c, 0x100);
	nvt_put_le32(img.b + 0x80, 0x80);
	assert_int_equal(nvt_hs_v1_parse(fw_bytes(&img), &h, NULL), 0);
	assert_int_equal(h.apps[0].off, 0x100);
	assert_int_equal(h.apps[0].size, 0x100);
	assert_int_equal(h.apps[1].off, 0x200);
	assert_int_equal(h.apps[1].size, 0x80);
}

static void refusals_hs_v1(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x00, 4, 0x10df, "bin_magic is 0x10df, not 0x10de", 0 },
		{ 0x04, 4, 2, "bin_ver is 0x2, not 0x1", 4 },
		{ 0x18, 4, 0x481, "debug signature lies outside the file", 0x18 },
		{ 0x1c, 4, 0x11, "sig_dbg_size is 0x11, not 0x10", 0x1c },
		{ 0x20, 4, UINT32_MAX, "production signature lies outside the file", 0x20 },
		{ 0x24, 4, 0, "sig_prod_size is 0x0, not 0x10", 0x24 },
		{ 0x28, 4, 0x48d, "patch_loc lies outside the file", 0x28 },
		{ 0x2c, 4, UINT32_MAX, "patch_sig lies outside the file", 0x2c },
		{ 0x58, 4, 0x3f1, "signature area lies outside the data", 0x28 },
		{ 0x5c, 4, UINT32_MAX, "debug signature lies outside the file", 0x18 },
		{ 0x30, 4, 0x46d, "load header lies outside the file", 0x30 },
		{ 0x34, 4, 0x1b, "hdr_size is 0x1b, not at least 0x1c", 0x34 },
		{ 0x60, 4, 0x301, "non-secure code lies outside the data", 0x60 },
		{ 0x64, 4, 0x401, "non-secure code lies outside the data", 0x60 },
		{ 0x68, 4, 0x301, "data part lies outside the data", 0x68 },
		{ 0x6c, 4, UINT32_MAX, "data part lies outside the data", 0x68 },
		{ 0x70, 4, 0, "num_apps is 0x0, not 1 to 8 that hdr_size has room for", 0x70 },
		{ 0x70, 4, 3, "num_apps is 0x3, not 1 to 8 that hdr_size has room for", 0x70 },
		{ 0x70, 4, UINT32_MAX, "num_apps is 0xffffffff, not 1 to 8 that hdr_size has room for", 0x70 },
		{ 0x74, 4, 0x201, "secure code lies outside the data", 0x74 },
		{ 0x78, 4, UINT32_MAX, "secure code lies outside the data", 0x74 },
	};
	static struct fw_image img;

	(void)state;
	build_hs_v1(&img, false);
	fw_check_refusals(&img, parse_hs_v1, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse_hs_v1);
}

static void good_falcon_bl(void **state)
{
	static struct fw_image img;
	struct nvt_falcon_bl b;

	(void)state;
	build_falcon_bl(&img);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_FALCON_BL);
	assert_int_equal(nvt_falcon_bl_parse(fw_bytes(&img), &b, NULL), 0);
	assert_int_equal(b.start_tag, 0xfd);
	assert_int_equal(b.dmem_load_off, 0x10);
	assert_int_equal(b.code_off, 0);
	assert_int_equal(b.code_size, 0x200);
	assert_int_equal(b.data_off, 0x200);
	assert_int_equal(b.data_size, 0x100);
	nvt_put_le32(img.b, NVT_NVFW_MAGIC_OLD);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_FALCON_BL);
	assert_int_equal(nvt_falcon_bl_parse(fw_bytes(&img), &b, NULL), 0);
}

static void refusals_falcon_bl(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x0c, 4, 0x19, "length of nvfw_bl_desc is 0x17, not at least 0x18", 0x10 },
		{ 0x18, 4, 0x10000, "start_tag is 0x10000, not below 0x10000", 0x18 },
		{ 0x20, 4, 0x101, "code lies outside the data", 0x20 },
		{ 0x24, 4, 0, "code_size is 0x0, not above 0", 0x24 },
		{ 0x24, 4, UINT32_MAX, "code lies outside the data", 0x20 },
		{ 0x28, 4, 0x201, "data part lies outside the data", 0x28 },
		{ 0x2c, 4, UINT32_MAX, "data part lies outside the data", 0x28 },
	};
	static struct fw_image img;

	(void)state;
	build_falcon_bl(&img);
	fw_check_refusals(&img, parse_falcon_bl, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse_falcon_bl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_hs_v1),     cmocka_unit_test(two_apps),
		cmocka_unit_test(refusals_hs_v1), cmocka_unit_test(good_falcon_bl),
		cmocka_unit_test(refusals_falcon_bl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
