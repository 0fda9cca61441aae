/* SPDX-License-Identifier: MIT */
/*
 * What the generic codec costs for each leaf of every RPC type of a release: COUNT passes over all of them.
 *
 * usage: leaves decode|nested|encode|parse COUNT
 * decode: a walk with a visitor that adds the values up; each type's bytes are as many as its size
 * nested: the same with the begin and end of every struct
 * encode: their JSON text into bytes again; parse: the same text read by jansson alone
 * Prints the leaves of one pass and the bytes of the read-only tables.
 */
#include <nvt/rpc.h>

#include "rpc/schema.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RELEASE "570.144"

struct sum {
	uint64_t value, leaves;
};

static int add(void *arg, const struct nvt_leaf *l)
{
	struct sum *s = arg;

	s->value += l->value;
	return 0;
}

static int count_leaf(void *arg, const struct nvt_leaf *l)
{
	struct sum *s = arg;

	s->leaves += l->what == NVT_LEAF_VALUE || l->what == NVT_LEAF_BYTES;
	return 0;
}

struct type {
	const struct nvt_layout *layout;
	struct nvt_bytes bytes;
	char *json;
};

struct types {
	struct nvt_rel rel;
	struct type *v;
	unsigned n;
};

static bool is_payload(struct nvt_rel rel, const struct nvt_layout *l)
{
	struct nvt_msg_desc d;
	uint32_t pos = 0;

	while (nvt_msg_next(rel, &pos, &d))
		if (d.layout == l)
			return true;
	return false;
}

/* Every message's payload, and every struct that is called after one. Booleans hold 1 so that their text is exact. */
static int collect(struct types *t)
{
	const struct nvt_layout *l;
	uint32_t pos = 0;
	uint8_t *b;

	while ((l = nvt_layout_next(t->rel, &pos))) {
		if (strncmp(nvt_layout_name(l), "rpc_", 4) && !is_payload(t->rel, l))
			continue;
		t->v = realloc(t->v, (t->n + 1) * sizeof(*t->v));
		b = malloc(nvt_layout_size(l) + 1);
		if (!t->v || !b)
			return 1;
		memset(b, 1, nvt_layout_size(l));
		t->v[t->n] = (struct type){ l, { b, nvt_layout_size(l) }, NULL };
		if (nvt_json_decode(t->rel, nvt_layout_name(l), t->v[t->n].bytes, &t->v[t->n].json, NULL))
			return 1;
		t->n++;
	}
	return 0;
}

static int decode(const struct types *t, struct sum *s)
{
	unsigned i;
	int bad = 0;

	for (i = 0; i < t->n; i++)
		bad |= nvt_walk_leaves(t->rel, t->v[i].layout, t->v[i].bytes, add, s);
	return bad;
}

static int nested(const struct types *t, struct sum *s)
{
	unsigned i;
	int bad = 0;

	for (i = 0; i < t->n; i++)
		bad |= nvt_walk(t->rel, t->v[i].layout, t->v[i].bytes, add, s);
	return bad;
}

static int encode(const struct types *t, struct sum *s)
{
	uint8_t *b = NULL;
	unsigned i;
	size_t n = 0;
	int bad = 0;

	for (i = 0; i < t->n && !bad; i++) {
		bad = nvt_json_encode(t->rel, nvt_layout_name(t->v[i].layout), t->v[i].json, &b, &n, NULL);
		s->value += n;
		free(b);
		b = NULL;
	}
	return bad;
}

static int parse(const struct types *t, struct sum *s)
{
	unsigned i;
	json_t *doc;
	int bad = 0;

	for (i = 0; i < t->n && !bad; i++) {
		doc = json_loads(t->v[i].json, JSON_REJECT_DUPLICATES, NULL);
		s->value += json_object_size(doc);
		bad = !doc;
		json_decref(doc);
	}
	return bad;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct types *t, struct sum *s);
	} modes[] = { { "decode", decode }, { "nested", nested }, { "encode", encode }, { "parse", parse } };
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 0) : 0, i;
	struct types t = { .rel = { NULL, 0 } };
	struct sum s = { 0, 0 };
	unsigned mode = 0;
	int bad;

	while (count && mode < NVT_ARRAY_SIZE(modes) && strcmp(modes[mode].name, argv[1]))
		mode++;
	if (!count || mode == NVT_ARRAY_SIZE(modes)) {
		fprintf(stderr, "usage: leaves decode|nested|encode|parse COUNT\n");
		return 2;
	}
	bad = !nvt_rel_find(nvt_abi_builtin(), RELEASE, &t.rel) || collect(&t);
	for (i = 0; i < t.n && !bad; i++)
		bad = nvt_walk_leaves(t.rel, t.v[i].layout, t.v[i].bytes, count_leaf, &s);
	printf("%llu %zu\n", (unsigned long long)s.leaves, nvt_schema_size(nvt_abi_builtin()));
	for (i = 0; i < count && !bad; i++)
		bad = modes[mode].run(&t, &s);
	for (i = 0; i < t.n; i++) {
		free((void *)(uintptr_t)t.v[i].bytes.p);
		free(t.v[i].json);
	}
	free(t.v);
	return bad || !s.value;
}
