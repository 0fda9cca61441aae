/* SPDX-License-Identifier: MIT */
/* The codec: loads and stores by field constant, and the walk over a layout's leaves. */
#include "base/bytes.h"
#include "rpc/abi.h"

#include <string.h>

uint64_t abi_load(const uint8_t *p, uint32_t width)
{
	switch (width) {
	case 1:
		return *p;
	case 2:
		return nvt_le16(p);
	case 4:
		return nvt_le32(p);
	default:
		return nvt_le64(p);
	}
}

void abi_store(uint8_t *p, uint32_t width, uint64_t v)
{
	switch (width) {
	case 1:
		*p = (uint8_t)v;
		break;
	case 2:
		nvt_put_le16(p, (uint16_t)v);
		break;
	case 4:
		nvt_put_le32(p, (uint32_t)v);
		break;
	default:
		nvt_put_le64(p, v);
	}
}

/* ---- by field constant ---- */

static inline const struct abi_select *select_of(struct nvt_rel rel, uint32_t nvf)
{
	uint32_t h = (nvf >> 16) - 1;

	if (!rel.abi || h >= abi_n_handle(rel.abi) || (nvf & 0xffff) >= abi_handle(rel.abi)[h].n)
		return NULL;
	return &abi_select(rel.abi)[h * abi_n_rel(rel.abi) + rel.index];
}

/* NULL if the release lacks the field. */
static inline const struct abi_cell *cell_of(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_select *sel = select_of(rel, nvf);
	const struct abi_cell *c;

	if (!sel || sel->cells == ABI_NONE)
		return NULL;
	c = &abi_cell(rel.abi)[sel->cells + (nvf & 0xffff)];
	return c->off == ABI_NONE ? NULL : c;
}

static uint64_t bits_mask(uint32_t n)
{
	return n < 64 ? (1ull << n) - 1 : UINT64_MAX;
}

static uint64_t sign_extend(uint64_t v, uint32_t bits)
{
	uint64_t top = 1ull << (bits - 1);

	return (v ^ top) - top;
}

static inline int cell_get(const struct nvt_view *v, const struct abi_cell *c, uint64_t off, uint64_t *ret)
{
	uint64_t x;

	if (!c->width || !nvt_in_range(off, c->width, v->n))
		return -NVT_E_DATA;
	x = abi_load(v->p + off, c->width);
	if (c->bit_n)
		x = x >> c->bit_lo & bits_mask(c->bit_n);
	if (c->flags & ABI_C_SIGNED)
		x = sign_extend(x, c->bit_n ? c->bit_n : 8u * c->width);
	*ret = x;
	return 0;
}

int nvt_get(const struct nvt_view *v, uint32_t nvf, uint64_t *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);

	return c ? cell_get(v, c, c->off, ret) : -NVT_E_DATA;
}

int nvt_get_at(const struct nvt_view *v, uint32_t nvf, unsigned i, uint64_t *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);

	if (!c || i >= c->count)
		return -NVT_E_DATA;
	return cell_get(v, c, c->off + (uint64_t)i * c->stride, ret);
}

uint64_t nvt_get_or0(const struct nvt_view *v, uint32_t nvf)
{
	uint64_t x = 0;

	return nvt_get(v, nvf, &x) ? 0 : x;
}

int nvt_get_bytes(const struct nvt_view *v, uint32_t nvf, struct nvt_bytes *ret)
{
	const struct abi_cell *c = cell_of(v->rel, nvf);
	const uint8_t *nul;
	uint64_t n;

	if (!c || c->off > v->n)
		return -NVT_E_DATA;
	n = v->n - c->off;
	if (c->count != UINT32_MAX && (uint64_t)c->count * c->size > n)
		return -NVT_E_DATA;
	if (c->count != UINT32_MAX)
		n = (uint64_t)c->count * c->size;
	ret->p = v->p + c->off;
	ret->n = n;
	nul = c->flags & ABI_C_CHAR && n ? memchr(ret->p, 0, n) : NULL;
	if (nul)
		ret->n = (size_t)(nul - ret->p);
	return 0;
}

static const char *nvf_text(struct nvt_rel rel, uint32_t nvf)
{
	if (!select_of(rel, nvf))
		return "an unknown field";
	return abi_text(rel.abi, abi_nvf(rel.abi)[abi_handle(rel.abi)[(nvf >> 16) - 1].first + (nvf & 0xffff)]);
}

static void put_fail(struct nvt_wview *w, uint32_t nvf, const char *what, uint64_t value)
{
	w->rc = nvt_fail(w->e, NVT_E_DATA, "%s, release %s: %s (0x%llx)", nvf_text(w->rel, nvf),
			 nvt_rel_name(w->rel), what, (unsigned long long)value);
}

/* Signed fields take their value sign-extended or as the bare bits. */
static bool fits(const struct abi_cell *c, uint64_t value)
{
	uint32_t bits = c->bit_n ? c->bit_n : 8u * c->width;

	if (!(value & ~bits_mask(bits)))
		return true;
	return (c->flags & ABI_C_SIGNED) && sign_extend(value & bits_mask(bits), bits) == value;
}

void nvt_put_at(struct nvt_wview *w, uint32_t nvf, unsigned i, uint64_t value)
{
	const struct abi_cell *c;
	uint64_t off, mask;

	if (w->rc)
		return;
	c = cell_of(w->rel, nvf);
	if (!c) {
		if (value || !select_of(w->rel, nvf))
			put_fail(w, nvf, "a value for a field that the release lacks", value);
		return;
	}
	off = c->off + (uint64_t)i * c->stride;
	if (!c->width || i >= c->count || !nvt_in_range(off, c->width, w->n)) {
		put_fail(w, nvf, "no such element in the buffer", i);
	} else if (!fits(c, value)) {
		put_fail(w, nvf, "the value does not fit the field", value);
	} else if (c->bit_n) {
		mask = bits_mask(c->bit_n) << c->bit_lo;
		value = (abi_load(w->p + off, c->width) & ~mask) | (value << c->bit_lo & mask);
		abi_store(w->p + off, c->width, value);
	} else {
		abi_store(w->p + off, c->width, value);
	}
}

void nvt_put(struct nvt_wview *w, uint32_t nvf, uint64_t value)
{
	const struct abi_cell *c = w->rc ? NULL : cell_of(w->rel, nvf);

	/* Nearly every put: a whole scalar that holds the value. All else takes the checks one by one. */
	if (c && c->width && !c->bit_n && !(value >> (8u * c->width - 1) >> 1) &&
	    nvt_in_range(c->off, c->width, w->n))
		abi_store(w->p + c->off, c->width, value);
	else
		nvt_put_at(w, nvf, 0, value);
}

void nvt_put_bytes(struct nvt_wview *w, uint32_t nvf, struct nvt_bytes bytes)
{
	const struct abi_cell *c;

	if (w->rc || (!bytes.n && select_of(w->rel, nvf)))
		return;
	c = cell_of(w->rel, nvf);
	if (!c)
		put_fail(w, nvf, "bytes for a field that the release lacks", bytes.n);
	else if ((c->count != UINT32_MAX && bytes.n > (uint64_t)c->count * c->size) ||
		 !nvt_in_range(c->off, bytes.n, w->n))
		put_fail(w, nvf, "more bytes than the field or the buffer holds", bytes.n);
	else
		memcpy(w->p + c->off, bytes.p, bytes.n);
}

uint32_t nvt_nvf_struct_size(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_select *sel = select_of(rel, nvf);

	return sel && sel->layout != ABI_NONE ? abi_layout(rel.abi)[sel->layout].size : 0;
}

int32_t nvt_nvf_offset(struct nvt_rel rel, uint32_t nvf)
{
	const struct abi_cell *c = cell_of(rel, nvf);

	return c ? (int32_t)c->off : -1;
}

/* ---- walk ---- */

struct walk {
	struct nvt_rel rel;
	nvt_walk_fn fn;
	void *arg;
	unsigned depth;
};

static bool is_byte(enum nvt_prim p)
{
	return p == NVT_P_U8 || p == NVT_P_CHAR;
}

/* Leaves of a field: arrays of bytes are one leaf each, by their last dimension. */
static uint64_t leaves_of(const struct nvt_field_info *f, uint32_t *ret_bytes)
{
	uint64_t n = 1;
	unsigned k;

	*ret_bytes = 0;
	for (k = 0; k < 3 && f->dims[k]; k++) {
		if (is_byte(f->prim) && (k == 2 || !f->dims[k + 1]))
			*ret_bytes = f->dims[k];
		else
			n *= f->dims[k];
	}
	return n;
}

static int leaf(struct walk *w, struct nvt_leaf *l, int what)
{
	l->what = what;
	l->depth = w->depth;
	return w->fn(w->arg, l);
}

static int walk_layout(struct walk *w, const struct nvt_layout *l, struct nvt_bytes b, uint32_t only,
		       uint64_t *ret_end);
static int walk_whole(struct walk *w, const struct nvt_layout *l, struct nvt_bytes b);

/* Bytes that the tail's elements take: what is there, or less where the layout counts them. */
static uint64_t tail_count(const struct nvt_layout *l, struct nvt_bytes b, uint64_t room)
{
	struct nvt_field_info f;
	uint64_t n;

	if (l->count == ABI_NONE)
		return room;
	nvt_layout_field(l, l->count, &f);
	n = abi_load(b.p + f.offset, abi_prim_width(f.prim));
	return n < room ? n : room;
}

/* only: the one member of a union that counts, ABI_NONE for all. *ret_end: where a struct's bytes end. */
static int walk_element(struct walk *w, struct nvt_leaf *leaf_at, struct nvt_bytes b, uint64_t off, uint32_t size,
			uint32_t only, uint64_t *ret_end)
{
	const struct nvt_field_info *f = &leaf_at->field;
	struct nvt_bytes in;
	uint64_t end = 0;
	int rc;

	if (f->prim == NVT_P_STRUCT) {
		in = (struct nvt_bytes){ b.p + off, b.n - off };
		if (!abi_has_tail(f->nested) && in.n > size)
			in.n = size;
		rc = leaf(w, leaf_at, NVT_LEAF_BEGIN);
		w->depth++;
		if (!rc)
			rc = walk_layout(w, f->nested, in, only, &end);
		w->depth--;
		*ret_end = off + end;
		return rc ? rc : leaf(w, leaf_at, NVT_LEAF_END);
	}
	leaf_at->value = abi_load(b.p + off, size);
	if (f->is_bits)
		leaf_at->value = leaf_at->value >> f->bit_lo & bits_mask(f->bit_hi - f->bit_lo + 1u);
	if (abi_prim_signed(f->prim))
		leaf_at->value = sign_extend(leaf_at->value, f->is_bits ? f->bit_hi - f->bit_lo + 1u : 8 * size);
	return leaf(w, leaf_at, NVT_LEAF_VALUE);
}

/* A tail of bytes: parameters where another field says whose they are, else the bytes themselves. */
static int walk_tail(struct walk *w, const struct nvt_layout *l, struct nvt_leaf *x, struct nvt_bytes b, uint64_t at,
		     uint64_t n)
{
	const struct nvt_layout *in = n && l->tail_as ? abi_tail_layout(w->rel, l, b, &x->note) : NULL;
	int rc;

	x->bytes = (struct nvt_bytes){ n ? b.p + at : b.p, n };
	if (!in)
		return leaf(w, x, at > b.n ? NVT_LEAF_ABSENT : NVT_LEAF_BYTES);
	x->field.prim = NVT_P_STRUCT;
	x->field.nested = in;
	x->field.dims[0] = 0;
	x->note = nvt_layout_name(in);
	rc = leaf(w, x, NVT_LEAF_BEGIN);
	w->depth++;
	if (!rc)
		rc = walk_whole(w, in, x->bytes);
	w->depth--;
	return rc ? rc : leaf(w, x, NVT_LEAF_END);
}

/* One field with all its elements; *ret_end is where its bytes end. */
static int walk_field(struct walk *w, const struct nvt_layout *l, uint32_t i, struct nvt_bytes b, uint64_t *ret_end)
{
	const struct abi_field *row = &abi_field(abi_of(l))[l->first + i];
	struct nvt_leaf x = { .value = 0 };
	uint64_t n, at = row->offset, end = 0;
	uint32_t size = row->size, run, only = ABI_NONE;
	bool flex = i == l->tail;
	int rc = 0;

	nvt_layout_field(l, i, &x.field);
	n = leaves_of(&x.field, &run);
	if (flex) {
		n = at < b.n && size ? tail_count(l, b, (b.n - at) / size) : 0;
		run = is_byte(x.field.prim) ? (uint32_t)n : 0;
		*ret_end = at + n * size;
		if (is_byte(x.field.prim) || !n)
			return walk_tail(w, l, &x, b, at, n);
	}
	if (row->flags & ABI_F_SELECT)
		only = abi_arm_of(l, row, b);
	for (; x.index < n && !rc; x.index++, at += run ? run : size) {
		if (at >= b.n || (!run && x.field.prim != NVT_P_STRUCT && size > b.n - at))
			return leaf(w, &x, NVT_LEAF_ABSENT);
		if (run) {
			x.bytes = (struct nvt_bytes){ b.p + at, run < b.n - at ? run : b.n - at };
			rc = leaf(w, &x, NVT_LEAF_BYTES);
		} else {
			rc = walk_element(w, &x, b, at, size, only, &end);
			if (!flex && end > *ret_end)
				*ret_end = end;
		}
	}
	return rc;
}

/* Elements of a field if all its bytes are there and each is a leaf of its own, else 0: nearly every field. */
static uint64_t plain_elements(const struct abi_field *f, struct nvt_bytes b)
{
	uint64_t n = 1;

	if (f->prim == NVT_P_STRUCT || f->flags & ABI_F_BITS || f->dims[0] == UINT32_MAX)
		return 0;
	if (f->dims[0]) {
		if (is_byte(f->prim))
			return 0;
		n = (uint64_t)f->dims[0] * (f->dims[1] ? f->dims[1] : 1) * (f->dims[2] ? f->dims[2] : 1);
	}
	return f->offset <= b.n && n * f->size <= b.n - f->offset ? n : 0;
}

static int walk_plain(struct walk *w, const struct abi_field *f, const uint8_t *p, uint64_t n, struct nvt_leaf *x)
{
	uint32_t size = f->size;
	bool is_signed = abi_prim_signed(f->prim);
	int rc;

	abi_field_info(w->rel.abi, f, &x->field);
	for (x->index = 0; x->index < n; x->index++, p += size) {
		x->value = abi_load(p, size);
		if (is_signed)
			x->value = sign_extend(x->value, 8 * size);
		rc = w->fn(w->arg, x);
		if (rc)
			return rc;
	}
	return 0;
}

static int walk_layout(struct walk *w, const struct nvt_layout *l, struct nvt_bytes b, uint32_t only,
		       uint64_t *ret_end)
{
	const struct abi_field *f = &abi_field(abi_of(l))[l->first];
	struct nvt_leaf x = { .what = NVT_LEAF_VALUE, .depth = w->depth };
	uint64_t end = l->size, inner, n;
	struct nvt_bytes in;
	uint32_t i;
	int rc = 0;

	for (i = only == ABI_NONE ? 0 : only; i < l->n && !rc; i++) {
		n = plain_elements(&f[i], b);
		if (n) {
			rc = walk_plain(w, &f[i], b.p + f[i].offset, n, &x);
		} else if (*abi_text(abi_of(l), f[i].name)) {
			rc = walk_field(w, l, i, b, &end);
		} else {
			in = (struct nvt_bytes){ b.p, 0 };
			if (f[i].offset < b.n)
				in = (struct nvt_bytes){ b.p + f[i].offset, b.n - f[i].offset };
			if (in.n > f[i].size)
				in.n = f[i].size;
			rc = walk_layout(w, &abi_layout(abi_of(l))[f[i].aux], in, ABI_NONE, &inner);
		}
		if (only != ABI_NONE)
			break;
	}
	*ret_end = end < l->size ? l->size : end;
	return rc;
}

/* A message's payload, or parameters in a tail: bytes behind the last field belong to it too. */
static int walk_whole(struct walk *w, const struct nvt_layout *l, struct nvt_bytes b)
{
	struct nvt_leaf rest = { .field.name = "_rest", .field.prim = NVT_P_U8 };
	uint64_t end;
	int rc = walk_layout(w, l, b, ABI_NONE, &end);

	if (rc || end >= b.n)
		return rc;
	rest.bytes = (struct nvt_bytes){ b.p + end, b.n - end };
	return leaf(w, &rest, NVT_LEAF_BYTES);
}

int nvt_walk(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes bytes, nvt_walk_fn fn, void *arg)
{
	struct walk w = { rel, fn, arg, 0 };

	return walk_whole(&w, l, bytes);
}
