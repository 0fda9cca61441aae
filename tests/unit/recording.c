/* SPDX-License-Identifier: MIT */
/* Recordings: what is counted, what repeats, and which differences two of them have. */
#include <nvt/recording.h>
#include "base/bytes.h"
#include "trace/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD "nvtool-trace 1\ntool \"t\"\ndevice \"sim:ga102\"\nchip GA102\n"
#define HEADER(function, length) "00000003" "56525043" length "000000" function "0000" "00000000" "00000000" "00000000" "00000000\n"
#define INIT_DONE "msg from-gsp 0x20\n  " HEADER("0110", "20")
#define STATIC_INFO "msg from-gsp 0x20\n  " HEADER("4100", "20")
#define FREE "msg to-gsp 0x20\n  " HEADER("0a00", "20")
#define CPUCTL "0x00110100 4 "
#define BOOTVEC "0x00110104 4 "

static struct nvt_recording *record(const char *text)
{
	struct nvt_rel none = { NULL, 0 };
	struct nvt_recording *r = NULL;
	struct nvt_error e;
	size_t n = sizeof(HEAD) + strlen(text);
	char *whole = malloc(n);
	FILE *f;

	assert_non_null(whole);
	snprintf(whole, n, "%s%s", HEAD, text);
	f = fmemopen(whole, strlen(whole), "r");
	assert_non_null(f);
	assert_int_equal(nvt_recording_read(f, "text", none, &r, &e), 0);
	fclose(f);
	free(whole);
	return r;
}

static void put_difference(void *arg, const struct nvt_difference *d)
{
	char *to = arg;

	to += strlen(to);
	snprintf(to, 4096 - (size_t)(to - (char *)arg), "%s %s %s: %s | %s%s\n", d->section, d->name, d->what, d->a, d->b,
		 d->why ? " (known)" : "");
}

/* The differences of two traces, one a line. */
static void expect(const char *a, const char *driver_a, const char *b, const char *driver_b, const char *want)
{
	struct nvt_recording *ra = record(a), *rb = record(b);
	struct nvt_recording_result res;
	struct nvt_error e;
	char text[4096] = "";

	assert_int_equal(nvt_recording_compare(ra, driver_a, rb, driver_b, put_difference, text, &res, &e), 0);
	assert_string_equal(text, want);
	nvt_recording_free(ra);
	nvt_recording_free(rb);
}

static void test_counts(void **state)
{
	struct nvt_recording *r = record("rd bar0 " CPUCTL "0x00000000\n"
					 "rd bar0 " CPUCTL "0x00000010\n"
					 "poll 0x00110100 0x00000010 == 0x00000010 5 ok 0x00000010 # reads=7 listed=2 us=1\n"
					 "wr bar0 " CPUCTL "0x00000002 dry\n"
					 "wr bar0 " CPUCTL "0x00000002\n"
					 "window-rd bar0 0x00300000 0x80\n  zero 128\n"
					 "wr bar1 0x00000010 8 0x0000000000000001\n"
					 "rd bar0 0x00500004 4 0x00000000\n" INIT_DONE
					 "rd bar0 " CPUCTL "0x00000000\n" STATIC_INFO
					 "rd bar0 " CPUCTL "0x00000000\nwr bar0 " CPUCTL "0x00000000\n" INIT_DONE);
	static const struct nvt_recording_block want[] = {
		{ "GSP", false, 8, 1, 1, 1 },
		{ "PROM", true, 32, 0, 0, 0 },
		{ "BAR1", true, 0, 1, 0, 0 },
		{ "0x500000", false, 1, 0, 0, 0 },
	};
	struct nvt_recording_block b;
	struct nvt_recording_info info;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		assert_true(nvt_recording_block(r, i, &b));
		assert_string_equal(b.name, want[i].name);
		assert_int_equal(b.is_window, want[i].is_window);
		assert_int_equal(b.reads, want[i].reads);
		assert_int_equal(b.writes, want[i].writes);
		assert_int_equal(b.reads_after, want[i].reads_after);
		assert_int_equal(b.writes_after, want[i].writes_after);
	}
	assert_false(nvt_recording_block(r, i, &b));
	assert_int_equal(nvt_recording_mmio(r), 11);
	nvt_recording_info(r, &info);
	assert_string_equal(info.kind, "trace");
	assert_string_equal(info.device, "sim:ga102");
	assert_string_equal(info.chip, "GA102");
	assert_true(info.booted && info.has_accesses && !info.has_steps);
	assert_int_equal(info.boots, 2);
	assert_int_equal(info.messages, 2);
	assert_int_equal(info.dropped, 0);
	nvt_recording_free(r);
}

/* Another request behind GSP_INIT_DONE ends the boot as well. */
static void test_end_of_boot(void **state)
{
	struct nvt_recording *r = record(INIT_DONE "rd bar0 " CPUCTL "0x00000000\n" FREE "rd bar0 " CPUCTL "0x00000000\n");

	(void)state;
	assert_int_equal(nvt_recording_mmio(r), 1);
	nvt_recording_free(r);
}

static void test_registers(void **state)
{
	(void)state;
	expect("wr bar0 " CPUCTL "0x00000002\n", NULL, "wr bar0 " CPUCTL "0x00000002\n", NULL, "");
	expect("wr bar0 " CPUCTL "0x00000002\n", NULL, "wr bar0 " CPUCTL "0x00000003\n", NULL,
	       "registers GSP.NV_PFALCON_FALCON_CPUCTL write: 1: 0x2 | 1: 0x3\n");
	expect("wr bar0 " CPUCTL "0x00000002\n", NULL,
	       "wr bar0 " CPUCTL "0x00000002\nwr bar0 " CPUCTL "0x00000002\nrd bar0 " BOOTVEC "0x00000000\n", NULL,
	       "registers GSP.NV_PFALCON_FALCON_CPUCTL write: 1: 0x2 | 2: 0x2\n"
	       "registers GSP.NV_PFALCON_FALCON_BOOTVEC read: - | last 0x0\n");
	expect("wr bar0 " CPUCTL "0x00000002\nwr bar0 " BOOTVEC "0x00000001\n", NULL,
	       "wr bar0 " BOOTVEC "0x00000001\nwr bar0 " CPUCTL "0x00000002\n", NULL,
	       "registers GSP.NV_PFALCON_FALCON_CPUCTL order: 1: 0x2 | 1: 0x2\n");
	/* how often something is read does not matter, what it says in the end does */
	expect("rd bar0 " CPUCTL "0x00000000\nrd bar0 " CPUCTL "0x00000010\n", NULL, "rd bar0 " CPUCTL "0x00000010\n", NULL, "");
	expect("rd bar0 " CPUCTL "0x00000010\n", NULL, "rd bar0 " CPUCTL "0x00000020\n", NULL,
	       "registers GSP.NV_PFALCON_FALCON_CPUCTL read: last 0x10 | last 0x20\n");
	/* windows are data */
	expect("rd bar0 0x00300000 4 0x00000000\nrd bar0 " CPUCTL "0x00000000\n", NULL, "rd bar0 " CPUCTL "0x00000000\n", NULL,
	       "");
	/* after the boot anything may happen */
	expect("rd bar0 " CPUCTL "0x00000000\n" INIT_DONE STATIC_INFO "wr bar0 " CPUCTL "0x00000000\n", NULL,
	       "rd bar0 " CPUCTL "0x00000000\n" INIT_DONE STATIC_INFO, NULL, "");
}

static void test_messages(void **state)
{
	(void)state;
	expect(INIT_DONE FREE, NULL, INIT_DONE, NULL, "");
	expect(FREE INIT_DONE, NULL, INIT_DONE, NULL, "messages to-gsp function 0xa count: 1 | -\n");
	expect("release 570.144\n" FREE FREE INIT_DONE, NULL, "release 570.144\n" FREE INIT_DONE, NULL,
	       "messages to-gsp FREE count: 2 | 1\n");
	expect(FREE INIT_DONE, NULL, STATIC_INFO FREE INIT_DONE, NULL, "messages from-gsp function 0x41 count: - | 1\n");
	expect(FREE STATIC_INFO INIT_DONE, NULL, STATIC_INFO FREE INIT_DONE, NULL,
	       "messages to-gsp function 0xa order: 1 | 1\n");
}

static const char meta[] = "release 570.144\ndma-dev-rd GspFwWprMeta 0x0 0x100\n  zero 120\n  %016x\n  zero 128\n";
static const char made[] = "dma-sync wpr-meta 0x0 0x1000\n  zero 120\n  %016x\n  zero 3968\nrelease 570.144\n" INIT_DONE;
static const char registry[] = "release 570.144\nmsg to-gsp 0x3b\n"
			       "  00000003565250433b00000049000000000000000000000000000000000000001b0000000100000018000000"
			       "01%02x0000%02x000000%02x000000410000\n";

static void test_structures(void **state)
{
	char a[512], b[512];

	(void)state;
	snprintf(a, sizeof(a), meta, 1);
	snprintf(b, sizeof(b), meta, 2);
	expect(a, NULL, a, NULL, "");
	expect(a, NULL, b, NULL,
	       "fb wpr_heap value: 0x100000000000000+0x0 | 0x200000000000000+0x0\n"
	       "wpr-meta gspFwHeapOffset value: 0x100000000000000 | 0x200000000000000\n");
	/* nvtool on real hardware: what it made, in a page of its own */
	snprintf(b, sizeof(b), made, 1);
	expect(a, NULL, b, NULL, "messages from-gsp GSP_INIT_DONE count: - | 1\n");
	expect(a, NULL, "reset\n", NULL, "fb plan recorded: yes | -\nwpr-meta GspFwWprMeta recorded: yes | -\n");
	snprintf(a, sizeof(a), registry, 0, 5, 4);
	snprintf(b, sizeof(b), registry, 0, 5, 0);
	expect(a, NULL, b, "nova-core", "registry A value: 0x5, length 4 | 0x5, length 0 (known)\n");
	expect(a, NULL, b, "nouveau", "registry A value: 0x5, length 4 | 0x5, length 0\n");
}

static void test_explanations(void **state)
{
	static const char timer[] = "rd bar0 0x00009400 4 0x00000001\n", none[] = "rd bar0 " CPUCTL "0x00000000\n",
			  both[] = "rd bar0 " CPUCTL "0x00000000\nrd bar0 0x00009400 4 0x00000001\n";
	struct nvt_explanation x;
	unsigned i, k;

	(void)state;
	expect(both, "nouveau", none, "nvtool", "registers NV_PTIMER_TIME_0 read: last 0x1 | - (known)\n");
	expect(none, "nvtool", both, "nouveau", "registers NV_PTIMER_TIME_0 read: - | last 0x1 (known)\n");
	/* another driver's doing, or its absence, is not explained by that */
	expect(none, "nouveau", both, "nvtool", "registers NV_PTIMER_TIME_0 read: - | last 0x1\n");
	expect(none, NULL, both, NULL, "registers NV_PTIMER_TIME_0 read: - | last 0x1\n");
	expect(timer, "nouveau", timer, NULL, "");
	for (i = 0; nvt_explanation(i, &x); i++) {
		assert_true(x.why[0] && x.source[0] && x.name[0]);
		for (k = 0; nvt_recording_section(k) && strcmp(nvt_recording_section(k), x.section); k++)
			;
		assert_non_null(nvt_recording_section(k));
		assert_true(!strcmp(x.shape, "only") || !strcmp(x.shape, "lacks") || !strcmp(x.shape, "other"));
	}
	assert_true(i > 0);
}

static void add_all(struct step_list *l, const char *keys)
{
	for (; *keys; keys++)
		assert_true(steps_add(l, (uint8_t)*keys));
}

static void test_steps(void **state)
{
	static const struct {
		const char *in, *folded;
	} rows[] = {
		{ "aaaa", "a" }, { "abab", "ab" }, { "xabcabcabcy", "xabcy" }, { "aabb", "ab" }, { "abcdefghabcdefgh", "abcdefgh" },
		{ "abcdefghiabcdefghi", "abcdefghiabcdefghi" }, { "xxyxxyz", "xyz" },
	};
	struct step_list l = { .n = 0 }, m = { .n = 0 };
	unsigned i, k;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		add_all(&l, rows[i].in);
		assert_int_equal(l.n, strlen(rows[i].folded));
		for (k = 0; k < l.n; k++)
			assert_int_equal(l.keys[k], rows[i].folded[k]);
		steps_free(&l);
	}
	add_all(&l, "abcde");
	add_all(&m, "bcaxe");
	assert_true(steps_compare(&l, &m));
	assert_true(steps_moved(&l, 'a') && steps_moved(&m, 'a') && steps_moved(&l, 'd') && steps_moved(&m, 'x'));
	assert_false(steps_moved(&l, 'b') || steps_moved(&l, 'c') || steps_moved(&l, 'e'));
	steps_free(&m);
	for (i = 0; i < STEPS_MAX + 9; i++)
		assert_true(steps_add(&l, 0x100 + i));
	assert_int_equal(l.n, STEPS_MAX);
	assert_int_equal(l.dropped, 9 + 5);
	steps_free(&l);
}

/* More registers than are kept are said to be left out. */
static void test_limits(void **state)
{
	enum { COUNT = 8192 + 5, LINE = 40 };
	char *text = malloc((size_t)COUNT * LINE + 1);
	struct nvt_recording_info info;
	struct nvt_recording *r;
	unsigned i;
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < COUNT; i++)
		n += (size_t)snprintf(text + n, LINE, "wr bar0 0x%08x 4 0x00000000\n", 0x00a00000 + 4 * i);
	r = record(text);
	nvt_recording_info(r, &info);
	assert_true(info.dropped >= 5);
	assert_int_equal(nvt_recording_mmio(r), COUNT);
	nvt_recording_free(r);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),	    cmocka_unit_test(test_end_of_boot),
		cmocka_unit_test(test_registers),   cmocka_unit_test(test_messages),
		cmocka_unit_test(test_structures),  cmocka_unit_test(test_explanations),
		cmocka_unit_test(test_steps),	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
