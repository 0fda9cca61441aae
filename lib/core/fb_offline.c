/* SPDX-License-Identifier: MIT */
/* The framebuffer plan of a GPU that is not there. */
#include "core/fb_sizes.h"

#include <string.h>

/* The size of a part of the file that the chip needs for a role; -NVT_E_ENV if no manifest has it. */
static int part_size(const struct nvt_fwdb *db, const char *release, const char *role,
		     const struct nvt_chip *chip, const char *part, uint64_t *ret,
		     struct nvt_error *e)
{
	const struct nvt_fwdb_file *f = nvt_fwdb_file(db, release, role, chip);
	const struct nvt_fwdb_part *p = f ? nvt_fwdb_part(f, part) : NULL;
	int rc;

	if (p) {
		*ret = p->size;
		return 0;
	}
	rc = nvt_fail(e, NVT_E_ENV, "the firmware database has no %s of release %s for %s", role,
		      release, chip->name);
	nvt_err_hint(e, "--fwdb DIR adds manifests of other releases");
	return rc;
}

static int plan(const struct nvt_fwdb *db, const char *release, const struct nvt_fb_query *q,
		struct nvt_fb_plan *ret, struct nvt_error *e)
{
	const struct fb_facts facts = {
		.size = q->vram,
		.vga_base = q->display_off ? 0 : q->vga_base,
		.mmu_lock = UINT64_MAX,
	};
	const char *abi = nvt_fwdb_abi(db, release);
	struct fb_parts parts = { 0 };
	int rc = part_size(db, release, "bootloader", q->chip, "data", &parts.boot_bin, e);

	if (!rc)
		rc = part_size(db, release, "gsp", q->chip, ".fwimage", &parts.elf, e);
	if (!rc)
		rc = fb_sizes(q->chip, abi ? abi : release, q->vram, &parts, e);
	if (!rc)
		rc = fb_plan(&facts, &parts, ret, e);
	if (rc != -NVT_E_DEVICE)
		return rc;
	if (e)
		e->code = NVT_E_USAGE; /* no device is at fault: the question was wrong */
	return -NVT_E_USAGE;
}

static bool has_release(const struct nvt_fwdb *db, const char *release)
{
	unsigned i;

	for (i = 0; i < nvt_fwdb_release_count(db); i++)
		if (!strcmp(nvt_fwdb_release(db, i), release))
			return true;
	return false;
}

/* Newest first; the first error is kept: it is about the release that most people want. */
static int plan_newest(const struct nvt_fwdb *db, const struct nvt_fb_query *q,
		       struct nvt_fb_plan *ret, const char **ret_release, struct nvt_error *e)
{
	struct nvt_error other;
	unsigned i;
	int rc = 0, first = 0;

	for (i = 0; i < nvt_fwdb_release_count(db); i++) {
		*ret_release = nvt_fwdb_release(db, i);
		rc = plan(db, *ret_release, q, ret, first ? &other : e);
		if (rc != -NVT_E_ENV)
			break;
		first = rc;
	}
	if (rc && rc != -NVT_E_ENV && first && e)
		*e = other;
	if (!nvt_fwdb_release_count(db))
		return nvt_fail(e, NVT_E_ENV, "the firmware database is empty");
	return rc;
}

int nvt_fb_plan_offline(const struct nvt_fwdb *db, const struct nvt_fb_query *q,
			struct nvt_fb_plan *ret, const char **ret_release, struct nvt_error *e)
{
	int rc;

	if (!q->release)
		return plan_newest(db, q, ret, ret_release, e);
	*ret_release = q->release;
	if (has_release(db, q->release))
		return plan(db, q->release, q, ret, e);
	rc = nvt_fail(e, NVT_E_USAGE, "release %s is not in the firmware database", q->release);
	nvt_err_hint(e, "--fwdb DIR adds manifests of other releases");
	return rc;
}
