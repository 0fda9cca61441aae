/* SPDX-License-Identifier: MIT */
/* The built-in tables: sizes, offsets and ids of 570.144 against independently known values. */
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

/* Sizes measured with pahole on the driver's headers, and lengths seen on the wire. */
static void test_sizes(void **state)
{
	static const struct {
		const char *type;
		uint32_t size;
	} want[] = {
		{ "MESSAGE_QUEUE_INIT_ARGUMENTS", 0x20 },
		{ "GSP_ARGUMENTS_CACHED", 0x48 },
		{ "GspSystemInfo", 0x3a0 },
		{ "GspStaticConfigInfo", 0x678 },
		{ "GspFwWprMeta", 0x100 },
		{ "LibosMemoryRegionInitArgument", 0x20 },
		{ "GSP_MSG_QUEUE_ELEMENT", 0x50 },
		{ "msgqTxHeader", 0x20 },
		{ "msgqRxHeader", 4 },
		{ "PACKED_REGISTRY_ENTRY", 0x10 },
		{ "PACKED_REGISTRY_TABLE", 8 },
		{ "rpc_message_header_v", 0x20 },
		{ "rpc_gsp_rm_control_v", 24 },
		{ "rpc_gsp_rm_alloc_v", 32 },
		{ "rpc_os_error_log_v", 272 },
		{ "rpc_rc_triggered_v", 48 },
		{ "rpc_init_done_v", 4 },
		{ "rpc_post_event_v", 32 },
		{ "rpc_unloading_guest_driver_v", 8 },
		{ "rpc_gsp_lockdown_notice_v", 1 },
		{ "rpc_run_cpu_sequencer_v", 40 },
		{ "NV2080CtrlNocatJournalInsertRecord", 1208 },
	};
	const struct nvt_layout *l;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		l = nvt_layout_find(rel, want[i].type);
		if (!l)
			fail_msg("no type %s", want[i].type);
		if (nvt_layout_size(l) != want[i].size)
			fail_msg("%s has %u bytes, should have %u", want[i].type, nvt_layout_size(l), want[i].size);
	}
	assert_null(nvt_layout_find(rel, "rpc_generic_union"));
	assert_null(nvt_layout_find(rel, ""));
}

static void test_offsets(void **state)
{
	static const struct {
		uint32_t nvf;
		int32_t offset;
	} want[] = {
		{ NVF_GSP_MSG_QUEUE_ELEMENT_checkSum, 32 },
		{ NVF_GSP_MSG_QUEUE_ELEMENT_seqNum, 36 },
		{ NVF_GSP_MSG_QUEUE_ELEMENT_elemCount, 40 },
		{ NVF_GSP_MSG_QUEUE_ELEMENT_rpc, 48 },
		{ NVF_GspFwWprMeta_magic, 0x00 },
		{ NVF_GspFwWprMeta_revision, 0x08 },
		{ NVF_GspFwWprMeta_sysmemAddrOfRadix3Elf, 0x10 },
		{ NVF_GspFwWprMeta_sizeOfRadix3Elf, 0x18 },
		{ NVF_GspFwWprMeta_sysmemAddrOfBootloader, 0x20 },
		{ NVF_GspFwWprMeta_sizeOfBootloader, 0x28 },
		{ NVF_GspFwWprMeta_bootloaderCodeOffset, 0x30 },
		{ NVF_GspFwWprMeta_bootloaderDataOffset, 0x38 },
		{ NVF_GspFwWprMeta_bootloaderManifestOffset, 0x40 },
		{ NVF_GspFwWprMeta_sysmemAddrOfSignature, 0x48 },
		{ NVF_GspFwWprMeta_sizeOfSignature, 0x50 },
		{ NVF_GspFwWprMeta_gspFwRsvdStart, 0x58 },
		{ NVF_GspFwWprMeta_nonWprHeapOffset, 0x60 },
		{ NVF_GspFwWprMeta_nonWprHeapSize, 0x68 },
		{ NVF_GspFwWprMeta_gspFwWprStart, 0x70 },
		{ NVF_GspFwWprMeta_gspFwHeapOffset, 0x78 },
		{ NVF_GspFwWprMeta_gspFwHeapSize, 0x80 },
		{ NVF_GspFwWprMeta_gspFwOffset, 0x88 },
		{ NVF_GspFwWprMeta_bootBinOffset, 0x90 },
		{ NVF_GspFwWprMeta_frtsOffset, 0x98 },
		{ NVF_GspFwWprMeta_frtsSize, 0xa0 },
		{ NVF_GspFwWprMeta_gspFwWprEnd, 0xa8 },
		{ NVF_GspFwWprMeta_fbSize, 0xb0 },
		{ NVF_GspFwWprMeta_vgaWorkspaceOffset, 0xb8 },
		{ NVF_GspFwWprMeta_vgaWorkspaceSize, 0xc0 },
		{ NVF_GspFwWprMeta_bootCount, 0xc8 },
		{ NVF_GspFwWprMeta_partitionRpcAddr, 0xd0 },
		{ NVF_GspFwWprMeta_partitionRpcReplyOffset, 0xda },
		{ NVF_GspFwWprMeta_elfCodeOffset, 0xdc },
		{ NVF_GspFwWprMeta_elfDataOffset, 0xe0 },
		{ NVF_GspFwWprMeta_elfCodeSize, 0xe4 },
		{ NVF_GspFwWprMeta_elfDataSize, 0xe8 },
		{ NVF_GspFwWprMeta_lsUcodeVersion, 0xec },
		{ NVF_GspFwWprMeta_sysmemAddrOfCrashReportQueue, 0xe0 },
		{ NVF_GspFwWprMeta_sizeOfCrashReportQueue, 0xe8 },
		{ NVF_GspFwWprMeta_gspFwHeapVfPartitionCount, 0xf0 },
		{ NVF_GspFwWprMeta_flags, 0xf1 },
		{ NVF_GspFwWprMeta_pmuReservedSize, 0xf4 },
		{ NVF_GspFwWprMeta_verified, 0xf8 },
		{ NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_sharedMemPhysAddr, 0x00 },
		{ NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_pageTableEntryCount, 0x08 },
		{ NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_cmdQueueOffset, 0x10 },
		{ NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_statQueueOffset, 0x18 },
		{ NVF_GSP_ARGUMENTS_CACHED_srInitArguments, 0x20 },
		{ NVF_GSP_ARGUMENTS_CACHED_srInitArguments_flags, 0x24 },
		{ NVF_GSP_ARGUMENTS_CACHED_srInitArguments_bInPMTransition, 0x28 },
		{ NVF_GSP_ARGUMENTS_CACHED_gpuInstance, 0x2c },
		{ NVF_GSP_ARGUMENTS_CACHED_bDmemStack, 0x30 },
		{ NVF_GSP_ARGUMENTS_CACHED_profilerArgs_pa, 0x38 },
		{ NVF_GSP_ARGUMENTS_CACHED_profilerArgs_size, 0x40 },
		{ NVF_GspSystemInfo_maxUserVa, 0x48 },
		{ NVF_GspSystemInfo_pciConfigMirrorBase, 0x50 },
		{ NVF_GspSystemInfo_acpiMethodData, 0xa0 },
		{ NVF_GspSystemInfo_bIsPassthru, 0x348 },
		{ NVF_GspSystemInfo_gspVFInfo, 0x358 },
		{ NVF_GspStaticConfigInfo_fbRegionInfoParams, 0x158 },
		{ NVF_GspStaticConfigInfo_gpuNameString, 0x4ec },
		{ NVF_GspStaticConfigInfo_bar1PdeBase, 0x600 },
		{ NVF_GspStaticConfigInfo_bar2PdeBase, 0x608 },
		{ NVF_GspStaticConfigInfo_hInternalClient, 0x640 },
		{ NVF_GspStaticConfigInfo_fwWprLayoutOffset, 0x668 },
		{ NVF_LibosMemoryRegionInitArgument_pa, 8 },
		{ NVF_LibosMemoryRegionInitArgument_size, 16 },
		{ NVF_LibosMemoryRegionInitArgument_kind, 24 },
		{ NVF_LibosMemoryRegionInitArgument_loc, 25 },
		{ NVF_PACKED_REGISTRY_ENTRY_type, 4 },
		{ NVF_PACKED_REGISTRY_ENTRY_length, 12 },
		{ NVF_rpc_post_event_eventData, 29 },
		{ NVF_rpc_unloading_guest_driver_newLevel, 4 },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++)
		if (nvt_nvf_offset(rel, want[i].nvf) != want[i].offset)
			fail_msg("row %u: 0x%x, should be 0x%x", i, nvt_nvf_offset(rel, want[i].nvf), want[i].offset);
	assert_int_equal(nvt_nvf_offset(rel, 0), -1);
	assert_int_equal(nvt_nvf_offset(rel, 0xffffffff), -1);
	assert_int_equal(nvt_nvf_struct_size(rel, NVF_GspFwWprMeta_magic), 0x100);
	assert_int_equal(nvt_nvf_struct_size(rel, 0x7fff0000), 0);
}

static void test_messages(void **state)
{
	static const struct {
		uint32_t number;
		const char *name, *payload;
		uint32_t min;
	} want[] = {
		{ 47, "UNLOADING_GUEST_DRIVER", "rpc_unloading_guest_driver_v1F_07", 8 },
		{ 65, "GET_GSP_STATIC_INFO", "GspStaticConfigInfo", 1656 },
		{ 71, "CONTINUATION_RECORD", NULL, 0 },
		{ 72, "GSP_SET_SYSTEM_INFO", "GspSystemInfo", 928 },
		{ 73, "SET_REGISTRY", "PACKED_REGISTRY_TABLE", 8 },
		{ 76, "GSP_RM_CONTROL", "rpc_gsp_rm_control_v03_00", 24 },
		{ 103, "GSP_RM_ALLOC", "rpc_gsp_rm_alloc_v03_00", 32 },
		{ 0x1001, "GSP_INIT_DONE", "rpc_init_done_v17_00", 0 },
		{ 0x1002, "GSP_RUN_CPU_SEQUENCER", "rpc_run_cpu_sequencer_v17_00", 40 },
		{ 0x1003, "POST_EVENT", "rpc_post_event_v17_00", 29 },
		{ 0x1004, "RC_TRIGGERED", "rpc_rc_triggered_v17_02", 48 },
		{ 0x1006, "OS_ERROR_LOG", "rpc_os_error_log_v17_00", 272 },
		{ 0x100c, "UCODE_LIBOS_PRINT", "rpc_ucode_libos_print_v1E_08", 8 },
		{ 0x101b, "NVLINK_FAULT_UP", "rpc_nvlink_fault_up_v17_00", 4 },
		{ 0x101c, "GSP_LOCKDOWN_NOTICE", "rpc_gsp_lockdown_notice_v17_00", 1 },
		{ 0x1020, "GSP_POST_NOCAT_RECORD", "NV2080CtrlNocatJournalInsertRecord", 1204 },
		{ 0x1022, "RECOVERY_ACTION", "rpc_recovery_action_v28_01", 5 },
	};
	struct nvt_msg_desc d;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(want); i++) {
		assert_true(nvt_msg_by_number(rel, want[i].number, &d));
		assert_string_equal(d.name, want[i].name);
		assert_int_equal(d.is_event, want[i].number >= 0x1000);
		assert_int_equal(d.min_payload, want[i].min);
		assert_int_equal(!d.payload, !want[i].payload);
		if (d.payload)
			assert_string_equal(d.payload, want[i].payload);
		assert_true(nvt_msg_by_name(rel, want[i].name, &d));
		assert_int_equal(d.number, want[i].number);
	}
	assert_false(nvt_msg_by_number(rel, 227, &d));
	assert_false(nvt_msg_by_number(rel, 0x1000, &d));
	assert_false(nvt_msg_by_number(rel, 0x1023, &d));
	assert_false(nvt_msg_by_name(rel, "NUM_EVENTS", &d));
}

/* 228 functions and 36 events are declared; NUM_FUNCTIONS, FIRST_EVENT and NUM_EVENTS are no messages. */
static void test_ids_unique(void **state)
{
	unsigned i, functions = 0, events = 0;
	struct nvt_msg_desc d, other;
	uint32_t last = 0;

	(void)state;
	for (i = 0; nvt_msg_at(rel, i, &d); i++) {
		assert_true(!i || d.number > last);
		last = d.number;
		assert_true(nvt_msg_by_name(rel, d.name, &other));
		assert_int_equal(other.number, d.number);
		functions += !d.is_event;
		events += d.is_event;
	}
	assert_int_equal(functions, 228 - 1);
	assert_int_equal(events, 36 - 2);
}

static void test_names(void **state)
{
	uint64_t v = 0;

	(void)state;
	assert_string_equal(nvt_status_name(rel, 0), "NV_OK");
	assert_string_equal(nvt_status_name(rel, 0xffff), "NV_ERR_GENERIC");
	assert_string_equal(nvt_status_name(rel, 0x40), "NV_ERR_INVALID_STATE");
	assert_string_equal(nvt_status_name(rel, 0x65), "NV_ERR_TIMEOUT");
	assert_null(nvt_status_name(rel, 0xffffffff));
	assert_string_equal(nvt_enum_name(rel, "LibosMemoryRegionKind", 2), "LIBOS_MEMORY_REGION_RADIX3");
	assert_null(nvt_enum_name(rel, "LibosMemoryRegionKind", 3));
	assert_null(nvt_enum_name(rel, "nothing", 0));
	assert_true(nvt_const_find(rel, "GSP_FW_WPR_META_MAGIC", &v));
	assert_true(v == 0xdc3aae21371a60b3);
	assert_true(nvt_const_find(rel, "GSP_FW_WPR_META_VERIFIED", &v));
	assert_true(v == 0xa0a0a0a0a0a0a0a0);
	assert_true(nvt_const_find(rel, "GSP_MSG_QUEUE_RPC_SIZE_MAX", &v));
	assert_int_equal(v, NVT_RECORD_MAX);
	assert_true(nvt_const_find(rel, "GSP_MSG_QUEUE_ELEMENT_HDR_SIZE", &v));
	assert_int_equal(v, NVT_ELEM_HDR);
	assert_false(nvt_const_find(rel, "GSP_FW_WPR_META", &v));
	assert_string_equal(nvt_rel_name(rel), "570.144");
	assert_false(nvt_rel_find(nvt_abi_builtin(), "570.14", &rel));
	assert_false(nvt_rel_find(nvt_abi_builtin(), "570.1440", &rel));
}

static void test_sequencer(void **state)
{
	static const char *const types[] = {
		"GSP_SEQ_BUF_PAYLOAD_REG_WRITE", "GSP_SEQ_BUF_PAYLOAD_REG_MODIFY", "GSP_SEQ_BUF_PAYLOAD_REG_POLL",
		"GSP_SEQ_BUF_PAYLOAD_DELAY_US", "GSP_SEQ_BUF_PAYLOAD_REG_STORE",
	};
	const struct nvt_layout *l;
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_SEQ__COUNT; i++) {
		assert_string_equal(nvt_seq_name(i), nvt_enum_name(rel, "GSP_SEQ_BUF_OPCODE", i));
		l = i < NVT_ARRAY_SIZE(types) ? nvt_layout_find(rel, types[i]) : NULL;
		assert_int_equal(4 * nvt_seq_operands(i), l ? nvt_layout_size(l) : 0);
	}
	assert_null(nvt_seq_name(NVT_SEQ__COUNT));
	assert_int_equal(nvt_seq_operands(NVT_SEQ__COUNT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),      cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_messages),   cmocka_unit_test(test_ids_unique),
		cmocka_unit_test(test_names),      cmocka_unit_test(test_sequencer),
	};

	return !!cmocka_run_group_tests(tests, find_release, NULL);
}
