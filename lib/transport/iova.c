/* SPDX-License-Identifier: MIT */
/* First fit over a sorted list: a boot holds a few dozen buffers. */
#include "transport/iova.h"

#include "base/bytes.h"

#include <stdlib.h>

/* Address 0 reads like "none" in most of the structs that hold addresses. */
#define LOWEST 0x10000u

static int by_first(const void *a, const void *b)
{
	const struct iova_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

bool iova_init(struct iova_space *s, const struct iova_range *usable, unsigned n)
{
	*s = (struct iova_space){ .usable = calloc(n ? n : 1, sizeof(*usable)), .usable_count = n };
	if (!s->usable)
		return false;
	if (n)
		memcpy(s->usable, usable, n * sizeof(*usable));
	qsort(s->usable, n, sizeof(*usable), by_first);
	return true;
}

void iova_fini(struct iova_space *s)
{
	free(s->usable);
	free(s->used);
	*s = (struct iova_space){ 0 };
}

/* Where the bytes fit between `from` and `last`. */
static bool fits(uint64_t from, uint64_t last, uint64_t size, uint64_t align, nvt_iova *ret)
{
	uint64_t at = nvt_align_up(from, align);

	if (at < from || at > last || size - 1 > last - at)
		return false;
	*ret = at;
	return true;
}

static bool make_room(struct iova_space *s)
{
	unsigned room = s->used_room ? 2 * s->used_room : 16;
	struct iova_range *used;

	if (s->used_count < s->used_room)
		return true;
	used = realloc(s->used, room * sizeof(*used));
	if (!used)
		return false;
	s->used = used;
	s->used_room = room;
	return true;
}

static void insert(struct iova_space *s, unsigned at, nvt_iova first, uint64_t size)
{
	memmove(s->used + at + 1, s->used + at, (s->used_count - at) * sizeof(*s->used));
	s->used[at] = (struct iova_range){ first, first + size - 1 };
	s->used_count++;
}

static bool take_in(struct iova_space *s, const struct iova_range *range, uint64_t size, uint64_t align, nvt_iova *ret)
{
	uint64_t from = range->first < LOWEST ? LOWEST : range->first;
	unsigned i;

	for (i = 0; i < s->used_count && s->used[i].last < from; i++)
		;
	for (; i < s->used_count && s->used[i].first <= range->last; i++) {
		if (s->used[i].first > from && fits(from, s->used[i].first - 1, size, align, ret)) {
			insert(s, i, *ret, size);
			return true;
		}
		from = s->used[i].last + 1;
	}
	if (!from || from > range->last || !fits(from, range->last, size, align, ret))
		return false;
	insert(s, i, *ret, size);
	return true;
}

bool iova_take(struct iova_space *s, uint64_t size, uint64_t align, nvt_iova *ret)
{
	unsigned i;

	if (!size || !make_room(s))
		return false;
	for (i = 0; i < s->usable_count; i++)
		if (s->usable[i].last >= LOWEST && take_in(s, &s->usable[i], size, align, ret))
			return true;
	return false;
}

bool iova_give(struct iova_space *s, nvt_iova first)
{
	unsigned i;

	for (i = 0; i < s->used_count; i++) {
		if (s->used[i].first != first)
			continue;
		s->used_count--;
		memmove(s->used + i, s->used + i + 1, (s->used_count - i) * sizeof(*s->used));
		return true;
	}
	return false;
}
