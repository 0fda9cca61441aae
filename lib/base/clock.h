/* SPDX-License-Identifier: MIT */
/* The machine's own time, for devices that are real. */
#ifndef NVT_BASE_CLOCK_H
#define NVT_BASE_CLOCK_H

#include <nvt/event.h>

struct nvt_real_clock {
	struct nvt_clock clock;
	uint64_t start_ns;
};

/* Begins at 0. */
void nvt_real_clock_init(struct nvt_real_clock *c);

#endif
