/* SPDX-License-Identifier: MIT */
/*
 * Schema: field constants. Each handle's fields are flattened to names; a name's place in the list is
 * the same in every release, its cell says where the field lies there, if it does.
 */
#include "rpc/schema_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One flattened field of one release. */
struct flat {
	uint32_t name;
	struct abi_cell cell;
};

struct walk {
	struct sc *s;
	const struct sc_handle *h;
	struct vec flat;   /* of the release at hand */
	struct vec names;  /* of all releases, in order of first sight */
	char path[160];
};

/* What is above the field at hand: where it begins, and the array of structs that it lies in, if any. */
struct above {
	uint32_t off, stride, count;
};

static int flatten(struct walk *w, uint32_t layout, struct above up, size_t path_n);

static int add_flat(struct walk *w, const struct abi_cell *cell)
{
	uint32_t name = sc_intern(w->s, w->path);
	const struct flat *was = w->flat.p;
	struct flat *f;
	size_t i;

	for (i = 0; i < w->flat.n; i++)
		if (was[i].name == name)
			return sc_bad(w->s, "two fields flatten to the name \"%s\"", w->path);
	f = vec_add(&w->flat);
	if (!f || name == ABI_NONE)
		return sc_nomem(w->s);
	*f = (struct flat){ name, *cell };
	return 0;
}

static int flatten_field(struct walk *w, const struct nvt_field *f, struct above up, size_t path_n)
{
	const char *name = (const char *)w->s->out[ABI_str].p + f->name;
	uint32_t size = f->op == ABI_OP_BYTES ? 1 : f->size, count = f->op == ABI_OP_TAIL ? UINT32_MAX : f->n * (f->size / size);
	struct abi_cell cell = { .off = up.off + f->offset,
				 .stride = f->dims[0] ? size : up.stride,
				 .count = f->dims[0] ? count : up.count,
				 .size = size,
				 .width = (uint8_t)abi_prim_width(f->prim),
				 .flags = (uint8_t)((abi_prim_signed(f->prim) ? ABI_C_SIGNED : 0) |
						    (f->prim == NVT_P_CHAR ? ABI_C_CHAR : 0)),
				 .bit_lo = f->bit_lo,
				 .bit_n = f->op == ABI_OP_BITS ? (uint8_t)(f->bit_hi - f->bit_lo + 1) : 0 };
	int n, rc;

	if (!*name)
		return flatten(w, f->aux, (struct above){ cell.off, up.stride, up.count }, path_n);
	/* An index can name an element of one array only: an array within an array gets no constant. */
	if (f->dims[0] && up.count != 1)
		return 0;
	n = snprintf(w->path + path_n, sizeof(w->path) - path_n, "_%s", name);
	if (n < 0 || (size_t)n >= sizeof(w->path) - path_n)
		return sc_bad(w->s, "the name \"%s\" is too long", w->path);
	rc = add_flat(w, &cell);
	if (!rc && f->prim == NVT_P_STRUCT)
		rc = flatten(w, f->aux, (struct above){ cell.off, cell.stride, cell.count }, path_n + (size_t)n);
	w->path[path_n] = 0;
	return rc;
}

static int flatten(struct walk *w, uint32_t layout, struct above up, size_t path_n)
{
	struct nvt_layout l = ((struct nvt_layout *)w->s->out[ABI_layout].p)[layout];
	uint32_t i;
	int rc;

	for (i = 0; i < l.n; i++) {
		rc = flatten_field(w, (struct nvt_field *)w->s->out[ABI_field].p + l.first + i, up, path_n);
		if (rc)
			return rc;
	}
	return 0;
}

static int flatten_release(struct walk *w, uint32_t layout)
{
	int n = snprintf(w->path, sizeof(w->path), "%s", w->h->name);

	w->flat.n = 0;
	if (n < 0 || (size_t)n >= sizeof(w->path))
		return sc_bad(w->s, "the name is too long");
	return flatten(w, layout, (struct above){ 0, 0, 1 }, (size_t)n);
}

static int merge_names(struct walk *w)
{
	const struct flat *f = w->flat.p;
	uint32_t *name;
	size_t i, k;

	for (i = 0; i < w->flat.n; i++) {
		for (k = 0; k < w->names.n && ((uint32_t *)w->names.p)[k] != f[i].name; k++)
			;
		if (k < w->names.n)
			continue;
		name = vec_add(&w->names);
		if (!name)
			return sc_nomem(w->s);
		*name = f[i].name;
	}
	return w->names.n > 0xffff ? sc_bad(w->s, "more than 65535 fields") : 0;
}

static int add_cells(struct walk *w)
{
	const struct flat *f = w->flat.p;
	struct abi_cell *c;
	size_t i, k;

	for (i = 0; i < w->names.n; i++) {
		c = vec_add(&w->s->out[ABI_cell]);
		if (!c)
			return sc_nomem(w->s);
		c->off = ABI_NONE;
		for (k = 0; k < w->flat.n; k++)
			if (f[k].name == ((uint32_t *)w->names.p)[i])
				*c = f[k].cell;
	}
	return 0;
}

/* Cells of each release; releases with the same layout share them. */
static int add_select(struct walk *w, uint32_t type)
{
	struct vec *out = &w->s->out[ABI_select];
	size_t first = out->n, k;
	struct abi_select *row, *was;
	unsigned r;
	int rc;

	for (r = 0; r < w->s->versions.n; r++) {
		row = vec_add(out);
		if (!row)
			return sc_nomem(w->s);
		*row = (struct abi_select){ ABI_NONE, sc_type_layout(w->s, type, r) };
		if (row->layout == ABI_NONE)
			continue;
		was = (struct abi_select *)out->p + first;
		for (k = 0; was[k].layout != row->layout; k++)
			;
		row->cells = was[k].cells;
		if (row->cells != ABI_NONE)
			continue;
		row->cells = (uint32_t)w->s->out[ABI_cell].n;
		rc = flatten_release(w, row->layout);
		if (!rc)
			rc = add_cells(w);
		if (rc)
			return rc;
	}
	return 0;
}

static int add_handle(struct walk *w)
{
	uint32_t type = sc_type_row(w->s, w->h->type), name = sc_intern(w->s, w->h->name), layout, *nvf;
	struct abi_handle *row;
	unsigned r;
	size_t i;
	int rc;

	if (type == ABI_NONE)
		return sc_bad(w->s, "no type \"%s\"", w->h->type);
	w->names.n = 0;
	for (r = 0; r < w->s->versions.n; r++) {
		layout = sc_type_layout(w->s, type, r);
		rc = layout == ABI_NONE ? 0 : flatten_release(w, layout);
		if (!rc && layout != ABI_NONE)
			rc = merge_names(w);
		if (rc)
			return rc;
	}
	row = vec_add(&w->s->out[ABI_handle]);
	if (!row || name == ABI_NONE)
		return sc_nomem(w->s);
	*row = (struct abi_handle){ name, (uint32_t)w->s->out[ABI_nvf].n, (uint32_t)w->names.n };
	for (i = 0; i < w->names.n; i++) {
		nvf = vec_add(&w->s->out[ABI_nvf]);
		if (!nvf)
			return sc_nomem(w->s);
		*nvf = ((uint32_t *)w->names.p)[i];
	}
	return add_select(w, type);
}

int sc_build_handles(struct sc *s)
{
	struct walk w = { .s = s, .flat.row = sizeof(struct flat), .names.row = sizeof(uint32_t) };
	const struct sc_handle *h = s->handles.p;
	size_t i;
	int rc = 0;

	for (i = 0; i < s->handles.n && !rc; i++) {
		w.h = &h[i];
		s->file = h[i].file;
		sc_at(s, "overlay.handles[%zu]", i);
		rc = add_handle(&w);
	}
	free(w.flat.p);
	free(w.names.p);
	return rc;
}
