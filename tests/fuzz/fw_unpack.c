/* SPDX-License-Identifier: MIT */
/* Fuzz target: files as distributions pack them; what comes out has the size stated and the digest returned. */
#include "fw/unpack.h"

#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a file states may be far more than it holds; only as much as this is unpacked here. */
#define OUT_MAX (1u << 20)

static void unpack(const struct nvt_packed *p)
{
	struct nvt_sha256 told, seen;
	uint8_t *out = malloc(p->size ? (size_t)p->size : 1);

	if (!out)
		abort();
	if (!nvt_packed_read(p, out, &told, NULL)) {
		nvt_sha256((struct nvt_bytes){ out, (size_t)p->size }, &seen);
		if (!nvt_sha256_equal(&told, &seen))
			abort();
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);
	struct nvt_packed p;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (!nvt_packed_open(fd, "input", &p, NULL) && p.size <= OUT_MAX)
		unpack(&p);
	close(fd);
	return 0;
}
