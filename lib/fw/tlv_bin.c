/* SPDX-License-Identifier: MIT */
/*
 * nova-core's files back to linux-firmware's. What a TLV file does not carry is 0 or what follows from the
 * rest; what a file for linux-firmware could not carry is refused, so that a second conversion gives the
 * same TLV file again, byte for byte.
 */
#include "fw/tlv_convert.h"

#include "base/bytes.h"
#include "fw/write.h"

#include <stdlib.h>
#include <string.h>

#define DESC_SHORT 76u /* RM_RISCV_UCODE_DESC of Turing and GA100, */
#define DESC_LONG 84u  /* and of what came later */

struct source {
	struct nvt_bytes file;
	struct nvt_tlv tlv;
	struct nvt_error *e;
	int rc; /* of the first read that failed */
};

static uint32_t get_u32(struct source *s, const char *tag)
{
	uint32_t v = 0;

	if (!s->rc)
		s->rc = nvt_tlv_u32(s->file, &s->tlv, tag, &v, s->e);
	return v;
}

static struct nvt_bytes get_bytes(struct source *s, const char *tag)
{
	struct nvt_bytes v = { NULL, 0 };

	if (!s->rc)
		s->rc = nvt_tlv_bytes(s->file, &s->tlv, tag, &v, s->e);
	return v;
}

static int to_booter(struct source *s, struct nvt_fw_out *ret)
{
	uint8_t load[36] = { 0 };
	const struct nvt_bytes load_header = { load, sizeof(load) };
	struct nvt_hs_parts h = { .load_header = load_header };
	uint32_t a0co = get_u32(s, "A0CO");
	const uint32_t words[] = { get_u32(s, "CDOF"), get_u32(s, "CDSZ"), get_u32(s, "DAOF"), get_u32(s, "DASZ"), 1,
				   a0co,               get_u32(s, "A0CS"), a0co };
	struct nvt_hs_image check;
	unsigned i;
	int rc;

	for (i = 0; i < NVT_ARRAY_SIZE(words); i++)
		nvt_put_le32(load + 4 * i, words[i]);
	h.sig_count = get_u32(s, "NSIG");
	h.signatures = get_bytes(s, "SIGN");
	h.patch_loc = get_u32(s, "PLOC");
	h.fuse_version = get_u32(s, "FUSE");
	h.engine_id = get_u32(s, "ENID");
	h.ucode_id = get_u32(s, "UCID");
	h.data = get_bytes(s, "BLOB");
	rc = s->rc ? s->rc : nvt_hs_write(&h, ret, s->e);
	return rc ? rc : nvt_hs_parse((struct nvt_bytes){ ret->p, ret->n }, &check, s->e);
}

static int to_bootloader(struct source *s, const struct nvt_chip *chip, struct nvt_fw_out *ret)
{
	bool is_short = !strcmp(chip->family, "turing") || !strcmp(chip->family, "ga100");
	struct nvt_bytes data = get_bytes(s, "BLOB");
	uint8_t desc[DESC_LONG] = { 0 };
	struct nvt_riscv_bl check;
	int rc;

	nvt_put_le32(desc, is_short ? 4 : 5);
	nvt_put_le32(desc + 0x1c, get_u32(s, "APPV"));
	nvt_put_le32(desc + 0x20, get_u32(s, "MFOF"));
	nvt_put_le32(desc + 0x28, get_u32(s, "DAOF"));
	nvt_put_le32(desc + 0x30, get_u32(s, "CDOF"));
	if (s->rc)
		return s->rc;
	rc = nvt_nvfw_write((struct nvt_bytes){ desc, is_short ? DESC_SHORT : DESC_LONG }, data, ret, s->e);
	return rc ? rc : nvt_riscv_bl_parse((struct nvt_bytes){ ret->p, ret->n }, &check, s->e);
}

static int to_gen_bootloader(struct source *s, struct nvt_fw_out *ret)
{
	struct nvt_bytes data = get_bytes(s, "BLOB");
	uint32_t code = get_u32(s, "CDSZ");
	struct nvt_falcon_bl check;
	uint8_t desc[24] = { 0 };
	int rc;

	nvt_put_le32(desc, get_u32(s, "STRT"));
	if (s->rc)
		return s->rc;
	if (code > data.n)
		return nvt_fail(s->e, NVT_E_DATA, "CDSZ is 0x%x, BLOB has 0x%zx bytes", code, data.n);
	nvt_put_le32(desc + 0xc, code);
	nvt_put_le32(desc + 0x10, code);
	nvt_put_le32(desc + 0x14, (uint32_t)data.n - code);
	rc = nvt_nvfw_write((struct nvt_bytes){ desc, sizeof(desc) }, data, ret, s->e);
	return rc ? rc : nvt_falcon_bl_parse((struct nvt_bytes){ ret->p, ret->n }, &check, s->e);
}

static int to_fmc(struct source *s, struct nvt_fw_out *ret)
{
	struct nvt_fmc_parts m = { .hash = get_bytes(s, "HASH") };
	struct nvt_fmc check;
	int rc;

	m.signature = get_bytes(s, "SIGN");
	m.publickey = get_bytes(s, "PKEY");
	m.image = get_bytes(s, "BLOB");
	rc = s->rc ? s->rc : nvt_fmc_write(&m, ret, s->e);
	return rc ? rc : nvt_fmc_parse((struct nvt_bytes){ ret->p, ret->n }, &check, s->e);
}

static int to_gsp(struct source *s, const struct nvt_chip *chip, struct nvt_bytes image, struct nvt_fw_out *ret)
{
	struct nvt_gsp_parts g = { .image = image, .sig_section = chip->sig_section, .signature = get_bytes(s, "SIGN") };
	uint32_t size = get_u32(s, "SIZE");
	struct nvt_gsp_elf check;
	struct nvt_bytes id;
	char version[32];
	int rc;

	if (!s->rc)
		s->rc = nvt_tlv_string(s->file, &s->tlv, "VERS", version, sizeof(version), s->e);
	if (s->rc)
		return s->rc;
	if (size != image.n)
		return nvt_fail(s->e, NVT_E_DATA, "SIZE is 0x%x, " TLV_GSP_FILE " has 0x%zx bytes", size, image.n);
	g.version = version;
	g.has_build_id = nvt_tlv_block(&s->tlv, "BLID") != NULL;
	if (g.has_build_id) {
		id = get_bytes(s, "BLID");
		if (s->rc || id.n != sizeof(g.build_id))
			return s->rc ? s->rc : nvt_fail(s->e, NVT_E_DATA, "BLID has %zu bytes, not 20", id.n);
		memcpy(g.build_id, id.p, id.n);
	}
	rc = nvt_gsp_elf_write(&g, ret, s->e);
	return rc ? rc : nvt_gsp_elf_parse((struct nvt_bytes){ ret->p, ret->n }, &check, s->e);
}

static int convert(struct source *s, const char *role, const struct nvt_chip *chip, struct nvt_bytes image,
		   struct nvt_fw_out *ret)
{
	if (!strcmp(role, "gsp"))
		return to_gsp(s, chip, image, ret);
	if (!strcmp(role, "bootloader"))
		return to_bootloader(s, chip, ret);
	if (!strcmp(role, "gen_bootloader"))
		return to_gen_bootloader(s, ret);
	return strcmp(role, "fmc") ? to_booter(s, ret) : to_fmc(s, ret);
}

/* ---- nothing is dropped in silence ---- */

static int check_tags(const struct source *s, const struct tlv_role *r)
{
	unsigned i, k;
	int rc;

	for (i = 0; i < s->tlv.count; i++) {
		const struct nvt_tlv_block *b = &s->tlv.blocks[i];

		for (k = 0; r->tags[k] && strcmp(r->tags[k], b->tag); k++)
			;
		if (r->tags[k])
			continue;
		rc = nvt_fail(s->e, NVT_E_DATA, "tag %s has no place in linux-firmware's %s file", b->tag, r->role);
		if (s->e)
			s->e->where = b->off - 8;
		return rc;
	}
	return 0;
}

/* The first byte in which the file and its rebuilt self differ belongs to the block that cannot be kept. */
static int differs(const struct source *s, const struct nvt_fw_out *again)
{
	const char *tag = s->tlv.blocks[0].tag;
	uint64_t at = 4;
	unsigned i;
	int rc;

	while (at < s->file.n && at < again->n && s->file.p[at] == again->p[at])
		at++;
	for (i = 0; i < s->tlv.count && s->tlv.blocks[i].off <= at + 8; i++)
		tag = s->tlv.blocks[i].tag;
	rc = nvt_fail(s->e, NVT_E_DATA, "%s cannot be rebuilt: its value, its padding or its place would change", tag);
	if (s->e)
		s->e->where = at;
	return rc;
}

static int check_again(const struct source *s, const char *role, const struct nvt_chip *chip,
		       const struct nvt_fw_out *bin, const char *version)
{
	struct nvt_fw_out again;
	struct nvt_bytes image;
	int rc = nvt_tlv_from_bin(role, chip, version, (struct nvt_bytes){ bin->p, bin->n }, &again, &image, s->e);

	if (rc)
		return rc;
	if (again.n != s->file.n || memcmp(again.p, s->file.p, again.n))
		rc = differs(s, &again);
	free(again.p);
	return rc;
}

int nvt_tlv_to_bin(const char *role, const struct nvt_chip *chip, struct nvt_bytes tlv, struct nvt_bytes image,
		   struct nvt_fw_out *ret, char ret_version[32], struct nvt_error *e)
{
	const struct tlv_role *r = tlv_role(role);
	struct source s = { .file = tlv, .e = e };
	int rc;

	*ret = (struct nvt_fw_out){ NULL, 0 };
	if (!r)
		return nvt_fail(e, NVT_E_USAGE, "nova-core has no file for %s", role);
	rc = nvt_tlv_parse(tlv, &s.tlv, e);
	if (!rc)
		rc = check_tags(&s, r);
	if (!rc)
		rc = nvt_tlv_string(tlv, &s.tlv, "VERS", ret_version, 32, e);
	if (!rc)
		rc = convert(&s, role, chip, image, ret);
	if (!rc)
		rc = check_again(&s, role, chip, ret, ret_version);
	if (rc) {
		free(ret->p);
		*ret = (struct nvt_fw_out){ NULL, 0 };
	}
	return rc;
}
