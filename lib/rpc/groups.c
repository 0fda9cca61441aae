/* SPDX-License-Identifier: MIT */
/* What names the values of fields: enums, sets of flags, commands, classes; both ways. */
#include "rpc/abi.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool nvt_enum_next(struct nvt_rel rel, uint32_t *pos, struct nvt_enum_value *ret)
{
	uint32_t n = abi_n_enm(rel.abi), i;

	while (*pos < n + abi_n_status(rel.abi)) {
		const struct abi_value *v;

		i = (*pos)++;
		v = i < n ? &abi_enm(rel.abi)[i] : &abi_status(rel.abi)[i - n];
		if (!abi_in_set(rel, v->set))
			continue;
		*ret = (struct nvt_enum_value){
			.enum_name = i < n ? abi_text(rel.abi, abi_group(rel.abi)[v->group].name) : "NV_STATUS",
			.name = abi_text(rel.abi, v->name),
			.value = abi_value_of(v),
		};
		return true;
	}
	return false;
}

bool nvt_flag_next(struct nvt_rel rel, uint32_t *pos, struct nvt_flag *ret)
{
	while (*pos < abi_n_flag(rel.abi)) {
		const struct abi_flag *f = &abi_flag(rel.abi)[(*pos)++];

		if (!abi_in_set(rel, f->v.set))
			continue;
		*ret = (struct nvt_flag){
			.set_name = abi_text(rel.abi, abi_group(rel.abi)[f->v.group].name),
			.name = abi_text(rel.abi, f->v.name),
			.lo = f->lo,
			.hi = f->hi,
			.is_value = f->is_value,
			.value = abi_value_of(&f->v),
		};
		return true;
	}
	return false;
}

/* ---- value -> text ---- */

static const char *value_text(struct nvt_rel rel, const struct abi_value *rows, uint32_t n, uint64_t value)
{
	const struct abi_value *v = rows, *end = rows + n;
	size_t half;

	while (n) {
		half = n / 2;
		if (abi_value_of(&v[half]) < value) {
			v += half + 1;
			n -= (uint32_t)half + 1;
		} else {
			n = (uint32_t)half;
		}
	}
	for (; v < end && abi_value_of(v) == value; v++)
		if (abi_in_set(rel, v->set))
			return abi_text(rel.abi, v->name);
	return NULL;
}

const char *nvt_status_name(struct nvt_rel rel, uint32_t status)
{
	return value_text(rel, abi_status(rel.abi), abi_n_status(rel.abi), status);
}

static const char *id_text(struct nvt_rel rel, enum abi_as kind, uint64_t value)
{
	const struct abi_id *id = value > UINT32_MAX ? NULL : abi_id_row(rel, kind, (uint32_t)value);

	return id ? abi_text(rel.abi, id->name) : NULL;
}

struct text {
	char *p;
	size_t n;
};

/* The loader saw to it that all names of a set fit. */
static void add(struct text *t, const char *name)
{
	size_t n = strlen(name);

	if (t->n)
		t->p[t->n++] = '|';
	memcpy(t->p + t->n, name, n + 1);
	t->n += n;
}

static void add_number(struct text *t, uint64_t v)
{
	t->n += (size_t)snprintf(t->p + t->n, sizeof("0x0123456789abcdef"), "0x%llx", (unsigned long long)v);
}

static uint64_t flag_mask(const struct abi_flag *f)
{
	return (f->hi - f->lo < 63 ? (1ull << (f->hi - f->lo + 1)) - 1 : UINT64_MAX) << f->lo;
}

/* Bits lo to hi, which are not all zero: the name of their value; else their own, with the value if that says more. */
static void add_flag(struct nvt_rel rel, struct text *t, const struct abi_flag *f, const struct abi_flag *end, uint64_t v)
{
	const struct abi_flag *value;

	for (value = f + 1; value < end && value->is_value; value++) {
		if (abi_value_of(&value->v) == v && abi_in_set(rel, value->v.set)) {
			add(t, abi_text(rel.abi, value->v.name));
			return;
		}
	}
	add(t, abi_text(rel.abi, f->v.name));
	if (f->hi > f->lo) {
		t->p[t->n++] = '=';
		add_number(t, v);
	}
}

static const char *flags_text(struct nvt_rel rel, const struct abi_group *g, uint64_t value, char *buf)
{
	const struct abi_flag *f = &abi_flag(rel.abi)[g->first], *end = f + g->n;
	struct text t = { buf, 0 };
	uint64_t rest = value;

	for (; f < end; f++) {
		if (f->is_value || !(value & flag_mask(f)) || !abi_in_set(rel, f->v.set))
			continue;
		add_flag(rel, &t, f, end, (value & flag_mask(f)) >> f->lo);
		rest &= ~flag_mask(f);
	}
	if (!t.n)
		return NULL;
	if (rest) {
		buf[t.n++] = '|';
		add_number(&t, rest);
	}
	return buf;
}

const char *abi_group_text(struct nvt_rel rel, uint32_t group, uint64_t value, char *buf)
{
	const struct abi_group *g = &abi_group(rel.abi)[group];

	switch (g->kind) {
	case ABI_G_ENUM:
		return value_text(rel, abi_enm(rel.abi) + g->first, g->n, value);
	case ABI_G_FLAGS:
		return flags_text(rel, g, value, buf);
	default:
		return id_text(rel, g->kind == ABI_G_CONTROL ? ABI_AS_CONTROL : ABI_AS_CLASS, value);
	}
}

/* ---- text -> value ---- */

static bool is_name(const struct nvt_abi *abi, uint32_t name, const char *text, size_t n)
{
	const char *is = abi_text(abi, name);

	return !strncmp(is, text, n) && !is[n];
}

static bool enum_value(struct nvt_rel rel, const struct abi_group *g, const char *text, uint64_t *ret)
{
	const struct abi_value *v = &abi_enm(rel.abi)[g->first], *end = v + g->n;

	for (; v < end; v++) {
		if (!is_name(rel.abi, v->name, text, strlen(text)) || !abi_in_set(rel, v->set))
			continue;
		*ret = abi_value_of(v);
		return true;
	}
	return false;
}

/* All of text[0..n) as a number. */
static bool number(const char *text, size_t n, uint64_t *ret)
{
	char *end;

	if (!n || !isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*ret = strtoull(text, &end, 0);
	return !errno && end == text + n;
}

/* NAME, NAME=NUMBER or NUMBER. */
static bool flag_value(struct nvt_rel rel, const struct abi_group *g, const char *text, size_t n, uint64_t *ret)
{
	const char *equals = memchr(text, '=', n);
	size_t name_n = equals ? (size_t)(equals - text) : n;
	const struct abi_flag *f = &abi_flag(rel.abi)[g->first], *end = f + g->n;
	uint64_t v;

	if (number(text, n, ret))
		return true;
	while (f < end && !(is_name(rel.abi, f->v.name, text, name_n) && abi_in_set(rel, f->v.set)))
		f++;
	if (f == end || (f->is_value && equals) || (!f->is_value && f->hi > f->lo && !equals))
		return false;
	v = f->is_value ? abi_value_of(&f->v) : 1;
	if (equals && !number(equals + 1, n - name_n - 1, &v))
		return false;
	*ret = v << f->lo;
	return v <= flag_mask(f) >> f->lo;
}

static bool flags_value(struct nvt_rel rel, const struct abi_group *g, const char *text, uint64_t *ret)
{
	const char *bar = strchr(text, '|');
	uint64_t v = 0, one;

	for (; bar; text = bar + 1, bar = strchr(text, '|')) {
		if (!flag_value(rel, g, text, (size_t)(bar - text), &one))
			return false;
		v |= one;
	}
	if (!flag_value(rel, g, text, strlen(text), &one))
		return false;
	*ret = v | one;
	return true;
}

bool abi_group_value(struct nvt_rel rel, uint32_t group, const char *text, uint64_t *ret)
{
	const struct abi_group *g = &abi_group(rel.abi)[group];
	struct nvt_id_desc d;

	switch (g->kind) {
	case ABI_G_ENUM:
		return enum_value(rel, g, text, ret);
	case ABI_G_FLAGS:
		return flags_value(rel, g, text, ret);
	default:
		if (!(g->kind == ABI_G_CONTROL ? nvt_ctrl_by_name(rel, text, &d) : nvt_class_by_name(rel, text, &d)))
			return false;
		*ret = d.id;
		return true;
	}
}

/* ---- by name ---- */

const char *nvt_enum_name(struct nvt_rel rel, const char *enum_name, uint64_t value)
{
	static const enum abi_kind kinds[] = { ABI_G_ENUM, ABI_G_CONTROL, ABI_G_CLASS };
	uint32_t group;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(kinds); i++) {
		group = abi_group_at(abi_group(rel.abi), abi_n_group(rel.abi), abi_str(rel.abi), kinds[i], enum_name);
		if (group != ABI_NONE)
			return abi_group_text(rel, group, value, NULL);
	}
	return NULL;
}

bool nvt_names_known(struct nvt_rel rel, const char *set)
{
	static const enum abi_kind kinds[] = { ABI_G_ENUM, ABI_G_FLAGS };
	const struct abi_group *g;
	uint32_t at, i;
	unsigned k;

	for (k = 0; k < NVT_ARRAY_SIZE(kinds); k++) {
		at = abi_group_at(abi_group(rel.abi), abi_n_group(rel.abi), abi_str(rel.abi), kinds[k], set);
		g = at == ABI_NONE ? NULL : &abi_group(rel.abi)[at];
		for (i = 0; g && i < g->n; i++)
			if (abi_in_set(rel, k ? abi_flag(rel.abi)[g->first + i].v.set : abi_enm(rel.abi)[g->first + i].set))
				return true;
	}
	return false;
}
