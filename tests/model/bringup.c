/* SPDX-License-Identifier: MIT */
/* Bring-up of the model: whole, step by step, over and over, and with every fault of its table. */
#include "device.h"

#include "core/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct nvt_boot_report report;

/* What is booted: a chip with a release's protocol. */
struct target {
	const char *uri, *chip, *folder;
};
static struct target ga102 = { "sim:ga102", "GA102", "release" };
static struct target ad102 = { "sim:ad102", "AD102", "release" };
static struct target ga102_r535 = { "sim:ga102", "GA102", "release-r535" };
static struct target ad102_r535 = { "sim:ad102", "AD102", "release-r535" };

static void ok(int rc, const struct nvt_error *e, const char *what)
{
	if (rc)
		fail_msg("%s: %s: %s", what, e->step, e->msg);
}

static void boot(struct nvt_gpu *gpu, const char *until)
{
	const struct nvt_boot_opts opts = { .until = until };
	struct nvt_error e;

	ok(nvt_gpu_boot(gpu, &opts, &report, &e), &e, until ? until : "boot");
}

static void unload(struct nvt_gpu *gpu)
{
	struct nvt_error e;

	ok(nvt_gpu_unload(gpu, &report, &e), &e, "unload");
}

/* The device cannot reach memory that was given back; a dead one says nothing. */
static void check_bus_master_off(struct nvt_gpu *gpu)
{
	uint32_t command;

	assert_int_equal(gpu->t->ops->cfg_rd(gpu->t, 0x04, 2, &command, NULL), 0);
	if (command != 0xffff)
		assert_int_equal(command & GPU_COMMAND_MASTER, 0);
}

static void test_boot(void **state)
{
	const struct target *on = *state;
	struct nvt_gpu *gpu = device_open_release(on->folder, on->uri);
	struct nvt_gpu_status st;
	unsigned i;

	boot(gpu, NULL);
	assert_true(report.up);
	assert_string_equal(report.chip->name, on->chip);
	assert_string_equal(report.release, "0.0.0-test");
	assert_int_equal(report.step_count, nvt_step_count());
	for (i = 0; i < report.step_count; i++)
		assert_int_equal(report.steps[i].state, NVT_STATE_DONE);
	assert_true(report.has_fb && report.has_static_info);
	assert_true(report.static_info.gpu_name[0] && report.static_info.fb_count);
	assert_true(report.static_info.h_client && report.static_info.h_device &&
		    report.static_info.h_subdevice);
	assert_int_equal(report.rpc_sent, 3);
	assert_int_equal(nvt_gpu_status(gpu, &st, NULL), 0);
	assert_true(st.up && st.wpr2_up && st.riscv_active && st.gfw_ready);
	assert_int_equal(st.wpr2_lo, report.fb.wpr2.base);
	assert_int_equal(st.wpr2_hi, report.fb.wpr2.base + report.fb.wpr2.size);
	unload(gpu);
	assert_true(report.unload_count > 0);
	for (i = 0; i < report.unload_count; i++)
		assert_int_equal(report.unload[i].state, NVT_STATE_DONE);
	assert_int_equal(nvt_gpu_status(gpu, &st, NULL), 0);
	assert_false(st.up || st.wpr2_up || st.riscv_active);
	device_close(gpu);
}

static void test_again_and_again(void **state)
{
	const struct target *on = *state;
	struct nvt_gpu *gpu = device_open_release(on->folder, on->uri);
	const struct nvt_boot_opts opts = { .until = NULL };

	assert_false(nvt_gpu_is_up(gpu));
	boot(gpu, NULL);
	assert_true(nvt_gpu_is_up(gpu));
	assert_int_equal(nvt_gpu_boot(gpu, &opts, &report, NULL), -NVT_E_USAGE);
	unload(gpu);
	assert_false(nvt_gpu_is_up(gpu));
	assert_int_equal(nvt_gpu_unload(gpu, &report, NULL), -NVT_E_USAGE);
	boot(gpu, NULL);
	unload(gpu);
	assert_int_equal(nvt_gpu_reset(gpu, NULL), 0);
	boot(gpu, NULL);
	/* a reset of a GPU that is up is a way out as well */
	assert_int_equal(nvt_gpu_reset(gpu, NULL), 0);
	assert_false(nvt_gpu_is_up(gpu));
	boot(gpu, NULL);
	unload(gpu);
	device_close(gpu);
}

static void test_until_each_step(void **state)
{
	const struct target *on = *state;
	struct nvt_gpu *gpu = device_open_release(on->folder, on->uri);
	const struct nvt_boot_opts unknown = { .until = "nowhere" };
	struct nvt_gpu_status st;
	struct nvt_step_info info;
	unsigned i, j;

	for (i = 0; i < nvt_step_count(); i++) {
		nvt_step_info(i, &info);
		boot(gpu, info.name);
		for (j = 0; j < nvt_step_count(); j++) {
			nvt_step_info(j, &info);
			assert_int_equal(report.steps[j].state, j > i       ? NVT_STATE_PENDING
								: info.undo ? NVT_STATE_UNDONE
									    : NVT_STATE_DONE);
		}
		assert_false(report.up);
		check_bus_master_off(gpu);
		assert_int_equal(nvt_gpu_status(gpu, &st, NULL), 0);
		assert_false(st.wpr2_up || st.riscv_active);
	}
	assert_int_equal(nvt_gpu_boot(gpu, &unknown, &report, NULL), -NVT_E_USAGE);
	boot(gpu, NULL);
	unload(gpu);
	device_close(gpu);
}

/* Every chip that `nvtool chips` says is brought up on the model. */
static void test_every_chip(void **state)
{
	struct nvt_gpu *gpu;
	unsigned i, n = 0;
	char uri[32];

	(void)state;
	for (i = 0; i < nvt_chip_count; i++) {
		if (!nvt_chip_tested(&nvt_chips[i]))
			continue;
		snprintf(uri, sizeof(uri), "sim:%s", nvt_chips[i].name);
		gpu = device_open(uri);
		boot(gpu, NULL);
		assert_ptr_equal(report.chip, &nvt_chips[i]);
		assert_int_equal(report.fb.size, nvt_chips[i].vram_default);
		assert_int_not_equal(gpu->t->pci.device, 0);
		unload(gpu);
		device_close(gpu);
		n++;
	}
	assert_int_equal(n, 10);
}

/* Not good manners, but it must not hurt. */
static void test_close_while_up(void **state)
{
	struct nvt_gpu *gpu = device_open("sim:ga102");

	(void)state;
	boot(gpu, NULL);
	device_close(gpu);
}

/* vram is the board's; the layout is that of boards that really have it. */
static void test_other_memory_size(void **state)
{
	struct nvt_gpu *gpu = device_open("sim:ga102,vram=12G");

	(void)state;
	boot(gpu, "plan-fb");
	assert_int_equal(report.fb.size, 0x300000000);
	assert_int_equal(report.fb.frts.base, 0x2ffe00000);
	assert_int_equal(report.fb.wpr_heap.size, 0x8000000);
	boot(gpu, NULL);
	unload(gpu);
	device_close(gpu);
}

/* ---- faults ---- */

static void check_error(const struct nvt_sim_fault *f, int rc, const struct nvt_error *e)
{
	if (strcmp(nvt_code_name(e->code), f->code) || strcmp(e->step, f->step))
		fail_msg("%s: %s at %s, should be %s at %s: %s", f->name, nvt_code_name(e->code),
			 e->step, f->code, f->step, e->msg);
	assert_int_equal(rc, -(int)e->code);
	if (!e->msg[0] || !e->seen[0] || !e->wanted[0] || !e->hint[0] ||
	    !(e->reg[0] || e->rpc[0] || e->seen[0]))
		fail_msg("%s: an error without details: %s", f->name, e->msg);
}

static void run_fault(const struct target *on, const struct nvt_sim_fault *f)
{
	const struct nvt_boot_opts opts = { .until = NULL };
	struct nvt_gpu *gpu;
	struct nvt_error e = { 0 };
	char uri[128];
	int rc;

	snprintf(uri, sizeof(uri), "%s,fault=%s", on->uri, f->name);
	gpu = device_open_release(on->folder, uri);
	rc = nvt_gpu_boot(gpu, &opts, &report, &e);
	if (!rc)
		rc = nvt_gpu_unload(gpu, &report, &e);
	if (f->outcome == NVT_SIM_OK)
		ok(rc, &e, f->name);
	else
		check_error(f, rc, &e);
	check_bus_master_off(gpu);
	ok(nvt_gpu_reset(gpu, &e), &e, f->name);
	boot(gpu, NULL);
	unload(gpu);
	device_close(gpu);
}

static void test_faults(void **state)
{
	unsigned i;

	for (i = 0; i < nvt_sim_fault_count; i++)
		run_fault(*state, &nvt_sim_faults[i]);
}

/* The unknown event is skipped, but not in silence. */
static void test_unknown_event_is_reported(void **state)
{
	struct nvt_gpu *gpu = device_open("sim:ga102,fault=unknown-event");

	(void)state;
	boot(gpu, NULL);
	assert_int_equal(report.events_skipped, 1);
	assert_true(report.note_count > 0);
	unload(gpu);
	device_close(gpu);
}

static void test_unknown_device(void **state)
{
	const struct nvt_open_opts opts = { .uri = "usb:1" };
	struct nvt_gpu *gpu;
	struct nvt_error e;

	(void)state;
	assert_int_equal(nvt_gpu_open(&opts, &gpu, &e), -NVT_E_USAGE);
	assert_non_null(strstr(e.wanted, "sim:CHIP"));
}

#define ON(test, target) { #test " " #target, test, NULL, NULL, &(target) }

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON(test_boot, ga102),
		ON(test_boot, ad102),
		ON(test_boot, ga102_r535),
		ON(test_boot, ad102_r535),
		ON(test_again_and_again, ga102),
		ON(test_again_and_again, ad102),
		ON(test_again_and_again, ga102_r535),
		ON(test_again_and_again, ad102_r535),
		ON(test_until_each_step, ga102),
		ON(test_until_each_step, ad102),
		ON(test_until_each_step, ga102_r535),
		ON(test_until_each_step, ad102_r535),
		cmocka_unit_test(test_every_chip),
		cmocka_unit_test(test_close_while_up),
		cmocka_unit_test(test_other_memory_size),
		ON(test_faults, ga102),
		ON(test_faults, ad102),
		ON(test_faults, ga102_r535),
		ON(test_faults, ad102_r535),
		cmocka_unit_test(test_unknown_event_is_reported),
		cmocka_unit_test(test_unknown_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
