/* SPDX-License-Identifier: MIT */
/* fw verify: files and whole folders of firmware, against the manifests and against what drivers
 * load. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/fw_verify.h"

/* Files of a folder, as the scan found them. */
struct folder {
	struct cli_verify *v;
	const char *dir;
	struct nvt_fw_found *found;
	json_t **rows; /* of the same index, NULL: not looked at */
	unsigned count;
};

const char *cli_fw_driver(enum nvt_fw_naming naming)
{
	switch (naming) {
	case NVT_FW_NAMES_LINUX:
		return "nouveau";
	case NVT_FW_NAMES_NVIDIA:
		return "nvidia";
	case NVT_FW_NAMES_NOVA:
		break;
	}
	return "nova-core";
}

/* nova-core's files carry their release inside. */
static void read_release(struct nvt_fw_found *f)
{
	struct nvt_fw_blob blob;
	struct nvt_tlv t;

	snprintf(f->release, sizeof(f->release), "unknown");
	if (f->broken || nvt_fw_map(f->file, false, &blob, NULL))
		return;
	if (nvt_tlv_parse(blob.data, &t, NULL) ||
	    nvt_tlv_string(blob.data, &t, "VERS", f->release, sizeof(f->release), NULL))
		snprintf(f->release, sizeof(f->release), "unknown");
	nvt_fw_unmap(&blob);
}

static int keep(void *arg, const struct nvt_fw_found *f, struct nvt_error *e)
{
	struct folder *d = arg;
	const struct cli *cli = d->v->cli;
	struct nvt_fw_found *grown, copy = *f;

	if (d->v->chip && f->chip != d->v->chip)
		return 0;
	if (f->naming == NVT_FW_NAMES_NOVA)
		read_release(&copy);
	if (cli->release && strcmp(copy.release, cli->release))
		return 0;
	grown = realloc(d->found, (d->count + 1) * sizeof(*grown));
	if (!grown)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	d->found = grown;
	grown[d->count++] = copy;
	return 0;
}

/* ---- files ---- */

static void check_link(struct cli_verify *v, const struct nvt_fw_found *f)
{
	char target[256];
	ssize_t n = readlink(f->file, target, sizeof(target) - 1);
	json_t *p;

	target[n < 0 ? 0 : n] = '\0';
	p = cli_problem(v, f->file, "broken-link", "it is a link to %s, which is not there",
			target);
	doc_str(p, "hint",
		"install the file that the link names; package tools may have left it out");
}

static bool same_file(const struct nvt_fw_found *a, const struct nvt_fw_found *b)
{
	return !b->broken && a->device == b->device && a->inode == b->inode && a->role == b->role &&
	       !strcmp(a->release, b->release) && !strcmp(a->suffix, b->suffix);
}

/* A file that many chips share is read once. */
static void check_files(struct folder *d)
{
	unsigned i, k;

	for (i = 0; i < d->count; i++) {
		struct nvt_fw_found *f = &d->found[i];
		struct cli_check c = {
			.file = f->file, .suffix = f->suffix, .release = f->release, .role = f->role
		};

		if (f->broken) {
			check_link(d->v, f);
			continue;
		}
		for (k = 0; k < i && !same_file(f, &d->found[k]); k++)
			;
		if (k < i) {
			d->rows[i] = d->rows[k];
			doc_add_str(json_object_get(d->rows[i], "chips"), f->chip->name);
			continue;
		}
		d->rows[i] = doc_obj(d->v->files, NULL);
		c.is_tlv = f->naming == NVT_FW_NAMES_NOVA;
		if (!c.is_tlv)
			c.want = nvt_fwdb_file(d->v->cli->fwdb, f->release, f->role, f->chip);
		doc_bool(d->rows[i], "ok", cli_check_file(d->v, &c, d->rows[i]));
		doc_str(d->rows[i], "driver", cli_fw_driver(f->naming));
		doc_add_str(doc_arr(d->rows[i], "chips"), f->chip->name);
	}
}

/* ---- sets ---- */

static const char *const booter_roles[] = { "gsp", "booter_load", "booter_unload", "bootloader",
					    NULL };
static const char *const fsp_roles[] = { "gsp", "bootloader", "fmc", NULL };
static const char *const gen_roles[] = { "gsp",        "booter_load",    "booter_unload",
					 "bootloader", "gen_bootloader", NULL };
static const char *const gsp_only[] = { "gsp", NULL };

static const char *const *roles_of(enum nvt_fw_naming naming, const struct nvt_chip *chip)
{
	if (naming == NVT_FW_NAMES_NVIDIA)
		return gsp_only;
	if (!strcmp(chip->boot_path, "fsp"))
		return fsp_roles;
	/* nova-core's own loader of FWSEC; nouveau takes that of the ACR firmware */
	if (naming == NVT_FW_NAMES_NOVA && !strcmp(chip->gsp_dir, "tu102"))
		return gen_roles;
	return booter_roles;
}

static const struct nvt_fw_found *find(const struct folder *d, enum nvt_fw_naming naming,
				       const char *release, const char *role,
				       const struct nvt_chip *chip)
{
	unsigned i;

	for (i = 0; i < d->count; i++) {
		const struct nvt_fw_found *f = &d->found[i];

		if (f->naming == naming && f->chip == chip && !strcmp(f->release, release) &&
		    (!role || !strcmp(f->role, role)))
			return f;
	}
	return NULL;
}

/* nouveau starts FWSEC on Turing with the bootloader of the ACR firmware, which has no release in
 * its name. */
static bool has_acr(const char *dir, const struct nvt_chip *chip)
{
	static const char *const suffixes[] = { "", ".xz", ".zst" };
	char path[512];
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(suffixes); i++)
		if ((size_t)snprintf(path, sizeof(path), "%s/nvidia/%s/acr/bl.bin%s", dir,
				     chip->fw_dir, suffixes[i]) < sizeof(path) &&
		    !access(path, R_OK))
			return true;
	return false;
}

static void missing(struct folder *d, json_t *set, const char *path, const char *why)
{
	json_t *p;

	doc_add_str(json_object_get(set, "missing"), path);
	p = cli_problem(d->v, NULL, "missing", "%s is not there: %s %s", path,
			doc_get_str(set, "driver"), why);
	doc_str(p, "driver", doc_get_str(set, "driver"));
	doc_str(p, "release", doc_get_str(set, "release"));
	doc_str(p, "chip", doc_get_str(set, "chip"));
}

/* gsp.tlv names the file that holds the image, beside itself, and says its size. */
static void check_payload(struct folder *d, json_t *set, const struct nvt_fw_found *f)
{
	struct nvt_fw_blob blob, image;
	struct nvt_error e;
	struct nvt_tlv t;
	char name[64], path[600];
	uint32_t size;

	if (nvt_fw_map(f->file, false, &blob, NULL))
		return;
	if (!nvt_tlv_parse(blob.data, &t, NULL) &&
	    !nvt_tlv_string(blob.data, &t, "FILE", name, sizeof(name), NULL) &&
	    !nvt_tlv_u32(blob.data, &t, "SIZE", &size, NULL)) {
		snprintf(path, sizeof(path), "nvidia/%s/gsp/%s", f->chip->fw_dir, name);
		if (strchr(name, '/')) {
			cli_problem(d->v, f->file, "malformed", "FILE leads out of the folder: %s",
				    name);
		} else if (snprintf(path, sizeof(path), "%s/nvidia/%s/gsp/%s", d->dir,
				    f->chip->fw_dir, name) < 0 ||
			   nvt_fw_map(path, false, &image, &e)) {
			snprintf(path, sizeof(path), "nvidia/%s/gsp/%s", f->chip->fw_dir, name);
			missing(d, set, path, "loads the image from it, as gsp.tlv says");
		} else {
			if (image.data.n != size)
				cli_problem(d->v, path, "differs",
					    "it has %zu bytes, but gsp.tlv says %u", image.data.n,
					    size);
			nvt_fw_unmap(&image);
		}
	}
	nvt_fw_unmap(&blob);
}

static void check_set(struct folder *d, enum nvt_fw_naming naming, const char *release,
		      const struct nvt_chip *chip)
{
	const char *const *role = roles_of(naming, chip);
	json_t *set = doc_obj(d->v->sets, NULL), *list;
	const struct nvt_fw_found *f;
	char path[128], why[64];

	doc_str(set, "driver", cli_fw_driver(naming));
	doc_str(set, "release", release);
	doc_str(set, "chip", chip->name);
	list = doc_arr(set, "missing");
	snprintf(why, sizeof(why), "needs it to start a %s", chip->name);
	for (; *role; role++) {
		if (find(d, naming, release, *role, chip))
			continue;
		if (naming == NVT_FW_NAMES_NVIDIA)
			snprintf(path, sizeof(path), "nvidia/%s/gsp_%s.bin", release,
				 strcmp(chip->gsp_dir, "tu102") ? "ga10x" : "tu10x");
		else if (naming == NVT_FW_NAMES_NOVA)
			snprintf(path, sizeof(path), "nvidia/%s/gsp/%s.tlv", chip->fw_dir,
				 nvt_tlv_name(*role));
		else
			snprintf(path, sizeof(path), "nvidia/%s/gsp/%s-%s.bin", chip->fw_dir, *role,
				 release);
		missing(d, set, path, why);
	}
	f = find(d, naming, release, "gsp", chip);
	if (naming == NVT_FW_NAMES_NOVA && f && !f->broken)
		check_payload(d, set, f);
	if (naming == NVT_FW_NAMES_LINUX && !strcmp(chip->family, "turing") &&
	    !has_acr(d->dir, chip)) {
		snprintf(path, sizeof(path), "nvidia/%s/acr/bl.bin", chip->fw_dir);
		missing(d, set, path, "starts FWSEC with it on Turing");
	}
	json_object_set_new(set, "complete", json_boolean(!json_array_size(list)));
	if (naming == NVT_FW_NAMES_LINUX && strcmp(release, "535.113.01") &&
	    strcmp(release, "570.144"))
		cli_note(d->v, "nouveau loads releases 535.113.01 and 570.144 only, not %s",
			 release);
}

/* An image in NVIDIA's naming is for many chips; without its signature it is not for this one. */
static bool is_signed(const struct nvt_fw_found *f)
{
	struct nvt_gsp_elf elf;
	struct nvt_fw_blob blob;
	bool yes;

	if (f->broken || nvt_fw_map(f->file, false, &blob, NULL))
		return true; /* what is wrong with it is said elsewhere */
	yes = nvt_gsp_elf_parse(blob.data, &elf, NULL) ||
	      nvt_gsp_elf_section(&elf, f->chip->sig_section);
	nvt_fw_unmap(&blob);
	return yes;
}

static void check_sets_of(struct folder *d, enum nvt_fw_naming naming, const char *release)
{
	const struct nvt_fw_found *f;
	unsigned i;

	for (i = 0; i < nvt_chip_count; i++) {
		f = find(d, naming, release, NULL, &nvt_chips[i]);
		if (!f || (naming == NVT_FW_NAMES_NVIDIA && !d->v->chip && !is_signed(f)))
			continue;
		check_set(d, naming, release, &nvt_chips[i]);
		f = find(d, naming, release, "gsp", &nvt_chips[i]);
		if (f && naming != NVT_FW_NAMES_NOVA && !is_signed(f))
			cli_problem(d->v, f->file, "no-signature",
				    "it has no section %s: it cannot start a %s",
				    nvt_chips[i].sig_section, nvt_chips[i].name);
	}
}

static void check_sets(struct folder *d)
{
	unsigned i, k;

	for (i = 0; i < d->count; i++) {
		for (k = 0; k < i; k++)
			if (d->found[k].naming == d->found[i].naming &&
			    !strcmp(d->found[k].release, d->found[i].release))
				break;
		if (k == i)
			check_sets_of(d, d->found[i].naming, d->found[i].release);
	}
	if (!d->count && d->v->chip && d->v->cli->release)
		check_set(d, NVT_FW_NAMES_LINUX, d->v->cli->release, d->v->chip);
	else if (!d->count)
		cli_problem(d->v, NULL, "missing", "no firmware of %s below %s",
			    d->v->chip ? d->v->chip->name : d->v->cli->release, d->dir);
}

static int verify_folder(struct cli_verify *v, const char *dir, struct nvt_error *e)
{
	struct folder d = { .v = v, .dir = dir };
	int rc = nvt_fw_scan(dir, keep, &d, e);

	if (!rc) {
		d.rows = calloc(d.count + 1, sizeof(json_t *));
		if (!d.rows)
			rc = nvt_fail(e, NVT_E_NOMEM, "out of memory");
	}
	if (!rc) {
		check_files(&d);
		check_sets(&d);
	}
	free(d.rows);
	free(d.found);
	return rc;
}

/* ---- a file by itself ---- */

/* Whether a manifest's path is the end of the file's name, compression aside. */
static bool ends_in(const char *file, size_t n, const char *path)
{
	size_t m = strlen(path);

	return n >= m && !strncmp(file + n - m, path, m) && (n == m || file[n - m - 1] == '/');
}

/* What the manifests say of a file in that place; links of other chips count as their chip's. */
static const struct nvt_fwdb_file *wanted(const struct cli_verify *v, const char *file, size_t n)
{
	const struct nvt_fwdb_file *f, *named = NULL;
	const char *base, *slash;
	unsigned i;

	for (i = 0; (f = nvt_fwdb_file_at(v->cli->fwdb, i)); i++) {
		if (v->cli->release && strcmp(f->release, v->cli->release))
			continue;
		slash = strrchr(f->path, '/');
		base = slash ? slash + 1 : f->path;
		if (v->chip && ends_in(file, n, base) &&
		    nvt_fwdb_file(v->cli->fwdb, f->release, f->role, v->chip) == f)
			return f;
		if (!v->chip && ends_in(file, n, f->path))
			named = f;
	}
	return named;
}

static void verify_file(struct cli_verify *v, const char *file)
{
	static const char *const suffixes[] = { ".xz", ".zst", ".gz" };
	struct cli_check c = { .file = file, .suffix = "" };
	size_t n = strlen(file), m;
	json_t *row = doc_obj(v->files, NULL);
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(suffixes); i++) {
		m = strlen(suffixes[i]);
		if (n > m && !strcmp(file + n - m, suffixes[i]))
			c.suffix = suffixes[i];
	}
	c.want = wanted(v, file, n - strlen(c.suffix));
	if (c.want) {
		c.role = c.want->role;
		c.release = c.want->release;
	}
	doc_bool(row, "ok", cli_check_file(v, &c, row));
}

static int verify_all(struct cli_verify *v, struct nvt_error *e)
{
	struct stat st;
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < v->cli->line.arg_count; i++) {
		if (!stat(v->cli->line.args[i], &st) && S_ISDIR(st.st_mode))
			rc = verify_folder(v, v->cli->line.args[i], e);
		else
			verify_file(v, v->cli->line.args[i]);
	}
	return rc;
}

int cli_fw_chip(const struct cli *cli, const struct nvt_chip **ret, struct nvt_error *e)
{
	const char *name = cli_opt_str(cli, "chip");
	struct cli_near near;
	unsigned i;
	int rc;

	*ret = name ? nvt_chip_by_name(name) : NULL;
	if (!name || *ret)
		return 0;
	cli_near_init(&near, name);
	for (i = 0; i < nvt_chip_count; i++)
		cli_near_offer(&near, nvt_chips[i].name);
	rc = nvt_fail(e, NVT_E_USAGE, "no chip is called %s", name);
	cli_near_hint(&near, e, "", "see nvtool chips");
	return rc;
}

int cli_fw_verify(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct cli_verify v = { .cli = cli };
	int rc = cli_fw_chip(cli, &v.chip, e);

	v.files = doc_arr(data, "files");
	v.sets = doc_arr(data, "sets");
	v.problems = doc_arr(data, "problems");
	v.notes = doc_arr(data, "notes");
	if (!rc)
		rc = verify_all(&v, e);
	cli->no = json_array_size(v.problems) > 0;
	return rc;
}

static void print_problem(const json_t *p, FILE *out)
{
	static const char *const details[] = { "seen", "wanted", "hint" };
	const char *file = doc_get_str(p, "file");
	const json_t *part;
	size_t i;

	cli_put_text(out, file);
	fputs(file[0] ? ": " : "", out);
	cli_put_text(out, doc_get_str(p, "text"));
	if (json_object_get(p, "offset"))
		fprintf(out, " (at byte 0x%llx)", (unsigned long long)doc_get_num(p, "offset"));
	fputc('\n', out);
	for (i = 0; i < NVT_ARRAY_SIZE(details); i++)
		if (doc_get_str(p, details[i])[0]) {
			fprintf(out, "  %-8s  ", details[i]);
			cli_put_text(out, doc_get_str(p, details[i]));
			fputc('\n', out);
		}
	if (json_array_size(json_object_get(p, "parts")))
		fprintf(out, "  changed  ");
	json_array_foreach(json_object_get(p, "parts"), i, part)
		fprintf(out, " %s%s", json_string_value(part),
			i + 1 == json_array_size(json_object_get(p, "parts")) ? "\n" : "");
}

void cli_problems_print(const json_t *problems, FILE *out)
{
	const json_t *p;
	size_t i;

	json_array_foreach(problems, i, p) print_problem(p, out);
}

void cli_fw_verify_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column sets[] = {
		{ "driver", "DRIVER", false }, { "release", "RELEASE", false },
		{ "chip", "CHIP", false },     { "complete", "COMPLETE", false },
		{ NULL, NULL, false },
	};
	const json_t *problems = json_object_get(data, "problems"), *p;
	size_t i, n = json_array_size(problems);

	(void)cli;
	if (json_array_size(json_object_get(data, "sets"))) {
		cli_print_table(json_object_get(data, "sets"), sets, out);
		fputc('\n', out);
	}
	cli_problems_print(problems, out);
	json_array_foreach(json_object_get(data, "notes"), i, p)
		fprintf(out, "note: %s\n", json_string_value(p));
	fprintf(out, "%zu file%s checked: ", json_array_size(json_object_get(data, "files")),
		json_array_size(json_object_get(data, "files")) == 1 ? "" : "s");
	if (n)
		fprintf(out, "%zu problem%s\n", n, n == 1 ? "" : "s");
	else
		fprintf(out, "nothing wrong\n");
}
