/* SPDX-License-Identifier: MIT */
/* Runs a table of steps forwards, undoes it backwards, and reports time and accesses of each. */
#include "core/steps.h"

#include "core/state.h"

#include <string.h>

struct mark {
	uint64_t ns, reads, writes;
};

static struct mark mark_now(const struct nvt_gpu *gpu)
{
	return (struct mark){ nvt_now_ns(gpu->ctx), gpu->t->counts.reads, gpu->t->counts.writes };
}

static void account(const struct nvt_gpu *gpu, struct mark from, struct nvt_step_report *rep)
{
	rep->us += (nvt_now_ns(gpu->ctx) - from.ns) / 1000;
	rep->mmio_reads += gpu->t->counts.reads - from.reads;
	rep->mmio_writes += gpu->t->counts.writes - from.writes;
}

static void announce(struct nvt_gpu *gpu, const char *name, enum nvt_step_state state, uint64_t us)
{
	struct nvt_event ev = { .kind = NVT_EV_STEP };

	ev.u.step.name = name;
	ev.u.step.state = state;
	ev.u.step.us = us;
	nvt_emit(gpu->ctx, &ev);
}

void steps_begin(const struct step_run *r)
{
	unsigned i;

	for (i = 0; i < r->count; i++)
		r->reports[i] = (struct nvt_step_report){ .name = r->table[i].name };
}

static int check_needs(const struct step_run *r, unsigned i, struct nvt_error *e)
{
	const struct step *s = &r->table[i];
	unsigned n, j;

	for (n = 0; n < STEP_NEEDS_MAX && s->needs[n]; n++) {
		for (j = 0; j < i; j++)
			if (!strcmp(r->table[j].name, s->needs[n]) &&
			    r->reports[j].state == NVT_STATE_DONE)
				break;
		if (j == i)
			return nvt_fail(e, NVT_E_BUG, "step %s needs %s, which is not done",
					s->name, s->needs[n]);
	}
	return 0;
}

int steps_run_one(const struct step_run *r, unsigned i, struct nvt_error *e)
{
	struct nvt_gpu *gpu = r->gpu;
	const struct step *s = &r->table[i];
	struct nvt_step_report *rep = &r->reports[i];
	struct mark from = mark_now(gpu);
	int rc = check_needs(r, i, e);

	gpu->ctx->step = s->name;
	announce(gpu, s->name, NVT_STEP_BEGIN, 0);
	if (!rc)
		rc = s->run(gpu, e);
	if (!rc && s->verify)
		rc = s->verify(gpu, e);
	account(gpu, from, rep);
	rep->state = rc ? NVT_STATE_FAILED : NVT_STATE_DONE;
	announce(gpu, s->name, rc ? NVT_STEP_FAILED : NVT_STEP_DONE, rep->us);
	gpu->ctx->step = NULL;
	if (rc)
		nvt_err_step(e, s->name);
	return rc;
}

int steps_run(const struct step_run *r, unsigned last, struct nvt_error *e)
{
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i <= last && i < r->count; i++)
		rc = steps_run_one(r, i, e);
	return rc;
}

static int undo_one(const struct step_run *r, unsigned i, struct nvt_error *e)
{
	struct nvt_gpu *gpu = r->gpu;
	struct nvt_step_report *rep = &r->reports[i];
	int rc;

	gpu->ctx->step = r->table[i].name;
	rc = r->table[i].undo(gpu, e);
	if (rc)
		nvt_err_step(e, r->table[i].name);
	if (!rc && rep->state == NVT_STATE_DONE)
		rep->state = NVT_STATE_UNDONE;
	if (!rc)
		announce(gpu, rep->name, NVT_STEP_UNDONE, 0);
	gpu->ctx->step = NULL;
	return rc;
}

int steps_undo(const struct step_run *r, struct nvt_error *e)
{
	struct nvt_error other;
	unsigned i = r->count;
	int rc, first = 0;

	while (i-- > 0) {
		if (r->reports[i].state == NVT_STATE_PENDING || !r->table[i].undo)
			continue;
		rc = undo_one(r, i, first ? &other : e);
		if (!first)
			first = rc;
	}
	return first;
}
