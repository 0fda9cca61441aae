/* SPDX-License-Identifier: MIT */
/*
 * The walk over a layout's leaves: step by step through the tables. A leaf points at its step, and what a visitor
 * wants to know beside the value is looked up when it asks.
 */
#include "base/bytes.h"
#include "rpc/abi.h"

struct walk {
	struct nvt_rel rel;
	nvt_walk_fn fn;
	void *arg;
	bool leaves_only;
	const struct nvt_field *fields; /* of all layouts */
	const struct nvt_step *steps;   /* likewise */
	struct nvt_leaf x;              /* VALUE and element 0 between one step and the next */
};

/* Bytes that are walked as one layout. */
struct span {
	const struct nvt_layout *l;
	const struct nvt_step *first, *last; /* last: the end of one member's; NULL for all */
	const uint8_t *p;
	uint64_t n;
	uint64_t end; /* of the layout's bytes: tails go beyond its size */
};

static int walk_span(struct walk *w, struct span *v);

/* only: the one member of a union that counts, ABI_NONE for all. */
static struct span span_of(const struct walk *w, const struct nvt_layout *l, uint32_t only)
{
	struct span v = { .l = l, .first = w->steps + l->step };

	if (only != ABI_NONE) {
		while (v.first->field != l->first + only)
			v.first += v.first->skip + 1;
		v.last = v.first + v.first->skip + 1;
	}
	return v;
}

static inline int visit(struct walk *w, int what)
{
	int rc;

	w->x.what = what;
	rc = w->fn(w->arg, &w->x);
	w->x.what = NVT_LEAF_VALUE;
	return rc;
}

/* BEGIN or END of an element. */
static inline int nest(struct walk *w, int what, uint64_t index)
{
	int rc;

	if (w->leaves_only)
		return 0;
	w->x.index = (unsigned)index;
	rc = visit(w, what);
	w->x.index = 0;
	return rc;
}

static inline int begin(struct walk *w)
{
	int rc = nest(w, NVT_LEAF_BEGIN, 0);

	w->x.depth++;
	return rc;
}

static inline int end(struct walk *w)
{
	w->x.depth--;
	return nest(w, NVT_LEAF_END, 0);
}

static int absent(struct walk *w, uint64_t index)
{
	int rc;

	w->x.index = (unsigned)index;
	rc = visit(w, NVT_LEAF_ABSENT);
	w->x.index = 0;
	return rc;
}

/* Bytes from `at` on, at most n. */
static struct nvt_bytes slice(const struct span *v, uint64_t at, uint64_t n)
{
	if (at >= v->n)
		return (struct nvt_bytes){ v->p, 0 };
	return (struct nvt_bytes){ v->p + at, n < v->n - at ? n : v->n - at };
}

/* n elements; where the bytes end, one leaf says that the others are absent. */
static int walk_scalars(struct walk *w, const struct span *v, const struct nvt_field *f, uint64_t at, uint64_t n)
{
	uint64_t there = at < v->n ? (v->n - at) / f->size : 0;
	bool is_plain = f->op != ABI_OP_BITS && !abi_prim_signed(f->prim);
	const uint8_t *p = there ? v->p + at : NULL, *end;
	int rc = 0;

	if (there > n)
		there = n;
	for (end = p + there * f->size; p < end && !rc; p += f->size) {
		w->x.value = is_plain ? abi_load(p, f->size) : abi_field_value(f, p);
		rc = w->fn(w->arg, &w->x);
		w->x.index++;
	}
	w->x.index = 0;
	return rc || there == n ? rc : absent(w, there);
}

static int walk_bytes(struct walk *w, const struct span *v, const struct nvt_field *f, uint64_t at)
{
	uint64_t i;
	int rc = 0;

	for (i = 0; i < f->n && !rc; i++, at += f->size) {
		if (at >= v->n)
			return absent(w, i);
		w->x.index = (unsigned)i;
		w->x.bytes = slice(v, at, f->size);
		rc = visit(w, NVT_LEAF_BYTES);
	}
	w->x.index = 0;
	return rc;
}

/* n structs, each between BEGIN and END. */
static int walk_structs(struct walk *w, struct span *v, const struct nvt_field *f, uint64_t at, uint64_t n)
{
	const struct nvt_layout *l = &abi_layout(w->rel.abi)[f->aux];
	uint32_t only = f->flags & ABI_F_SELECT ? abi_arm_of(v->l, f, (struct nvt_bytes){ v->p, v->n }) : ABI_NONE;
	struct span in = span_of(w, l, only);
	const struct nvt_step *step = w->x.step;
	uint64_t i, size = l->is_open ? UINT64_MAX : f->size;
	int rc = 0;

	for (i = 0; i < n && !rc; i++, at += f->size) {
		if (at >= v->n)
			return absent(w, i);
		in.p = v->p + at;
		in.n = v->n - at < size ? v->n - at : size;
		rc = nest(w, NVT_LEAF_BEGIN, i);
		w->x.depth++;
		if (!rc)
			rc = walk_span(w, &in);
		w->x.depth--;
		w->x.step = step;
		if (!rc)
			rc = nest(w, NVT_LEAF_END, i);
	}
	if (n && at - f->size + in.end > v->end)
		v->end = at - f->size + in.end;
	return rc;
}

/* A payload, or parameters in a tail: bytes behind the last field belong to it too. */
static int walk_payload(struct walk *w, const struct nvt_layout *l, struct nvt_bytes b)
{
	struct span in = span_of(w, l, ABI_NONE);
	int rc;

	in.p = b.p;
	in.n = b.n;
	rc = walk_span(w, &in);
	if (rc || in.end >= b.n)
		return rc;
	w->x.step = NULL;
	w->x.bytes = slice(&in, in.end, UINT64_MAX);
	return visit(w, NVT_LEAF_BYTES);
}

/* A tail of bytes: parameters where another field says whose they are. */
static int walk_blob(struct walk *w, const struct span *v, const struct nvt_field *f, uint64_t n)
{
	const struct nvt_layout *params = NULL;
	struct nvt_leaf tail;
	int rc;

	if (n && v->l->tail_as)
		params = abi_tail_layout(w->rel, v->l, (struct nvt_bytes){ v->p, v->n }, &w->x.note);
	w->x.bytes = slice(v, f->offset, n);
	if (!params) {
		rc = visit(w, f->offset > v->n ? NVT_LEAF_ABSENT : NVT_LEAF_BYTES);
		w->x.note = NULL;
		return rc;
	}
	w->x.params = params;
	tail = w->x;
	rc = begin(w);
	w->x.params = NULL;
	if (!rc)
		rc = walk_payload(w, params, tail.bytes);
	tail.depth++;
	w->x = tail;
	if (!rc)
		rc = end(w);
	w->x.params = NULL;
	return rc;
}

/* A flexible array: as many elements as the bytes hold, or less where a field counts them. */
static int walk_tail(struct walk *w, struct span *v, const struct nvt_field *f)
{
	uint64_t room = v->n > f->offset && f->size ? (v->n - f->offset) / f->size : 0, n = room;

	if (room && abi_tail_count(v->l, (struct nvt_bytes){ v->p, v->n }, &n) && n > room)
		n = room;
	if (f->offset + n * f->size > v->end)
		v->end = f->offset + n * f->size;
	if (!n || abi_is_byte(f->prim))
		return walk_blob(w, v, f, n * f->size);
	return f->prim == NVT_P_STRUCT ? walk_structs(w, v, f, f->offset, n) : walk_scalars(w, v, f, f->offset, n);
}

static int walk_step(struct walk *w, struct span *v, const struct nvt_step *s)
{
	const struct nvt_field *f = &w->fields[s->field];

	switch ((enum abi_op)s->op) {
	case ABI_OP_STRUCT:
		return begin(w);
	case ABI_OP_END:
		return end(w);
	case ABI_OP_BYTES:
		return walk_bytes(w, v, f, s->offset);
	case ABI_OP_STRUCTS:
		return walk_structs(w, v, f, s->offset, f->n);
	case ABI_OP_TAIL:
		return walk_tail(w, v, f);
	default:
		return walk_scalars(w, v, f, s->offset, f->n);
	}
}

/* All bytes of the layout are there, so nothing is checked; what most steps are comes first. */
static int walk_whole(struct walk *w, struct span *v)
{
	const struct nvt_step *s = v->first;
	const uint8_t *p = v->p;
	int rc = 0;

	for (; !rc; s++) {
		w->x.step = s;
		if (s->op == ABI_OP_U32) {
			w->x.value = nvt_le32(p + s->offset);
			rc = w->fn(w->arg, &w->x);
			continue;
		}
		switch (s->op & ABI_OP_MASK) { /* all of them, so that the compiler sees no others */
		case ABI_OP_STRUCT:
			rc = begin(w);
			break;
		case ABI_OP_END:
			rc = end(w);
			break;
		case ABI_OP_U8:
			w->x.value = p[s->offset];
			rc = w->fn(w->arg, &w->x);
			break;
		case ABI_OP_U64:
			w->x.value = nvt_le64(p + s->offset);
			rc = w->fn(w->arg, &w->x);
			break;
		case ABI_OP_U16:
			w->x.value = nvt_le16(p + s->offset);
			rc = w->fn(w->arg, &w->x);
			break;
		case ABI_OP_STOP:
			return 0;
		default:
			rc = walk_step(w, v, s);
		}
	}
	return rc;
}

/* The bytes end before the layout does, or one member of it counts. */
static int walk_part(struct walk *w, struct span *v)
{
	const struct nvt_step *s = v->first;
	int rc = 0;

	for (; s != v->last && s->op != ABI_OP_STOP && !rc; s++) {
		w->x.step = s;
		if (s->op == ABI_OP_STRUCT && s->offset >= v->n) {
			rc = absent(w, 0);
			s += s->skip;
		} else {
			rc = walk_step(w, v, s);
		}
	}
	return rc;
}

static int walk_span(struct walk *w, struct span *v)
{
	v->end = v->l->size;
	return v->n < v->l->size || v->last ? walk_part(w, v) : walk_whole(w, v);
}

static int walk(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b, bool leaves_only, nvt_walk_fn fn,
		void *arg)
{
	struct walk w = { .rel = rel, .fn = fn, .arg = arg, .leaves_only = leaves_only, .x = { .abi = rel.abi } };

	w.fields = abi_field(rel.abi);
	w.steps = abi_step(rel.abi);
	return walk_payload(&w, l, b);
}

int nvt_walk(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes bytes, nvt_walk_fn fn, void *arg)
{
	return walk(rel, l, bytes, false, fn, arg);
}

int nvt_walk_leaves(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes bytes, nvt_walk_fn fn, void *arg)
{
	return walk(rel, l, bytes, true, fn, arg);
}

/* ---- what a visitor may ask ---- */

static const struct nvt_field *field_of(const struct nvt_leaf *leaf)
{
	static const struct nvt_field rest = { .prim = NVT_P_U8 };

	return leaf->step ? &abi_field(leaf->abi)[leaf->step->field] : &rest;
}

const char *nvt_leaf_name(const struct nvt_leaf *leaf)
{
	return leaf->step ? abi_text(leaf->abi, field_of(leaf)->name) : "_rest";
}

enum nvt_prim nvt_leaf_prim(const struct nvt_leaf *leaf)
{
	return field_of(leaf)->prim;
}

void nvt_leaf_field(const struct nvt_leaf *leaf, struct nvt_field_info *ret)
{
	abi_field_info(leaf->abi, field_of(leaf), ret);
}

bool nvt_leaf_is_element(const struct nvt_leaf *leaf)
{
	return field_of(leaf)->flags & ABI_F_LIST;
}

bool nvt_leaf_is_tail(const struct nvt_leaf *leaf)
{
	return field_of(leaf)->op == ABI_OP_TAIL;
}

const char *nvt_leaf_text(struct nvt_rel rel, const struct nvt_leaf *leaf, char buf[NVT_VALUE_TEXT])
{
	const struct nvt_field *f = field_of(leaf);

	if (f->prim == NVT_P_STATUS)
		return nvt_status_name(rel, (uint32_t)leaf->value);
	return f->flags & ABI_F_GROUP ? abi_group_text(rel, f->aux, leaf->value, buf) : NULL;
}
