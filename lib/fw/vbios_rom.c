/* SPDX-License-Identifier: MIT */
/*
 * VBIOS ROM: the NVGI ("init from ROM") header that dumps begin with, and the image headers with their
 * PCI data structure and NVIDIA's extension of it.
 */
#include "fw/vbios_rom.h"

#include "base/bytes.h"
#include "fw/check.h"

#include <stdio.h>
#include <string.h>

#define NVGI 0x4947564eu
#define RFRD 0x44524652u
#define PCIR 0x52494350u
#define NPDS 0x5344504eu
#define RGIS 0x53494752u
#define NPDE 0x4544504eu

#define SIG_PCI 0xaa55u
#define SIG_NV 0x4e56u   /* bytes "VN": 0xe0 and 0x70 images of Turing and later */
#define SIG_RGIS 0xbb77u

#define UNIT 512u        /* of image lengths; images begin at multiples of it */
#define IMAGE_HEADER 0x1au
#define PCIR_SIZE 0x18u
#define NPDE_SIZE 12u
#define LAST 0x80u
#define ROM_MAX (16u << 20)

static bool have(struct nvt_rom *r, uint64_t off, uint64_t n)
{
	if (nvt_in_range(off, n, r->b.n))
		return true;
	if (!r->need)
		r->need = off + n;
	return false;
}

static int dword(struct nvt_rom *r, uint64_t off, const char *what, uint32_t *ret, struct nvt_error *e)
{
	if (!have(r, off, 4))
		return nvt_fw_truncated(e, what, off, 4, r->b.n);
	*ret = nvt_le32(r->b.p + off);
	return 0;
}

static bool is_image_signature(uint16_t sig)
{
	return sig == SIG_PCI || sig == SIG_NV || sig == SIG_RGIS;
}

static bool is_pci_data(uint32_t sig)
{
	return sig == PCIR || sig == NPDS || sig == RGIS;
}

/* The second bank is told by the field that this version of the directory has; 0xffffffff: there is none. */
static void read_banks(struct nvt_rom *r, struct nvt_vbios_flash *f)
{
	uint32_t at = f->dir_version <= 2 ? 0x1c : 0x18, bank;

	if (f->dir_length < at + 4 || !nvt_in_range(f->dir_off, at + 4, r->b.n))
		return;
	bank = nvt_le32(r->b.p + f->dir_off + at);
	if (nvt_in_range(bank, 4, r->b.n) && nvt_le32(r->b.p + bank) == NVGI)
		f->second_bank = bank;
}

static int read_directory(struct nvt_rom *r, uint32_t *ret, struct nvt_error *e)
{
	struct nvt_vbios_flash *f = &r->flash;
	uint64_t at = (uint64_t)f->flash_status + 4096;
	uint32_t sig;
	int rc = dword(r, at, "ROM directory", &sig, e);

	if (!rc && sig != RFRD)
		return nvt_fw_bad_field(e, "ROM directory signature", at, sig, RFRD);
	if (!rc)
		rc = dword(r, at + 8, "ROM directory", ret, e);
	if (rc)
		return rc;
	f->dir_off = (uint32_t)at;
	f->dir_version = nvt_le16(r->b.p + at + 4);
	f->dir_length = nvt_le16(r->b.p + at + 6);
	if (f->dir_length < 0x18 || !nvt_in_range(at, 0x18, r->b.n))
		return 0;
	f->rom_length = nvt_le32(r->b.p + at + 0x0c);
	f->inforom_off = nvt_le32(r->b.p + at + 0x10);
	f->inforom_length = nvt_le32(r->b.p + at + 0x14);
	read_banks(r, f);
	return 0;
}

static int nvgi_start(struct nvt_rom *r, uint32_t *ret, struct nvt_error *e)
{
	struct nvt_vbios_flash *f = &r->flash;
	uint32_t word1, total;
	int rc = dword(r, 4, "NVGI header", &word1, e);

	if (rc)
		return rc;
	f->nvgi_version = (uint8_t)(word1 >> 8);
	f->fixed_size = word1 >> 16 & 0x7fff;
	if (f->nvgi_version == 1 || f->nvgi_version == 2)
		return dword(r, f->fixed_size + 4, "NVGI ROM offset", ret, e);
	if (f->nvgi_version != 3)
		return nvt_fw_bad_value(e, "NVGI version", 5, f->nvgi_version, "1, 2 or 3");
	rc = dword(r, 8, "NVGI header", &total, e);
	f->total_size = rc ? 0 : total & 0xfffff;
	if (!rc)
		rc = dword(r, f->total_size, "NVGI flash status", &f->flash_status, e);
	return rc ? rc : read_directory(r, ret, e);
}

/* Some dumps hold other data in front: the first image whose header leads to a PCI data structure. */
static int scan_start(struct nvt_rom *r, uint32_t *ret, struct nvt_error *e)
{
	uint64_t at, pcir;

	for (at = 0; nvt_in_range(at, IMAGE_HEADER, r->b.n); at += UNIT) {
		if (!is_image_signature(nvt_le16(r->b.p + at)))
			continue;
		pcir = at + nvt_le16(r->b.p + at + 0x18);
		if (nvt_in_range(pcir, 4, r->b.n) && is_pci_data(nvt_le32(r->b.p + pcir))) {
			*ret = (uint32_t)at;
			return 0;
		}
	}
	return nvt_fw_bad_value(e, "ROM signature", 0, nvt_le16(r->b.p), "0xaa55, NVGI or an image further on");
}

int nvt_rom_start(struct nvt_rom *r, uint32_t *ret, struct nvt_error *e)
{
	uint32_t sig;
	int rc;

	*ret = 0;
	if (r->b.n > ROM_MAX)
		return nvt_fw_bad_value(e, "VBIOS size", 0, r->b.n, "at most 16 MiB");
	rc = dword(r, 0, "VBIOS", &sig, e);
	if (rc)
		return rc;
	if (sig == NVGI) {
		rc = nvgi_start(r, ret, e);
		if (!rc && *ret % 4)
			return nvt_fw_bad_value(e, "start of the PCI ROM", 0, *ret, "4-aligned");
		return rc;
	}
	/* "NV", the image signature's bytes swapped: a damaged NVGI header and not an image. */
	if ((sig & 0xffff) == 0x564e)
		return nvt_fw_bad_field(e, "NVGI signature", 0, sig, NVGI);
	if (is_image_signature(sig & 0xffff))
		return 0;
	return scan_start(r, ret, e);
}

/*
 * NVIDIA's extension, which lies within its image, overrides length and last bit. Only revisions 1.0 and 1.1 are known; one too short
 * to hold the last bit means "not last" when its image is shorter than the PCI structure says.
 */
static void apply_npde(struct nvt_rom *r, uint64_t at, struct nvt_vbios_image *img, bool *no_checksum)
{
	const uint8_t *p;
	uint32_t length;
	uint16_t revision;

	if (!nvt_in_range(at - img->offset, NPDE_SIZE, img->length) || !have(r, at, NPDE_SIZE) ||
	    nvt_le32(r->b.p + at) != NPDE)
		return;
	p = r->b.p + at;
	revision = nvt_le16(p + 4);
	length = nvt_le16(p + 8) * UNIT;
	if ((revision != 0x100 && revision != 0x101) || !length)
		return;
	img->has_npde = true;
	if (nvt_le16(p + 6) >= 11)
		img->last = p[10] & LAST;
	else if (length < img->length)
		img->last = false;
	img->length = length;
	*no_checksum = revision == 0x101 && nvt_le16(p + 6) >= 12 && (p[11] & 4);
}

int nvt_rom_image(struct nvt_rom *r, unsigned n, uint32_t at, struct nvt_vbios_image *ret, struct nvt_error *e)
{
	const uint8_t *p;
	char what[40];
	uint64_t pcir;

	memset(ret, 0, sizeof(*ret));
	snprintf(what, sizeof(what), "header of image %u", n);
	if (!have(r, at, IMAGE_HEADER))
		return nvt_fw_truncated(e, what, at, IMAGE_HEADER, r->b.n);
	ret->offset = at;
	ret->signature = nvt_le16(r->b.p + at);
	snprintf(what, sizeof(what), "signature of image %u", n);
	if (!is_image_signature(ret->signature))
		return nvt_fw_bad_value(e, what, at, ret->signature, "0xaa55, 0x4e56 or 0xbb77");
	pcir = (uint64_t)at + nvt_le16(r->b.p + at + 0x18);
	snprintf(what, sizeof(what), "PCI data structure of image %u", n);
	if (!have(r, pcir, PCIR_SIZE))
		return nvt_fw_truncated(e, what, pcir, PCIR_SIZE, r->b.n);
	p = r->b.p + pcir;
	if (!is_pci_data(nvt_le32(p)))
		return nvt_fw_bad_value(e, what, pcir, nvt_le32(p), "PCIR, NPDS or RGIS");
	ret->pcir_off = (uint32_t)pcir;
	ret->vendor = nvt_le16(p + 0x4);
	ret->device = nvt_le16(p + 0x6);
	ret->length = nvt_le16(p + 0x10) * UNIT;
	ret->code_type = p[0x14];
	ret->last = p[0x15] & LAST;
	apply_npde(r, at + nvt_align_up(pcir - at + nvt_le16(p + 0xa), 16), ret, &ret->checksum_ok);
	snprintf(what, sizeof(what), "length of image %u", n);
	if (!ret->length)
		return nvt_fw_bad_value(e, what, pcir + 0x10, 0, "above 0");
	if (!have(r, at, ret->length))
		return nvt_fw_check_range(e, what, pcir + 0x10, at, ret->length, "ROM", r->b.n);
	return 0;
}
