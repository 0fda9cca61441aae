/* SPDX-License-Identifier: MIT */
/*
 * abi diff: what two releases of the tables say differently. Types that a driver gave no name of their own are
 * compared as part of the type around them, because their made-up names follow from the position.
 */
#include <stdlib.h>
#include <string.h>
#include "cli/abi.h"

/* ---- two layouts ---- */

enum { PATH = 200, DEPTH = 12 };

struct flat {
	char path[PATH];
	struct nvt_field_info f; /* offset from the start of the whole */
};

struct flats {
	struct flat *rows;
	size_t n, cap;
};

static bool is_inner(const struct nvt_field_info *f)
{
	return f->prim == NVT_P_STRUCT && strchr(nvt_layout_name(f->nested), '.');
}

static bool add_flat(struct flats *to, const char *path, const struct nvt_field_info *f)
{
	size_t cap = to->cap ? 2 * to->cap : 64;
	void *p = to->rows;

	if (to->n == to->cap) {
		p = realloc(to->rows, cap * sizeof(*to->rows));
		if (!p)
			return false;
		to->rows = p;
		to->cap = cap;
	}
	to->rows[to->n].f = *f;
	snprintf(to->rows[to->n++].path, PATH, "%s", path);
	return true;
}

static bool flatten(struct flats *to, const struct nvt_layout *l, const char *prefix, uint32_t base, unsigned depth)
{
	char path[PATH];
	size_t n;
	struct nvt_field_info f;
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		f.offset += base;
		snprintf(path, PATH, "%s%s", prefix, f.name);
		if (f.name[0] && !add_flat(to, path, &f))
			return false;
		if (f.prim != NVT_P_STRUCT || (f.name[0] && !is_inner(&f)) || !depth)
			continue;
		n = strlen(path);
		if (f.name[0])
			snprintf(path + n, sizeof(path) - n, "%s.", f.dims[0] ? "[]" : "");
		if (!flatten(to, f.nested, path, f.offset, depth - 1))
			return false;
	}
	return true;
}

static const char *type_text(const struct nvt_field_info *f, char *buf, size_t size)
{
	if (is_inner(f))
		return nvt_layout_is_union(f->nested) ? "union" : "struct";
	return abi_field_type(f, buf, size);
}

static unsigned bit_count(const struct nvt_field_info *f)
{
	return f->is_bits ? f->bit_hi + 1u - f->bit_lo : 0;
}

static bool same_kind(const struct nvt_field_info *a, const struct nvt_field_info *b)
{
	char x[160], y[160];

	return !strcmp(type_text(a, x, sizeof(x)), type_text(b, y, sizeof(y))) &&
	       !memcmp(a->dims, b->dims, sizeof(a->dims)) && bit_count(a) == bit_count(b);
}

static bool same_place(const struct nvt_field_info *a, const struct nvt_field_info *b)
{
	return a->offset == b->offset && (!a->is_bits || a->bit_lo == b->bit_lo);
}

static void put_side(json_t *row, const char *key, const struct nvt_field_info *f)
{
	json_t *o = doc_obj(row, key), *a = NULL;
	char buf[160];
	unsigned i;

	doc_num(o, "offset", f->offset);
	doc_str(o, "type", type_text(f, buf, sizeof(buf)));
	if (f->dims[0])
		a = doc_arr(o, "dims");
	for (i = 0; a && i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		json_array_append_new(a, json_integer(f->dims[i] == UINT32_MAX ? 0 : f->dims[i]));
	if (!f->is_bits)
		return;
	a = doc_arr(o, "bits");
	json_array_append_new(a, json_integer(8 * (json_int_t)f->offset + f->bit_lo));
	json_array_append_new(a, json_integer(8 * (json_int_t)f->offset + f->bit_hi));
}

static void put_field(json_t *fields, const char *path, const char *change, const struct nvt_field_info *a,
		      const struct nvt_field_info *b)
{
	json_t *row = doc_obj(fields, NULL);

	doc_str(row, "name", path);
	doc_str(row, "change", change);
	if (a)
		put_side(row, "from", a);
	if (b)
		put_side(row, "to", b);
}

/* Most fields keep their index. */
static const struct flat *find_flat(const struct flats *in, const char *path, size_t hint)
{
	size_t i;

	if (hint < in->n && !strcmp(in->rows[hint].path, path))
		return &in->rows[hint];
	for (i = 0; i < in->n; i++)
		if (!strcmp(in->rows[i].path, path))
			return &in->rows[i];
	return NULL;
}

static bool is_in(const json_t *names, const char *name)
{
	const json_t *v;
	size_t i;

	json_array_foreach(names, i, v)
		if (!strcmp(json_string_value(v), name))
			return true;
	return false;
}

/* Puts "fields", and "through": nested types that differ while the field itself is the same. */
static void compare_flats(json_t *row, const struct flats *a, const struct flats *b)
{
	json_t *fields = json_array(), *through = json_array();
	size_t i;

	for (i = 0; i < a->n; i++) {
		const struct nvt_field_info *x = &a->rows[i].f, *y;
		const struct flat *in_b = find_flat(b, a->rows[i].path, i);

		y = in_b ? &in_b->f : NULL;
		if (!y)
			put_field(fields, a->rows[i].path, "removed", x, NULL);
		else if (!same_kind(x, y))
			put_field(fields, a->rows[i].path, "changed", x, y);
		else if (!same_place(x, y))
			put_field(fields, a->rows[i].path, "moved", x, y);
		if (y && same_kind(x, y) && x->prim == NVT_P_STRUCT && x->nested != y->nested && !is_inner(x) &&
		    !is_in(through, nvt_layout_name(x->nested)))
			doc_add_str(through, nvt_layout_name(x->nested));
	}
	for (i = 0; i < b->n; i++)
		if (!find_flat(a, b->rows[i].path, i))
			put_field(fields, b->rows[i].path, "added", NULL, &b->rows[i].f);
	if (json_array_size(fields))
		json_object_set(row, "fields", fields);
	if (json_array_size(through))
		json_object_set(row, "through", through);
	json_decref(fields);
	json_decref(through);
}

/* Two layouts of one name, which are not the same. */
static int put_layouts(json_t *row, const struct nvt_layout *a, const struct nvt_layout *b, struct nvt_error *e)
{
	struct flats x = { .n = 0 }, y = { .n = 0 };
	int rc = 0;

	if (nvt_layout_size(a) != nvt_layout_size(b)) {
		json_t *size = doc_arr(row, "size");

		json_array_append_new(size, json_integer(nvt_layout_size(a)));
		json_array_append_new(size, json_integer(nvt_layout_size(b)));
	}
	if (nvt_layout_is_union(a) != nvt_layout_is_union(b))
		doc_str(row, "kind", nvt_layout_is_union(b) ? "union" : "struct");
	if (flatten(&x, a, "", 0, DEPTH) && flatten(&y, b, "", 0, DEPTH))
		compare_flats(row, &x, &y);
	else
		rc = nvt_fail(e, NVT_E_NOMEM, "out of memory");
	free(x.rows);
	free(y.rows);
	return rc;
}

/* ---- types ---- */

static bool has_own_name(const struct nvt_layout *l)
{
	return !strchr(nvt_layout_name(l), '.');
}

static int diff_types(json_t *o, struct nvt_rel a, struct nvt_rel b, struct nvt_error *e)
{
	json_t *added = doc_arr(o, "added"), *removed = doc_arr(o, "removed"), *changed = doc_arr(o, "changed");
	const struct nvt_layout *x, *y;
	uint32_t pos;
	int rc = 0;

	for (pos = 0; (y = nvt_layout_next(b, &pos));)
		if (has_own_name(y) && !nvt_layout_find(a, nvt_layout_name(y)))
			doc_add_str(added, nvt_layout_name(y));
	for (pos = 0; !rc && (x = nvt_layout_next(a, &pos));) {
		json_t *row;

		y = nvt_layout_find(b, nvt_layout_name(x));
		if (!has_own_name(x) || x == y)
			continue;
		if (!y) {
			doc_add_str(removed, nvt_layout_name(x));
			continue;
		}
		row = doc_obj(changed, NULL);
		doc_str(row, "name", nvt_layout_name(x));
		rc = put_layouts(row, x, y, e);
	}
	return rc;
}

/* ---- things with a number ---- */

static bool id_by_name(struct nvt_rel rel, enum abi_kind kind, const char *name, struct cli_id *ret)
{
	uint32_t pos = 0;

	while (cli_id_next(rel, kind, &pos, ret))
		if (!strcmp(ret->name, name))
			return true;
	return false;
}

static bool id_by_number(struct nvt_rel rel, enum abi_kind kind, uint32_t number, struct cli_id *ret)
{
	uint32_t pos = 0;

	while (cli_id_next(rel, kind, &pos, ret))
		if (ret->number == number)
			return true;
	return false;
}

static void put_id(json_t *list, const struct cli_id *id)
{
	json_t *row = doc_obj(list, NULL);

	doc_str(row, "name", id->name);
	doc_num(row, "number", id->number);
}

/*
 * The same number and struct under another name, each name unknown to the other release. Functions' numbers are
 * never used again, so there the number is enough.
 */
static bool is_renamed(struct nvt_rel a, struct nvt_rel b, enum abi_kind kind, const struct cli_id *from,
		       const struct cli_id *to)
{
	struct cli_id other;

	return (kind == ABI_FUNCTION || from->layout == to->layout) && !id_by_name(b, kind, from->name, &other) &&
	       !id_by_name(a, kind, to->name, &other);
}

/* [a, b]; null for the one that has none. */
static void put_pair(json_t *row, const char *key, const char *a, const char *b)
{
	const char *const both[] = { a, b };
	json_t *pair = doc_arr(row, key);
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(both); i++) {
		if (both[i])
			doc_add_str(pair, both[i]);
		else
			json_array_append_new(pair, json_null());
	}
}

/* What goes with the number: another type, or the type in another layout. */
static int put_carried(json_t *changed, const struct cli_id *a, const struct cli_id *b, struct nvt_error *e)
{
	bool same_type = a->type && b->type && !strcmp(a->type, b->type);
	json_t *row;

	if (a->layout == b->layout)
		return 0;
	row = doc_obj(changed, NULL);
	doc_str(row, "name", b->name);
	doc_num(row, "number", b->number);
	if (same_type)
		doc_str(row, "type", a->type);
	else
		put_pair(row, "types", a->type, b->type);
	return a->layout && b->layout ? put_layouts(row, a->layout, b->layout, e) : 0;
}

static int diff_ids(json_t *o, struct nvt_rel a, struct nvt_rel b, enum abi_kind kind, struct nvt_error *e)
{
	json_t *added = doc_arr(o, "added"), *removed = doc_arr(o, "removed"), *renamed = doc_arr(o, "renamed"),
	       *renumbered = doc_arr(o, "renumbered"), *changed = doc_arr(o, "changed"), *row;
	struct cli_id x, y;
	uint32_t pos;
	int rc = 0;

	for (pos = 0; cli_id_next(b, kind, &pos, &y);)
		if (!id_by_name(a, kind, y.name, &x) &&
		    !(id_by_number(a, kind, y.number, &x) && is_renamed(a, b, kind, &x, &y)))
			put_id(added, &y);
	for (pos = 0; !rc && cli_id_next(a, kind, &pos, &x);) {
		if (id_by_name(b, kind, x.name, &y)) {
			if (x.number != y.number) {
				row = doc_obj(renumbered, NULL);
				doc_str(row, "name", x.name);
				doc_num(row, "from", x.number);
				doc_num(row, "to", y.number);
			}
			rc = put_carried(changed, &x, &y, e);
		} else if (id_by_number(b, kind, x.number, &y) && is_renamed(a, b, kind, &x, &y)) {
			row = doc_obj(renamed, NULL);
			doc_num(row, "number", x.number);
			doc_str(row, "from", x.name);
			doc_str(row, "to", y.name);
			rc = put_carried(changed, &x, &y, e);
		} else {
			put_id(removed, &x);
		}
	}
	return rc;
}

/* ---- enums and flags ---- */

/* An enum's value is the number alone. */
static void put_name(json_t *row, const char *key, const struct cli_name *n)
{
	if (n->in_bits)
		cli_name_put(doc_obj(row, key), n);
	else
		doc_num(row, key, n->value);
}

static void put_value(json_t *values, const struct cli_name *from, const struct cli_name *to)
{
	json_t *row = doc_obj(values, NULL);

	doc_str(row, "name", from ? from->name : to->name);
	doc_str(row, "change", !from ? "added" : !to ? "removed" : "changed");
	if (from)
		put_name(row, "from", from);
	if (to)
		put_name(row, "to", to);
}

static json_t *set_values(const struct cli_name_list *a, const struct cli_name_list *b)
{
	json_t *values = json_array();
	const struct cli_name *other;
	size_t i;

	for (i = 0; i < a->n; i++) {
		other = cli_name_list_find(b, a->rows[i].name);
		if (!other || !cli_name_same(&a->rows[i], other))
			put_value(values, &a->rows[i], other);
	}
	for (i = 0; i < b->n; i++)
		if (!cli_name_list_find(a, b->rows[i].name))
			put_value(values, NULL, &b->rows[i]);
	return values;
}

static void diff_lists(json_t *o, const struct cli_name_list *a, const struct cli_name_list *b)
{
	json_t *added = doc_arr(o, "added"), *removed = doc_arr(o, "removed"), *changed = doc_arr(o, "changed");
	struct cli_name_list in_a, in_b;
	json_t *values, *row;
	size_t i;

	for (i = 0; i < b->n; i += in_b.n) {
		in_b = cli_name_list_of(b, b->rows[i].set);
		if (!cli_name_list_of(a, b->rows[i].set).n)
			doc_add_str(added, b->rows[i].set);
	}
	for (i = 0; i < a->n; i += in_a.n) {
		in_a = cli_name_list_of(a, a->rows[i].set);
		in_b = cli_name_list_of(b, a->rows[i].set);
		if (!in_b.n) {
			doc_add_str(removed, a->rows[i].set);
			continue;
		}
		values = set_values(&in_a, &in_b);
		if (json_array_size(values)) {
			row = doc_obj(changed, NULL);
			doc_str(row, "name", a->rows[i].set);
			json_object_set(row, "values", values);
		}
		json_decref(values);
	}
}

static int diff_names(json_t *o, struct nvt_rel a, struct nvt_rel b, enum cli_names kind, struct nvt_error *e)
{
	struct cli_name_list x = { .n = 0 }, y = { .n = 0 };
	int rc = cli_name_list_init(&x, a, kind, e);

	if (!rc)
		rc = cli_name_list_init(&y, b, kind, e);
	if (!rc)
		diff_lists(o, &x, &y);
	cli_name_list_free(&x);
	cli_name_list_free(&y);
	return rc;
}

/* ---- the command ---- */

const char *cli_abi_section(unsigned i)
{
	static const char *const names[] = { "enums", "flags" };

	if (!i)
		return "types";
	if (i <= ABI_ID__COUNT)
		return abi_kind_plural(i - 1);
	i -= ABI_ID__COUNT + 1;
	return i < NVT_ARRAY_SIZE(names) ? names[i] : NULL;
}

static bool is_wanted(const struct cli *cli, const char *name)
{
	const struct cli_value *v;
	unsigned i;

	for (i = 0; (v = cli_opt_at(cli, "only", i)); i++)
		if (!strcmp(v->str, name))
			return true;
	return !i;
}

static int find_release(const struct cli *cli, unsigned arg, struct nvt_rel *ret, struct nvt_error *e)
{
	return nvt_rel_find(cli->abi, cli_arg(cli, arg), ret) ? 0 : cli_unknown_release(cli, cli_arg(cli, arg), e);
}

int cli_abi_diff(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_rel a, b;
	unsigned i;
	int rc;

	if (cli->release)
		return nvt_fail(e, NVT_E_USAGE, "--release: abi diff takes both releases as arguments");
	rc = find_release(cli, 0, &a, e);
	if (!rc)
		rc = find_release(cli, 1, &b, e);
	if (rc)
		return rc;
	doc_str(data, "from", nvt_rel_name(a));
	doc_str(data, "to", nvt_rel_name(b));
	for (i = 0; !rc && cli_abi_section(i); i++) {
		json_t *o;

		if (!is_wanted(cli, cli_abi_section(i)))
			continue;
		o = doc_obj(data, cli_abi_section(i));
		if (!i)
			rc = diff_types(o, a, b, e);
		else if (i <= ABI_ID__COUNT)
			rc = diff_ids(o, a, b, i - 1, e);
		else
			rc = diff_names(o, a, b, i == ABI_ID__COUNT + 1 ? NAMES_ENUMS : NAMES_FLAGS, e);
	}
	return rc;
}
