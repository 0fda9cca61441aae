/* SPDX-License-Identifier: MIT */
/* A binary heap of deadlines. */
#include "sim/timers.h"

#include <assert.h>

static bool earlier(const struct sim_timer *a, const struct sim_timer *b)
{
	if (a->due_ns != b->due_ns)
		return a->due_ns < b->due_ns;
	return a->order < b->order;
}

static void swap(struct sim_timer *a, struct sim_timer *b)
{
	struct sim_timer was = *a;

	*a = *b;
	*b = was;
}

static void sift_up(struct sim_timers *t, unsigned i)
{
	while (i && earlier(&t->heap[i], &t->heap[(i - 1) / 2])) {
		swap(&t->heap[i], &t->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void sift_down(struct sim_timers *t, unsigned i)
{
	unsigned least, child;

	for (;;) {
		least = i;
		for (child = 2 * i + 1; child <= 2 * i + 2 && child < t->n; child++)
			if (earlier(&t->heap[child], &t->heap[least]))
				least = child;
		if (least == i)
			return;
		swap(&t->heap[i], &t->heap[least]);
		i = least;
	}
}

static void remove_at(struct sim_timers *t, unsigned i)
{
	t->heap[i] = t->heap[--t->n];
	if (i < t->n) {
		sift_down(t, i);
		sift_up(t, i);
	}
}

void sim_timers_cancel(struct sim_timers *t, sim_timer_fn fn)
{
	unsigned i;

	for (i = 0; i < t->n; i++) {
		if (t->heap[i].fn == fn) {
			remove_at(t, i);
			return;
		}
	}
}

void sim_timers_set(struct sim_timers *t, uint64_t due_ns, sim_timer_fn fn)
{
	sim_timers_cancel(t, fn);
	/* One entry per function, and the model has fewer functions than entries. */
	assert(t->n < SIM_TIMERS_MAX);
	t->heap[t->n] = (struct sim_timer){ due_ns, t->order++, fn };
	sift_up(t, t->n++);
}

bool sim_timers_is_set(const struct sim_timers *t, sim_timer_fn fn)
{
	unsigned i;

	for (i = 0; i < t->n; i++)
		if (t->heap[i].fn == fn)
			return true;
	return false;
}

void sim_timers_clear(struct sim_timers *t)
{
	t->n = 0;
}

bool sim_timers_pop(struct sim_timers *t, uint64_t now_ns, struct sim_timer *ret)
{
	if (!t->n || t->heap[0].due_ns > now_ns)
		return false;
	*ret = t->heap[0];
	remove_at(t, 0);
	return true;
}

uint64_t sim_timers_next(const struct sim_timers *t)
{
	return t->n ? t->heap[0].due_ns : UINT64_MAX;
}
