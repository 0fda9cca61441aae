/* SPDX-License-Identifier: MIT */
/* The text trace: each record exactly as written, read again by its grammar, and write errors. */
#include <config.h>

#include <nvt/rpc.h>
#include <nvt/trace.h>
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define CPUCTL 0x00110100

static char path[64];

static int begin(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "trace-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
	(void)state;
	return unlink(path);
}

static uint64_t clock_now(struct nvt_clock *c)
{
	(void)c;
	return 1234567;
}

/* Writes the events as a trace and reads the file back. */
static char *trace_of(struct nvt_event *evs, unsigned n, const char *device, const struct nvt_chip *chip)
{
	struct nvt_clock clock = { .now_ns = clock_now };
	struct nvt_ctx ctx = { .clock = &clock };
	static char text[400 * 1024];
	struct nvt_sink *sink;
	struct nvt_error e;
	unsigned i;
	size_t got;
	FILE *f;

	assert_int_equal(nvt_trace_open(path, device, chip, &sink, &e), 0);
	nvt_ctx_add_sink(&ctx, sink);
	for (i = 0; i < n; i++)
		nvt_emit(&ctx, &evs[i]);
	nvt_ctx_remove_sink(&ctx, sink);
	assert_int_equal(nvt_trace_close(sink, &e), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	got = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[got] = '\0';
	return text;
}

/* The grammar's own reader has the last word on every file that these tests make. */
static void check_grammar(void)
{
	const char *python = getenv("PYTHON"), *src = getenv("top_srcdir");
	char cmd[512];

	if (!python || !src)
		return; /* run by hand */
	snprintf(cmd, sizeof(cmd), "'%s' '%s/tests/support/trace_check.py' %s", python, src, path);
	assert_int_equal(system(cmd), 0);
}

static void expect(struct nvt_event *evs, unsigned n, const char *want)
{
	const struct nvt_chip *chip = nvt_chip_by_name("GA102");
	static const char head[] = "nvtool-trace 1\ntool \"nvtool " PACKAGE_VERSION "\"\n"
				   "device \"sim:ga102\"\nchip GA102\n";
	char *text = trace_of(evs, n, "sim:ga102", chip);

	assert_memory_equal(text, head, sizeof(head) - 1);
	assert_string_equal(text + sizeof(head) - 1, want);
	check_grammar();
}

static void test_header(void **state)
{
	(void)state;
	expect(NULL, 0, "");
	assert_non_null(strstr(trace_of(NULL, 0, "sim:ga102,rom=a \"#\\\n\xc3.rom", NULL),
			       "device \"sim:ga102,rom=a \\x22\\x23\\x5c\\x0a\\xc3.rom\"\nchip -\n"));
	check_grammar();
}

static void test_mmio(void **state)
{
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_MMIO_RD, .u.mmio = { .size = 4, .off = CPUCTL, .val = 0x10 } },
		{ .kind = NVT_EV_MMIO_WR, .u.mmio = { .size = 4, .off = 0xfffff0, .val = 0xabc } },
		{ .kind = NVT_EV_MMIO_WR, .u.mmio = { .size = 4, .off = 0xfffff0, .dry = true } },
		{ .kind = NVT_EV_MMIO_RD, .u.mmio = { .bar = 1, .size = 8, .off = 0x123456789a, .val = 7 } },
		{ .kind = NVT_EV_MMIO_RD, .u.mmio = { .bar = 3, .size = 1, .off = 2, .val = 0xff } },
		{ .kind = NVT_EV_CFG_RD, .u.mmio = { .size = 2, .off = 0, .val = 0x10de } },
		{ .kind = NVT_EV_CFG_WR, .u.mmio = { .size = 4, .off = 0x100, .val = 6, .dry = true } },
	};

	(void)state;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "rd bar0 0x00110100 4 0x00000010"
	       " # GSP.NV_PFALCON_FALCON_CPUCTL STARTCPU=0x0 HALTED=TRUE ALIAS_EN=0x0\n"
	       "wr bar0 0x00fffff0 4 0x00000abc\n"
	       "wr bar0 0x00fffff0 4 0x00000000 dry\n"
	       "rd bar1 0x123456789a 8 0x0000000000000007\n"
	       "rd bar3 0x00000002 1 0xff\n"
	       "cfg-rd 0x000 2 0x10de\n"
	       "cfg-wr 0x100 4 0x00000006 dry\n");
}

static void test_poll(void **state)
{
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_POLL,
		  .u.poll = { .off = CPUCTL, .mask = 0x10, .want = 0x10, .seen = 0x10, .reads = 3, .listed = 2, .ok = true,
			      .timeout_us = 1000, .elapsed_us = 20 } },
		{ .kind = NVT_EV_POLL,
		  .u.poll = { .off = 0xfffff0, .mask = 1, .reads = 1, .negate = true } },
		{ .kind = NVT_EV_POLL, .u.poll = { .off = 0xfffff0, .mask = 1, .want = 1, .dry = true } },
	};

	(void)state;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "poll 0x00110100 0x00000010 == 0x00000010 1000 ok 0x00000010"
	       " # GSP.NV_PFALCON_FALCON_CPUCTL STARTCPU=0x0 HALTED=TRUE ALIAS_EN=0x0 # reads=3 listed=2 us=20\n"
	       "poll 0x00fffff0 0x00000001 != 0x00000000 0 fail 0x00000000 # reads=1 listed=0 us=0\n"
	       "poll 0x00fffff0 0x00000001 == 0x00000001 0 dry\n");
}

static void test_data(void **state)
{
	static uint8_t bytes[198] = { 0xa0, 0xa1, [69] = 0x69, [134] = 0x70, [197] = 0xff };
	const struct nvt_bytes b = { bytes, sizeof(bytes) };
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_WINDOW_RD, .u.window = { .off = 0x300000, .data = { bytes, 4 } } },
		{ .kind = NVT_EV_WINDOW_WR, .u.window = { .bar = 1, .dry = true, .data = { bytes, 2 } } },
		{ .kind = NVT_EV_DMA_DEV_WR, .u.dma = { .name = "queues", .iova = 0x1000, .size = b.n, .data = b } },
		{ .kind = NVT_EV_DMA_DEV_RD,
		  .u.dma = { .name = "GspFwWprMeta", .size = 1, .data = { bytes, 1 }, .release = "570.144" } },
	};

	(void)state;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "window-rd bar0 0x00300000 0x4\n  a0a10000\n"
	       "window-wr bar1 0x00000000 0x2 dry\n  a0a1\n"
	       "dma-dev-wr queues 0x1000 0xc6\n"
	       "  a0a1000000000000000000000000000000000000000000000000000000000000"
	       "0000000000000000000000000000000000000000000000000000000000000000\n"
	       "  0000000000690000000000000000000000000000000000000000000000000000"
	       "0000000000000000000000000000000000000000000000000000000000000000\n"
	       "  0000000000007000000000000000000000000000000000000000000000000000"
	       "0000000000000000000000000000000000000000000000000000000000000000\n"
	       "  0000000000ff\n"
	       "release 570.144\n"
	       "dma-dev-rd GspFwWprMeta 0x0 0x1\n  a0\n");
}

static void test_zero_run(void **state)
{
	static uint8_t bytes[64 + 100 + 1];
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_DMA_DEV_WR,
		  .u.dma = { .name = "log", .iova = 0x1000, .size = sizeof(bytes),
			     .data = { bytes, sizeof(bytes) } } },
	};

	(void)state;
	memset(bytes, 0x11, 64);
	bytes[64 + 100] = 0x22;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "dma-dev-wr log 0x1000 0xa5\n"
	       "  1111111111111111111111111111111111111111111111111111111111111111"
	       "1111111111111111111111111111111111111111111111111111111111111111\n"
	       "  zero 100\n"
	       "  22\n");
}

static void test_dma(void **state)
{
	static uint8_t image[64 * 1024 + 4];
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_DMA_ALLOC, .u.dma = { .name = "wpr-meta", .iova = 0xfffe0000, .size = 4096 } },
		{ .kind = NVT_EV_DMA_SYNC,
		  .u.dma = { .name = "wpr-meta", .iova = 0xfffe0010, .size = 3, .data = { image, 3 } } },
		{ .kind = NVT_EV_DMA_SYNC,
		  .u.dma = { .name = "gsp image", .iova = 0x100000000, .size = 64 * 1024,
			     .data = { image, 64 * 1024 } } },
		{ .kind = NVT_EV_DMA_SYNC,
		  .u.dma = { .name = "gsp image", .iova = 0x100000000, .size = sizeof(image),
			     .data = { image, sizeof(image) } } },
		{ .kind = NVT_EV_DMA_FREE, .u.dma = { .name = "wpr-meta", .iova = 0xfffe0000, .size = 4096 } },
	};

	(void)state;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "dma-alloc wpr-meta 0xfffe0000 0x1000\n"
	       "dma-sync wpr-meta 0xfffe0010 0x3\n  000000\n"
	       "dma-sync \"gsp image\" 0x100000000 0x10000\n  zero 65536\n"
	       "dma-sync \"gsp image\" 0x100000000 0x10004 sha256="
	       "3c78fb99a026e181c88fd31947d06ac9e4106ac5e922462fabe089ca1de9f9b3\n"
	       "dma-free wpr-meta 0xfffe0000 0x1000\n");
}

static void test_messages(void **state)
{
	struct nvt_rpc_head head = { .length = 32, .function = 0x1001, .sequence = 3 };
	uint8_t init_done[32], strange[32], broken[32] = { 1 };
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_MSG, .u.msg = { .release = "570.144", .bytes = { init_done, 32 } } },
		{ .kind = NVT_EV_MSG, .u.msg = { .to_gsp = true, .bytes = { strange, 32 } } },
		{ .kind = NVT_EV_MSG, .u.msg = { .release = "no such", .bytes = { strange, 32 } } },
		{ .kind = NVT_EV_MSG, .u.msg = { .release = "570.144", .bytes = { broken, 32 } } },
	};

	(void)state;
	nvt_rpc_head_put(init_done, &head);
	head.function = 0xabcd;
	head.result = 0x40;
	nvt_rpc_head_put(strange, &head);
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "release 570.144\n"
	       "msg from-gsp 0x20 # GSP_INIT_DONE sequence=3 result=NV_OK t=1234us\n"
	       "  0000000356525043200000000110000000000000000000000300000000000000\n"
	       "msg to-gsp 0x20 # function 0xabcd sequence=3 t=1234us\n"
	       "  000000035652504320000000cdab000040000000000000000300000000000000\n"
	       "release \"no such\"\n"
	       "msg from-gsp 0x20 # function 0xabcd sequence=3 result=0x40 t=1234us\n"
	       "  000000035652504320000000cdab000040000000000000000300000000000000\n"
	       "release 570.144\n"
	       "msg from-gsp 0x20 # no valid RPC header t=1234us\n"
	       "  0100000000000000000000000000000000000000000000000000000000000000\n");
}

static void test_steps_and_findings(void **state)
{
	struct nvt_event evs[] = {
		{ .kind = NVT_EV_STEP, .u.step = { .name = "wait-gfw", .state = NVT_STEP_BEGIN } },
		{ .kind = NVT_EV_DELAY, .u.delay = { .us = 50 } },
		{ .kind = NVT_EV_DELAY, .u.delay = { .us = 60, .dry = true } },
		{ .kind = NVT_EV_RESET },
		{ .kind = NVT_EV_RESET, .u.reset = { .dry = true } },
		{ .kind = NVT_EV_VIOLATION,
		  .u.finding = { .rule = "dma-unmapped", .text = "read of #1", .seen = "0x10", .wanted = "0x20" } },
		{ .kind = NVT_EV_ODD, .u.finding = { .rule = "twice", .text = "as nouveau does" } },
		{ .kind = NVT_EV_FAULT, .u.finding = { .rule = "bus-dead", .text = "fired", .seen = "-" } },
		{ .kind = NVT_EV_NOTE, .u.finding = { .text = "free" } },
		{ .kind = NVT_EV_STEP, .u.step = { .name = "wait-gfw", .state = NVT_STEP_DONE, .us = 77 } },
		{ .kind = NVT_EV_STEP, .u.step = { .name = "plan-fb", .state = NVT_STEP_FAILED, .us = 1 } },
		{ .kind = NVT_EV_STEP, .u.step = { .name = "wait-gfw", .state = NVT_STEP_UNDONE } },
	};

	(void)state;
	expect(evs, NVT_ARRAY_SIZE(evs),
	       "step wait-gfw begin # t=1234us\n"
	       "delay 50\n"
	       "delay 60 dry\n"
	       "reset\n"
	       "reset dry\n"
	       "violation dma-unmapped \"read of \\x231\" \"0x10\" \"0x20\"\n"
	       "odd twice \"as nouveau does\" - -\n"
	       "fault bus-dead \"fired\" \"-\" -\n"
	       "note \"\" \"free\" - -\n"
	       "step wait-gfw done # t=1234us us=77\n"
	       "step plan-fb failed # t=1234us us=1\n"
	       "step wait-gfw undone # t=1234us us=0\n");
}

static void test_write_errors(void **state)
{
	struct nvt_event ev = { .kind = NVT_EV_RESET };
	struct nvt_ctx ctx = { 0 };
	struct nvt_sink *sink;
	struct nvt_error e;
	unsigned i, n;

	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	/* found when closing, and in the middle */
	for (n = 1; n <= 100000; n *= 100000) {
		assert_int_equal(nvt_trace_open("/dev/full", "sim:ga102", NULL, &sink, &e), 0);
		nvt_ctx_add_sink(&ctx, sink);
		for (i = 0; i < n; i++)
			nvt_emit(&ctx, &ev);
		nvt_ctx_remove_sink(&ctx, sink);
		assert_int_equal(nvt_trace_close(sink, &e), -NVT_E_ENV);
		assert_string_equal(e.msg, "trace /dev/full is not complete: write failed: No space left on device");
		assert_true(e.hint[0] != '\0');
	}
}

static void test_open_errors(void **state)
{
	struct nvt_sink *sink;
	struct nvt_error e;

	(void)state;
	assert_int_equal(nvt_trace_open("/no/such/folder/t", "sim:ga102", NULL, &sink, &e), -NVT_E_ENV);
	assert_string_equal(e.msg, "cannot create trace /no/such/folder/t: No such file or directory");
	assert_int_equal(nvt_trace_close(NULL, &e), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_header, begin, end),
		cmocka_unit_test_setup_teardown(test_mmio, begin, end),
		cmocka_unit_test_setup_teardown(test_poll, begin, end),
		cmocka_unit_test_setup_teardown(test_data, begin, end),
		cmocka_unit_test_setup_teardown(test_zero_run, begin, end),
		cmocka_unit_test_setup_teardown(test_dma, begin, end),
		cmocka_unit_test_setup_teardown(test_messages, begin, end),
		cmocka_unit_test_setup_teardown(test_steps_and_findings, begin, end),
		cmocka_unit_test(test_write_errors),
		cmocka_unit_test(test_open_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
