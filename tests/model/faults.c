/* SPDX-License-Identifier: MIT */
/*
 * Every fault of the model against nvtool's own driver: the boot or unload ends as the fault's row says,
 * in bounded virtual time, and after a reset the same device boots and unloads.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include <nvt/gpu.h>

#define RELEASE_DIR "tests/model/release"
#define BOOT_LIMIT_NS (60ull * 1000000000)

static struct nvt_gpu *open_gpu(const char *uri)
{
	const struct nvt_open_opts opts = {
		.uri = uri,
		.fwdb_dir = RELEASE_DIR "/fwdb",
		.firmware_dir = RELEASE_DIR "/firmware",
		.release = "0.0.0-test",
	};
	struct nvt_gpu *gpu;
	struct nvt_error e;

	if (nvt_gpu_open(&opts, &gpu, &e))
		fail_msg("%s: %s", uri, e.msg);
	return gpu;
}

/* Boot and, if that works, unload; *step is where it failed, "" if it did not. */
static int cycle(struct nvt_gpu *gpu, const char **step, struct nvt_error *e)
{
	static struct nvt_boot_report rep;
	struct nvt_boot_opts opts = { .until = NULL };
	int rc = nvt_gpu_boot(gpu, &opts, &rep, e);

	*step = rc ? e->step : "";
	if (rc)
		return rc;
	rc = nvt_gpu_unload(gpu, &rep, e);
	if (rc)
		*step = e->step;
	return rc;
}

static unsigned violations(struct nvt_gpu *gpu)
{
	static struct nvt_sim_report rep;

	assert_true(nvt_gpu_sim_report(gpu, &rep));
	if (rep.violation_count)
		print_error("violation %s: %s (seen %s, wanted %s)\n", rep.violations[0].rule,
			    rep.violations[0].text, rep.violations[0].seen, rep.violations[0].wanted);
	return rep.violation_count;
}

static bool fired(struct nvt_gpu *gpu)
{
	static struct nvt_sim_report rep;

	assert_true(nvt_gpu_sim_report(gpu, &rep));
	return rep.fault_n == 1 && rep.fault[0].fired;
}

/* True if it ended as the row says; code and step are the row's, or those of an argument. */
static bool check(const char *fault, const char *want_code, const char *want_step)
{
	const char *step;
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_gpu *gpu;
	char uri[96];
	uint64_t took;
	bool ok;
	int rc;

	snprintf(uri, sizeof(uri), "sim:ga102,fault=%s", fault);
	gpu = open_gpu(uri);
	rc = cycle(gpu, &step, &e);
	took = nvt_now_ns(nvt_gpu_ctx(gpu));
	ok = !strcmp(nvt_code_name((enum nvt_code)-rc), want_code) && !strcmp(step, want_step) && fired(gpu) &&
	     took < BOOT_LIMIT_NS;
	if (!ok)
		print_error("%s: %s at \"%s\" after %u ms, wanted %s at \"%s\"%s\n  %s (seen %s, wanted %s)\n", fault,
			    nvt_code_name((enum nvt_code)-rc), step, (unsigned)(took / 1000000), want_code, want_step,
			    fired(gpu) ? "" : "; it did not fire", e.msg, e.seen, e.wanted);
	rc = nvt_gpu_reset(gpu, &e);
	if (!rc)
		rc = cycle(gpu, &step, &e);
	if (rc) {
		print_error("%s: after a reset: %s: %s (seen %s, wanted %s)\n", fault, step, e.msg, e.seen, e.wanted);
		ok = false;
	}
	ok = !violations(gpu) && ok;
	assert_int_equal(nvt_gpu_close(gpu, &e), 0);
	return ok;
}

static void test_clean(void **state)
{
	struct nvt_gpu *gpu = open_gpu("sim:ga102");
	struct nvt_error e;
	const char *step;

	(void)state;
	if (cycle(gpu, &step, &e))
		fail_msg("%s: %s (seen %s, wanted %s)", step, e.msg, e.seen, e.wanted);
	assert_int_equal(violations(gpu), 0);
	assert_int_equal(nvt_gpu_close(gpu, &e), 0);
}

static void test_faults(void **state)
{
	unsigned i, bad = 0;

	(void)state;
	assert_true(nvt_sim_fault_count >= 25);
	for (i = 0; i < nvt_sim_fault_count; i++)
		bad += !check(nvt_sim_faults[i].name, nvt_sim_faults[i].code, nvt_sim_faults[i].step);
	assert_int_equal(bad, 0);
}

/* A bus that dies in each phase of the device is reported by the step that is there then. */
static void test_phases(void **state)
{
	static const struct {
		const char *phase, *step;
	} rows[] = { { "gfw", "wait-gfw" },	     { "fwsec", "fwsec-frts" }, { "booter", "booter-load" },
		     { "gsp-start", "riscv-active" }, { "rpc", "sequencer" },	{ "unload", "unload" } };
	static const char *const faults[] = { "bus-dead", "pri-error" };
	unsigned i, k, bad = 0;
	char fault[64];

	(void)state;
	for (k = 0; k < NVT_ARRAY_SIZE(faults); k++) {
		for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
			snprintf(fault, sizeof(fault), "%s=%s", faults[k], rows[i].phase);
			bad += !check(fault, "device", rows[i].step);
		}
	}
	assert_int_equal(bad, 0);
}

/* A sticky fault is there again after a reset; one that fires once is not. */
static void test_sticky(void **state)
{
	struct nvt_gpu *gpu = open_gpu("sim:ga102,fault=booter-error:sticky");
	struct nvt_error e;
	const char *step;
	unsigned i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(cycle(gpu, &step, &e), -NVT_E_DEVICE);
		assert_string_equal(step, "booter-load");
		assert_int_equal(nvt_gpu_reset(gpu, &e), 0);
	}
	assert_int_equal(nvt_gpu_close(gpu, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_sticky),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
