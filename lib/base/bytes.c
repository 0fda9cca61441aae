/* SPDX-License-Identifier: MIT */
/* The bounded cursor. */
#include "base/bytes.h"

const uint8_t *nvt_cursor_take(struct nvt_cursor *c, size_t n)
{
	const uint8_t *p;

	if (c->bad)
		return NULL;
	if (!nvt_in_range(c->at, n, c->b.n)) {
		c->bad = true;
		c->bad_at = c->at;
		return NULL;
	}
	p = c->b.p + c->at;
	c->at += n;
	return p;
}

uint8_t nvt_cursor_u8(struct nvt_cursor *c)
{
	const uint8_t *p = nvt_cursor_take(c, 1);

	return p ? *p : 0;
}

uint16_t nvt_cursor_u16(struct nvt_cursor *c)
{
	const uint8_t *p = nvt_cursor_take(c, 2);

	return p ? nvt_le16(p) : 0;
}

uint32_t nvt_cursor_u32(struct nvt_cursor *c)
{
	const uint8_t *p = nvt_cursor_take(c, 4);

	return p ? nvt_le32(p) : 0;
}

uint64_t nvt_cursor_u64(struct nvt_cursor *c)
{
	const uint8_t *p = nvt_cursor_take(c, 8);

	return p ? nvt_le64(p) : 0;
}
