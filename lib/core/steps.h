/* SPDX-License-Identifier: MIT */
/* Bring-up as a table of steps, and the engine that runs it forwards and undoes it backwards. */
#ifndef NVT_CORE_STEPS_H
#define NVT_CORE_STEPS_H

#include <nvt/gpu.h>

#define STEP_NEEDS_MAX 3

struct step {
	const char *name, *summary;
	const char *needs[STEP_NEEDS_MAX]; /* steps that must be done before; NULL-terminated unless
					      full */
	int (*run)(struct nvt_gpu *gpu, struct nvt_error *e);
	/* What must hold on the device afterwards; checks only. May be NULL. */
	int (*verify)(struct nvt_gpu *gpu, struct nvt_error *e);
	/*
	 * Takes back what run did, also after run or verify failed half-way. NULL: nothing stays
	 * behind.
	 */
	int (*undo)(struct nvt_gpu *gpu, struct nvt_error *e);
	const char *undo_text; /* what undo does, NULL without one */
};

struct step_run {
	struct nvt_gpu *gpu;
	const struct step *table;
	unsigned count;
	struct nvt_step_report *reports; /* as many as count */
};

/* Fills the reports: every step pending. */
void steps_begin(const struct step_run *r);
/* Runs one step; its error carries the step's name. */
int steps_run_one(const struct step_run *r, unsigned i, struct nvt_error *e);
/* Runs the table up to and including step `last`; stops at the first failure. */
int steps_run(const struct step_run *r, unsigned last, struct nvt_error *e);
/*
 * Undoes, in reverse order, every step that was begun. All are tried; the first error is returned.
 * Done steps become undone, a failed one stays failed.
 */
int steps_undo(const struct step_run *r, struct nvt_error *e);

/* The bring-up table. */
extern const struct step bringup_steps[];
extern const unsigned bringup_step_count;
/* The unload table: every step is tried, whatever became of the one before. */
extern const struct step unload_steps[];
extern const unsigned unload_step_count;

#endif
