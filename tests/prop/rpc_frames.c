/* SPDX-License-Identifier: MIT */
/* Records: seal and check against a checksum written independently; split and join. */
#include <nvt/rpc.h>

#include "base/bytes.h"
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RECORD_BYTES (NVT_ELEM_SIZE * NVT_ELEM_MAX)

static struct nvt_rel rel;
static uint8_t rec[RECORD_BYTES + 8];

static int find_release(void **state)
{
	(void)state;
	return !nvt_rel_find(nvt_abi_builtin(), "570.144", &rel);
}

/* The rule word by word: 64-bit words exclusive-or, missing bytes zero, halves folded. */
static uint32_t reference_checksum(const uint8_t *p, size_t n)
{
	uint32_t halves[2] = { 0, 0 };
	size_t i;

	for (i = 0; i < n; i++)
		halves[i / 4 % 2] ^= (uint32_t)p[i] << 8 * (i % 4);
	return halves[0] ^ halves[1];
}

static void test_checksum(void **state)
{
	size_t n, i;

	(void)state;
	for (i = 0; i < 300; i++) {
		n = i < 100 ? i : rng() % 4000;
		rng_fill(rec, n);
		assert_int_equal(nvt_frame_checksum(rec, n), reference_checksum(rec, n));
	}
	assert_int_equal(nvt_frame_checksum(rec + 1, 77), reference_checksum(rec + 1, 77));
}

static void make_record(uint32_t length, uint32_t function, uint32_t seq)
{
	struct nvt_rpc_head h = { .length = length, .function = function, .sequence = 7 };

	memset(rec, 0, sizeof(rec));
	rng_fill(rec + NVT_ELEM_HDR, length);
	nvt_rpc_head_put(rec + NVT_ELEM_HDR, &h);
	nvt_frame_seal(rec, length, seq);
}

static void test_element_count(void **state)
{
	(void)state;
	assert_int_equal(nvt_frame_elems(0x20), 1);
	assert_int_equal(nvt_frame_elems(0x1000 - 0x30), 1);
	assert_int_equal(nvt_frame_elems(0x1000 - 0x30 + 1), 2);
	assert_int_equal(nvt_frame_elems(2 * 0x1000 - 0x30), 2);
	assert_int_equal(nvt_frame_elems(2 * 0x1000 - 0x30 + 1), 3);
	assert_int_equal(nvt_frame_elems(NVT_RECORD_MAX), NVT_ELEM_MAX);
	assert_int_equal(nvt_frame_elems(NVT_RECORD_MAX + 1), NVT_ELEM_MAX + 1);
	assert_int_equal(nvt_frame_elems(UINT32_MAX), 0x100001);
}

static void test_seal(void **state)
{
	static const uint32_t edges[] = { 0x20, 0x21, 0x27, 0x28, 0xfcf, 0xfd0, 0xfd1, 0xfffe, 0xffcf, 0xffd0 };
	struct nvt_rpc_head h;
	uint32_t elems, seq, i, length;

	(void)state;
	for (i = 0; i < 60; i++) {
		length = i < NVT_ARRAY_SIZE(edges) ? edges[i] : 0x20 + (uint32_t)(rng() % (NVT_RECORD_MAX - 0x20));
		if (length > NVT_RECORD_MAX)
			continue;
		seq = (uint32_t)rng();
		make_record(length, 76, seq);
		assert_int_equal(reference_checksum(rec, (0x30 + length + 7) / 8 * 8), 0);
		assert_int_equal(nvt_frame_check(rec, RECORD_BYTES, &seq, &h, &elems, NULL), 0);
		assert_int_equal(h.length, length);
		assert_int_equal(h.function, 76);
		assert_int_equal(h.sequence, 7);
		assert_int_equal(elems, (0x30 + length + 0xfff) / 0x1000);
		assert_int_equal(nvt_frame_check(rec, 0x30 + length, NULL, &h, &elems, NULL), 0);
		assert_int_equal(nvt_frame_check(rec, 0x30 + length - 1, NULL, &h, &elems, NULL), -NVT_E_DATA);
	}
}

/* Any single flipped bit of a sealed record is found. */
static void test_bit_flips(void **state)
{
	struct nvt_rpc_head h;
	uint32_t elems, bit, length = 0x20 + 45, seq = 3;

	(void)state;
	make_record(length, 47, seq);
	for (bit = 0; bit < 8 * (0x30 + length); bit++) {
		rec[bit / 8] ^= 1u << bit % 8;
		assert_int_equal(nvt_frame_check(rec, RECORD_BYTES, &seq, &h, &elems, NULL), -NVT_E_DATA);
		rec[bit / 8] ^= 1u << bit % 8;
	}
	assert_int_equal(nvt_frame_check(rec, RECORD_BYTES, &seq, &h, &elems, NULL), 0);
}

/* A record of confidential computing: any message, sealed over whole elements with its tag and seqNum twice. */
static void make_encrypted(uint32_t elems, uint32_t seq)
{
	size_t n = (size_t)elems * NVT_ELEM_SIZE;

	rng_fill(rec, sizeof(rec));
	nvt_put_le32(rec + 0x10, seq);
	nvt_put_le32(rec + 0x20, 0);
	nvt_put_le32(rec + 0x24, seq);
	nvt_put_le32(rec + 0x28, elems);
	nvt_put_le32(rec + 0x20, reference_checksum(rec, n));
}

/* The sum covers the last byte of the last element, and a sealed record in the clear is none of these. */
static void test_encrypted(void **state)
{
	uint32_t elems, n, i, bit, at;

	(void)state;
	for (n = 1; n <= NVT_ELEM_MAX; n++) {
		make_encrypted(n, (uint32_t)rng());
		assert_true(nvt_frame_is_encrypted(rec, RECORD_BYTES, &elems));
		assert_int_equal(elems, n);
		assert_true(nvt_frame_is_encrypted(rec, (size_t)n * NVT_ELEM_SIZE, &elems));
		assert_false(nvt_frame_is_encrypted(rec, (size_t)n * NVT_ELEM_SIZE - 1, &elems));
		for (i = 0; i < 64; i++) {
			/* the last bit, then any */
			bit = i ? (uint32_t)(rng() % (8 * n * NVT_ELEM_SIZE)) : 8 * n * NVT_ELEM_SIZE - 1;
			at = bit / 8;
			rec[at] ^= 1u << bit % 8;
			assert_false(nvt_frame_is_encrypted(rec, RECORD_BYTES, &elems));
			rec[at] ^= 1u << bit % 8;
		}
	}
	make_record(0x28, 47, 3);
	assert_false(nvt_frame_is_encrypted(rec, RECORD_BYTES, &elems));
}

static void expect(size_t avail, const uint32_t *seq, const char *msg, const char *seen, const char *wanted)
{
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_rpc_head h;
	uint32_t elems;

	assert_int_equal(nvt_frame_check(rec, avail, seq, &h, &elems, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, msg);
	assert_string_equal(e.seen, seen);
	assert_string_equal(e.wanted, wanted);
}

static void test_refusals(void **state)
{
	uint32_t seq = 5, other = 4;

	(void)state;
	make_encrypted(2, seq);
	expect(RECORD_BYTES, &seq, "the record is encrypted: this GSP-RM uses confidential computing", "2 encrypted elements",
	       "an RPC header");
	make_record(0x28, 47, seq);
	expect(RECORD_BYTES, &other, "queue sequence number is 0x5, should be 0x4", "0x5", "0x4");
	expect(0x4f, NULL, "the room for a record is 0x4f, should be 0x50 to 0x10000", "0x4f", "0x50 to 0x10000");
	expect(0x57, NULL, "RPC length is 0x28, should be 0x20 to 0x27", "0x28", "0x20 to 0x27");
	rec[0x28] = 2;
	expect(RECORD_BYTES, &seq, "element count is 0x2, should be 0x1", "0x2", "0x1");
	make_record(0x28, 47, seq);
	rec[0x50] ^= 0x10;
	expect(RECORD_BYTES, &seq, "checksum over the record is 0x10, should be 0x0", "0x10", "0x0");
	make_record(0x28, 47, seq);
	rec[0x30 + 8] = 0x1f;
	expect(RECORD_BYTES, &seq, "RPC length is 0x1f, should be 0x20 to 0xffd0", "0x1f", "0x20 to 0xffd0");
	rec[0x30 + 10] = 1;
	expect(2 * RECORD_BYTES, &seq, "RPC length is 0x1001f, should be 0x20 to 0xffd0", "0x1001f", "0x20 to 0xffd0");
	rec[0x30 + 4] = 'X';
	expect(RECORD_BYTES, &seq, "RPC signature is 0x43505258, should be 0x43505256", "0x43505258", "0x43505256");
	rec[0x30 + 3] = 4;
	expect(RECORD_BYTES, &seq, "RPC header version is 0x4000000, should be 0x3000000", "0x4000000", "0x3000000");
}

/* ---- split and join ---- */

enum { MSG_MAX = 4 * NVT_RECORD_MAX };

static uint8_t msg[MSG_MAX], part[NVT_RECORD_MAX], joined[MSG_MAX];

static size_t record_of(const struct nvt_split_part *p)
{
	struct nvt_rpc_head h = { .length = p->rpc_length, .function = NVT_FN_CONTINUATION };
	size_t head = p->continuation ? NVT_RPC_HDR : 0;

	assert_true(p->rpc_length <= NVT_RECORD_MAX);
	assert_int_equal(p->rpc_length, head + p->n);
	if (head)
		nvt_rpc_head_put(part, &h);
	memcpy(part + head, msg + p->off, p->n);
	if (!head) /* the first record's length is its own */
		nvt_put_le32(part + 8, p->rpc_length);
	return p->rpc_length;
}

/* A GSP_RM_CONTROL of `total` bytes, its paramsSize set to match. */
static void make_control(size_t total)
{
	struct nvt_rpc_head h = { .length = (uint32_t)total, .function = 76 };

	rng_fill(msg, total);
	nvt_rpc_head_put(msg, &h);
	nvt_put_le32(msg + NVT_RPC_HDR + 16, (uint32_t)(total - NVT_RPC_HDR - 24));
}

static void check_split_join(size_t total, unsigned records)
{
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_split_part p;
	struct nvt_bytes whole = { NULL, 0 };
	struct nvt_split s;
	struct nvt_join j;
	unsigned n = 0;
	size_t next = 0, len;
	int rc = 0;

	make_control(total);
	nvt_join_init(&j, rel, joined, sizeof(joined));
	nvt_split_begin(&s, total);
	while (nvt_split_next(&s, &p)) {
		assert_int_equal(p.off, next);
		assert_int_equal(p.continuation, n > 0);
		assert_int_equal(rc, 0);
		next += p.n;
		len = record_of(&p);
		rc = nvt_join_feed(&j, (struct nvt_bytes){ part, len }, &whole, &e);
		if (rc < 0)
			fail_msg("%zu bytes, record %u: %s", total, n, e.msg);
		n++;
	}
	assert_int_equal(rc, 1);
	assert_int_equal(n, records);
	assert_int_equal(next, total);
	assert_int_equal(whole.n, total);
	/* The head keeps the first record's length. */
	nvt_put_le32(msg + 8, nvt_le32(whole.p + 8));
	assert_memory_equal(whole.p, msg, total);
}

static void test_split_join(void **state)
{
	const size_t max = NVT_RECORD_MAX, more = NVT_RECORD_MAX - NVT_RPC_HDR, least = NVT_RPC_HDR + 24;
	struct nvt_split_part p;
	struct nvt_split s;
	unsigned i;

	(void)state;
	nvt_split_begin(&s, 0);
	assert_false(nvt_split_next(&s, &p));
	check_split_join(least, 1);
	check_split_join(least + 1, 1);
	check_split_join(max - 1, 1);
	check_split_join(max, 1);
	check_split_join(max + 1, 2);
	check_split_join(max + more, 2);
	check_split_join(max + more + 1, 3);
	check_split_join(3 * max, 4);
	check_split_join(max + 3 * more, 4);
	for (i = 0; i < 40; i++) {
		size_t total = least + rng() % (3 * max - least);

		check_split_join(total, total <= max ? 1 : 1 + (unsigned)((total - max + more - 1) / more));
	}
}

static int feed(struct nvt_join *j, size_t n, struct nvt_error *e)
{
	struct nvt_bytes whole;

	return nvt_join_feed(j, (struct nvt_bytes){ part, n }, &whole, e);
}

static void put_head(uint32_t length, uint32_t function)
{
	struct nvt_rpc_head h = { .length = length, .function = function };

	nvt_rpc_head_put(part, &h);
}

static void test_join_errors(void **state)
{
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_join j;

	(void)state;
	memset(part, 0, sizeof(part));
	nvt_join_init(&j, rel, joined, sizeof(joined));
	put_head(0x28, NVT_FN_CONTINUATION);
	assert_int_equal(feed(&j, 0x28, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "a continuation record without a message to continue");
	put_head(NVT_RECORD_MAX, 0xabc); /* of unknown length: a full record goes on */
	assert_int_equal(feed(&j, NVT_RECORD_MAX, &e), 0);
	put_head(0x28, 47);
	assert_int_equal(feed(&j, 0x28, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "message 0x2f begins while one lacks its rest, 0xffd0 bytes in");
	assert_int_equal(feed(&j, 0x28, &e), 1); /* the joiner is empty again */
	put_head(NVT_RECORD_MAX, 0xabc);
	assert_int_equal(feed(&j, NVT_RECORD_MAX, &e), 0);
	put_head(0x28, NVT_FN_CONTINUATION); /* a short one ends it */
	assert_int_equal(feed(&j, 0x28, &e), 1);
	assert_int_equal(j.n, NVT_RECORD_MAX + 8);
	j.cap = 0x27;
	put_head(0x28, 47);
	assert_int_equal(feed(&j, 0x28, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "the joined message is 0x28, should be 0x20 to 0x27");
}

static void test_join_sizes(void **state)
{
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_join j;

	(void)state;
	memset(part, 0, sizeof(part));
	nvt_join_init(&j, rel, joined, sizeof(joined));
	put_head(NVT_RECORD_MAX, 76);
	nvt_put_le32(part + NVT_RPC_HDR + 16, NVT_RECORD_MAX - NVT_RPC_HDR - 24 + 100);
	assert_int_equal(feed(&j, NVT_RECORD_MAX, &e), 0);
	put_head(NVT_RPC_HDR + 99, NVT_FN_CONTINUATION);
	assert_int_equal(feed(&j, NVT_RPC_HDR + 99, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "bytes of the joined message is 0x10033, should be 0x10034");
	put_head(NVT_RECORD_MAX, 76);
	assert_int_equal(feed(&j, NVT_RECORD_MAX, &e), 0);
	put_head(NVT_RPC_HDR + 101, NVT_FN_CONTINUATION);
	assert_int_equal(feed(&j, NVT_RPC_HDR + 101, &e), -NVT_E_DATA);
	/* A GSP_RM_CONTROL that failed may come back without the parameters it asked for. */
	put_head(NVT_RPC_HDR + 24, 76);
	assert_int_equal(feed(&j, NVT_RPC_HDR + 24, &e), 1);
}

/* NVIDIA's driver leaves GSP_RM_ALLOC's parameters out of the length; nouveau counts them. */
static void test_join_alloc(void **state)
{
	struct nvt_bytes whole;
	struct nvt_join j;

	(void)state;
	memset(part, 0, sizeof(part));
	nvt_join_init(&j, rel, joined, sizeof(joined));
	put_head(64, 103);
	nvt_put_le32(part + NVT_RPC_HDR + 20, 120);
	assert_int_equal(nvt_join_feed(&j, (struct nvt_bytes){ part, NVT_ELEM_SIZE - NVT_ELEM_HDR }, &whole, NULL), 1);
	assert_int_equal(whole.n, 64 + 120);
	put_head(64 + 120, 103);
	assert_int_equal(nvt_join_feed(&j, (struct nvt_bytes){ part, NVT_ELEM_SIZE - NVT_ELEM_HDR }, &whole, NULL), 1);
	assert_int_equal(whole.n, 64 + 120);
	nvt_put_le32(part + NVT_RPC_HDR + 20, UINT32_MAX);
	assert_int_equal(nvt_join_feed(&j, (struct nvt_bytes){ part, NVT_ELEM_SIZE - NVT_ELEM_HDR }, &whole, NULL), 1);
	assert_int_equal(whole.n, NVT_ELEM_SIZE - NVT_ELEM_HDR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksum),    cmocka_unit_test(test_element_count),
		cmocka_unit_test(test_seal),        cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_refusals),    cmocka_unit_test(test_split_join),
		cmocka_unit_test(test_join_errors), cmocka_unit_test(test_join_sizes),
		cmocka_unit_test(test_join_alloc),
	};

	rng_begin();
	return !!cmocka_run_group_tests(tests, find_release, NULL);
}
