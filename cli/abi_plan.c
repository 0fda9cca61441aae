/* SPDX-License-Identifier: MIT */
/*
 * How a type is written down in a programming language so that every field stands where the release has it.
 * All padding that the language would not insert by itself is explicit; a type that its rules cannot make is
 * packed. The rules are those of C on 64-bit Linux, which Rust's repr(C) and Python's ctypes follow.
 */
#include <stdlib.h>
#include <string.h>
#include "cli/abi.h"

static bool has_tail(const struct nvt_field_info *f)
{
	return f->dims[0] == UINT32_MAX;
}

/* ---- types, each planned before those that hold it ---- */

struct cli_type_row *cli_types_find(const struct cli_types *t, const struct nvt_layout *l)
{
	size_t lo = 0, hi = t->n, mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strcmp(nvt_layout_name(t->rows[mid].layout), nvt_layout_name(l));
		if (!c)
			return &t->rows[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL; /* not reached: the loader checks that a release has the types it nests */
}

static uint32_t field_align(const struct cli_types *t, const struct nvt_field_info *f)
{
	const struct cli_type_row *row;

	if (f->prim != NVT_P_STRUCT)
		return abi_elem_size(f);
	row = cli_types_find(t, f->nested);
	return row ? row->align : 1;
}

/*
 * The bit-fields from p->next on that share a storage unit: the widest one that does not reach what follows, or
 * bare bytes where there is none.
 */
static void take_bits(const struct cli_parts *p, struct cli_part *ret)
{
	const struct nvt_layout *l = p->row->layout;
	uint32_t limit = nvt_layout_size(l), need = 0;
	unsigned i, n = nvt_layout_field_count(l);
	struct nvt_field_info f;

	for (i = p->next; i < n; i++) {
		nvt_layout_field(l, i, &f);
		if (!f.is_bits || f.offset != ret->f.offset || (i > p->next && nvt_layout_is_union(l))) {
			limit = nvt_layout_is_union(l) ? limit : f.offset;
			break;
		}
		if (abi_elem_size(&f) > ret->unit)
			ret->unit = abi_elem_size(&f);
		if (f.bit_hi / 8u + 1 > need)
			need = f.bit_hi / 8u + 1;
	}
	ret->n = i - p->next;
	while (ret->unit > 1 && ret->f.offset + ret->unit > limit && ret->unit / 2 >= need)
		ret->unit /= 2;
	ret->size = ret->unit;
	if (ret->f.offset + ret->unit > limit) {
		ret->what = PART_PAD;
		ret->size = limit - ret->f.offset;
		ret->unit = 1;
	}
}

static void plan(struct cli_types *t, struct cli_type_row *row)
{
	unsigned i, n = nvt_layout_field_count(row->layout);
	struct nvt_field_info f;
	uint32_t align;

	row->planned = true;
	row->align = 1;
	for (i = 0; i < n; i++) {
		nvt_layout_field(row->layout, i, &f);
		if (f.prim == NVT_P_STRUCT) {
			struct cli_type_row *in = cli_types_find(t, f.nested);

			if (in && !in->planned)
				plan(t, in);
		}
		align = field_align(t, &f);
		if (f.is_bits) {
			struct cli_parts p = { .types = t, .row = row, .next = i };
			struct cli_part bits = { .f = f };

			take_bits(&p, &bits);
			i += bits.n - 1;
			align = bits.unit;
		}
		if (f.offset % align)
			row->packed = true;
		if (align > row->align)
			row->align = align;
	}
	if (nvt_layout_size(row->layout) % row->align)
		row->packed = true;
	if (row->packed)
		row->align = 1;
}

int cli_types_init(struct cli_types *t, struct nvt_rel rel, struct nvt_error *e)
{
	const struct nvt_layout *l;
	uint32_t pos = 0;
	size_t i;

	*t = (struct cli_types){ .rel = rel };
	while (nvt_layout_next(rel, &pos))
		t->n++;
	t->rows = calloc(t->n + 1, sizeof(*t->rows));
	if (!t->rows)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	for (pos = 0, i = 0; (l = nvt_layout_next(rel, &pos)); i++)
		t->rows[i].layout = l;
	for (i = 0; i < t->n; i++)
		if (!t->rows[i].planned)
			plan(t, &t->rows[i]);
	return 0;
}

void cli_types_free(struct cli_types *t)
{
	free(t->rows);
	t->rows = NULL;
}

/* The innermost type below row that is still to come; the loader bounds how deep types nest. */
static struct cli_type_row *first_needed(struct cli_types *t, struct cli_type_row *row)
{
	unsigned i, n = nvt_layout_field_count(row->layout);
	struct nvt_field_info f;

	for (i = 0; i < n; i++) {
		struct cli_type_row *in;

		nvt_layout_field(row->layout, i, &f);
		in = f.prim == NVT_P_STRUCT ? cli_types_find(t, f.nested) : NULL;
		if (in && !in->written)
			return first_needed(t, in);
	}
	return row;
}

struct cli_type_row *cli_types_next(struct cli_types *t, size_t *pos)
{
	struct cli_type_row *row;

	while (*pos < t->n && t->rows[*pos].written)
		++*pos;
	if (*pos == t->n)
		return NULL;
	row = first_needed(t, &t->rows[*pos]);
	row->written = true;
	return row;
}

/* ---- parts of one type ---- */

void cli_parts_begin(struct cli_parts *p, const struct cli_types *types, const struct cli_type_row *row)
{
	*p = (struct cli_parts){ .types = types, .row = row };
}

static uint32_t round_up(uint32_t n, uint32_t align)
{
	return (n + align - 1) / align * align;
}

/* Where the language would put a part of this alignment by itself. */
static bool falls_into_place(const struct cli_parts *p, uint32_t offset, uint32_t align)
{
	return nvt_layout_is_union(p->row->layout) || (p->row->packed ? p->at : round_up(p->at, align)) == offset;
}

static void pad(struct cli_parts *p, uint32_t to, struct cli_part *ret)
{
	*ret = (struct cli_part){ .what = PART_PAD, .offset = p->at, .size = to - p->at };
	p->at = to;
}

static void end(struct cli_parts *p, struct cli_part *ret)
{
	uint32_t size = nvt_layout_size(p->row->layout);
	bool is_union = nvt_layout_is_union(p->row->layout);

	if (!p->padded && round_up(p->at, p->row->align) < size) {
		p->padded = true;
		pad(p, size, ret);
		if (is_union) { /* as wide as the whole, beside the others */
			ret->offset = 0;
			ret->size = size;
		}
		return;
	}
	*ret = (struct cli_part){ .what = PART_END };
}

void cli_parts_next(struct cli_parts *p, struct cli_part *ret)
{
	const struct nvt_layout *l = p->row->layout;
	struct cli_part part = { .what = PART_FIELD, .first = p->next, .n = 1 };
	uint32_t align;

	if (p->next == nvt_layout_field_count(l)) {
		end(p, ret);
		return;
	}
	abi_field(p->types->rel, l, p->next, &part.f);
	part.offset = part.f.offset;
	part.size = abi_field_size(&part.f);
	align = field_align(p->types, &part.f);
	if (part.f.is_bits) {
		part.what = PART_BITS;
		take_bits(p, &part);
		align = part.unit;
	}
	/* bit-fields would join the unit before them */
	if (!falls_into_place(p, part.offset, part.f.is_bits ? 1 : align) && part.offset > p->at) {
		pad(p, part.offset, ret);
		return;
	}
	p->next += part.n;
	if (part.offset + part.size > p->at)
		p->at = part.offset + part.size;
	/* nothing may follow a flexible tail; what the type has behind its beginning is padding */
	p->padded = has_tail(&part.f);
	*ret = part;
}

/* ---- names ---- */

const char *abi_word(const char *name, const char *keywords, char buf[ABI_WORD])
{
	size_t n = 0, len;
	const char *at;

	if (*name >= '0' && *name <= '9')
		buf[n++] = '_';
	for (; *name && n + 2 < ABI_WORD; name++)
		buf[n++] = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
					   (*name >= '0' && *name <= '9') ?
				   *name :
				   '_';
	if (!n)
		buf[n++] = '_';
	buf[n] = '\0';
	len = n;
	for (at = strstr(keywords, buf); at; at = strstr(at + 1, buf)) {
		if ((at == keywords || at[-1] == ' ') && (at[len] == ' ' || !at[len])) {
			buf[n++] = '_';
			buf[n] = '\0';
			break;
		}
	}
	return buf;
}

const char *abi_member_word(const struct nvt_field_info *f, unsigned i, const char *keywords, char buf[ABI_WORD])
{
	if (f->name[0])
		return abi_word(f->name, keywords, buf);
	snprintf(buf, ABI_WORD, "anon_%u", i);
	return buf;
}

static const char *const prefixes[ABI_ID__COUNT] = {
	[ABI_CONTROL] = "",
	[ABI_CLASS] = "",
	[ABI_FUNCTION] = "NV_VGPU_MSG_FUNCTION_",
	[ABI_EVENT] = "NV_VGPU_MSG_EVENT_",
};

static bool add_const(struct cli_consts *c, const char *group, const char *prefix, const char *name, uint64_t value,
		      const char *type)
{
	size_t cap = c->cap ? 2 * c->cap : 1024;
	void *p = c->rows;

	if (c->n == c->cap) {
		p = realloc(c->rows, cap * sizeof(*c->rows));
		if (!p)
			return false;
		c->rows = p;
		c->cap = cap;
	}
	c->rows[c->n] = (struct cli_const){ prefix, name, value, (uint32_t)c->n, group, type, false };
	c->n++;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct cli_const *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (!c)
		c = strcmp(x->prefix, y->prefix);
	return c ? c : (x->order > y->order) - (x->order < y->order);
}

static int by_order(const void *a, const void *b)
{
	const struct cli_const *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/* Headers that are never included together may use one name for two values; the first keeps it. */
static void mark_twice(struct cli_consts *c)
{
	size_t i;

	if (!c->n)
		return;
	qsort(c->rows, c->n, sizeof(*c->rows), by_name);
	for (i = 1; i < c->n; i++)
		c->rows[i].is_twice = !strcmp(c->rows[i].name, c->rows[i - 1].name) &&
				      !strcmp(c->rows[i].prefix, c->rows[i - 1].prefix);
	qsort(c->rows, c->n, sizeof(*c->rows), by_order);
}

int cli_consts_init(struct cli_consts *c, struct nvt_rel rel, struct nvt_error *e)
{
	struct cli_name v;
	struct cli_id id;
	bool ok = true;
	uint32_t pos;
	unsigned k;

	*c = (struct cli_consts){ .n = 0 };
	for (k = 0; k < ABI_ID__COUNT; k++)
		for (pos = 0; ok && cli_id_next(rel, k, &pos, &id);)
			ok = add_const(c, abi_kind_plural(k), prefixes[k], id.name, id.number, id.type);
	for (k = NAMES_ENUMS; k <= NAMES_FLAGS; k++)
		for (pos = 0; ok && cli_name_next(rel, k, &pos, &v);)
			ok = add_const(c, v.set, "", v.name, cli_name_in_place(&v), NULL);
	if (!ok)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	mark_twice(c);
	return 0;
}

void cli_consts_free(struct cli_consts *c)
{
	free(c->rows);
	c->rows = NULL;
}
