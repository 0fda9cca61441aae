/* SPDX-License-Identifier: MIT */
/* fw import: the manifest of a release, measured from its published files. */
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"
#include "cli/stage.h"

/* A distinct file: rows are found again by device and inode, so that links are read once. */
struct row {
	const char *role;
	uint64_t device, inode;
	char path[256];
	uint64_t size;
	struct nvt_sha256 sha256;
	struct nvt_fw_part parts[NVT_FW_PARTS];
	unsigned part_count;
	bool chips[64];
	bool used;
};

struct import {
	const char *release; /* NULL: the only one that there is */
	char chosen[32];
	struct row *rows;
	unsigned count;
	json_t *others; /* releases seen */
};

static struct row *known(struct import *im, const struct nvt_fw_found *f)
{
	unsigned i;

	for (i = 0; i < im->count; i++)
		if (im->rows[i].role == f->role && im->rows[i].device == f->device &&
		    im->rows[i].inode == f->inode)
			return &im->rows[i];
	return NULL;
}

static int measure(struct row *r, const struct nvt_fw_found *f, struct nvt_error *e)
{
	struct nvt_fw_blob blob;
	int rc = nvt_fw_map(f->file, true, &blob, e);

	if (rc)
		return rc;
	memset(r, 0, sizeof(*r));
	r->role = f->role;
	r->device = f->device;
	r->inode = f->inode;
	r->size = blob.data.n;
	r->sha256 = blob.sha256;
	snprintf(r->path, sizeof(r->path), "%s", f->path);
	rc = nvt_during(e, nvt_fw_parts(blob.data, f->role, r->parts, &r->part_count, e), "%s",
			f->file);
	nvt_fw_unmap(&blob);
	return rc;
}

/* Another file with the same bytes is the same firmware; it keeps the place of the first chip. */
static struct row *same_bytes(struct import *im, const struct row *r)
{
	unsigned i;

	for (i = 0; i < im->count; i++)
		if (im->rows[i].role == r->role &&
		    nvt_sha256_equal(&im->rows[i].sha256, &r->sha256))
			return &im->rows[i];
	return NULL;
}

static int take_file(struct import *im, const struct nvt_fw_found *f, struct row **ret,
		     struct nvt_error *e)
{
	struct row *grown = realloc(im->rows, (im->count + 1) * sizeof(*grown)), *r;
	int rc;

	if (!grown)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	im->rows = grown;
	r = &grown[im->count];
	rc = measure(r, f, e);
	*ret = rc ? NULL : same_bytes(im, r);
	if (!rc && !*ret) {
		*ret = r;
		im->count++;
	}
	return rc;
}

/* A GSP image in NVIDIA's naming serves the chips that it has a signature for. */
static bool is_signed_for(const struct row *r, const struct nvt_chip *chip)
{
	unsigned i;

	for (i = 0; i < r->part_count; i++)
		if (!strcmp(r->parts[i].name, chip->sig_section))
			return true;
	return strcmp(r->role, "gsp") != 0;
}

static void note_release(json_t *list, const char *release)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v) if (!strcmp(json_string_value(v), release)) return;
	doc_add_str(list, release);
}

static int found(void *arg, const struct nvt_fw_found *f, struct nvt_error *e)
{
	struct import *im = arg;
	struct row *r;
	int rc = 0;

	if (f->naming == NVT_FW_NAMES_NOVA)
		return 0;
	note_release(im->others, f->release);
	if (im->release && strcmp(f->release, im->release))
		return 0;
	if (!im->chosen[0])
		snprintf(im->chosen, sizeof(im->chosen), "%s", f->release);
	if (strcmp(f->release, im->chosen))
		return 0; /* refused once the folder is read */
	r = known(im, f);
	if (!r)
		rc = take_file(im, f, &r, e);
	if (!rc && is_signed_for(r, f->chip))
		r->chips[f->chip - nvt_chips] = true;
	return rc;
}

static void put_parts(const struct row *r, json_t *file)
{
	json_t *parts = doc_arr(file, "parts");
	unsigned i;

	for (i = 0; i < r->part_count; i++) {
		const struct nvt_fw_part *p = &r->parts[i];
		json_t *row = doc_obj(parts, NULL);

		doc_str(row, "name", p->name);
		doc_num(row, "size", p->size);
		doc_sha256(row, "sha256", &p->sha256);
		if (!p->patch_size)
			continue;
		doc_num(row, "patch_off", p->patch_off);
		doc_num(row, "patch_size", p->patch_size);
	}
}

static void put_row(const struct row *r, json_t *files)
{
	json_t *file = doc_obj(files, NULL), *chips;
	unsigned i;

	doc_str(file, "path", r->path);
	doc_str(file, "role", r->role);
	doc_num(file, "size", r->size);
	doc_sha256(file, "sha256", &r->sha256);
	chips = doc_arr(file, "chips");
	for (i = 0; i < nvt_chip_count; i++)
		if (r->chips[i])
			doc_add_str(chips, nvt_chips[i].name);
	put_parts(r, file);
}

/* Rows in the order of roles, then as found, which is the order of chips. */
static json_t *manifest(const struct cli *cli, const struct import *im)
{
	const char *abi = cli_opt_str(cli, "protocol"), *role;
	json_t *doc = json_object(), *files;
	unsigned i, k;

	doc_num(doc, "schema", 1);
	doc_str(doc, "release", im->chosen);
	doc_str(doc, "abi", abi ? abi : im->chosen);
	doc_str(doc, "source", "measured from published files by nvtool fw import");
	files = doc_arr(doc, "files");
	for (k = 0; (role = nvt_fw_role(k)); k++)
		for (i = 0; i < im->count; i++)
			if (!strcmp(im->rows[i].role, role))
				put_row(&im->rows[i], files);
	return doc;
}

static int check_release(const struct import *im, const char *dir, struct nvt_error *e)
{
	char list[200] = "";
	const json_t *v;
	size_t i, n = 0;
	int rc;

	json_array_foreach(im->others, i, v) if (n < sizeof(list)) n += (size_t)snprintf(
		list + n, sizeof(list) - n, "%s%s", i ? ", " : "", json_string_value(v));
	if (im->release ? im->count > 0 : json_array_size(im->others) == 1)
		return 0;
	if (im->release) {
		rc = nvt_fail(e, NVT_E_ENV, "no file of release %s below %s", im->release, dir);
		nvt_err_seen(e, "%s", list[0] ? list : "none with a release in its name");
		return rc;
	}
	rc = nvt_fail(e, NVT_E_USAGE, "which release? %s holds %s", dir, list[0] ? list : "none");
	nvt_err_hint(e, "choose one with --release RELEASE");
	return rc;
}

static int write_manifest(const struct cli *cli, const char *out, const json_t *doc,
			  struct nvt_error *e)
{
	char *text = json_dumps(doc, JSON_INDENT(2)), *line;
	struct cli_stage st = { 0 };
	size_t n;
	int rc;

	(void)cli;
	if (!text)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	n = strlen(text);
	line = realloc(text, n + 2);
	if (!line) {
		free(text);
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	}
	memcpy(line + n, "\n", 2);
	rc = cli_stage_file(&st, out, (struct nvt_bytes){ (const uint8_t *)line, n + 1 }, e);
	free(line);
	return cli_stage_end(&st, rc, e);
}

/* --out FILE, else a file in the folder of --fwdb. */
static int out_name(const struct cli *cli, const struct import *im, char *buf, size_t size,
		    struct nvt_error *e)
{
	const char *out = cli_opt_str(cli, "out");
	int n, rc;

	if (!out && !cli->fwdb_dir) {
		rc = nvt_fail(e, NVT_E_USAGE, "where to write the manifest?");
		nvt_err_hint(e, "give --out FILE, or the folder of your manifests with --fwdb DIR");
		return rc;
	}
	n = out ? snprintf(buf, size, "%s", out)
		: snprintf(buf, size, "%s/%s.json", cli->fwdb_dir, im->chosen);
	return n < 0 || (size_t)n >= size ? nvt_fail(e, NVT_E_USAGE, "file name is too long") : 0;
}

int cli_fw_import(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct import im = { .release = cli->release, .others = json_array() };
	const char *dir = cli_arg(cli, 0);
	json_t *doc = NULL;
	char out[512];
	int rc;

	rc = nvt_fw_scan(dir, found, &im, e);
	if (!rc)
		rc = check_release(&im, dir, e);
	if (!rc)
		rc = out_name(cli, &im, out, sizeof(out), e);
	if (!rc) {
		doc = manifest(cli, &im);
		rc = write_manifest(cli, out, doc, e);
	}
	if (!rc) {
		doc_str(data, "release", im.chosen);
		doc_str(data, "manifest", out);
		json_object_set(data, "files", json_object_get(doc, "files"));
	}
	json_decref(doc);
	json_decref(im.others);
	free(im.rows);
	return rc;
}

void cli_fw_import_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *f, *chips;
	size_t i, k;

	(void)cli;
	json_array_foreach(json_object_get(data, "files"), i, f)
	{
		fprintf(out, "%-14s  %s ", doc_get_str(f, "role"), doc_get_str(f, "path"));
		chips = json_object_get(f, "chips");
		for (k = 0; k < json_array_size(chips); k++)
			fprintf(out, " %s", json_string_value(json_array_get(chips, k)));
		fputc('\n', out);
	}
	fprintf(out, "%s: manifest of release %s\n", doc_get_str(data, "manifest"),
		doc_get_str(data, "release"));
}
