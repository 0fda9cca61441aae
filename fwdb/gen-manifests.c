/* SPDX-License-Identifier: MIT */
/* Build tool: manifest files -> byte arrays and a table of them on standard output. */
#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int emit_bytes(const char *path, int index)
{
	FILE *f = fopen(path, "rb");
	unsigned long n = 0;
	int c;

	if (!f) {
		perror(path);
		return 1;
	}
	printf("static const uint8_t manifest_%d[] = {", index);
	while ((c = getc(f)) != EOF)
		printf("%s%d,", n++ % 24 ? "" : "\n\t", c);
	printf("\n};\n");
	if (ferror(f) || !n) {
		fprintf(stderr, "gen-manifests: %s: cannot be read or is empty\n", path);
		fclose(f);
		return 1;
	}
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 2) {
		fprintf(stderr, "usage: gen-manifests MANIFEST.JSON...\n");
		return 2;
	}
	for (i = 1; i < argc; i++)
		if (emit_bytes(argv[i], i))
			return 1;
	printf("static const struct {\n\tconst char *name;\n\tstruct nvt_bytes text;\n} builtin_manifests[] = {\n");
	for (i = 1; i < argc; i++)
		printf("\t{ \"built-in %s\", { manifest_%d, sizeof(manifest_%d) } },\n", base_name(argv[i]), i, i);
	printf("};\n");
	return fflush(stdout) || ferror(stdout);
}
