/* SPDX-License-Identifier: MIT */
/* A backend of a few scripted registers, and a sink that keeps events, for tests of the transport. */
#ifndef TESTS_UNIT_FAKE_H
#define TESTS_UNIT_FAKE_H

#include "transport/transport.h"

#define FAKE_REGS 8
#define FAKE_EVENTS 64
#define FAKE_BOOT_0 0x172000a1u

/* A register reads seq[0], seq[1], ... and stays at the last. */
struct fake_reg {
	uint32_t off;
	uint32_t seq[8];
	unsigned n, at;
};

struct fake {
	struct nvt_transport t;
	struct nvt_ctx ctx;
	struct nvt_clock clock;
	struct nvt_sink sink;
	uint64_t now_us;
	struct fake_reg regs[FAKE_REGS];
	unsigned reg_count;
	uint32_t refuse;                /* register on which the backend fails; 0: none */
	bool dead;                      /* everything reads all ones */
	unsigned writes, resets, frees; /* what reached the backend */
	uint32_t last_off, last_val;
	uint8_t memory[16384];
	struct nvt_event events[FAKE_EVENTS];
	unsigned event_count;
};

/* Zeroed, with BOOT_0 and a clock at 0. */
void fake_init(struct fake *f);
void fake_reg(struct fake *f, uint32_t off, unsigned n, const uint32_t *seq);
#define FAKE_REG(f, off, ...) \
	fake_reg(f, off, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (const uint32_t[]){ __VA_ARGS__ })
/* Events of that kind. */
unsigned fake_count(const struct fake *f, enum nvt_event_kind kind);

#endif
