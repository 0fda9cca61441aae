/* SPDX-License-Identifier: MIT */
/* VBIOS: image chain, BIT, ucode table, and reading it piece by piece. */
#include "fw_build.h"

#include <string.h>

static int parse(struct nvt_bytes rom, struct nvt_error *e)
{
	static struct nvt_vbios vb;

	return nvt_vbios_parse(rom, &vb, e);
}

static void check_chain(const struct nvt_vbios *vb, uint32_t r)
{
	static const struct {
		uint32_t off, length;
		uint8_t type;
	} want[] = { { 0, 0x800, 0x00 }, { 0x800, 0x200, 0x03 }, { 0xa00, 0x400, 0xe0 }, { 0xe00, 0x1800, 0xe0 } };
	unsigned i;

	assert_int_equal(vb->rom_start, r);
	assert_int_equal(vb->image_count, 4);
	for (i = 0; i < 4; i++) {
		assert_int_equal(vb->images[i].offset, r + want[i].off);
		assert_int_equal(vb->images[i].length, want[i].length);
		assert_int_equal(vb->images[i].code_type, want[i].type);
		assert_int_equal(vb->images[i].signature, i < 2 ? 0xaa55 : 0x4e56);
		assert_int_equal(vb->images[i].vendor, 0x10de);
		assert_int_equal(vb->images[i].device, 0x2204);
		assert_int_equal(vb->images[i].pcir_off, r + want[i].off + 0x20);
		assert_true(vb->images[i].has_npde);
		assert_true(vb->images[i].checksum_ok);
		/* The EFI image's own bit says last; its extension says otherwise. */
		assert_int_equal(vb->images[i].last, i == 3);
	}
}

static void check_tables(const struct nvt_vbios *vb, uint32_t r)
{
	assert_string_equal(vb->version, "94.02.26.48.70");
	assert_int_equal(vb->bit_off, r + 0x1b0);
	assert_int_equal(vb->token_count, 2);
	assert_int_equal(vb->tokens[0].id, 'i');
	assert_int_equal(vb->tokens[1].id, 'p');
	assert_int_equal(vb->tokens[1].version, 2);
	assert_int_equal(vb->tokens[1].size, 4);
	assert_int_equal(vb->tokens[1].ptr, 0x210);
	assert_int_equal(vb->ucode_table_off, r + 0xe80);
	assert_int_equal(vb->ucode_count, 3);
	assert_int_equal(vb->ucodes[0].app_id, 0x45);
	assert_int_equal(vb->ucodes[0].target_id, 7);
	assert_int_equal(vb->ucodes[1].app_id, 0x85);
	assert_int_equal(vb->ucodes[1].ptr, 0xd00);
	assert_int_equal(vb->ucodes[1].desc_off, r + 0xf00);
	assert_int_equal(vb->ucodes[2].desc_off, 0);
}

static void check_fwsec(const struct nvt_vbios *vb, uint32_t r, unsigned version)
{
	const struct nvt_fwsec *fs = nvt_vbios_fwsec(vb);

	assert_int_equal(vb->fwsec_count, 2);
	assert_ptr_equal(fs, &vb->fwsec[0]);
	assert_int_equal(vb->fwsec[1].app_id, 0x45);
	assert_int_equal(vb->fwsec[1].desc_off, r + 0x1a00);
	assert_int_equal(fs->app_id, 0x85);
	assert_int_equal(fs->target_id, 7);
	assert_int_equal(fs->desc_version, version);
	assert_int_equal(fs->desc_off, r + 0xf00);
	assert_int_equal(fs->desc_size, version == 2 ? 60 : 812);
	assert_int_equal(fs->ucode_off, fs->desc_off + fs->desc_size);
	assert_int_equal(fs->stored_size, 0x500);
	assert_int_equal(fs->interface_off, 0x1c);
	assert_int_equal(fs->imem_load_size, 0x200);
	assert_int_equal(fs->dmem_load_size, 0x300);
	assert_int_equal(fs->dmem_off, 0x200);
	assert_int_equal(fs->imem_sec_base, version == 2 ? 0x100 : 0);
	assert_int_equal(fs->imem_sec_size, version == 2 ? 0x100 : 0);
	assert_int_equal(fs->pkc_data_off, version == 3 ? 0x180 : 0);
	assert_int_equal(fs->signature_off, version == 3 ? r + 0xf00 + 44 : 0);
	assert_int_equal(fs->engine_id_mask, version == 3 ? 0x400 : 0);
	assert_int_equal(fs->ucode_id, version == 3 ? 9 : 0);
	assert_int_equal(fs->signature_count, version == 3 ? 2 : 0);
	assert_int_equal(fs->signature_versions, version == 3 ? 3 : 0);
}

static void good(void **state)
{
	static struct nvt_vbios vb;
	static struct fw_image img;
	unsigned version, dump;

	(void)state;
	for (version = 2; version <= 3; version++)
		for (dump = 0; dump < 2; dump++) {
			fw_build_vbios(&img, version, dump);
			assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
			check_chain(&vb, dump ? 0x3000 : 0);
			check_tables(&vb, dump ? 0x3000 : 0);
			check_fwsec(&vb, dump ? 0x3000 : 0, version);
			assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_VBIOS);
		}
}

/* Bytes of another kind in front of the chain, and bytes behind it, as in dumps of later chips. */
static void chain_not_at_zero(void **state)
{
	static struct fw_image img, shifted;
	static struct nvt_vbios vb;

	(void)state;
	fw_build_vbios(&img, 3, false);
	memset(&shifted, 0xff, sizeof(shifted));
	memcpy(shifted.b + 0x1200, img.b, img.n);
	shifted.n = sizeof(shifted.b);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&shifted), &vb, NULL), 0);
	check_chain(&vb, 0x1200);
	check_fwsec(&vb, 0x1200, 3);
}

static void nvgi_versions_1_and_2(void **state)
{
	static struct nvt_vbios vb;
	static struct fw_image img;
	unsigned version;

	(void)state;
	for (version = 1; version <= 2; version++) {
		fw_build_vbios(&img, 3, true);
		img.b[5] = (uint8_t)version;
		img.b[6] = 0x20;
		memcpy(img.b + 0x24, "\0\x30\0\0", 4);
		assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
		check_chain(&vb, 0x3000);
	}
}

static void bad_checksum_is_reported(void **state)
{
	static struct nvt_vbios vb;
	static struct fw_image img;

	(void)state;
	fw_build_vbios(&img, 3, false);
	img.b[0x900]++;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_true(vb.images[0].checksum_ok);
	assert_false(vb.images[1].checksum_ok);
	/* NVIDIA's extension may say that there is no checksum. */
	img.b[0x84b] = 4;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_true(vb.images[1].checksum_ok);
}

static void without_fwsec(void **state)
{
	static struct nvt_vbios vb;
	static struct fw_image img;

	(void)state;
	fw_build_vbios(&img, 3, false);
	img.b[0x1bc + 6] = 'q';
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.ucode_count, 0);
	assert_null(nvt_vbios_fwsec(&vb));
	fw_build_vbios(&img, 3, false);
	img.b[0xe92] = 0x07;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.fwsec_count, 1);
	assert_null(nvt_vbios_fwsec(&vb));
}

static void extension_rules(void **state)
{
	static struct nvt_vbios vb;
	static struct fw_image img;

	(void)state;
	/* A revision nobody knows is no extension: the EFI image's own last bit ends the chain. */
	fw_build_vbios(&img, 3, false);
	img.b[0x845] = 2;
	img.b[0x1bc + 6] = 'q';
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.image_count, 2);
	assert_false(vb.images[1].has_npde);
	/* Too short for its last bit, with a sub-image shorter than the image: not last. */
	fw_build_vbios(&img, 3, false);
	img.b[0x846] = 10;
	img.b[0x830] = 2;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.image_count, 4);
	assert_int_equal(vb.images[1].length, 0x200);
}

static void refusals(void **state)
{
	static const struct fw_refusal rows[] = {
		/* The chain is then taken to begin at the EFI image. */
		{ 0x00, 2, 0x1234, "no PC-AT image among 3 images", UINT64_MAX },
		{ 0x00, 4, 0x4747564e, "NVGI signature is 0x4747564e, not 0x4947564e", 0 },
		{ 0x18, 2, 0x30, "PCI data structure of image 0 is 0x4, not PCIR, NPDS or RGIS", 0x30 },
		{ 0x18, 2, 0xffff, "PCI data structure of image 0: truncated", 0xffff },
		{ 0x48, 2, 0x7fff, "length of image 0 lies outside the ROM", 0x30 },
		{ 0x800, 2, 0x55aa, "signature of image 1 is 0x55aa, not 0xaa55, 0x4e56 or 0xbb77", 0x800 },
		{ 0xe4a, 1, 0, "header of image 4: truncated", 0x2600 },
		{ 0x34, 1, 0xe1, "no PC-AT image among 4 images", UINT64_MAX },
		{ 0x1b2, 1, 'b', "no BIT header with a good checksum in the PC-AT image", 0 },
		{ 0x1ba, 1, 3, "no BIT header with a good checksum in the PC-AT image", 0 },
		{ 0x210, 4, 0x7fffffff, "falcon ucode table: truncated", 0x800001ff },
		{ 0xe80, 1, 2, "falcon ucode table version is 0x2, not 0x1", 0xe80 },
		{ 0xe81, 1, 5, "falcon ucode table header length is 0x5, not at least 6", 0xe81 },
		{ 0xe82, 1, 5, "falcon ucode table entry length is 0x5, not at least 6", 0xe82 },
		{ 0xe82, 2, 0xffff, "falcon ucode table lies outside the ROM", 0xe83 },
		{ 0xe94, 4, 0x7fffffff,
		  "application 0x85: FWSEC descriptor pointer is 0x7fffffff, not inside the ROM", 0xe80 },
		{ 0xf00, 1, 0,
		  "application 0x85: FWSEC descriptor header is 0x32c0300, not one with its version bit set", 0xf00 },
		{ 0xf01, 1, 4, "application 0x85: FWSEC descriptor version is 0x4, not 2 or 3", 0xf01 },
		{ 0xf02, 2, 43, "application 0x85: FWSEC descriptor size is 0x2b, not at least 44", 0xf02 },
		{ 0xf02, 2, 0xffff, "application 0x85: FWSEC descriptor: truncated", 0xf00 },
		{ 0xf27, 1, 3, "application 0x85: FWSEC descriptor size is 0x32c, not 44 and 384 for each signature",
		  0xf02 },
		{ 0xf08, 4, 0x181, "application 0x85: signature area lies outside the DMEM part", 0xf08 },
		{ 0xf04, 4, 0x501, "application 0x85: StoredSize is 0x501, not 0x500", 0xf04 },
		{ 0xf14, 4, 0xfffffd00, "application 0x85: StoredSize is 0x500, not 0x100000000", 0xf04 },
		{ 0x1a01, 1, 4, "application 0x45: FWSEC descriptor version is 0x4, not 2 or 3", 0x1a01 },
	};
	static const struct fw_refusal v2[] = {
		{ 0xf28, 4, 0x100, "application 0x85: DMEMOffset is 0x100, not 0x200", 0xf28 },
		{ 0xf1c, 4, 0x101, "application 0x85: IMEMSecBase is 0x100, not at least IMEMVirtBase", 0xf20 },
		{ 0xf24, 4, 0x101, "application 0x85: secure IMEM part lies outside the IMEM part", 0xf20 },
		{ 0xf02, 2, 59, "application 0x85: FWSEC descriptor size is 0x3b, not at least 60", 0xf02 },
	};
	static struct fw_image img;

	(void)state;
	fw_build_vbios(&img, 3, false);
	fw_check_refusals(&img, parse, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse);
	fw_build_vbios(&img, 2, false);
	fw_check_refusals(&img, parse, v2, NVT_ARRAY_SIZE(v2));
	fw_check_truncation(&img, parse);
}

static void refusals_of_bit(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x1b9, 1, 5, "BIT token size is 0x5, not at least 6", 0x1b9 },
		{ 0x1ba, 1, 65, "BIT token count is 0x41, not at most 64", 0x1ba },
	};
	static struct fw_image img;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		fw_build_vbios(&img, 3, false);
		img.b[rows[i].off] = (uint8_t)rows[i].value;
		fw_fix_sum(&img, 0x1b0, 12);
		fw_check_refusals(&img, parse, &rows[i], 1);
	}
}

static void refusals_of_dumps(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x05, 1, 4, "NVGI version is 0x4, not 1, 2 or 3", 5 },
		{ 0x08, 4, 0xfffff, "NVGI flash status: truncated", 0xfffff },
		{ 0x100, 4, 0xffffffff, "ROM directory: truncated", 0x100000fff },
		{ 0x2000, 1, 'X', "ROM directory signature is 0x44524658, not 0x44524652", 0x2000 },
		{ 0x2008, 4, 0x3002, "start of the PCI ROM is 0x3002, not 4-aligned", 0 },
		{ 0x2008, 4, 0xfffffffc, "header of image 0: truncated", 0xfffffffc },
	};
	static struct fw_image img;

	(void)state;
	fw_build_vbios(&img, 3, true);
	fw_check_refusals(&img, parse, rows, NVT_ARRAY_SIZE(rows));
	fw_check_truncation(&img, parse);
}

/* A ROM of 16 MiB and a byte is refused before anything is read. */
static void too_large(void **state)
{
	static struct fw_image img;
	struct nvt_error e;

	(void)state;
	fw_build_vbios(&img, 3, false);
	assert_int_equal(parse((struct nvt_bytes){ img.b, (16u << 20) + 1 }, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "VBIOS size is 0x1000001, not at most 16 MiB");
}

static void no_rom(void **state)
{
	static const uint8_t text[600] = "just text";
	struct nvt_error e;

	(void)state;
	assert_int_equal(parse((struct nvt_bytes){ text, sizeof(text) }, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "ROM signature is 0x756a, not 0xaa55, NVGI or an image further on");
	assert_int_equal(nvt_fw_detect((struct nvt_bytes){ text, sizeof(text) }), NVT_FW_UNKNOWN);
	assert_string_equal(nvt_fw_kind_name(NVT_FW_UNKNOWN), "unknown");
}

static void piece_by_piece(void **state)
{
	static struct fw_image img;
	size_t have = 0, need, steps = 0;
	unsigned dump;

	(void)state;
	for (dump = 0; dump < 2; dump++) {
		fw_build_vbios(&img, 3, dump);
		memset(img.b + img.n, 0xff, sizeof(img.b) - img.n);
		for (have = steps = 0;; steps++) {
			need = nvt_vbios_need((struct nvt_bytes){ img.b, have });
			if (!need)
				break;
			assert_true(need > have && need <= img.n);
			have = need;
		}
		assert_int_equal(have, img.n);
		assert_true(steps < 24);
		assert_int_equal(nvt_vbios_need((struct nvt_bytes){ img.b, sizeof(img.b) }), 0);
	}
	assert_int_equal(nvt_vbios_need((struct nvt_bytes){ (const uint8_t *)"NV is no ROM", 12 }), 0);
}

/* What a dump says of itself: header, directory, InfoROM, the other bank. */
static void flash(void **state)
{
	static struct fw_image img;
	static struct nvt_vbios vb;
	uint8_t *dir = img.b + 0x2000;

	(void)state;
	fw_build_vbios(&img, 3, true);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.flash.nvgi_version, 3);
	assert_int_equal(vb.flash.fixed_size, 8);
	assert_int_equal(vb.flash.total_size, 0x100);
	assert_int_equal(vb.flash.flash_status, 0x1000);
	assert_int_equal(vb.flash.dir_off, 0x2000);
	assert_int_equal(vb.flash.dir_length, 0);
	assert_int_equal(vb.flash.second_bank, 0);
	dir[4] = 3;
	dir[6] = 0x28;
	memcpy(dir + 0x0c, "\0\x26\0\0\0\x60\0\0\0\x10\0\0\0\x28\0\0", 16);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.flash.dir_version, 3);
	assert_int_equal(vb.flash.rom_length, 0x2600);
	assert_int_equal(vb.flash.inforom_off, 0x6000);
	assert_int_equal(vb.flash.inforom_length, 0x1000);
	/* only a header makes it a bank */
	assert_int_equal(vb.flash.second_bank, 0);
	memcpy(img.b + 0x2800, "NVGI", 4);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.flash.second_bank, 0x2800);
	/* version 2 of the directory has it one field later */
	dir[4] = 2;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.flash.second_bank, 0);
	fw_build_vbios(&img, 3, false);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, NULL), 0);
	assert_int_equal(vb.flash.nvgi_version, 0);
}

/* The first error is told; what it leaves in order is there all the same. */
static void in_spite_of_damage(void **state)
{
	static struct fw_image img;
	static struct nvt_vbios vb;
	struct nvt_error e;

	(void)state;
	fw_build_vbios(&img, 3, false);
	/* the header of the last image, which holds the ucode table and FWSEC */
	img.b[0xe00] = 0;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "signature of image 3 is 0x4e00, not 0xaa55, 0x4e56 or 0xbb77");
	assert_int_equal(e.where, 0xe00);
	assert_int_equal(vb.image_count, 3);
	assert_true(vb.images[0].checksum_ok);
	assert_string_equal(vb.version, "94.02.26.48.70");
	assert_int_equal(vb.token_count, 2);
	assert_int_equal(vb.fwsec_count, 2);

	/* the production FWSEC alone */
	fw_build_vbios(&img, 3, false);
	img.b[0xf00] = 0;
	assert_int_equal(nvt_vbios_parse(fw_bytes(&img), &vb, &e), -NVT_E_DATA);
	assert_int_equal(e.where, 0xf00);
	assert_int_equal(vb.image_count, 4);
	assert_int_equal(vb.fwsec_count, 1);
	assert_int_equal(vb.fwsec[0].app_id, 0x45);
	assert_null(nvt_vbios_fwsec(&vb));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(chain_not_at_zero),
		cmocka_unit_test(nvgi_versions_1_and_2),
		cmocka_unit_test(bad_checksum_is_reported),
		cmocka_unit_test(without_fwsec),
		cmocka_unit_test(extension_rules),
		cmocka_unit_test(refusals),
		cmocka_unit_test(refusals_of_bit),
		cmocka_unit_test(refusals_of_dumps),
		cmocka_unit_test(too_large),
		cmocka_unit_test(no_rom),
		cmocka_unit_test(piece_by_piece),
		cmocka_unit_test(flash),
		cmocka_unit_test(in_spite_of_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
