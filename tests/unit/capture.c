/* SPDX-License-Identifier: MIT */
/* Captures as pcapng: the bytes of a packet as written, clocks of every resolution, and damage by its place. */
#include <nvt/capture.h>
#include <nvt/trace.h>
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { MESSAGE = NVT_RPC_HDR + 4, SECTION = 28, INTERFACE = 32, PACKET = 32 + 32 + MESSAGE };

static const struct nvt_rpc_head head = { .length = MESSAGE, .function = 47, .result = 1, .result_private = 2,
					  .sequence = 3 };

static void make_message(uint8_t *p)
{
	nvt_rpc_head_put(p, &head);
	memcpy(p + NVT_RPC_HDR, "\1\2\3\4", 4);
}

/* ---- writing ---- */

static void test_written(void **state)
{
	static const uint8_t cap[] = "NVGR\1\1\40\0" "570.144";
	uint8_t bytes[1024], message[MESSAGE];
	struct nvt_captured m = { .t_ns = 0x123456789a, .length = MESSAGE + 100, .bytes = { message, MESSAGE } };
	char path[] = "capture-XXXXXX";
	struct nvt_sink *sink;
	struct nvt_error e;
	int fd = mkstemp(path);
	const uint8_t *p;
	FILE *f;

	(void)state;
	make_message(message);
	assert_true(fd >= 0 && !close(fd));
	assert_int_equal(nvt_capture_open(path, "dev", &sink, &e), 0);
	nvt_capture_put(sink, &m, "570.144");
	assert_int_equal(nvt_capture_close(sink, &e), 0);
	f = fopen(path, "rb");
	assert_non_null(f);
	memset(bytes, 0, sizeof(bytes));
	assert_true(fread(bytes, 1, sizeof(bytes), f) > 0);
	fclose(f);
	unlink(path);
	assert_int_equal(nvt_le32(bytes), 0x0a0d0d0a);
	p = bytes + nvt_le32(bytes + 4);
	assert_int_equal(nvt_le32(p), 1);
	assert_int_equal(nvt_le32(p + 8), 147);
	assert_memory_equal(p + 16, "\2\0\3\0dev\0\11\0\1\0\11\0\0\0\0\0\0", 20);
	p += nvt_le32(p + 4);
	assert_int_equal(nvt_le32(p), 6);
	assert_int_equal(nvt_le32(p + 12), 0x12);
	assert_int_equal(nvt_le32(p + 16), 0x3456789a);
	assert_int_equal(nvt_le32(p + 20), 32 + MESSAGE);
	assert_int_equal(nvt_le32(p + 24), 32 + MESSAGE + 100);
	assert_memory_equal(p + 28, cap, sizeof(cap));
	assert_memory_equal(p + 60, message, MESSAGE);
	assert_memory_equal(p + 60 + MESSAGE, "\2\0\4\0\1\0\0\0\0\0\0\0", 12); /* inbound */
}

/* ---- reading ---- */

struct file {
	uint8_t p[SECTION + INTERFACE + PACKET];
	size_t n;
};

/* A section, an interface with this clock, one message at this time. */
static void make_file(struct file *f, uint8_t tsresol, uint64_t t)
{
	uint8_t *p = f->p;

	memset(f, 0, sizeof(*f));
	f->n = sizeof(f->p);
	nvt_put_le32(p, 0x0a0d0d0a);
	nvt_put_le32(p + 4, SECTION);
	nvt_put_le32(p + 8, 0x1a2b3c4d);
	nvt_put_le16(p + 12, 1);
	nvt_put_le64(p + 16, UINT64_MAX);
	nvt_put_le32(p + 24, SECTION);
	p += SECTION;
	nvt_put_le32(p, 1);
	nvt_put_le32(p + 4, INTERFACE);
	nvt_put_le32(p + 8, 147);
	nvt_put_le32(p + 16, 9 | 1 << 16);
	p[20] = tsresol;
	nvt_put_le32(p + 28, INTERFACE);
	p += INTERFACE;
	nvt_put_le32(p, 6);
	nvt_put_le32(p + 4, PACKET);
	nvt_put_le32(p + 12, (uint32_t)(t >> 32));
	nvt_put_le32(p + 16, (uint32_t)t);
	nvt_put_le32(p + 20, 32 + MESSAGE);
	nvt_put_le32(p + 24, 32 + MESSAGE);
	memcpy(p + 28, "NVGR\1\0\40\0" "570.144", 15);
	make_message(p + 60);
	nvt_put_le32(p + PACKET - 4, PACKET);
}

/* Reads one message and what comes after it; each is what nvt_reader_next returned. */
static void read_file(struct file *file, struct nvt_captured *m, int ret[2], struct nvt_error *e)
{
	FILE *f = fmemopen(file->p, file->n, "rb");
	struct nvt_reader *r;
	struct nvt_captured after;

	assert_non_null(f);
	assert_int_equal(nvt_reader_open(f, "input", (struct nvt_rel){ NULL, 0 }, &r, e), 0);
	assert_string_equal(nvt_reader_kind(r), "pcapng");
	ret[0] = nvt_reader_next(r, m, e);
	ret[1] = ret[0] == 1 ? nvt_reader_next(r, &after, e) : 0;
	nvt_reader_close(r);
	fclose(f);
}

static void test_message(void **state)
{
	struct nvt_captured m;
	struct nvt_error e;
	struct file f;
	int rc[2];

	(void)state;
	make_file(&f, 9, 77);
	read_file(&f, &m, rc, &e);
	assert_int_equal(rc[0], 1);
	assert_int_equal(rc[1], 0);
	assert_int_equal(m.number, 1);
	assert_true(m.to_gsp);
	assert_int_equal(m.flags, NVT_CAP_TIME | NVT_CAP_SEQUENCE | NVT_CAP_RESULT);
	assert_int_equal(m.t_ns, 77);
	assert_string_equal(m.release, "570.144");
	assert_int_equal(m.length, MESSAGE);
	assert_int_equal(m.head.function, 47);
	assert_int_equal(m.head.result, 1);
	assert_int_equal(m.head.result_private, 2);
	assert_int_equal(m.head.sequence, 3);
}

static void test_clocks(void **state)
{
	static const struct {
		uint8_t tsresol;
		uint64_t t, ns;
	} rows[] = {
		{ 9, 1234, 1234 },
		{ 6, 7, 7000 },
		{ 3, 2, 2000000 },
		{ 0, 3, 3000000000 },
		{ 12, 5999, 5 },
		{ 127, UINT64_MAX, 0 },
		{ 0, UINT64_MAX, UINT64_MAX },
		{ 0x80, 2, 2000000000 },
		{ 0x80 | 10, 1536, 1500000000 },
		{ 0x80 | 40, 1ull << 40, 1000000000 },
		{ 0x80 | 63, 1ull << 63, 1000000000 },
		{ 0x80 | 64, 5, 0 },
		{ 0x80, UINT64_MAX, UINT64_MAX },
	};
	struct nvt_captured m;
	struct nvt_error e;
	struct file f;
	unsigned i;
	int rc[2];

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		make_file(&f, rows[i].tsresol, rows[i].t);
		read_file(&f, &m, rc, &e);
		assert_int_equal(rc[0], 1);
		assert_true(m.t_ns == rows[i].ns);
	}
}

/* The 32-bit word at `at` becomes v; the error names the byte `where`. */
static void expect_damage(size_t at, uint32_t v, uint64_t where, const char *what)
{
	struct nvt_captured m;
	struct nvt_error e;
	struct file f;
	int rc[2];

	make_file(&f, 9, 0);
	nvt_put_le32(f.p + at, v);
	read_file(&f, &m, rc, &e);
	assert_int_equal(rc[0], -NVT_E_DATA);
	assert_int_equal(e.where, where);
	assert_non_null(strstr(e.msg, what));
}

static void test_damage(void **state)
{
	struct nvt_captured m;
	struct nvt_error e;
	struct file f;
	int rc[2];
	size_t n;

	(void)state;
	expect_damage(8, 0x11223344, 0, "byte order");
	expect_damage(SECTION + 4, 8, SECTION, "impossible size");
	expect_damage(SECTION + 4, 33, SECTION, "impossible size");
	expect_damage(SECTION + 4, UINT32_MAX - 3, SECTION, "impossible size");
	expect_damage(SECTION + 4, 0x10000, SECTION, "ends inside");
	expect_damage(SECTION + INTERFACE - 4, 36, SECTION, "two sizes");
	for (n = SECTION + INTERFACE + 1; n < sizeof(f.p); n++) {
		make_file(&f, 9, 0);
		f.n = n;
		read_file(&f, &m, rc, &e);
		assert_int_equal(rc[0], -NVT_E_DATA);
		assert_int_equal(e.where, SECTION + INTERFACE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
