/* SPDX-License-Identifier: MIT */
/* Schema sections with facts taken from a driver: releases, types, ids and names. */
#include "rpc/schema_int.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int sc_text(struct sc *s, json_t *obj, const char *key, const char **ret)
{
	json_t *v = json_object_get(obj, key);

	if (!json_is_string(v) || strlen(json_string_value(v)) != json_string_length(v))
		return sc_bad(s, "\"%s\" should be a string", key);
	*ret = json_string_value(v);
	return 0;
}

bool sc_as_int(json_t *v, uint64_t max, uint64_t *ret)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0 || (uint64_t)json_integer_value(v) > max)
		return false;
	*ret = (uint64_t)json_integer_value(v);
	return true;
}

int sc_int(struct sc *s, json_t *obj, const char *key, uint64_t max, uint64_t *ret)
{
	if (!sc_as_int(json_object_get(obj, key), max, ret))
		return sc_bad(s, "\"%s\" should be an integer from 0 to %llu", key, (unsigned long long)max);
	return 0;
}

static bool is_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	const char *at;

	for (at = strstr(words, word); at; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

int sc_keys(struct sc *s, json_t *obj, const char *allowed)
{
	const char *key;
	json_t *v;

	if (!json_is_object(obj))
		return sc_bad(s, "should be an object");
	json_object_foreach(obj, key, v)
		if (!*key || !is_word(allowed, key))
			return sc_bad(s, "unknown key \"%s\"", key);
	return 0;
}

static int version_index(struct sc *s, const char *id, size_t n, unsigned *ret)
{
	unsigned i;

	for (i = 0; i < s->versions.n; i++) {
		if (strlen(sc_version(s, i)) == n && !memcmp(sc_version(s, i), id, n)) {
			*ret = i;
			return 0;
		}
	}
	return sc_bad(s, "\"v\" names release \"%.*s\", which is not in \"versions\"", (int)n, id);
}

int sc_set(struct sc *s, json_t *obj, uint32_t *ret)
{
	json_t *list = json_object_get(obj, "v"), *item;
	uint32_t words[64] = { 0 };
	const char *text, *dots;
	unsigned a, b;
	size_t i;
	int rc;

	if (!json_array_size(list))
		return sc_bad(s, "\"v\" should list releases");
	json_array_foreach(list, i, item) {
		text = json_string_value(item);
		if (!text)
			return sc_bad(s, "\"v\" should list releases");
		dots = strstr(text, "..");
		rc = version_index(s, text, dots ? (size_t)(dots - text) : strlen(text), &a);
		if (!rc)
			rc = dots ? version_index(s, dots + 2, strlen(dots + 2), &b) : 0;
		if (rc)
			return rc;
		if (!dots)
			b = a;
		if (b < a)
			return sc_bad(s, "\"v\" has the range \"%s\" backwards", text);
		for (; a <= b; a++)
			words[a / 32] |= 1u << a % 32;
	}
	*ret = sc_set_intern(s, words);
	return *ret == ABI_NONE ? sc_nomem(s) : 0;
}

static int read_versions(struct sc *s, json_t *list)
{
	const char *id, **row;
	json_t *v;
	size_t i;
	unsigned k;

	json_array_foreach(list, i, v) {
		sc_at(s, "versions[%zu]", i);
		if (sc_keys(s, v, "id commit functions events rpc_structs rpc_current controls controls_by control_structs "
				  "classes class_ids alloc_structs classes_without status types enums flags links selectors") ||
		    sc_text(s, v, "id", &id))
			return -NVT_E_DATA;
		for (k = 0; k < s->versions.n; k++)
			if (!strcmp(sc_version(s, k), id))
				return sc_bad(s, "release \"%s\" twice", id);
		if (s->versions.n == 2048) /* sc_set's words */
			return sc_bad(s, "more than 2048 releases");
		row = vec_add(&s->versions);
		if (!row)
			return sc_nomem(s);
		*row = id;
	}
	return 0;
}

static int read_types(struct sc *s, json_t *types)
{
	const char *name;
	json_t *list;
	int rc;

	json_object_foreach(types, name, list) {
		sc_at(s, "types.%s", name);
		rc = sc_read_layouts(s, name, list);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_aliases(struct sc *s, json_t *aliases)
{
	struct sc_alias *a;
	const char *name;
	json_t *list, *row;
	size_t i;

	json_object_foreach(aliases, name, list) {
		json_array_foreach(list, i, row) {
			sc_at(s, "aliases.%s[%zu]", name, i);
			a = vec_add(&s->aliases);
			if (!a)
				return sc_nomem(s);
			a->file = s->file;
			a->name = name;
			if (sc_keys(s, row, "v type") || sc_set(s, row, &a->set) || sc_text(s, row, "type", &a->target))
				return -NVT_E_DATA;
		}
	}
	return 0;
}

static int read_messages(struct sc *s, json_t *list)
{
	struct sc_msg *m;
	uint64_t number = 0;
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row) {
		sc_at(s, "messages[%zu]", i);
		m = vec_add(&s->msgs);
		if (!m)
			return sc_nomem(s);
		m->file = s->file;
		m->min = ABI_NONE;
		if (sc_keys(s, row, "v n name payload") || sc_set(s, row, &m->set) ||
		    sc_int(s, row, "n", 0xfffffffe, &number) || sc_text(s, row, "name", &m->name))
			return -NVT_E_DATA;
		m->number = (uint32_t)number;
		if (json_object_get(row, "payload") && sc_text(s, row, "payload", &m->payload))
			return -NVT_E_DATA;
	}
	return 0;
}

/* Later passes need what earlier ones read, whichever file holds it. */
static const struct {
	const char *key;
	unsigned pass;
	json_type type;
	int (*read)(struct sc *s, json_t *v);
} sections[] = {
	{ "versions", 0, JSON_ARRAY, read_versions },
	{ "types", 1, JSON_OBJECT, read_types },
	{ "aliases", 1, JSON_OBJECT, read_aliases },
	{ "selectors", 1, JSON_OBJECT, sc_read_selectors },
	{ "controls", 1, JSON_ARRAY, sc_read_controls },
	{ "classes", 1, JSON_ARRAY, sc_read_classes },
	{ "messages", 1, JSON_ARRAY, read_messages },
	{ "status", 1, JSON_ARRAY, sc_read_status },
	{ "enums", 1, JSON_OBJECT, sc_read_enums },
	{ "flags", 1, JSON_OBJECT, sc_read_flags },
	{ "consts", 1, JSON_OBJECT, sc_read_consts },
	{ "sources", 1, JSON_OBJECT, sc_read_sources },
	{ "links", 2, JSON_OBJECT, sc_read_links },
	{ "overlay", 3, JSON_OBJECT, sc_read_overlay },
};

static int read_pass(struct sc *s, const char *const *paths, unsigned pass)
{
	json_t *v;
	unsigned i, k;
	int rc;

	for (i = 0; i < s->n_docs; i++) {
		s->file = paths[i];
		for (k = 0; k < NVT_ARRAY_SIZE(sections); k++) {
			v = json_object_get(s->docs[i], sections[k].key);
			if (!v || sections[k].pass != pass)
				continue;
			sc_at(s, "%s", sections[k].key);
			if (json_typeof(v) != sections[k].type)
				return sc_bad(s, "should be %s",
					      sections[k].type == JSON_ARRAY ? "a list" : "an object");
			rc = sections[k].read(s, v);
			if (rc)
				return rc;
		}
	}
	return 0;
}

static int load_doc(struct sc *s, unsigned i, const char *path)
{
	json_error_t je;

	s->docs[i] = json_load_file(path, JSON_REJECT_DUPLICATES, &je);
	if (!s->docs[i] && je.line < 0)
		return nvt_fail(s->e, NVT_E_ENV, "%s: %s", path, je.text);
	if (!s->docs[i])
		return nvt_fail(s->e, NVT_E_DATA, "%s:%d: %s", path, je.line, je.text);
	s->file = path;
	sc_at(s, "top level");
	return sc_keys(s, s->docs[i],
		       "versions types aliases selectors messages controls classes status enums flags consts sources links "
		       "overlay");
}

static int by_alias(const void *a, const void *b)
{
	return strcmp(((const struct sc_alias *)a)->name, ((const struct sc_alias *)b)->name);
}

size_t sc_alias_first(const struct sc *s, const char *name)
{
	return vec_first(&s->aliases, offsetof(struct sc_alias, name), name);
}

int sc_read_facts(struct sc *s, const char *const *paths)
{
	unsigned i;
	int rc = 0;

	for (i = 0; i < s->n_docs && !rc; i++)
		rc = load_doc(s, i, paths[i]);
	for (i = 0; i < 2 && !rc; i++)
		rc = read_pass(s, paths, i);
	if (!rc && s->aliases.n)
		qsort(s->aliases.p, s->aliases.n, sizeof(struct sc_alias), by_alias);
	if (!rc)
		rc = sc_sort_layouts(s);
	if (!rc)
		rc = sc_build_values(s);
	if (!rc)
		rc = sc_build_groups(s);
	for (i = 2; i < 4 && !rc; i++)
		rc = read_pass(s, paths, i);
	if (!rc && !s->versions.n)
		rc = nvt_fail(s->e, NVT_E_DATA, "the schema names no release");
	return rc;
}
