/* SPDX-License-Identifier: MIT */
/* Schemas given at run time: the same tables as the generated ones, and releases that differ. */
#include "base/bytes.h"
#include "rpc/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const files[] = {
	"protocol/versions.json",        "protocol/rpc.json",         "protocol/status.json",
	"protocol/enums.json",
	"protocol/consts.json",
	"protocol/flags.json",
	"protocol/links.json",
	"protocol/sources.json",
	"protocol/ctrl.json",
	"protocol/class.json",
	"protocol/overlay.json",
	"protocol/types/boot.json",
	"protocol/types/class.json",
	"protocol/types/common.json",
	"protocol/types/ctrl.json",
	"protocol/types/ctrl0000.json",
	"protocol/types/ctrl0073.json",
	"protocol/types/ctrl0080.json",
	"protocol/types/ctrl2080.json",
	"protocol/types/ctrl2080internal.json",
	"protocol/types/ctrl2080nvlink.json",
	"protocol/types/queue.json",
	"protocol/types/rpc.json",
	"protocol/types/sdk.json",
	"protocol/types/sequencer.json",
	"protocol/types/staticinfo.json",
	"protocol/types/sysinfo.json",
};

static struct nvt_abi *load(const char *const *names, unsigned n)
{
	const char *top = getenv("top_srcdir");
	const char *at[NVT_ARRAY_SIZE(files)];
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_abi *abi = NULL;
	char path[NVT_ARRAY_SIZE(files)][512];
	unsigned i;

	for (i = 0; i < n; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/%s", top ? top : ".", names[i]);
		at[i] = path[i];
	}
	if (nvt_schema_load(at, n, &abi, &e))
		fail_msg("%s", e.msg);
	return abi;
}

static void test_same_as_built_in(void **state)
{
	struct nvt_abi *abi = load(files, NVT_ARRAY_SIZE(files));

	(void)state;
	assert_int_equal(nvt_schema_size(abi), nvt_schema_size(nvt_abi_builtin()));
	assert_memory_equal(abi, nvt_abi_builtin(), nvt_schema_size(abi));
	free(abi);
}

static void test_missing_file(void **state)
{
	const char *const path = "/nonexistent.json";
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_abi *abi = NULL;

	(void)state;
	assert_int_equal(nvt_schema_load(&path, 1, &abi, &e), -NVT_E_ENV);
	assert_non_null(strstr(e.msg, "/nonexistent.json"));
	assert_null(abi);
}

/* tests/proto/cases/good.json: releases 1.0 and 2.0; its constants as tests/proto/cases/good.fields has them. */
enum { T_N = 0x10000, T_IN = 0x10001, T_IN_A = 0x10002, T_IN_B = 0x10003, T_TAIL = 0x10004, T_IN_C = 0x10005,
       W_X = 0x20000, W_NAME = 0x20002 };

static void test_two_releases(void **state)
{
	const char *const name = "tests/proto/cases/good.json";
	struct nvt_abi *abi = load(&name, 1);
	struct nvt_rel one = { abi, 0 }, two = { abi, 0 };
	struct nvt_enum_value v;
	struct nvt_msg_desc d;
	uint32_t pos = 0;

	(void)state;
	assert_int_equal(nvt_abi_release_count(abi), 2);
	assert_true(nvt_rel_find(abi, "1.0", &one));
	assert_true(nvt_rel_find(abi, "2.0", &two));
	assert_true(nvt_layout_find(one, "T_v") == nvt_layout_find(one, "T"));
	assert_true(nvt_layout_find(one, "T") != nvt_layout_find(two, "T")); /* In differs within it */
	assert_null(nvt_layout_find(one, "W"));
	assert_ptr_equal(nvt_layout_next(one, &pos), nvt_layout_find(one, "In"));
	assert_ptr_equal(nvt_layout_next(one, &pos), nvt_layout_find(one, "T"));
	assert_null(nvt_layout_next(one, &pos)); /* T_v is another name of T */
	for (pos = 0; nvt_msg_next(two, &pos, &d);)
		assert_string_equal(d.name, "ONE");
	pos = 0;
	assert_true(nvt_enum_next(one, &pos, &v) && nvt_enum_next(one, &pos, &v));
	assert_string_equal(v.enum_name, "E");
	assert_string_equal(v.name, "E_B");
	assert_int_equal(v.value, 1);
	assert_true(nvt_enum_next(one, &pos, &v));
	assert_string_equal(v.enum_name, "NV_STATUS");
	assert_false(nvt_enum_next(one, &pos, &v));
	assert_string_equal(nvt_type_name(one, 1), "T");
	assert_null(nvt_type_name(one, 2));
	assert_string_equal(nvt_type_name(two, 3), "W");
	assert_true(nvt_msg_by_name(one, "EV", &d));
	assert_int_equal(d.min_payload, 4);
	assert_string_equal(d.payload, "T");
	assert_false(nvt_msg_by_number(two, 4096, &d));
	assert_int_equal(nvt_nvf_offset(one, T_IN_A), 4);
	assert_int_equal(nvt_nvf_offset(two, T_IN_A), -1);
	assert_int_equal(nvt_nvf_offset(one, T_IN_B), 8);
	assert_int_equal(nvt_nvf_offset(two, T_IN_B), 4);
	assert_int_equal(nvt_nvf_struct_size(one, W_X), 0);
	assert_int_equal(nvt_nvf_struct_size(two, W_X), 16);
	free(abi);
}

/* A nonzero value for a field that the release lacks is refused, zero is not. */
static void test_absent_in_release(void **state)
{
	const char *const name = "tests/proto/cases/good.json";
	struct nvt_abi *abi = load(&name, 1);
	struct nvt_error e = { .code = NVT_OK };
	uint8_t b[16] = { 0 };
	struct nvt_wview w = { .rel = { abi, 1 }, .p = b, .n = sizeof(b), .e = &e };
	struct nvt_view v = { { abi, 1 }, b, sizeof(b) };
	uint64_t x;

	(void)state;
	nvt_put(&w, T_IN_A, 0);
	assert_int_equal(w.rc, 0);
	nvt_put(&w, T_IN_A, 1);
	assert_int_equal(w.rc, -NVT_E_DATA);
	assert_string_equal(e.msg, "T_in_a, release 2.0: a value for a field that the release lacks (0x1)");
	assert_int_equal(nvt_get(&v, T_IN_A, &x), -NVT_E_DATA);
	assert_int_equal(nvt_get_or0(&v, T_IN_A), 0);
	free(abi);
}

static void test_bits_and_signs(void **state)
{
	const char *const name = "tests/proto/cases/good.json";
	struct nvt_abi *abi = load(&name, 1);
	uint8_t b[16];
	struct nvt_wview w = { .rel = { abi, 0 }, .p = b, .n = sizeof(b) };
	struct nvt_view v = { { abi, 0 }, b, sizeof(b) };
	uint64_t x;

	(void)state;
	memset(b, 0xff, sizeof(b));
	nvt_put(&w, T_IN_B, 0x2a); /* bits 9:3 */
	assert_int_equal(w.rc, 0);
	assert_int_equal(nvt_le16(b + 8), 0xfd57);
	assert_int_equal(nvt_get_or0(&v, T_IN_B), 0x2a);
	nvt_put(&w, T_IN_B, 0x80);
	assert_int_equal(w.rc, -NVT_E_DATA);
	w = (struct nvt_wview){ .rel = { abi, 1 }, .p = b, .n = sizeof(b) };
	v.rel.index = 1;
	nvt_put_at(&w, T_IN_C, 1, (uint64_t)-2);
	assert_int_equal(w.rc, 0);
	assert_int_equal(nvt_get_at(&v, T_IN_C, 1, &x), 0);
	assert_true(x == (uint64_t)-2);
	nvt_put_at(&w, T_IN_C, 0, (uint64_t)-32769);
	assert_int_equal(w.rc, -NVT_E_DATA);
	free(abi);
}

static void expect_json(struct nvt_rel rel, const char *type, const uint8_t *b, size_t n,
			const char *want)
{
	struct nvt_error e = { .code = NVT_OK };
	char *json = NULL;

	if (nvt_json_decode(rel, type, (struct nvt_bytes){ b, n }, &json, &e))
		fail_msg("%s", e.msg);
	assert_string_equal(json, want);
	free(json);
}

static void test_json_forms(void **state)
{
	const char *const name = "tests/proto/cases/good.json";
	static const uint8_t w[16] = { 1, 0, 0, 0, 'n', 'a', 'm', 'e' };
	static const uint8_t t[13] = { 0, 0, 0, 0, 7, 0, 0xff, 0xff, 2, 0, 0, 0, 0xab };
	struct nvt_abi *abi = load(&name, 1);
	struct nvt_rel rel = { abi, 1 };

	(void)state;
	expect_json(rel, "W", w, sizeof(w), "{\"x\":\"E_B\",\"y\":\"0x1\",\"name\":\"name\"}");
	expect_json(rel, "T_v", t, sizeof(t),
		    "{\"n\":\"OK\",\"in\":{\"b\":\"F_MODE=0x3|0x1\",\"c\":[-1,2]},"
		    "\"tail\":\"ab\",\"_size\":13}");
	expect_json(rel, "T", t, 7,
		    "{\"n\":\"OK\",\"in\":{\"b\":\"F_MODE=0x3|0x1\",\"c\":null},"
		    "\"tail\":null,\"_size\":7}");
	free(abi);
}

/* Bits 9:3 of the u16 at byte 4 of In, and what they are called; NULL: a number. */
static const struct {
	unsigned value;
	const char *text;
} flag_rows[] = {
	{ 0, NULL },
	{ 1, "F_MODE_B" },
	{ 0xf, "F_MODE=0xf" },
	{ 0x20, "F_LATE" },
	{ 0x21, "F_MODE_B|F_LATE" },
	{ 0x40, NULL },
	{ 0x7f, "F_MODE=0xf|F_LATE|0x50" },
};

static void check_flags(struct nvt_rel rel, unsigned value, const char *text)
{
	uint8_t b[8] = { 0 }, *again = NULL;
	char want[80], *json = NULL;
	size_t n = 0;

	nvt_put_le16(b + 4, (uint16_t)(value << 3));
	assert_int_equal(nvt_json_decode(rel, "In", (struct nvt_bytes){ b, sizeof(b) }, &json, NULL), 0);
	if (text)
		snprintf(want, sizeof(want), "\"b\":\"%s\"", text);
	else
		snprintf(want, sizeof(want), "\"b\":%u", value);
	assert_non_null(strstr(json, want));
	assert_int_equal(nvt_json_encode(rel, "In", json, &again, &n, NULL), 0);
	assert_int_equal(n, sizeof(b));
	assert_memory_equal(again, b, n);
	free(again);
	free(json);
}

static void test_flags(void **state)
{
	static const char *const bad[] = { "F_MODE", "F_MODE=0x10", "F_MODE_B=1", "F_MODE_C", "F_LATE|", "|F_LATE",
					   "F_LATE|F_MODE=", "F_LATE|-1", "F_LATE|0x80", "F_MOD", "" };
	static const struct {
		const char *text;
		unsigned value;
	} good[] = { { "F_MODE_A", 0 }, { "F_LATE=1", 0x20 }, { "F_LATE=0", 0 }, { "0x2|F_LATE|16", 0x32 }, { "33", 33 } };
	const char *const name = "tests/proto/cases/good.json";
	struct nvt_abi *abi = load(&name, 1);
	struct nvt_rel rel = { abi, 0 };
	struct nvt_flag flag;
	uint32_t pos = 0;
	uint8_t *b = NULL;
	char json[80];
	size_t n, i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(flag_rows); i++)
		check_flags(rel, flag_rows[i].value, flag_rows[i].text);
	for (i = 0; i < NVT_ARRAY_SIZE(good); i++) {
		snprintf(json, sizeof(json), "{\"b\":\"%s\"}", good[i].text);
		assert_int_equal(nvt_json_encode(rel, "In", json, &b, &n, NULL), 0);
		assert_int_equal(nvt_le16(b + 4), good[i].value << 3);
		free(b);
	}
	for (i = 0; i < NVT_ARRAY_SIZE(bad); i++) {
		snprintf(json, sizeof(json), "{\"b\":\"%s\"}", bad[i]);
		assert_int_equal(nvt_json_encode(rel, "In", json, &b, &n, NULL), -NVT_E_DATA);
	}
	for (i = 0; nvt_flag_next(rel, &pos, &flag); i++)
		assert_string_equal(flag.set_name, "F");
	assert_int_equal(i, 4);
	assert_string_equal(flag.name, "F_LATE");
	free(abi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_built_in),  cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_two_releases),      cmocka_unit_test(test_absent_in_release),
		cmocka_unit_test(test_bits_and_signs),    cmocka_unit_test(test_json_forms),
		cmocka_unit_test(test_flags),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
