/* SPDX-License-Identifier: MIT */
/* A set of firmware files that a command writes. */
#include "cli/fw_out.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct fw_out_seen {
	struct nvt_sha256 sha256;
	char path[96];
};

static const char *seen_as(const struct fw_out *o, const struct nvt_sha256 *d)
{
	unsigned i;

	for (i = 0; i < o->seen_count; i++)
		if (nvt_sha256_equal(&o->seen[i].sha256, d))
			return o->seen[i].path;
	return NULL;
}

static int remember(struct fw_out *o, const struct nvt_sha256 *d, const char *path, struct nvt_error *e)
{
	struct fw_out_seen *more = realloc(o->seen, (o->seen_count + 1) * sizeof(*more));

	if (!more)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	o->seen = more;
	more[o->seen_count].sha256 = *d;
	snprintf(more[o->seen_count++].path, sizeof(more->path), "%s", path);
	return 0;
}

/* From the folder of `path` to `to`, both below the same folder. */
static void relative(const char *path, const char *to, char ret[PATH_MAX])
{
	const char *p, *slash;
	size_t n = 0;

	/* what both share, up to a slash */
	for (p = path; (slash = strchr(p, '/')) && !strncmp(path, to, (size_t)(slash + 1 - path)); p = slash + 1)
		;
	to += p - path;
	for (; (slash = strchr(p, '/')) && n + 4 < PATH_MAX; p = slash + 1)
		n += (size_t)snprintf(ret + n, PATH_MAX - n, "../");
	snprintf(ret + n, PATH_MAX - n, "%s", to);
}

static int full_path(const struct fw_out *o, const char *path, char ret[PATH_MAX], struct nvt_error *e)
{
	if (snprintf(ret, PATH_MAX, "%s/%s", o->dir, path) < PATH_MAX)
		return 0;
	return nvt_fail(e, NVT_E_USAGE, "the name of the output folder is too long");
}

int fw_out_link(struct fw_out *o, const char *path, const char *target, struct nvt_error *e)
{
	char full[PATH_MAX], rel[PATH_MAX];
	json_t *row;
	int rc = full_path(o, path, full, e);

	if (rc)
		return rc;
	relative(path, target, rel);
	rc = cli_stage_link(&o->stage, full, rel, e);
	if (rc)
		return rc;
	row = doc_obj(o->files, NULL);
	doc_str(row, "path", path);
	doc_str(row, "link", rel);
	return 0;
}

int fw_out_file(struct fw_out *o, const char *path, struct nvt_bytes data, json_t **ret_row, struct nvt_error *e)
{
	struct nvt_sha256 d;
	char full[PATH_MAX];
	const char *same;
	int rc;

	nvt_sha256(data, &d);
	same = seen_as(o, &d);
	if (same) {
		rc = fw_out_link(o, path, same, e);
	} else {
		rc = full_path(o, path, full, e);
		if (!rc)
			rc = cli_stage_file(&o->stage, full, data, e);
		if (!rc)
			rc = remember(o, &d, path, e);
		if (!rc)
			doc_str(doc_obj(o->files, NULL), "path", path);
	}
	if (rc)
		return rc;
	*ret_row = json_array_get(o->files, json_array_size(o->files) - 1);
	doc_num(*ret_row, "size", data.n);
	doc_sha256(*ret_row, "sha256", &d);
	return 0;
}

void fw_out_print_row(const json_t *row, const char *tail, FILE *out)
{
	const char *link = doc_get_str(row, "link");

	fprintf(out, "%s%s%s%s\n", doc_get_str(row, "path"), *link ? " -> " : "", link, tail);
}

int fw_out_end(struct fw_out *o, int rc, struct nvt_error *e)
{
	free(o->seen);
	o->seen = NULL;
	return cli_stage_end(&o->stage, rc, e);
}

int fw_take_chip(const char *name, const struct nvt_chip **ret, struct nvt_error *e)
{
	struct cli_near near;
	unsigned i;
	int rc;

	*ret = nvt_chip_by_name(name);
	if (*ret)
		return 0;
	rc = nvt_fail(e, NVT_E_USAGE, "unknown chip '%.40s'", name);
	cli_near_init(&near, name);
	for (i = 0; i < nvt_chip_count; i++)
		cli_near_offer(&near, nvt_chips[i].fw_dir);
	cli_near_hint(&near, e, "", "nvtool chips lists them");
	return rc;
}

int fw_take_chips(const struct cli *cli, struct fw_chips *ret, struct nvt_error *e)
{
	const char *name = cli_opt_str(cli, "chip");
	int rc;

	if (!name) {
		rc = nvt_fail(e, NVT_E_USAGE, "%s needs --chip", cli->line.name);
		nvt_err_hint(e, "a chip, or all");
		return rc;
	}
	*ret = (struct fw_chips){ nvt_chips, nvt_chip_count, true };
	if (!strcmp(name, "all"))
		return 0;
	ret->count = 1;
	ret->all = false;
	return fw_take_chip(name, &ret->first, e);
}
