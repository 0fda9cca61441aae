/* SPDX-License-Identifier: MIT */
/*
 * linux-firmware's files to nova-core's. Which tags a file has and what they mean: nova-core's readers of
 * Linux 7.3; their order, and that VERS comes last: NVIDIA's extract-firmware-nova.py.
 */
#include "fw/tlv_convert.h"

#include "base/bytes.h"
#include "fw/write.h"

#include <stdlib.h>
#include <string.h>

static const struct tlv_role roles[] = {
	{ "gsp", "gsp", { "SIGN", "SIZE", "FILE", "BLID", "VERS" } },
	{ "bootloader", "gsp_bootloader", { "CDOF", "DAOF", "MFOF", "APPV", "BLOB", "VERS" } },
	{ "booter_load", "booter_load", TLV_BOOTER_TAGS },
	{ "booter_unload", "booter_unload", TLV_BOOTER_TAGS },
	{ "gen_bootloader", "gen_bootloader", { "STRT", "CDSZ", "BLOB", "VERS" } },
	{ "fmc", "fmc", { "HASH", "SIGN", "PKEY", "BLOB", "VERS" } },
};

const struct tlv_role *tlv_role(const char *role)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(roles); i++)
		if (!strcmp(roles[i].role, role))
			return &roles[i];
	return NULL;
}

const char *nvt_tlv_name(const char *role)
{
	const struct tlv_role *r = tlv_role(role);

	return r ? r->name : NULL;
}

/* Values to write: those that are numbers keep their bytes here. */
struct values {
	struct nvt_tlv_value v[NVT_TLV_BLOCKS];
	uint8_t words[NVT_TLV_BLOCKS][4];
	unsigned n;
};

static void put_bytes(struct values *vs, const char *tag, const uint8_t *p, size_t n)
{
	struct nvt_tlv_value *v = &vs->v[vs->n++];

	memcpy(v->tag, tag, 5);
	v->value = (struct nvt_bytes){ p, n };
}

static void put_u32(struct values *vs, const char *tag, uint32_t value)
{
	uint8_t *w = vs->words[vs->n];

	nvt_put_le32(w, value);
	put_bytes(vs, tag, w, 4);
}

static void put_string(struct values *vs, const char *tag, const char *s)
{
	put_bytes(vs, tag, (const uint8_t *)s, strlen(s));
}

/* ---- one function per kind of file ---- */

static int from_booter(struct nvt_bytes f, struct values *vs, struct nvt_error *e)
{
	struct nvt_hs_image h;
	int rc = nvt_hs_parse(f, &h, e);

	if (rc)
		return rc;
	if (h.app_count != 1)
		return nvt_fail(e, NVT_E_DATA, "num_apps is %u: a TLV file holds one application", h.app_count);
	if (h.patch_sig)
		return nvt_fail(e, NVT_E_DATA, "patch_sig is 0x%x: a TLV file cannot say so", h.patch_sig);
	put_u32(vs, "NSIG", h.sig_count);
	put_bytes(vs, "SIGN", f.p + h.sig_off, h.sig_size);
	put_u32(vs, "PLOC", h.patch_loc);
	put_u32(vs, "FUSE", h.fuse_version);
	put_u32(vs, "ENID", h.engine_id);
	put_u32(vs, "UCID", h.ucode_id);
	put_u32(vs, "CDOF", h.os_code_off);
	put_u32(vs, "CDSZ", h.os_code_size);
	put_u32(vs, "DAOF", h.os_data_off);
	put_u32(vs, "DASZ", h.os_data_size);
	put_u32(vs, "A0CO", h.app0_off);
	put_u32(vs, "A0CS", h.app0_size);
	put_bytes(vs, "BLOB", f.p + h.bin.data_off, h.bin.data_size);
	return 0;
}

static int from_bootloader(struct nvt_bytes f, struct values *vs, struct nvt_error *e)
{
	struct nvt_riscv_bl bl;
	int rc = nvt_riscv_bl_parse(f, &bl, e);

	if (rc)
		return rc;
	put_u32(vs, "CDOF", bl.monitor_code_off);
	put_u32(vs, "DAOF", bl.monitor_data_off);
	put_u32(vs, "MFOF", bl.manifest_off);
	put_u32(vs, "APPV", bl.app_version);
	put_bytes(vs, "BLOB", f.p + bl.bin.data_off, bl.bin.data_size);
	return 0;
}

/* nova-core loads the code alone, and takes both offsets for 0. */
static int from_gen_bootloader(struct nvt_bytes f, struct values *vs, struct nvt_error *e)
{
	struct nvt_falcon_bl bl;
	int rc = nvt_falcon_bl_parse(f, &bl, e);

	if (rc)
		return rc;
	if (bl.code_off || bl.dmem_load_off)
		return nvt_fail(e, NVT_E_DATA, "code_off 0x%x and dmem_load_off 0x%x must be 0 in a TLV file",
				bl.code_off, bl.dmem_load_off);
	put_u32(vs, "STRT", bl.start_tag);
	put_u32(vs, "CDSZ", bl.code_size);
	put_bytes(vs, "BLOB", f.p + bl.bin.data_off, bl.bin.data_size);
	return 0;
}

static int from_fmc(struct nvt_bytes f, struct values *vs, struct nvt_error *e)
{
	struct nvt_fmc m;
	int rc = nvt_fmc_parse(f, &m, e);

	if (rc)
		return rc;
	put_bytes(vs, "HASH", f.p + m.hash.off, m.hash.size);
	put_bytes(vs, "SIGN", f.p + m.signature.off, m.signature.size);
	put_bytes(vs, "PKEY", f.p + m.publickey.off, m.publickey.size);
	put_bytes(vs, "BLOB", f.p + m.image.off, m.image.size);
	return 0;
}

static int from_gsp(struct nvt_bytes f, const struct nvt_chip *chip, struct nvt_gsp_elf *elf, struct values *vs,
		    struct nvt_bytes *ret_image, struct nvt_error *e)
{
	const struct nvt_fw_section *s;
	int rc = nvt_gsp_elf_parse(f, elf, e);

	if (rc)
		return rc;
	s = nvt_gsp_elf_section(elf, chip->sig_section);
	if (!s)
		return nvt_fail(e, NVT_E_DATA, "the GSP-RM image has no section %s", chip->sig_section);
	if (elf->image->size > UINT32_MAX)
		return nvt_fail(e, NVT_E_DATA, ".fwimage has 4 GiB or more: SIZE cannot say so");
	*ret_image = (struct nvt_bytes){ f.p + elf->image->off, elf->image->size };
	put_bytes(vs, "SIGN", f.p + s->off, s->size);
	put_u32(vs, "SIZE", (uint32_t)elf->image->size);
	put_string(vs, "FILE", TLV_GSP_FILE);
	if (elf->has_build_id)
		put_bytes(vs, "BLID", elf->build_id, sizeof(elf->build_id));
	return 0;
}

static int from_other(const char *role, struct nvt_bytes f, struct values *vs, struct nvt_error *e)
{
	if (!strncmp(role, "booter_", 7))
		return from_booter(f, vs, e);
	if (!strcmp(role, "bootloader"))
		return from_bootloader(f, vs, e);
	return strcmp(role, "fmc") ? from_gen_bootloader(f, vs, e) : from_fmc(f, vs, e);
}

int nvt_tlv_from_bin(const char *role, const struct nvt_chip *chip, const char *version, struct nvt_bytes bin,
		     struct nvt_fw_out *ret, struct nvt_bytes *ret_image, struct nvt_error *e)
{
	struct values vs = { .n = 0 };
	struct nvt_gsp_elf elf;
	int rc;

	*ret_image = (struct nvt_bytes){ NULL, 0 };
	if (!tlv_role(role))
		return nvt_fail(e, NVT_E_USAGE, "nova-core has no file for %s", role);
	if (!strcmp(role, "gsp"))
		rc = from_gsp(bin, chip, &elf, &vs, ret_image, e);
	else
		rc = from_other(role, bin, &vs, e);
	if (rc)
		return rc;
	put_string(&vs, "VERS", version ? version : elf.version);
	return nvt_tlv_write(vs.v, vs.n, ret, e);
}
