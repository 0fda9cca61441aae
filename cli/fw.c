/* SPDX-License-Identifier: MIT */
/* fw info: what a firmware file is, field by field, and whether the firmware database knows it. */
#include "cli/cmd.h"

static void put_known(const struct nvt_fwdb_file *known, json_t *o)
{
	json_t *k, *chips;
	const char *const *c;

	if (!known)
		return;
	k = doc_obj(o, "known");
	doc_str(k, "release", known->release);
	doc_str(k, "path", known->path);
	doc_str(k, "role", known->role);
	chips = doc_arr(k, "chips");
	for (c = known->chips; c && *c; c++)
		doc_add_str(chips, *c);
}

static int one_file(const struct cli *cli, const char *name, bool digest, json_t *files,
		    struct nvt_error *e)
{
	struct cli_image im = { .digest = digest };
	struct nvt_fw_blob blob;
	json_t *o;
	int rc = nvt_fw_map(name, digest, &blob, e);

	if (rc)
		return rc;
	im.file = blob.data;
	im.kind = nvt_fw_detect(blob.data);
	o = doc_obj(files, NULL);
	doc_str(o, "file", name);
	doc_str(o, "kind", nvt_fw_kind_name(im.kind));
	doc_num(o, "size", blob.data.n);
	if (digest) {
		doc_sha256(o, "sha256", &blob.sha256);
		put_known(nvt_fwdb_by_sha256(cli->fwdb, &blob.sha256), o);
	}
	rc = nvt_during(e, cli_image_document(&im, o, e), "%s", name);
	nvt_fw_unmap(&blob);
	return rc;
}

int cli_need_fwdb(struct cli *cli, struct nvt_error *e)
{
	return cli->fwdb ? 0 : nvt_fwdb_open(cli->fwdb_dir, &cli->fwdb, e);
}

int cli_fw_info(struct cli *cli, json_t *data, struct nvt_error *e)
{
	bool digest = !cli_opt_flag(cli, "no-digest");
	json_t *files = doc_arr(data, "files");
	unsigned i;
	int rc = digest ? cli_need_fwdb(cli, e) : 0;

	for (i = 0; !rc && i < cli->line.arg_count; i++)
		rc = one_file(cli, cli->line.args[i], digest, files, e);
	return rc;
}

void cli_fw_info_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(data, "files"), i, f)
	{
		if (i)
			fputc('\n', out);
		cli_image_print(cli, f, out);
		if (json_object_get(f, "sha256") && !json_object_get(f, "known"))
			fprintf(out, "not in the firmware database\n");
	}
}
