/* SPDX-License-Identifier: MIT */
/* Channels of the model: fills, remapped and physical copies, semaphores, and what ends a channel. */
#include "sim_device.h"

#include "base/bytes.h"

/* Everything is in video memory; VA 0 is a 2 MiB page, VA 2 MiB a table of 4 KiB pages with one that is read-only. */
#define ROOT 0x100000ull
#define PD2 0x101000ull
#define PD1 0x102000ull
#define PD0 0x103000ull
#define PT 0x104000ull
#define INSTANCE 0x105000ull
#define USERD 0x106000ull
#define WINDOW 0x200000ull /* behind VA 0 */
#define READ_ONLY_VA 0x200000u
#define RING 0x0u
#define PUSH 0x1000u
#define DATA 0x10000u
#define OUT 0x20000u
#define VIDEO 2ull
#define CHID 3u
#define RUNLIST 1u

#define INC(n, method) (0x20000000u | (n) << 16 | 4u << 13 | (method) >> 2)
#define BIND INC(1, 0), 0xc7b5
#define LAUNCH(val) INC(1, 0x300), (val)
#define FILL 0x586u   /* one line, remapped, pitch to pitch */
#define COPY 0x186u   /* one line */
#define PHYSICAL (1u << 12 | 1u << 13)

struct rig {
	struct device d;
	struct sim *s;
	struct sim_channel *c;
	uint32_t put;
};

static void put64(struct rig *r, uint64_t addr, uint64_t val)
{
	uint8_t b[8];

	nvt_put_le64(b, val);
	assert_true(sim_vram_wr(&r->s->vram, addr, b, 8));
}

static void put32(struct rig *r, uint32_t va, uint32_t val)
{
	uint8_t b[4];

	nvt_put_le32(b, val);
	assert_true(sim_vram_wr(&r->s->vram, WINDOW + va, b, 4));
}

static uint32_t get32(struct rig *r, uint32_t va)
{
	uint8_t b[4];

	assert_true(sim_vram_rd(&r->s->vram, WINDOW + va, b, 4));
	return nvt_le32(b);
}

static void rig_open(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	device_open(&r->d, "ga102,strict=report");
	r->s = sim_of(r->d.t);
	r->c = &r->s->fifo.channels[0];
	*r->c = (struct sim_channel){
		.used = true, .runnable = true, .chid = CHID, .runlist = RUNLIST, .ring = RING, .entries = 16,
		.inst = INSTANCE, .userd = USERD,
	};
	put64(r, INSTANCE + 0x200, ROOT);
	put64(r, ROOT, PD2 >> 4 | VIDEO);
	put64(r, PD2, PD1 >> 4 | VIDEO);
	put64(r, PD1, PD0 >> 4 | VIDEO);
	put64(r, PD0, WINDOW >> 4 | 1);
	put64(r, PD0 + 24, PT >> 4 | VIDEO);
	put64(r, PT, (WINDOW + DATA) >> 4 | 0x41);
}

static void rig_close(struct rig *r)
{
	device_close(&r->d);
}

static void submit(struct rig *r, uint32_t runlist, const uint32_t *words, uint32_t n)
{
	uint8_t b[4];
	uint32_t i;

	for (i = 0; i < n; i++)
		put32(r, PUSH + i * 4, words[i]);
	put32(r, RING + r->put * 8, PUSH);
	put32(r, RING + r->put * 8 + 4, n << 10);
	nvt_put_le32(b, ++r->put);
	assert_true(sim_vram_wr(&r->s->vram, USERD + 0x8c, b, 4));
	sim_doorbell(r->s, runlist << 16 | CHID);
}

#define SUBMIT_ON(r, runlist, ...)                                                              \
	do {                                                                                    \
		const uint32_t words_[] = { __VA_ARGS__ };                                      \
		submit((r), (runlist), words_, sizeof(words_) / 4);                             \
	} while (0)
#define SUBMIT(r, ...) SUBMIT_ON((r), RUNLIST, __VA_ARGS__)

/* The only violation so far, by its rule and a part of its text. */
static void expect_violation(struct rig *r, const char *rule, const char *text)
{
	struct sim_findings *f = &r->s->findings;

	assert_int_equal(f->violations_n, 1);
	assert_string_equal(f->violations[0].rule, rule);
	if (!strstr(f->violations[0].text, text))
		fail_msg("%s", f->violations[0].text);
}

static void expect_clean(struct rig *r)
{
	if (r->s->findings.violations_n)
		fail_msg("%s", r->s->findings.violations[0].text);
	assert_false(r->c->faulted);
}

/* ---- copies ---- */

static void test_fill(void **state)
{
	struct rig r;
	uint32_t i;

	(void)state;
	rig_open(&r);
	/* One constant of four bytes, 3000 times: more than one chunk. */
	SUBMIT(&r, BIND, INC(3, 0x700), 0x11223344, 0, 4 | 3 << 16, INC(2, 0x408), 0, OUT, INC(1, 0x418), 3000,
	       LAUNCH(FILL));
	expect_clean(&r);
	for (i = 0; i < 3000; i++)
		assert_int_equal(get32(&r, OUT + i * 4), 0x11223344);
	assert_int_equal(get32(&r, OUT + 12000), 0);
	assert_int_equal(r.s->fifo.copies, 1);
	assert_int_equal(r.s->fifo.copy_bytes, 12000);
	/* Constants A and B, two bytes each; the byte order is the memory's. */
	SUBMIT(&r, INC(3, 0x700), 0xaaaa1122, 0xbbbb3344, 4 | 5 << 4 | 1 << 16 | 1 << 24, INC(1, 0x418), 2,
	       LAUNCH(FILL));
	assert_int_equal(get32(&r, OUT), 0x33441122);
	assert_int_equal(get32(&r, OUT + 4), 0x33441122);
	assert_int_equal(get32(&r, OUT + 8), 0x11223344);
	rig_close(&r);
}

static void test_remap(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	put32(&r, DATA, 0x44332211);
	put32(&r, DATA + 4, 0x88776655);
	put32(&r, OUT, 0xffffffff);
	put32(&r, OUT + 4, 0xffffffff);
	/* Of four bytes: the last, nothing, the first, a constant. */
	SUBMIT(&r, BIND, INC(3, 0x700), 0xcc, 0, 3 | 6 << 4 | 0 << 8 | 4 << 12 | 0 << 16 | 3 << 20 | 3 << 24,
	       INC(4, 0x400), 0, DATA, 0, OUT, INC(1, 0x418), 2, LAUNCH(FILL));
	expect_clean(&r);
	assert_int_equal(get32(&r, OUT), 0xcc11ff44);
	assert_int_equal(get32(&r, OUT + 4), 0xcc55ff88);
	rig_close(&r);
}

static void test_physical(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	r.c->privileged = true;
	put32(&r, DATA, 0x12345678);
	SUBMIT(&r, BIND, INC(2, 0x260), 0, 0, INC(4, 0x400), 0, (uint32_t)WINDOW + DATA, 0, (uint32_t)WINDOW + OUT,
	       INC(1, 0x418), 4, LAUNCH(COPY | PHYSICAL));
	expect_clean(&r);
	assert_int_equal(get32(&r, OUT), 0x12345678);
	r.c->privileged = false;
	SUBMIT(&r, LAUNCH(COPY | PHYSICAL));
	assert_true(r.c->faulted);
	expect_violation(&r, "channel-fault", "not privileged");
	rig_close(&r);
}

static void test_tiled(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	SUBMIT(&r, BIND, INC(4, 0x400), 0, DATA, 0, OUT, INC(1, 0x418), 4, LAUNCH(0x6));
	expect_clean(&r);
	assert_int_equal(r.s->findings.odd_n, 1);
	assert_string_equal(r.s->findings.odd[0].rule, "channel-method");
	assert_int_equal(r.s->fifo.copies, 0);
	rig_close(&r);
}

/* What would keep the model from serving anybody: empty lines without end. */
static void test_many_lines(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	SUBMIT(&r, BIND, INC(6, 0x400), 0, DATA, 0, OUT, 0, 0, INC(2, 0x418), 0, 0xffffffff, LAUNCH(COPY | 1u << 9));
	expect_clean(&r);
	assert_int_equal(r.s->findings.odd_n, 1);
	assert_int_equal(r.s->fifo.copies, 0);
	SUBMIT(&r, INC(2, 0x418), 0, 1u << 20, LAUNCH(COPY | 1u << 9));
	assert_int_equal(r.s->fifo.copies, 1);
	rig_close(&r);
}

/* ---- semaphores ---- */

static void test_copy_semaphore(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	put32(&r, OUT + 4, 0xffffffff);
	SUBMIT(&r, BIND, INC(4, 0x240), 0, OUT, 0x77, 0x99, LAUNCH(1u << 3));
	assert_int_equal(get32(&r, OUT), 0x77);
	assert_int_equal(get32(&r, OUT + 4), 0xffffffff);
	SUBMIT(&r, LAUNCH(1u << 3 | 1u << 27)); /* two words */
	assert_int_equal(get32(&r, OUT + 4), 0x99);
	device_sleep(&r.d, 10);
	SUBMIT(&r, LAUNCH(2u << 3)); /* one, and the time */
	assert_int_equal(get32(&r, OUT + 4), 0);
	assert_int_not_equal(get32(&r, OUT + 8), 0);
	expect_clean(&r);
	assert_int_equal(r.s->fifo.semaphores, 3);
	SUBMIT(&r, INC(2, 0x240), 0, OUT + 8, LAUNCH(2u << 3));
	expect_violation(&r, "channel-fault", "aligned");
	rig_close(&r);
}

static void test_host_semaphore(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	SUBMIT(&r, INC(5, 0x5c), OUT, 0, 0x1234, 0x5678, 0x01000001); /* release of 64 bits */
	assert_int_equal(get32(&r, OUT), 0x1234);
	assert_int_equal(get32(&r, OUT + 4), 0x5678);
	expect_clean(&r);
	SUBMIT(&r, INC(5, 0x5c), OUT + 4, 0, 1, 0, 0x01000000); /* acquire of 64 bits */
	assert_true(r.c->faulted);
	expect_violation(&r, "channel-fault", "aligned");
	rig_close(&r);
}

/* ---- what ends a channel ---- */

static void expect_fault(const char *text, const uint32_t *words, uint32_t n)
{
	struct rig r;

	rig_open(&r);
	submit(&r, RUNLIST, words, n);
	assert_true(r.c->faulted);
	expect_violation(&r, "channel-fault", text);
	/* Nothing runs any more. */
	SUBMIT(&r, INC(5, 0x5c), OUT, 0, 1, 0, 1);
	assert_int_equal(get32(&r, OUT), 0);
	rig_close(&r);
}

#define EXPECT_FAULT(text, ...)                                                                 \
	do {                                                                                    \
		const uint32_t words_[] = { __VA_ARGS__ };                                      \
		expect_fault((text), words_, sizeof(words_) / 4);                               \
	} while (0)

static void test_faults(void **state)
{
	(void)state;
	EXPECT_FAULT("header that means nothing", 0x40000000);
	EXPECT_FAULT("host does not have", INC(1, 0x04), 0);
	EXPECT_FAULT("copy class does not have", BIND, INC(1, 0x900), 0);
	EXPECT_FAULT("read where nothing", BIND, INC(4, 0x400), 0, 0x400000, 0, OUT + 64, INC(1, 0x418), 4, LAUNCH(COPY));
	EXPECT_FAULT("write where nothing", BIND, INC(4, 0x400), 0, DATA, 0, READ_ONLY_VA, INC(1, 0x418), 4,
		     LAUNCH(COPY));
}

/* With GR on the runlist each subchannel has its class. */
static void test_subchannels(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	r.c->runlist = 0;
	SUBMIT_ON(&r, 0, 0x20012000, 0xc797, 0x20018000, 0xc7b5, INC(1, 0x418), 4);
	expect_clean(&r);
	SUBMIT_ON(&r, 0, 0x20018000, 0xc797, INC(1, 0x418), 4);
	expect_violation(&r, "channel-object", "0x0418");
	assert_string_equal(r.s->findings.violations[0].seen, "0x0000c797");
	rig_close(&r);
	rig_open(&r);
	SUBMIT(&r, 0x20010000, 0xc7b5, INC(1, 0x418), 4); /* bound on 0, used on 4 */
	expect_clean(&r);
	rig_close(&r);
}

static void test_order(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	SUBMIT(&r, INC(1, 0x418), 4);
	expect_violation(&r, "channel-object", "method 0x0418 for the copy engine");
	sim_doorbell(r.s, RUNLIST << 16 | (CHID + 1));
	assert_int_equal(r.s->findings.violations_n, 2);
	assert_string_equal(r.s->findings.violations[1].rule, "doorbell");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_remap),
		cmocka_unit_test(test_physical),
		cmocka_unit_test(test_tiled),
		cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_copy_semaphore),
		cmocka_unit_test(test_host_semaphore),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_subchannels),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
