/* SPDX-License-Identifier: MIT */
/* A capture's line of a message is one line of JSON and says what the message itself decodes to, for any bytes. */
#include <nvt/capture.h>

#include "rng.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 6, SLACK = 40, PAYLOAD_MAX = 1 << 16 };

/* The message alone; NULL if it is refused as too short. */
static json_t *document(struct nvt_rel rel, struct nvt_bytes msg)
{
	struct nvt_error e;
	char *text = NULL;
	json_t *doc = NULL;

	if (!nvt_json_decode_msg(rel, msg, &text, &e))
		doc = json_loads(text, 0, NULL);
	free(text);
	return doc;
}

static void compare(struct nvt_rel rel, uint32_t function, uint8_t *buf, size_t n, struct nvt_text *t)
{
	const struct nvt_rpc_head head = { .length = (uint32_t)(NVT_RPC_HDR + n), .function = function,
					   .result = (uint32_t)(rng() & 0x7f), .sequence = (uint32_t)rng() };
	struct nvt_captured m = { .number = 1, .flags = NVT_CAP_SEQUENCE | NVT_CAP_RESULT, .head = head,
				  .length = head.length, .bytes = { buf, NVT_RPC_HDR + n } };
	json_t *want, *got;

	nvt_rpc_head_put(buf, &head);
	t->n = 0;
	nvt_captured_json(t, rel, &m);
	assert_false(t->failed);
	got = json_loadb(t->p, t->n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(got);
	assert_ptr_equal(memchr(t->p, '\n', t->n), t->p + t->n - 1);
	want = document(rel, m.bytes);
	if (want) {
		assert_true(json_equal(json_object_get(got, "payload"), json_object_get(want, "payload")));
		assert_true(json_equal(json_object_get(got, "result"), json_object_get(want, "result")));
		assert_true(json_equal(json_object_get(got, "sequence"), json_object_get(want, "sequence")));
		assert_true(json_equal(json_object_get(got, "function"), json_object_get(want, "function")));
	}
	json_decref(want);
	json_decref(got);
}

/* Random bytes, mostly small numbers so that counts and strings stay within the payload. */
static void fill(uint8_t *p, size_t n, unsigned round)
{
	size_t i;

	rng_fill(p, n);
	for (i = 0; round % 2 && i < n; i++)
		p[i] = i % 4 || p[i] > 0x40 ? (uint8_t)(p[i] >= 0xc0 ? 'a' + p[i] % 26 : 0) : p[i];
}

static void test_same(void **state)
{
	uint8_t *buf = malloc(NVT_RPC_HDR + PAYLOAD_MAX);
	struct nvt_text t = { NULL, 0, 0, false };
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_msg_desc d;
	unsigned i, k;
	size_t n;

	(void)state;
	assert_non_null(buf);
	rng_begin();
	for (i = 0; nvt_msg_at(rel, i, &d); i++) {
		for (k = 0; k < ROUNDS; k++) {
			n = d.layout ? nvt_layout_size(d.layout) : 0;
			n = k < 2 ? n + rng() % SLACK : rng() % (n + SLACK);
			fill(buf + NVT_RPC_HDR, n, k);
			compare(rel, d.number, buf, n, &t);
		}
	}
	assert_true(i > 100);
	nvt_text_free(&t);
	free(buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same) };

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
