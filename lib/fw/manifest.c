/* SPDX-License-Identifier: MIT */
/* Firmware manifests (fwdb/<release>.json): every key known, every value checked, nothing left to default. */
#include "fw/manifest.h"

#include "base/bytes.h"

#include <jansson.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MOST 31u
#define PATH_MOST 200u
#define FILES_MAX 256u
#define PARTS_MAX 64u

static const char *const roles[] = { "gsp",     "booter_load", "booter_unload", "bootloader", "gen_bootloader",
				     "scrubber", "fmc" };

/* Where in the document the reader is, and where to report. */
struct reader {
	const char *name;
	struct nvt_error *e;
	int file, part; /* -1: outside */
};

static int bad(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int bad(struct reader *r, const char *fmt, ...)
{
	char place[64] = "", text[200];
	va_list ap;

	if (r->part >= 0)
		snprintf(place, sizeof(place), "files[%d].parts[%d]: ", r->file, r->part);
	else if (r->file >= 0)
		snprintf(place, sizeof(place), "files[%d]: ", r->file);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return nvt_fail(r->e, NVT_E_DATA, "%s: %s%s", r->name, place, text);
}

static int check_keys(struct reader *r, json_t *obj, const char *const *known)
{
	const char *key;
	json_t *value;
	unsigned i;

	if (!json_is_object(obj))
		return bad(r, "not an object");
	json_object_foreach(obj, key, value) {
		for (i = 0; known[i] && strcmp(known[i], key); i++)
			;
		if (!known[i])
			return bad(r, "unknown key \"%s\"", key);
	}
	return 0;
}

/* A new copy of a printable string of 1 to `most` characters. */
static int get_text(struct reader *r, json_t *obj, const char *key, size_t most, char **ret)
{
	const char *s = json_string_value(json_object_get(obj, key));
	size_t i;

	if (!s)
		return bad(r, "no string \"%s\"", key);
	for (i = 0; s[i]; i++)
		if (i == most || s[i] < 0x20 || s[i] > 0x7e)
			break;
	if (!i || s[i])
		return bad(r, "\"%s\" is not 1 to %zu printable characters", key, most);
	*ret = strdup(s);
	return *ret ? 0 : nvt_fail(r->e, NVT_E_NOMEM, "out of memory");
}

static int get_size(struct reader *r, json_t *obj, const char *key, uint64_t *ret)
{
	json_t *v = json_object_get(obj, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return bad(r, "\"%s\" is not a size", key);
	*ret = (uint64_t)json_integer_value(v);
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int get_sha256(struct reader *r, json_t *obj, struct nvt_sha256 *ret)
{
	const char *s = json_string_value(json_object_get(obj, "sha256"));
	unsigned i;

	if (!s || strlen(s) != 64)
		return bad(r, "\"sha256\" is not 64 hexadecimal digits");
	for (i = 0; i < 32; i++) {
		int hi = hex_digit(s[2 * i]), lo = hex_digit(s[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return bad(r, "\"sha256\" is not 64 hexadecimal digits");
		ret->b[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

static int read_part(struct reader *r, json_t *obj, struct nvt_fwdb_part *p)
{
	static const char *const keys[] = { "name", "size", "sha256", "patch_off", "patch_size", NULL };
	char *name;
	int rc = check_keys(r, obj, keys);

	if (!rc)
		rc = get_text(r, obj, "name", NAME_MOST, &name);
	if (rc)
		return rc;
	p->name = name;
	rc = get_size(r, obj, "size", &p->size);
	if (!rc)
		rc = get_sha256(r, obj, &p->sha256);
	if (!rc && (json_object_get(obj, "patch_off") || json_object_get(obj, "patch_size"))) {
		rc = get_size(r, obj, "patch_off", &p->patch_off);
		if (!rc)
			rc = get_size(r, obj, "patch_size", &p->patch_size);
		if (!rc && !nvt_in_range(p->patch_off, p->patch_size, p->size))
			rc = bad(r, "the patch area lies outside the part");
	}
	return rc;
}

static int read_parts(struct reader *r, json_t *list, struct nvt_fwdb_file *f)
{
	struct nvt_fwdb_part *parts;
	size_t i, n = json_array_size(list);
	int rc = 0;

	if (!json_is_array(list) || n > PARTS_MAX)
		return bad(r, "\"parts\" is not an array of at most %u", PARTS_MAX);
	parts = calloc(n + 1, sizeof(*parts));
	if (!parts)
		return nvt_fail(r->e, NVT_E_NOMEM, "out of memory");
	f->parts = parts;
	f->part_count = (unsigned)n;
	for (i = 0; !rc && i < n; i++) {
		r->part = (int)i;
		rc = read_part(r, json_array_get(list, i), &parts[i]);
		if (!rc && nvt_fwdb_part(f, parts[i].name) != &parts[i])
			rc = bad(r, "part \"%s\" is there twice", parts[i].name);
	}
	r->part = -1;
	return rc;
}

static int read_chips(struct reader *r, json_t *list, struct nvt_fwdb_file *f)
{
	const struct nvt_chip *chip;
	const char **chips, *name;
	size_t i, n = json_array_size(list);

	if (!n || n > nvt_chip_count)
		return bad(r, "\"chips\" is not an array of 1 to %u names", nvt_chip_count);
	chips = calloc(n + 1, sizeof(*chips));
	if (!chips)
		return nvt_fail(r->e, NVT_E_NOMEM, "out of memory");
	f->chips = chips;
	for (i = 0; i < n; i++) {
		name = json_string_value(json_array_get(list, i));
		chip = name ? nvt_chip_by_name(name) : NULL;
		if (!chip || strcmp(chip->name, name))
			return bad(r, "\"chips\" names \"%s\", which is no chip", name ? name : "");
		chips[i] = chip->name;
	}
	return 0;
}

/* Paths stay below the firmware folder. */
static int check_path(struct reader *r, const char *path)
{
	if (path[0] == '/' || strstr(path, ".."))
		return bad(r, "path \"%s\" leads out of the firmware folder", path);
	return 0;
}

static int read_role(struct reader *r, json_t *obj, struct nvt_fwdb_file *f)
{
	const char *s = json_string_value(json_object_get(obj, "role"));
	unsigned i;

	for (i = 0; s && i < NVT_ARRAY_SIZE(roles); i++)
		if (!strcmp(s, roles[i])) {
			f->role = roles[i];
			return 0;
		}
	return bad(r, "\"role\" is \"%s\", which is none", s ? s : "");
}

static int read_file(struct reader *r, json_t *obj, const char *release, struct nvt_fwdb_file *f)
{
	static const char *const keys[] = { "path", "role", "size", "sha256", "chips", "parts", NULL };
	char *path;
	int rc = check_keys(r, obj, keys);

	f->release = release;
	if (!rc)
		rc = get_text(r, obj, "path", PATH_MOST, &path);
	if (rc)
		return rc;
	f->path = path;
	rc = check_path(r, path);
	if (!rc)
		rc = read_role(r, obj, f);
	if (!rc)
		rc = get_size(r, obj, "size", &f->size);
	if (!rc)
		rc = get_sha256(r, obj, &f->sha256);
	if (!rc)
		rc = read_chips(r, json_object_get(obj, "chips"), f);
	return rc ? rc : read_parts(r, json_object_get(obj, "parts"), f);
}

static bool share_chip(const struct nvt_fwdb_file *a, const struct nvt_fwdb_file *b)
{
	const char *const *x, *const *y;

	for (x = a->chips; *x; x++)
		for (y = b->chips; *y; y++)
			if (*x == *y)
				return true;
	return false;
}

static int read_files(struct reader *r, json_t *list, struct nvt_manifest *m)
{
	size_t i, n = json_array_size(list);
	unsigned j;
	int rc = 0;

	if (!n || n > FILES_MAX)
		return bad(r, "\"files\" is not an array of 1 to %u", FILES_MAX);
	m->files = calloc(n, sizeof(*m->files));
	if (!m->files)
		return nvt_fail(r->e, NVT_E_NOMEM, "out of memory");
	m->file_count = (unsigned)n;
	for (i = 0; !rc && i < n; i++) {
		r->file = (int)i;
		rc = read_file(r, json_array_get(list, i), m->release, &m->files[i]);
		for (j = 0; !rc && j < i; j++)
			if (m->files[i].role == m->files[j].role && share_chip(&m->files[i], &m->files[j]))
				rc = bad(r, "same role and chip as files[%u]", j);
	}
	r->file = -1;
	return rc;
}

static int read_document(struct reader *r, json_t *doc, struct nvt_manifest *m)
{
	static const char *const keys[] = { "schema", "release", "abi", "source", "files", NULL };
	int rc = check_keys(r, doc, keys);

	if (!rc && json_integer_value(json_object_get(doc, "schema")) != 1)
		rc = bad(r, "\"schema\" is not 1");
	if (!rc && !json_is_string(json_object_get(doc, "source")))
		rc = bad(r, "no string \"source\"");
	if (!rc)
		rc = get_text(r, doc, "release", NAME_MOST, &m->release);
	if (!rc)
		rc = get_text(r, doc, "abi", NAME_MOST, &m->abi);
	return rc ? rc : read_files(r, json_object_get(doc, "files"), m);
}

int nvt_manifest_parse(struct nvt_bytes text, const char *name, struct nvt_manifest *ret, struct nvt_error *e)
{
	struct reader r = { ret->name, e, -1, -1 };
	json_error_t je;
	json_t *doc;
	int rc;

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->name, sizeof(ret->name), "%s", name);
	doc = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &je);
	if (!doc) {
		rc = nvt_fail(e, NVT_E_DATA, "%s:%d: %s", ret->name, je.line, je.text);
		if (e)
			e->where = (uint64_t)je.position;
		return rc;
	}
	rc = read_document(&r, doc, ret);
	json_decref(doc);
	return rc;
}

void nvt_manifest_fini(struct nvt_manifest *m)
{
	unsigned i, j;

	for (i = 0; i < m->file_count; i++) {
		for (j = 0; j < m->files[i].part_count; j++)
			free((void *)m->files[i].parts[j].name);
		free((void *)m->files[i].parts);
		free((void *)m->files[i].chips);
		free((void *)m->files[i].path);
	}
	free(m->files);
	free(m->release);
	free(m->abi);
	memset(m, 0, sizeof(*m));
}

const struct nvt_fwdb_part *nvt_fwdb_part(const struct nvt_fwdb_file *f, const char *name)
{
	unsigned i;

	for (i = 0; i < f->part_count; i++)
		if (f->parts[i].name && !strcmp(f->parts[i].name, name))
			return &f->parts[i];
	return NULL;
}
