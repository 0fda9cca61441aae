/* SPDX-License-Identifier: MIT */
/*
 * A dry run lists what a boot does: the same writes and polls in the same order, and performs none.
 */
#include "device.h"
#include "core/state.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LINES 4096

/*
 * Writes and polls as text, those of the CPU sequencer left out: its script is the GPU's to choose.
 */
struct recorder {
	struct nvt_sink sink;
	char (*lines)[96];
	unsigned count;
	unsigned performed; /* writes that were not dry */
};

static void line(struct recorder *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void line(struct recorder *r, const char *fmt, ...)
{
	va_list ap;

	assert_true(r->count < LINES);
	va_start(ap, fmt);
	vsnprintf(r->lines[r->count++], sizeof(r->lines[0]), fmt, ap);
	va_end(ap);
}

static void record(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct recorder *r = (struct recorder *)self;
	const char *step = ev->step ? ev->step : "";

	if (!strcmp(step, "sequencer"))
		return;
	switch (ev->kind) {
	case NVT_EV_MMIO_WR:
	case NVT_EV_CFG_WR:
		r->performed += !ev->u.mmio.dry;
		line(r, "%s %s %06" PRIx64 " %08" PRIx64, step, nvt_event_kind_name(ev->kind),
		     ev->u.mmio.off, ev->u.mmio.val);
		break;
	case NVT_EV_POLL:
		line(r, "%s poll %06" PRIx64 " %08x %s %08x %" PRIu64, step, ev->u.poll.off,
		     ev->u.poll.mask, ev->u.poll.negate ? "!=" : "==", ev->u.poll.want,
		     ev->u.poll.timeout_us);
		break;
	case NVT_EV_WINDOW_WR:
	case NVT_EV_RESET:
		fail_msg("a boot has no %s", nvt_event_kind_name(ev->kind));
		break;
	default:
		break;
	}
}

static void boot(struct recorder *r, const char *release, bool dry)
{
	const struct nvt_boot_opts opts = { .dry_run = dry };
	struct nvt_gpu *gpu = device_open_release(release, "sim:ga102");
	static struct nvt_boot_report report;
	struct nvt_error e;

	*r = (struct recorder){ .sink.emit = record, .lines = calloc(LINES, sizeof(r->lines[0])) };
	nvt_ctx_add_sink(nvt_gpu_ctx(gpu), &r->sink);
	gpu->t->writes_forbidden = dry;
	if (nvt_gpu_boot(gpu, &opts, &report, &e))
		fail_msg("%s: %s", e.step, e.msg);
	assert_int_equal(report.up, !dry);
	if (dry)
		assert_int_equal(report.mmio_writes, 0);
	nvt_ctx_remove_sink(nvt_gpu_ctx(gpu), &r->sink);
	if (!dry)
		assert_int_equal(nvt_gpu_unload(gpu, &report, NULL), 0);
	device_close(gpu);
}

static void test_same_writes_and_polls(void **state)
{
	struct recorder real, dry;
	unsigned i;

	boot(&real, *state, false);
	boot(&dry, *state, true);
	assert_true(real.count > 100);
	for (i = 0; i < real.count && i < dry.count; i++)
		assert_string_equal(dry.lines[i], real.lines[i]);
	assert_int_equal(dry.count, real.count);
	assert_true(real.performed > 100);
	assert_int_equal(dry.performed, 0);
	free(real.lines);
	free(dry.lines);
}

/* A dry run leaves nothing behind, in memory or on the device. */
static void test_boot_after_dry_run(void **state)
{
	const struct nvt_boot_opts dry = { .dry_run = true }, opts = { .until = NULL };
	struct nvt_gpu *gpu = device_open("sim:ga102");
	static struct nvt_boot_report report;

	(void)state;
	assert_int_equal(nvt_gpu_boot(gpu, &dry, &report, NULL), 0);
	assert_int_equal(nvt_gpu_unload(gpu, &report, NULL), -NVT_E_USAGE);
	assert_int_equal(nvt_gpu_boot(gpu, &opts, &report, NULL), 0);
	assert_int_equal(nvt_gpu_unload(gpu, &report, NULL), 0);
	device_close(gpu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_same_writes_and_polls, "release"),
		cmocka_unit_test_prestate(test_same_writes_and_polls, "release-r535"),
		cmocka_unit_test(test_boot_after_dry_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
