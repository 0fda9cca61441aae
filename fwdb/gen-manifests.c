/* SPDX-License-Identifier: MIT */
/* Build tool: manifest files -> tables of their rows on standard output, read by the library's own reader. */
#include "fw/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 22 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void emit_sha256(const struct nvt_sha256 *d)
{
	unsigned i;

	printf("{ { ");
	for (i = 0; i < sizeof(d->b); i++)
		printf("%u, ", d->b[i]);
	printf("} }");
}

static void emit_rows(const struct nvt_fwdb_file *f, int index, unsigned at)
{
	const char *const *c;
	unsigned i;

	printf("static const char *const chips_%d_%u[] = { ", index, at);
	for (c = f->chips; *c; c++)
		printf("\"%s\", ", *c);
	printf("NULL };\n");
	if (!f->part_count)
		return;
	printf("static const struct nvt_fwdb_part parts_%d_%u[] = {\n", index, at);
	for (i = 0; i < f->part_count; i++) {
		const struct nvt_fwdb_part *p = &f->parts[i];

		printf("\t{ \"%s\", %" PRIu64 "u, ", p->name, p->size);
		emit_sha256(&p->sha256);
		printf(", %" PRIu64 "u, %" PRIu64 "u },\n", p->patch_off, p->patch_size);
	}
	printf("};\n");
}

static void emit_manifest(const struct nvt_manifest *m, int index)
{
	unsigned i;

	for (i = 0; i < m->file_count; i++)
		emit_rows(&m->files[i], index, i);
	printf("static const struct nvt_fwdb_file files_%d[] = {\n", index);
	for (i = 0; i < m->file_count; i++) {
		const struct nvt_fwdb_file *f = &m->files[i];

		printf("\t{ \"%s\", \"%s\", \"%s\", %" PRIu64 "u, ", m->release, f->path, f->role, f->size);
		emit_sha256(&f->sha256);
		printf(", chips_%d_%u, ", index, i);
		if (f->part_count)
			printf("parts_%d_%u, ", index, i);
		else
			printf("NULL, ");
		printf("%u },\n", f->part_count);
	}
	printf("};\n");
}

static int read_manifest(const char *path, struct nvt_manifest *ret)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(ROOM);
	struct nvt_error e = { 0 };
	size_t n = f && text ? fread(text, 1, ROOM, f) : 0;
	int rc = -1;

	memset(ret, 0, sizeof(*ret));
	if (!n || n == ROOM || ferror(f))
		fprintf(stderr, "gen-manifests: %s: cannot be read, or is empty or too large\n", path);
	else if ((rc = nvt_manifest_parse((struct nvt_bytes){ (uint8_t *)text, n }, base_name(path), ret, &e)))
		fprintf(stderr, "gen-manifests: %s\n", e.msg);
	free(text);
	if (f)
		fclose(f);
	return rc;
}

int main(int argc, char **argv)
{
	struct nvt_manifest m[16];
	int i, count = argc - 1, rc = 0;

	if (count < 1 || count > 16) {
		fprintf(stderr, "usage: gen-manifests MANIFEST.JSON...\n");
		return 2;
	}
	for (i = 0; i < count; i++) {
		rc |= read_manifest(argv[i + 1], &m[i]);
		if (!rc)
			emit_manifest(&m[i], i);
	}
	printf("static const struct manifest_rows builtin_manifests[] = {\n");
	for (i = 0; !rc && i < count; i++)
		printf("\t{ \"built-in %s\", \"%s\", \"%s\", files_%d, %u },\n", base_name(argv[i + 1]), m[i].release,
		       m[i].abi, i, m[i].file_count);
	printf("};\n");
	for (i = 0; i < count; i++)
		nvt_manifest_fini(&m[i]);
	return rc || fflush(stdout) || ferror(stdout);
}
