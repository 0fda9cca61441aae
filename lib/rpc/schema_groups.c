/* SPDX-License-Identifier: MIT */
/* Schema: what names the values of fields: enums, and sets of flags made of one or more bits each. */
#include "rpc/schema_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct sc_name *add_name(struct sc *s)
{
	struct sc_name *n = vec_add(&s->names);

	if (n)
		((struct sc_block *)s->blocks.p)[s->blocks.n - 1].n++;
	else
		sc_nomem(s);
	return n;
}

/* Names end up side by side with '|' and '=' between them. */
static bool is_identifier(const char *text)
{
	const char *c;

	for (c = text; c && *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	return text && *text && !isdigit((unsigned char)*text);
}

static int read_enum(struct sc *s, json_t *list)
{
	struct sc_name *n;
	json_t *pair;
	size_t i;

	if (!json_is_array(list))
		return sc_bad(s, "\"e\" should be a list of [name, value]");
	json_array_foreach(list, i, pair) {
		n = add_name(s);
		if (!n)
			return -NVT_E_NOMEM;
		n->name = json_string_value(json_array_get(pair, 0));
		if (json_array_size(pair) != 2 || !is_identifier(n->name) ||
		    !sc_as_int(json_array_get(pair, 1), INT64_MAX, &n->value))
			return sc_bad(s, "e[%zu] should be [name, value]", i);
	}
	return 0;
}

/* Values of the bits lo to hi. */
static int read_flag_values(struct sc *s, json_t *list, size_t i, uint8_t lo, uint8_t hi)
{
	uint64_t max = hi - lo < 63 ? (1ull << (hi - lo + 1)) - 1 : INT64_MAX;
	struct sc_name *n;
	json_t *pair;
	size_t k;

	if (list && !json_is_array(list))
		return sc_bad(s, "f[%zu]: values should be a list of [name, value]", i);
	json_array_foreach(list, k, pair) {
		n = add_name(s);
		if (!n)
			return -NVT_E_NOMEM;
		*n = (struct sc_name){ .name = json_string_value(json_array_get(pair, 0)),
				       .lo = lo, .hi = hi, .is_value = true };
		if (json_array_size(pair) != 2 || !is_identifier(n->name) ||
		    !sc_as_int(json_array_get(pair, 1), max, &n->value))
			return sc_bad(s, "f[%zu]: values[%zu] should be [name, value] with a value of %d bits", i, k,
				      hi - lo + 1);
	}
	return 0;
}

/* [name, lo, hi] or [name, lo, hi, [[name, value], ...]], in order of bits. */
static int read_flags(struct sc *s, json_t *list)
{
	uint64_t lo, hi, end = 0;
	struct sc_name *n;
	json_t *row;
	size_t i;
	int rc;

	if (!json_is_array(list))
		return sc_bad(s, "\"f\" should be a list of [name, lo, hi] or [name, lo, hi, values]");
	json_array_foreach(list, i, row) {
		n = add_name(s);
		if (!n)
			return -NVT_E_NOMEM;
		n->name = json_string_value(json_array_get(row, 0));
		if (json_array_size(row) < 3 || json_array_size(row) > 4 || !is_identifier(n->name) ||
		    !sc_as_int(json_array_get(row, 1), 63, &lo) || !sc_as_int(json_array_get(row, 2), 63, &hi) || hi < lo)
			return sc_bad(s, "f[%zu] should be [name, lo, hi] or [name, lo, hi, values]", i);
		if (lo < end)
			return sc_bad(s, "f[%zu] (%s) begins at bit %u, inside or before the one above it", i, n->name,
				      (unsigned)lo);
		n->lo = (uint8_t)lo;
		n->hi = (uint8_t)hi;
		end = hi + 1;
		rc = read_flag_values(s, json_array_get(row, 3), i, (uint8_t)lo, (uint8_t)hi);
		if (rc)
			return rc;
	}
	return 0;
}

static const struct {
	const char *section, *keys, *rows;
	int (*read)(struct sc *s, json_t *list);
} kinds[] = {
	[ABI_G_ENUM] = { "enums", "v e", "e", read_enum },
	[ABI_G_FLAGS] = { "flags", "v f", "f", read_flags },
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name stands for one thing; and what a set may show at once fits the text that nvt_value_text makes. */
static int check_names(struct sc *s, const struct sc_block *b)
{
	const struct sc_name *n = (const struct sc_name *)s->names.p + b->first;
	const char **names = calloc(b->n + 1, sizeof(*names));
	size_t i, one, longest = 0, text = 0;
	int rc = names ? 0 : sc_nomem(s);

	for (i = 0; i < b->n && !rc; i++) {
		names[i] = n[i].name;
		one = strlen(n[i].name) + sizeof("=0x0123456789abcdef|");
		longest = n[i].is_value ? longest : 0; /* one value of the same bits at a time */
		text += one > longest ? one - longest : 0;
		longest = one > longest ? one : longest;
	}
	if (!rc && b->kind == ABI_G_FLAGS && text + sizeof("0x0123456789abcdef") > NVT_VALUE_TEXT)
		rc = sc_bad(s, "the names take more than %d characters together", NVT_VALUE_TEXT);
	if (!rc)
		qsort(names, b->n, sizeof(*names), by_text);
	for (i = 1; i < b->n && !rc; i++)
		if (!strcmp(names[i - 1], names[i]))
			rc = sc_bad(s, "the name \"%s\" twice", names[i]);
	free(names);
	return rc;
}

static int read_block(struct sc *s, uint32_t kind, const char *group, unsigned i, json_t *row)
{
	struct sc_block *b = vec_add(&s->blocks);
	int rc;

	if (!b)
		return sc_nomem(s);
	*b = (struct sc_block){ .file = s->file, .group = group, .kind = kind, .index = i, .first = s->names.n };
	if (sc_keys(s, row, kinds[kind].keys) || sc_set(s, row, &b->set))
		return -NVT_E_DATA;
	rc = kinds[kind].read(s, json_object_get(row, kinds[kind].rows));
	return rc ? rc : check_names(s, (struct sc_block *)s->blocks.p + s->blocks.n - 1);
}

static int read_blocks(struct sc *s, uint32_t kind, json_t *groups)
{
	const char *group;
	json_t *list, *row;
	size_t i;
	int rc;

	json_object_foreach(groups, group, list) {
		sc_at(s, "%s.%s", kinds[kind].section, group);
		if (!json_is_array(list))
			return sc_bad(s, "should be a list");
		json_array_foreach(list, i, row) {
			sc_at(s, "%s.%s[%zu]", kinds[kind].section, group, i);
			rc = read_block(s, kind, group, (unsigned)i, row);
			if (rc)
				return rc;
		}
	}
	return 0;
}

int sc_read_enums(struct sc *s, json_t *enums)
{
	return read_blocks(s, ABI_G_ENUM, enums);
}

int sc_read_flags(struct sc *s, json_t *flags)
{
	return read_blocks(s, ABI_G_FLAGS, flags);
}

int sc_mention_enum(struct sc *s, const char *name)
{
	struct sc_block *b = vec_add(&s->blocks);

	if (!b)
		return sc_nomem(s);
	*b = (struct sc_block){ .file = s->file, .group = name, .kind = ABI_G_ENUM };
	return 0;
}

/* ---- tables ---- */

static int by_group(const void *a, const void *b)
{
	const struct sc_block *x = a, *y = b;
	int c = x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind) : strcmp(x->group, y->group);

	if (!c)
		c = strcmp(x->file, y->file);
	return c ? c : (x->index > y->index) - (x->index < y->index);
}

static int check_block(struct sc *s, const struct sc_block *first, const struct sc_block *b)
{
	const struct sc_block *was;
	int r;

	s->file = b->file;
	sc_at(s, "%s.%s[%u]", kinds[b->kind].section, b->group, b->index);
	for (was = first; was < b; was++) {
		r = was->n ? sc_set_common(s, was->set, b->set) : -1;
		if (r >= 0)
			return sc_bad(s, "a second list for release %s", sc_version(s, (unsigned)r));
	}
	return 0;
}

static int add_names(struct sc *s, const struct sc_block *b, uint32_t group)
{
	const struct sc_name *n = (const struct sc_name *)s->names.p + b->first;
	struct abi_value *value, row;
	struct abi_flag *flag;
	uint32_t name;
	size_t i;

	for (i = 0; i < b->n; i++) {
		name = sc_intern(s, n[i].name);
		row = (struct abi_value){ (uint32_t)n[i].value, (uint32_t)(n[i].value >> 32), name, b->set, group };
		value = b->kind == ABI_G_ENUM ? vec_add(&s->out[ABI_enm]) : NULL;
		flag = b->kind == ABI_G_FLAGS ? vec_add(&s->out[ABI_flag]) : NULL;
		if (name == ABI_NONE || (!value && !flag))
			return sc_nomem(s);
		if (value)
			*value = row;
		else
			*flag = (struct abi_flag){ row, n[i].lo, n[i].hi, n[i].is_value, 0 };
	}
	return 0;
}

/* Within an enum: by value, then by first sight of the name. */
static int by_value(const void *a, const void *b)
{
	const struct abi_value *x = a, *y = b;

	if (abi_value_of(x) != abi_value_of(y))
		return abi_value_of(x) < abi_value_of(y) ? -1 : 1;
	return x->name != y->name ? (x->name > y->name) - (x->name < y->name) : (x->set > y->set) - (x->set < y->set);
}

/* All blocks of one name. */
static int build_group(struct sc *s, const struct sc_block *b, size_t n)
{
	struct vec *rows = &s->out[b->kind == ABI_G_ENUM ? ABI_enm : ABI_flag];
	uint32_t first = (uint32_t)rows->n, name = sc_intern(s, b->group);
	struct abi_group *g = vec_add(&s->out[ABI_group]);
	size_t i;
	int rc;

	if (!g || name == ABI_NONE)
		return sc_nomem(s);
	for (i = 0; i < n; i++) {
		rc = b[i].n ? check_block(s, b, &b[i]) : 0;
		if (!rc)
			rc = add_names(s, &b[i], (uint32_t)s->out[ABI_group].n - 1);
		if (rc)
			return rc;
	}
	if (b->kind == ABI_G_ENUM && rows->n > first)
		qsort((struct abi_value *)rows->p + first, rows->n - first, sizeof(struct abi_value), by_value);
	*g = (struct abi_group){ name, b->kind, first, (uint32_t)rows->n - first };
	return 0;
}

int sc_build_groups(struct sc *s)
{
	static const char *const ids[] = { [ABI_G_CONTROL] = "control", [ABI_G_CLASS] = "class" };
	struct sc_block *b = s->blocks.p;
	struct abi_group *g;
	size_t i, n;
	int rc;

	if (s->blocks.n)
		qsort(b, s->blocks.n, sizeof(*b), by_group);
	for (i = 0; i < s->blocks.n; i += n) {
		for (n = 1; i + n < s->blocks.n && b[i].kind == b[i + n].kind && !strcmp(b[i].group, b[i + n].group); n++)
			;
		rc = build_group(s, &b[i], n);
		if (rc)
			return rc;
	}
	for (i = ABI_G_CONTROL; i <= ABI_G_CLASS; i++) {
		uint32_t name = sc_intern(s, ids[i]);

		g = vec_add(&s->out[ABI_group]);
		if (!g || name == ABI_NONE)
			return sc_nomem(s);
		*g = (struct abi_group){ name, (uint32_t)i, 0, 0 };
	}
	return 0;
}

uint32_t abi_group_at(const struct abi_group *g, size_t n, const char *pool, enum abi_kind kind, const char *name)
{
	size_t lo = 0, mid;
	int c;

	while (lo < n) {
		mid = (lo + n) / 2;
		c = g[mid].kind != kind ? (g[mid].kind > kind) - (g[mid].kind < kind) : strcmp(pool + g[mid].name, name);
		if (!c)
			return (uint32_t)mid;
		if (c < 0)
			lo = mid + 1;
		else
			n = mid;
	}
	return ABI_NONE;
}

uint32_t sc_group(const struct sc *s, enum abi_kind kind, const char *name)
{
	return abi_group_at(s->out[ABI_group].p, s->out[ABI_group].n, s->out[ABI_str].p, kind, name);
}

unsigned sc_flags_bits(const struct sc *s, uint32_t group)
{
	const struct abi_group *g = (const struct abi_group *)s->out[ABI_group].p + group;
	const struct abi_flag *f = (const struct abi_flag *)s->out[ABI_flag].p + g->first;
	unsigned bits = 0;
	uint32_t i;

	for (i = 0; i < g->n; i++)
		if (f[i].hi + 1u > bits)
			bits = f[i].hi + 1u;
	return bits;
}
