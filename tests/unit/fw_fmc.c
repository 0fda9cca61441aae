/* SPDX-License-Identifier: MIT */
/* FMC images: structure, CRC-32 and SHA-384. */
#include "fw_build.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

#define TABLE 0x34u
#define BODY (TABLE + 6 * 40)
#define NAMES_SIZE 42u
#define HASH 0x150u
#define SIGNATURE 0x180u
#define KEY 0x1e0u
#define IMAGE 0x244u
#define IMAGE_SIZE 0x100u

static void section(struct fw_image *img, unsigned i, uint32_t name, uint32_t off, uint32_t size)
{
	uint8_t *p = img->b + TABLE + 40 * (size_t)i;

	nvt_put_le32(p, name);
	nvt_put_le32(p + 4, i == 1 ? 3 : 1);
	nvt_put_le32(p + 0x10, off);
	nvt_put_le32(p + 0x14, size);
	if (i > 1)
		nvt_put_le32(p + 0x1c, nvt_crc32((struct nvt_bytes){ img->b + off, size }));
}

/* Laid out as the published files of Blackwell are. */
static void build(struct fw_image *img)
{
	static const char names[NAMES_SIZE] = "\0.shstrtab\0hash\0signature\0publickey\0image";
	struct nvt_sha384 d;
	unsigned i;

	memset(img, 0, sizeof(*img));
	memcpy(img->b, "\177ELF\1\1\1", 7);
	nvt_put_le32(img->b + 0x14, 1);
	nvt_put_le32(img->b + 0x20, TABLE);
	nvt_put_le16(img->b + 0x28, 52);
	nvt_put_le16(img->b + 0x2e, 40);
	nvt_put_le16(img->b + 0x30, 6);
	nvt_put_le16(img->b + 0x32, 1);
	memcpy(img->b + BODY, names, sizeof(names));
	for (i = SIGNATURE; i < IMAGE + IMAGE_SIZE; i++)
		img->b[i] = (uint8_t)(i * 5);
	nvt_sha384((struct nvt_bytes){ img->b + IMAGE, IMAGE_SIZE }, &d);
	memcpy(img->b + HASH, d.b, sizeof(d.b));
	section(img, 1, 1, BODY, NAMES_SIZE);
	section(img, 2, 11, HASH, 48);
	section(img, 3, 16, SIGNATURE, 96);
	section(img, 4, 26, KEY, 97);
	section(img, 5, 36, IMAGE, IMAGE_SIZE);
	img->n = IMAGE + IMAGE_SIZE;
}

static int parse(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_fmc m;
	int rc = nvt_fmc_parse(file, &m, e);

	return rc ? rc : nvt_fmc_check(file, &m, e);
}

static void good(void **state)
{
	static struct fw_image img;
	struct nvt_fmc m;

	(void)state;
	build(&img);
	assert_int_equal(nvt_fw_detect(fw_bytes(&img)), NVT_FW_FMC);
	assert_int_equal(nvt_fmc_parse(fw_bytes(&img), &m, NULL), 0);
	assert_int_equal(nvt_fmc_check(fw_bytes(&img), &m, NULL), 0);
	assert_int_equal(m.hash.off, HASH);
	assert_int_equal(m.signature.size, 96);
	assert_int_equal(m.publickey.off, KEY);
	assert_int_equal(m.image.off, IMAGE);
	assert_int_equal(m.image.size, IMAGE_SIZE);
	assert_true(m.is_ecdsa);
	/* no CRC stated */
	nvt_put_le32(img.b + TABLE + 4 * 40 + 0x1c, 0);
	assert_int_equal(parse(fw_bytes(&img), NULL), 0);
}

static void crc_of_nine_digits(void **state)
{
	(void)state;
	assert_int_equal(nvt_crc32((struct nvt_bytes){ (const uint8_t *)"123456789", 9 }), 0xcbf43926);
}

static void refusals(void **state)
{
	static const struct fw_refusal rows[] = {
		{ 0x00, 4, 0x464c457e, "ELF magic is 0x464c457e, not 0x464c457f", 0 },
		{ 0x04, 1, 2, "ELF class is 0x2, not 0x1", 4 },
		{ 0x05, 1, 2, "ELF data encoding is 0x2, not 0x1", 5 },
		{ 0x10, 2, 1, "e_type is 0x1, not 0x0", 0x10 },
		{ 0x12, 2, 243, "e_machine is 0xf3, not 0x0", 0x12 },
		{ 0x20, 4, 0x255, "section table lies outside the file", 0x20 },
		{ 0x2e, 2, 64, "e_shentsize is 0x40, not 0x28", 0x2e },
		{ 0x30, 2, 1, "e_shnum is 0x1, not 2 to 16", 0x30 },
		{ 0x30, 2, 17, "e_shnum is 0x11, not 2 to 16", 0x30 },
		{ 0x30, 2, 5, "no section image", UINT64_MAX },
		{ 0x32, 2, 0, "e_shstrndx is 0x0, not a section's index", 0x32 },
		{ 0x32, 2, 6, "e_shstrndx is 0x6, not a section's index", 0x32 },
		{ TABLE + 40 + 0x10, 4, UINT32_MAX, "section name table lies outside the file", TABLE + 40 + 0x10 },
		{ TABLE + 2 * 40, 4, 0, "no section hash", UINT64_MAX },
		{ TABLE + 3 * 40, 4, 11, "section hash is there twice", TABLE + 3 * 40 },
		{ TABLE + 5 * 40, 4, 37, "no section image", UINT64_MAX },
		{ TABLE + 5 * 40 + 0x10, 4, IMAGE + 1, "section image lies outside the file", TABLE + 5 * 40 + 0x10 },
		{ TABLE + 5 * 40 + 0x14, 4, 0, "size of image is 0x0, not above 0", IMAGE },
		{ TABLE + 2 * 40 + 0x14, 4, 32, "size of hash is 0x20, not 0x30", HASH },
		{ TABLE + 3 * 40 + 0x14, 4, 97, "size of signature is 0x61, not 0x60", SIGNATURE },
		{ TABLE + 4 * 40 + 0x14, 4, 96, "size of publickey is 0x60, not 0x180 or 0x61", KEY },
		{ TABLE + 2 * 40 + 0x1c, 4, 0, "hash is not the SHA-384 of image", HASH },
	};
	static struct fw_image img;

	(void)state;
	build(&img);
	/* the last row: a hash of something else, with no CRC that would say so first */
	fw_check_refusals(&img, parse, rows, NVT_ARRAY_SIZE(rows) - 1);
	fw_check_truncation(&img, parse);
	img.b[HASH] ^= 1;
	fw_check_refusals(&img, parse, rows + NVT_ARRAY_SIZE(rows) - 1, 1);
}

static void damaged(void **state)
{
	static const struct {
		const char *name;
		uint32_t off;
	} rows[] = { { "hash", HASH }, { "signature", SIGNATURE }, { "publickey", KEY }, { "image", IMAGE } };
	static struct fw_image img;
	struct nvt_error e;
	char want[64];
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		build(&img);
		img.b[rows[i].off + 8] ^= 0x40;
		assert_int_equal(parse(fw_bytes(&img), &e), -NVT_E_DATA);
		snprintf(want, sizeof(want), "CRC-32 of section %s is 0x", rows[i].name);
		assert_memory_equal(e.msg, want, strlen(want));
		assert_int_equal(e.where, rows[i].off);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(crc_of_nine_digits),
		cmocka_unit_test(refusals), cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
