/* SPDX-License-Identifier: MIT */
/* NVFW TLV files: reading, writing, and the conversions that come back to where they began. */
#include "fw_build.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define GOOD "NVFWVERS\005\0\0\0" "1.2.3\0\0\0" "APPV\004\0\0\0" "\007\0\0\0" "BLOB\002\0\0\0" "xy\0\0"

static struct nvt_bytes literal(const char *s, size_t n)
{
	return (struct nvt_bytes){ (const uint8_t *)s, n };
}

#define BYTES(s) literal(s, sizeof(s) - 1)

static void test_good(void **state)
{
	const struct nvt_bytes f = BYTES(GOOD);
	struct nvt_tlv t;
	struct nvt_bytes b;
	char version[8];
	uint32_t v;

	(void)state;
	assert_int_equal(nvt_tlv_parse(f, &t, NULL), 0);
	assert_int_equal(t.count, 3);
	assert_int_equal(nvt_tlv_string(f, &t, "VERS", version, sizeof(version), NULL), 0);
	assert_string_equal(version, "1.2.3");
	assert_int_equal(nvt_tlv_u32(f, &t, "APPV", &v, NULL), 0);
	assert_int_equal(v, 7);
	assert_int_equal(nvt_tlv_bytes(f, &t, "BLOB", &b, NULL), 0);
	assert_int_equal(b.n, 2);
	assert_memory_equal(b.p, "xy", 2);
	assert_null(nvt_tlv_block(&t, "SIGN"));
}

static void test_refusals(void **state)
{
	static const struct {
		const char *file;
		size_t n;
		const char *msg;
		uint64_t where;
	} rows[] = {
#define ROW(s) s, sizeof(s) - 1
		{ ROW(""), "TLV magic: truncated", 0 },
		{ ROW("NVF"), "TLV magic: truncated", 0 },
		{ ROW("NVFX"), "TLV magic is 0x5846564e, not 0x5746564e", 0 },
		{ ROW("NVFW"), "no tag VERS", UINT64_MAX },
		{ ROW("NVFWBLOB\001\0\0\0x\0\0\0"), "no tag VERS", UINT64_MAX },
		{ ROW("NVFWVERS"), "block header: truncated", 4 },
		{ ROW("NVFWVERS\001\0\0\0x\0\0\0BLO"), "block header: truncated", 16 },
		{ ROW("NVFWVers\001\0\0\0x\0\0\0"), "a tag is not four upper-case letters or digits", 4 },
		{ ROW("NVFWVER\200\001\0\0\0x\0\0\0"), "a tag is not four upper-case letters or digits", 4 },
		{ ROW("NVFWVERS\005\0\0\0x\0\0\0"), "value of VERS lies outside the file", 8 },
		{ ROW("NVFWVERS\001\0\0\0x\0\0"), "value of VERS lies outside the file", 8 },
		{ ROW("NVFWVERS\377\377\377\377x\0\0\0"), "value of VERS lies outside the file", 8 },
		{ ROW("NVFWVERS\001\0\0\0x\0\0\0VERS\001\0\0\0x\0\0\0"), "tag VERS is there twice", 16 },
	};
	struct nvt_tlv t;
	struct nvt_error e;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		memset(&e, 0, sizeof(e));
		e.where = UINT64_MAX;
		assert_int_equal(nvt_tlv_parse(literal(rows[i].file, rows[i].n), &t, &e), -NVT_E_DATA);
		assert_string_equal(e.msg, rows[i].msg);
		assert_int_equal(e.where, rows[i].where);
	}
}

static void test_values(void **state)
{
	const struct nvt_bytes f = BYTES("NVFWVERS\002\0\0\0a\001\0\0APPV\002\0\0\0\001\0\0\0BLOB\0\0\0\0");
	struct nvt_tlv t;
	struct nvt_error e = { 0 };
	struct nvt_bytes b;
	char text[4];
	uint32_t v;

	(void)state;
	assert_int_equal(nvt_tlv_parse(f, &t, NULL), 0);
	assert_int_equal(nvt_tlv_bytes(f, &t, "SIGN", &b, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "no tag SIGN");
	assert_int_equal(nvt_tlv_bytes(f, &t, "BLOB", &b, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "length of BLOB is 0x0, not above 0");
	assert_int_equal(nvt_tlv_u32(f, &t, "APPV", &v, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "length of APPV is 0x2, not 0x4");
	assert_int_equal(nvt_tlv_string(f, &t, "VERS", text, sizeof(text), &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "a character of VERS is 0x1, not printable ASCII");
	assert_int_equal(e.where, 13);
	assert_int_equal(nvt_tlv_string(f, &t, "VERS", text, 2, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "length of VERS is 0x2, not less than that");
}

static void test_too_many_blocks(void **state)
{
	uint8_t file[4 + 33 * 8];
	struct nvt_tlv t;
	struct nvt_error e = { 0 };
	unsigned i;

	(void)state;
	memset(file, 0, sizeof(file));
	memcpy(file, "NVFW", 4);
	for (i = 0; i < 33; i++) {
		memcpy(file + 4 + 8 * i, "TAGA", 4);
		file[4 + 8 * i + 2] = (uint8_t)('A' + i / 16);
		file[4 + 8 * i + 3] = (uint8_t)('A' + i % 16);
	}
	assert_int_equal(nvt_tlv_parse((struct nvt_bytes){ file, sizeof(file) }, &t, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "number of blocks is 0x21, not at most 32");
}

static void test_write_reads_back(void **state)
{
	const struct nvt_bytes f = BYTES(GOOD);
	struct nvt_tlv_value v[3] = { { "VERS", BYTES("1.2.3") }, { "APPV", BYTES("\007\0\0\0") }, { "BLOB", BYTES("xy") } };
	struct nvt_fw_out out;

	(void)state;
	assert_int_equal(nvt_tlv_write(v, 3, &out, NULL), 0);
	assert_int_equal(out.n, f.n);
	assert_memory_equal(out.p, f.p, f.n);
	free(out.p);
}

/* ---- conversions ---- */

static struct fw_image bin;

static void fmc(struct fw_image *img)
{
	static uint8_t data[0x200];
	const struct nvt_fmc_parts m = { { data, 48 }, { data + 1, 96 }, { data + 2, 97 }, { data + 3, 0x103 } };
	struct nvt_fw_out out;
	unsigned i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 5 + 1);
	assert_int_equal(nvt_fmc_write(&m, &out, NULL), 0);
	memcpy(img->b, out.p, out.n);
	img->n = out.n;
	free(out.p);
}

static void gen_bootloader(struct fw_image *img)
{
	static const uint8_t desc[24] = { 0xfd, [13] = 2, [17] = 2, [21] = 1 };
	static const uint8_t data[0x300] = { 1, 2, 3 };
	struct nvt_fw_out out;

	assert_int_equal(nvt_nvfw_write((struct nvt_bytes){ desc, 24 }, (struct nvt_bytes){ data, 0x300 }, &out, NULL), 0);
	memcpy(img->b, out.p, out.n);
	img->n = out.n;
	free(out.p);
}

static void build(const char *role, struct fw_image *img)
{
	if (!strcmp(role, "gsp"))
		fw_build_elf(img);
	else if (!strcmp(role, "bootloader"))
		fw_build_bl(img, 84);
	else if (!strcmp(role, "fmc"))
		fmc(img);
	else if (!strcmp(role, "gen_bootloader"))
		gen_bootloader(img);
	else
		fw_build_hs(img);
}

/* Files that lose nothing come back as they were; the others at least give the same TLV file again. */
static void test_there_and_back(void **state)
{
	static const struct {
		const char *role;
		bool whole;
	} rows[] = { { "gsp", false },          { "bootloader", false },   { "booter_load", true },
		     { "booter_unload", true }, { "gen_bootloader", true }, { "fmc", true } };
	const struct nvt_chip *chip = nvt_chip_by_name("GA102");
	struct nvt_fw_out tlv, back, again;
	struct nvt_bytes image, image2;
	char version[32];
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		print_message("%s\n", rows[i].role);
		build(rows[i].role, &bin);
		assert_int_equal(nvt_tlv_from_bin(rows[i].role, chip, "1.2.3", fw_bytes(&bin), &tlv, &image, NULL), 0);
		assert_int_equal(nvt_tlv_to_bin(rows[i].role, chip, (struct nvt_bytes){ tlv.p, tlv.n }, image, &back,
						version, NULL), 0);
		assert_string_equal(version, "1.2.3");
		if (rows[i].whole) {
			assert_int_equal(back.n, bin.n);
			/* the builders leave bin_size as they like */
			assert_memory_equal(back.p + 12, bin.b + 12, bin.n - 12);
		}
		assert_int_equal(nvt_tlv_from_bin(rows[i].role, chip, version, (struct nvt_bytes){ back.p, back.n },
						  &again, &image2, NULL), 0);
		assert_int_equal(again.n, tlv.n);
		assert_memory_equal(again.p, tlv.p, tlv.n);
		assert_int_equal(image2.n, image.n);
		if (image.n)
			assert_memory_equal(image2.p, image.p, image.n);
		free(tlv.p);
		free(back.p);
		free(again.p);
	}
}

static void check_back(const char *role, struct nvt_bytes tlv, const char *msg)
{
	struct nvt_error e = { 0 };
	struct nvt_fw_out out;
	char version[32];

	assert_int_equal(nvt_tlv_to_bin(role, nvt_chip_by_name("TU102"), tlv, BYTES("1234"), &out, version, &e),
			 -NVT_E_DATA);
	assert_string_equal(e.msg, msg);
	assert_null(out.p);
}

static void test_cannot_be_rebuilt(void **state)
{
#define VERSION "VERS\001\0\0\0" "1\0\0\0"
#define SIGN "SIGN\004\0\0\0" "sign"
	(void)state;
	check_back("gsp", BYTES("NVFW" VERSION), "no tag SIGN");
	check_back("gsp", BYTES("NVFW" SIGN "PLOC\004\0\0\0" "1234" VERSION), "tag PLOC has no place in linux-firmware's gsp file");
	check_back("gsp", BYTES("NVFW" SIGN "SIZE\004\0\0\0" "\005\0\0\0" "FILE\007\0\0\0gsp.bin\0" VERSION),
		   "SIZE is 0x5, gsp.bin has 0x4 bytes");
	check_back("gsp", BYTES("NVFW" SIGN "SIZE\004\0\0\0" "\004\0\0\0" "FILE\007\0\0\0gs1.bin\0" VERSION),
		   "FILE cannot be rebuilt: its value, its padding or its place would change");
	check_back("gsp", BYTES("NVFW" SIGN "SIZE\004\0\0\0" "\004\0\0\0" "FILE\007\0\0\0gsp.binx" VERSION),
		   "FILE cannot be rebuilt: its value, its padding or its place would change");
	check_back("gsp", BYTES("NVFW" VERSION SIGN "SIZE\004\0\0\0" "\004\0\0\0" "FILE\007\0\0\0gsp.bin\0"),
		   "VERS cannot be rebuilt: its value, its padding or its place would change");
	check_back("gsp", BYTES("NVFW" SIGN "SIZE\004\0\0\0" "\004\0\0\0" "FILE\007\0\0\0gsp.bin\0" "BLID\001\0\0\0x\0\0\0" VERSION),
		   "BLID has 1 bytes, not 20");
	check_back("gen_bootloader", BYTES("NVFWSTRT\004\0\0\0" "\375\0\0\0" "CDSZ\004\0\0\0" "\005\0\0\0" "BLOB\004\0\0\0" "1234" VERSION),
		   "CDSZ is 0x5, BLOB has 0x4 bytes");
	check_back("bootloader", BYTES("NVFW" VERSION), "no tag BLOB");
}

static void test_cannot_be_told(void **state)
{
	struct nvt_error e = { 0 };
	struct nvt_bytes image;
	struct nvt_fw_out out;

	(void)state;
	fw_build_hs(&bin);
	bin.b[0x340] = 0x10; /* patch_sig */
	assert_int_equal(nvt_tlv_from_bin("booter_load", nvt_chip_by_name("GA102"), "1", fw_bytes(&bin), &out, &image, &e),
			 -NVT_E_DATA);
	assert_string_equal(e.msg, "patch_sig is 0x10: a TLV file cannot say so");
	fw_build_elf(&bin);
	assert_int_equal(nvt_tlv_from_bin("gsp", nvt_chip_by_name("AD102"), "1", fw_bytes(&bin), &out, &image, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "the GSP-RM image has no section .fwsignature_ad10x");
	gen_bootloader(&bin);
	bin.b[0x18 + 8] = 1; /* code_off */
	assert_int_equal(nvt_tlv_from_bin("gen_bootloader", nvt_chip_by_name("TU102"), "1", fw_bytes(&bin), &out, &image, &e),
			 -NVT_E_DATA);
	assert_string_equal(e.msg, "code_off 0x1 and dmem_load_off 0x0 must be 0 in a TLV file");
	assert_int_equal(nvt_tlv_from_bin("scrubber", nvt_chip_by_name("AD102"), "1", fw_bytes(&bin), &out, &image, &e),
			 -NVT_E_USAGE);
	assert_string_equal(e.msg, "nova-core has no file for scrubber");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_too_many_blocks),
		cmocka_unit_test(test_write_reads_back),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_cannot_be_rebuilt),
		cmocka_unit_test(test_cannot_be_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
