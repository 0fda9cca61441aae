/* SPDX-License-Identifier: MIT */
/* What holds for every type and message of every release: coverage, round trips, truncation. */
#include <nvt/fields.h>
#include <nvt/rpc.h>

#include "base/bytes.h"
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROUNDS = 4, TAIL_MAX = 64, TYPE_MAX = 8192 };

/* Runs a property over every type of every release. */
static void each_type(void (*property)(struct nvt_rel rel, const struct nvt_layout *l))
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	const struct nvt_layout *l;
	const char *name;
	unsigned i;

	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index++) {
		for (i = 0; (name = nvt_type_name(rel, i)); i++) {
			l = nvt_layout_find(rel, name);
			assert_non_null(l);
			assert_string_equal(nvt_layout_name(l), name);
			assert_true(nvt_layout_size(l) < TYPE_MAX - TAIL_MAX);
			property(rel, l);
		}
		assert_true(i > 50);
	}
}

/* Each byte that some leaf of the layout covers. */
static void cover(const struct nvt_layout *l, uint8_t *used, bool in_union)
{
	static const uint8_t widths[] = { 1, 2, 4, 8, 1, 2, 4, 8, 1, 1, 4, 8, 4 };
	bool shared = in_union || nvt_layout_is_union(l);
	struct nvt_field_info f;
	uint32_t i, k, n, size, at;
	uint8_t before;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (f.dims[0] == UINT32_MAX)
			continue;
		for (n = 1, k = 0; k < 3 && f.dims[k]; k++)
			n *= f.dims[k];
		size = f.nested ? nvt_layout_size(f.nested) : widths[f.prim];
		for (at = f.offset; n--; at += size) {
			if (f.nested) {
				cover(f.nested, used + at, shared);
				continue;
			}
			for (k = 0; k < size; k++) {
				before = used[at + k]++;
				assert_true(!before || shared || f.is_bits);
			}
		}
	}
}

/* Leaves lie within the size, overlap only in unions, and leave no more than alignment holes. */
static void check_coverage(struct nvt_rel rel, const struct nvt_layout *l)
{
	uint8_t used[TYPE_MAX] = { 0 };
	uint32_t i, hole = 0;

	(void)rel;
	cover(l, used, false);
	for (i = 0; i < nvt_layout_size(l); i++) {
		hole = used[i] ? 0 : hole + 1;
		if (hole > 7)
			fail_msg("%s: a hole of 8 bytes ends at %u", nvt_layout_name(l), i);
	}
	for (; i < TYPE_MAX; i++)
		assert_int_equal(used[i], 0);
}

static void test_coverage(void **state)
{
	(void)state;
	each_type(check_coverage);
}

/* Bytes -> JSON -> bytes keeps everything but padding; JSON -> bytes -> JSON is a fixpoint. */
static void round_trip(struct nvt_rel rel, const char *name, const uint8_t *b, size_t n)
{
	uint8_t *again = NULL;
	char *one = NULL, *two = NULL;
	struct nvt_error e = { .code = NVT_OK };
	size_t again_n = 0;

	if (nvt_json_decode(rel, name, (struct nvt_bytes){ b, n }, &one, &e))
		fail_msg("%s, %zu bytes: %s", name, n, e.msg);
	if (nvt_json_encode(rel, name, one, &again, &again_n, &e))
		fail_msg("%s, %zu bytes: %s\n%s", name, n, e.msg, one);
	if (again_n != n)
		fail_msg("%s: %zu bytes became %zu\n%s", name, n, again_n, one);
	assert_int_equal(nvt_json_decode(rel, name, (struct nvt_bytes){ again, again_n }, &two, &e), 0);
	assert_string_equal(one, two);
	free(one);
	free(two);
	free(again);
}

static void check_round_trip(struct nvt_rel rel, const struct nvt_layout *l)
{
	uint32_t size = nvt_layout_size(l), round;
	uint8_t b[TYPE_MAX];
	size_t n;

	for (round = 0; round < ROUNDS; round++) {
		n = size + (round ? rng() % TAIL_MAX : 0);
		rng_fill(b, n);
		if (round == 1)
			memset(b, 0, n);
		round_trip(rel, nvt_layout_name(l), b, n);
	}
}

static void test_round_trip(void **state)
{
	(void)state;
	each_type(check_round_trip);
}

static void check_truncated_type(struct nvt_rel rel, const struct nvt_layout *l)
{
	uint8_t b[TYPE_MAX];
	uint32_t n, step = nvt_layout_size(l) > 300 ? 37 : 1;

	rng_fill(b, nvt_layout_size(l));
	for (n = 0; n < nvt_layout_size(l); n += step)
		round_trip(rel, nvt_layout_name(l), b, n);
}

static void test_truncated_types(void **state)
{
	(void)state;
	each_type(check_truncated_type);
}

struct presence {
	size_t n; /* bytes at hand */
	unsigned values, absent;
};

static int see_leaf(void *arg, const struct nvt_leaf *l)
{
	struct presence *p = arg;

	if (l->depth)
		return 0;
	if (l->what == NVT_LEAF_ABSENT && !l->index)
		assert_true(l->field.prim == NVT_P_STRUCT || l->field.dims[0] || l->field.offset + 8 > p->n);
	if (l->what == NVT_LEAF_VALUE)
		assert_true(l->field.offset < p->n);
	p->values += l->what == NVT_LEAF_VALUE || l->what == NVT_LEAF_BYTES;
	p->absent += l->what == NVT_LEAF_ABSENT;
	return 0;
}

/* A message shorter than its minimum is refused; from there on, what is missing is reported absent. */
static void check_truncated_message(struct nvt_rel rel, const struct nvt_msg_desc *d)
{
	struct nvt_rpc_head h = { .function = d->number };
	struct nvt_error e = { .code = NVT_OK };
	struct presence p;
	uint8_t *b;
	uint32_t n;
	char *json;
	int rc;

	for (n = 0; n <= nvt_layout_size(d->layout); n++) {
		b = calloc(1, NVT_RPC_HDR + n); /* its own block: a read past the end is an error under ASan */
		assert_non_null(b);
		h.length = NVT_RPC_HDR + n;
		nvt_rpc_head_put(b, &h);
		json = NULL;
		rc = nvt_json_decode_msg(rel, (struct nvt_bytes){ b, NVT_RPC_HDR + n }, &json, &e);
		assert_int_equal(rc, n < d->min_payload ? -NVT_E_DATA : 0);
		p = (struct presence){ .n = n };
		assert_int_equal(nvt_walk(rel, d->layout, (struct nvt_bytes){ b + NVT_RPC_HDR, n }, see_leaf, &p), 0);
		if (n >= d->min_payload && d->min_payload)
			assert_int_equal(p.absent, 0);
		if (!n)
			assert_true(p.absent);
		free(json);
		free(b);
	}
}

static void test_truncated_messages(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_msg_desc d;
	unsigned i;

	(void)state;
	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index++)
		for (i = 0; nvt_msg_at(rel, i, &d); i++)
			if (d.layout)
				check_truncated_message(rel, &d);
}

/* Every message as JSON and back, known payload or raw bytes. */
static void test_messages(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_rpc_head h;
	struct nvt_msg_desc d;
	uint8_t b[NVT_RPC_HDR + TYPE_MAX], *again;
	char *one, *two;
	size_t n, again_n;
	unsigned i;

	(void)state;
	for (i = 0; nvt_msg_at(rel, i, &d); i++) {
		n = NVT_RPC_HDR + (d.layout ? nvt_layout_size(d.layout) : 0) + rng() % TAIL_MAX;
		rng_fill(b, n);
		h = (struct nvt_rpc_head){ (uint32_t)n, d.number, (uint32_t)rng(), i & 1 ? 0 : UINT32_MAX, i };
		nvt_rpc_head_put(b, &h);
		if (nvt_json_decode_msg(rel, (struct nvt_bytes){ b, n }, &one, &e) ||
		    nvt_json_encode_msg(rel, one, &again, &again_n, &e))
			fail_msg("%s: %s", d.name, e.msg);
		assert_int_equal(again_n, n);
		assert_memory_equal(again, b, NVT_RPC_HDR);
		if (!d.layout)
			assert_memory_equal(again, b, n);
		assert_int_equal(nvt_json_decode_msg(rel, (struct nvt_bytes){ again, again_n }, &two, &e), 0);
		assert_string_equal(one, two);
		free(one);
		free(two);
		free(again);
	}
}

/* A value put by field constant comes back by field constant, and lies where the walk finds it. */
static void check_put_get(struct nvt_rel rel, uint32_t nvf)
{
	uint8_t b[TYPE_MAX] = { 0 };
	uint32_t size = nvt_nvf_struct_size(rel, nvf);
	struct nvt_wview w = { .rel = rel, .p = b, .n = size };
	struct nvt_view v = { rel, b, size };
	uint64_t put = rng() & 0x7f, got = 0, i;

	nvt_put(&w, nvf, put);
	if (w.rc) /* a nested struct or a flexible tail: nothing may have been written */
		assert_int_equal(nvt_get(&v, nvf, &got), -NVT_E_DATA);
	else
		assert_int_equal(nvt_get(&v, nvf, &got), 0);
	assert_true(w.rc || got == put);
	for (i = 0; i < size; i++)
		assert_int_equal(b[i], !w.rc && i == (uint32_t)nvt_nvf_offset(rel, nvf) ? put : 0);
	v.n = (size_t)nvt_nvf_offset(rel, nvf);
	assert_int_equal(nvt_get(&v, nvf, &got), -NVT_E_DATA);
}

static void test_put_get(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	uint32_t h, f, n = 0;

	(void)state;
	for (h = 1; nvt_nvf_struct_size(rel, h << 16); h++)
		for (f = 0; nvt_nvf_offset(rel, h << 16 | f) >= 0; f++, n++)
			check_put_get(rel, h << 16 | f);
	assert_true(h > 20 && n > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage),        cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncated_types), cmocka_unit_test(test_truncated_messages),
		cmocka_unit_test(test_messages),        cmocka_unit_test(test_put_get),
	};

	rng_begin();
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
