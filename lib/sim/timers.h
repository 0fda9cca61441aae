/* SPDX-License-Identifier: MIT */
/* The model's event queue: things that fall due at a virtual time. */
#ifndef NVT_SIM_TIMERS_H
#define NVT_SIM_TIMERS_H

#include <nvt/types.h>

struct sim;
typedef void (*sim_timer_fn)(struct sim *s);

#define SIM_TIMERS_MAX 64
struct sim_timer {
	uint64_t due_ns;
	uint64_t order; /* equal deadlines run in the order they were set */
	sim_timer_fn fn;
};
struct sim_timers {
	struct sim_timer heap[SIM_TIMERS_MAX]; /* earliest first */
	unsigned n;
	uint64_t order;
};

/* Sets fn to run at due_ns; an earlier setting of the same fn is replaced. */
void sim_timers_set(struct sim_timers *t, uint64_t due_ns, sim_timer_fn fn);
void sim_timers_cancel(struct sim_timers *t, sim_timer_fn fn);
bool sim_timers_is_set(const struct sim_timers *t, sim_timer_fn fn);
void sim_timers_clear(struct sim_timers *t);
/* The earliest timer that is due at now_ns, taken out; false if none is. */
bool sim_timers_pop(struct sim_timers *t, uint64_t now_ns, struct sim_timer *ret);
/* Earliest deadline, UINT64_MAX if none. */
uint64_t sim_timers_next(const struct sim_timers *t);

#endif
