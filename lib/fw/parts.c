/* SPDX-License-Identifier: MIT */
/* The parts of a firmware file that reach the device on their own, with the digests that manifests
 * list. */
#include <nvt/fw.h>

#include "fw/check.h"

#include <stdio.h>
#include <string.h>

#define SIGNATURES_MOST 32u

struct list {
	struct nvt_bytes file;
	struct nvt_fw_part *parts;
	unsigned count;
};

static struct nvt_fw_part *add(struct list *l, const char *name, uint64_t off, uint64_t size)
{
	struct nvt_fw_part *p = &l->parts[l->count++];

	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->off = off;
	p->size = size;
	nvt_sha256((struct nvt_bytes){ l->file.p + off, (size_t)size }, &p->sha256);
	return p;
}

static int gsp_parts(struct list *l, struct nvt_error *e)
{
	struct nvt_gsp_elf elf;
	unsigned i;
	int rc = nvt_gsp_elf_parse(l->file, &elf, e);

	for (i = 0; !rc && i < elf.section_count; i++) {
		const struct nvt_fw_section *s = &elf.sections[i];

		if (!strcmp(s->name, ".fwimage") || !strncmp(s->name, ".fwsignature_", 13))
			add(l, s->name, s->off, s->size);
	}
	return rc;
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

static int hs_parts(struct list *l, struct nvt_error *e)
{
	struct nvt_hs_image h;
	struct nvt_fw_part *p;
	char name[24];
	unsigned i;
	int rc = nvt_hs_parse(l->file, &h, e);

	if (rc)
		return rc;
	if (h.sig_count > SIGNATURES_MOST)
		return nvt_fw_bad_value(e, "num_sig", h.header_off_file + 0x18, h.sig_count,
					"at most 32");
	add(l, "imem", (uint64_t)h.bin.data_off + h.app0_off, h.app0_size);
	p = add(l, "dmem", (uint64_t)h.bin.data_off + h.os_data_off, h.os_data_size);
	p->patch_off = h.patch_loc - h.os_data_off;
	p->patch_size = h.sig_each;
	digest_dmem(l->file, p);
	for (i = 0; i < h.sig_count; i++) {
		snprintf(name, sizeof(name), "signature%u", i);
		add(l, name, (uint64_t)h.sig_off + h.patch_sig + (uint64_t)i * h.sig_each,
		    h.sig_each);
	}
	return 0;
}

static int fmc_parts(struct list *l, struct nvt_error *e)
{
	struct nvt_fmc m;
	int rc = nvt_fmc_parse(l->file, &m, e);

	if (!rc)
		rc = nvt_fmc_check(l->file, &m, e);
	if (rc)
		return rc;
	add(l, "hash", m.hash.off, m.hash.size);
	add(l, "signature", m.signature.off, m.signature.size);
	add(l, "publickey", m.publickey.off, m.publickey.size);
	add(l, "image", m.image.off, m.image.size);
	return 0;
}

static int falcon_bl_parts(struct list *l, struct nvt_error *e)
{
	struct nvt_falcon_bl f;
	int rc = nvt_falcon_bl_parse(l->file, &f, e);

	if (!rc)
		add(l, "data", f.bin.data_off, f.bin.data_size);
	return rc;
}

/* The whole data, and what the three offsets of GspFwWprMeta lead to. */
static int riscv_bl_parts(struct list *l, struct nvt_error *e)
{
	struct nvt_riscv_bl r;
	int rc = nvt_riscv_bl_parse(l->file, &r, e);

	if (rc)
		return rc;
	add(l, "data", r.bin.data_off, r.bin.data_size);
	if (r.manifest_size)
		add(l, "manifest", (uint64_t)r.bin.data_off + r.manifest_off, r.manifest_size);
	if (r.monitor_data_size)
		add(l, "monitor_data", (uint64_t)r.bin.data_off + r.monitor_data_off,
		    r.monitor_data_size);
	if (r.monitor_code_size)
		add(l, "monitor_code", (uint64_t)r.bin.data_off + r.monitor_code_off,
		    r.monitor_code_size);
	return 0;
}

int nvt_fw_parts(struct nvt_bytes file, const char *role, struct nvt_fw_part ret[NVT_FW_PARTS],
		 unsigned *count, struct nvt_error *e)
{
	struct list l = { .file = file, .parts = ret };
	int rc;

	if (!strcmp(role, "gsp"))
		rc = gsp_parts(&l, e);
	else if (!strcmp(role, "booter_load") || !strcmp(role, "booter_unload") ||
		 !strcmp(role, "scrubber"))
		rc = hs_parts(&l, e);
	else if (!strcmp(role, "fmc"))
		rc = fmc_parts(&l, e);
	else if (!strcmp(role, "bootloader"))
		rc = riscv_bl_parts(&l, e);
	else if (!strcmp(role, "gen_bootloader"))
		rc = falcon_bl_parts(&l, e);
	else
		rc = nvt_fail(e, NVT_E_USAGE, "no file of the boot chain is called %s", role);
	*count = rc ? 0 : l.count;
	return rc;
}
