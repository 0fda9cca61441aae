/* SPDX-License-Identifier: MIT */
/* JSON form of known messages against wire bytes written by hand, and what it refuses. */
#include <nvt/rpc.h>

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct nvt_rel rel;

static int find_release(void **state)
{
	(void)state;
	return !nvt_rel_find(nvt_abi_builtin(), "570.144", &rel);
}

static const uint8_t unloading[40] = {
	0, 0, 0, 3, 'V', 'R', 'P', 'C', 40, 0, 0, 0, 47, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0,
};

#define UNLOADING_JSON \
	"{\"function\":\"UNLOADING_GUEST_DRIVER\",\"sequence\":9,\"result\":4294967295," \
	"\"result_private\":4294967295,\"payload\":{\"bInPMTransition\":true," \
	"\"bGc6Entering\":false,\"newLevel\":\"NV2080_CTRL_GPU_SET_POWER_STATE_GPU_LEVEL_3\"}}"

static void test_message(void **state)
{
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = NULL;
	char *json = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(nvt_json_decode_msg(rel, (struct nvt_bytes){ unloading, 40 }, &json, &e), 0);
	assert_string_equal(json, UNLOADING_JSON);
	assert_int_equal(nvt_json_encode_msg(rel, json, &b, &n, &e), 0);
	assert_int_equal(n, 40);
	assert_memory_equal(b, unloading, 40);
	free(json);
	free(b);
	/* Results default to pending, numbers may be strings. */
	assert_int_equal(nvt_json_encode_msg(rel, "{\"function\":47,\"sequence\":\"0x9\",\"payload\":"
					     "{\"newLevel\":\"3\",\"bInPMTransition\":1}}", &b, &n, &e), 0);
	assert_memory_equal(b, unloading, 40);
	free(b);
}

static void test_unknown_message(void **state)
{
	const char *json = "{\"function\":\"0xabc\",\"result\":\"NV_ERR_TIMEOUT\",\"payload\":\"00ff\"}";
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = NULL;
	char *back = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(nvt_json_encode_msg(rel, json, &b, &n, &e), 0);
	assert_int_equal(n, 34);
	assert_int_equal(nvt_le32(b + 12), 0xabc);
	assert_int_equal(nvt_le32(b + 16), 0x65);
	assert_int_equal(b[33], 0xff);
	assert_int_equal(nvt_json_decode_msg(rel, (struct nvt_bytes){ b, n }, &back, &e), 0);
	assert_non_null(strstr(back, "\"function\":2748"));
	assert_non_null(strstr(back, "\"result\":\"NV_ERR_TIMEOUT\""));
	assert_non_null(strstr(back, "\"payload\":\"00ff\""));
	free(back);
	free(b);
}

/* Counts and totals are filled in; what follows the counted tail stays apart. */
static void test_registry(void **state)
{
	const char *json = "{\"entries\":[{\"nameOffset\":24,\"type\":\"REGISTRY_TABLE_ENTRY_TYPE_DWORD\",\"data\":1,"
			   "\"length\":4}],\"_rest\":\"41420a00\"}";
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = NULL;
	char *back = NULL;
	size_t n = 0;

	(void)state;
	if (nvt_json_encode(rel, "PACKED_REGISTRY_TABLE", json, &b, &n, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(n, 8 + 16 + 4);
	assert_int_equal(nvt_le32(b), n);
	assert_int_equal(nvt_le32(b + 4), 1);
	assert_int_equal(b[8 + 4], 1);
	assert_memory_equal(b + 24, "AB\n", 4);
	assert_int_equal(nvt_json_decode(rel, "PACKED_REGISTRY_TABLE", (struct nvt_bytes){ b, n }, &back, &e), 0);
	assert_non_null(strstr(back, "\"type\":\"REGISTRY_TABLE_ENTRY_TYPE_DWORD\""));
	assert_non_null(strstr(back, "\"_rest\":\"41420a00\""));
	free(back);
	free(b);
}

/* INIT_DONE comes without a payload from 570.144, with 4 bytes by its struct. */
static void test_init_done(void **state)
{
	struct nvt_rpc_head h = { .length = 32, .function = 0x1001 };
	struct nvt_error e = { .code = NVT_OK };
	uint8_t b[32], *again = NULL;
	char *json = NULL;
	size_t n = 0;

	(void)state;
	nvt_rpc_head_put(b, &h);
	assert_int_equal(nvt_json_decode_msg(rel, (struct nvt_bytes){ b, 32 }, &json, &e), 0);
	assert_non_null(strstr(json, "\"payload\":{\"not_used\":null,\"_size\":0}"));
	assert_non_null(strstr(json, "\"result\":\"NV_OK\""));
	assert_int_equal(nvt_json_encode_msg(rel, json, &again, &n, &e), 0);
	assert_int_equal(n, 32);
	assert_memory_equal(again, b, 32);
	free(json);
	free(again);
}

/* post_event: the data begins at 29, inside the struct's 32 bytes. */
static void test_post_event(void **state)
{
	const char *json = "{\"hEvent\":\"0xcaf00001\",\"eventData\":\"0102030405\"}";
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(nvt_json_encode(rel, "rpc_post_event_v", json, &b, &n, &e), 0);
	assert_int_equal(n, 34);
	assert_int_equal(nvt_le32(b + 4), 0xcaf00001);
	assert_int_equal(nvt_le32(b + 24), 5);
	assert_int_equal(b[29], 1);
	assert_int_equal(b[33], 5);
	free(b);
}

/* Anonymous unions: both arms print, either can be given. */
static void test_wpr_meta(void **state)
{
	const char *given = "{\"magic\":\"0xdc3aae21371a60b3\",\"elfCodeSize\":7}";
	struct nvt_error e = { .code = NVT_OK };
	uint8_t *b = NULL;
	char *json = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(nvt_json_encode(rel, "GspFwWprMeta", given, &b, &n, &e), 0);
	assert_int_equal(n, 256);
	assert_true(nvt_le64(b) == 0xdc3aae21371a60b3);
	assert_int_equal(nvt_le32(b + 0xe4), 7);
	assert_int_equal(nvt_json_decode(rel, "GspFwWprMeta", (struct nvt_bytes){ b, n }, &json, &e), 0);
	assert_non_null(strstr(json, "\"elfCodeSize\":7"));
	assert_non_null(strstr(json, "\"sysmemAddrOfCrashReportQueue\":\"0x700000000\""));
	free(json);
	free(b);
}

/* Text that a string cannot hold goes as hex. */
static void test_char_arrays(void **state)
{
	struct nvt_error e = { .code = NVT_OK };
	uint8_t b[272] = { 0 }, *again = NULL;
	char *json = NULL;
	size_t n = 0;

	(void)state;
	memcpy(b + 12, "Xid\0left over", 13);
	assert_int_equal(nvt_json_decode(rel, "rpc_os_error_log_v", (struct nvt_bytes){ b, sizeof(b) }, &json, &e), 0);
	assert_non_null(strstr(json, "\"hex\":\"58696400"));
	assert_int_equal(nvt_json_encode(rel, "rpc_os_error_log_v", json, &again, &n, &e), 0);
	assert_memory_equal(again, b, sizeof(b));
	free(again);
	free(json);
	b[12] = 0xc3; /* not UTF-8 */
	memset(b + 13, 0, 255);
	assert_int_equal(nvt_json_decode(rel, "rpc_os_error_log_v", (struct nvt_bytes){ b, sizeof(b) }, &json, &e), 0);
	assert_non_null(strstr(json, "\"hex\":\"c300"));
	free(json);
}

/* A flexible tail of characters is as long as its string. */
static void test_char_tail(void **state)
{
	static const uint8_t log[11] = { 1, 0, 0, 0, 3, 0, 0, 0, 'x', 'i', 'd' };
	const char *text = "{\"level\":1,\"log_len\":3,\"log_msg\":\"xid\"}";
	uint8_t *b = NULL;
	char *json = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(nvt_json_decode(rel, "rpc_log_v03_00", (struct nvt_bytes){ log, 11 }, &json, NULL), 0);
	assert_string_equal(json, text);
	assert_int_equal(nvt_json_encode(rel, "rpc_log_v03_00", text, &b, &n, NULL), 0);
	assert_int_equal(n, 11);
	assert_memory_equal(b, log, 11);
	free(json);
	free(b);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *type; /* NULL: a message */
		const char *json, *msg;
	} rows[] = {
		{ "nothing", "{}", "release 570.144 has no type \"nothing\"" },
		{ "GspFwWprMeta", "{", "JSON line 1: string or '}' expected near end of file" },
		{ "GspFwWprMeta", "[]", "\"GspFwWprMeta\": should be an object" },
		{ "GspFwWprMeta", "{\"magik\":1}", "GspFwWprMeta has no field \"magik\" in release 570.144" },
		{ "GspFwWprMeta", "{\"flags\":256}", "\"flags\": the number does not fit the field" },
		{ "GspFwWprMeta", "{\"flags\":-1}", "\"flags\": the number does not fit the field" },
		{ "GspFwWprMeta", "{\"flags\":\"x\"}", "\"flags\": should be a number or a name of its enum or flags" },
		{ "GspFwWprMeta", "{\"flags\":[1]}", "\"flags\": more elements than the field has" },
		{ "GspFwWprMeta", "{\"padding\":\"000000\"}",
		  "\"padding\": should be a hex string that fits the field" },
		{ "GspFwWprMeta", "{\"padding\":\"0\"}", "\"padding\": should be a hex string that fits the field" },
		{ "GspFwWprMeta", "{\"partitionRpcPadding\":[1,2,3,4,5]}",
		  "\"partitionRpcPadding\": more elements than the field has" },
		{ "GspFwWprMeta", "{\"partitionRpcPadding\":7}", "\"partitionRpcPadding\": should be a list" },
		{ "GspFwWprMeta", "{\"_size\":257}",
		  "\"_size\": should be a number of bytes, at most what the fields take" },
		{ "GSP_ARGUMENTS_CACHED", "{\"profilerArgs\":{\"_size\":1}}",
		  "GSP_ARGUMENTS_CACHED.profilerArgs has no field \"_size\" in release 570.144" },
		{ NULL, "{\"sequence\":1}", "\"function\": is missing" },
		{ NULL, "{\"function\":\"NOTHING\"}", "release 570.144 has no message \"NOTHING\"" },
		{ NULL, "{\"function\":1,\"colour\":2}", "a message has no key \"colour\"" },
		{ NULL, "[]", "\"message\": should be an object" },
		{ NULL, "{\"function\":47,\"payload\":{\"level\":1}}",
		  "payload: rpc_unloading_guest_driver_v1F_07 has no field \"level\" in release 570.144" },
		{ NULL, "{\"function\":1,\"payload\":7}",
		  "payload: \"payload\": should be a hex string that fits the field" },
	};
	struct nvt_error e;
	uint8_t *b = NULL;
	size_t n, i;
	int rc;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (rows[i].type)
			rc = nvt_json_encode(rel, rows[i].type, rows[i].json, &b, &n, &e);
		else
			rc = nvt_json_encode_msg(rel, rows[i].json, &b, &n, &e);
		if (rc >= 0)
			fail_msg("%s was taken", rows[i].json);
		assert_string_equal(e.msg, rows[i].msg);
	}
}

/* A count is filled by what the JSON holds of its array, and an array is as long as its count says. */
static void test_counts(void **state)
{
	static const struct {
		const char *type, *json;
		unsigned at; /* of the count's u32 */
		uint32_t count;
		const char *shorter; /* what stands there when the count says one less */
		uint32_t less;
	} rows[] = {
		{ "gpu_exec_reg_ops_v12_01", "{\"operations\":[{\"regOffset\":16},{\"regOffset\":32}]}", 20, 2,
		  "\"regOffset\":16", 1 },
		{ "pte_desc", "{\"idr\":1,\"pte_pde\":[{\"pte\":\"0x5\"},{\"pte\":\"0x6\"}]}", 0, 2 << 16 | 1,
		  "\"pde\":\"0x5\"", 1 << 16 | 1 },
		{ "rpc_perf_get_level_info_v03_00", "{\"params\":[7,8,9]}", 20, 12, "\"params\":[7,8]", 8 },
		{ "rpc_dump_protobuf_component_v18_12", "{\"blob\":\"00112233\"}", 12, 4, "\"blob\":\"001122\"", 3 },
		{ "rpc_save_hibernation_data_v1E_0E", "{\"payload\":\"0011\"}", 0, 2, "\"payload\":\"00\"", 1 },
		{ "rpc_idle_channels_v03_00", "{\"channel_list\":[{\"phClient\":1},{\"phClient\":2}]}", 8, 2,
		  "\"phClient\":1", 1 },
	};
	uint8_t *b;
	char *json;
	size_t n, i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		struct nvt_error e = { .code = NVT_OK };

		if (nvt_json_encode(rel, rows[i].type, rows[i].json, &b, &n, &e))
			fail_msg("%s: %s", rows[i].type, e.msg);
		assert_int_equal(nvt_le32(b + rows[i].at), rows[i].count);
		nvt_put_le32(b + rows[i].at, rows[i].less);
		assert_int_equal(nvt_json_decode(rel, rows[i].type, (struct nvt_bytes){ b, n }, &json, &e), 0);
		if (!strstr(json, rows[i].shorter) || !strstr(json, "\"_rest\""))
			fail_msg("%s", json);
		free(b);
		free(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),    cmocka_unit_test(test_unknown_message),
		cmocka_unit_test(test_registry),   cmocka_unit_test(test_init_done),
		cmocka_unit_test(test_post_event), cmocka_unit_test(test_wpr_meta),
		cmocka_unit_test(test_char_arrays), cmocka_unit_test(test_char_tail),
		cmocka_unit_test(test_counts),     cmocka_unit_test(test_refusals),
	};

	return !!cmocka_run_group_tests(tests, find_release, NULL);
}
