/* SPDX-License-Identifier: MIT */
/* fw convert: linux-firmware's files to nova-core's, and back as far as those carry it. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/cmd.h"
#include "cli/fw_out.h"

static const char *const forms[] = { "tlv", "bin" };

const char *cli_fw_convert_form(unsigned i)
{
	return i < NVT_ARRAY_SIZE(forms) ? forms[i] : NULL;
}

/* What nova-core's file of a role does not carry. */
static const struct {
	const char *role;
	const char *lost[20];
} not_carried[] = {
	{ "gsp", { "sections beside .fwimage, .fwversion, the build id and the chip's signature" } },
	{ "bootloader",
	  { "version", "bootloaderOffset", "bootloaderSize", "bootloaderParamOffset", "bootloaderParamSize",
	    "riscvElfOffset", "riscvElfSize", "manifestSize", "monitorDataSize", "monitorCodeSize", "bIsMonitorEnabled",
	    "swbromCodeOffset", "swbromCodeSize", "swbromDataOffset", "swbromDataSize", "fbReservedSize",
	    "bSignedAsCode" } },
	{ "booter_load", { "app0 data_offset", "app0 data_size" } },
	{ "booter_unload", { "app0 data_offset", "app0 data_size" } },
	{ "gen_bootloader", { "data_off", "data_size" } },
	{ "fmc", { NULL } },
};

/* ---- to TLV ---- */

struct loaded {
	dev_t dev;
	ino_t ino;
	struct nvt_fw_blob blob;
};

struct convert {
	struct cli *cli;
	struct fw_out out;
	const char *in, *release;
	struct nvt_fw_path path;
	struct loaded loaded[64];
	unsigned loaded_count;
	struct nvt_error *e;
};

static uint8_t *alloc(void *arg, size_t size)
{
	uint8_t **p = arg;

	*p = malloc(size ? size : 1);
	return *p;
}

static bool find_in(const struct convert *c, const char *rel, struct stat *ret)
{
	static const char *const endings[] = { "", ".xz", ".zst" };
	char path[PATH_MAX];
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(endings); i++) {
		snprintf(path, sizeof(path), "%s/%s%s", c->in, rel, endings[i]);
		if (!stat(path, ret) && S_ISREG(ret->st_mode))
			return true;
	}
	return false;
}

/* The file of a role: the chip's own, or the one that it shares as the firmware database says. */
struct source {
	struct nvt_fwdb_file file;
	char path[128];
	bool is_there;
	struct stat st;
};

static bool find_source(const struct convert *c, const struct nvt_chip *chip, const char *role, struct source *ret)
{
	const struct nvt_fwdb_file *f = nvt_fwdb_file(c->cli->fwdb, c->release, role, chip);

	snprintf(ret->path, sizeof(ret->path), "nvidia/%s/gsp/%s-%s.bin", chip->fw_dir, role, c->release);
	ret->is_there = find_in(c, ret->path, &ret->st);
	ret->file = f ? *f : (struct nvt_fwdb_file){ .release = c->release, .role = role };
	if (ret->is_there || !f) {
		ret->file.path = ret->path;
		return ret->is_there;
	}
	ret->is_there = find_in(c, f->path, &ret->st);
	return true;
}

/* Chips share files: each is read once. */
static int load(struct convert *c, const struct source *s, const struct nvt_fw_blob **ret)
{
	struct loaded *l = c->loaded;
	uint8_t *mem = NULL;
	unsigned i;
	int rc;

	for (i = 0; i < c->loaded_count; i++)
		if (s->is_there && l[i].dev == s->st.st_dev && l[i].ino == s->st.st_ino)
			break;
	if (i == NVT_ARRAY_SIZE(c->loaded))
		return nvt_fail(c->e, NVT_E_DATA, "more than %u files belong to one release", i);
	if (i == c->loaded_count) {
		rc = nvt_fw_load(&c->path, &s->file, true, alloc, &mem, &l[i].blob, c->e);
		if (rc) {
			free(mem);
			return rc;
		}
		l[i].dev = s->st.st_dev;
		l[i].ino = s->st.st_ino;
		c->loaded_count++;
	}
	*ret = &l[i].blob;
	return 0;
}

static void put_row(json_t *row, const char *role, const char *from)
{
	json_t *lost;
	unsigned i, k;

	doc_str(row, "role", role);
	if (from)
		doc_str(row, "from", from);
	for (i = 0; i < NVT_ARRAY_SIZE(not_carried); i++) {
		if (strcmp(not_carried[i].role, role) || !not_carried[i].lost[0])
			continue;
		lost = doc_arr(row, "not_carried");
		for (k = 0; not_carried[i].lost[k]; k++)
			doc_add_str(lost, not_carried[i].lost[k]);
	}
}

static int file_to_tlv(struct convert *c, const struct nvt_chip *chip, const struct source *s)
{
	const char *role = s->file.role;
	const struct nvt_fw_blob *blob = NULL;
	struct nvt_bytes image;
	struct nvt_fw_out tlv;
	char path[96];
	json_t *row;
	int rc = load(c, s, &blob);

	if (rc)
		return rc;
	rc = nvt_tlv_from_bin(role, chip, c->release, blob->data, &tlv, &image, c->e);
	if (rc)
		return nvt_during(c->e, rc, "%s", s->file.path);
	snprintf(path, sizeof(path), "nvidia/%s/gsp/%s.tlv", chip->fw_dir, nvt_tlv_name(role));
	rc = fw_out_file(&c->out, path, (struct nvt_bytes){ tlv.p, tlv.n }, &row, c->e);
	free(tlv.p);
	if (rc)
		return rc;
	put_row(row, role, s->file.path);
	doc_bool(row, "known", blob->known);
	if (!image.p)
		return 0;
	snprintf(path, sizeof(path), "nvidia/%s/gsp/gsp.bin", chip->fw_dir);
	rc = fw_out_file(&c->out, path, image, &row, c->e);
	if (!rc)
		doc_str(row, "from", s->file.path);
	return rc;
}

static int chip_to_tlv(struct convert *c, const struct nvt_chip *chip)
{
	struct source s;
	unsigned i;
	int rc = 0;

	if (!find_source(c, chip, "gsp", &s) || !find_source(c, chip, "bootloader", &s)) {
		rc = nvt_fail(c->e, NVT_E_ENV, "no GSP-RM of release %s for %s", c->release, chip->name);
		nvt_err_wanted(c->e, "%s/%s", c->in, s.path);
		return rc;
	}
	for (i = 0; !rc && i < NVT_ARRAY_SIZE(not_carried); i++)
		if (find_source(c, chip, not_carried[i].role, &s))
			rc = file_to_tlv(c, chip, &s);
	return rc;
}

/* The one that was asked for, else the newest that the first chip has files of. */
static int take_release(struct convert *c, const struct fw_chips *chips)
{
	const struct nvt_fwdb *db = c->cli->fwdb;
	struct source s;
	unsigned i;

	c->release = c->cli->release;
	for (i = 0; !c->cli->release && i < nvt_fwdb_release_count(db); i++) {
		c->release = nvt_fwdb_release(db, i);
		if (find_source(c, chips->first, "gsp", &s) && s.is_there)
			return 0;
	}
	return c->release ? 0 : nvt_fail(c->e, NVT_E_ENV, "the firmware database is empty");
}

static int to_tlv(struct convert *c, const struct fw_chips *chips, json_t *data)
{
	unsigned i, done = 0;
	struct source s;
	int rc = take_release(c, chips);

	if (rc)
		return rc;
	doc_str(data, "release", c->release);
	c->path.dirs[0] = c->in;
	for (i = 0; !rc && i < chips->count; i++) {
		if (chips->all && !find_source(c, &chips->first[i], "gsp", &s))
			continue;
		rc = chip_to_tlv(c, &chips->first[i]);
		done++;
	}
	return rc || done ? rc : nvt_fail(c->e, NVT_E_ENV, "no files of release %s in %s", c->release, c->in);
}

/* ---- to bin ---- */

static int read_in(struct convert *c, const struct nvt_chip *chip, const char *name, struct nvt_fw_blob *ret)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/nvidia/%s/gsp/%s", c->in, chip->fw_dir, name);
	return nvt_fw_read(path, ret, c->e);
}

static bool has_in(const struct convert *c, const struct nvt_chip *chip, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/nvidia/%s/gsp/%s.tlv", c->in, chip->fw_dir, name);
	return !access(path, F_OK);
}

/* VERS becomes part of a file's name. */
static int check_version(const char *version, struct nvt_error *e)
{
	static const char good[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";

	if (version[0] != '.' && !version[strspn(version, good)])
		return 0;
	return nvt_fail(e, NVT_E_DATA, "VERS '%s' cannot be part of a file's name", version);
}

static int write_bin(struct convert *c, const struct nvt_chip *chip, const char *role, struct nvt_bytes tlv,
		     struct nvt_bytes image)
{
	struct nvt_fw_out bin;
	char version[32], path[128];
	json_t *row;
	int rc = nvt_tlv_to_bin(role, chip, tlv, image, &bin, version, c->e);

	if (rc)
		return rc;
	rc = check_version(version, c->e);
	snprintf(path, sizeof(path), "nvidia/%s/gsp/%s-%s.bin", chip->fw_dir, role, version);
	if (!rc)
		rc = fw_out_file(&c->out, path, (struct nvt_bytes){ bin.p, bin.n }, &row, c->e);
	free(bin.p);
	if (!rc)
		put_row(row, role, NULL);
	return rc;
}

static int file_to_bin(struct convert *c, const struct nvt_chip *chip, const char *role)
{
	struct nvt_fw_blob tlv, image = { .data = { NULL, 0 } };
	char name[32];
	int rc;

	snprintf(name, sizeof(name), "%s.tlv", nvt_tlv_name(role));
	rc = read_in(c, chip, name, &tlv);
	if (!rc && !strcmp(role, "gsp")) {
		rc = read_in(c, chip, "gsp.bin", &image);
		if (rc)
			free((void *)tlv.data.p); /* nvt_fw_read hands it over */
	}
	if (rc)
		return rc;
	rc = nvt_during(c->e, write_bin(c, chip, role, tlv.data, image.data), "nvidia/%s/gsp/%s", chip->fw_dir, name);
	free((void *)tlv.data.p);
	free((void *)image.data.p);
	return rc;
}

static int to_bin(struct convert *c, const struct fw_chips *chips)
{
	unsigned i, k, done = 0;
	int rc = 0;

	for (i = 0; i < chips->count; i++)
		for (k = 0; !rc && k < NVT_ARRAY_SIZE(not_carried); k++) {
			if (!has_in(c, &chips->first[i], nvt_tlv_name(not_carried[k].role)))
				continue;
			rc = file_to_bin(c, &chips->first[i], not_carried[k].role);
			done++;
		}
	if (rc || done)
		return rc;
	return nvt_fail(c->e, NVT_E_ENV, "no TLV file in %s/nvidia/%s/gsp", c->in,
			chips->all ? "CHIP" : chips->first->fw_dir);
}

int cli_fw_convert(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct convert c = { .cli = cli, .in = cli_arg(cli, 0), .e = e };
	const char *to = cli_opt_str(cli, "to");
	struct fw_chips chips;
	int rc = fw_take_chips(cli, &chips, e);

	if (rc)
		return rc;
	if (!to)
		return nvt_fail(e, NVT_E_USAGE, "%s needs --to tlv or --to bin", cli->line.name);
	doc_str(data, "to", to);
	c.out.files = json_array();
	c.out.dir = cli_arg(cli, 1);
	rc = strcmp(to, "tlv") ? to_bin(&c, &chips) : to_tlv(&c, &chips, data);
	while (c.loaded_count)
		free((void *)c.loaded[--c.loaded_count].blob.data.p); /* malloced by alloc() */
	json_object_set_new(data, "files", c.out.files);
	return fw_out_end(&c.out, rc, e);
}

void cli_fw_out_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *f;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(data, "files"), i, f) fw_out_print_row(f, "", out);
}
