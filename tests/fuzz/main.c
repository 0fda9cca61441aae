/* SPDX-License-Identifier: MIT */
/*
 * Replays a fuzz target over its corpus without libFuzzer: every file as it is, then seeded mutations of it.
 *
 * usage: TARGET [FILE|FOLDER...]   default: $top_srcdir/tests/fuzz/corpus/TARGET
 * NVT_FUZZ_RUNS sets the mutations of each file. The same file gives the same mutations. Each file runs
 * in a child; when that dies, the input that killed it is left in TARGET.crash.
 */
#define _DEFAULT_SOURCE
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS_DEFAULT 256
#define INPUT_MAX (1u << 20)

struct input {
	uint8_t *p;
	size_t n;
};

struct replay {
	const char *name; /* of the target */
	unsigned runs;
	unsigned *at;     /* shared with the child: the mutation under way */
	unsigned files, failed;
};

/* xorshift64*: small, seedable, and the same everywhere. */
static uint64_t next(uint64_t *rng)
{
	*rng ^= *rng >> 12;
	*rng ^= *rng << 25;
	*rng ^= *rng >> 27;
	return *rng * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t below(uint64_t *rng, size_t n)
{
	return n ? (size_t)(next(rng) % n) : 0;
}

/* Values at which lengths and offsets go wrong. */
static uint64_t edge(uint64_t *rng, size_t size)
{
	static const uint64_t edges[] = {
		0, 1, 7, 8, 0x1f, 0x20, 0x7f, 0x80, 0xff, 0x100, 0xfff, 0x1000, 0x7fff, 0x8000, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, UINT64_C(0x100000000), INT64_MAX, UINT64_MAX,
	};
	size_t k = below(rng, sizeof(edges) / sizeof(edges[0]) + 3);

	if (k >= sizeof(edges) / sizeof(edges[0]))
		return size + k % 3 - 1;
	return edges[k];
}

static void put_edge(struct input *in, uint64_t *rng)
{
	size_t width = (size_t)1 << below(rng, 4), at = below(rng, in->n), i;
	uint64_t v = edge(rng, in->n);

	if (next(rng) & 1)
		at &= ~(width - 1);
	for (i = 0; i < width && at + i < in->n; i++)
		in->p[at + i] = (uint8_t)(v >> 8 * i);
}

static void cut(struct input *in, uint64_t *rng)
{
	size_t at = below(rng, in->n), n = 1 + below(rng, in->n - at);

	memmove(in->p + at, in->p + at + n, in->n - at - n);
	in->n -= n;
}

static void repeat(struct input *in, uint64_t *rng)
{
	size_t at = below(rng, in->n), n = 1 + below(rng, in->n - at);

	if (n > INPUT_MAX - in->n)
		n = INPUT_MAX - in->n;
	memmove(in->p + at + n, in->p + at, in->n - at);
	in->n += n;
}

static void mutate_once(struct input *in, uint64_t *rng)
{
	if (!in->n) {
		in->p[in->n++] = (uint8_t)next(rng);
		return;
	}
	switch (below(rng, 8)) {
	case 0:
	case 1:
		in->p[below(rng, in->n)] ^= (uint8_t)(1u << below(rng, 8));
		return;
	case 2:
		in->p[below(rng, in->n)] = (uint8_t)next(rng);
		return;
	case 3:
		in->n = below(rng, in->n);
		return;
	case 4:
		cut(in, rng);
		return;
	case 5:
		repeat(in, rng);
		return;
	default:
		put_edge(in, rng);
	}
}

/* Mutation `run` of a file; 0 is the file itself. The result is the caller's, in a block of its exact size. */
static struct input mutation(struct input file, unsigned run)
{
	struct input in = { malloc(INPUT_MAX), file.n }, exact;
	uint64_t rng = UINT64_C(0x9e3779b97f4a7c15) * (run + 1) ^ file.n;
	size_t n;

	if (!in.p)
		abort();
	if (file.n)
		memcpy(in.p, file.p, file.n);
	for (n = run ? 1 + below(&rng, 6) : 0; n; n--)
		mutate_once(&in, &rng);
	/* malloc(0) may be NULL, and a reader past the end must meet the sanitizer's red zone */
	exact.p = malloc(in.n ? in.n : 1);
	exact.n = in.n;
	if (!exact.p)
		abort();
	memcpy(exact.p, in.p, in.n);
	free(in.p);
	return exact;
}

static void run_all(const struct replay *r, struct input file)
{
	unsigned i;

	for (i = 0; i <= r->runs; i++) {
		struct input in = mutation(file, i);

		*r->at = i;
		LLVMFuzzerTestOneInput(in.p, in.n);
		free(in.p);
	}
}

static bool save(const char *target, struct input in)
{
	char path[512];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s.crash", target);
	f = fopen(path, "wb");
	if (!f)
		return false;
	ok = fwrite(in.p, 1, in.n, f) == in.n;
	return fclose(f) == 0 && ok;
}

static void replay_bytes(struct replay *r, const char *path, struct input file)
{
	int status = 0;
	pid_t child;

	r->files++;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		run_all(r, file);
		_exit(0);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
		return;
	r->failed++;
	printf("%s: mutation %u failed (status 0x%x)", path, *r->at, (unsigned)status);
	printf(save(r->name, mutation(file, *r->at)) ? "; input in %s.crash\n" : "; %s.crash not written\n", r->name);
}

static void replay_file(struct replay *r, const char *path)
{
	struct input file = { malloc(INPUT_MAX), 0 };
	FILE *f = fopen(path, "rb");

	if (!file.p || !f) {
		perror(path);
		r->failed++;
	} else {
		file.n = fread(file.p, 1, INPUT_MAX, f);
		replay_bytes(r, path, file);
	}
	if (f)
		fclose(f);
	free(file.p);
}

static void replay_path(struct replay *r, const char *path)
{
	struct dirent **names;
	struct stat st;
	char file[4096];
	int n, i;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		replay_file(r, path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0) {
		perror(path);
		r->failed++;
		return;
	}
	for (i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			replay_file(r, file);
		free(names[i]);
	}
	free(names);
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *runs = getenv("NVT_FUZZ_RUNS"), *top = getenv("top_srcdir");
	struct replay r = { slash ? slash + 1 : argv[0], RUNS_DEFAULT, NULL, 0, 0 };
	char corpus[4096];
	int i;

	if (runs)
		r.runs = (unsigned)strtoul(runs, NULL, 0);
	r.at = mmap(NULL, sizeof(*r.at), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r.at == MAP_FAILED) {
		perror("mmap");
		return 99;
	}
	for (i = 1; i < argc; i++)
		replay_path(&r, argv[i]);
	if (argc == 1) {
		snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s", top ? top : ".", r.name);
		replay_path(&r, corpus);
	}
	printf("%s: %u files, %u mutations each, %u failed\n", r.name, r.files, r.runs, r.failed);
	return r.failed || !r.files;
}
