/* SPDX-License-Identifier: MIT */
/* Schema: status codes and named constants. */
#include "rpc/schema_int.h"

#include <stdlib.h>
#include <string.h>

static struct sc_value *add_value(struct sc *s, int kind)
{
	struct sc_value *v = vec_add(&s->values[kind]);

	if (v)
		v->file = s->file;
	else
		sc_nomem(s);
	return v;
}

int sc_read_status(struct sc *s, json_t *list)
{
	struct sc_value *v;
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row) {
		sc_at(s, "status[%zu]", i);
		v = add_value(s, SC_VALUE_STATUS);
		if (!v)
			return -NVT_E_NOMEM;
		if (sc_keys(s, row, "v n name") || sc_text(s, row, "name", &v->name) || sc_set(s, row, &v->set) ||
		    sc_int(s, row, "n", UINT32_MAX, &v->value))
			return -NVT_E_DATA;
	}
	return 0;
}

int sc_read_consts(struct sc *s, json_t *consts)
{
	const char *name, *text;
	struct sc_value *v;
	json_t *list, *row;
	char *end;
	size_t i;

	json_object_foreach(consts, name, list) {
		json_array_foreach(list, i, row) {
			sc_at(s, "consts.%s[%zu]", name, i);
			v = add_value(s, SC_VALUE_CONST);
			if (!v)
				return -NVT_E_NOMEM;
			v->name = name;
			if (sc_keys(s, row, "v value") || sc_set(s, row, &v->set) || sc_text(s, row, "value", &text))
				return -NVT_E_DATA;
			v->value = strtoull(text, &end, 16);
			if (strncmp(text, "0x", 2) || !text[2] || *end)
				return sc_bad(s, "\"value\" should be a hex string");
		}
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const struct sc_value *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const struct sc_value *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static const struct {
	const char *section;
	enum abi_table table;
	int (*order)(const void *a, const void *b);
} kinds[SC_VALUE__COUNT] = {
	[SC_VALUE_STATUS] = { "status", ABI_status, by_value },
	[SC_VALUE_CONST] = { "consts", ABI_konst, by_name },
};

/* Statuses are unique by number, constants by name. */
static int check_value(struct sc *s, int kind, const struct sc_value *was, const struct sc_value *v)
{
	int r = sc_set_common(s, was->set, v->set);

	s->file = v->file;
	sc_at(s, "%s.%s", kinds[kind].section, v->name);
	if (r < 0)
		return 0;
	if (kind == SC_VALUE_STATUS && was->value == v->value)
		return sc_bad(s, "value 0x%llx is also %s in release %s", (unsigned long long)v->value, was->name,
			      sc_version(s, (unsigned)r));
	if (kind == SC_VALUE_CONST && !strcmp(was->name, v->name))
		return sc_bad(s, "a second value for release %s", sc_version(s, (unsigned)r));
	return 0;
}

static int build(struct sc *s, int kind)
{
	struct sc_value *v = s->values[kind].p;
	struct abi_value *row;
	uint32_t name;
	size_t i;
	int rc;

	if (s->values[kind].n)
		qsort(v, s->values[kind].n, sizeof(*v), kinds[kind].order);
	for (i = 0; i < s->values[kind].n; i++) {
		rc = i ? check_value(s, kind, &v[i - 1], &v[i]) : 0;
		if (rc)
			return rc;
		name = sc_intern(s, v[i].name);
		row = vec_add(&s->out[kinds[kind].table]);
		if (!row || name == ABI_NONE)
			return sc_nomem(s);
		*row = (struct abi_value){ (uint32_t)v[i].value, (uint32_t)(v[i].value >> 32), name, v[i].set, 0 };
	}
	return 0;
}

int sc_build_values(struct sc *s)
{
	int rc = build(s, SC_VALUE_STATUS);

	return rc ? rc : build(s, SC_VALUE_CONST);
}
