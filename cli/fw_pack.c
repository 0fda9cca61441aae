/* SPDX-License-Identifier: MIT */
/* fw pack: linux-firmware's file set of a release, from the driver source tree of that release. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/cmd.h"
#include "cli/fw_out.h"

struct pack {
	const struct cli *cli;
	const char *tree;
	char release[32];
	struct fw_out out;
	json_t *skipped;
	struct nvt_error *e;
};

static int tree_path(const struct pack *p, const char *rel, const char *name, const char *end, char ret[PATH_MAX])
{
	if (snprintf(ret, PATH_MAX, "%s/%s%s%s", p->tree, rel, name, end) < PATH_MAX)
		return 0;
	return nvt_fail(p->e, NVT_E_USAGE, "the name of the source tree is too long");
}

static int take_release(struct pack *p)
{
	char path[PATH_MAX], *text;
	size_t n;
	int rc = tree_path(p, "", "version.mk", "", path);

	if (!rc)
		rc = cli_read_file(path, &text, &n, p->e);
	if (rc) {
		nvt_err_hint(p->e, "--from takes the top of an open-gpu-kernel-modules tree");
		return rc;
	}
	rc = nvt_during(p->e, nvt_pack_release((struct nvt_bytes){ (uint8_t *)text, n }, p->release, p->e), "%s", path);
	free(text);
	if (rc || !p->cli->release || !strcmp(p->cli->release, p->release))
		return rc;
	return nvt_fail(p->e, NVT_E_USAGE, "the tree is of release %s, not %s", p->release, p->cli->release);
}

static const struct nvt_fwdb_file *published(const struct pack *p, const char *path)
{
	const struct nvt_fwdb_file *f;
	unsigned i;

	for (i = 0; (f = nvt_fwdb_file_at(p->cli->fwdb, i)); i++)
		if (!strcmp(f->release, p->release) && !strcmp(f->path, path))
			return f;
	return NULL;
}

static int put_file(struct pack *p, const char *dir, const char *role, struct nvt_bytes data)
{
	const struct nvt_fwdb_file *f;
	char path[96], hex[65];
	json_t *row;
	int rc;

	snprintf(path, sizeof(path), "nvidia/%s/gsp/%s-%s.bin", dir, role, p->release);
	rc = fw_out_file(&p->out, path, data, &row, p->e);
	if (rc)
		return rc;
	doc_str(row, "role", role);
	f = published(p, path);
	if (!f)
		return 0;
	nvt_sha256_hex(&f->sha256, hex);
	doc_bool(row, "known", !strcmp(hex, doc_get_str(row, "sha256")));
	return 0;
}

static void skip(struct pack *p, const char *dir, const char *role, const char *reason)
{
	json_t *o = doc_obj(p->skipped, NULL);
	char path[96];

	snprintf(path, sizeof(path), "nvidia/%s/gsp/%s-%s.bin", dir, role, p->release);
	doc_str(o, "path", path);
	doc_str(o, "reason", reason);
}

static int pack_row(struct pack *p, unsigned i, const struct nvt_pack_row *row)
{
	char path[PATH_MAX], *text;
	struct nvt_fw_out bin;
	size_t n;
	int rc = tree_path(p, "src/nvidia/generated/g_bindata_", row->archive, ".c", path);

	if (rc)
		return rc;
	if (access(path, F_OK)) {
		skip(p, row->dir, row->role, "the tree has no archive of it");
		return 0;
	}
	rc = cli_read_file(path, &text, &n, p->e);
	if (rc)
		return rc;
	rc = nvt_during(p->e, nvt_pack_build(i, (struct nvt_bytes){ (uint8_t *)text, n }, &bin, p->e), "%s", path);
	free(text);
	if (rc)
		return rc;
	rc = put_file(p, row->dir, row->role, (struct nvt_bytes){ bin.p, bin.n });
	free(bin.p);
	return rc;
}

/* ---- the GSP-RM images, which no source tree has ---- */

static const struct {
	const char *dir, *section; /* the folder of the image, and the signature that tells it */
} images[] = {
	{ "tu102", ".fwsignature_tu10x" },
	{ "ga102", ".fwsignature_ga10x" },
};

static int put_gsp(struct pack *p, const char *file, struct nvt_bytes data, bool taken[2])
{
	struct nvt_gsp_elf elf;
	unsigned i;
	int rc = nvt_gsp_elf_parse(data, &elf, p->e);

	if (rc)
		return rc;
	if (strcmp(elf.version, p->release)) {
		rc = nvt_fail(p->e, NVT_E_DATA, "it is of release %s, the tree of %s", elf.version, p->release);
		nvt_err_hint(p->e, "take the image from the driver package of that release");
		return rc;
	}
	for (i = 0; i < NVT_ARRAY_SIZE(images); i++) {
		if (!nvt_gsp_elf_section(&elf, images[i].section))
			continue;
		if (taken[i])
			return nvt_fail(p->e, NVT_E_USAGE, "%s is a second image for %s", file, images[i].dir);
		taken[i] = true;
		return put_file(p, images[i].dir, "gsp", data);
	}
	return nvt_fail(p->e, NVT_E_DATA, "it is signed neither for Turing nor for GA10x");
}

static int pack_gsp(struct pack *p, bool taken[2])
{
	const struct cli_value *v;
	struct nvt_fw_blob blob;
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && (v = cli_opt_at(p->cli, "gsp", i)); i++) {
		rc = nvt_fw_read(v->str, &blob, p->e);
		if (rc)
			return rc;
		rc = nvt_during(p->e, put_gsp(p, v->str, blob.data, taken), "%s", v->str);
		free((void *)blob.data.p); /* nvt_fw_read hands it over */
	}
	for (i = 0; !rc && i < NVT_ARRAY_SIZE(images); i++)
		if (!taken[i])
			skip(p, images[i].dir, "gsp", "a source tree does not hold it; --gsp names it");
	return rc;
}

/* ---- links, as linux-firmware's WHENCE has them ---- */

static bool has_row(const struct pack *p, const char *path)
{
	const json_t *f;
	size_t i;

	json_array_foreach(p->out.files, i, f)
		if (!strcmp(doc_get_str(f, "path"), path))
			return true;
	return false;
}

static int link_files(struct pack *p)
{
	static const struct {
		const char *dir, *to, *role;
	} links[] = {
		{ "tu116", "tu102", "bootloader" }, { "tu116", "tu102", "gen_bootloader" },
		{ "ga100", "tu102", "gen_bootloader" }, { "tu116", "tu102", "gsp" },
		{ "ga100", "tu102", "gsp" }, { "ad102", "ga102", "gsp" },
		{ "gh100", "ga102", "gsp" }, { "gb100", "ga102", "gsp" }, { "gb202", "ga102", "gsp" },
	};
	char path[96], to[96];
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < NVT_ARRAY_SIZE(links); i++) {
		snprintf(path, sizeof(path), "nvidia/%s/gsp/bootloader-%s.bin", links[i].dir, p->release);
		snprintf(to, sizeof(to), "nvidia/%s/gsp/%s-%s.bin", links[i].to, links[i].role, p->release);
		/* a chip without a bootloader of its own or a linked one is not in this release */
		if (!has_row(p, to) || (strcmp(links[i].role, "bootloader") && !has_row(p, path)))
			continue;
		snprintf(path, sizeof(path), "nvidia/%s/gsp/%s-%s.bin", links[i].dir, links[i].role, p->release);
		rc = fw_out_link(&p->out, path, to, p->e);
	}
	return rc;
}

static int link_folders(struct pack *p)
{
	static const struct {
		const char *path, *to;
	} links[] = {
		{ "nvidia/tu104/gsp", "nvidia/tu102/gsp" }, { "nvidia/tu106/gsp", "nvidia/tu102/gsp" },
		{ "nvidia/tu117/gsp", "nvidia/tu116/gsp" }, { "nvidia/ga103/gsp", "nvidia/ga102/gsp" },
		{ "nvidia/ga104/gsp", "nvidia/ga102/gsp" }, { "nvidia/ga106/gsp", "nvidia/ga102/gsp" },
		{ "nvidia/ga107/gsp", "nvidia/ga102/gsp" }, { "nvidia/ad103", "nvidia/ad102" },
		{ "nvidia/ad104", "nvidia/ad102" },         { "nvidia/ad106", "nvidia/ad102" },
		{ "nvidia/ad107", "nvidia/ad102" },         { "nvidia/gb102", "nvidia/gb100" },
		{ "nvidia/gb203", "nvidia/gb202" },         { "nvidia/gb205", "nvidia/gb202" },
		{ "nvidia/gb206", "nvidia/gb202" },         { "nvidia/gb207", "nvidia/gb202" },
	};
	char boot[96];
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < NVT_ARRAY_SIZE(links); i++) {
		snprintf(boot, sizeof(boot), "%.12s/gsp/bootloader-%s.bin", links[i].to, p->release);
		if (has_row(p, boot))
			rc = fw_out_link(&p->out, links[i].path, links[i].to, p->e);
	}
	return rc;
}

static int pack_all(struct pack *p)
{
	bool taken[NVT_ARRAY_SIZE(images)] = { false };
	struct nvt_pack_row row;
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && nvt_pack_row(i, &row); i++)
		rc = pack_row(p, i, &row);
	if (!rc && !json_array_size(p->out.files)) {
		rc = nvt_fail(p->e, NVT_E_ENV, "%s/src/nvidia/generated holds no boot firmware", p->tree);
		nvt_err_hint(p->e, "--from takes the top of an open-gpu-kernel-modules tree");
	}
	if (!rc)
		rc = pack_gsp(p, taken);
	if (!rc)
		rc = link_files(p);
	return rc ? rc : link_folders(p);
}

int cli_fw_pack(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct pack p = { .cli = cli, .tree = cli_opt_str(cli, "from"), .e = e };
	int rc;

	p.out.dir = cli_opt_str(cli, "out");
	if (!p.tree || !p.out.dir)
		return nvt_fail(e, NVT_E_USAGE, "%s needs %s", cli->line.name, p.tree ? "--out" : "--from");
	rc = take_release(&p);
	if (rc)
		return rc;
	doc_str(data, "release", p.release);
	p.out.files = doc_arr(data, "files");
	p.skipped = doc_arr(data, "skipped");
	rc = pack_all(&p);
	return fw_out_end(&p.out, rc, e);
}

static const char *verdict(const json_t *f)
{
	const json_t *known = json_object_get(f, "known");

	if (!known)
		return "";
	return json_is_true(known) ? "  as published" : "  DIFFERS from the published file";
}

void cli_fw_pack_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *f;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(data, "files"), i, f) fw_out_print_row(f, verdict(f), out);
	json_array_foreach(json_object_get(data, "skipped"), i, f)
		fprintf(out, "not written: %s: %s\n", doc_get_str(f, "path"), doc_get_str(f, "reason"));
}
