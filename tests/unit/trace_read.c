/* SPDX-License-Identifier: MIT */
/* Text traces read back: what is written from the events read is the same text, and damage is refused. */
#include <nvt/trace.h>
#include "base/bytes.h"
#include "trace/text_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAD "nvtool-trace 1\ntool \"t\"\ndevice \"sim:ga\\x23\"\nchip GA102\n"

/* Reads `text` to its end and hands each event to fn; returns the last answer. */
static int read_text(const char *text, void (*fn)(void *arg, const struct nvt_event *ev), void *arg,
		     struct trace_text *t, struct nvt_error *e)
{
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct nvt_reader r = { .in = { .f = f, .name = "text" } };
	const struct nvt_event *ev;
	int rc;

	assert_non_null(f);
	memset(t, 0, sizeof(*t));
	for (rc = trace_text_start(t, &r, e) ? -NVT_E_DATA : 1; rc == 1;) {
		rc = trace_text_next(t, &r, &ev, e);
		if (rc == 1 && fn)
			fn(arg, ev);
	}
	trace_text_stop(t);
	free(r.in.p);
	fclose(f);
	return rc;
}

static void write_event(void *arg, const struct nvt_event *ev)
{
	struct nvt_sink *sink = arg;

	sink->emit(sink, ev);
}

static const char all_kinds[] =
	HEAD
	"rd bar0 0x00110100 4 0x00000010 # GSP.NV_PFALCON_FALCON_CPUCTL STARTCPU=0x0 HALTED=TRUE ALIAS_EN=0x0\n"
	"wr bar0 0x00fffff0 4 0x00000abc dry\n"
	"wr bar1 0x123456789a 8 0xffffffffffffffff\n"
	"window-rd bar0 0x00300000 0x2\n  a0a1\n"
	"window-wr bar1 0x00000000 0x2 dry\n  a0a1\n"
	"poll 0x00fffff0 0x00000001 != 0x00000000 5 fail 0x00000000 # reads=7 listed=1 us=3\n"
	"poll 0x00fffff0 0x00000001 == 0x00000001 0 dry\n"
	"cfg-rd 0x000 2 0x10de\n"
	"cfg-wr 0x100 4 0x00000006 dry\n"
	"dma-alloc wpr-meta 0xfffe0000 0x1000\n"
	"dma-sync wpr-meta 0xfffe0010 0x43\n  zero 66\n  ff\n"
	"dma-free \"a b\" 0xfffe0000 0x1000\n"
	"release 570.144\n"
	"dma-dev-rd GspFwWprMeta 0x0 0x1\n  a0\n"
	"dma-dev-wr \"LIBOS log\" 0x1000 0x1\n  a0\n"
	"release 535.113.01\n"
	"msg from-gsp 0x20 # GSP_INIT_DONE sequence=3 result=NV_OK t=1234us\n"
	"  0000000356525043200000000110000000000000000000000300000000000000\n"
	"step wait-gfw begin # t=1234us\n"
	"step wait-gfw undone # t=1234us us=77\n"
	"reset\n"
	"reset dry\n"
	"delay 50\n"
	"delay 60 dry\n"
	"violation dma-unmapped \"read of \\x231\" \"0x10\" -\n"
	"odd twice \"as \\x22nouveau\\x22 does\" - \"-\"\n"
	"fault bus-dead \"fired\" - -\n"
	"note \"\" \"free\" - -\n";

static void test_round_trip(void **state)
{
	static char text[sizeof(all_kinds) + 256];
	char path[] = "trace-XXXXXX";
	struct nvt_sink *sink;
	struct trace_text t;
	struct nvt_error e;
	int fd = mkstemp(path);
	size_t n;
	FILE *f;

	(void)state;
	assert_true(fd >= 0 && !close(fd));
	assert_int_equal(nvt_trace_open(path, "sim:ga#", nvt_chip_by_name("GA102"), &sink, &e), 0);
	assert_int_equal(read_text(all_kinds, write_event, sink, &t, &e), 0);
	assert_string_equal(t.device, "sim:ga#");
	assert_string_equal(t.chip, "GA102");
	assert_int_equal(nvt_trace_close(sink, &e), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	unlink(path);
	text[n] = '\0';
	assert_string_equal(strstr(text, "rd bar0"), strstr(all_kinds, "rd bar0"));
}

static void test_damage(void **state)
{
	static const char *const lines[] = {
		"rd bar6 0x00000000 4 0x00000000",
		"rd bar0 0x00000000 9 0x00000000",
		"rd bar0 00000000 4 0x00000000",
		"rd bar0 0x00000000 4",
		"rd bar0 0x00000000 4 0x00000000 wet",
		"rd bar0 0x00000000 4 0x10000000000000000",
		"poll 0x0 0x100000000 == 0x0 0 dry",
		"poll 0x0 0x1 = 0x0 0 dry",
		"poll 0x0 0x1 == 0x0 0 good 0x0",
		"poll 0x0 0x1 == 0x0 0 ok",
		"msg up 0x20",
		"msg to-gsp 0x100001",
		"msg to-gsp 0x2\n  ff",
		"msg to-gsp 0x1\n  ffff",
		"msg to-gsp 0x1\n  fg",
		"msg to-gsp 0x1\n  f",
		"msg to-gsp 0x1\n  zero 2",
		"msg to-gsp 0x1\n  zero x",
		"msg to-gsp 0x1\n  ",
		"window-rd bar0 0x0 0x4\nreset",
		"dma-sync x 0x0",
		"step \"x\" done?",
		"step \"x done",
		"violation \"a\\x2\" \"b\" - -",
		"violation \"a\"b \"b\" - -",
		"violation a \"b\" -",
		"reset wet",
		"delay",
		"delay x",
		"chip",
	};
	char text[512];
	struct trace_text t;
	struct nvt_error e;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), "%s%s\n", HEAD, lines[i]);
		if (read_text(text, NULL, NULL, &t, &e) != -NVT_E_DATA)
			fail_msg("taken: %s", lines[i]);
		assert_true(e.where >= sizeof(HEAD) - 1);
	}
	assert_int_equal(read_text("nvtool-trace 2\n", NULL, NULL, &t, &e), -NVT_E_DATA);
}

static void count_event(void *arg, const struct nvt_event *ev)
{
	unsigned *n = arg;

	(void)ev;
	++*n;
}

/* Records of kinds to come, with their data, are passed over. */
static void test_unknown(void **state)
{
	struct trace_text t;
	struct nvt_error e;
	unsigned n = 0;

	(void)state;
	assert_int_equal(read_text(HEAD "novelty 0x4 # so what\n  01020304\ndelay 5\n", count_event, &n, &t, &e), 0);
	assert_int_equal(n, 1);
}

/* More data than a reader keeps are counted all the same. */
static void test_large(void **state)
{
	struct trace_text t;
	struct nvt_error e;
	unsigned n = 0;

	(void)state;
	assert_int_equal(read_text(HEAD "window-rd bar0 0x00000000 0x200001\n  zero 2097152\n  01\n", count_event, &n, &t,
				   &e), 0);
	assert_int_equal(n, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
