/* SPDX-License-Identifier: MIT */
/* Schema: the tables that refer to layouts by release (types, aliases, messages), and those of names. */
#include "rpc/schema_build.h"

#include <stdlib.h>
#include <string.h>

/* A type or alias while its variants are collected. */
struct named {
	const char *file, *name;
	bool is_type, is_alias; /* one name may be either in turn, in different releases */
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : x->is_alias - y->is_alias;
}

/* Distinct names of types and aliases, sorted. */
static int collect_names(struct sc *s, struct vec *names)
{
	const struct sc_layout *l = s->layouts.p;
	const struct sc_alias *a = s->aliases.p;
	struct named *n, *v;
	size_t i, k;

	for (i = 0; i < s->layouts.n + s->aliases.n; i++) {
		n = vec_add(names);
		if (!n)
			return sc_nomem(s);
		if (i < s->layouts.n)
			*n = (struct named){ l[i].file, l[i].type, true, false };
		else
			*n = (struct named){ a[i - s->layouts.n].file, a[i - s->layouts.n].name, false, true };
	}
	v = names->p;
	if (names->n)
		qsort(v, names->n, sizeof(*v), by_name);
	for (i = k = 0; i < names->n; i++) {
		if (k && !strcmp(v[k - 1].name, v[i].name)) {
			v[k - 1].is_alias |= v[i].is_alias;
			if (v[i].is_alias)
				v[k - 1].file = v[i].file;
			continue;
		}
		v[k++] = v[i];
	}
	names->n = k;
	return 0;
}

/* The type that an alias stands for in a release; NULL if none. */
static int target_of(struct sc *s, const struct named *n, unsigned release, const char **ret)
{
	const struct sc_alias *a = s->aliases.p;
	size_t i = sc_alias_first(s, n->name);

	*ret = NULL;
	for (; i < s->aliases.n && !strcmp(a[i].name, n->name); i++) {
		if (!sc_set_has(s, a[i].set, release))
			continue;
		s->file = a[i].file;
		sc_at(s, "aliases.%s", n->name);
		if (*ret)
			return sc_bad(s, "a second type for release %s", sc_version(s, release));
		*ret = a[i].target;
	}
	return 0;
}

static int add_variants(struct sc *s, const uint32_t *rows, uint32_t *ret_n)
{
	uint32_t words[64], set, n = (uint32_t)s->versions.n, i, k;
	struct abi_variant *v;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i && rows[k] != rows[i]; k++)
			;
		if (rows[i] == ABI_NONE || k < i)
			continue;
		memset(words, 0, sizeof(words));
		for (k = i; k < n; k++)
			if (rows[k] == rows[i])
				words[k / 32] |= 1u << k % 32;
		set = sc_set_intern(s, words);
		v = vec_add(&s->out[ABI_variant]);
		if (!v || set == ABI_NONE)
			return sc_nomem(s);
		*v = (struct abi_variant){ set, rows[i] };
		++*ret_n;
	}
	return 0;
}

/* rows: name x release -> layout row. */
static int add_types(struct sc *s, const struct vec *names, const uint32_t *rows)
{
	const struct named *n = names->p;
	struct abi_type *t;
	uint32_t name, first, count;
	size_t i;
	int rc;

	for (i = 0; i < names->n; i++) {
		first = (uint32_t)s->out[ABI_variant].n;
		count = 0;
		rc = add_variants(s, rows + i * s->versions.n, &count);
		if (rc)
			return rc;
		name = sc_intern(s, n[i].name);
		t = vec_add(&s->out[ABI_type]);
		if (!t || name == ABI_NONE)
			return sc_nomem(s);
		*t = (struct abi_type){ name, first, count };
	}
	return 0;
}

/* Layout row of a name in a release. */
static int fill_row(struct build *b, const struct named *n, unsigned release, uint32_t *ret)
{
	const char *type = NULL;
	uint32_t own = ABI_NONE;
	int rc = n->is_type ? build_layout(b, n->name, release, 0, &own) : 0;

	if (!rc && n->is_alias)
		rc = target_of(b->s, n, release, &type);
	*ret = own;
	if (rc || !type)
		return rc;
	if (own != ABI_NONE)
		return sc_bad(b->s, "a type has this name");
	rc = build_layout(b, type, release, 0, ret);
	if (!rc && *ret == ABI_NONE)
		rc = sc_bad(b->s, "no type \"%s\" in release %s", type, sc_version(b->s, release));
	return rc;
}

static int fill_rows(struct build *b, const struct vec *names, uint32_t *rows)
{
	const struct named *n = names->p;
	struct sc *s = b->s;
	unsigned r;
	size_t i;
	int rc;

	for (r = 0; r < s->versions.n; r++) {
		memset(b->memo, 0xff, s->layouts.n * sizeof(*b->memo));
		for (i = 0; i < names->n; i++) {
			rc = fill_row(b, &n[i], r, &rows[i * s->versions.n + r]);
			if (rc)
				return rc;
		}
	}
	return 0;
}

static int build_types(struct sc *s)
{
	struct build b = { .s = s, .next.row = sizeof(uint32_t) };
	struct vec names = { .row = sizeof(struct named) };
	uint32_t *rows = NULL;
	int rc;

	rc = collect_names(s, &names);
	if (!rc) {
		rows = calloc(names.n * s->versions.n + 1, sizeof(*rows));
		b.memo = calloc(s->layouts.n + 1, sizeof(*b.memo));
		b.head = malloc((s->layouts.n + 1) * sizeof(*b.head));
		if (!rows || !b.memo || !b.head)
			rc = sc_nomem(s);
	}
	if (!rc) {
		memset(b.head, 0xff, (s->layouts.n + 1) * sizeof(*b.head));
		rc = fill_rows(&b, &names, rows);
	}
	if (!rc)
		rc = add_types(s, &names, rows);
	free(rows);
	free(names.p);
	free(b.memo);
	free(b.head);
	free(b.next.p);
	return rc;
}

uint32_t sc_type_row(const struct sc *s, const char *name)
{
	const struct abi_type *t = s->out[ABI_type].p;
	const char *pool = s->out[ABI_str].p;
	size_t lo = 0, hi = s->out[ABI_type].n, mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strcmp(pool + t[mid].name, name);
		if (!c)
			return (uint32_t)mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return ABI_NONE;
}

uint32_t sc_type_layout(const struct sc *s, uint32_t row, unsigned release)
{
	const struct abi_type *t = (const struct abi_type *)s->out[ABI_type].p + row;
	const struct abi_variant *v = (const struct abi_variant *)s->out[ABI_variant].p + t->first;
	uint32_t i;

	for (i = 0; i < t->n; i++)
		if (sc_set_has(s, v[i].set, release))
			return v[i].layout;
	return ABI_NONE;
}

static int by_number(const void *a, const void *b)
{
	const struct sc_msg *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int check_payload(struct sc *s, const struct sc_msg *m, uint32_t *ret)
{
	unsigned r;

	*ret = ABI_NONE;
	if (!m->payload)
		return 0;
	*ret = sc_type_row(s, m->payload);
	if (*ret == ABI_NONE)
		return sc_bad(s, "no payload type \"%s\"", m->payload);
	for (r = 0; r < s->versions.n && !m->by_hand; r++)
		if (sc_set_has(s, m->set, r) && sc_type_layout(s, *ret, r) == ABI_NONE)
			return sc_bad(s, "no payload type \"%s\" in release %s", m->payload, sc_version(s, r));
	return 0;
}

static int build_messages(struct sc *s)
{
	struct sc_msg *m = s->msgs.p;
	uint32_t name, payload;
	struct abi_msg *row;
	size_t i, k;
	int r, rc;

	if (s->msgs.n)
		qsort(m, s->msgs.n, sizeof(*m), by_number);
	for (i = 0; i < s->msgs.n; i++) {
		s->file = m[i].file;
		sc_at(s, "messages.%s", m[i].name);
		for (k = 0; k < i; k++) {
			r = sc_set_common(s, m[k].set, m[i].set);
			if (r >= 0 && m[k].number == m[i].number)
				return sc_bad(s, "number 0x%x is also %s in release %s", m[i].number, m[k].name,
					      sc_version(s, (unsigned)r));
			if (r >= 0 && !strcmp(m[k].name, m[i].name))
				return sc_bad(s, "a second number for release %s", sc_version(s, (unsigned)r));
		}
		rc = check_payload(s, &m[i], &payload);
		if (rc)
			return rc;
		name = sc_intern(s, m[i].name);
		row = vec_add(&s->out[ABI_msg]);
		if (!row || name == ABI_NONE)
			return sc_nomem(s);
		*row = (struct abi_msg){ m[i].number, name, m[i].set, payload, m[i].min, m[i].quirks };
	}
	return 0;
}

int sc_build(struct sc *s)
{
	uint32_t *rel, name;
	unsigned i;
	int rc;

	for (i = 0; i < s->versions.n; i++) {
		name = sc_intern(s, sc_version(s, i));
		rel = vec_add(&s->out[ABI_rel]);
		if (!rel || name == ABI_NONE)
			return sc_nomem(s);
		*rel = name;
	}
	rc = build_types(s);
	if (!rc)
		rc = sc_check_selectors(s);
	return rc ? rc : build_messages(s);
}
