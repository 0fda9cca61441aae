/* SPDX-License-Identifier: MIT */
/*
 * Reads plain, xz, zstd and gzip files straight to where they are wanted. The uncompressed size must be stated
 * by the file, and true.
 */
#include "fw/unpack.h"

#include "base/bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* Four times the largest published image. */
#define SIZE_MOST (256u << 20)
#define CHUNK (256u << 10)
#define GZIP_SMALLEST 20u /* header, an empty block, CRC and size */
#define XZ_MEMORY (128u << 20)

static int read_at(const struct nvt_packed *p, uint64_t off, uint8_t *buf, size_t n, struct nvt_error *e)
{
	ssize_t got;
	int rc;

	while (n) {
		got = pread(p->fd, buf, n, (off_t)off);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return nvt_fail_errno(e, NVT_E_ENV, errno, "%s", p->path);
		if (!got) {
			rc = nvt_fail(e, NVT_E_DATA, "%s: file ends too early", p->path);
			if (e)
				e->where = off;
			return rc;
		}
		off += (size_t)got;
		buf += got;
		n -= (size_t)got;
	}
	return 0;
}

static int damaged(const struct nvt_packed *p, struct nvt_error *e)
{
	static const char *const names[] = { [NVT_PLAIN] = "", [NVT_XZ] = "xz", [NVT_ZSTD] = "zstd", [NVT_GZIP] = "gzip" };

	return nvt_fail(e, NVT_E_DATA, "%s: damaged %s file", p->path, names[p->packing]);
}

static int wrong_size(const struct nvt_packed *p, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s: content does not have the size that the file states", p->path);

	nvt_err_wanted(e, "%" PRIu64 " bytes", p->size);
	return rc;
}

/* The index at the end of an xz stream holds the uncompressed size. */
static int xz_size(struct nvt_packed *p, struct nvt_error *e)
{
	uint8_t footer[LZMA_STREAM_HEADER_SIZE], index[4096];
	uint64_t memory = XZ_MEMORY;
	lzma_index *list = NULL;
	lzma_stream_flags flags;
	size_t at = 0;
	int rc;

	if (p->file_size < 2 * sizeof(footer))
		return damaged(p, e);
	rc = read_at(p, p->file_size - sizeof(footer), footer, sizeof(footer), e);
	if (rc)
		return rc;
	if (lzma_stream_footer_decode(&flags, footer) != LZMA_OK || flags.backward_size > sizeof(index) ||
	    flags.backward_size > p->file_size - 2 * sizeof(footer))
		return damaged(p, e);
	rc = read_at(p, p->file_size - sizeof(footer) - flags.backward_size, index, flags.backward_size, e);
	if (rc)
		return rc;
	if (lzma_index_buffer_decode(&list, &memory, NULL, index, &at, flags.backward_size) != LZMA_OK)
		return damaged(p, e);
	p->size = lzma_index_uncompressed_size(list);
	lzma_index_end(list, NULL);
	return 0;
}

static int zstd_size(struct nvt_packed *p, struct nvt_error *e)
{
	uint8_t head[18]; /* ZSTD_FRAMEHEADERSIZE_MAX */
	size_t n = p->file_size < sizeof(head) ? (size_t)p->file_size : sizeof(head);
	unsigned long long size;
	int rc = read_at(p, 0, head, n, e);

	if (rc)
		return rc;
	size = ZSTD_getFrameContentSize(head, n);
	if (size == ZSTD_CONTENTSIZE_ERROR)
		return damaged(p, e);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN) {
		rc = nvt_fail(e, NVT_E_DATA, "%s: zstd file does not state its content's size", p->path);
		nvt_err_hint(e, "compress it from a file, not from a pipe");
		return rc;
	}
	p->size = size;
	return 0;
}

/* The last dword of a gzip member is the size of its content. */
static int gzip_size(struct nvt_packed *p, struct nvt_error *e)
{
	uint8_t tail[4];
	int rc;

	if (p->file_size < GZIP_SMALLEST)
		return damaged(p, e);
	rc = read_at(p, p->file_size - sizeof(tail), tail, sizeof(tail), e);
	if (!rc)
		p->size = nvt_le32(tail);
	return rc;
}

int nvt_packed_open(int fd, const char *path, struct nvt_packed *ret, struct nvt_error *e)
{
	uint8_t head[6] = { 0 };
	struct stat st;
	int rc;

	if (fstat(fd, &st))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return nvt_fail(e, NVT_E_ENV, "%s is not a plain file", path);
	*ret = (struct nvt_packed){ .fd = fd, .path = path, .file_size = (uint64_t)st.st_size };
	ret->size = ret->file_size;
	rc = read_at(ret, 0, head, ret->file_size < sizeof(head) ? (size_t)ret->file_size : sizeof(head), e);
	if (!rc && !memcmp(head, "\xfd" "7zXZ\0", 6)) {
		ret->packing = NVT_XZ;
		rc = xz_size(ret, e);
	} else if (!rc && nvt_le32(head) == ZSTD_MAGICNUMBER) {
		ret->packing = NVT_ZSTD;
		rc = zstd_size(ret, e);
	} else if (!rc && head[0] == 0x1f && head[1] == 0x8b && head[2] == Z_DEFLATED) {
		ret->packing = NVT_GZIP;
		rc = gzip_size(ret, e);
	}
	if (rc || (ret->size && ret->size <= SIZE_MOST))
		return rc;
	rc = nvt_fail(e, NVT_E_DATA, "%s: size is out of bounds", path);
	nvt_err_seen(e, "%" PRIu64 " bytes", ret->size);
	nvt_err_wanted(e, "1 to %u bytes", SIZE_MOST);
	return rc;
}

static int read_plain(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256_ctx *sha, struct nvt_error *e)
{
	uint64_t at;
	size_t n;
	int rc = 0;

	/* Hashed while it is still in the cache. */
	for (at = 0; !rc && at < p->size; at += n) {
		n = p->size - at < CHUNK ? (size_t)(p->size - at) : CHUNK;
		rc = read_at(p, at, out + at, n, e);
		if (!rc)
			nvt_sha256_update(sha, (struct nvt_bytes){ out + at, n });
	}
	return rc;
}

static int read_xz(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256_ctx *sha, struct nvt_error *e)
{
	lzma_stream z = LZMA_STREAM_INIT;
	lzma_ret zr = LZMA_OK;
	uint8_t in[16384];
	uint64_t at = 0;
	size_t done = 0;
	int rc = 0;

	if (lzma_stream_decoder(&z, XZ_MEMORY, 0) != LZMA_OK)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	z.next_out = out;
	z.avail_out = (size_t)p->size;
	while (zr == LZMA_OK) {
		if (!z.avail_in && at < p->file_size) {
			z.avail_in = p->file_size - at < sizeof(in) ? (size_t)(p->file_size - at) : sizeof(in);
			z.next_in = in;
			rc = read_at(p, at, in, z.avail_in, e);
			if (rc)
				break;
			at += z.avail_in;
		}
		zr = lzma_code(&z, at < p->file_size ? LZMA_RUN : LZMA_FINISH);
		nvt_sha256_update(sha, (struct nvt_bytes){ out + done, (size_t)p->size - z.avail_out - done });
		done = (size_t)p->size - z.avail_out;
	}
	if (!rc && zr == LZMA_BUF_ERROR && done == p->size)
		rc = wrong_size(p, e);
	else if (!rc && (zr != LZMA_STREAM_END || z.avail_in || at != p->file_size))
		rc = damaged(p, e);
	else if (!rc && done != p->size)
		rc = wrong_size(p, e);
	lzma_end(&z);
	return rc;
}

static int read_zstd(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256_ctx *sha, struct nvt_error *e)
{
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_outBuffer o = { out, (size_t)p->size, 0 };
	size_t left = 1, done = 0, had;
	uint8_t in[16384];
	ZSTD_inBuffer i = { in, 0, 0 };
	uint64_t at = 0;
	int rc = 0;

	if (!z)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	while (!rc && left) {
		if (i.pos == i.size) {
			if (at == p->file_size)
				break;
			i.size = p->file_size - at < sizeof(in) ? (size_t)(p->file_size - at) : sizeof(in);
			i.pos = 0;
			rc = read_at(p, at, in, i.size, e);
			if (rc)
				break;
			at += i.size;
		}
		had = i.pos;
		left = ZSTD_decompressStream(z, &o, &i);
		nvt_sha256_update(sha, (struct nvt_bytes){ out + done, o.pos - done });
		if (ZSTD_isError(left) || (i.pos == had && o.pos == done))
			rc = damaged(p, e);
		done = o.pos;
	}
	if (!rc && (left || i.pos != i.size || at != p->file_size))
		rc = damaged(p, e);
	else if (!rc && done != p->size)
		rc = wrong_size(p, e);
	ZSTD_freeDStream(z);
	return rc;
}

/* One member; the digest of its content is checked by zlib. */
static int inflate_gzip(const struct nvt_packed *p, z_stream *z, uint8_t *out, struct nvt_sha256_ctx *sha,
			struct nvt_error *e)
{
	uint8_t in[16384];
	uint64_t at = 0;
	size_t done = 0;
	int rc = 0, zr = Z_OK;

	z->next_out = out;
	z->avail_out = (uInt)p->size;
	while (zr == Z_OK) {
		if (!z->avail_in && at < p->file_size) {
			z->avail_in = p->file_size - at < sizeof(in) ? (uInt)(p->file_size - at) : sizeof(in);
			z->next_in = in;
			rc = read_at(p, at, in, z->avail_in, e);
			if (rc)
				return rc;
			at += z->avail_in;
		}
		zr = inflate(z, Z_NO_FLUSH);
		nvt_sha256_update(sha, (struct nvt_bytes){ out + done, (size_t)p->size - z->avail_out - done });
		done = (size_t)p->size - z->avail_out;
	}
	if (zr == Z_BUF_ERROR && done == p->size)
		return wrong_size(p, e);
	if (zr != Z_STREAM_END || z->avail_in || at != p->file_size)
		return damaged(p, e);
	return done == p->size ? 0 : wrong_size(p, e);
}

static int read_gzip(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256_ctx *sha, struct nvt_error *e)
{
	z_stream z = { 0 };
	int rc;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = inflate_gzip(p, &z, out, sha, e);
	inflateEnd(&z);
	return rc;
}

int nvt_packed_read(const struct nvt_packed *p, uint8_t *out, struct nvt_sha256 *digest, struct nvt_error *e)
{
	struct nvt_sha256_ctx sha;
	int rc;

	nvt_sha256_init(&sha);
	if (p->packing == NVT_XZ)
		rc = read_xz(p, out, &sha, e);
	else if (p->packing == NVT_ZSTD)
		rc = read_zstd(p, out, &sha, e);
	else if (p->packing == NVT_GZIP)
		rc = read_gzip(p, out, &sha, e);
	else
		rc = read_plain(p, out, &sha, e);
	nvt_sha256_final(&sha, digest);
	return rc;
}
