/* SPDX-License-Identifier: MIT */
/* fw extract: parts of a firmware file as files of their own. */
#include <string.h>
#include "cli/cmd.h"
#include "cli/stage.h"

/* Section names are the file's own words: only harmless characters of them become a file's name. */
static void file_name(const char *name, char *buf, size_t size)
{
	size_t n = 0;

	for (name += strspn(name, "."); *name && n + 1 < size; name++)
		buf[n++] =
			strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			       *name)
				? *name
				: '_';
	buf[n] = '\0';
	if (!n)
		snprintf(buf, size, "unnamed");
}

/* Two sections of one name get two files. */
static bool is_taken(const json_t *rows, const char *path)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) if (!strcmp(doc_get_str(row, "path"), path)) return true;
	return false;
}

static int out_path(const char *dir, const struct nvt_fw_section *s, const json_t *rows, char *path,
		    size_t size, struct nvt_error *e)
{
	char name[40];
	unsigned n = 1;

	file_name(s->name, name, sizeof(name));
	if ((size_t)snprintf(path, size, "%s/%s", dir, name) >= size)
		return nvt_fail(e, NVT_E_USAGE, "name of output folder is too long");
	while (is_taken(rows, path))
		if ((size_t)snprintf(path, size, "%s/%s-%u", dir, name, ++n) >= size)
			return nvt_fail(e, NVT_E_USAGE, "name of output folder is too long");
	return 0;
}

static int one_section(struct cli_stage *st, struct nvt_bytes file, const struct nvt_fw_section *s,
		       const char *dir, json_t *rows, struct nvt_error *e)
{
	struct nvt_bytes part = { file.p + s->off, (size_t)s->size };
	struct nvt_sha256 d;
	char path[512];
	json_t *row;
	int rc = dir ? out_path(dir, s, rows, path, sizeof(path), e) : 0;

	if (!rc && dir)
		rc = cli_stage_file(st, path, part, e);
	if (rc)
		return rc;
	nvt_sha256(part, &d);
	row = doc_obj(rows, NULL);
	doc_str(row, "name", s->name);
	doc_num(row, "offset", s->off);
	doc_num(row, "size", s->size);
	doc_sha256(row, "sha256", &d);
	if (dir)
		doc_str(row, "path", path);
	return 0;
}

static int no_section(const char *want, const struct nvt_fw_section *s, unsigned count,
		      struct nvt_error *e)
{
	struct cli_near near;
	char list[200] = "";
	size_t n = 0;
	unsigned i;
	int rc = nvt_fail(e, NVT_E_USAGE, "there is no section %s", want);

	cli_near_init(&near, want);
	for (i = 0; i < count; i++) {
		cli_near_offer(&near, s[i].name);
		if (n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? " " : "",
					      s[i].name);
	}
	nvt_err_wanted(e, "%s", list);
	cli_near_hint(&near, e, "", "without --section and --all they are listed");
	return rc;
}

int cli_extract(const struct cli *cli, struct nvt_bytes file, json_t *rows, struct nvt_error *e)
{
	const char *want = cli_opt_str(cli, "section"), *dir = cli_opt_str(cli, "out");
	struct nvt_fw_section s[NVT_FW_SECTIONS];
	struct cli_stage st = { 0 };
	unsigned count, i;
	int rc = nvt_fw_sections(file, s, &count, e);

	for (i = 0; !rc && i < count; i++)
		if (!want || !strcmp(want, s[i].name))
			rc = one_section(&st, file, &s[i], dir, rows, e);
	if (!rc && want && !json_array_size(rows))
		rc = no_section(want, s, count, e);
	return cli_stage_end(&st, rc, e);
}

int cli_extract_check(const struct cli *cli, struct nvt_error *e)
{
	const char *want = cli_opt_str(cli, "section"), *dir = cli_opt_str(cli, "out");
	bool all = cli_opt_flag(cli, "all");
	int rc = 0;

	if (want && all)
		rc = nvt_fail(e, NVT_E_USAGE, "--section and --all exclude each other");
	else if ((want || all) && !dir)
		rc = nvt_fail(e, NVT_E_USAGE, "where to? --out DIR says it");
	else if (!want && !all && dir)
		rc = nvt_fail(e, NVT_E_USAGE, "what to write? --section NAME or --all says it");
	return rc;
}

int cli_fw_extract(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *name = cli_arg(cli, 0);
	struct nvt_fw_blob blob;
	int rc = cli_extract_check(cli, e);

	if (!rc)
		rc = nvt_fw_map(name, false, &blob, e);
	if (rc)
		return rc;
	doc_str(data, "file", name);
	doc_str(data, "kind", nvt_fw_kind_name(nvt_fw_detect(blob.data)));
	rc = nvt_during(e, cli_extract(cli, blob.data, doc_arr(data, "sections"), e), "%s", name);
	nvt_fw_unmap(&blob);
	return rc;
}

void cli_fw_extract_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "name", "SECTION", false }, { "offset", "OFFSET", true },
		{ "size", "SIZE", true },     { "path", "FILE", false },
		{ NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "sections"), cols, out);
}
