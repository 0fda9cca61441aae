/* SPDX-License-Identifier: MIT */
/* nvfw containers: HS images and the RISC-V bootloader; choice of signature. */
#include "fw_build.h"

#include <string.h>

static int parse_hs(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_hs_image hs;

	return nvt_hs_parse(file, &hs, e);
}

static int parse_bl(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_riscv_bl bl;

	return nvt_riscv_bl_parse(file, &bl, e);
}

static void good_hs(void **state)
{
	static struct fw_image img;
	struct nvt_hs_image h;

	(void)state;
	fw_build_hs(&img);
	assert_int_equal(nvt_hs_parse(fw_bytes(&img), &h, NULL), 0);
	assert_int_equal(h.bin.bin_size, 0xc00);
	assert_int_equal(h.bin.data_off, 0x378);
	assert_int_equal(h.bin.data_size, 0x800);
	assert_int_equal(h.header_off_file, 0x18);
	assert_int_equal(h.sig_off, 0x3c);
	assert_int_equal(h.sig_size, 0x300);
	assert_int_equal(h.sig_count, 2);
	assert_int_equal(h.sig_each, 0x180);
	assert_int_equal(h.patch_loc, 0x410);
	assert_int_equal(h.patch_sig, 0);
	assert_int_equal(h.fuse_version, 1);
	assert_int_equal(h.engine_id, 1);
	assert_int_equal(h.ucode_id, 3);
	assert_int_equal(h.load_header_off, 0x354);
	assert_int_equal(h.os_code_off, 0);
	assert_int_equal(h.os_code_size, 0x100);
	assert_int_equal(h.os_data_off, 0x400);
	assert_int_equal(h.os_data_size, 0x400);
	assert_int_equal(h.app_count, 1);
	assert_int_equal(h.app0_off, 0x100);
	assert_int_equal(h.app0_size, 0x300);
	assert_int_equal(h.app0_data_off, 0x100);
	assert_int_equal(h.app0_data_size, 0);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_BOOTER);
}

static void refusals_hs(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x00, 4, 0x3b1d14f0, "bin_magic is 0x3b1d14f0, not 0x10de", 0 },
		{ 0x04, 4, 2, "bin_ver is 0x2, not 0x1", 4 },
		{ 0x0c, 4, 0x17, "header_offset is 0x17, not between the header and the data", 0xc },
		{ 0x0c, 4, 0x379, "header_offset is 0x379, not between the header and the data", 0xc },
		{ 0x10, 4, 0x379, "data lies outside the file", 0x10 },
		{ 0x10, 4, UINT32_MAX, "data lies outside the file", 0x10 },
		{ 0x14, 4, 0, "data_size is 0x0, not above 0", 0x14 },
		{ 0x14, 4, UINT32_MAX, "data lies outside the file", 0x10 },
		{ 0x18, 4, 0x900, "signature array lies outside the file", 0x18 },
		{ 0x1c, 4, 0x301, "num_sig is 0x2, not a divisor of sig_prod_size", 0x350 },
		{ 0x1c, 4, 0x302, "size of one signature is 0x181, not 0x10 or 0x180", 0x1c },
		{ 0x20, 4, 0xb75, "patch_loc lies outside the file", 0x20 },
		{ 0x24, 4, UINT32_MAX, "patch_sig lies outside the file", 0x24 },
		{ 0x28, 4, 0xb70, "meta data lies outside the file", 0x28 },
		{ 0x2c, 4, 8, "meta_data_size is 0x8, not 0xc", 0x2c },
		{ 0x30, 4, 0xb75, "num_sig lies outside the file", 0x30 },
		{ 0x34, 4, 0xb60, "load header lies outside the file", 0x34 },
		{ 0x38, 4, 0x23, "header_size is 0x23, not at least 0x24", 0x38 },
		{ 0x33c, 4, 0x3ff, "patch_loc is 0x3ff, not inside os_data", 0x33c },
		{ 0x33c, 4, 0x681, "signature area lies outside the os_data", 0x33c },
		{ 0x340, 4, UINT32_MAX, "signature array lies outside the file", 0x18 },
		{ 0x350, 4, 0, "num_sig is 0x0, not a divisor of sig_prod_size", 0x350 },
		{ 0x354, 4, 0x701, "os_code lies outside the data", 0x354 },
		{ 0x35c, 4, 0x401, "os_data lies outside the data", 0x35c },
		{ 0x360, 4, UINT32_MAX, "os_data lies outside the data", 0x35c },
		{ 0x364, 4, 0, "num_apps is 0x0, not what header_size has room for", 0x364 },
		{ 0x364, 4, 2, "num_apps is 0x2, not what header_size has room for", 0x364 },
		{ 0x368, 4, 0x501, "app 0 lies outside the data", 0x368 },
		{ 0x374, 4, 0x701, "app 0 data lies outside the data", 0x370 },
	};
	static struct fw_image img;

	(void)state;
	fw_build_hs(&img);
	fw_check_refusals(&img, parse_hs, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse_hs);
}

/* A container that ends with its data before a whole HS header. */
static void short_hs_header(void **state)
{
	static struct fw_image img;
	struct nvt_error e;

	(void)state;
	fw_build_hs(&img);
	img.b[0x10] = 0x18;
	img.b[0x11] = 0;
	img.b[0x14] = 4;
	img.b[0x15] = 0;
	img.n = 0x1c;
	assert_int_equal(parse_hs(fw_bytes(&img), &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "HS header: truncated");
	assert_int_equal(e.where, 0x18);
	assert_string_equal(e.seen, "0x1c bytes in all");
	assert_string_equal(e.wanted, "0x24 bytes at 0x18");
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_UNKNOWN);
}

static void signature_choice(void **state)
{
	struct nvt_hs_image h = { .sig_count = 2, .fuse_version = 1 };
	struct nvt_error e;
	unsigned i = 9;

	(void)state;
	assert_int_equal(nvt_hs_pick_signature(&h, 0, &i, NULL), 0);
	assert_int_equal(i, 1);
	assert_int_equal(nvt_hs_pick_signature(&h, 1, &i, NULL), 0);
	assert_int_equal(i, 0);
	assert_int_equal(nvt_hs_pick_signature(&h, 2, &i, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "no signature for fuse version 2");
	assert_string_equal(e.seen, "2 signatures, the first for version 1");
	h = (struct nvt_hs_image){ .sig_count = 2, .fuse_version = 4 };
	assert_int_equal(nvt_hs_pick_signature(&h, 2, &i, NULL), -NVT_E_DATA);
	assert_int_equal(nvt_fuse_version(0), 0);
	assert_int_equal(nvt_fuse_version(1), 1);
	assert_int_equal(nvt_fuse_version(3), 2);
	assert_int_equal(nvt_fuse_version(0x80000000), 32);
}

static void good_bl(void **state)
{
	static struct fw_image img;
	struct nvt_riscv_bl r;

	(void)state;
	fw_build_bl(&img, 84);
	assert_int_equal(nvt_riscv_bl_parse(fw_bytes(&img), &r, NULL), 0);
	assert_int_equal(r.desc_size, 84);
	assert_int_equal(r.version, 5);
	assert_int_equal(r.bootloader_off, 0x500);
	assert_int_equal(r.bootloader_size, 0x80);
	assert_int_equal(r.bootloader_param_off, 0x580);
	assert_int_equal(r.bootloader_param_size, 0x10);
	assert_int_equal(r.app_version, 7);
	assert_int_equal(r.manifest_off, 0);
	assert_int_equal(r.manifest_size, 0x80);
	assert_int_equal(r.monitor_data_off, 0x80);
	assert_int_equal(r.monitor_data_size, 0x100);
	assert_int_equal(r.monitor_code_off, 0x180);
	assert_int_equal(r.monitor_code_size, 0x290);
	assert_int_equal(r.is_monitor_enabled, 1);
	assert_int_equal(r.fb_reserved_size, 0x6000);
	assert_int_equal(r.signed_as_code, 1);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_RISCV_BL);

	fw_build_bl(&img, 92);
	assert_int_equal(nvt_riscv_bl_parse(fw_bytes(&img), &r, NULL), 0);
	assert_int_equal(r.desc_size, 92);
	assert_int_equal(r.is_smp, 1);
	assert_int_equal(r.is_plic_enabled, 0);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_RISCV_BL);

	fw_build_bl(&img, 76);
	assert_int_equal(nvt_riscv_bl_parse(fw_bytes(&img), &r, NULL), 0);
	assert_int_equal(r.desc_size, 76);
	assert_int_equal(r.fb_reserved_size, 0);
	assert_int_equal(r.signed_as_code, 0);
}

static void refusals_bl(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x0c, 4, 0x1c, "length of RM_RISCV_UCODE_DESC is 0x50, not 0x4c, 0x54 or 0x5c", 0x10 },
		{ 0x18 + 0x04, 4, 0x581, "bootloader lies outside the data", 0x1c },
		{ 0x18 + 0x0c, 4, 0x5f1, "bootloader parameter area lies outside the data", 0x24 },
		{ 0x18 + 0x14, 4, UINT32_MAX, "RISC-V ELF lies outside the data", 0x2c },
		{ 0x18 + 0x24, 4, 0x601, "manifest lies outside the data", 0x38 },
		{ 0x18 + 0x2c, 4, UINT32_MAX, "monitor data lies outside the data", 0x40 },
		{ 0x18 + 0x30, 4, 0x371, "monitor code lies outside the data", 0x48 },
		{ 0x18 + 0x40, 4, 0x601, "software boot ROM code lies outside the data", 0x54 },
		{ 0x18 + 0x48, 4, 0x601, "software boot ROM data lies outside the data", 0x5c },
	};
	static struct fw_image img;

	(void)state;
	fw_build_bl(&img, 84);
	fw_check_refusals(&img, parse_bl, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse_bl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_hs),
		cmocka_unit_test(refusals_hs),
		cmocka_unit_test(short_hs_header),
		cmocka_unit_test(signature_choice),
		cmocka_unit_test(good_bl),
		cmocka_unit_test(refusals_bl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
