/* SPDX-License-Identifier: MIT */
/* Controls and classes by number and name, and what they make of a tail or a union. */
#include "base/bytes.h"
#include "rpc/abi.h"

static const struct abi_id *rows_of(const struct nvt_abi *abi, enum abi_as kind, uint32_t *ret_n)
{
	*ret_n = kind == ABI_AS_CONTROL ? abi_n_ctrl(abi) : abi_n_cls(abi);
	return kind == ABI_AS_CONTROL ? abi_ctrl(abi) : abi_cls(abi);
}

const struct abi_id *abi_id_row(struct nvt_rel rel, enum abi_as kind, uint32_t id)
{
	uint32_t lo = 0, hi, mid, n;
	const struct abi_id *row = rows_of(rel.abi, kind, &n);

	hi = n;
	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (row[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n && row[lo].id == id; lo++)
		if (abi_in_set(rel, row[lo].set))
			return &row[lo];
	return NULL;
}

static void describe(struct nvt_rel rel, const struct abi_id *row, struct nvt_id_desc *ret)
{
	const struct abi_type *t = row->params == ABI_NONE ? NULL : &abi_type(rel.abi)[row->params];

	*ret = (struct nvt_id_desc){
		.id = row->id,
		.name = abi_text(rel.abi, row->name),
		.params = t ? abi_text(rel.abi, t->name) : NULL,
		.layout = t ? abi_layout_in(rel, t) : NULL,
		.flags = row->flags & 0xffff,
		.required = row->flags & ABI_ID_REQUIRED,
	};
}

static bool by_id(struct nvt_rel rel, enum abi_as kind, uint32_t id, struct nvt_id_desc *ret)
{
	const struct abi_id *row = abi_id_row(rel, kind, id);

	if (row)
		describe(rel, row, ret);
	return row;
}

static bool next(struct nvt_rel rel, enum abi_as kind, unsigned *pos, struct nvt_id_desc *ret)
{
	uint32_t n;
	const struct abi_id *row = rows_of(rel.abi, kind, &n);

	for (; *pos < n; ++*pos) {
		if (abi_in_set(rel, row[*pos].set)) {
			describe(rel, &row[(*pos)++], ret);
			return true;
		}
	}
	return false;
}

static bool by_name(struct nvt_rel rel, enum abi_as kind, const char *name, struct nvt_id_desc *ret)
{
	uint32_t n, i;
	const struct abi_id *row = rows_of(rel.abi, kind, &n);

	for (i = 0; i < n; i++) {
		if (!strcmp(abi_text(rel.abi, row[i].name), name) && abi_in_set(rel, row[i].set)) {
			describe(rel, &row[i], ret);
			return true;
		}
	}
	return false;
}

bool nvt_ctrl_by_cmd(struct nvt_rel rel, uint32_t cmd, struct nvt_id_desc *ret)
{
	return by_id(rel, ABI_AS_CONTROL, cmd, ret);
}

bool nvt_ctrl_by_name(struct nvt_rel rel, const char *name, struct nvt_id_desc *ret)
{
	return by_name(rel, ABI_AS_CONTROL, name, ret);
}

bool nvt_ctrl_next(struct nvt_rel rel, unsigned *pos, struct nvt_id_desc *ret)
{
	return next(rel, ABI_AS_CONTROL, pos, ret);
}

bool nvt_class_by_id(struct nvt_rel rel, uint32_t id, struct nvt_id_desc *ret)
{
	return by_id(rel, ABI_AS_CLASS, id, ret);
}

bool nvt_class_by_name(struct nvt_rel rel, const char *name, struct nvt_id_desc *ret)
{
	return by_name(rel, ABI_AS_CLASS, name, ret);
}

bool nvt_class_next(struct nvt_rel rel, unsigned *pos, struct nvt_id_desc *ret)
{
	return next(rel, ABI_AS_CLASS, pos, ret);
}

const struct nvt_layout *abi_id_layout(struct nvt_rel rel, enum abi_as kind, uint32_t id, const char **ret_note)
{
	const struct abi_id *row = abi_id_row(rel, kind, id);

	*ret_note = NULL;
	if (row && row->params != ABI_NONE)
		return abi_layout_in(rel, &abi_type(rel.abi)[row->params]);
	if (row && row->flags & ABI_ID_SCALAR)
		*ret_note = "the class takes a number, no struct";
	else if (row)
		*ret_note = kind == ABI_AS_CONTROL ? "no header gives this control's parameters" : "the class takes none";
	else if (kind == ABI_AS_CONTROL && id & NVT_CTRL_GSS_LEGACY)
		*ret_note = "a closed (GSS legacy) control";
	else
		*ret_note = kind == ABI_AS_CONTROL ? "the release has no such control" : "the release has no such class";
	return NULL;
}

static bool load(const struct nvt_layout *l, uint32_t i, struct nvt_bytes b, uint64_t *ret)
{
	const struct nvt_field *f = &abi_fields(l)[i];

	if (!nvt_in_range(f->offset, f->size, b.n))
		return false;
	*ret = abi_load(b.p + f->offset, f->size);
	return true;
}

const struct nvt_layout *abi_tail_layout(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b,
					 const char **ret_note)
{
	const struct nvt_field *f = abi_fields(l);
	uint64_t id, flags = 0;

	*ret_note = NULL;
	if (l->by == ABI_NONE || !load(l, l->by, b, &id))
		return NULL;
	if (l->guard != ABI_NONE && !load(l, l->guard, b, &flags))
		return NULL;
	if (flags & (l->guard != ABI_NONE && f[l->guard].prim == NVT_P_BOOL ? 0xff : ABI_SERIALIZED)) {
		*ret_note = "serialized (FINN) parameters";
		return NULL;
	}
	return abi_id_layout(rel, (enum abi_as)l->tail_as, (uint32_t)id, ret_note);
}

uint32_t abi_arm_of(const struct nvt_layout *l, const struct nvt_field *f, struct nvt_bytes b)
{
	const struct nvt_abi *abi = abi_of(l);
	const struct abi_sel *sel = &abi_sel(abi)[f->bit_lo | (uint32_t)f->bit_hi << 8];
	const struct abi_arm *arm = &abi_arm(abi)[sel->first];
	const struct nvt_field *at = abi_fields(l);
	const struct nvt_layout *u = &abi_layout(abi)[f->aux];
	uint64_t value;
	uint32_t i, k;

	for (i = 0; i < l->n && at[i].name != sel->by; i++)
		;
	if (i == l->n || at[i].prim == NVT_P_STRUCT || !load(l, i, b, &value))
		return ABI_NONE;
	for (k = 0; k < sel->n && arm[k].value != value; k++)
		;
	for (i = 0; k < sel->n && i < u->n; i++)
		if (abi_fields(u)[i].name == arm[k].member)
			return i;
	return ABI_NONE;
}
