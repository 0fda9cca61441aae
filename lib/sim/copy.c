/* SPDX-License-Identifier: MIT */
/* The copy engine: pitch to pitch, by lines, and its semaphores. Source: clc7b5.h. */
#include "sim/model.h"

#include <string.h>

enum {
	SEMAPHORE_A = 0x240, /* upper half of the address first, here and below */
	SEMAPHORE_PAYLOAD = 0x248,
	LAUNCH = 0x300,
	OFFSET_IN = 0x400,
	OFFSET_OUT = 0x408,
	PITCH_IN = 0x410,
	PITCH_OUT = 0x414,
	LINE_LENGTH = 0x418,
	LINE_COUNT = 0x41c,
};
enum {
	LAUNCH_TRANSFER = 0x3,
	LAUNCH_SEMAPHORE_SHIFT = 3, /* 2 bits: 0 none, 1 one word, 2 four words with the time */
	LAUNCH_PITCH = 1 << 7 | 1 << 8,
	LAUNCH_MULTI_LINE = 1 << 9,
	LAUNCH_REMAP = 1 << 10,
	LAUNCH_PHYSICAL = 1 << 12 | 1 << 13,
};
#define COPY_MAX (1ull << 30) /* bytes of one launch */

static uint32_t get(const struct sim_channel *c, uint32_t method)
{
	return c->copy[method / 4];
}

static uint64_t address(const struct sim_channel *c, uint32_t method)
{
	return (uint64_t)(get(c, method) & 0x1ffff) << 32 | get(c, method + 4);
}

static bool copy_line(struct sim *s, struct sim_channel *c, uint64_t from, uint64_t to, uint32_t n)
{
	uint8_t b[4096];
	uint32_t k;

	for (; n; from += k, to += k, n -= k) {
		k = n < sizeof(b) ? n : (uint32_t)sizeof(b);
		if (!sim_channel_rd(s, c, from, b, k) || !sim_channel_wr(s, c, to, b, k))
			return false;
	}
	return true;
}

static void copy(struct sim *s, struct sim_channel *c, uint32_t launch)
{
	uint32_t lines = launch & LAUNCH_MULTI_LINE ? get(c, LINE_COUNT) : 1, n = get(c, LINE_LENGTH), i;
	uint64_t from = address(c, OFFSET_IN), to = address(c, OFFSET_OUT);

	if ((launch & LAUNCH_PITCH) != LAUNCH_PITCH || launch & (LAUNCH_REMAP | LAUNCH_PHYSICAL) ||
	    (uint64_t)lines * n > COPY_MAX) {
		sim_odd(s, SIM_ODD_CHANNEL, "copy other than pitch to pitch in virtual memory");
		return;
	}
	s->fifo.copies++;
	s->fifo.copy_bytes += (uint64_t)lines * n;
	for (i = 0; i < lines; i++) {
		if (!copy_line(s, c, from, to, n))
			return;
		from += (uint64_t)(int64_t)(int32_t)get(c, PITCH_IN);
		to += (uint64_t)(int64_t)(int32_t)get(c, PITCH_OUT);
	}
}

void sim_copy_method(struct sim *s, struct sim_channel *c, uint32_t method, uint32_t val)
{
	unsigned semaphore = val >> LAUNCH_SEMAPHORE_SHIFT & 3;

	if (method / 4 >= SIM_COPY_METHODS)
		return;
	c->copy[method / 4] = val;
	if (method != LAUNCH)
		return;
	if (val & LAUNCH_TRANSFER)
		copy(s, c, val);
	if ((semaphore == 1 || semaphore == 2) && !c->faulted)
		sim_channel_release(s, c, address(c, SEMAPHORE_A), get(c, SEMAPHORE_PAYLOAD), false, semaphore == 2);
}
