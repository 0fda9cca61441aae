/* SPDX-License-Identifier: MIT */
/* The event stream: stamping, several sinks, taking one away, and what happens without clock or sink. */
#include <nvt/event.h>

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct counter {
	struct nvt_sink sink;
	unsigned seen;
	struct nvt_event last;
};

static void count(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct counter *c = (struct counter *)self;

	c->seen++;
	c->last = *ev;
}

static uint64_t fixed_now(struct nvt_clock *self)
{
	(void)self;
	return 1234;
}

static void test_stamps_time_and_step(void **state)
{
	struct nvt_clock clock = { fixed_now, NULL };
	struct nvt_ctx ctx = { NULL, &clock, "gsp-reset" };
	struct counter a = { { count, NULL }, 0, { 0 } };
	struct nvt_event ev = { .kind = NVT_EV_DELAY, .u.delay.us = 5 };

	(void)state;
	nvt_ctx_add_sink(&ctx, &a.sink);
	nvt_emit(&ctx, &ev);
	assert_int_equal(a.seen, 1);
	assert_int_equal(a.last.t_ns, 1234);
	assert_string_equal(a.last.step, "gsp-reset");
	assert_int_equal(a.last.u.delay.us, 5);
}

static void test_without_sink_or_clock(void **state)
{
	struct nvt_ctx ctx = { 0 };
	struct nvt_event ev = { .kind = NVT_EV_NOTE, .t_ns = 77 };
	struct counter a = { { count, NULL }, 0, { 0 } };

	(void)state;
	nvt_emit(&ctx, &ev);
	assert_int_equal(ev.t_ns, 77);
	assert_int_equal(nvt_now_ns(&ctx), 0);
	nvt_ctx_add_sink(&ctx, &a.sink);
	nvt_emit(&ctx, &ev);
	assert_int_equal(a.last.t_ns, 0);
	assert_null(a.last.step);
}

static void test_add_and_remove(void **state)
{
	struct nvt_ctx ctx = { 0 };
	struct counter a = { { count, NULL }, 0, { 0 } }, b = a, c = a;
	struct nvt_event ev = { .kind = NVT_EV_NOTE };

	(void)state;
	nvt_ctx_add_sink(&ctx, &a.sink);
	nvt_ctx_add_sink(&ctx, &b.sink);
	nvt_ctx_remove_sink(&ctx, &c.sink); /* never added */
	nvt_emit(&ctx, &ev);
	nvt_ctx_remove_sink(&ctx, &a.sink);
	nvt_emit(&ctx, &ev);
	nvt_ctx_remove_sink(&ctx, &b.sink);
	nvt_emit(&ctx, &ev);
	assert_int_equal(a.seen, 1);
	assert_int_equal(b.seen, 2);
	assert_int_equal(c.seen, 0);
	assert_null(ctx.sinks);
	assert_null(a.sink.next);
}

static void test_kinds_have_distinct_names(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < NVT_EV__COUNT; i++) {
		assert_non_null(nvt_event_kind_name((enum nvt_event_kind)i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(nvt_event_kind_name((enum nvt_event_kind)i),
						nvt_event_kind_name((enum nvt_event_kind)j));
	}
	assert_string_equal(nvt_event_kind_name(NVT_EV__COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps_time_and_step),
		cmocka_unit_test(test_without_sink_or_clock),
		cmocka_unit_test(test_add_and_remove),
		cmocka_unit_test(test_kinds_have_distinct_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
