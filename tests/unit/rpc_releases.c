/* SPDX-License-Identifier: MIT */
/*
 * Facts of several releases, found by other means than the import: sizes that pahole gives on the drivers'
 * headers, counts of a separate extraction, lengths in logs of real GPUs.
 */
#include <nvt/rpc.h>

#include "rpc/schema.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const releases[] = { "535.113.01", "570.144", "580.142", "595.45.04" };
enum { N = NVT_ARRAY_SIZE(releases) };

static struct nvt_rel rel_of(const char *name)
{
	struct nvt_rel rel;

	if (!nvt_rel_find(nvt_abi_builtin(), name, &rel))
		fail_msg("no release %s", name);
	return rel;
}

static void test_sizes(void **state)
{
	static const struct {
		const char *type;
		uint32_t size[N];
	} want[] = {
		{ "MESSAGE_QUEUE_INIT_ARGUMENTS", { 48, 32, 32, 64 } },
		{ "GSP_ARGUMENTS_CACHED", { 80, 72, 88, 136 } },
		{ "GspSystemInfo", { 664, 928, 936, 944 } },
		{ "GspStaticConfigInfo", { 2168, 1656, 1792, 1592 } },
		{ "GSP_FMC_BOOT_PARAMS", { 56, 80, 88, 88 } },
		{ "GspFwWprMeta", { 256, 256, 256, 256 } },
		{ "GspFwSRMeta", { 256, 256, 256, 256 } },
		{ "LibosMemoryRegionInitArgument", { 32, 32, 32, 32 } },
		{ "rpc_gsp_rm_control_v", { 24, 24, 40, 40 } },
		{ "rpc_gsp_rm_alloc_v", { 32, 32, 32, 32 } },
		{ "rpc_os_error_log_v", { 268, 272, 272, 272 } },
		{ "rpc_rc_triggered_v", { 20, 48, 48, 48 } },
		{ "rpc_init_done_v", { 4, 4, 4, 1 } },
		{ "NV2080CtrlNocatJournalInsertRecord", { 168, 1208, 1208, 1208 } },
		{ "NV_CHANNEL_ALLOC_PARAMS", { 360, 368, 368, 368 } },
		{ "NV0000_ALLOC_PARAMETERS", { 108, 120, 120, 120 } },
	};
	const struct nvt_layout *l;
	unsigned i, r;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		for (r = 0; r < N; r++) {
			l = nvt_layout_find(rel_of(releases[r]), want[i].type);
			if (!l || nvt_layout_size(l) != want[i].size[r])
				fail_msg("%s of %s has %u bytes, should have %u", want[i].type, releases[r],
					 l ? nvt_layout_size(l) : 0, want[i].size[r]);
		}
	}
}

/* Controls: the two that the other extraction has more are NULL commands. */
static void test_counts(void **state)
{
	static const unsigned functions[N] = { 203, 227, 229, 229 }, events[N] = { 30, 34, 34, 41 };
	static const unsigned controls[N] = { 1362 - 2, 1529 - 2, 1565 - 2, 1567 - 2 };
	static const unsigned with_params[N] = { 1281, 1442, 1490, 1493 }, classes[N] = { 144, 186, 209, 209 };
	unsigned r, pos, n, params;
	struct nvt_msg_desc m;
	struct nvt_id_desc d;
	uint32_t at;

	(void)state;
	for (r = 0; r < N; r++) {
		for (pos = n = params = 0; nvt_ctrl_next(rel_of(releases[r]), &pos, &d); n++)
			params += !!d.params;
		assert_int_equal(n, controls[r]);
		assert_int_equal(params, with_params[r]);
		for (pos = n = 0; nvt_class_next(rel_of(releases[r]), &pos, &d);)
			n++;
		assert_int_equal(n, classes[r]);
		for (at = n = params = 0; nvt_msg_next(rel_of(releases[r]), &at, &m);) {
			n += !m.is_event;
			params += m.is_event;
		}
		assert_int_equal(n, functions[r]);
		assert_int_equal(params, events[r]);
	}
}

static void test_events_move(void **state)
{
	static const struct {
		const char *name;
		uint32_t number[N];
	} want[] = {
		{ "GSP_SEND_USER_SHARED_DATA", { 0x101b, 0, 0, 0 } },
		{ "NVLINK_FAULT_UP", { 0x101c, 0x101b, 0x101b, 0x101b } },
		{ "GSP_LOCKDOWN_NOTICE", { 0x101d, 0x101c, 0x101c, 0x101c } },
		{ "MIG_CI_CONFIG_UPDATE", { 0x101e, 0x101d, 0x101d, 0x101d } },
		{ "RECOVERY_ACTION", { 0, 0x1022, 0x1022, 0x1022 } },
		{ "GSP_LOAD_EXEC_HS_BINARY", { 0, 0, 0, 0x1027 } },
		{ "PMU_HALTED", { 0, 0, 0, 0x1029 } },
	};
	struct nvt_msg_desc d;
	unsigned i, r;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		for (r = 0; r < N; r++) {
			d.number = 0;
			assert_int_equal(nvt_msg_by_name(rel_of(releases[r]), want[i].name, &d), !!want[i].number[r]);
			assert_int_equal(d.number, want[i].number[r]);
		}
	}
}

/* A driver log of 525.85.12 has an allocation of class 0 with 0x6c bytes; closed controls have no row. */
static void test_log_facts(void **state)
{
	struct nvt_id_desc d;

	(void)state;
	assert_true(nvt_class_by_id(rel_of("525.85.12"), 0, &d));
	assert_int_equal(nvt_layout_size(d.layout), 0x6c);
	assert_true(nvt_class_by_id(rel_of("525.85.12"), 0x41, &d));
	assert_int_equal(nvt_layout_size(d.layout), 0x6c);
	assert_false(nvt_ctrl_by_cmd(rel_of("570.144"), 0x20808001, &d));
	assert_true(nvt_ctrl_by_cmd(rel_of("535.113.01"), 0x20801303, &d));
	assert_string_equal(d.name, "NV2080_CTRL_CMD_FB_GET_INFO_V2");
	assert_true(nvt_ctrl_by_name(rel_of("570.86.16"), "NV2080_CTRL_CMD_NVLINK_PRM_ACCESS_PPLM", &d));
	assert_int_equal(nvt_layout_size(d.layout), 526);
	assert_true(nvt_ctrl_by_name(rel_of("570.144"), "NV2080_CTRL_CMD_NVLINK_PRM_ACCESS_PPLM", &d));
	assert_int_equal(nvt_layout_size(d.layout), 532);
}

/*
 * Lengths of whole records, element header included, in logs of GPUs with 570.144 (nova-core) and of payloads with 535
 * (nouveau's "fn:4123 len:0x24/0x4"): the struct, and what else travels behind it.
 */
static void test_logged_lengths(void **state)
{
	static const struct {
		const char *release, *message;
		uint32_t payload, more;
	} rows[] = {
		{ "570.144", "GSP_SET_SYSTEM_INFO", 0x3f0 - 0x50, 0 },
		{ "570.144", "GET_GSP_STATIC_INFO", 0x6c8 - 0x50, 0 },
		{ "570.144", "GSP_POST_NOCAT_RECORD", 0x50c - 0x50, 4 },
		{ "570.144", "GSP_LOCKDOWN_NOTICE", 0x51 - 0x50, 0 },
		{ "570.144", "UCODE_LIBOS_PRINT", 0x68 - 0x50, 16 },
		{ "570.144", "UCODE_LIBOS_PRINT", 0x70 - 0x50, 24 },
		{ "570.144", "SET_REGISTRY", 0xc5 - 0x50, 0xc5 - 0x50 - 8 },
		{ "570.144", "GSP_RUN_CPU_SEQUENCER", 0x18e8 - 0x50, 0x18e8 - 0x50 - 40 },
		{ "570.144", "GSP_RUN_CPU_SEQUENCER", 0x820 - 0x50, 0x820 - 0x50 - 40 },
		{ "535.113.01", "GSP_SEND_USER_SHARED_DATA", 4, 0 },
		{ "535.113.01", "UCODE_LIBOS_PRINT", 0x18, 16 },
	};
	struct nvt_msg_desc d;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		assert_true(nvt_msg_by_name(rel_of(rows[i].release), rows[i].message, &d));
		if (nvt_layout_size(d.layout) + rows[i].more != rows[i].payload || d.min_payload > rows[i].payload)
			fail_msg("%s carries %u and %u bytes, the log says %u", rows[i].message, nvt_layout_size(d.layout),
				 rows[i].more, rows[i].payload);
	}
	assert_true(nvt_msg_by_number(rel_of("535.113.01"), 4123, &d));
	assert_string_equal(d.name, "GSP_SEND_USER_SHARED_DATA");
	assert_true(nvt_msg_by_number(rel_of("535.113.01"), 4108, &d));
	assert_string_equal(d.name, "UCODE_LIBOS_PRINT");
	assert_true(nvt_msg_by_name(rel_of("570.144"), "GSP_INIT_DONE", &d));
	assert_int_equal(d.min_payload, 0); /* a record of 0x50 bytes: none of the struct's 4 */
}

struct difference {
	unsigned common, added, removed;
	unsigned moved; /* controls: a command with another number */
};

static struct difference compare(struct nvt_rel a, struct nvt_rel b, bool classes)
{
	bool (*next)(struct nvt_rel, unsigned *, struct nvt_id_desc *) = classes ? nvt_class_next : nvt_ctrl_next;
	bool (*find)(struct nvt_rel, uint32_t, struct nvt_id_desc *) = classes ? nvt_class_by_id : nvt_ctrl_by_cmd;
	struct difference n = { 0 };
	struct nvt_id_desc d, other;
	unsigned pos;

	for (pos = 0; next(a, &pos, &d);) {
		n.common += find(b, d.id, &other);
		n.removed += !find(b, d.id, &other);
		n.moved += !classes && nvt_ctrl_by_name(b, d.name, &other) && other.id != d.id;
	}
	for (pos = 0; next(b, &pos, &d);)
		n.added += !find(a, d.id, &other);
	return n;
}

/* Against the counts of a separate extraction; it has two NULL commands more. */
static void test_differences(void **state)
{
	static const struct difference controls[] = { { 1226, 303, 136, 33 }, { 1507, 58, 22, 2 }, { 1504, 63, 61, 4 } };
	static const struct difference classes[] = { { 144, 42, 0, 0 }, { 186, 23, 0, 0 }, { 207, 2, 2, 0 } };
	struct difference n;
	unsigned i;

	(void)state;
	for (i = 0; i + 1 < N; i++) {
		n = compare(rel_of(releases[i]), rel_of(releases[i + 1]), false);
		assert_int_equal(n.common, controls[i].common - 2);
		assert_int_equal(n.added, controls[i].added);
		assert_int_equal(n.removed, controls[i].removed);
		assert_int_equal(n.moved, controls[i].moved);
		n = compare(rel_of(releases[i]), rel_of(releases[i + 1]), true);
		assert_int_equal(n.common, classes[i].common);
		assert_int_equal(n.added, classes[i].added);
		assert_int_equal(n.removed, classes[i].removed);
	}
}

/* Which arm of a union counts is the value of a field beside it. */
static int count_members(void *arg, const struct nvt_leaf *leaf)
{
	unsigned *n = arg;

	n[leaf->depth == 1 && leaf->what != NVT_LEAF_END]++;
	return 0;
}

static void test_union_arms(void **state)
{
	struct nvt_rel rel = rel_of("570.144");
	const struct nvt_layout *l = nvt_layout_find(rel, "NV2080_CTRL_FB_FS_INFO_QUERY_v1A_1D");
	unsigned one[2] = { 0 }, all[2] = { 0 };
	uint8_t b[256] = { 2 };

	(void)state;
	assert_non_null(l);
	assert_true(nvt_layout_size(l) <= sizeof(b));
	assert_int_equal(nvt_walk(rel, l, (struct nvt_bytes){ b, nvt_layout_size(l) }, count_members, one), 0);
	b[0] = 200;
	assert_int_equal(nvt_walk(rel, l, (struct nvt_bytes){ b, nvt_layout_size(l) }, count_members, all), 0);
	assert_int_equal(one[1], 1);
	assert_true(all[1] > 5);
}

static void test_table_size(void **state)
{
	(void)state;
	assert_true(nvt_schema_size(nvt_abi_builtin()) < 6 << 20);
	assert_true(nvt_abi_release_count(nvt_abi_builtin()) >= 193);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),       cmocka_unit_test(test_counts),
		cmocka_unit_test(test_events_move), cmocka_unit_test(test_log_facts),
		cmocka_unit_test(test_union_arms),  cmocka_unit_test(test_table_size),
		cmocka_unit_test(test_logged_lengths), cmocka_unit_test(test_differences),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
