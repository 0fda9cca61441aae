/* SPDX-License-Identifier: MIT */
/*
 * linux-firmware's files from a driver source tree: which archive each comes from, and how its arrays become
 * the file. Source: nouveau/extract-firmware-nouveau.py of OGKM 595 and the published files.
 */
#include "fw/bindata.h"

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { HS, BOOTLOADER, GEN_BOOTLOADER, FMC };

struct recipe {
	const char *dir, *role, *archive;
	enum kind kind;
	unsigned sig_each;  /* HS */
	bool has_debug;    /* BOOTLOADER: the archive also has one for debug boards */
};

#define BOOTER_LOAD(dir, chip, sig) { dir, "booter_load", "kgspGetBinArchiveBooterLoadUcode_" chip, HS, sig, false }
#define BOOTER_UNLOAD(dir, chip, sig) { dir, "booter_unload", "kgspGetBinArchiveBooterUnloadUcode_" chip, HS, sig, false }
#define BOOT(dir, chip, has_debug) { dir, "bootloader", "kgspGetBinArchiveGspRmBoot_" chip, BOOTLOADER, 0, has_debug }
#define FMC_OF(dir, chip) { dir, "fmc", "kgspGetBinArchiveGspRmFmcGfwProdSigned_" chip, FMC, 0, false }

static const struct recipe recipes[] = {
	BOOTER_LOAD("tu102", "TU102", 16),
	BOOTER_LOAD("tu116", "TU116", 16),
	BOOTER_LOAD("ga100", "GA100", 384),
	BOOTER_LOAD("ga102", "GA102", 384),
	BOOTER_LOAD("ad102", "AD102", 384),
	BOOTER_UNLOAD("tu102", "TU102", 16),
	BOOTER_UNLOAD("tu116", "TU116", 16),
	BOOTER_UNLOAD("ga100", "GA100", 384),
	BOOTER_UNLOAD("ga102", "GA102", 384),
	BOOTER_UNLOAD("ad102", "AD102", 384),
	BOOT("tu102", "TU102", false),
	BOOT("ga100", "GA100", false),
	BOOT("ga102", "GA102", true),
	BOOT("ad102", "AD102", true),
	BOOT("gh100", "GH100", true),
	BOOT("gb100", "GB100", true),
	BOOT("gb202", "GB202", true),
	{ "tu102", "gen_bootloader", "ksec2GetBinArchiveBlUcode_TU102", GEN_BOOTLOADER, 0, false },
	{ "ad102", "scrubber", "ksec2GetBinArchiveSecurescrubUcode_AD10X", HS, 384, false },
	FMC_OF("gh100", "GH100"),
	FMC_OF("gb100", "GB100"),
	FMC_OF("gb202", "GB202"),
};

bool nvt_pack_row(unsigned i, struct nvt_pack_row *ret)
{
	if (i >= NVT_ARRAY_SIZE(recipes))
		return false;
	*ret = (struct nvt_pack_row){ recipes[i].dir, recipes[i].role, recipes[i].archive };
	return true;
}

/* Arrays that one file is made of, unpacked. */
enum { PARTS = 6 };
struct parts {
	struct nvt_fw_out p[PARTS];
};

static struct nvt_bytes bytes(const struct nvt_fw_out *o)
{
	return (struct nvt_bytes){ o->p, o->n };
}

static int check_size(const struct nvt_fw_out *o, size_t want, const char *label, struct nvt_error *e)
{
	return o->n == want ? 0 : nvt_fail(e, NVT_E_DATA, "bindata %s has %zu bytes, not %zu", label, o->n, want);
}

static int build_hs(const struct recipe *r, struct nvt_bytes src, struct parts *ps, struct nvt_fw_out *ret,
		    struct nvt_error *e)
{
	enum { IMAGE, SIGNATURES, LOAD_HEADER, PATCH_LOC, PATCH_META, NUM_SIGS };
	static const char *const labels[] = { "image_prod", "sig_prod", "header_prod", "patch_loc", "patch_meta",
						   "num_sigs" };
	struct nvt_fw_out *p = ps->p;
	struct nvt_hs_parts h = { .sig_count = 0 };
	struct nvt_hs_image check;
	int rc = fw_bindata_get(src, labels, NVT_ARRAY_SIZE(labels), p, e);

	if (!rc)
		rc = check_size(&p[PATCH_LOC], 4, labels[PATCH_LOC], e);
	if (!rc)
		rc = check_size(&p[PATCH_META], 12, labels[PATCH_META], e);
	if (!rc)
		rc = check_size(&p[NUM_SIGS], 4, labels[NUM_SIGS], e);
	if (rc)
		return rc;
	h.data = bytes(&p[IMAGE]);
	h.signatures = bytes(&p[SIGNATURES]);
	h.load_header = bytes(&p[LOAD_HEADER]);
	h.sig_count = nvt_le32(p[NUM_SIGS].p);
	h.patch_loc = nvt_le32(p[PATCH_LOC].p);
	h.fuse_version = nvt_le32(p[PATCH_META].p);
	h.engine_id = nvt_le32(p[PATCH_META].p + 4);
	h.ucode_id = nvt_le32(p[PATCH_META].p + 8);
	if (h.signatures.n != (uint64_t)h.sig_count * r->sig_each)
		return nvt_fail(e, NVT_E_DATA, "%zu bytes of signatures are not %u of %u bytes", h.signatures.n, h.sig_count,
				r->sig_each);
	rc = nvt_hs_write(&h, ret, e);
	return rc ? rc : nvt_hs_parse(bytes(ret), &check, e);
}

/* A container with a descriptor of its own: both kinds of bootloader. */
static int build_described(const struct recipe *r, struct nvt_bytes src, struct parts *ps, struct nvt_fw_out *ret,
			   struct nvt_error *e)
{
	static const char *const prod[] = { "ucode_image_prod", "ucode_desc_prod" };
	static const char *const only[] = { "ucode_image", "ucode_desc" };
	struct nvt_falcon_bl falcon;
	struct nvt_riscv_bl riscv;
	int rc = fw_bindata_get(src, r->has_debug ? prod : only, 2, ps->p, e);

	if (!rc)
		rc = nvt_nvfw_write(bytes(&ps->p[1]), bytes(&ps->p[0]), ret, e);
	if (rc)
		return rc;
	return r->kind == BOOTLOADER ? nvt_riscv_bl_parse(bytes(ret), &riscv, e) :
				       nvt_falcon_bl_parse(bytes(ret), &falcon, e);
}

static int build_fmc(struct nvt_bytes src, struct parts *ps, struct nvt_fw_out *ret, struct nvt_error *e)
{
	static const char *const labels[] = { "ucode_hash", "ucode_sig", "ucode_pkey", "ucode_image" };
	struct nvt_fmc_parts m;
	struct nvt_fmc check;
	int rc = fw_bindata_get(src, labels, NVT_ARRAY_SIZE(labels), ps->p, e);

	if (rc)
		return rc;
	m = (struct nvt_fmc_parts){ bytes(&ps->p[0]), bytes(&ps->p[1]), bytes(&ps->p[2]), bytes(&ps->p[3]) };
	rc = nvt_fmc_write(&m, ret, e);
	if (!rc)
		rc = nvt_fmc_parse(bytes(ret), &check, e);
	return rc ? rc : nvt_fmc_check(bytes(ret), &check, e);
}

int nvt_pack_build(unsigned i, struct nvt_bytes src, struct nvt_fw_out *ret, struct nvt_error *e)
{
	const struct recipe *r = &recipes[i];
	struct parts ps = { { { NULL, 0 } } };
	unsigned k;
	int rc;

	*ret = (struct nvt_fw_out){ NULL, 0 };
	if (r->kind == HS)
		rc = build_hs(r, src, &ps, ret, e);
	else
		rc = r->kind == FMC ? build_fmc(src, &ps, ret, e) : build_described(r, src, &ps, ret, e);
	for (k = 0; k < PARTS; k++)
		free(ps.p[k].p);
	if (rc) {
		free(ret->p);
		*ret = (struct nvt_fw_out){ NULL, 0 };
	}
	return rc;
}

int nvt_pack_release(struct nvt_bytes version_mk, char ret[32], struct nvt_error *e)
{
	static const char key[] = "NVIDIA_VERSION = ";
	const char *p = (const char *)version_mk.p, *end = p + version_mk.n, *nl;
	size_t n;

	for (; p < end; p = nl ? nl + 1 : end) {
		nl = memchr(p, '\n', (size_t)(end - p));
		n = (size_t)((nl ? nl : end) - p);
		if (n < sizeof(key) || memcmp(p, key, sizeof(key) - 1))
			continue;
		p += sizeof(key) - 1;
		n -= sizeof(key) - 1;
		if (n > 31)
			break;
		memcpy(ret, p, n);
		ret[n] = '\0';
		/* it becomes part of files' names */
		if (*ret != '.' && !ret[strspn(ret, "0123456789abcdefghijklmnopqrstuvwxyz.-")])
			return 0;
		break;
	}
	return nvt_fail(e, NVT_E_DATA, "no NVIDIA_VERSION");
}
