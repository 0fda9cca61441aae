/* SPDX-License-Identifier: MIT */
/* Types of a release and their layouts: found, taken apart, measured. */
#include "base/bytes.h"
#include "rpc/abi.h"

const struct nvt_layout *abi_layout_in(struct nvt_rel rel, const struct abi_type *t)
{
	const struct abi_variant *v = &abi_variant(rel.abi)[t->first];
	uint32_t i;

	for (i = 0; i < t->n; i++)
		if (abi_in_set(rel, v[i].set))
			return &abi_layout(rel.abi)[v[i].layout];
	return NULL;
}

const struct nvt_layout *nvt_layout_find(struct nvt_rel rel, const char *type)
{
	const struct abi_type *t = abi_type(rel.abi);
	size_t lo = 0, hi = abi_n_type(rel.abi), mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strcmp(abi_text(rel.abi, t[mid].name), type);
		if (!c)
			return abi_layout_in(rel, &t[mid]);
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct nvt_layout *abi_layout_named(struct nvt_rel rel, const char *type, struct nvt_error *e)
{
	const struct nvt_layout *l = nvt_layout_find(rel, type);

	if (!l)
		nvt_fail(e, NVT_E_USAGE, "release %s has no type \"%s\"", nvt_rel_name(rel), type);
	return l;
}

const char *nvt_type_name(struct nvt_rel rel, unsigned i)
{
	const struct nvt_layout *l;
	uint32_t pos = 0;

	do
		l = nvt_layout_next(rel, &pos);
	while (l && i--);
	return l ? nvt_layout_name(l) : NULL;
}

const struct nvt_layout *nvt_layout_next(struct nvt_rel rel, uint32_t *pos)
{
	const struct abi_type *t = abi_type(rel.abi);
	const struct nvt_layout *l;

	while (*pos < abi_n_type(rel.abi)) {
		const struct abi_type *row = &t[(*pos)++];

		l = abi_layout_in(rel, row);
		if (l && l->name == row->name) /* not an alias */
			return l;
	}
	return NULL;
}

const char *nvt_layout_name(const struct nvt_layout *l)
{
	return abi_text(abi_of(l), l->name);
}

uint32_t nvt_layout_size(const struct nvt_layout *l)
{
	return l->size;
}

bool nvt_layout_is_union(const struct nvt_layout *l)
{
	return l->is_union;
}

unsigned nvt_layout_field_count(const struct nvt_layout *l)
{
	return l->n;
}

void nvt_layout_field(const struct nvt_layout *l, unsigned i, struct nvt_field_info *ret)
{
	abi_field_info(abi_of(l), &abi_fields(l)[i], ret);
}

uint32_t abi_fixed_end(const struct nvt_layout *l)
{
	const struct nvt_field *f = abi_fields(l);
	uint64_t end = 0, to;
	uint32_t i;

	for (i = 0; i < l->n; i++) {
		to = i == l->tail ? 0 : f[i].offset + (uint64_t)f[i].n * f[i].size;
		if (to > end)
			end = to;
	}
	return (uint32_t)end;
}

bool abi_tail_count(const struct nvt_layout *l, struct nvt_bytes b, uint64_t *ret)
{
	const struct nvt_field *count = &abi_field(abi_of(l))[l->count == ABI_NONE ? 0 : l->count];

	if (l->count == ABI_NONE || !nvt_in_range(l->count_at, count->size, b.n))
		return false;
	*ret = abi_field_value(count, b.p + l->count_at);
	if (l->count_is & ABI_COUNT_IN_BYTES)
		*ret /= abi_fields(l)[l->tail].size;
	return true;
}

uint64_t abi_claimed(const struct nvt_layout *l, struct nvt_bytes payload)
{
	const struct nvt_field *f = abi_fields(l);
	uint64_t n;

	if (l->total != ABI_NONE)
		return nvt_in_range(f[l->total].offset, f[l->total].size, payload.n) ?
			       abi_load(payload.p + f[l->total].offset, f[l->total].size) : 0;
	if (l->count_is & ABI_COUNT_AT_MOST || !abi_tail_count(l, payload, &n))
		return 0;
	return f[l->tail].offset + n * f[l->tail].size;
}
