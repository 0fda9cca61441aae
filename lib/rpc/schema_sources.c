/* SPDX-License-Identifier: MIT */
/* Schema: which file of a driver's source tree declares a type, control or class. */
#include "rpc/schema_int.h"

#include <stdlib.h>
#include <string.h>

int sc_read_sources(struct sc *s, json_t *sources)
{
	struct sc_source *row;
	const char *name;
	json_t *list, *item;
	size_t i;

	json_object_foreach(sources, name, list) {
		sc_at(s, "sources.%s", name);
		if (!json_is_array(list))
			return sc_bad(s, "should be a list");
		json_array_foreach(list, i, item) {
			sc_at(s, "sources.%s[%zu]", name, i);
			row = vec_add(&s->sources);
			if (!row)
				return sc_nomem(s);
			row->in = s->file;
			row->name = name;
			row->index = (unsigned)i;
			if (sc_keys(s, item, "v file") || sc_set(s, item, &row->set) || sc_text(s, item, "file", &row->file))
				return -NVT_E_DATA;
		}
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct sc_source *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : (x->index > y->index) - (x->index < y->index);
}

int sc_build_sources(struct sc *s)
{
	struct sc_source *row = s->sources.p;
	struct abi_source *to;
	size_t i, k;
	int r;

	if (s->sources.n)
		qsort(row, s->sources.n, sizeof(*row), by_name);
	for (i = 0; i < s->sources.n; i++) {
		s->file = row[i].in;
		sc_at(s, "sources.%s[%u]", row[i].name, row[i].index);
		for (k = i; k-- && !strcmp(row[k].name, row[i].name);) {
			r = sc_set_common(s, row[k].set, row[i].set);
			if (r >= 0)
				return sc_bad(s, "a second file for release %s", sc_version(s, (unsigned)r));
		}
		to = vec_add(&s->out[ABI_source]);
		if (!to)
			return sc_nomem(s);
		*to = (struct abi_source){ sc_intern(s, row[i].name), row[i].set, sc_intern(s, row[i].file) };
		if (to->name == ABI_NONE || to->file == ABI_NONE)
			return sc_nomem(s);
	}
	return 0;
}
