/* SPDX-License-Identifier: MIT */
/* nvt_poll: success, expiry, its error texts, PRI values as "not yet", dead devices, dry run. */
#include "fake.h"

#include "regs/regs_const.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define CPUCTL ((uint32_t)NVT_BASE_GSP_PFALCON + NV_PFALCON_FALCON_CPUCTL)
#define HALTED NVT_MASK(NV_PFALCON_FALCON_CPUCTL_HALTED)

static const struct nvt_poll halt = {
	.off = CPUCTL,
	.mask = HALTED,
	.want = HALTED,
	.timeout_us = 1000,
	.interval_us = 300,
	.what = "GSP falcon to halt",
	.hint = "the image may be wrong",
};

static const struct nvt_event *last_event(const struct fake *f)
{
	return &f->events[f->event_count - 1];
}

static void test_met_at_once(void **state)
{
	struct fake f;
	uint32_t seen;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0x10);
	assert_int_equal(nvt_poll(&f.t, &halt, &seen, NULL), 0);
	assert_int_equal(seen, 0x10);
	assert_int_equal(f.now_us, 0);
	assert_int_equal(f.event_count, 2);
	assert_int_equal(f.events[0].kind, NVT_EV_MMIO_RD);
	assert_int_equal(f.events[1].kind, NVT_EV_POLL);
	assert_true(f.events[1].u.poll.ok);
	assert_int_equal(f.events[1].u.poll.reads, 1);
	assert_int_equal(f.t.counts.reads, 1);
}

/* Values that stand are listed once; every read counts. */
static void test_met_later(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0, 0, 2, 0x10);
	assert_int_equal(nvt_poll(&f.t, &halt, NULL, NULL), 0);
	assert_int_equal(f.now_us, 900);
	assert_int_equal(fake_count(&f, NVT_EV_MMIO_RD), 3);
	assert_int_equal(last_event(&f)->u.poll.reads, 4);
	assert_int_equal(last_event(&f)->u.poll.seen, 0x10);
	assert_int_equal(last_event(&f)->u.poll.elapsed_us, 900);
	assert_int_equal(f.t.counts.reads, 4);
}

static void test_expiry(void **state)
{
	struct nvt_error e;
	struct fake f;
	uint32_t seen;

	(void)state;
	fake_init(&f);
	f.ctx.step = "fwsec-frts";
	assert_int_equal(nvt_poll(&f.t, &halt, &seen, &e), -NVT_E_TIMEOUT);
	assert_int_equal(f.now_us, 1000); /* 0, 300, 600, 900, and the deadline */
	assert_int_equal(last_event(&f)->u.poll.reads, 5);
	assert_false(last_event(&f)->u.poll.ok);
	assert_string_equal(e.msg, "waited 1000 us for GSP falcon to halt");
	assert_string_equal(e.reg, "GSP.NV_PFALCON_FALCON_CPUCTL (0x00110100)");
	assert_string_equal(e.seen, "HALTED=0x0 (0x00000000)");
	assert_string_equal(e.wanted, "HALTED=TRUE");
	assert_string_equal(e.hint, "the image may be wrong");
	assert_string_equal(e.step, "fwsec-frts");
	assert_int_equal(seen, 0);
}

static void test_default_interval(void **state)
{
	struct nvt_poll p = halt;
	struct fake f;

	(void)state;
	fake_init(&f);
	p.interval_us = 0;
	p.timeout_us = 100;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, NULL), -NVT_E_TIMEOUT);
	assert_int_equal(last_event(&f)->u.poll.reads, 11);
}

static void test_once(void **state)
{
	struct nvt_poll p = halt;
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	p.timeout_us = 0;
	p.hint = NULL;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.msg, "expected GSP falcon to halt");
	assert_string_equal(e.hint, "");
	assert_int_equal(last_event(&f)->u.poll.reads, 1);
	assert_int_equal(f.now_us, 0);
}

static void test_wanted_texts(void **state)
{
	struct nvt_poll p = halt;
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0x12);
	p.timeout_us = 0;
	p.negate = true;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.seen, "HALTED=TRUE (0x00000012)");
	assert_string_equal(e.wanted, "not HALTED=TRUE");
	p.mask = 0xffffffff;
	p.want = 0x12;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.seen, "0x00000012");
	assert_string_equal(e.wanted, "not 0x00000012");
	p.negate = false;
	p.mask = 0xff00; /* no field of the register */
	p.want = 0x100;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.wanted, "0x00000100 in bits 0x0000ff00");
	p.mask = 0x12; /* two fields */
	p.want = 0x02;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.wanted, "STARTCPU=TRUE HALTED=0x0");
}

static void test_negate(void **state)
{
	struct nvt_poll p = halt;
	struct fake f;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0x10, 0x10, 0);
	p.negate = true;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, NULL), 0);
	assert_int_equal(last_event(&f)->u.poll.reads, 3);
	assert_true(last_event(&f)->u.poll.negate);
}

static void test_pri(void **state)
{
	struct nvt_poll p = halt;
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0, 0xbadf1200, 0x10);
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_non_null(strstr(e.msg, "FECS_PRI_RESET"));
	assert_int_equal(last_event(&f)->kind, NVT_EV_POLL);
	assert_false(last_event(&f)->u.poll.ok);

	f.regs[1].at = 0;
	p.pri_is_not_yet = true;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), 0);

	/* "not yet" also when the pattern happens to meet the condition */
	f.regs[1].at = 1;
	f.regs[1].n = 2;
	p.negate = true;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_TIMEOUT);
	assert_string_equal(e.seen, "PRI error 0xbadf1200");
}

static void test_all_ones(void **state)
{
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	FAKE_REG(&f, CPUCTL, 0, 0xffffffff);
	assert_int_equal(nvt_poll(&f.t, &halt, NULL, &e), 0);
	assert_int_equal(f.t.counts.reads, 3);
	f.dead = true;
	assert_int_equal(nvt_poll(&f.t, &halt, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.reg, "GSP.NV_PFALCON_FALCON_CPUCTL (0x00110100)");
	assert_non_null(strstr(e.msg, "fell off the bus"));
}

/* All ones were a value when the poll began; then BOOT_0 went too. */
static void test_dies_meanwhile(void **state)
{
	struct nvt_poll p = halt;
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	f.reg_count = 0;
	FAKE_REG(&f, NV_PMC_BOOT_0, FAKE_BOOT_0, 0xffffffff);
	FAKE_REG(&f, CPUCTL, 0xffffffff);
	p.negate = true;
	assert_int_equal(nvt_poll(&f.t, &p, NULL, &e), -NVT_E_DEVICE);
	assert_non_null(strstr(e.msg, "fell off the bus"));
}

static void test_backend_error(void **state)
{
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	f.refuse = CPUCTL;
	assert_int_equal(nvt_poll(&f.t, &halt, NULL, &e), -NVT_E_DEVICE);
	assert_string_equal(e.reg, "GSP.NV_PFALCON_FALCON_CPUCTL (0x00110100)");
	assert_int_equal(last_event(&f)->u.poll.reads, 0);
}

static void test_no_clock(void **state)
{
	struct nvt_error e;
	struct fake f;

	(void)state;
	fake_init(&f);
	f.ctx.clock = NULL;
	assert_int_equal(nvt_poll(&f.t, &halt, NULL, &e), -NVT_E_BUG);
	assert_int_equal(f.t.counts.reads, 0);
}

static void test_dry_run(void **state)
{
	struct nvt_poll p = halt;
	struct fake f;
	uint32_t seen;

	(void)state;
	fake_init(&f);
	f.t.dry_run = true;
	f.ctx.clock = NULL;
	assert_int_equal(nvt_poll(&f.t, &p, &seen, NULL), 0);
	assert_int_equal(seen, 0x10);
	p.negate = true;
	assert_int_equal(nvt_poll(&f.t, &p, &seen, NULL), 0);
	assert_int_equal(seen, 0);
	assert_int_equal(f.t.counts.reads, 0);
	assert_int_equal(fake_count(&f, NVT_EV_POLL), 2);
	assert_true(f.events[0].u.poll.dry);
	assert_int_equal(f.events[0].u.poll.reads, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_met_at_once),	 cmocka_unit_test(test_met_later),
		cmocka_unit_test(test_expiry),		 cmocka_unit_test(test_default_interval),
		cmocka_unit_test(test_once),		 cmocka_unit_test(test_wanted_texts),
		cmocka_unit_test(test_negate),		 cmocka_unit_test(test_pri),
		cmocka_unit_test(test_all_ones),	 cmocka_unit_test(test_dies_meanwhile),
		cmocka_unit_test(test_backend_error),	 cmocka_unit_test(test_no_clock),
		cmocka_unit_test(test_dry_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
