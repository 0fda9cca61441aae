/* SPDX-License-Identifier: MIT */
/* fw diff: two firmware files, field by field and section by section. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

struct side {
	const char *name;
	struct nvt_fw_blob blob;
	json_t *doc;
	struct nvt_fw_section sections[NVT_FW_SECTIONS];
	unsigned count;
};

static int open_side(struct side *s, const char *name, struct nvt_error *e)
{
	struct cli_image im = { .digest = false };
	int rc = nvt_fw_map(name, true, &s->blob, e);

	s->name = name;
	s->doc = json_object();
	if (rc)
		return rc;
	im.file = s->blob.data;
	im.kind = nvt_fw_detect(im.file);
	rc = cli_image_document(&im, s->doc, e);
	if (!rc)
		rc = nvt_fw_sections(im.file, s->sections, &s->count, e);
	return nvt_during(e, rc, "%s", name);
}

static void close_side(struct side *s)
{
	nvt_fw_unmap(&s->blob);
	json_decref(s->doc);
}

static void put_side(json_t *data, const char *key, const struct side *s)
{
	json_t *o = doc_obj(data, key);

	doc_str(o, "file", s->name);
	doc_str(o, "kind", nvt_fw_kind_name(nvt_fw_detect(s->blob.data)));
	doc_num(o, "size", s->blob.data.n);
	doc_sha256(o, "sha256", &s->blob.sha256);
}

/* ---- fields ---- */

static bool is_tree(const json_t *v)
{
	return json_is_object(v) || json_is_array(v);
}

static void put_field(json_t *fields, const char *path, json_t *a, json_t *b)
{
	json_t *row = doc_obj(fields, NULL);

	doc_str(row, "field", path);
	if (a)
		json_object_set(row, "a", a);
	if (b)
		json_object_set(row, "b", b);
}

/* Rows of lists are told apart by name where they have one, else by number. */
static void row_key(const json_t *row, size_t i, char *buf, size_t size)
{
	const char *name = json_string_value(json_object_get(row, "name"));

	if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "%zu", i);
}

static json_t *as_object(json_t *v)
{
	json_t *o, *item;
	char key[64];
	size_t i;

	if (!json_is_array(v))
		return json_incref(v);
	o = json_object();
	json_array_foreach(v, i, item)
	{
		row_key(item, i, key, sizeof(key));
		json_object_set(o, key, item);
	}
	return o;
}

static void diff_value(json_t *fields, const char *path, json_t *a, json_t *b);

static void diff_tree(json_t *fields, const char *path, json_t *a, json_t *b)
{
	json_t *x = as_object(a), *y = as_object(b), *v;
	char sub[160];
	const char *key;

	json_object_foreach(x, key, v)
	{
		snprintf(sub, sizeof(sub), "%s%s%s", path, path[0] ? "." : "", key);
		diff_value(fields, sub, v, json_object_get(y, key));
	}
	json_object_foreach(y, key, v)
	{
		snprintf(sub, sizeof(sub), "%s%s%s", path, path[0] ? "." : "", key);
		if (!json_object_get(x, key))
			diff_value(fields, sub, NULL, v);
	}
	json_decref(x);
	json_decref(y);
}

static void diff_value(json_t *fields, const char *path, json_t *a, json_t *b)
{
	if (a && b && json_equal(a, b))
		return;
	if ((!a || is_tree(a)) && (!b || is_tree(b))) {
		json_t *empty = json_object();

		diff_tree(fields, path, a ? a : empty, b ? b : empty);
		json_decref(empty);
	} else {
		put_field(fields, path, a, b);
	}
}

/* ---- sections ---- */

static const struct nvt_fw_section *find(const struct side *s, const char *name, unsigned nth)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->sections[i].name, name) && !nth--)
			return &s->sections[i];
	return NULL;
}

/* How many sections before this one have its name. */
static unsigned rank(const struct side *s, unsigned at)
{
	unsigned i, n = 0;

	for (i = 0; i < at; i++)
		n += !strcmp(s->sections[i].name, s->sections[at].name);
	return n;
}

static void diff_bytes(json_t *row, const uint8_t *a, const uint8_t *b, uint64_t n)
{
	uint64_t i, changed = 0, first = 0;

	for (i = 0; i < n; i++)
		if (a[i] != b[i] && !changed++)
			first = i;
	doc_num(row, "changed_bytes", changed);
	if (changed)
		doc_num(row, "first_at", first);
}

static void diff_section(json_t *rows, const struct side *a, const struct nvt_fw_section *x,
			 const struct side *b, const struct nvt_fw_section *y)
{
	const uint8_t *p = x ? a->blob.data.p + x->off : NULL,
		      *q = y ? b->blob.data.p + y->off : NULL;
	json_t *row;

	if (x && y && x->size == y->size && !memcmp(p, q, (size_t)x->size))
		return;
	row = doc_obj(rows, NULL);
	doc_str(row, "name", x ? x->name : y->name);
	if (x)
		doc_num(row, "size_a", x->size);
	if (y)
		doc_num(row, "size_b", y->size);
	if (x && y)
		diff_bytes(row, p, q, x->size < y->size ? x->size : y->size);
}

static void diff_sections(json_t *rows, const struct side *a, const struct side *b)
{
	unsigned i;

	for (i = 0; i < a->count; i++)
		diff_section(rows, a, &a->sections[i], b, find(b, a->sections[i].name, rank(a, i)));
	for (i = 0; i < b->count; i++)
		if (!find(a, b->sections[i].name, rank(b, i)))
			diff_section(rows, a, NULL, b, &b->sections[i]);
}

int cli_fw_diff(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct side *s = calloc(2, sizeof(*s));
	int rc = s ? 0 : nvt_fail(e, NVT_E_NOMEM, "out of memory");
	bool same;

	if (rc)
		return rc;
	rc = open_side(&s[0], cli_arg(cli, 0), e);
	if (!rc)
		rc = open_side(&s[1], cli_arg(cli, 1), e);
	if (!rc) {
		put_side(data, "a", &s[0]);
		put_side(data, "b", &s[1]);
		same = nvt_sha256_equal(&s[0].blob.sha256, &s[1].blob.sha256);
		doc_bool(data, "same", same);
		diff_value(doc_arr(data, "fields"), "", s[0].doc, s[1].doc);
		diff_sections(doc_arr(data, "sections"), &s[0], &s[1]);
		cli->no = !same;
	}
	close_side(&s[0]);
	close_side(&s[1]);
	free(s);
	return rc;
}

void cli_fw_diff_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column fields[] = {
		{ "field", "FIELD", false },
		{ "a", "A", true },
		{ "b", "B", true },
		{ NULL, NULL, false },
	};
	static const struct cli_column sections[] = {
		{ "name", "SECTION", false },     { "size_a", "SIZE A", true },
		{ "size_b", "SIZE B", true },     { "changed_bytes", "CHANGED", true },
		{ "first_at", "FIRST AT", true }, { NULL, NULL, false },
	};
	const json_t *f = json_object_get(data, "fields"), *s = json_object_get(data, "sections");

	(void)cli;
	if (json_is_true(json_object_get(data, "same"))) {
		fprintf(out, "the same bytes\n");
		return;
	}
	if (json_array_size(f))
		cli_print_table(f, fields, out);
	if (json_array_size(f) && json_array_size(s))
		fputc('\n', out);
	if (json_array_size(s))
		cli_print_table(s, sections, out);
	if (!json_array_size(f) && !json_array_size(s))
		fprintf(out, "fields and sections are the same; other bytes differ\n");
}
