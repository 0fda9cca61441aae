/* SPDX-License-Identifier: MIT */
/*
 * Schema: layouts as written -> layout rows. A written layout names nested types; a row points at their
 * rows of the same release, so one written layout gives several rows where a nested type changed.
 */
#include "rpc/schema_build.h"

#include <stddef.h>
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

static enum abi_op scalar_op(enum nvt_prim prim)
{
	static const uint8_t ops[] = { ABI_OP_U8, ABI_OP_U16, ABI_OP_U32, ABI_OP_U64, ABI_OP_S8,  ABI_OP_S16, ABI_OP_S32,
				       ABI_OP_U64, ABI_OP_U8, ABI_OP_U8,  ABI_OP_U32, ABI_OP_U64, ABI_OP_U32 };

	return (enum abi_op)ops[prim];
}

static enum abi_op op_of(const struct sc *s, const struct sc_field *f)
{
	const struct nvt_layout *nested = (const struct nvt_layout *)s->out[ABI_layout].p + f->aux;

	if (f->is_flex)
		return ABI_OP_TAIL;
	if (f->is_bits)
		return ABI_OP_BITS;
	if (f->prim == NVT_P_STRUCT && !*f->name)
		return ABI_OP_INLINE;
	if (f->prim == NVT_P_STRUCT)
		return f->dims[0] || f->sel || !nested->is_flat ? ABI_OP_STRUCTS : ABI_OP_STRUCT;
	if (!f->dims[0])
		return scalar_op(f->prim);
	return abi_is_byte(f->prim) ? ABI_OP_BYTES : ABI_OP_SCALARS;
}

/* Leaves of a field and the bytes of each: the last dimension of an array of bytes is one leaf. */
static void set_leaves(const struct sc *s, const struct sc_field *f, struct nvt_field *row)
{
	unsigned dims = 0;

	while (dims < 3 && f->dims[dims])
		dims++;
	row->op = (uint8_t)op_of(s, f);
	row->n = (uint32_t)elements(f);
	row->size = f->size;
	if (row->op == ABI_OP_BYTES) {
		row->size = f->dims[dims - 1];
		row->n /= row->size;
	}
	if (dims > (abi_is_byte(f->prim) ? 1u : 0u))
		row->flags |= ABI_F_LIST;
}

static int add_fields(struct sc *s, const struct sc_layout *l)
{
	const struct sc_field *f;
	struct nvt_field *row;
	uint32_t name;
	size_t i;

	for (i = 0; i < l->n; i++) {
		f = &l->fields[i];
		name = sc_intern(s, f->name);
		row = vec_add(&s->out[ABI_field]);
		if (!row || name == ABI_NONE)
			return sc_nomem(s);
		*row = (struct nvt_field){ .name = name,
					   .offset = f->offset,
					   .aux = f->aux,
					   .dims = { f->dims[0], f->dims[1], f->dims[2] },
					   .prim = (uint8_t)f->prim,
					   .bit_lo = f->sel ? (uint8_t)(f->sel - 1) : f->bit_lo,
					   .bit_hi = f->sel ? (uint8_t)((f->sel - 1) >> 8) : f->bit_hi,
					   .flags = (uint8_t)((f->group ? ABI_F_GROUP : 0) |
							      (f->sel ? ABI_F_SELECT : 0)) };
		set_leaves(s, f, row);
	}
	return 0;
}

static int add_step(struct sc *s, uint32_t field, uint32_t offset, uint32_t skip, enum abi_op op)
{
	struct nvt_step *step = vec_add(&s->out[ABI_step]);

	if (!step)
		return sc_nomem(s);
	if (skip > UINT16_MAX)
		return sc_bad(s, "more than %d fields with those of its nested types", UINT16_MAX);
	*step = (struct nvt_step){ .field = field, .offset = offset, .skip = (uint16_t)skip, .op = (uint8_t)op };
	return 0;
}

/* The steps of a nested layout, at an offset. */
static int copy_steps(struct sc *s, const struct nvt_layout *l, uint32_t offset)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < l->steps && !rc; i++) {
		struct nvt_step step = ((struct nvt_step *)s->out[ABI_step].p)[l->step + i];

		rc = add_step(s, step.field, offset + step.offset, step.skip, (enum abi_op)step.op);
	}
	return rc;
}

static int add_steps(struct sc *s, uint32_t first, uint32_t n)
{
	const struct nvt_layout *l = s->out[ABI_layout].p;
	const struct nvt_field *f = (const struct nvt_field *)s->out[ABI_field].p + first;
	uint32_t i, skip;
	int rc = 0;

	for (i = 0; i < n && !rc; i++, f++) {
		skip = f->op == ABI_OP_STRUCT ? l[f->aux].steps + 1 : 0;
		if (f->op != ABI_OP_INLINE)
			rc = add_step(s, first + i, f->offset, skip, (enum abi_op)f->op);
		if (!rc && (f->op == ABI_OP_INLINE || f->op == ABI_OP_STRUCT))
			rc = copy_steps(s, &l[f->aux], f->offset);
		if (!rc && f->op == ABI_OP_STRUCT)
			rc = add_step(s, first + i, f->offset, 0, ABI_OP_END);
	}
	return rc ? rc : add_step(s, 0, 0, 0, ABI_OP_STOP);
}

/* It ends in a flexible array, or its last field does. */
static bool is_open(const struct sc *s, const struct sc_layout *l)
{
	const struct sc_field *f = l->n ? &l->fields[l->n - 1] : NULL;

	if (!f || f->is_flex)
		return f;
	return f->prim == NVT_P_STRUCT && !f->dims[0] && ((struct nvt_layout *)s->out[ABI_layout].p)[f->aux].is_open;
}

/* Nothing in it looks beyond a field of its own: no tail, no selected union. */
static bool is_flat(const struct sc *s, const struct sc_layout *l)
{
	const struct sc_field *f;

	for (f = l->fields; f < l->fields + l->n; f++)
		if (f->is_flex || f->sel ||
		    (f->prim == NVT_P_STRUCT && !*f->name && !((struct nvt_layout *)s->out[ABI_layout].p)[f->aux].is_flat))
			return false;
	return true;
}

/* The field of a written layout's row that a count's path begins with, of the rows from `first` on; then nested ones. */
static const struct nvt_field *find_count(const struct sc *s, uint32_t first, uint32_t n, const char *path, uint32_t *at)
{
	const struct nvt_field *f = (const struct nvt_field *)s->out[ABI_field].p + first, *end = f + n;
	const struct nvt_layout *nested;
	size_t len = strcspn(path, ".");

	for (; f < end; f++) {
		const char *name = (const char *)s->out[ABI_str].p + f->name;

		if (!strncmp(name, path, len) && !name[len])
			break;
	}
	if (f == end || (f->n != 1 || f->dims[0]))
		return NULL;
	*at += f->offset;
	if (!path[len])
		return f->prim <= NVT_P_U32 ? f : NULL;
	nested = (const struct nvt_layout *)s->out[ABI_layout].p + f->aux;
	return f->prim == NVT_P_STRUCT && !nested->is_union ?
		       find_count(s, nested->first, nested->n, path + len + 1, at) : NULL;
}

static int set_count(struct sc *s, const struct sc_layout *l, struct nvt_layout *row)
{
	const struct nvt_field *f;
	uint32_t at = 0, path;

	row->count = ABI_NONE;
	if (!l->count)
		return 0;
	f = find_count(s, row->first, row->n, l->count, &at);
	if (!f)
		return sc_bad(s, "the count \"%s\" is not an unsigned field up to 32 bits", l->count);
	path = sc_intern(s, l->count);
	if (path == ABI_NONE)
		return sc_nomem(s);
	row->count = (uint32_t)(f - (const struct nvt_field *)s->out[ABI_field].p);
	row->count_at = at;
	row->count_path = path;
	row->count_is = l->count_is;
	return 0;
}

static int add_row(struct build *b, const struct sc_layout *l, uint32_t raw)
{
	struct sc *s = b->s;
	uint32_t name = sc_intern(s, l->type), first = (uint32_t)s->out[ABI_field].n, *next;
	uint32_t step = (uint32_t)s->out[ABI_step].n;
	struct nvt_layout *row;
	int rc = check_extent(s, l);

	if (!rc)
		rc = add_fields(s, l);
	if (!rc)
		rc = add_steps(s, first, (uint32_t)l->n);
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
				    .step = step,
				    .steps = (uint32_t)s->out[ABI_step].n - step - 1,
				    .is_union = l->is_union,
				    .is_open = is_open(s, l),
				    .is_flat = is_flat(s, l),
				    .tail = l->n && l->fields[l->n - 1].is_flex ? (uint32_t)l->n - 1 : ABI_NONE,
				    .total = index_of(l, l->total),
				    .by = index_of(l, l->by),
				    .guard = index_of(l, l->guard),
				    .tail_as = l->tail_as };
	*next = b->head[raw];
	b->head[raw] = (uint32_t)s->out[ABI_layout].n - 1;
	return set_count(s, l, row);
}

static uint32_t selector_of(const struct nvt_field *f)
{
	return f->flags & ABI_F_SELECT ? 1u + (f->bit_lo | (uint32_t)f->bit_hi << 8) : 0;
}

/* A row already made of this written layout with the same nested rows, or ABI_NONE. */
static uint32_t find_row(const struct build *b, const struct sc_layout *l, uint32_t raw)
{
	const struct nvt_layout *rows = b->s->out[ABI_layout].p;
	const struct nvt_field *fields = b->s->out[ABI_field].p;
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
	rc = sc_selector(b->s, l, f, release, &f->sel);
	at_layout(b->s, l);
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
	return vec_first(&s->layouts, offsetof(struct sc_layout, type), type);
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
