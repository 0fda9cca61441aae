/* SPDX-License-Identifier: MIT */
/* abi list and abi show: the releases of the tables, and one thing of a release. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/abi.h"

/* ---- list ---- */

static uint32_t count_ids(struct nvt_rel rel, enum abi_kind kind)
{
	uint32_t pos = 0, n = 0;
	struct cli_id id;

	while (cli_id_next(rel, kind, &pos, &id))
		n++;
	return n;
}

static uint32_t count_types(struct nvt_rel rel)
{
	uint32_t pos = 0, n = 0;

	while (nvt_layout_next(rel, &pos))
		n++;
	return n;
}

static uint32_t count_enums(struct nvt_rel rel)
{
	struct nvt_enum_value v;
	const char *last = "";
	uint32_t pos = 0, n = 0;

	while (nvt_enum_next(rel, &pos, &v)) {
		n += strcmp(v.enum_name, last) != 0;
		last = v.enum_name;
	}
	return n;
}

void cli_abi_counts(struct nvt_rel rel, json_t *o)
{
	unsigned k;

	doc_str(o, "release", nvt_rel_name(rel));
	doc_num(o, "types", count_types(rel));
	for (k = 0; k < ABI_ID__COUNT; k++)
		doc_num(o, abi_kind_plural(k), count_ids(rel, k));
	doc_num(o, "enums", count_enums(rel));
}

int cli_abi_list(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *list;
	unsigned i;

	(void)e;
	doc_str(data, "source", cli->abi_path ? cli->abi_path : "built in");
	list = doc_arr(data, "releases");
	for (i = 0; i < nvt_abi_release_count(cli->abi); i++)
		cli_abi_counts((struct nvt_rel){ cli->abi, i }, doc_obj(list, NULL));
	return 0;
}

void cli_abi_list_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "release", "RELEASE", false }, { "types", "TYPES", true },       { "functions", "FUNCTIONS", true },
		{ "events", "EVENTS", true },    { "controls", "CONTROLS", true }, { "classes", "CLASSES", true },
		{ "enums", "ENUMS", true },      { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "releases"), cols, out);
}

/* ---- show ---- */

/* Adds release i to ranges over the tables' order: "A", or "A..B" for neighbours. */
static void add_release(json_t *ranges, const struct nvt_abi *abi, unsigned first, unsigned last)
{
	const char *a = nvt_rel_name((struct nvt_rel){ abi, first }), *b = nvt_rel_name((struct nvt_rel){ abi, last });
	char text[160];

	snprintf(text, sizeof(text), first == last ? "%s" : "%s..%s", a, b);
	doc_add_str(ranges, text);
}

/* What a release says of one thing, as far as it can be compared: a layout, or any other pointer and number. */
typedef bool (*same_fn)(struct nvt_rel rel, const void *what);

static void put_releases(json_t *o, const char *key, const struct nvt_abi *abi, same_fn same, const void *what)
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
		put_releases(row, "releases", abi, same_layout, x);
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
static void put_fields(json_t *o, const struct nvt_layout *l, unsigned depth)
{
	json_t *fields = doc_arr(o, "fields");
	char buf[160];
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		json_t *row = doc_obj(fields, NULL), *bits;
		struct nvt_field_info f;

		nvt_layout_field(l, i, &f);
		doc_str(row, "name", f.name);
		doc_num(row, "offset", f.offset);
		doc_num(row, "size", abi_field_size(&f));
		doc_str(row, "type", abi_field_type(&f, buf, sizeof(buf)));
		put_dims(row, &f);
		if (f.is_bits) {
			bits = doc_arr(row, "bits");
			json_array_append_new(bits, json_integer(8 * (json_int_t)f.offset + f.bit_lo));
			json_array_append_new(bits, json_integer(8 * (json_int_t)f.offset + f.bit_hi));
		}
		if (f.prim == NVT_P_STRUCT && depth && (!f.name[0] || strchr(nvt_layout_name(f.nested), '.')))
			put_fields(row, f.nested, depth - 1);
	}
}

static void put_layout(json_t *data, struct nvt_rel rel, const struct nvt_layout *l)
{
	json_t *o = doc_obj(data, "layout");

	doc_str(o, "type", nvt_layout_name(l));
	doc_str(o, "kind", nvt_layout_is_union(l) ? "union" : "struct");
	doc_num(o, "size", nvt_layout_size(l));
	put_releases(o, "releases", rel.abi, same_layout, l);
	put_others(o, rel.abi, l);
	put_fields(o, l, 12);
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
		put_releases(data, "releases", rel.abi, same_id, &in);
		if (in.id.layout)
			put_layout(data, rel, in.id.layout);
		return true;
	}
	return false;
}

/* Equal when each release's rows of the enum are the same in order. */
struct enum_in {
	struct nvt_rel rel;
	const char *name;
};

static bool next_value(struct nvt_rel rel, const char *name, uint32_t *pos, struct nvt_enum_value *ret)
{
	while (nvt_enum_next(rel, pos, ret))
		if (!strcmp(ret->enum_name, name))
			return true;
	return false;
}

static bool same_enum(struct nvt_rel rel, const void *what)
{
	const struct enum_in *in = what;
	struct nvt_enum_value a, b;
	uint32_t pa = 0, pb = 0;
	bool more;

	do {
		more = next_value(rel, in->name, &pa, &a);
		if (more != next_value(in->rel, in->name, &pb, &b))
			return false;
		if (more && (a.value != b.value || strcmp(a.name, b.name)))
			return false;
	} while (more);
	return true;
}

static bool show_enum(json_t *data, struct nvt_rel rel, const char *name)
{
	struct enum_in in = { rel, name };
	struct nvt_enum_value v;
	uint32_t pos = 0;
	json_t *values;

	if (!next_value(rel, name, &pos, &v))
		return false;
	doc_str(data, "kind", "enum");
	doc_str(data, "name", name);
	put_releases(data, "releases", rel.abi, same_enum, &in);
	values = doc_arr(data, "values");
	do {
		json_t *row = doc_obj(values, NULL);

		doc_str(row, "name", v.name);
		doc_num(row, "value", v.value);
	} while (next_value(rel, name, &pos, &v));
	return true;
}

static int nothing(struct nvt_rel rel, const char *name, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_USAGE, "release %s has no type, control, class, message or enum '%s'",
			  nvt_rel_name(rel), name);
	const struct nvt_layout *l;
	struct nvt_enum_value v;
	struct cli_near near;
	struct cli_id id;
	uint32_t pos;
	unsigned k;

	cli_near_init(&near, name);
	for (k = 0; k < ABI_ID__COUNT; k++)
		for (pos = 0; cli_id_next(rel, k, &pos, &id);)
			cli_near_offer(&near, id.name);
	for (pos = 0; (l = nvt_layout_next(rel, &pos));)
		cli_near_offer(&near, nvt_layout_name(l));
	for (pos = 0; nvt_enum_next(rel, &pos, &v);)
		cli_near_offer(&near, v.enum_name);
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
	return show_enum(data, rel, name) ? 0 : nothing(rel, name, e);
}

/* ---- show, as text ---- */

static void print_releases(const json_t *o, FILE *out)
{
	const json_t *range;
	size_t i;

	json_array_foreach(json_object_get(o, "releases"), i, range)
	{
		fputs(i ? ", " : "", out);
		cli_put_text(out, json_string_value(range));
	}
	fputc('\n', out);
}

static void print_fields(const json_t *layout, uint64_t base, int indent, FILE *out)
{
	const json_t *f, *n;
	char type[160];
	size_t i, k;

	json_array_foreach(json_object_get(layout, "fields"), i, f)
	{
		uint64_t at = base + doc_get_num(f, "offset");
		const json_t *bits = json_object_get(f, "bits");

		snprintf(type, sizeof(type), "%*s%s", indent, "", doc_get_str(f, "type"));
		fprintf(out, "0x%04" PRIx64 "  %6" PRIu64 "  %-*s%s", at, doc_get_num(f, "size"),
			doc_get_str(f, "name")[0] ? 30 : 0, type, doc_get_str(f, "name"));
		json_array_foreach(json_object_get(f, "dims"), k, n)
			if (json_integer_value(n))
				fprintf(out, "[%" JSON_INTEGER_FORMAT "]", json_integer_value(n));
			else
				fputs("[]", out);
		if (bits)
			fprintf(out, " bits %" JSON_INTEGER_FORMAT ":%" JSON_INTEGER_FORMAT,
				json_integer_value(json_array_get(bits, 1)) - 8 * (json_int_t)doc_get_num(f, "offset"),
				json_integer_value(json_array_get(bits, 0)) - 8 * (json_int_t)doc_get_num(f, "offset"));
		fputc('\n', out);
		print_fields(f, at, indent + 2, out);
	}
}

static void print_layout(const json_t *l, FILE *out)
{
	const json_t *other;
	size_t i;

	fprintf(out, "%s %s, %" PRIu64 " bytes, the same in ", doc_get_str(l, "kind"), doc_get_str(l, "type"),
		doc_get_num(l, "size"));
	print_releases(l, out);
	json_array_foreach(json_object_get(l, "others"), i, other)
	{
		fprintf(out, "  %" PRIu64 " bytes in another layout in ", doc_get_num(other, "size"));
		print_releases(other, out);
	}
	if (!json_array_size(json_object_get(l, "fields")))
		return;
	fprintf(out, "OFFSET    SIZE  %-28s  %s\n", "TYPE", "NAME");
	print_fields(l, 0, 0, out);
}

void cli_abi_show_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *l = json_object_get(data, "layout"), *number = json_object_get(data, "number"), *v;
	size_t i;

	(void)cli;
	if (number)
		fprintf(out, "%s %s, number %" PRIu64 " (0x%" PRIx64 "), the same in ", doc_get_str(data, "kind"),
			doc_get_str(data, "name"), doc_get_num(data, "number"), doc_get_num(data, "number"));
	else if (!l)
		fprintf(out, "%s %s, the same in ", doc_get_str(data, "kind"), doc_get_str(data, "name"));
	if (number || !l)
		print_releases(data, out);
	json_array_foreach(json_object_get(data, "values"), i, v)
		fprintf(out, "0x%08" PRIx64 "  %s\n", doc_get_num(v, "value"), doc_get_str(v, "name"));
	if (l)
		print_layout(l, out);
	else if (number)
		fprintf(out, "parameters not known\n");
}
