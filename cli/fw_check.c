/* SPDX-License-Identifier: MIT */
/* fw verify, one file: its compression, structure and digest, and in words what is wrong with them. */
#include <fcntl.h>
#include <stdarg.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include "cli/fw_verify.h"

json_t *cli_problem(struct cli_verify *v, const char *file, const char *kind, const char *fmt, ...)
{
	json_t *p = doc_obj(v->problems, NULL);
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	doc_str(p, "file", file);
	doc_str(p, "problem", kind);
	doc_str(p, "text", text);
	return p;
}

static void add_if(json_t *p, const char *key, const char *s)
{
	if (s[0])
		doc_str(p, key, s);
}

json_t *cli_problem_error(struct cli_verify *v, const char *file, const char *kind,
			  const struct nvt_error *e)
{
	size_t n = file ? strlen(file) : 0;
	const char *text = e->msg;
	json_t *p;

	/* the file is said by the problem's key */
	if (n && !strncmp(text, file, n) && !strncmp(text + n, ": ", 2))
		text += n + 2;
	p = cli_problem(v, file, kind, "%s", text);
	if (e->where != UINT64_MAX)
		doc_num(p, "offset", e->where);
	add_if(p, "seen", e->seen);
	add_if(p, "wanted", e->wanted);
	add_if(p, "hint", e->hint);
	return p;
}

void cli_note(struct cli_verify *v, const char *fmt, ...)
{
	const json_t *known;
	char text[400];
	va_list ap;
	size_t i;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_array_foreach(v->notes, i, known) if (!strcmp(json_string_value(known), text)) return;
	doc_add_str(v->notes, text);
}

/* ---- compression ---- */

/* The suffix that the content wants; *check is the kind of an xz file's integrity check. */
static const char *content_suffix(const char *file, unsigned *check)
{
	uint8_t head[8] = { 0 };
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	*check = 0;
	if (n == sizeof(head) && !memcmp(head,
					 "\xfd"
					 "7zXZ\0",
					 6)) {
		*check = head[7] & 0xf;
		return ".xz";
	}
	if (n >= 4 && !memcmp(head, "\x28\xb5\x2f\xfd", 4))
		return ".zst";
	return n >= 2 && !memcmp(head, "\x1f\x8b", 2) ? ".gz" : "";
}

static bool check_packing(struct cli_verify *v, const struct cli_check *c)
{
	unsigned check;
	const char *content = content_suffix(c->file, &check);
	json_t *p = NULL;

	if (!content[0] && c->suffix[0])
		p = cli_problem(v, c->file, "compression",
				"its name ends in %s, but it is not compressed: the kernel's "
				"firmware loader fails to unpack it",
				c->suffix);
	else if (content[0] && !c->suffix[0])
		p = cli_problem(v, c->file, "compression",
				"it is compressed, but its name does not end in %s: the kernel "
				"hands the driver the compressed bytes",
				content);
	else if (strcmp(content, c->suffix))
		p = cli_problem(v, c->file, "compression",
				"its name ends in %s, but its content is %s: the kernel's "
				"firmware loader fails to unpack it",
				c->suffix, content + 1);
	else if (!strcmp(content, ".gz"))
		p = cli_problem(v, c->file, "compression",
				"the kernel's firmware loader does not look for .gz files");
	else if (check > 1)
		p = cli_problem(v, c->file, "compression",
				"its xz integrity check is neither none nor CRC32, which are all "
				"that the kernel's firmware loader is promised to read");
	if (!p)
		return true;
	doc_str(p, "hint",
		check > 1 ? "compress it with xz --check=crc32"
			  : "compress it again with xz --check=crc32 or zstd, or install it as it "
			    "is");
	return false;
}

/* ---- content ---- */

static bool check_version(struct cli_verify *v, const struct cli_check *c, struct nvt_bytes file)
{
	struct nvt_gsp_elf elf;
	json_t *p;

	if (!c->release || nvt_gsp_elf_parse(file, &elf, NULL) || !strcmp(elf.version, c->release))
		return true;
	p = cli_problem(v, c->file, "version", "it is the GSP-RM image of %s, but its name says %s",
			elf.version, c->release);
	doc_str(p, "seen", elf.version);
	doc_str(p, "wanted", c->release);
	return false;
}

static bool check_structure(struct cli_verify *v, const struct cli_check *c, struct nvt_bytes file)
{
	struct cli_image im = { .file = file, .kind = nvt_fw_detect(file) };
	json_t *scratch = json_object();
	struct nvt_error e;
	struct nvt_fmc fmc;
	int rc;

	rc = cli_image_document(&im, scratch, &e);
	if (!rc && im.kind == NVT_FW_FMC) {
		rc = nvt_fmc_parse(file, &fmc, &e);
		if (!rc)
			rc = nvt_fmc_check(file, &fmc, &e);
	}
	json_decref(scratch);
	if (rc)
		cli_problem_error(v, c->file, "malformed", &e);
	return !rc && (im.kind != NVT_FW_GSP_ELF || check_version(v, c, file));
}

/* Which of the manifest's parts the file has otherwise: says where it was changed. */
static void name_parts(const struct cli_check *c, struct nvt_bytes file, json_t *p)
{
	struct nvt_fw_part parts[NVT_FW_PARTS];
	const struct nvt_fwdb_part *want;
	json_t *list;
	unsigned count, i;

	if (nvt_fw_parts(file, c->want->role, parts, &count, NULL))
		return;
	list = doc_arr(p, "parts");
	for (i = 0; i < count; i++) {
		want = nvt_fwdb_part(c->want, parts[i].name);
		if (!want || want->size != parts[i].size ||
		    !nvt_sha256_equal(&want->sha256, &parts[i].sha256))
			doc_add_str(list, parts[i].name);
	}
}

static void differs(struct cli_verify *v, const struct cli_check *c, const struct nvt_fw_blob *b,
		    const struct nvt_fwdb_file *known)
{
	char seen[96], wanted[96], hex[65];
	json_t *p;

	if (known)
		p = cli_problem(v, c->file, "misplaced", "it is %s of release %s, not %s of %s",
				known->path, known->release, c->want->role, c->want->release);
	else if (b->data.n < c->want->size)
		p = cli_problem(v, c->file, "truncated", "it is shorter than the published file");
	else
		p = cli_problem(v, c->file, "differs", "it is not the published %s of release %s, %s",
				c->want->role, c->want->release, c->want->path);
	nvt_sha256_hex(&b->sha256, hex);
	snprintf(seen, sizeof(seen), "%zu bytes, %s", b->data.n, hex);
	nvt_sha256_hex(&c->want->sha256, hex);
	snprintf(wanted, sizeof(wanted), "%" PRIu64 " bytes, %s", c->want->size, hex);
	doc_str(p, "seen", seen);
	doc_str(p, "wanted", wanted);
	if (!known)
		name_parts(c, b->data, p);
}

/* How many parts are those of a published file, and how many have at least their size. */
static unsigned likeness(const struct nvt_fwdb_file *f, const struct nvt_fw_part *parts,
			 unsigned count, unsigned *ret_sizes)
{
	const struct nvt_fwdb_part *p;
	unsigned i, same = 0;

	*ret_sizes = 0;
	for (i = 0; i < count; i++) {
		p = nvt_fwdb_part(f, parts[i].name);
		if (!p || p->size != parts[i].size)
			continue;
		++*ret_sizes;
		same += nvt_sha256_equal(&p->sha256, &parts[i].sha256);
	}
	return same;
}

/* The published file that one of unknown digest was made from, to judge by its parts; NULL if there is none. */
static const struct nvt_fwdb_file *nearest(const struct cli_verify *v, struct nvt_bytes file)
{
	const struct nvt_fwdb_file *f, *best = NULL;
	unsigned i, same, sizes, best_same = 0, best_sizes = 0, count = 0;
	struct nvt_fw_part parts[NVT_FW_PARTS];
	const char *role = "";
	bool fits = false;

	for (i = 0; (f = nvt_fwdb_file_at(v->cli->fwdb, i)); i++) {
		if (strcmp(f->role, role)) {
			role = f->role;
			fits = !nvt_fw_parts(file, role, parts, &count, NULL);
		}
		if (!fits)
			continue;
		same = likeness(f, parts, count, &sizes);
		if ((!same && sizes < count) || same < best_same ||
		    (same == best_same && sizes <= best_sizes))
			continue;
		best = f;
		best_same = same;
		best_sizes = sizes;
	}
	return best;
}

static bool check_digest(struct cli_verify *v, const struct cli_check *c,
			 const struct nvt_fw_blob *b, json_t *row)
{
	struct cli_check near = *c;
	const struct nvt_fwdb_file *known = nvt_fwdb_by_sha256(v->cli->fwdb, &b->sha256);
	json_t *p;

	if (c->want && nvt_sha256_equal(&c->want->sha256, &b->sha256)) {
		doc_str(row, "published", c->want->path);
		return true;
	}
	if (c->want) {
		differs(v, c, b, known);
		return false;
	}
	if (known) {
		doc_str(row, "published", known->path);
		return true;
	}
	if (c->release && !nvt_fwdb_abi(v->cli->fwdb, c->release)) {
		cli_note(v,
			 "release %s is not in the firmware database: digests of its files are not "
			 "checked",
			 c->release);
		return true;
	}
	near.want = nearest(v, b->data);
	if (near.want) {
		differs(v, &near, b, NULL);
		return false;
	}
	p = cli_problem(v, c->file, "unknown", "no manifest has its digest");
	doc_str(p, "hint",
		"fw import makes a manifest of a release that you trust; --fwdb DIR adds it");
	return false;
}

bool cli_check_file(struct cli_verify *v, const struct cli_check *c, json_t *row)
{
	struct nvt_fw_blob blob;
	struct nvt_error e;
	bool ok = check_packing(v, c);

	doc_str(row, "file", c->file);
	doc_str(row, "role", c->role);
	doc_str(row, "release", c->release);
	if (nvt_fw_map(c->file, true, &blob, &e)) {
		if (ok)
			cli_problem_error(v, c->file, "unreadable", &e);
		return false;
	}
	doc_num(row, "size", blob.data.n);
	doc_sha256(row, "sha256", &blob.sha256);
	if (!c->is_tlv)
		ok &= check_digest(v, c, &blob, row);
	ok &= check_structure(v, c, blob.data);
	nvt_fw_unmap(&blob);
	return ok;
}
