/* SPDX-License-Identifier: MIT */
/* The step runner: order of runs and undos, states, needs; and the real table's shape. */
#include "core/state.h"
#include "../support/fake_transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static char journal[200];
static const char *fail_run, *fail_undo;

static void note(const char *what, const char *name)
{
	size_t n = strlen(journal);

	snprintf(journal + n, sizeof(journal) - n, "%s%s%s", n ? " " : "", what, name);
}

static int run(struct nvt_gpu *gpu, struct nvt_error *e)
{
	note("+", gpu->ctx->step);
	gpu->ctx->clock->sleep_us(gpu->ctx->clock, 7);
	if (fail_run && !strcmp(fail_run, gpu->ctx->step))
		return nvt_fail(e, NVT_E_DEVICE, "no");
	return nvt_wr32(gpu->t, 0x1400, 1, e);
}

static int verify(struct nvt_gpu *gpu, struct nvt_error *e)
{
	(void)e;
	note("?", gpu->ctx->step);
	return 0;
}

static int undo(struct nvt_gpu *gpu, struct nvt_error *e)
{
	note("-", gpu->ctx->step);
	if (fail_undo && !strcmp(fail_undo, gpu->ctx->step))
		return nvt_fail(e, NVT_E_TIMEOUT, "stuck");
	return 0;
}

static const struct step table[] = {
	{ .name = "a", .run = run, .undo = undo },
	{ .name = "b", .needs = { "a" }, .run = run },
	{ .name = "c", .needs = { "b" }, .run = run, .verify = verify, .undo = undo },
	{ .name = "d", .needs = { "a", "c" }, .run = run, .undo = undo },
	{ .name = "e", .needs = { "d" }, .run = run, .undo = undo },
};

struct fixture {
	struct fake_device dev;
	struct nvt_gpu *gpu;
	struct nvt_step_report reports[NVT_ARRAY_SIZE(table)];
	struct step_run run;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_device_init(&f->dev);
	f->gpu = calloc(1, sizeof(*f->gpu));
	f->gpu->ctx = &f->dev.ctx;
	f->gpu->t = &f->dev.t;
	f->run = (struct step_run){ f->gpu, table, NVT_ARRAY_SIZE(table), f->reports };
	steps_begin(&f->run);
	journal[0] = '\0';
	fail_run = fail_undo = NULL;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->gpu);
	free(f);
	return 0;
}

static void test_all(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(steps_run(&f->run, 4, NULL), 0);
	assert_string_equal(journal, "+a +b +c ?c +d +e");
	assert_int_equal(f->reports[4].state, NVT_STATE_DONE);
	assert_int_equal(f->reports[0].us, 7);
	assert_int_equal(f->reports[0].mmio_writes, 1);
}

static void test_failure_undoes_backwards(void **state)
{
	struct fixture *f = *state;
	struct nvt_error e;

	fail_run = "d";
	assert_int_equal(steps_run(&f->run, 4, &e), -NVT_E_DEVICE);
	assert_string_equal(e.step, "d");
	assert_int_equal(steps_undo(&f->run, NULL), 0);
	/* d was begun: its undo runs; b has none; e never ran */
	assert_string_equal(journal, "+a +b +c ?c +d -d -c -a");
	assert_int_equal(f->reports[0].state, NVT_STATE_UNDONE);
	assert_int_equal(f->reports[1].state, NVT_STATE_DONE);
	assert_int_equal(f->reports[3].state, NVT_STATE_FAILED);
	assert_int_equal(f->reports[4].state, NVT_STATE_PENDING);
}

static void test_undo_goes_on_after_a_failure(void **state)
{
	struct fixture *f = *state;
	struct nvt_error e;

	fail_undo = "c";
	assert_int_equal(steps_run(&f->run, 3, NULL), 0);
	assert_int_equal(steps_undo(&f->run, &e), -NVT_E_TIMEOUT);
	assert_string_equal(e.step, "c");
	assert_string_equal(journal, "+a +b +c ?c +d -d -c -a");
	assert_int_equal(f->reports[2].state, NVT_STATE_DONE);
}

static void test_needs(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(steps_run_one(&f->run, 2, NULL), -NVT_E_BUG);
	assert_string_equal(journal, "");
}

static void test_real_table(void **state)
{
	static const char *const names[] = { "identify",       "wait-gfw",     "load-firmware",
					     "plan-fb",        "alloc-dma",    "read-vbios",
					     "prepare-unload", "fwsec-frts",   "gsp-reset",
					     "booter-load",    "riscv-active", "link-queues",
					     "system-info",    "registry",     "sequencer",
					     "init-done",      "static-info" };
	unsigned i, j, n;

	(void)state;
	assert_int_equal(bringup_step_count, NVT_ARRAY_SIZE(names));
	assert_true(bringup_step_count <= NVT_STEPS_MAX);
	for (i = 0; i < bringup_step_count; i++) {
		const struct step *s = &bringup_steps[i];

		assert_string_equal(s->name, names[i]);
		assert_non_null(s->summary);
		assert_true(!s->undo == !s->undo_text);
		for (n = 0; n < STEP_NEEDS_MAX && s->needs[n]; n++) {
			for (j = 0; j < i && strcmp(bringup_steps[j].name, s->needs[n]); j++)
				;
			assert_true(j < i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure_undoes_backwards, setup, teardown),
		cmocka_unit_test_setup_teardown(test_undo_goes_on_after_a_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_needs, setup, teardown),
		cmocka_unit_test(test_real_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
