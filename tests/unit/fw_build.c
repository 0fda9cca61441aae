/* SPDX-License-Identifier: MIT */
/* Builders of small well-formed images. */
#include "fw_build.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

static void put(struct fw_image *img, uint64_t off, unsigned size, uint64_t v)
{
	unsigned i;

	for (i = 0; i < size; i++)
		img->b[off + i] = (uint8_t)(v >> 8 * i);
}

static void put_u32s(struct fw_image *img, uint64_t off, const uint32_t *v, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		put(img, off + 4 * i, 4, v[i]);
}

static void noise(struct fw_image *img, uint64_t off, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++)
		img->b[off + i] = (uint8_t)((off + i) * 7 + ((off + i) >> 8) + 1);
}

static void section(struct fw_image *img, unsigned i, uint32_t name, uint64_t off, uint64_t size)
{
	uint64_t at = 0x2200 + 64 * i;

	put(img, at, 4, name);
	put(img, at + 4, 4, 1);
	put(img, at + 0x18, 8, off);
	put(img, at + 0x20, 8, size);
}

void fw_build_elf(struct fw_image *img)
{
	static const char names[] = "\0.fwimage\0.fwversion\0.note.gnu.build-id\0.fwsignature_ga10x\0.shstrtab";
	static const uint8_t note[16] = { 4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0 };

	memset(img, 0, sizeof(*img));
	memcpy(img->b, "\177ELF\2\1\1", 7);
	put(img, 0x10, 2, 1);
	put(img, 0x12, 2, 243);
	put(img, 0x28, 8, 0x2200);
	put(img, 0x3a, 2, 64);
	put(img, 0x3c, 2, 6);
	put(img, 0x3e, 2, 5);
	noise(img, 0x40, 0x1000);
	memcpy(img->b + 0x1040, "1.2.3", 6);
	memcpy(img->b + 0x1048, note, sizeof(note));
	noise(img, 0x1058, 20);
	noise(img, 0x1080, 0x1000);
	memcpy(img->b + 0x2080, names, sizeof(names));
	section(img, 1, 1, 0x40, 0x1000);
	section(img, 2, 10, 0x1040, 6);
	section(img, 3, 21, 0x1048, 36);
	section(img, 4, 40, 0x1080, 0x1000);
	section(img, 5, 59, 0x2080, sizeof(names));
	img->n = 0x2200 + 6 * 64;
}

/* Two signatures; data: stub 0x100, application 0x300, data part 0x400 with the signature at its 0x10. */
void fw_build_hs(struct fw_image *img)
{
	static const uint32_t bin[6] = { 0x10de, 1, 0xc00, 0x18, 0x378, 0x800 };
	static const uint32_t hs[9] = { 0x3c, 0x300, 0x33c, 0x340, 0x344, 12, 0x350, 0x354, 0x24 };
	static const uint32_t values[6] = { 0x410, 0, 1, 1, 3, 2 };
	static const uint32_t load[9] = { 0, 0x100, 0x400, 0x400, 1, 0x100, 0x300, 0x100, 0 };

	memset(img, 0, sizeof(*img));
	put_u32s(img, 0, bin, 6);
	put_u32s(img, 0x18, hs, 9);
	noise(img, 0x3c, 0x180);
	put_u32s(img, 0x33c, values, 6);
	put_u32s(img, 0x354, load, 9);
	noise(img, 0x378, 0x800);
	img->n = 0x378 + 0x800;
}

void fw_build_bl(struct fw_image *img, unsigned desc_size)
{
	const uint32_t bin[6] = { 0x10de, 1, 0x700, 0x18, 0x18 + desc_size, 0x600 };
	static const uint32_t desc[23] = { 5, 0x500, 0x80, 0x580, 0x10, 0, 0, 7, 0,      0x80, 0x80,
					   0x100, 0x180, 0x290, 1, 0, 0, 0, 0, 0x6000, 1, 1, 0 };

	memset(img, 0, sizeof(*img));
	put_u32s(img, 0, bin, 6);
	put_u32s(img, 0x18, desc, desc_size / 4);
	noise(img, 0x18 + desc_size, 0x600);
	img->n = 0x18 + desc_size + 0x600;
}

void fw_fix_sum(struct fw_image *img, size_t off, size_t n)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < n - 1; i++)
		sum = (uint8_t)(sum + img->b[off + i]);
	img->b[off + n - 1] = (uint8_t)-sum;
}

/* An image header with PCI data at +0x20 and, if npde_last >= 0, NVIDIA's extension behind it at +0x40. */
static void rom_image(struct fw_image *img, size_t at, size_t length, uint8_t type, bool last, int npde_last)
{
	bool classic = type == 0x00 || type == 0x03;

	put(img, at, 2, classic ? 0xaa55 : 0x4e56);
	put(img, at + 0x18, 2, 0x20);
	memcpy(img->b + at + 0x20, classic ? "PCIR" : "NPDS", 4);
	put(img, at + 0x24, 2, 0x10de);
	put(img, at + 0x26, 2, 0x2204);
	put(img, at + 0x2a, 2, 0x18);
	put(img, at + 0x30, 2, length / 512);
	put(img, at + 0x34, 1, type);
	put(img, at + 0x35, 1, last ? 0x80 : 0);
	if (npde_last < 0)
		return;
	memcpy(img->b + at + 0x40, "NPDE", 4);
	put(img, at + 0x44, 2, 0x101);
	put(img, at + 0x46, 2, 20);
	put(img, at + 0x48, 2, length / 512);
	put(img, at + 0x4a, 1, npde_last ? 0x80 : 0);
}

/* FWSEC at `at`: descriptor, then IMEM part 0x200, then DMEM part 0x300. */
static void fwsec(struct fw_image *img, size_t at, unsigned version)
{
	static const uint32_t v2[15] = { 0x003c0201, 0x500, 0x500, 0,     0x1c, 0,     0x200, 0,
					 0x100,      0x100, 0x200, 0x000, 0x300, 0x200, 0x300 };
	static const uint32_t v3[9] = { 0x032c0301, 0x500, 0x180, 0x1c, 0, 0x200, 0, 0, 0x300 };
	size_t ucode = at + (version == 2 ? 60 : 44 + 2 * 384), dmem = ucode + 0x200;

	if (version == 2) {
		put_u32s(img, at, v2, 15);
	} else {
		put_u32s(img, at, v3, 9);
		put(img, at + 0x24, 2, 0x400);
		put(img, at + 0x26, 1, 9);
		put(img, at + 0x27, 1, 2);
		put(img, at + 0x28, 2, 3);
		noise(img, at + 44, 2 * 384);
	}
	noise(img, ucode, 0x200);
	put(img, dmem + 0x1c, 4, 0x02080401);
	put(img, dmem + 0x20, 4, 5);
	put(img, dmem + 0x24, 4, 0x80);
	put(img, dmem + 0x28, 4, 4);
	put(img, dmem + 0x2c, 4, 0x80);
	memcpy(img->b + dmem + 0x80, "DMAP", 4);
	put(img, dmem + 0x84, 4, 0x00400003);
	put(img, dmem + 0x88, 4, 0x100);
	put(img, dmem + 0x8c, 4, 0x40);
}

/*
 * PC-AT 0x800, EFI 0x200, 0xe0 0x400, 0xe0 0x1800: BIT at 0x1b0, ucode table at the start of the second 0xe0
 * image's payload, production FWSEC at its +0x100, debug FWSEC at its +0xc00.
 */
void fw_build_vbios(struct fw_image *img, unsigned version, bool dump)
{
	static const uint8_t bit[12] = { 0xff, 0xb8, 'B', 'I', 'T', 0, 0, 1, 12, 6, 2, 0 };
	static const uint8_t tokens[12] = { 'i', 2, 5, 0, 0x00, 0x02, 'p', 2, 4, 0, 0x10, 0x02 };
	static const uint8_t bios_version[5] = { 0x48, 0x26, 0x02, 0x94, 0x70 };
	size_t r = dump ? 0x3000 : 0, last = r + 0xe00;

	memset(img, 0, sizeof(*img));
	if (dump) {
		put(img, 0, 4, 0x4947564e);
		put(img, 4, 4, 0x00080300);
		put(img, 8, 4, 0x100);
		put(img, 0x100, 4, 0x1000);
		memcpy(img->b + 0x2000, "RFRD", 4);
		put(img, 0x2008, 4, 0x3000);
	}
	rom_image(img, r, 0x800, 0x00, false, 0);
	rom_image(img, r + 0x800, 0x200, 0x03, true, 0);
	rom_image(img, r + 0xa00, 0x400, 0xe0, false, 0);
	rom_image(img, last, 0x1800, 0xe0, false, 1);
	memcpy(img->b + r + 0x1b0, bit, sizeof(bit));
	fw_fix_sum(img, r + 0x1b0, sizeof(bit));
	memcpy(img->b + r + 0x1bc, tokens, sizeof(tokens));
	memcpy(img->b + r + 0x200, bios_version, sizeof(bios_version));
	/* Pointers count as if the first 0xe0 image followed PC-AT at once: 0x800 + 0x400 + offset. */
	put(img, r + 0x210, 4, 0xc00 + 0x80);
	memcpy(img->b + last + 0x80, "\1\6\6\4\1\60", 6);
	memcpy(img->b + last + 0x86, "\x45\7", 2);
	put(img, last + 0x88, 4, 0xc00 + 0xc00);
	memcpy(img->b + last + 0x92, "\x85\7", 2);
	put(img, last + 0x94, 4, 0xc00 + 0x100);
	memcpy(img->b + last + 0x98, "\x01\7", 2);
	put(img, last + 0x9a, 4, 0x7fffffff);
	fwsec(img, last + 0x100, version);
	fwsec(img, last + 0xc00, version);
	fw_fix_sum(img, r, 0x800);
	fw_fix_sum(img, r + 0x800, 0x200);
	fw_fix_sum(img, r + 0xa00, 0x400);
	fw_fix_sum(img, last, 0x1800);
	img->n = last + 0x1800;
}

void fw_check_refusals(const struct fw_image *good, fw_parse_fn parse, const struct fw_refusal *rows, size_t n)
{
	static struct fw_image bad;
	struct nvt_error e;
	size_t i;

	for (i = 0; i < n; i++) {
		bad = *good;
		put(&bad, rows[i].off, rows[i].size, rows[i].value);
		memset(&e, 0, sizeof(e));
		if (parse(fw_bytes(&bad), &e) != -NVT_E_DATA)
			fail_msg("row %zu is not refused as \"%s\"", i, rows[i].msg);
		assert_string_equal(e.msg, rows[i].msg);
		if (e.where != rows[i].where)
			fail_msg("%s: where is 0x%lx, not 0x%lx", e.msg, (unsigned long)e.where,
				 (unsigned long)rows[i].where);
		assert_int_equal(parse(fw_bytes(&bad), NULL), -NVT_E_DATA);
	}
}

void fw_check_truncation(const struct fw_image *good, fw_parse_fn parse)
{
	struct nvt_error e;
	uint8_t *copy;
	size_t n;

	for (n = 0; n < good->n; n++) {
		copy = malloc(n + 1);
		assert_non_null(copy);
		/* Right-aligned, so that a read past the end is a read past the allocation. */
		memcpy(copy + 1, good->b, n);
		if (parse((struct nvt_bytes){ copy + 1, n }, &e) != -NVT_E_DATA)
			fail_msg("0x%zx of 0x%zx bytes are not refused", n, good->n);
		assert_true(e.msg[0]);
		free(copy);
	}
}
