/* SPDX-License-Identifier: MIT */
/*
 * Generated bindata of a driver source tree: C arrays, each under a comment that gives its label, its size
 * and whether it is deflated. Labels are "image_prod" up to 570 and "BINDATA_LABEL_IMAGE_PROD" later.
 */
#include "fw/bindata.h"

#include "base/bytes.h"
#include "fw/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define SIZE_MAX_OUT (64u << 20)
#define DEFLATE_RATIO 1032u /* no stream can grow by more */
#define TRAILER 8u
#define NEW_LABEL "BINDATA_LABEL_"

struct line {
	const char *p;
	size_t n;
};

struct scanner {
	struct nvt_bytes src;
	size_t at;
	struct nvt_error *e;
};

static int bad(const struct scanner *s, size_t at, const char *what, const char *label)
{
	int rc = nvt_fail(s->e, NVT_E_DATA, "bindata %s: %s", label, what);

	if (s->e)
		s->e->where = at;
	return rc;
}

static bool next_line(struct scanner *s, struct line *ret)
{
	const uint8_t *p = s->src.p + s->at, *end;

	if (s->at >= s->src.n)
		return false;
	end = memchr(p, '\n', s->src.n - s->at);
	ret->p = (const char *)p;
	ret->n = end ? (size_t)(end - p) : s->src.n - s->at;
	s->at += ret->n + (end != NULL);
	return true;
}

/* What follows `key` when the line begins with it; NULL otherwise. */
static const char *after(const struct line *l, const char *key, size_t *ret_n)
{
	size_t n = strlen(key);

	if (l->n < n || memcmp(l->p, key, n))
		return NULL;
	*ret_n = l->n - n;
	return l->p + n;
}

static uint32_t decimal(const char *p, size_t n)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < n && i < 9 && p[i] >= '0' && p[i] <= '9'; i++)
		v = v * 10 + (uint32_t)(p[i] - '0');
	return v;
}

/* `// FUNCTION: name("label")` */
static bool read_label(const char *p, size_t n, struct fw_bindata *b)
{
	const char *open = memchr(p, '"', n), *close;
	size_t len;

	if (!open)
		return false;
	open++;
	close = memchr(open, '"', n - (size_t)(open - p));
	len = close ? (size_t)(close - open) : 0;
	if (len > strlen(NEW_LABEL) && !memcmp(open, NEW_LABEL, strlen(NEW_LABEL))) {
		open += strlen(NEW_LABEL);
		len -= strlen(NEW_LABEL);
	}
	if (!len || len >= sizeof(b->label))
		return false;
	memcpy(b->label, open, len);
	b->label[len] = '\0';
	return true;
}

/* Fields of the comment, up to the declaration, which is left in *ret. */
static int read_comment(struct scanner *s, struct fw_bindata *b, struct line *ret)
{
	bool has_packing = false;
	const char *v;
	size_t n;

	while (next_line(s, ret) && ret->n >= 2 && !memcmp(ret->p, "//", 2)) {
		if ((v = after(ret, "// COMPRESSION: ", &n))) {
			b->packed = n >= 3 && !memcmp(v, "YES", 3);
			has_packing = true;
		} else if ((v = after(ret, "// COMPLEX_STRUCT: ", &n))) {
			b->is_struct = n >= 3 && !memcmp(v, "YES", 3);
		} else if ((v = after(ret, "// DATA SIZE (bytes): ", &n))) {
			b->size = decimal(v, n);
		} else if ((v = after(ret, "// COMPRESSED SIZE (bytes): ", &n))) {
			b->packed_size = decimal(v, n);
		}
	}
	if (!has_packing || (!b->is_struct && !b->size) || (b->packed && (b->is_struct || !b->packed_size)))
		return bad(s, s->at, "its comment does not say how it is stored", b->label);
	if (b->size > SIZE_MAX_OUT || (b->packed && b->size / DEFLATE_RATIO > b->packed_size))
		return bad(s, s->at, "its comment gives a size that cannot be", b->label);
	return 0;
}

/* From the `=` of the declaration to the `};` that ends it. */
static int read_body(struct scanner *s, const struct line *decl, struct fw_bindata *b)
{
	const uint8_t *p = (const uint8_t *)decl->p, *end = s->src.p + s->src.n, *close;
	size_t n;

	if (!after(decl, "static ", &n) || !(p = memchr(p, '=', decl->n)))
		return bad(s, (size_t)((const uint8_t *)decl->p - s->src.p), "no array behind its comment", b->label);
	p = memchr(p, '{', (size_t)(end - p));
	close = p ? p + 1 : NULL;
	/* a struct's inner braces are not followed by a semicolon */
	while (close && (close = memchr(close, '}', (size_t)(end - close))) && (close + 1 == end || close[1] != ';'))
		close++;
	if (!close)
		return bad(s, s->at, "its array does not end", b->label);
	b->body = (struct nvt_bytes){ p + 1, (size_t)(close - p - 1) };
	s->at = (size_t)(close - s->src.p);
	return 0;
}

int fw_bindata_next(struct nvt_bytes src, size_t *at, struct fw_bindata *ret, struct nvt_error *e)
{
	static const char mark[] = "// FUNCTION: ";
	struct scanner s = { src, *at, e };
	const uint8_t *found;
	struct line l = { NULL, 0 };
	int rc;

	memset(ret, 0, sizeof(*ret));
	found = s.at < src.n ? memmem(src.p + s.at, src.n - s.at, mark, sizeof(mark) - 1) : NULL;
	if (!found)
		return 0;
	s.at = (size_t)(found - src.p) + sizeof(mark) - 1;
	if (!next_line(&s, &l) || !read_label(l.p, l.n, ret))
		return bad(&s, (size_t)(found - src.p), "no label in its comment", "?");
	rc = read_comment(&s, ret, &l);
	if (!rc)
		rc = read_body(&s, &l, ret);
	*at = s.at;
	return rc ? rc : 1;
}

/* ---- content ---- */

/* Value of a hex digit plus 1, 0 for anything else. */
static const uint8_t hex_plus_1[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int hex_digit(uint8_t c)
{
	return hex_plus_1[c] - 1;
}

/* Bytes in the generator's own form, "0xNN, "; returns where another form begins. */
static const uint8_t *read_plain(const uint8_t *p, const uint8_t *end, uint8_t *to, size_t room, size_t *ret_n)
{
	size_t n = 0;

	for (; end - p > 5 && n < room && p[0] == '0' && p[1] == 'x' && p[4] == ','; p += p[5] == ' ' ? 6 : 5) {
		unsigned hi = hex_plus_1[p[2]], lo = hex_plus_1[p[3]];

		if (!hi || !lo)
			break;
		to[n++] = (uint8_t)((hi - 1) << 4 | (lo - 1));
	}
	*ret_n = n;
	return p;
}

/* 0x12 or 18, up to 32 bits; NULL when there is none. */
static const uint8_t *number(const uint8_t *p, const uint8_t *end, uint64_t *ret)
{
	bool hex = end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x';
	const uint8_t *from = hex ? p + 2 : p;
	uint64_t v = 0;
	int d;

	for (p = from; p < end && v <= UINT32_MAX && (d = hex_digit(*p)) >= 0; p++) {
		if (!hex && d > 9)
			return NULL;
		v = v * (hex ? 16 : 10) + (unsigned)d;
	}
	*ret = v;
	return p == from || v > UINT32_MAX ? NULL : p;
}

static bool is_between(uint8_t c, bool is_struct)
{
	return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r' || (is_struct && (c == '{' || c == '}'));
}

/* The numbers of the body as bytes; a struct's members are all 32 bits wide. */
static int read_numbers(const struct fw_bindata *b, struct nvt_fw_out *out, size_t each, struct nvt_error *e)
{
	const uint8_t *p = b->body.p, *end = p + b->body.n;
	size_t n = 0;
	uint64_t v;

	while (p < end) {
		if (is_between(*p, b->is_struct)) {
			p++;
			continue;
		}
		if (each == 1) {
			size_t plain;

			p = read_plain(p, end, out->p + n, out->n - n, &plain);
			n += plain;
			if (plain)
				continue;
		}
		p = number(p, end, &v);
		if (!p || (each == 1 && v > 0xff) || (p < end && !is_between(*p, b->is_struct)))
			return nvt_fail(e, NVT_E_DATA, "bindata %s: something in its array is not a number", b->label);
		if (n + each > out->n)
			return nvt_fail(e, NVT_E_DATA, "bindata %s: its array has more than %zu bytes", b->label, out->n);
		memcpy(out->p + n, (const uint8_t[]){ (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) },
		       each);
		n += each;
	}
	if (b->is_struct)
		out->n = n;
	if (n == out->n && n)
		return 0;
	return nvt_fail(e, NVT_E_DATA, "bindata %s: its array has %zu bytes, its comment says %zu", b->label, n, out->n);
}

/* A deflate stream with gzip's trailer, CRC-32 and length, but without its header. */
static int inflate_all(const struct fw_bindata *b, struct nvt_bytes in, struct nvt_fw_out *out, struct nvt_error *e)
{
	z_stream z = { .next_in = (Bytef *)in.p, /* zlib does not write there */
		       .avail_in = (uInt)in.n,
		       .next_out = out->p,
		       .avail_out = (uInt)out->n };
	int rc;

	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (rc == Z_STREAM_END && z.avail_in == TRAILER && !z.avail_out) {
		if (nvt_le32(z.next_in) == nvt_crc32((struct nvt_bytes){ out->p, out->n }) &&
		    nvt_le32(z.next_in + 4) == out->n)
			return 0;
		return nvt_fail(e, NVT_E_DATA, "bindata %s: its checksum is wrong", b->label);
	}
	return nvt_fail(e, NVT_E_DATA, "bindata %s: its %zu bytes do not inflate to %zu", b->label, in.n, out->n);
}

int fw_bindata_unpack(const struct fw_bindata *b, struct nvt_fw_out *ret, struct nvt_error *e)
{
	/* a struct's size is not stated; a number takes two characters with what parts it from the next */
	size_t stored = b->packed ? b->packed_size : b->is_struct ? b->body.n / 2 * 4 + 4 : b->size;
	struct nvt_fw_out raw;
	int rc = fw_out_alloc(&raw, stored, e);

	*ret = (struct nvt_fw_out){ NULL, 0 };
	if (rc)
		return rc;
	rc = read_numbers(b, &raw, b->is_struct ? 4 : 1, e);
	if (!rc && !b->packed) {
		*ret = raw;
		return 0;
	}
	if (!rc)
		rc = fw_out_alloc(ret, b->size, e);
	if (!rc)
		rc = inflate_all(b, (struct nvt_bytes){ raw.p, raw.n }, ret, e);
	free(raw.p);
	if (rc) {
		free(ret->p);
		*ret = (struct nvt_fw_out){ NULL, 0 };
	}
	return rc;
}

int fw_bindata_get(struct nvt_bytes src, const char *const *labels, unsigned count, struct nvt_fw_out *ret,
		   struct nvt_error *e)
{
	struct fw_bindata b;
	size_t at = 0;
	unsigned i;
	int rc;

	for (i = 0; i < count; i++)
		ret[i] = (struct nvt_fw_out){ NULL, 0 };
	while ((rc = fw_bindata_next(src, &at, &b, e)) > 0) {
		for (i = 0; i < count && (ret[i].p || strcasecmp(b.label, labels[i])); i++)
			;
		if (i == count)
			continue;
		rc = fw_bindata_unpack(&b, &ret[i], e);
		if (rc)
			return rc;
	}
	for (i = 0; !rc && i < count; i++)
		if (!ret[i].p)
			return nvt_fail(e, NVT_E_DATA, "no bindata %s", labels[i]);
	return rc;
}
