/* SPDX-License-Identifier: MIT */
/*
 * What holds for every type and message of every release: coverage, round trips, truncation. A layout that
 * many releases share is tested once, and of long loops a sample by seed; NVT_TEST_FULL=1 takes all.
 */
#include <nvt/fields.h>
#include <nvt/rpc.h>

#include "base/bytes.h"
#include "rng.h"
#include "rpc/abi.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { TAIL_MAX = 64, SMALL = 2048 };

static bool full;    /* NVT_TEST_FULL */
static uint8_t *buf; /* as many bytes as the biggest type and a tail have */
static size_t buf_n;

static int find_biggest(void **state)
{
	const struct nvt_abi *abi = nvt_abi_builtin();
	uint32_t i;

	(void)state;
	full = getenv("NVT_TEST_FULL");
	for (i = 0; i < abi_n_layout(abi); i++)
		if (abi_layout(abi)[i].size > buf_n)
			buf_n = abi_layout(abi)[i].size;
	buf_n += NVT_RPC_HDR + TAIL_MAX;
	buf = malloc(buf_n);
	return !buf;
}

static int drop_biggest(void **state)
{
	(void)state;
	free(buf);
	return 0;
}

/* Runs a property over every distinct layout, in the first release that has it. */
static void each_type(void (*property)(struct nvt_rel rel, const struct nvt_layout *l))
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	uint8_t *seen = calloc(abi_n_layout(rel.abi), 1);
	const struct nvt_layout *l;
	uint32_t pos, types;

	assert_non_null(seen);
	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index++) {
		for (pos = types = 0; (l = nvt_layout_next(rel, &pos)); types++) {
			if (seen[l - abi_layout(rel.abi)])
				continue;
			seen[l - abi_layout(rel.abi)] = 1;
			assert_ptr_equal(nvt_layout_find(rel, nvt_layout_name(l)), l);
			property(rel, l);
		}
		assert_true(types > 1300);
	}
	free(seen);
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
	uint8_t *used = buf;
	uint32_t i, hole = 0;

	(void)rel;
	memset(used, 0, nvt_layout_size(l) + TAIL_MAX);
	cover(l, used, false);
	for (i = 0; i < nvt_layout_size(l); i++) {
		hole = used[i] ? 0 : hole + 1;
		if (hole > 7 && l->n)
			fail_msg("%s: a hole of 8 bytes ends at %u", nvt_layout_name(l), i);
	}
	for (; i < nvt_layout_size(l) + TAIL_MAX; i++)
		assert_int_equal(used[i], 0);
}

static void test_coverage(void **state)
{
	(void)state;
	each_type(check_coverage);
}

/* Marks the bytes that a round trip has to keep: all of whole scalars, but for unions of which one member counts. */
static void mark_kept(const struct nvt_layout *l, uint8_t *kept, size_t n)
{
	const struct nvt_field *f = abi_fields(l);
	uint32_t i, k;

	for (i = 0; i < l->n; i++) {
		if (f[i].op == ABI_OP_TAIL || f[i].op == ABI_OP_BITS || f[i].flags & ABI_F_SELECT || f[i].offset >= n)
			continue;
		for (k = 0; k < f[i].n && f[i].offset + k * f[i].size < n; k++) {
			if (f[i].prim == NVT_P_STRUCT)
				mark_kept(&abi_layout(nvt_abi_builtin())[f[i].aux], kept + f[i].offset + k * f[i].size,
					  n - f[i].offset - k * f[i].size);
			else if (f[i].offset + (k + 1) * f[i].size <= n)
				memset(kept + f[i].offset + k * f[i].size, 1, f[i].size);
		}
	}
}

static void check_kept(struct nvt_rel rel, const char *name, const uint8_t *b, const uint8_t *again, size_t n)
{
	const struct nvt_layout *l = nvt_layout_find(rel, name);
	uint8_t *kept = calloc(1, nvt_layout_size(l) + 1);
	size_t i;

	assert_non_null(kept);
	mark_kept(l, kept, n < nvt_layout_size(l) ? n : nvt_layout_size(l));
	for (i = 0; i < n && i < nvt_layout_size(l); i++)
		if (kept[i] && b[i] != again[i])
			fail_msg("%s, %zu bytes: byte %zu was 0x%02x, is 0x%02x", name, n, i, b[i], again[i]);
	free(kept);
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
	check_kept(rel, name, b, again, n);
	assert_int_equal(nvt_json_decode(rel, name, (struct nvt_bytes){ again, again_n }, &two, &e), 0);
	assert_string_equal(one, two);
	free(one);
	free(two);
	free(again);
}

static void check_round_trip(struct nvt_rel rel, const struct nvt_layout *l)
{
	uint32_t size = nvt_layout_size(l), round, rounds = full ? 4 : 2;
	size_t n;

	if (size > SMALL && !full && rng() % (size / SMALL + 1))
		return;
	for (round = 0; round < rounds; round++) {
		n = size + (round ? rng() % TAIL_MAX : 0);
		rng_fill(buf, n);
		if (round == 3)
			memset(buf, 0, n);
		round_trip(rel, nvt_layout_name(l), buf, n);
	}
}

static void test_round_trip(void **state)
{
	(void)state;
	each_type(check_round_trip);
}

static void check_truncated_type(struct nvt_rel rel, const struct nvt_layout *l)
{
	uint32_t size = nvt_layout_size(l), n, step = size > 300 ? 37 + size / 32 : 1;

	if (!size || (!full && (size > SMALL || rng() % 4)))
		return;
	rng_fill(buf, size);
	if (!full)
		step = size;
	for (n = full ? 0 : (uint32_t)(rng() % size); n < size; n += step)
		round_trip(rel, nvt_layout_name(l), buf, n);
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
	struct nvt_field_info f;

	if (l->depth)
		return 0;
	nvt_leaf_field(l, &f);
	if (l->what == NVT_LEAF_ABSENT && !l->index)
		assert_true(f.prim == NVT_P_STRUCT || f.dims[0] || f.offset + 8 > p->n);
	if (l->what == NVT_LEAF_VALUE)
		assert_true(f.offset < p->n);
	p->values += l->what == NVT_LEAF_VALUE || l->what == NVT_LEAF_BYTES;
	p->absent += l->what == NVT_LEAF_ABSENT;
	return 0;
}

/* A message shorter than its minimum is refused; from there on, what is missing is reported absent. */
static void check_truncated_message(struct nvt_rel rel, const struct nvt_msg_desc *d)
{
	struct nvt_rpc_head h = { .function = d->number };
	struct nvt_error e = { .code = NVT_OK };
	uint32_t n, size = nvt_layout_size(d->layout), step = 1 + size / (full ? 128 : 8);
	struct presence p;
	uint8_t *b;
	char *json;
	int rc;

	for (n = 0; n <= size; n += n < d->min_payload && n + 1 + step < d->min_payload ? step : 1) {
		if (n > d->min_payload + 1 && n + step < size)
			n += step;
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
	uint8_t *seen = calloc(abi_n_layout(rel.abi), 1);
	struct nvt_msg_desc d;
	unsigned i;

	(void)state;
	assert_non_null(seen);
	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index++) {
		for (i = 0; nvt_msg_at(rel, i, &d); i++) {
			if (!d.layout || seen[d.layout - abi_layout(rel.abi)])
				continue;
			seen[d.layout - abi_layout(rel.abi)] = 1;
			check_truncated_message(rel, &d);
		}
	}
	free(seen);
}

/* Every message as JSON and back, known payload or raw bytes. */
static void test_messages(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = buf, *again;
	struct nvt_rpc_head h;
	struct nvt_msg_desc d;
	char *one, *two;
	size_t n, again_n;
	unsigned i;

	(void)state;
	rel.index = (unsigned)(rng() % nvt_abi_release_count(rel.abi));
	printf("release %s\n", nvt_rel_name(rel));
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
	uint32_t size = nvt_nvf_struct_size(rel, nvf);
	struct nvt_wview w = { .rel = rel, .p = buf, .n = size };
	struct nvt_view v = { rel, buf, size };
	uint64_t put = rng() & 0x7f, got = 0, i;

	memset(buf, 0, size);
	nvt_put(&w, nvf, put);
	if (w.rc) /* a nested struct or a flexible tail: nothing may have been written */
		assert_int_equal(nvt_get(&v, nvf, &got), -NVT_E_DATA);
	else
		assert_int_equal(nvt_get(&v, nvf, &got), 0);
	assert_true(w.rc || got == put);
	for (i = 0; i < size; i++)
		if (buf[i] != (!w.rc && i == (uint32_t)nvt_nvf_offset(rel, nvf) ? put : 0))
			fail_msg("%s: field constant 0x%x wrote byte %u", nvt_rel_name(rel), nvf, (unsigned)i);
	v.n = (size_t)nvt_nvf_offset(rel, nvf);
	assert_int_equal(nvt_get(&v, nvf, &got), -NVT_E_DATA);
}

static void test_put_get(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	const struct abi_handle *handle = abi_handle(rel.abi);
	uint32_t h, f, n;

	(void)state;
	rel.index = (unsigned)(rng() % (full ? 1 : 16));
	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index += full ? 1 : 16) {
		for (h = n = 0; h < abi_n_handle(rel.abi); h++)
			for (f = 0; f < handle[h].n; f++)
				if (nvt_nvf_offset(rel, abi_nvf_id(h, f)) >= 0 && ++n)
					check_put_get(rel, abi_nvf_id(h, f));
		assert_true(n > 250);
	}
}

/* Every command and class has its own row, and parameters of the size that its type has. */
static void test_ids(void **state)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	unsigned pos, controls, classes;
	struct nvt_id_desc d, again;

	(void)state;
	for (; rel.index < nvt_abi_release_count(rel.abi); rel.index++) {
		for (pos = controls = 0; nvt_ctrl_next(rel, &pos, &d); controls++) {
			assert_true(nvt_ctrl_by_cmd(rel, d.id, &again));
			assert_ptr_equal(again.name, d.name);
			assert_true(!d.params == !d.layout);
		}
		for (pos = classes = 0; nvt_class_next(rel, &pos, &d); classes++) {
			assert_true(nvt_class_by_id(rel, d.id, &again));
			assert_ptr_equal(again.name, d.name);
			assert_true(!d.params == !d.layout);
		}
		assert_true(controls > 1050 && classes > 100);
	}
}

/* Any parameters of any control or class, of any length, as JSON and back to the same JSON. */
static void check_params(struct nvt_rel rel, const char *type, uint32_t lead, uint32_t by, const struct nvt_id_desc *d)
{
	size_t want = d->layout ? nvt_layout_size(d->layout) : 8, n = rng() % 3 ? want : rng() % (want + 9);

	if (n + lead + TAIL_MAX > buf_n || (n > SMALL && !full))
		return;
	rng_fill(buf, lead + n);
	memset(buf, 0, lead);
	nvt_put_le32(buf + by, d->id);
	nvt_put_le32(buf + (by == 8 ? 16 : 20), (uint32_t)n);
	round_trip(rel, type, buf, lead + n + rng() % 2);
}

static void test_params(void **state)
{
	const unsigned step = full ? 1 : 11;
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_id_desc d;
	uint32_t lead;
	unsigned pos;

	(void)state;
	for (rel.index = (unsigned)(rng() % step); rel.index < nvt_abi_release_count(rel.abi); rel.index += step) {
		lead = nvt_layout_size(nvt_layout_find(rel, "rpc_gsp_rm_control_v"));
		for (pos = 0; nvt_ctrl_next(rel, &pos, &d);)
			if (full || !(rng() % 8))
				check_params(rel, "rpc_gsp_rm_control_v", lead, 8, &d);
		lead = nvt_layout_size(nvt_layout_find(rel, "rpc_gsp_rm_alloc_v"));
		for (pos = 0; nvt_class_next(rel, &pos, &d);)
			check_params(rel, "rpc_gsp_rm_alloc_v", lead, 12, &d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_coverage),        cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncated_types), cmocka_unit_test(test_truncated_messages),
		cmocka_unit_test(test_messages),        cmocka_unit_test(test_put_get),
		cmocka_unit_test(test_ids),             cmocka_unit_test(test_params),
	};

	rng_begin();
	return !!cmocka_run_group_tests(tests, find_biggest, drop_biggest);
}
