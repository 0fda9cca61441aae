/* SPDX-License-Identifier: MIT */
/*
 * Schema: layouts as written -> layout rows. A written layout names nested types; a row points at their
 * rows of the same release, so one written layout gives several rows where a nested type changed.
 */
#include "rpc/schema_build.h"

#include <stdlib.h>
#include <string.h>

#define BUSY (ABI_NONE - 1)
#define MAX_DEPTH 12

static int at_layout(struct sc *s, const struct sc_layout *l)
{
	s->file = l->file;
	sc_at(s, "types.%s[%u]", l->type, l->index);
	return 0;
}

static uint64_t elements(const struct sc_field *f)
{
	uint64_t n = 1;
	unsigned k;

	for (k = 0; k < 3 && f->dims[k]; k++)
		n *= f->is_flex ? 0 : f->dims[k]; /* dimensions are at most 2^20 each */
	return n;
}

/* Fields lie within the size, and overlap only in unions. */
static int check_extent(struct sc *s, const struct sc_layout *l)
{
	uint64_t end = 0, from, to;
	const struct sc_field *f;
	size_t i;

	for (i = 0; i < l->n; i++) {
		f = &l->fields[i];
		if (elements(f) > INT32_MAX || elements(f) * f->size > INT32_MAX)
			return sc_bad(s, "f[%zu] (%s) has more than 2^31 bytes", i, f->name);
		from = 8 * (uint64_t)f->offset + (f->is_bits ? f->bit_lo : 0);
		to = f->is_bits ? 8 * (uint64_t)f->offset + f->bit_hi + 1 : from + 8 * elements(f) * f->size;
		if (f->offset + (f->is_bits ? f->size : elements(f) * f->size) > l->size)
			return sc_bad(s, "f[%zu] (%s) ends at byte %llu, past the type's size %u", i, f->name,
				      (unsigned long long)((to + 7) / 8), l->size);
		if (!l->is_union && from < end)
			return sc_bad(s, "f[%zu] (%s) begins at byte %u, inside the field before it", i, f->name,
				      f->offset);
		end = to;
	}
	return 0;
}

static uint32_t index_of(const struct sc_layout *l, const char *name)
{
	uint32_t i;

	for (i = 0; name && i < l->n; i++)
		if (!strcmp(l->fields[i].name, name))
			return i;
	return ABI_NONE;
}

static int add_fields(struct sc *s, const struct sc_layout *l)
{
	const struct sc_field *f;
	struct abi_field *row;
	uint32_t name;
	size_t i;

	for (i = 0; i < l->n; i++) {
		f = &l->fields[i];
		name = sc_intern(s, f->name);
		row = vec_add(&s->out[ABI_field]);
		if (!row || name == ABI_NONE)
			return sc_nomem(s);
		*row = (struct abi_field){ .name = name,
					   .offset = f->offset,
					   .aux = f->aux,
					   .size = f->size,
					   .dims = { f->dims[0], f->dims[1], f->dims[2] },
					   .prim = (uint8_t)f->prim,
					   .bit_lo = f->sel ? (uint8_t)(f->sel - 1) : f->bit_lo,
					   .bit_hi = f->sel ? (uint8_t)((f->sel - 1) >> 8) : f->bit_hi,
					   .flags = (uint8_t)((f->is_bits ? ABI_F_BITS : 0) |
							      (f->group ? ABI_F_GROUP : 0) |
							      (f->sel ? ABI_F_SELECT : 0)) };
	}
	return 0;
}

static int add_row(struct build *b, const struct sc_layout *l, uint32_t raw)
{
	struct sc *s = b->s;
	uint32_t name = sc_intern(s, l->type), first = (uint32_t)s->out[ABI_field].n, *next;
	struct nvt_layout *row;
	int rc = check_extent(s, l);

	if (!rc)
		rc = add_fields(s, l);
	if (rc)
		return rc;
	row = vec_add(&s->out[ABI_layout]);
	next = vec_add(&b->next);
	if (!row || !next || name == ABI_NONE)
		return sc_nomem(s);
	*row = (struct nvt_layout){ .name = name,
				    .size = l->size,
				    .first = first,
				    .n = (uint32_t)l->n,
				    .is_union = l->is_union,
				    .tail = l->n && l->fields[l->n - 1].is_flex ? (uint32_t)l->n - 1 : ABI_NONE,
				    .count = index_of(l, l->count),
				    .total = index_of(l, l->total),
				    .by = index_of(l, l->by),
				    .guard = index_of(l, l->guard),
				    .tail_as = l->tail_as };
	*next = b->head[raw];
	b->head[raw] = (uint32_t)s->out[ABI_layout].n - 1;
	return 0;
}

static uint32_t selector_of(const struct abi_field *f)
{
	return f->flags & ABI_F_SELECT ? 1u + (f->bit_lo | (uint32_t)f->bit_hi << 8) : 0;
}

/* A row already made of this written layout with the same nested rows, or ABI_NONE. */
static uint32_t find_row(const struct build *b, const struct sc_layout *l, uint32_t raw)
{
	const struct nvt_layout *rows = b->s->out[ABI_layout].p;
	const struct abi_field *fields = b->s->out[ABI_field].p;
	uint32_t row, i;

	for (row = b->head[raw]; row != ABI_NONE; row = ((uint32_t *)b->next.p)[row]) {
		for (i = 0; i < l->n; i++)
			if (fields[rows[row].first + i].aux != l->fields[i].aux ||
			    selector_of(&fields[rows[row].first + i]) != l->fields[i].sel)
				break;
		if (i == l->n)
			return row;
	}
	return ABI_NONE;
}

static int resolve_field(struct build *b, const struct sc_layout *l, size_t i, unsigned release, unsigned depth)
{
	struct sc_field *f = &l->fields[i];
	uint32_t row;
	int rc;

	f->size = abi_prim_width(f->prim);
	f->aux = f->group ? sc_group(b->s, f->kind, f->group) : 0;
	if (f->prim != NVT_P_STRUCT)
		return 0;
	rc = build_layout(b, f->type, release, depth + 1, &row);
	at_layout(b->s, l);
	if (!rc && row == ABI_NONE)
		return sc_bad(b->s, "f[%zu] (%s): no type \"%s\" in release %s", i, f->name, f->type,
			      sc_version(b->s, release));
	if (rc)
		return rc;
	f->aux = row;
	f->size = ((struct nvt_layout *)b->s->out[ABI_layout].p)[row].size;
	rc = sc_selector(b->s, l->type, f->name, release, &f->sel);
	if (!rc && f->sel && f->dims[0])
		rc = sc_bad(b->s, "f[%zu] (%s): a selector on an array", i, f->name);
	return rc;
}

static int build_raw(struct build *b, const struct sc_layout *l, uint32_t raw, unsigned release, unsigned depth)
{
	uint32_t row;
	size_t i;
	int rc;

	at_layout(b->s, l);
	if (b->memo[raw] == BUSY)
		return sc_bad(b->s, "the type contains itself");
	if (depth > MAX_DEPTH)
		return sc_bad(b->s, "types nest deeper than %d", MAX_DEPTH);
	b->memo[raw] = BUSY;
	for (i = 0; i < l->n; i++) {
		rc = resolve_field(b, l, i, release, depth);
		if (rc)
			return rc;
	}
	row = find_row(b, l, raw);
	if (row == ABI_NONE) {
		rc = add_row(b, l, raw);
		if (rc)
			return rc;
		row = b->head[raw];
	}
	b->memo[raw] = row;
	return 0;
}

size_t sc_layout_first(const struct sc *s, const char *type)
{
	const struct sc_layout *l = s->layouts.p;
	size_t lo = 0, hi = s->layouts.n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (strcmp(l[mid].type, type) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int build_layout(struct build *b, const char *type, unsigned release, unsigned depth, uint32_t *ret)
{
	const struct sc_layout *l = b->s->layouts.p;
	size_t lo = sc_layout_first(b->s, type);
	int rc = 0;

	*ret = ABI_NONE;
	for (; lo < b->s->layouts.n && !strcmp(l[lo].type, type); lo++) {
		if (!sc_set_has(b->s, l[lo].set, release))
			continue;
		if (b->memo[lo] == ABI_NONE || b->memo[lo] == BUSY)
			rc = build_raw(b, &l[lo], (uint32_t)lo, release, depth);
		*ret = b->memo[lo];
		break;
	}
	return rc;
}

static int by_type(const void *a, const void *b)
{
	const struct sc_layout *x = a, *y = b;
	int c = strcmp(x->type, y->type);

	if (!c)
		c = strcmp(x->file, y->file);
	return c ? c : (x->index > y->index) - (x->index < y->index);
}

int sc_sort_layouts(struct sc *s)
{
	struct sc_layout *l = s->layouts.p;
	size_t i, k;
	int r;

	if (s->layouts.n)
		qsort(l, s->layouts.n, sizeof(*l), by_type);
	for (i = 0; i < s->layouts.n; i++) {
		for (k = i; k-- && !strcmp(l[k].type, l[i].type);) {
			r = sc_set_common(s, l[k].set, l[i].set);
			at_layout(s, &l[i]);
			if (r >= 0)
				return sc_bad(s, "a second layout for release %s", sc_version(s, (unsigned)r));
		}
	}
	return 0;
}
