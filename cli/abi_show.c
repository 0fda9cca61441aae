/* SPDX-License-Identifier: MIT */
/* abi show: one thing of a release, and which other releases have the same. */
#include <stdlib.h>
#include <string.h>
#include "cli/abi.h"

/* Adds release i to ranges over the tables' order: "A", or "A..B" for neighbours. */
static void add_release(json_t *ranges, const struct nvt_abi *abi, unsigned first, unsigned last)
{
	const char *a = nvt_rel_name((struct nvt_rel){ abi, first }), *b = nvt_rel_name((struct nvt_rel){ abi, last });
	char text[160];

	snprintf(text, sizeof(text), first == last ? "%s" : "%s..%s", a, b);
	doc_add_str(ranges, text);
}

void cli_abi_put_releases(json_t *o, const char *key, const struct nvt_abi *abi, same_fn same, const void *what)
{
	unsigned i, n = nvt_abi_release_count(abi), first = n;
	json_t *ranges = doc_arr(o, key);

	for (i = 0; i <= n; i++) {
		bool is = i < n && same((struct nvt_rel){ abi, i }, what);

		if (is && first == n)
			first = i;
		if (!is && first < n) {
			add_release(ranges, abi, first, i - 1);
			first = n;
		}
	}
}

static bool same_layout(struct nvt_rel rel, const void *what)
{
	return nvt_layout_find(rel, nvt_layout_name(what)) == what;
}

/* Other layouts of the type, by the first release that has each. */
static void put_others(json_t *o, const struct nvt_abi *abi, const struct nvt_layout *l)
{
	unsigned i, k, n = nvt_abi_release_count(abi);
	json_t *list = doc_arr(o, "others");

	for (i = 0; i < n; i++) {
		const struct nvt_layout *x = nvt_layout_find((struct nvt_rel){ abi, i }, nvt_layout_name(l));
		json_t *row;

		for (k = 0; x && x != l && k < i; k++)
			if (same_layout((struct nvt_rel){ abi, k }, x))
				break;
		if (!x || x == l || k < i)
			continue;
		row = doc_obj(list, NULL);
		doc_num(row, "size", nvt_layout_size(x));
		cli_abi_put_releases(row, "releases", abi, same_layout, x);
	}
}

static void put_dims(json_t *row, const struct nvt_field_info *f)
{
	json_t *dims;
	unsigned i;

	if (!f->dims[0])
		return;
	dims = doc_arr(row, "dims");
	for (i = 0; i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		json_array_append_new(dims, json_integer(f->dims[i] == UINT32_MAX ? 0 : f->dims[i]));
}

/* Types without a name of their own are shown inside their parent. depth: a schema given at run time is input. */
static void put_fields(json_t *o, struct nvt_rel rel, const struct nvt_layout *l, unsigned depth)
{
	json_t *fields = doc_arr(o, "fields");
	char buf[160];
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		json_t *row = doc_obj(fields, NULL), *bits;
		struct nvt_field_info f;

		abi_field(rel, l, i, &f);
		doc_str(row, "name", f.name);
		doc_num(row, "offset", f.offset);
		doc_num(row, "size", abi_field_size(&f));
		doc_str(row, "type", abi_field_type(&f, buf, sizeof(buf)));
		if (f.flags_name)
			doc_str(row, "flags", f.flags_name);
		put_dims(row, &f);
		if (f.is_bits) {
			bits = doc_arr(row, "bits");
			json_array_append_new(bits, json_integer(8 * (json_int_t)f.offset + f.bit_lo));
			json_array_append_new(bits, json_integer(8 * (json_int_t)f.offset + f.bit_hi));
		}
		if (f.prim == NVT_P_STRUCT && depth && (!f.name[0] || strchr(nvt_layout_name(f.nested), '.')))
			put_fields(row, rel, f.nested, depth - 1);
	}
}

/* The file of NVIDIA's source tree that says so. */
static void put_source(json_t *o, struct nvt_rel rel, const char *name)
{
	const char *file = nvt_source_find(rel, name);

	if (file)
		doc_str(o, "source", file);
}

static void put_layout(json_t *data, struct nvt_rel rel, const struct nvt_layout *l)
{
	json_t *o = doc_obj(data, "layout");

	doc_str(o, "type", nvt_layout_name(l));
	doc_str(o, "kind", nvt_layout_is_union(l) ? "union" : "struct");
	doc_num(o, "size", nvt_layout_size(l));
	put_source(o, rel, nvt_layout_name(l));
	cli_abi_put_releases(o, "releases", rel.abi, same_layout, l);
	put_others(o, rel.abi, l);
	put_fields(o, rel, l, 12);
}

struct id_in {
	enum abi_kind kind;
	struct cli_id id;
};

static bool find_id(struct nvt_rel rel, enum abi_kind kind, const char *name, const uint64_t *number,
		    struct cli_id *ret)
{
	uint32_t pos = 0;

	while (cli_id_next(rel, kind, &pos, ret))
		if (number ? ret->number == *number : !strcmp(ret->name, name))
			return true;
	return false;
}

static bool same_id(struct nvt_rel rel, const void *what)
{
	const struct id_in *in = what;
	uint64_t number = in->id.number;
	struct cli_id id;

	return find_id(rel, in->kind, NULL, &number, &id) && !strcmp(id.name, in->id.name) &&
	       id.layout == in->id.layout;
}

static bool show_id(json_t *data, struct nvt_rel rel, const char *name)
{
	char *end;
	uint64_t number = strtoull(name, &end, 0);
	bool is_number = *name >= '0' && *name <= '9' && !*end;
	struct id_in in;
	unsigned k;

	for (k = 0; k < ABI_ID__COUNT; k++) {
		in.kind = k;
		if (!find_id(rel, in.kind, name, is_number ? &number : NULL, &in.id))
			continue;
		doc_str(data, "kind", abi_kind_name(in.kind));
		doc_str(data, "name", in.id.name);
		doc_num(data, "number", in.id.number);
		put_source(data, rel, k < ABI_FUNCTION ? in.id.name : abi_kind_plural(k));
		cli_abi_put_releases(data, "releases", rel.abi, same_id, &in);
		if (in.id.layout)
			put_layout(data, rel, in.id.layout);
		return true;
	}
	return false;
}

/* Equal when each release's rows of the set are the same in order. */
struct set_in {
	struct nvt_rel rel;
	enum cli_names kind;
	const char *name;
};

static bool same_set(struct nvt_rel rel, const void *what)
{
	const struct set_in *in = what;
	struct cli_name a, b;
	uint32_t pa = 0, pb = 0;
	bool more;

	do {
		more = cli_name_of_set(rel, in->kind, in->name, &pa, &a);
		if (more != cli_name_of_set(in->rel, in->kind, in->name, &pb, &b))
			return false;
		if (more && (!cli_name_same(&a, &b) || strcmp(a.name, b.name)))
			return false;
	} while (more);
	return true;
}

static bool show_set(json_t *data, struct nvt_rel rel, enum cli_names kind, const char *name)
{
	struct set_in in = { rel, kind, name };
	struct cli_name v;
	uint32_t pos = 0;
	json_t *values;

	if (!cli_name_of_set(rel, kind, name, &pos, &v))
		return false;
	doc_str(data, "kind", kind == NAMES_ENUMS ? "enum" : "flags");
	doc_str(data, "name", name);
	cli_abi_put_releases(data, "releases", rel.abi, same_set, &in);
	values = doc_arr(data, "values");
	do {
		json_t *row = doc_obj(values, NULL);

		doc_str(row, "name", v.name);
		cli_name_put(row, &v);
	} while (cli_name_of_set(rel, kind, name, &pos, &v));
	return true;
}

static int nothing(struct nvt_rel rel, const char *name, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_USAGE, "release %s has no type, control, class, message, enum or flags '%s'",
			  nvt_rel_name(rel), name);
	const struct nvt_layout *l;
	struct cli_near near;
	struct cli_name v;
	struct cli_id id;
	uint32_t pos;
	unsigned k;

	cli_near_init(&near, name);
	for (k = 0; k < ABI_ID__COUNT; k++)
		for (pos = 0; cli_id_next(rel, k, &pos, &id);)
			cli_near_offer(&near, id.name);
	for (pos = 0; (l = nvt_layout_next(rel, &pos));)
		cli_near_offer(&near, nvt_layout_name(l));
	for (pos = 0; cli_name_next(rel, NAMES_ENUMS, &pos, &v);)
		cli_near_offer(&near, v.set);
	for (pos = 0; cli_name_next(rel, NAMES_FLAGS, &pos, &v);)
		cli_near_offer(&near, v.set);
	cli_near_hint(&near, e, "", "nvtool abi export --format json holds all names");
	return rc;
}

int cli_abi_show(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *name = cli_arg(cli, 0);
	const struct nvt_layout *l;
	struct nvt_rel rel;
	int rc = cli_pick_release(cli, &rel, e);

	if (rc)
		return rc;
	doc_str(data, "release", nvt_rel_name(rel));
	if (show_id(data, rel, name))
		return 0;
	l = nvt_layout_find(rel, name);
	if (l) {
		doc_str(data, "kind", nvt_layout_is_union(l) ? "union" : "struct");
		doc_str(data, "name", name);
		put_layout(data, rel, l);
		return 0;
	}
	if (show_set(data, rel, NAMES_ENUMS, name) || show_set(data, rel, NAMES_FLAGS, name))
		return 0;
	return nothing(rel, name, e);
}
