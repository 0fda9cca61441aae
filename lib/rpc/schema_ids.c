/* SPDX-License-Identifier: MIT */
/* Schema: controls and classes with their parameters. */
#include "rpc/schema_int.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	uint32_t flag;
} flag_words[] = {
	{ "handled", NVT_CTRL_HANDLED },       { "routed", NVT_CTRL_ROUTED },
	{ "internal", NVT_CTRL_INTERNAL },     { "privileged", NVT_CTRL_PRIVILEGED },
	{ "any-client", NVT_CTRL_ANY_CLIENT }, { "cacheable", NVT_CTRL_CACHEABLE },
};

static int read_flags(struct sc *s, json_t *list, uint32_t *ret)
{
	const char *word;
	json_t *item;
	unsigned k;
	size_t i;

	json_array_foreach(list, i, item) {
		word = json_string_value(item);
		for (k = 0; word && k < NVT_ARRAY_SIZE(flag_words) && strcmp(word, flag_words[k].word); k++)
			;
		if (!word || k == NVT_ARRAY_SIZE(flag_words))
			return sc_bad(s, "unknown flag \"%s\"", word ? word : "");
		*ret |= flag_words[k].flag;
	}
	return 0;
}

/* What a section calls its rows' number and parameters. */
static const struct {
	const char *section, *keys, *id, *params;
	enum abi_table table;
} kinds[SC_ID__COUNT] = {
	[SC_ID_CTRL] = { "controls", "v cmd name params flags", "cmd", "params", ABI_ctrl },
	[SC_ID_CLASS] = { "classes", "v class name alloc scalar required", "class", "alloc", ABI_cls },
};

static int read_id(struct sc *s, int kind, json_t *row)
{
	struct sc_id *id = vec_add(&s->ids[kind]);
	const char *text;
	unsigned long v;
	char *end;

	if (!id)
		return sc_nomem(s);
	id->file = s->file;
	if (sc_keys(s, row, kinds[kind].keys) || sc_set(s, row, &id->set) || sc_text(s, row, kinds[kind].id, &text) ||
	    sc_text(s, row, "name", &id->name))
		return -NVT_E_DATA;
	v = strtoul(text, &end, 16);
	if (strncmp(text, "0x", 2) || !text[2] || *end || v > UINT32_MAX)
		return sc_bad(s, "\"%s\" should be a hex string of up to 32 bits", kinds[kind].id);
	id->id = (uint32_t)v;
	if (json_object_get(row, kinds[kind].params) && sc_text(s, row, kinds[kind].params, &id->params))
		return -NVT_E_DATA;
	id->flags = (json_is_true(json_object_get(row, "required")) ? ABI_ID_REQUIRED : 0) |
		    (json_object_get(row, "scalar") ? ABI_ID_SCALAR : 0);
	return read_flags(s, json_object_get(row, "flags"), &id->flags);
}

static int read_ids(struct sc *s, int kind, json_t *list)
{
	json_t *row;
	size_t i;
	int rc;

	json_array_foreach(list, i, row) {
		sc_at(s, "%s[%zu]", kinds[kind].section, i);
		rc = read_id(s, kind, row);
		if (rc)
			return rc;
	}
	return 0;
}

int sc_read_controls(struct sc *s, json_t *list)
{
	return read_ids(s, SC_ID_CTRL, list);
}

int sc_read_classes(struct sc *s, json_t *list)
{
	return read_ids(s, SC_ID_CLASS, list);
}

static int check_params(struct sc *s, const struct sc_id *id, uint32_t *ret)
{
	unsigned r;

	*ret = id->params ? sc_type_row(s, id->params) : ABI_NONE;
	if (id->params && *ret == ABI_NONE)
		return sc_bad(s, "no type \"%s\"", id->params);
	for (r = 0; id->params && r < s->versions.n; r++)
		if (sc_set_has(s, id->set, r) && sc_type_layout(s, *ret, r) == ABI_NONE)
			return sc_bad(s, "no type \"%s\" in release %s", id->params, sc_version(s, r));
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct sc_id *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->set != y->set ? (x->set < y->set ? -1 : 1) : strcmp(x->name, y->name);
}

static int build_ids(struct sc *s, int kind)
{
	struct sc_id *id = s->ids[kind].p;
	uint32_t name, params;
	struct abi_id *row;
	size_t i, k;
	int r, rc;

	if (s->ids[kind].n)
		qsort(id, s->ids[kind].n, sizeof(*id), by_id);
	for (i = 0; i < s->ids[kind].n; i++) {
		s->file = id[i].file;
		sc_at(s, "%s.%s", kinds[kind].section, id[i].name);
		for (k = i; k-- && id[k].id == id[i].id;) {
			r = sc_set_common(s, id[k].set, id[i].set);
			if (r >= 0)
				return sc_bad(s, "0x%08x is also %s in release %s", id[i].id, id[k].name,
					      sc_version(s, (unsigned)r));
		}
		rc = check_params(s, &id[i], &params);
		if (rc)
			return rc;
		name = sc_intern(s, id[i].name);
		row = vec_add(&s->out[kinds[kind].table]);
		if (!row || name == ABI_NONE)
			return sc_nomem(s);
		*row = (struct abi_id){ id[i].id, name, id[i].set, params, id[i].flags };
	}
	return 0;
}

int sc_build_ids(struct sc *s)
{
	int rc = build_ids(s, SC_ID_CTRL);

	return rc ? rc : build_ids(s, SC_ID_CLASS);
}
