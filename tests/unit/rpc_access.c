/* SPDX-License-Identifier: MIT */
/* Loads and stores by field constant. */
#include <nvt/fields.h>
#include <nvt/rpc.h>

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct nvt_rel rel;

static int find_release(void **state)
{
	(void)state;
	return !nvt_rel_find(nvt_abi_builtin(), "570.144", &rel);
}

static void test_scalars(void **state)
{
	uint8_t b[0x100] = { 0 };
	struct nvt_wview w = { .rel = rel, .p = b, .n = sizeof(b) };
	struct nvt_view v = { rel, b, sizeof(b) };
	uint64_t x = 0;

	(void)state;
	nvt_put(&w, NVF_GspFwWprMeta_magic, 0xdc3aae21371a60b3);
	nvt_put(&w, NVF_GspFwWprMeta_pmuReservedSize, 0x1820000);
	nvt_put(&w, NVF_GspFwWprMeta_flags, 0xff);
	nvt_put(&w, NVF_GspFwWprMeta_partitionRpcReplyOffset, 0xbeef);
	assert_int_equal(w.rc, 0);
	assert_true(nvt_le64(b) == 0xdc3aae21371a60b3);
	assert_int_equal(nvt_le32(b + 0xf4), 0x1820000);
	assert_int_equal(b[0xf1], 0xff);
	assert_int_equal(nvt_le16(b + 0xda), 0xbeef);
	assert_int_equal(nvt_get(&v, NVF_GspFwWprMeta_magic, &x), 0);
	assert_true(x == 0xdc3aae21371a60b3);
	assert_int_equal(nvt_get_or0(&v, NVF_GspFwWprMeta_partitionRpcReplyOffset), 0xbeef);
}

static void test_short_view(void **state)
{
	uint8_t b[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct nvt_view v = { rel, b, 7 };
	uint64_t x = 42;

	(void)state;
	assert_int_equal(nvt_get(&v, NVF_rpc_unloading_guest_driver_bGc6Entering, &x), 0);
	assert_int_equal(x, 2);
	assert_int_equal(nvt_get(&v, NVF_rpc_unloading_guest_driver_newLevel, &x), -NVT_E_DATA);
	assert_int_equal(x, 2);
	assert_int_equal(nvt_get_or0(&v, NVF_rpc_unloading_guest_driver_newLevel), 0);
	v.n = 8;
	assert_int_equal(nvt_get_or0(&v, NVF_rpc_unloading_guest_driver_newLevel), 0x08070605);
	v.p = NULL;
	v.n = 0;
	assert_int_equal(nvt_get(&v, NVF_rpc_unloading_guest_driver_bInPMTransition, &x), -NVT_E_DATA);
}

static void test_elements(void **state)
{
	uint8_t b[0x678] = { 0 };
	struct nvt_wview w = { .rel = rel, .p = b, .n = sizeof(b) };
	struct nvt_view v = { rel, b, sizeof(b) };
	uint64_t x = 0;
	unsigned i;

	(void)state;
	for (i = 0; i < 16; i++)
		nvt_put_at(&w, NVF_GspStaticConfigInfo_fbRegionInfoParams_fbRegion_base, i, 0x100000000ull * i);
	assert_int_equal(w.rc, 0);
	assert_true(nvt_le64(b + 0x158 + 8 + 15 * 48) == 0xf00000000);
	assert_int_equal(nvt_get_at(&v, NVF_GspStaticConfigInfo_fbRegionInfoParams_fbRegion_base, 3, &x), 0);
	assert_true(x == 0x300000000);
	assert_int_equal(nvt_get_at(&v, NVF_GspStaticConfigInfo_fbRegionInfoParams_fbRegion_base, 16, &x), -NVT_E_DATA);
	nvt_put_at(&w, NVF_GspStaticConfigInfo_fbRegionInfoParams_fbRegion_base, 16, 1);
	assert_int_equal(w.rc, -NVT_E_DATA);
}

static void test_flexible(void **state)
{
	uint8_t b[8 + 3 * 16] = { 0 };
	struct nvt_wview w = { .rel = rel, .p = b, .n = sizeof(b) };
	struct nvt_view v = { rel, b, sizeof(b) };
	struct nvt_bytes bytes;
	uint64_t x;

	(void)state;
	nvt_put_at(&w, NVF_PACKED_REGISTRY_TABLE_entries_data, 2, 7);
	assert_int_equal(w.rc, 0);
	assert_int_equal(nvt_le32(b + 8 + 32 + 8), 7);
	assert_int_equal(nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_data, 2, &x), 0);
	assert_int_equal(nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_data, 3, &x), -NVT_E_DATA);
	assert_int_equal(nvt_get_at(&v, NVF_PACKED_REGISTRY_TABLE_entries_data, UINT32_MAX, &x), -NVT_E_DATA);
	assert_int_equal(nvt_get_bytes(&v, NVF_PACKED_REGISTRY_TABLE_entries, &bytes), 0);
	assert_int_equal(bytes.n, 48);
}

static void test_bytes(void **state)
{
	uint8_t b[0x678] = { 0 };
	struct nvt_wview w = { .rel = rel, .p = b, .n = sizeof(b) };
	struct nvt_view v = { rel, b, sizeof(b) };
	struct nvt_bytes bytes;

	(void)state;
	nvt_put_bytes(&w, NVF_GspStaticConfigInfo_gpuNameString, (struct nvt_bytes){ (const uint8_t *)"NVIDIA", 6 });
	nvt_put_bytes(&w, NVF_GspStaticConfigInfo_grCapsBits, (struct nvt_bytes){ NULL, 0 });
	assert_int_equal(w.rc, 0);
	assert_int_equal(nvt_get_bytes(&v, NVF_GspStaticConfigInfo_gpuNameString, &bytes), 0);
	assert_int_equal(bytes.n, 6);
	assert_memory_equal(bytes.p, "NVIDIA", 6);
	assert_int_equal(nvt_get_bytes(&v, NVF_GspStaticConfigInfo_grCapsBits, &bytes), 0);
	assert_int_equal(bytes.n, 23);
	memset(b + 0x4ec, 'x', 64);
	assert_int_equal(nvt_get_bytes(&v, NVF_GspStaticConfigInfo_gpuNameString, &bytes), 0);
	assert_int_equal(bytes.n, 64);
	v.n = 0x4ec + 63;
	assert_int_equal(nvt_get_bytes(&v, NVF_GspStaticConfigInfo_gpuNameString, &bytes), -NVT_E_DATA);
	nvt_put_bytes(&w, NVF_GspStaticConfigInfo_grCapsBits, (struct nvt_bytes){ b + 100, 24 });
	assert_int_equal(w.rc, -NVT_E_DATA);
}

/* The first failure sticks and says which field, release and value. */
static void test_put_errors(void **state)
{
	uint8_t b[8] = { 0 };
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_wview w = { .rel = rel, .p = b, .n = sizeof(b), .e = &e };

	(void)state;
	nvt_put(&w, NVF_rpc_unloading_guest_driver_bGc6Entering, 0x100);
	assert_int_equal(w.rc, -NVT_E_DATA);
	assert_string_equal(e.msg, "rpc_unloading_guest_driver_bGc6Entering, release 570.144: "
				   "the value does not fit the field (0x100)");
	nvt_put(&w, NVF_rpc_unloading_guest_driver_newLevel, 1);
	assert_int_equal(nvt_le32(b + 4), 0);
	w.rc = 0;
	nvt_put(&w, 0x12340000, 0);
	assert_int_equal(w.rc, -NVT_E_DATA);
	assert_string_equal(e.msg,
			    "an unknown field, release 570.144: a value for a field that the release lacks (0x0)");
	w.rc = 0;
	w.n = 7;
	nvt_put(&w, NVF_rpc_unloading_guest_driver_newLevel, 1);
	assert_int_equal(w.rc, -NVT_E_DATA);
	w.rc = 0;
	nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_srInitArguments, 0);
	assert_int_equal(w.rc, -NVT_E_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),  cmocka_unit_test(test_short_view), cmocka_unit_test(test_elements),
		cmocka_unit_test(test_flexible), cmocka_unit_test(test_bytes),      cmocka_unit_test(test_put_errors),
	};

	return !!cmocka_run_group_tests(tests, find_release, NULL);
}
