/* SPDX-License-Identifier: MIT */
/* Loads and stores to a mapped BAR: each performed once, at its full size, in program order. */
#include "transport/bar.h"

#include "base/bytes.h"

#include <inttypes.h>

static int check(const struct bar_map *b, uint64_t off, uint64_t n, unsigned size, struct nvt_error *e)
{
	if ((size != 1 && size != 2 && size != 4 && size != 8) || off % size || n % size)
		return nvt_fail(e, NVT_E_USAGE, "no %u-byte access at 0x%" PRIx64 " of a BAR", size, off);
	if (!nvt_in_range(off, n, b->size))
		return nvt_fail(e, NVT_E_USAGE, "0x%" PRIx64 " lies outside of the BAR (0x%" PRIx64 " bytes)", off,
				b->size);
	return 0;
}

int bar_rd(const struct bar_map *b, uint64_t off, unsigned size, uint64_t *ret, struct nvt_error *e)
{
	const volatile void *p;
	int rc = check(b, off, size, size, e);

	if (rc)
		return rc;
	p = b->p + off;
	switch (size) {
	case 1: *ret = *(const volatile uint8_t *)p; break;
	case 2: *ret = *(const volatile uint16_t *)p; break;
	case 4: *ret = *(const volatile uint32_t *)p; break;
	default: *ret = *(const volatile uint64_t *)p; break;
	}
	return 0;
}

int bar_wr(const struct bar_map *b, uint64_t off, unsigned size, uint64_t val, struct nvt_error *e)
{
	volatile void *p;
	int rc = check(b, off, size, size, e);

	if (rc)
		return rc;
	p = b->p + off;
	switch (size) {
	case 1: *(volatile uint8_t *)p = (uint8_t)val; break;
	case 2: *(volatile uint16_t *)p = (uint16_t)val; break;
	case 4: *(volatile uint32_t *)p = (uint32_t)val; break;
	default: *(volatile uint64_t *)p = val; break;
	}
	return 0;
}

int bar_window_rd(const struct bar_map *b, uint64_t off, uint8_t *buf, size_t n, struct nvt_error *e)
{
	const volatile void *p;
	int rc = check(b, off, n, 4, e);
	size_t i;

	for (i = 0; !rc && i < n; i += 4) {
		p = b->p + off + i;
		nvt_put_le32(buf + i, *(const volatile uint32_t *)p);
	}
	return rc;
}

int bar_window_wr(const struct bar_map *b, uint64_t off, const uint8_t *buf, size_t n, struct nvt_error *e)
{
	volatile void *p;
	int rc = check(b, off, n, 4, e);
	size_t i;

	for (i = 0; !rc && i < n; i += 4) {
		p = b->p + off + i;
		*(volatile uint32_t *)p = nvt_le32(buf + i);
	}
	return rc;
}
