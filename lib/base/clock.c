/* SPDX-License-Identifier: MIT */
/* CLOCK_MONOTONIC as the clock of a device. */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

static uint64_t monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static uint64_t now_ns(struct nvt_clock *self)
{
	return monotonic_ns() - ((struct nvt_real_clock *)self)->start_ns; /* clock is its first member */
}

static void sleep_us(struct nvt_clock *self, uint64_t us)
{
	struct timespec left = { .tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000) };

	(void)self;
	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

void nvt_real_clock_init(struct nvt_real_clock *c)
{
	*c = (struct nvt_real_clock){ { now_ns, sleep_us }, monotonic_ns() };
}
