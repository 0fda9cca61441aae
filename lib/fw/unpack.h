/* SPDX-License-Identifier: MIT */
/* Files as distributions ship them: plain, .xz, .zst or .gz, told apart by content. */
#ifndef NVT_FW_UNPACK_H
#define NVT_FW_UNPACK_H

#include <nvt/fw.h>

enum nvt_packing {
	NVT_PLAIN,
	NVT_XZ,
	NVT_ZSTD,
	NVT_GZIP,
};

struct nvt_packed {
	int fd;
	const char *path;
	uint64_t file_size;
	enum nvt_packing packing;
	uint64_t size; /* uncompressed, as the file states it */
};

/* Fills *ret from an open file; nothing is read but headers. */
int nvt_packed_open(int fd, const char *path, struct nvt_packed *ret, struct nvt_error *e);
/* Reads exactly ret->size bytes to `out`, hashing them as they come. */
int nvt_packed_read(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256 *digest, struct nvt_error *e);

#endif
