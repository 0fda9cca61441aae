/* SPDX-License-Identifier: MIT */
/* What every published firmware file should be: the manifests built in, those of a folder, and queries on them. */
#include <nvt/fw.h>

#include "fw/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of one manifest, built in or read from a file. */
struct manifest_rows {
	const char *name; /* for messages */
	const char *release, *abi;
	const struct nvt_fwdb_file *files;
	unsigned file_count;
};

#include "fw/fwdb_gen.inc"

struct entry {
	struct manifest_rows rows;
	struct nvt_manifest *read; /* what the rows lie in, NULL for those built in */
};

struct nvt_fwdb {
	struct entry *entries; /* newest release first */
	unsigned count, room;
	unsigned builtin; /* how many of them came with the library, before sorting */
};

/* Release numbers compare part by part as numbers. */
static int compare_releases(const char *a, const char *b)
{
	char *ea, *eb;

	while (*a && *b) {
		unsigned long x = strtoul(a, &ea, 10), y = strtoul(b, &eb, 10);

		if (ea == a || eb == b || x != y)
			return ea == a || eb == b ? strcmp(a, b) : x < y ? -1 : 1;
		a = ea + (*ea == '.');
		b = eb + (*eb == '.');
	}
	return *a ? 1 : *b ? -1 : 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return compare_releases(y->rows.release, x->rows.release);
}

static void drop(struct nvt_manifest *m)
{
	if (m)
		nvt_manifest_fini(m);
	free(m);
}

/* Takes over `entry`, which replaces the built-in one of its release. */
static int take(struct nvt_fwdb *db, struct entry entry, struct nvt_error *e)
{
	struct entry *grown;
	unsigned i;
	int rc;

	for (i = 0; i < db->count; i++) {
		if (strcmp(db->entries[i].rows.release, entry.rows.release))
			continue;
		if (i < db->builtin && !db->entries[i].read) {
			db->entries[i] = entry;
			return 0;
		}
		rc = nvt_fail(e, NVT_E_DATA, "%s: release %s is in %s already", entry.rows.name, entry.rows.release,
			      db->entries[i].rows.name);
		drop(entry.read);
		return rc;
	}
	if (db->count == db->room) {
		grown = realloc(db->entries, (db->room + 16) * sizeof(*grown));
		if (!grown) {
			drop(entry.read);
			return nvt_fail(e, NVT_E_NOMEM, "out of memory");
		}
		db->entries = grown;
		db->room += 16;
	}
	db->entries[db->count++] = entry;
	return 0;
}

static int add(struct nvt_fwdb *db, struct nvt_bytes text, const char *name, struct nvt_error *e)
{
	struct nvt_manifest *m = calloc(1, sizeof(*m));
	int rc;

	if (!m)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = nvt_manifest_parse(text, name, m, e);
	if (rc) {
		drop(m);
		return rc;
	}
	return take(db, (struct entry){ { m->name, m->release, m->abi, m->files, m->file_count }, m }, e);
}

static bool is_manifest(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && !strcmp(name + n - 5, ".json") && strcmp(name, "chips.json") &&
	       strcmp(name, "schema.json");
}

static int add_dir(struct nvt_fwdb *db, const char *dir, struct nvt_error *e)
{
	struct nvt_fw_blob blob;
	struct dirent *d;
	char path[512];
	int rc = 0;
	DIR *dp = opendir(dir);

	if (!dp)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "manifest folder %s", dir);
	while (!rc && (d = readdir(dp))) {
		if (!is_manifest(d->d_name))
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, d->d_name) >= sizeof(path)) {
			rc = nvt_fail(e, NVT_E_USAGE, "name of manifest folder is too long");
			break;
		}
		rc = nvt_fw_read(path, &blob, e);
		if (rc)
			break;
		rc = add(db, blob.data, path, e);
		free((void *)blob.data.p);
	}
	closedir(dp);
	return rc;
}

int nvt_fwdb_open(const char *dir, struct nvt_fwdb **ret, struct nvt_error *e)
{
	struct nvt_fwdb *db = calloc(1, sizeof(*db));
	unsigned i;
	int rc = 0;

	*ret = NULL;
	if (!db)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	for (i = 0; !rc && i < NVT_ARRAY_SIZE(builtin_manifests); i++)
		rc = take(db, (struct entry){ builtin_manifests[i], NULL }, e);
	db->builtin = db->count;
	if (!rc && dir)
		rc = add_dir(db, dir, e);
	if (rc) {
		nvt_fwdb_close(db);
		return rc;
	}
	qsort(db->entries, db->count, sizeof(*db->entries), newest_first);
	*ret = db;
	return 0;
}

void nvt_fwdb_close(struct nvt_fwdb *db)
{
	unsigned i;

	if (!db)
		return;
	for (i = 0; i < db->count; i++)
		drop(db->entries[i].read);
	free(db->entries);
	free(db);
}

unsigned nvt_fwdb_release_count(const struct nvt_fwdb *db)
{
	return db->count;
}

const char *nvt_fwdb_release(const struct nvt_fwdb *db, unsigned i)
{
	return i < db->count ? db->entries[i].rows.release : NULL;
}

static const struct manifest_rows *manifest(const struct nvt_fwdb *db, const char *release)
{
	unsigned i;

	for (i = 0; i < db->count; i++)
		if (!strcmp(db->entries[i].rows.release, release))
			return &db->entries[i].rows;
	return NULL;
}

const char *nvt_fwdb_abi(const struct nvt_fwdb *db, const char *release)
{
	const struct manifest_rows *m = manifest(db, release);

	return m ? m->abi : NULL;
}

static bool serves(const struct nvt_fwdb_file *f, const struct nvt_chip *chip)
{
	const char *const *c;

	for (c = f->chips; *c; c++)
		if (!strcmp(*c, chip->name))
			return true;
	return false;
}

const struct nvt_fwdb_file *nvt_fwdb_file(const struct nvt_fwdb *db, const char *release, const char *role,
					  const struct nvt_chip *chip)
{
	const struct manifest_rows *m = manifest(db, release);
	unsigned i;

	for (i = 0; m && i < m->file_count; i++)
		if (!strcmp(m->files[i].role, role) && serves(&m->files[i], chip))
			return &m->files[i];
	return NULL;
}

const struct nvt_fwdb_file *nvt_fwdb_file_at(const struct nvt_fwdb *db, unsigned i)
{
	unsigned m;

	for (m = 0; m < db->count; m++) {
		if (i < db->entries[m].rows.file_count)
			return &db->entries[m].rows.files[i];
		i -= db->entries[m].rows.file_count;
	}
	return NULL;
}

const struct nvt_fwdb_file *nvt_fwdb_by_sha256(const struct nvt_fwdb *db, const struct nvt_sha256 *d)
{
	const struct nvt_fwdb_file *f;
	unsigned i;

	for (i = 0; (f = nvt_fwdb_file_at(db, i)); i++)
		if (nvt_sha256_equal(&f->sha256, d))
			return f;
	return NULL;
}

const struct nvt_fwdb_file *nvt_fwdb_by_part(const struct nvt_fwdb *db, const char *role, const char *part,
					     const struct nvt_sha256 *d)
{
	const struct nvt_fwdb_part *p;
	const struct nvt_fwdb_file *f;
	unsigned i;

	for (i = 0; (f = nvt_fwdb_file_at(db, i)); i++) {
		p = strcmp(f->role, role) ? NULL : nvt_fwdb_part(f, part);
		if (p && nvt_sha256_equal(&p->sha256, d))
			return f;
	}
	return NULL;
}
