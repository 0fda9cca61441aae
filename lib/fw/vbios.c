/* SPDX-License-Identifier: MIT */
/*
 * VBIOS: image chain, BIT tokens, and from the falcon data token to the table of falcon ucodes, where
 * FWSEC is. Pointers to falcon data count in a space in which the FWSEC area follows the PC-AT image at once.
 */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"
#include "fw/fwsec.h"
#include "fw/vbios_rom.h"

#include <stdio.h>
#include <string.h>

#define TYPE_PCAT 0x00
#define TYPE_FWSEC 0xe0
#define TOKEN_INFO 'i'
#define TOKEN_FALCON 'p'
#define BIT_HEADER 12u
#define BIT_TOKEN 6u
#define BIT_TOKEN_LONG 8u /* 32-bit pointers */
#define UCODE_HEADER 6u
#define UCODE_ENTRY 6u
#define APP_FWSEC 0x85
#define APP_FWSEC_DEBUG 0x45

struct scan {
	struct nvt_rom rom;
	struct nvt_vbios *vb;
	const struct nvt_vbios_image *pcat;
	uint64_t fwsec_area; /* first 0xe0 image behind PC-AT; 0 if none */
};

static bool sums_to_zero(struct nvt_bytes b, const struct nvt_vbios_image *img)
{
	uint8_t sum = 0;
	uint32_t i;

	for (i = 0; i < img->length; i++)
		sum = (uint8_t)(sum + b.p[img->offset + i]);
	return !sum;
}

static int read_chain(struct scan *s, struct nvt_error *e)
{
	struct nvt_vbios *vb = s->vb;
	struct nvt_vbios_image *img;
	int rc = nvt_rom_start(&s->rom, &vb->rom_start, e);
	uint32_t at = vb->rom_start;

	vb->flash = s->rom.flash;
	do {
		if (rc)
			return rc;
		if (vb->image_count == NVT_VBIOS_IMAGES)
			return nvt_fw_bad_value(e, "number of images", at, NVT_VBIOS_IMAGES + 1, "at most 16");
		img = &vb->images[vb->image_count];
		rc = nvt_rom_image(&s->rom, vb->image_count, at, img, e);
		if (rc)
			return rc;
		at += img->length;
		vb->image_count++;
	} while (!img->last);
	return 0;
}

static int find_areas(struct scan *s, struct nvt_error *e)
{
	struct nvt_vbios *vb = s->vb;
	unsigned i;

	for (i = 0; i < vb->image_count; i++) {
		vb->images[i].checksum_ok |= sums_to_zero(s->rom.b, &vb->images[i]);
		if (vb->images[i].code_type == TYPE_PCAT && !s->pcat)
			s->pcat = &vb->images[i];
		else if (vb->images[i].code_type == TYPE_FWSEC && s->pcat && !s->fwsec_area)
			s->fwsec_area = vb->images[i].offset;
	}
	return s->pcat ? 0 : nvt_fail(e, NVT_E_DATA, "no PC-AT image among %u images", vb->image_count);
}

static bool is_bit(struct nvt_bytes b, uint64_t at)
{
	static const uint8_t pattern[6] = { 0xff, 0xb8, 'B', 'I', 'T', 0 };
	uint8_t sum = 0;
	unsigned i;

	if (memcmp(b.p + at, pattern, sizeof(pattern)) || b.p[at + 8] < BIT_HEADER ||
	    !nvt_in_range(at, b.p[at + 8], b.n))
		return false;
	for (i = 0; i < b.p[at + 8]; i++)
		sum = (uint8_t)(sum + b.p[at + i]);
	return !sum;
}

static int find_bit(struct scan *s, struct nvt_error *e)
{
	uint64_t at = s->pcat->offset, end = at + s->pcat->length;
	int rc;

	for (; at + BIT_HEADER <= end; at++)
		if (is_bit(s->rom.b, at)) {
			s->vb->bit_off = (uint32_t)at;
			return 0;
		}
	rc = nvt_fail(e, NVT_E_DATA, "no BIT header with a good checksum in the PC-AT image");
	if (e)
		e->where = s->pcat->offset;
	return rc;
}

static int read_tokens(struct scan *s, struct nvt_error *e)
{
	struct nvt_vbios *vb = s->vb;
	const uint8_t *h = s->rom.b.p + vb->bit_off, *p;
	unsigned size = h[9], count = h[10], i;
	uint64_t first = (uint64_t)vb->bit_off + h[8];
	int rc;

	if (size < BIT_TOKEN)
		return nvt_fw_bad_value(e, "BIT token size", vb->bit_off + 9, size, "at least 6");
	if (count > NVT_VBIOS_TOKENS)
		return nvt_fw_bad_value(e, "BIT token count", vb->bit_off + 10, count, "at most 64");
	rc = nvt_fw_check_range(e, "BIT token list", vb->bit_off + 10, first, (uint64_t)size * count, "ROM",
				s->rom.b.n);
	if (rc)
		return rc;
	for (i = 0; i < count; i++) {
		p = s->rom.b.p + first + (uint64_t)i * size;
		vb->tokens[i].id = p[0];
		vb->tokens[i].version = p[1];
		vb->tokens[i].size = nvt_le16(p + 2);
		vb->tokens[i].ptr = size >= BIT_TOKEN_LONG ? nvt_le32(p + 4) : nvt_le16(p + 4);
	}
	vb->token_count = count;
	return 0;
}

/* Data of the first token `id` of that version that holds at least `size` bytes; NULL if there is none. */
static const uint8_t *token_data(const struct scan *s, uint8_t id, uint8_t version, uint16_t size)
{
	const struct nvt_vbios *vb = s->vb;
	unsigned i;

	for (i = 0; i < vb->token_count; i++)
		if (vb->tokens[i].id == id && vb->tokens[i].version == version && vb->tokens[i].size >= size &&
		    nvt_in_range(vb->tokens[i].ptr, size, s->rom.b.n - s->pcat->offset))
			return s->rom.b.p + s->pcat->offset + vb->tokens[i].ptr;
	return NULL;
}

/* The BIOS version dword, most significant byte first, then the OEM byte behind it. */
static void read_version(struct scan *s)
{
	const uint8_t *p = token_data(s, TOKEN_INFO, 2, 5);

	if (p)
		snprintf(s->vb->version, sizeof(s->vb->version), "%02X.%02X.%02X.%02X.%02X", p[3], p[2], p[1],
			 p[0], p[4]);
}

static uint64_t resolve(const struct scan *s, uint32_t ptr)
{
	if (ptr < s->pcat->length)
		return (uint64_t)s->pcat->offset + ptr;
	return s->fwsec_area ? s->fwsec_area + (ptr - s->pcat->length) : UINT64_MAX;
}

static int read_ucode_table(struct scan *s, uint64_t at, struct nvt_error *e)
{
	struct nvt_vbios *vb = s->vb;
	const uint8_t *h, *p;
	unsigned i;
	int rc;

	if (!nvt_in_range(at, UCODE_HEADER, s->rom.b.n))
		return nvt_fw_truncated(e, "falcon ucode table", at, UCODE_HEADER, s->rom.b.n);
	h = s->rom.b.p + at;
	vb->ucode_table_off = (uint32_t)at;
	if (h[0] != 1)
		return nvt_fw_bad_field(e, "falcon ucode table version", at, h[0], 1);
	if (h[1] < UCODE_HEADER)
		return nvt_fw_bad_value(e, "falcon ucode table header length", at + 1, h[1], "at least 6");
	if (h[2] < UCODE_ENTRY)
		return nvt_fw_bad_value(e, "falcon ucode table entry length", at + 2, h[2], "at least 6");
	rc = nvt_fw_check_range(e, "falcon ucode table", at + 3, at + h[1], (uint64_t)h[2] * h[3], "ROM",
				s->rom.b.n);
	if (rc)
		return rc;
	for (i = 0; i < h[3]; i++) {
		uint64_t desc;

		p = h + h[1] + (size_t)i * h[2];
		if (!p[0] && !p[1] && !nvt_le32(p + 2))
			continue;
		if (vb->ucode_count == NVT_VBIOS_UCODES)
			return nvt_fw_bad_value(e, "falcon ucode table entries in use", at + 3, h[3], "at most 64");
		desc = resolve(s, nvt_le32(p + 2));
		vb->ucodes[vb->ucode_count].app_id = p[0];
		vb->ucodes[vb->ucode_count].target_id = p[1];
		vb->ucodes[vb->ucode_count].ptr = nvt_le32(p + 2);
		vb->ucodes[vb->ucode_count++].desc_off = desc < s->rom.b.n ? (uint32_t)desc : 0;
	}
	return 0;
}

/* The first entry of that application id; an image without one is not an error. */
static int read_fwsec(struct scan *s, uint8_t app_id, struct nvt_error *e)
{
	struct nvt_vbios *vb = s->vb;
	struct nvt_fwsec *fs = &vb->fwsec[vb->fwsec_count];
	unsigned i;
	int rc;

	for (i = 0; i < vb->ucode_count; i++)
		if (vb->ucodes[i].app_id == app_id)
			break;
	if (i == vb->ucode_count)
		return 0;
	rc = vb->ucodes[i].desc_off ? nvt_fwsec_parse_desc(s->rom.b, vb->ucodes[i].desc_off, fs, e) :
				      nvt_fw_bad_value(e, "FWSEC descriptor pointer", vb->ucode_table_off,
						       vb->ucodes[i].ptr, "inside the ROM");
	if (rc)
		return nvt_during(e, rc, "application 0x%02x", app_id);
	fs->app_id = app_id;
	fs->target_id = vb->ucodes[i].target_id;
	vb->fwsec_count++;
	return 0;
}

/* What BIT leads to. `first` is the first error so far; later ones follow from it and are not told. */
static int read_bit(struct scan *s, int first, struct nvt_error *e)
{
	const uint8_t *falcon;
	int rc = find_bit(s, first ? NULL : e);

	if (!rc)
		rc = read_tokens(s, first ? NULL : e);
	if (rc)
		return first ? first : rc;
	read_version(s);
	falcon = token_data(s, TOKEN_FALCON, 2, 4);
	if (!falcon)
		return first;
	rc = read_ucode_table(s, resolve(s, nvt_le32(falcon)), first ? NULL : e);
	first = first ? first : rc;
	rc = read_fwsec(s, APP_FWSEC, first ? NULL : e);
	first = first ? first : rc;
	rc = read_fwsec(s, APP_FWSEC_DEBUG, first ? NULL : e);
	return first ? first : rc;
}

int nvt_vbios_parse(struct nvt_bytes rom, struct nvt_vbios *ret, struct nvt_error *e)
{
	struct scan s = { .rom = { .b = rom }, .vb = ret };
	int rc, first;

	memset(ret, 0, sizeof(*ret));
	first = read_chain(&s, e);
	rc = find_areas(&s, first ? NULL : e);
	if (rc)
		return first ? first : rc;
	return read_bit(&s, first, e);
}

const struct nvt_fwsec *nvt_vbios_fwsec(const struct nvt_vbios *vb)
{
	unsigned i;

	for (i = 0; i < vb->fwsec_count; i++)
		if (vb->fwsec[i].app_id == APP_FWSEC)
			return &vb->fwsec[i];
	return NULL;
}

size_t nvt_vbios_need(struct nvt_bytes rom)
{
	struct nvt_vbios vb = { 0 };
	struct scan s = { .rom = { .b = rom }, .vb = &vb };

	return read_chain(&s, NULL) ? (size_t)s.rom.need : 0;
}
