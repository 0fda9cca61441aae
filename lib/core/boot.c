/* SPDX-License-Identifier: MIT */
/* Boot and unload: the two tables run over one GPU, with undo where it is due. */
#include "core/state.h"

#include <stdio.h>
#include <string.h>

unsigned nvt_step_count(void)
{
	return bringup_step_count;
}

void nvt_step_info(unsigned i, struct nvt_step_info *ret)
{
	const struct step *s = &bringup_steps[i];

	*ret = (struct nvt_step_info){ s->name, s->summary, s->undo_text };
}

static int find_last(const char *until, unsigned *ret, struct nvt_error *e)
{
	unsigned i;
	int rc;

	*ret = bringup_step_count - 1;
	if (!until)
		return 0;
	for (i = 0; i < bringup_step_count; i++) {
		if (!strcmp(bringup_steps[i].name, until)) {
			*ret = i;
			return 0;
		}
	}
	rc = nvt_fail(e, NVT_E_USAGE, "there is no bring-up step \"%s\"", until);
	nvt_err_hint(e, "`nvtool boot --list` lists them");
	return rc;
}

/* The first error stands; what the user has to do about the second one goes into the hint. */
static void add_undo_failure(struct nvt_gpu *gpu, const struct nvt_error *undo, struct nvt_error *e)
{
	char was[sizeof(e->hint)];

	gpu_note(gpu, "undo of %s failed: %s", undo->step, undo->msg);
	if (!e)
		return;
	memcpy(was, e->hint, sizeof(was));
	nvt_err_hint(e, "undo failed too, the device needs `nvtool reset`%s%.*s",
		     was[0] ? "; " : "", 180, was);
}

static int undo_after(struct nvt_gpu *gpu, const struct step_run *run, int rc, struct nvt_error *e)
{
	struct nvt_error undo = { 0 };
	int undo_rc = steps_undo(run, &undo);

	if (undo_rc && rc)
		add_undo_failure(gpu, &undo, e);
	if (!undo_rc || rc)
		return rc;
	if (e)
		*e = undo;
	return nvt_during(e, undo_rc, "undo");
}

static void begin(struct nvt_gpu *gpu, const struct nvt_boot_opts *opts, const struct step_run *run)
{
	gpu_forget_boot(gpu);
	memset(&gpu->report, 0, sizeof(gpu->report));
	gpu->report.step_count = run->count;
	gpu->base = gpu->t->counts;
	gpu->b.opts = opts;
	steps_begin(run);
}

int nvt_gpu_boot(struct nvt_gpu *gpu, const struct nvt_boot_opts *opts, struct nvt_boot_report *ret,
		 struct nvt_error *e)
{
	const struct step_run run = { gpu, bringup_steps, bringup_step_count, gpu->report.steps };
	unsigned last;
	int rc;

	if (gpu->report.up) {
		rc = nvt_fail(e, NVT_E_USAGE, "GSP-RM is already up");
		nvt_err_hint(e, "unload it first");
		return rc;
	}
	rc = find_last(opts->until, &last, e);
	if (rc)
		return rc;
	begin(gpu, opts, &run);
	gpu->t->dry_run = opts->dry_run;
	rc = steps_run(&run, last, e);
	if (!opts->dry_run && (rc || opts->until))
		rc = undo_after(gpu, &run, rc, e);
	gpu->t->dry_run = false;
	gpu->report.up = !rc && !opts->dry_run && !opts->until;
	gpu->b.opts = NULL;
	if (!gpu->report.up)
		gpu_forget_boot(gpu);
	gpu_account(gpu);
	*ret = gpu->report;
	return rc;
}

/* Every step is tried, so that as much as possible is taken back; the first error is the one to
 * know. */
static int run_unload(const struct step_run *run, struct nvt_error *e)
{
	struct nvt_error other;
	unsigned i;
	int rc, first = 0;

	for (i = 0; i < run->count; i++) {
		rc = steps_run_one(run, i, first ? &other : e);
		if (rc && !first)
			first = nvt_during(e, rc, "%s", run->table[i].name);
	}
	return first;
}

int nvt_gpu_unload(struct nvt_gpu *gpu, struct nvt_boot_report *ret, struct nvt_error *e)
{
	const struct step_run run = { gpu, unload_steps, unload_step_count, gpu->report.unload };
	int rc;

	if (!gpu->report.up)
		return nvt_fail(e, NVT_E_USAGE, "GSP-RM is not up");
	gpu->report.unload_count = run.count;
	steps_begin(&run);
	rc = run_unload(&run, e);
	if (rc) {
		nvt_err_step(e, "unload");
		if (e && !e->hint[0])
			nvt_err_hint(e, gpu->b.wpr2_ours
						? "GSP state stays behind; `nvtool reset` clears it"
						: "the device is clean all the same");
	}
	gpu->report.up = false;
	gpu_forget_boot(gpu);
	gpu_account(gpu);
	*ret = gpu->report;
	return rc;
}
