/* SPDX-License-Identifier: MIT */
/* Structures field by field, through the codec; the framebuffer's plan and the registry by what they mean. */
#include "trace/recording.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAVES_MAX = 4096, PATH = 160, TEXT = 80, NEST = 16 };

struct leaf {
	char path[PATH], text[TEXT];
};

struct leaves {
	struct leaf *v;
	size_t n;
	struct nvt_rel rel;
	size_t length[NEST]; /* of the path, by depth */
	char path[PATH];
};

/* ---- one structure as text ---- */

static void put_value(char *to, struct nvt_rel rel, const struct nvt_leaf *l)
{
	char buf[NVT_VALUE_TEXT];
	const char *name = nvt_leaf_text(rel, l, buf);

	if (name && strlen(name) < TEXT)
		memcpy(to, name, strlen(name) + 1);
	else
		snprintf(to, TEXT, "0x%" PRIx64, l->value);
}

/* All of it where it is short, else its size and a hash. */
static void put_bytes(char *to, struct nvt_bytes b)
{
	uint64_t hash = 0;
	size_t i, n = 0;

	for (i = 0; i < b.n; i++)
		hash = (hash ^ b.p[i]) * 0x100000001b3u + 1;
	if (b.n > 32)
		snprintf(to, TEXT, "%zu bytes, hash %016" PRIx64, b.n, hash);
	for (i = 0; b.n <= 32 && i < b.n; i++)
		n += (size_t)snprintf(to + n, TEXT - n, "%02x", b.p[i]);
	if (!b.n)
		snprintf(to, TEXT, "none");
}

static void extend(struct leaves *s, const struct nvt_leaf *l)
{
	size_t at = s->length[l->depth];
	const char *dot = at ? "." : "";

	if (nvt_leaf_is_element(l))
		snprintf(s->path + at, PATH - at, "%s%s[%u]", dot, nvt_leaf_name(l), l->index);
	else
		snprintf(s->path + at, PATH - at, "%s%s", dot, nvt_leaf_name(l));
}

static int add_leaf(void *arg, const struct nvt_leaf *l)
{
	struct leaves *s = arg;
	struct leaf *to = &s->v[s->n];

	if (l->what == NVT_LEAF_END)
		return 0;
	if (s->n == LEAVES_MAX || l->depth + 1 >= NEST)
		return 1;
	extend(s, l);
	if (l->what == NVT_LEAF_BEGIN) {
		s->length[l->depth + 1] = strlen(s->path);
		return 0;
	}
	memcpy(to->path, s->path, PATH);
	if (l->what == NVT_LEAF_VALUE)
		put_value(to->text, s->rel, l);
	else if (l->what == NVT_LEAF_BYTES)
		put_bytes(to->text, l->bytes);
	else
		snprintf(to->text, TEXT, "absent");
	s->n++;
	return 0;
}

static int take_apart(struct leaves *s, const struct rec_bytes *b, const char *type)
{
	const struct nvt_layout *l = b->rel.abi ? nvt_layout_find(b->rel, type) : NULL;

	s->rel = b->rel;
	s->v = l ? calloc(LEAVES_MAX, sizeof(*s->v)) : NULL;
	if (l && !s->v)
		return -NVT_E_NOMEM;
	if (l)
		nvt_walk(b->rel, l, (struct nvt_bytes){ b->p, b->n }, add_leaf, s);
	return 0;
}

/* Fields have the same place on both sides unless the releases differ. */
static const struct leaf *find_leaf(const struct leaves *s, const char *path, size_t hint)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct leaf *l = &s->v[(hint + i) % s->n];

		if (!strcmp(l->path, path))
			return l;
	}
	return NULL;
}

static void compare_leaves(struct rec_comparison *c, enum rec_section section, const struct leaves *a,
			   const struct leaves *b)
{
	const struct leaf *other;
	size_t i;

	for (i = 0; i < a->n; i++) {
		other = find_leaf(b, a->v[i].path, i);
		c->result->section[section].items++;
		if (!other || strcmp(other->text, a->v[i].text))
			rec_differ(c, section, a->v[i].path, "value", a->v[i].text, other ? other->text : "-");
	}
	for (i = 0; i < b->n; i++) {
		if (find_leaf(a, b->v[i].path, i))
			continue;
		c->result->section[section].items++;
		rec_differ(c, section, b->v[i].path, "value", "-", b->v[i].text);
	}
}

/* False if one side has none; lacking on one side only is a difference of its own. */
static bool both(struct rec_comparison *c, enum rec_section section, enum rec_struct which, const char *name)
{
	const struct rec_bytes *a = &c->a->structs[which], *b = &c->b->structs[which];

	if (a->p && b->p) {
		c->result->section[section].compared = true;
		return true;
	}
	if (a->p || b->p)
		rec_differ(c, section, name, "recorded", a->p ? "yes" : "-", b->p ? "yes" : "-");
	return false;
}

int rec_compare_struct(struct rec_comparison *c, enum rec_section section, enum rec_struct which, const char *type)
{
	struct leaves a = { .n = 0 }, b = { .n = 0 };
	int rc;

	if (!both(c, section, which, type))
		return 0;
	rc = take_apart(&a, &c->a->structs[which], type);
	if (!rc)
		rc = take_apart(&b, &c->b->structs[which], type);
	if (!rc)
		compare_leaves(c, section, &a, &b);
	free(a.v);
	free(b.v);
	return rc;
}

/* ---- the framebuffer's plan ---- */

struct plan_row {
	const char *name;
	uint32_t base, size;
	uint32_t end; /* instead of a size */
};

#define F(field) NVF_GspFwWprMeta_##field
static const struct plan_row plan_rows[] = {
	{ "vga_workspace", F(vgaWorkspaceOffset), F(vgaWorkspaceSize), 0 },
	{ "frts", F(frtsOffset), F(frtsSize), 0 },
	{ "boot_bin", F(bootBinOffset), F(sizeOfBootloader), 0 },
	{ "elf", F(gspFwOffset), F(sizeOfRadix3Elf), 0 },
	{ "wpr_heap", F(gspFwHeapOffset), F(gspFwHeapSize), 0 },
	{ "wpr2", F(gspFwWprStart), 0, F(gspFwWprEnd) },
	{ "non_wpr_heap", F(nonWprHeapOffset), F(nonWprHeapSize), 0 },
};

static void put_region(const struct rec_bytes *meta, const struct plan_row *row, char text[TEXT])
{
	struct nvt_view v = { meta->rel, meta->p, meta->n };
	uint64_t base = nvt_get_or0(&v, row->base);
	uint64_t size = row->end ? nvt_get_or0(&v, row->end) - base : nvt_get_or0(&v, row->size);

	snprintf(text, TEXT, "0x%" PRIx64 "+0x%" PRIx64, base, size);
}

int rec_compare_fb(struct rec_comparison *c)
{
	char a[TEXT], b[TEXT];
	unsigned i;

	if (!both(c, SEC_FB, REC_WPR_META, "plan"))
		return 0;
	for (i = 0; i < NVT_ARRAY_SIZE(plan_rows); i++) {
		put_region(&c->a->structs[REC_WPR_META], &plan_rows[i], a);
		put_region(&c->b->structs[REC_WPR_META], &plan_rows[i], b);
		c->result->section[SEC_FB].items++;
		if (strcmp(a, b))
			rec_differ(c, SEC_FB, plan_rows[i].name, "value", a, b);
	}
	return 0;
}

/* ---- the registry ---- */

/* Names are strings behind the entries; an entry's data are a number or an offset. */
static int take_registry(struct leaves *s, const struct rec_bytes *b)
{
	struct nvt_view v = { b->rel, b->p, b->n };
	uint64_t entries = nvt_get_or0(&v, NVF_PACKED_REGISTRY_TABLE_numEntries), at, data, length;
	unsigned i;

	s->v = calloc(LEAVES_MAX, sizeof(*s->v));
	if (!s->v)
		return -NVT_E_NOMEM;
	for (i = 0; i < entries && s->n < LEAVES_MAX; i++) {
		if (nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_nameOffset, i, &at) ||
		    nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_data, i, &data) ||
		    nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_length, i, &length) || at >= b->n)
			break;
		snprintf(s->v[s->n].path, PATH, "%.*s", (int)(b->n - at < PATH ? b->n - at : PATH - 1),
			 (const char *)b->p + at);
		snprintf(s->v[s->n].text, TEXT, "0x%" PRIx64 ", length %" PRIu64, data, length);
		s->n++;
	}
	return 0;
}

int rec_compare_registry(struct rec_comparison *c)
{
	struct leaves a = { .n = 0 }, b = { .n = 0 };
	int rc;

	if (!both(c, SEC_REGISTRY, REC_REGISTRY, "registry"))
		return 0;
	rc = take_registry(&a, &c->a->structs[REC_REGISTRY]);
	if (!rc)
		rc = take_registry(&b, &c->b->structs[REC_REGISTRY]);
	if (!rc)
		compare_leaves(c, SEC_REGISTRY, &a, &b);
	free(a.v);
	free(b.v);
	return rc;
}
