/* SPDX-License-Identifier: MIT */
/* The message queues from the driver's side, against a hand-built GSP side: what is taken, what is
 * refused. */
#include "core/msgq.h"
#include "base/bytes.h"
#include "../support/fake_transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RING 0x40000
#define COUNT 63
#define CMD 0x1000
#define STAT 0x41000
#define ENTRIES 0x1000
#define EVENT_INIT_DONE 0x1001
#define FN_STATIC_INFO 65
#define FN_UNSIZED 54 /* SET_PAGE_DIRECTORY: no size to know the end by */

struct fixture {
	struct fake_device dev;
	struct nvt_dma mem;
	struct msgq q;
	struct nvt_error e;
	uint32_t write, seq; /* GSP's side of the status ring */
	uint8_t rec[NVT_ELEM_SIZE * NVT_ELEM_MAX + 8];
};

static void publish_header(struct fixture *f)
{
	uint8_t *h = f->mem.cpu + STAT;

	nvt_put_le32(h + 4, RING);
	nvt_put_le32(h + 8, 0x1000);
	nvt_put_le32(h + 12, COUNT);
	nvt_put_le32(h + 20, 1);
	nvt_put_le32(h + 24, 0x20);
	nvt_put_le32(h + 28, ENTRIES);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct nvt_rel rel;

	fake_device_init(&f->dev);
	assert_true(nvt_rel_find(nvt_abi_builtin(), "570.144", &rel));
	assert_int_equal(msgq_mem_size(RING), 0x81000);
	assert_int_equal(
		nvt_dma_alloc(&f->dev.t, "queues", 0x81000, 0x1000, NVT_DMA_BIDIR, &f->mem, NULL),
		0);
	assert_int_equal(msgq_init(&f->q, &f->dev.t, &f->mem, RING, rel, NULL), 0);
	publish_header(f);
	assert_int_equal(msgq_link(&f->q, 1000, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	msgq_fini(&f->q);
	nvt_dma_free(&f->dev.t, &f->mem);
	free(f);
	return 0;
}

/* Builds a record of `length` RPC bytes in f->rec; payload byte i is (uint8_t)i. */
static void build(struct fixture *f, uint32_t function, uint32_t length)
{
	const struct nvt_rpc_head h = { .length = length, .function = function };
	uint32_t i;

	memset(f->rec, 0, sizeof(f->rec));
	nvt_rpc_head_put(f->rec + NVT_ELEM_HDR, &h);
	for (i = NVT_RPC_HDR; i < length; i++)
		f->rec[NVT_ELEM_HDR + i] = (uint8_t)i;
	nvt_frame_seal(f->rec, length, f->seq++);
}

static void publish_write(struct fixture *f)
{
	nvt_put_le32(f->mem.cpu + STAT + 16, f->write);
}

/* Puts f->rec into the ring, wrapping, and moves the write pointer by `elems`. */
static void put_elems(struct fixture *f, uint32_t elems)
{
	uint32_t i;

	for (i = 0; i < elems; i++)
		memcpy(f->mem.cpu + STAT + ENTRIES +
			       (size_t)((f->write + i) % COUNT) * NVT_ELEM_SIZE,
		       f->rec + (size_t)i * NVT_ELEM_SIZE, NVT_ELEM_SIZE);
	f->write = (f->write + elems) % COUNT;
	publish_write(f);
}

static void put(struct fixture *f, uint32_t function, uint32_t length)
{
	build(f, function, length);
	put_elems(f, nvt_frame_elems(length));
}

static void expect(struct fixture *f, uint32_t function, size_t length)
{
	struct nvt_bytes msg;
	size_t i;

	assert_int_equal(msgq_recv(&f->q, &msg, &f->e), 1);
	assert_int_equal(msg.n, length);
	assert_int_equal(nvt_le32(msg.p + 12), function);
	for (i = NVT_RPC_HDR; i < (length < 0x1000 ? length : 0x1000); i++)
		assert_int_equal(msg.p[i], (uint8_t)i);
	/* the driver's read pointer lies in the ring that it writes */
	assert_int_equal(nvt_le32(f->mem.cpu + CMD + 0x20), f->q.rx_read);
}

static void refuse(struct fixture *f, int code)
{
	struct nvt_bytes msg;

	assert_int_equal(msgq_recv(&f->q, &msg, &f->e), code);
	assert_true(f->e.msg[0]);
	assert_int_equal(f->e.code, (enum nvt_code) - code);
	assert_true(f->q.broken);
	assert_true(msgq_recv(&f->q, &msg, NULL) < 0);
}

/* ---- set-up ---- */

static void test_page_table_and_header(void **state)
{
	struct fixture *f = *state;
	const uint8_t *h = f->mem.cpu + CMD;
	unsigned i;

	assert_int_equal(f->q.pte_count, 129);
	for (i = 0; i < 129; i++)
		assert_int_equal(nvt_le64(f->mem.cpu + i * 8), f->mem.iova + i * 0x1000);
	assert_int_equal(nvt_le32(h), 0);
	assert_int_equal(nvt_le32(h + 4), RING);
	assert_int_equal(nvt_le32(h + 8), 0x1000);
	assert_int_equal(nvt_le32(h + 12), COUNT);
	assert_int_equal(nvt_le32(h + 16), 0);
	assert_int_equal(nvt_le32(h + 20), 1);
	assert_int_equal(nvt_le32(h + 24), 0x20);
	assert_int_equal(nvt_le32(h + 28), ENTRIES);
}

static void test_link_never(void **state)
{
	struct fixture *f = *state;

	memset(f->mem.cpu + STAT, 0, 0x20);
	assert_int_equal(msgq_link(&f->q, 4000000, &f->e), -NVT_E_TIMEOUT);
	assert_true(f->dev.now_ns >= 4000000000 && f->dev.now_ns < 4100000000);
}

static void test_link_other_shape(void **state)
{
	static const uint32_t wrong[][2] = { { 0, 1 },      { 4, RING / 2 }, { 8, 0x800 },
					     { 12, 62 },    { 24, 0x10 },    { 24, 0x1000 },
					     { 28, 0x2000 } };
	struct fixture *f = *state;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(wrong); i++) {
		publish_header(f);
		nvt_put_le32(f->mem.cpu + STAT + wrong[i][0], wrong[i][1]);
		assert_int_equal(msgq_link(&f->q, 1000, &f->e), -NVT_E_DEVICE);
	}
}

/* ---- receive ---- */

static void test_empty(void **state)
{
	struct fixture *f = *state;
	struct nvt_bytes msg;

	assert_int_equal(msgq_recv(&f->q, &msg, &f->e), 0);
}

static void test_lengths(void **state)
{
	/* up to, at and past the end of an element; 0xfd0 fills one exactly */
	static const uint32_t lengths[] = { 0x20,  0x21,   0x48,   0xfcf, 0xfd0,
					    0xfd1, 0x1000, 0x1fd0, 0x1fd1 };
	struct fixture *f = *state;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(lengths); i++) {
		put(f, EVENT_INIT_DONE, lengths[i]);
		expect(f, EVENT_INIT_DONE, lengths[i]);
		assert_int_equal(f->q.rx_read, f->write);
	}
}

static void test_several_queued(void **state)
{
	struct fixture *f = *state;
	struct nvt_bytes msg;

	put(f, 0x1002, 0x48);
	put(f, 0x100c, 0x1800);
	put(f, EVENT_INIT_DONE, 0x20);
	expect(f, 0x1002, 0x48);
	expect(f, 0x100c, 0x1800);
	expect(f, EVENT_INIT_DONE, 0x20);
	assert_int_equal(msgq_recv(&f->q, &msg, &f->e), 0);
}

static void test_wrap(void **state)
{
	struct fixture *f = *state;
	unsigned i;

	for (i = 0; i < 40; i++) {
		put(f, EVENT_INIT_DONE, 0x2f00);
		expect(f, EVENT_INIT_DONE, 0x2f00);
	}
	assert_int_equal(f->write, 40 * 3 % COUNT);
}

static void test_full_ring(void **state)
{
	struct fixture *f = *state;
	unsigned i;

	for (i = 0; i < 62; i++)
		put(f, 0x1006, 0x130);
	for (i = 0; i < 62; i++)
		expect(f, 0x1006, 0x130);
}

static void test_bad_checksum(void **state)
{
	struct fixture *f = *state;

	build(f, EVENT_INIT_DONE, 0x40);
	f->rec[0x60] ^= 1;
	put_elems(f, 1);
	refuse(f, -NVT_E_DATA);
	assert_non_null(strstr(f->e.msg, "checksum"));
}

static void test_sequence_gap(void **state)
{
	struct fixture *f = *state;

	put(f, EVENT_INIT_DONE, 0x20);
	expect(f, EVENT_INIT_DONE, 0x20);
	f->seq++;
	put(f, EVENT_INIT_DONE, 0x20);
	refuse(f, -NVT_E_DATA);
	assert_true(f->e.seen[0] && f->e.wanted[0]);
}

static void test_length_below_header(void **state)
{
	struct fixture *f = *state;

	build(f, EVENT_INIT_DONE, 0x20);
	nvt_put_le32(f->rec + NVT_ELEM_HDR + 8, 0x1f);
	put_elems(f, 1);
	refuse(f, -NVT_E_DATA);
}

static void test_fewer_elements_than_length(void **state)
{
	struct fixture *f = *state;

	build(f, EVENT_INIT_DONE, 0x1800);
	put_elems(f, 1);
	refuse(f, -NVT_E_DATA);
}

static void test_longer_than_the_queue(void **state)
{
	static const uint32_t lengths[] = { 0x40000, 0x10000, 0xffffffff, 0xffffffd0, 0x7fffffff };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(lengths); i++) {
		struct fixture *f;

		if (i)
			assert_int_equal(setup(state), 0);
		f = *state;
		build(f, EVENT_INIT_DONE, 0x20);
		nvt_put_le32(f->rec + NVT_ELEM_HDR + 8, lengths[i]);
		put_elems(f, 1);
		refuse(f, -NVT_E_DATA);
		if (i + 1 < NVT_ARRAY_SIZE(lengths))
			teardown(state);
	}
}

static void test_element_count_disagrees(void **state)
{
	struct fixture *f = *state;
	uint32_t sum;

	build(f, EVENT_INIT_DONE, 0x20);
	nvt_put_le32(f->rec + 0x28, 2);
	nvt_put_le32(f->rec + 0x20, 0);
	sum = nvt_frame_checksum(f->rec, 0x50);
	nvt_put_le32(f->rec + 0x20, sum);
	put_elems(f, 2);
	refuse(f, -NVT_E_DATA);
}

static void test_write_pointer_outside(void **state)
{
	struct fixture *f = *state;

	f->write = COUNT;
	publish_write(f);
	refuse(f, -NVT_E_DEVICE);
}

static void test_unknown_event_passes_the_queue(void **state)
{
	struct fixture *f = *state;

	put(f, 0x1fff, 0x30);
	put(f, EVENT_INIT_DONE, 0x20);
	expect(f, 0x1fff, 0x30);
	expect(f, EVENT_INIT_DONE, 0x20);
}

/* ---- continuation ---- */

static void test_continuation_joins(void **state)
{
	struct fixture *f = *state;

	put(f, FN_UNSIZED, NVT_RECORD_MAX);
	put(f, 0x100c, 0x40); /* an event between the parts */
	put(f, NVT_FN_CONTINUATION, 0x120);
	expect(f, 0x100c, 0x40);
	expect(f, FN_UNSIZED, NVT_RECORD_MAX + 0x100);
}

static void test_continuation_without_head(void **state)
{
	struct fixture *f = *state;

	put(f, NVT_FN_CONTINUATION, 0x120);
	refuse(f, -NVT_E_DATA);
}

static void test_continuation_cut_short(void **state)
{
	struct fixture *f = *state;

	put(f, FN_UNSIZED, NVT_RECORD_MAX);
	put(f, FN_UNSIZED, 0x40);
	refuse(f, -NVT_E_DATA);
}

/* ---- send ---- */

static void send(struct fixture *f, size_t n, int want)
{
	const struct nvt_rpc_head h = { .length = (uint32_t)n, .function = FN_STATIC_INFO };
	uint8_t *msg = calloc(1, n);
	size_t i;

	for (i = NVT_RPC_HDR; i < n; i++)
		msg[i] = (uint8_t)(i * 7);
	nvt_rpc_head_put(msg, &h);
	assert_int_equal(msgq_send(&f->q, (struct nvt_bytes){ msg, n }, 1000, &f->e), want);
	free(msg);
}

/* Takes the record at *read out of the command ring as GSP-RM would. */
static void take(struct fixture *f, uint32_t *read, uint32_t seq, uint32_t function,
		 uint32_t length)
{
	struct nvt_rpc_head head;
	uint32_t i, elems = nvt_frame_elems(length), got;

	for (i = 0; i < elems; i++)
		memcpy(f->rec + (size_t)i * NVT_ELEM_SIZE,
		       f->mem.cpu + CMD + ENTRIES + (size_t)((*read + i) % COUNT) * NVT_ELEM_SIZE,
		       NVT_ELEM_SIZE);
	assert_int_equal(
		nvt_frame_check(f->rec, (size_t)elems * NVT_ELEM_SIZE, &seq, &head, &got, &f->e),
		0);
	assert_int_equal(got, elems);
	assert_int_equal(head.function, function);
	assert_int_equal(head.length, length);
	*read = (*read + elems) % COUNT;
	nvt_put_le32(f->mem.cpu + STAT + 0x20, *read);
}

static void test_send_small_and_wrapping(void **state)
{
	struct fixture *f = *state;
	uint32_t read = 0, i;

	for (i = 0; i < 50; i++) {
		uint32_t length = 0x20 + i * 0x101;

		send(f, length, 0);
		assert_int_equal(nvt_le32(f->mem.cpu + CMD + 16), f->q.tx_write);
		take(f, &read, i, FN_STATIC_INFO, length);
	}
}

static void test_send_splits(void **state)
{
	struct fixture *f = *state;
	uint32_t read = 0;

	send(f, NVT_RECORD_MAX + 0x100, 0);
	take(f, &read, 0, FN_STATIC_INFO, NVT_RECORD_MAX);
	take(f, &read, 1, NVT_FN_CONTINUATION, 0x120);
	assert_int_equal(f->rec[NVT_ELEM_HDR + NVT_RPC_HDR], (uint8_t)(NVT_RECORD_MAX * 7));
}

static void test_send_without_room(void **state)
{
	struct fixture *f = *state;
	unsigned i;

	for (i = 0; i < 62; i++)
		send(f, 0x20, 0);
	send(f, 0x20, -NVT_E_TIMEOUT);
	nvt_put_le32(f->mem.cpu + STAT + 0x20, 1);
	send(f, 0x20, 0);
	nvt_put_le32(f->mem.cpu + STAT + 0x20, COUNT);
	send(f, 0x20, -NVT_E_DEVICE);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_page_table_and_header),
		TEST(test_link_never),
		TEST(test_link_other_shape),
		TEST(test_empty),
		TEST(test_lengths),
		TEST(test_several_queued),
		TEST(test_wrap),
		TEST(test_full_ring),
		TEST(test_bad_checksum),
		TEST(test_sequence_gap),
		TEST(test_length_below_header),
		TEST(test_fewer_elements_than_length),
		TEST(test_longer_than_the_queue),
		TEST(test_element_count_disagrees),
		TEST(test_write_pointer_outside),
		TEST(test_unknown_event_passes_the_queue),
		TEST(test_continuation_joins),
		TEST(test_continuation_without_head),
		TEST(test_continuation_cut_short),
		TEST(test_send_small_and_wrapping),
		TEST(test_send_splits),
		TEST(test_send_without_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
