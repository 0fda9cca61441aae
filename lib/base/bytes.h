/* SPDX-License-Identifier: MIT */
/*
 * Little-endian access to untrusted bytes. A cursor reads fields straight through; its first bad read
 * sticks, so a parser tests `bad` once per structure. Nothing here reads past the end.
 */
#ifndef NVT_BASE_BYTES_H
#define NVT_BASE_BYTES_H

#include <nvt/types.h>

#include <string.h>

static inline uint16_t nvt_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t nvt_le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t nvt_le64(const uint8_t *p)
{
	return nvt_le32(p) | (uint64_t)nvt_le32(p + 4) << 32;
}

static inline void nvt_put_le16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void nvt_put_le32(uint8_t *p, uint32_t v)
{
	nvt_put_le16(p, (uint16_t)v);
	nvt_put_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void nvt_put_le64(uint8_t *p, uint64_t v)
{
	nvt_put_le32(p, (uint32_t)v);
	nvt_put_le32(p + 4, (uint32_t)(v >> 32));
}

/* v rounded up or down to a multiple of a (a power of two). */
static inline uint64_t nvt_align_up(uint64_t v, uint64_t a)
{
	return (v + a - 1) & ~(a - 1);
}

static inline uint64_t nvt_align_down(uint64_t v, uint64_t a)
{
	return v & ~(a - 1);
}

/* True if [off, off+n) lies within size; no overflow whatever the values. */
static inline bool nvt_in_range(uint64_t off, uint64_t n, uint64_t size)
{
	return off <= size && n <= size - off;
}

struct nvt_cursor {
	struct nvt_bytes b;
	size_t at;
	bool bad;
	size_t bad_at; /* offset of the first read that did not fit */
};

static inline struct nvt_cursor nvt_cursor_at(struct nvt_bytes b, size_t at)
{
	struct nvt_cursor c = { b, at, false, 0 };

	return c;
}

/* Claims n bytes; NULL (and bad) if they are not there. */
const uint8_t *nvt_cursor_take(struct nvt_cursor *c, size_t n);
uint8_t nvt_cursor_u8(struct nvt_cursor *c);
uint16_t nvt_cursor_u16(struct nvt_cursor *c);
uint32_t nvt_cursor_u32(struct nvt_cursor *c);
uint64_t nvt_cursor_u64(struct nvt_cursor *c);

#endif
