/* SPDX-License-Identifier: MIT */
/* The CPU sequencer: every opcode, and scripts that are wrong. */
#include "core/sequencer.h"
#include "../support/fake_transport.h"

#include <nvt/fields.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SCRATCH 0x1400

static char calls[64];

#define CORE(name, letter)                                                                         \
	static int name(void *arg, struct nvt_error *e)                                            \
	{                                                                                          \
		(void)e;                                                                           \
		strncat(arg, letter, sizeof(calls) - strlen(arg) - 1);                             \
		return 0;                                                                          \
	}
CORE(core_reset, "r")
CORE(core_start, "s")
CORE(core_wait, "w")
CORE(core_resume, "R")

static const struct sequencer_cores cores = { core_reset, core_start, core_wait, core_resume };

struct fixture {
	struct fake_device dev;
	struct sequencer seq;
	struct nvt_error e;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fake_device_init(&f->dev);
	calls[0] = '\0';
	f->seq = (struct sequencer){ .t = &f->dev.t, .cores = &cores, .arg = calls };
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

/* The host is little-endian wherever this runs, as is the wire. */
#define RUN(f, ...)                                                                                \
	sequencer_run(&(f)->seq, (const uint8_t *)(const uint32_t[]){ __VA_ARGS__ },               \
		      sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4, &(f)->e)

static void test_registers(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 0, SCRATCH, 0x12345678), 0);
	assert_int_equal(fake_device_get(&f->dev, SCRATCH), 0x12345678);
	assert_int_equal(RUN(f, 1, SCRATCH, 0x0000ffff, 0x0000abcd), 0);
	assert_int_equal(fake_device_get(&f->dev, SCRATCH), 0x1234abcd);
	assert_int_equal(RUN(f, 4, SCRATCH, 7), 0);
	assert_int_equal(f->seq.saved[7], 0x1234abcd);
	assert_int_equal(RUN(f, 2, SCRATCH, 0xff000000, 0x12000000, 100, 5), 0);
	assert_int_equal(f->dev.log_count, 5); /* write, read and write, read, read */
}

static void test_delay(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 3, 250), 0);
	assert_int_equal(f->dev.now_ns, 250000);
	assert_int_equal(RUN(f, 3, 0xffffffff), -NVT_E_DATA);
}

/* Each delay is one that a script may ask for; all of them together are not. */
static void test_delays_without_end(void **state)
{
	struct fixture *f = *state;
	uint32_t script[64];
	unsigned i;

	for (i = 0; i < 64; i += 2) {
		script[i] = 3;
		script[i + 1] = 4000000;
	}
	assert_int_equal(sequencer_run(&f->seq, (const uint8_t *)script, 64, &f->e), -NVT_E_TIMEOUT);
	assert_true(f->dev.now_ns > 60000000000 && f->dev.now_ns < 70000000000);
	assert_true(f->e.seen[0] && f->e.wanted[0] && f->e.hint[0]);
}

static void test_core_operations_in_order(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 5, 6, 7, 8, 0, SCRATCH, 1), 0);
	assert_string_equal(calls, "rswR");
	assert_int_equal(fake_device_get(&f->dev, SCRATCH), 1);
}

static void test_poll_expires(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 2, SCRATCH, 1, 1, 300, 0x77), -NVT_E_TIMEOUT);
	assert_true(f->dev.now_ns >= 300000 && f->dev.now_ns < 1000000);
	assert_non_null(strstr(f->e.msg, "REG_POLL"));
	assert_non_null(strstr(f->e.msg, "0x77"));
	assert_non_null(strstr(f->e.reg, "0x00001400"));
	assert_true(f->e.seen[0] && f->e.wanted[0]);
}

static void test_poll_default_timeout(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 2, SCRATCH, 1, 1, 0, 0), -NVT_E_TIMEOUT);
	assert_true(f->dev.now_ns >= 4000000000);
	assert_int_equal(RUN(f, 2, SCRATCH, 1, 1, 0xffffffff, 0), -NVT_E_DATA);
}

static void test_bad_opcode(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 0, SCRATCH, 1, 9), -NVT_E_DATA);
	assert_non_null(strstr(f->e.msg, "dword 3"));
	assert_non_null(strstr(f->e.seen, "0x9"));
	assert_int_equal(RUN(f, 0xffffffff), -NVT_E_DATA);
}

static void test_truncated_operands(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 0, SCRATCH), -NVT_E_DATA);
	assert_int_equal(RUN(f, 2, SCRATCH, 1, 1, 1), -NVT_E_DATA);
	assert_int_equal(RUN(f, 4), -NVT_E_DATA);
	assert_int_equal(f->dev.log_count, 0);
}

static void test_impossible_operands(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(RUN(f, 0, 0x1401, 1), -NVT_E_DATA);
	assert_int_equal(RUN(f, 0, 0x1000000, 1), -NVT_E_DATA);
	assert_int_equal(RUN(f, 4, SCRATCH, 8), -NVT_E_DATA);
	assert_int_equal(f->dev.log_count, 0);
}

/* ---- the message around the script ---- */

static int parse(uint32_t capacity, uint32_t used, size_t n, const uint8_t **commands,
		 uint32_t *count)
{
	uint8_t payload[0x28 + 64] = { 0 };
	struct nvt_rel rel;
	struct nvt_wview w;

	assert_true(nvt_rel_find(nvt_abi_builtin(), "570.144", &rel));
	w = (struct nvt_wview){ rel, payload, sizeof(payload), 0, NULL };
	nvt_put(&w, NVF_rpc_run_cpu_sequencer_bufferSizeDWord, capacity);
	nvt_put(&w, NVF_rpc_run_cpu_sequencer_cmdIndex, used);
	assert_int_equal(w.rc, 0);
	return sequencer_parse(rel, (struct nvt_bytes){ payload, n }, commands, count, NULL);
}

static void test_message(void **state)
{
	const uint8_t *commands;
	uint32_t count;

	(void)state;
	assert_int_equal(parse(5, 4, 0x28 + 16, &commands, &count), 0);
	assert_int_equal(count, 4);
	assert_int_equal(parse(1, 0, 0x28, &commands, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(parse(4, 4, 0x28 + 16, &commands, &count), -NVT_E_DATA);
	assert_int_equal(parse(0, 0, 0x28, &commands, &count), -NVT_E_DATA);
	assert_int_equal(parse(6, 5, 0x28 + 16, &commands, &count), -NVT_E_DATA);
	assert_int_equal(parse(0xffffffff, 0x40000001, 0x28 + 16, &commands, &count), -NVT_E_DATA);
	assert_int_equal(parse(5, 4, 0x27, &commands, &count), -NVT_E_DATA);
	assert_int_equal(parse(5, 4, 0, &commands, &count), -NVT_E_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_registers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_delay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_delays_without_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_core_operations_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_poll_expires, setup, teardown),
		cmocka_unit_test_setup_teardown(test_poll_default_timeout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_opcode, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated_operands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_impossible_operands, setup, teardown),
		cmocka_unit_test(test_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
