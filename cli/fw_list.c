/* SPDX-License-Identifier: MIT */
/* fw list: what firmware a folder holds, for which drivers and chips; or what a release is made of. */
#include <stdlib.h>
#include <string.h>
#include "cli/fw_verify.h"

struct listing {
	const struct cli *cli;
	const struct nvt_chip *chip;
	json_t *files;
	/* of the row with the same index */
	struct nvt_fw_found *found;
	unsigned count;
};

static bool same_row(const struct nvt_fw_found *a, const struct nvt_fw_found *b)
{
	if (a->role != b->role || a->naming != b->naming || strcmp(a->release, b->release) ||
	    strcmp(a->suffix, b->suffix) || a->broken != b->broken)
		return false;
	return a->broken ? !strcmp(a->path, b->path)
			 : a->device == b->device && a->inode == b->inode;
}

static int found(void *arg, const struct nvt_fw_found *f, struct nvt_error *e)
{
	struct listing *l = arg;
	struct nvt_fw_found *grown;
	json_t *row;
	unsigned i;

	if ((l->chip && f->chip != l->chip) ||
	    (l->cli->release && f->release[0] && strcmp(f->release, l->cli->release)))
		return 0;
	for (i = 0; i < l->count && !same_row(&l->found[i], f); i++)
		;
	if (i < l->count) {
		doc_add_str(json_object_get(json_array_get(l->files, i), "chips"), f->chip->name);
		return 0;
	}
	grown = realloc(l->found, (l->count + 1) * sizeof(*grown));
	if (!grown)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	l->found = grown;
	grown[l->count++] = *f;
	row = doc_obj(l->files, NULL);
	doc_str(row, "driver", cli_fw_driver(f->naming));
	if (f->release[0])
		doc_str(row, "release", f->release);
	doc_str(row, "role", f->role);
	doc_str(row, "path", f->path);
	if (f->suffix[0])
		doc_str(row, "compression", f->suffix + 1);
	if (f->broken)
		doc_bool(row, "broken_link", true);
	else
		doc_num(row, "stored", f->stored);
	doc_add_str(doc_arr(row, "chips"), f->chip->name);
	return 0;
}

static int list_folder(struct listing *l, const char *dir, struct nvt_error *e)
{
	int rc = nvt_fw_scan(dir, found, l, e);

	free(l->found);
	return rc;
}

static bool is_for(const struct nvt_fwdb_file *f, const struct nvt_chip *chip)
{
	const char *const *c;

	for (c = f->chips; *c; c++)
		if (!chip || !strcmp(*c, chip->name))
			return true;
	return false;
}

static int list_release(const struct listing *l, json_t *data, struct nvt_error *e)
{
	const char *release = l->cli->release ? l->cli->release : nvt_fwdb_release(l->cli->fwdb, 0);
	const struct nvt_fwdb_file *f;
	const char *const *c;
	json_t *row, *chips;
	unsigned i;
	int rc;

	if (!release || !nvt_fwdb_abi(l->cli->fwdb, release)) {
		rc = nvt_fail(e, NVT_E_USAGE, "release %s is not in the firmware database",
			      release ? release : "");
		nvt_err_hint(e, "--fwdb DIR adds manifests of other releases");
		return rc;
	}
	doc_str(data, "release", release);
	for (i = 0; (f = nvt_fwdb_file_at(l->cli->fwdb, i)); i++) {
		if (strcmp(f->release, release) || !is_for(f, l->chip))
			continue;
		row = doc_obj(l->files, NULL);
		doc_str(row, "role", f->role);
		doc_str(row, "path", f->path);
		doc_num(row, "size", f->size);
		doc_sha256(row, "sha256", &f->sha256);
		chips = doc_arr(row, "chips");
		for (c = f->chips; *c; c++)
			doc_add_str(chips, *c);
	}
	return 0;
}

int cli_fw_list(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct listing l = { .cli = cli, .files = json_array() };
	const char *dir = cli_arg(cli, 0);
	int rc = cli_fw_chip(cli, &l.chip, e);

	if (!rc && dir && cli_opt_flag(cli, "sha256"))
		rc = nvt_fail(e, NVT_E_USAGE,
			      "--sha256 lists what a release is made of: it goes without a folder");
	if (!rc)
		rc = dir ? list_folder(&l, dir, e) : list_release(&l, data, e);
	json_object_set_new(data, "files", l.files);
	return rc;
}

static void print_chips(const json_t *row, FILE *out)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(row, "chips"), i, c)
		fprintf(out, "%s%s", i ? " " : "", json_string_value(c));
	fputc('\n', out);
}

void cli_fw_list_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(data, "files"), i, row)
	{
		const char *packing = doc_get_str(row, "compression");

		if (cli_opt_flag(cli, "sha256")) {
			fprintf(out, "%s  %s\n", doc_get_str(row, "sha256"),
				doc_get_str(row, "path"));
			continue;
		}
		if (doc_get_str(row, "driver")[0])
			fprintf(out, "%-9s  %-10s  ", doc_get_str(row, "driver"),
				doc_get_str(row, "release"));
		fprintf(out, "%-14s  %s%s%s%s  ", doc_get_str(row, "role"),
			doc_get_str(row, "path"), packing[0] ? "." : "", packing,
			json_object_get(row, "broken_link") ? " (link to nothing)" : "");
		print_chips(row, out);
	}
}
