/* SPDX-License-Identifier: MIT */
/* The parts of a firmware file that reach the device on their own, with the digests that manifests
 * list. */
#include <nvt/fw.h>

#include "fw/check.h"
#include "fw/sections.h"

#include <stdio.h>
#include <string.h>

#define SIGNATURES_MOST 32u

/* Which sections of a role's file are parts; a name that ends in * is the beginning of many. */
static const struct role {
	const char *role;
	enum nvt_fw_kind kind;
	const char *names[4];
} roles[] = {
	{ "gsp", NVT_FW_GSP_ELF, { ".fwimage", ".fwsignature_*" } },
	{ "booter_load", NVT_FW_BOOTER, { "imem", "dmem", "signature*" } },
	{ "booter_unload", NVT_FW_BOOTER, { "imem", "dmem", "signature*" } },
	/* the whole data, and what the three offsets of GspFwWprMeta lead to */
	{ "bootloader", NVT_FW_RISCV_BL, { "data", "manifest", "monitor_data", "monitor_code" } },
	{ "gen_bootloader", NVT_FW_FALCON_BL, { "data" } },
	{ "scrubber", NVT_FW_BOOTER, { "imem", "dmem", "signature*" } },
	{ "fmc", NVT_FW_FMC, { "hash", "signature", "publickey", "image" } },
};

const char *nvt_fw_role(unsigned i)
{
	return i < NVT_ARRAY_SIZE(roles) ? roles[i].role : NULL;
}

static bool is_part(const struct role *r, const char *section)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(r->names) && r->names[i]; i++) {
		size_t n = strcspn(r->names[i], "*");

		if (!strncmp(section, r->names[i], n) && (r->names[i][n] || !section[n]))
			return true;
	}
	return false;
}

static void add(struct nvt_bytes file, const struct nvt_fw_section *s, struct nvt_fw_part *p)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", s->name);
	p->off = s->off;
	p->size = s->size;
	nvt_sha256((struct nvt_bytes){ file.p + s->off, (size_t)s->size }, &p->sha256);
}

/* In DMEM the signature is chosen at boot, so its place counts as zeros. */
static void digest_dmem(struct nvt_bytes file, struct nvt_fw_part *p)
{
	static const uint8_t zeros[384];
	struct nvt_sha256_ctx c;
	uint64_t end = p->patch_off + p->patch_size;

	nvt_sha256_init(&c);
	nvt_sha256_update(&c, (struct nvt_bytes){ file.p + p->off, (size_t)p->patch_off });
	nvt_sha256_update(&c, (struct nvt_bytes){ zeros, (size_t)p->patch_size });
	nvt_sha256_update(&c, (struct nvt_bytes){ file.p + p->off + end, (size_t)(p->size - end) });
	nvt_sha256_final(&c, &p->sha256);
}

static int patch_dmem(struct nvt_bytes file, struct nvt_fw_part *parts, unsigned count, struct nvt_error *e)
{
	struct nvt_hs_image h;
	unsigned i;
	int rc = nvt_hs_parse(file, &h, e);

	if (!rc && h.sig_count > SIGNATURES_MOST)
		rc = nvt_fw_bad_value(e, "num_sig", h.header_off_file + 0x18, h.sig_count, "at most 32");
	for (i = 0; !rc && i < count; i++) {
		if (strcmp(parts[i].name, "dmem"))
			continue;
		parts[i].patch_off = h.patch_loc - h.os_data_off;
		parts[i].patch_size = h.sig_each;
		digest_dmem(file, &parts[i]);
	}
	return rc;
}

static int check_fmc(struct nvt_bytes file, struct nvt_error *e)
{
	struct nvt_fmc m;
	int rc = nvt_fmc_parse(file, &m, e);

	return rc ? rc : nvt_fmc_check(file, &m, e);
}

int nvt_fw_parts(struct nvt_bytes file, const char *role, struct nvt_fw_part ret[NVT_FW_PARTS],
		 unsigned *count, struct nvt_error *e)
{
	struct nvt_fw_section s[NVT_FW_SECTIONS];
	const struct role *r = roles;
	unsigned i, n, sections;
	int rc;

	*count = 0;
	while (r < roles + NVT_ARRAY_SIZE(roles) && strcmp(r->role, role))
		r++;
	if (r == roles + NVT_ARRAY_SIZE(roles))
		return nvt_fail(e, NVT_E_USAGE, "no file of the boot chain is called %s", role);
	rc = nvt_fw_sections_as(r->kind, file, s, &sections, e);
	for (i = 0, n = 0; !rc && i < sections && n < NVT_FW_PARTS; i++)
		if (is_part(r, s[i].name))
			add(file, &s[i], &ret[n++]);
	if (!rc && r->kind == NVT_FW_BOOTER)
		rc = patch_dmem(file, ret, n, e);
	if (!rc && r->kind == NVT_FW_FMC)
		rc = check_fmc(file, e);
	*count = rc ? 0 : n;
	return rc;
}
