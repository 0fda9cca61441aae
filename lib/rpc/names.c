/* SPDX-License-Identifier: MIT */
/* What the tables hold, by name and by number: releases, messages, constants. */
#include "rpc/abi.h"

#include <string.h>

unsigned nvt_abi_release_count(const struct nvt_abi *abi)
{
	return abi_n_rel(abi);
}

const char *nvt_rel_name(struct nvt_rel rel)
{
	return rel.abi ? abi_text(rel.abi, abi_rel(rel.abi)[rel.index]) : "none";
}

bool nvt_rel_find(const struct nvt_abi *abi, const char *release, struct nvt_rel *ret)
{
	unsigned i;

	for (i = 0; i < abi_n_rel(abi); i++) {
		if (!strcmp(abi_text(abi, abi_rel(abi)[i]), release)) {
			*ret = (struct nvt_rel){ abi, i };
			return true;
		}
	}
	return false;
}

static void describe(struct nvt_rel rel, const struct abi_msg *m, struct nvt_msg_desc *ret)
{
	const struct abi_type *t = m->payload == ABI_NONE ? NULL : &abi_type(rel.abi)[m->payload];

	*ret = (struct nvt_msg_desc){
		.number = m->number,
		.name = abi_text(rel.abi, m->name),
		.is_event = m->number >= 0x1000,
		.layout = t ? abi_layout_in(rel, t) : NULL,
		.min_payload = m->min == ABI_NONE ? 0 : m->min,
	};
	if (!ret->layout)
		return;
	ret->payload = nvt_layout_name(ret->layout);
	if (m->min == ABI_NONE)
		ret->min_payload = abi_fixed_end(ret->layout);
}

const struct abi_msg *abi_msg_row(struct nvt_rel rel, uint32_t number)
{
	const struct abi_msg *m = abi_msg(rel.abi);
	size_t n = abi_n_msg(rel.abi), lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (m[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n && m[lo].number == number; lo++)
		if (abi_in_set(rel, m[lo].set))
			return &m[lo];
	return NULL;
}

bool nvt_msg_by_number(struct nvt_rel rel, uint32_t number, struct nvt_msg_desc *ret)
{
	const struct abi_msg *m = abi_msg_row(rel, number);

	if (m)
		describe(rel, m, ret);
	return m;
}

bool nvt_msg_by_name(struct nvt_rel rel, const char *name, struct nvt_msg_desc *ret)
{
	const struct abi_msg *m = abi_msg(rel.abi);
	uint32_t i;

	for (i = 0; i < abi_n_msg(rel.abi); i++) {
		if (abi_in_set(rel, m[i].set) && !strcmp(abi_text(rel.abi, m[i].name), name)) {
			describe(rel, &m[i], ret);
			return true;
		}
	}
	return false;
}

bool nvt_msg_at(struct nvt_rel rel, unsigned i, struct nvt_msg_desc *ret)
{
	const struct abi_msg *m = abi_msg(rel.abi);
	uint32_t k;

	for (k = 0; k < abi_n_msg(rel.abi); k++) {
		if (abi_in_set(rel, m[k].set) && !i--) {
			describe(rel, &m[k], ret);
			return true;
		}
	}
	return false;
}

bool nvt_msg_next(struct nvt_rel rel, uint32_t *pos, struct nvt_msg_desc *ret)
{
	const struct abi_msg *m = abi_msg(rel.abi);

	while (*pos < abi_n_msg(rel.abi)) {
		const struct abi_msg *row = &m[(*pos)++];

		if (abi_in_set(rel, row->set)) {
			describe(rel, row, ret);
			return true;
		}
	}
	return false;
}

static bool value_by_name(struct nvt_rel rel, const struct abi_value *v, uint32_t n, const char *name, uint64_t *ret)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (abi_in_set(rel, v[i].set) && !strcmp(abi_text(rel.abi, v[i].name), name)) {
			*ret = abi_value_of(&v[i]);
			return true;
		}
	}
	return false;
}

bool abi_status_value(struct nvt_rel rel, const char *name, uint64_t *ret)
{
	return value_by_name(rel, abi_status(rel.abi), abi_n_status(rel.abi), name, ret);
}

const char *nvt_source_find(struct nvt_rel rel, const char *name)
{
	const struct abi_source *row = abi_source(rel.abi);
	uint32_t lo = 0, hi = abi_n_source(rel.abi), mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (strcmp(abi_text(rel.abi, row[mid].name), name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < abi_n_source(rel.abi) && !strcmp(abi_text(rel.abi, row[lo].name), name); lo++)
		if (abi_in_set(rel, row[lo].set))
			return abi_text(rel.abi, row[lo].file);
	return NULL;
}

bool nvt_const_find(struct nvt_rel rel, const char *name, uint64_t *ret)
{
	return value_by_name(rel, abi_konst(rel.abi), abi_n_konst(rel.abi), name, ret);
}
