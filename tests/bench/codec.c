/* SPDX-License-Identifier: MIT */
/*
 * What callgrind counts: one operation, COUNT times. The cost of one is the difference between two counts.
 *
 * usage: codec message|raw|copy COUNT
 * message: a 40-byte UNLOADING_GUEST_DRIVER, from field values to a sealed record, checked and read back
 * raw: a 60 KiB message of opaque bytes, sealed and checked
 * copy: memcpy of those bytes and an XOR over the copy, the least that has to be done to them
 */
#include <nvt/fields.h>
#include <nvt/rpc.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RELEASE "570.144"
#define RAW_BYTES (60u * 1024)
#define UNLOADING_BYTES 8

static _Alignas(8) uint8_t record[NVT_ELEM_SIZE * NVT_ELEM_MAX];
static _Alignas(8) uint8_t payload[RAW_BYTES];

/* Field values -> RPC header and payload -> sealed record -> checked -> field values. */
static int message(struct nvt_rel rel, uint32_t function, uint32_t seq)
{
	struct nvt_rpc_head head = { .length = NVT_RPC_HDR + UNLOADING_BYTES, .function = function, .sequence = seq };
	struct nvt_wview w = { rel, record + NVT_ELEM_HDR + NVT_RPC_HDR, UNLOADING_BYTES, 0, NULL };
	struct nvt_view v = { rel, record + NVT_ELEM_HDR + NVT_RPC_HDR, UNLOADING_BYTES };
	uint64_t level, in_transition, gc6;
	uint32_t elems;

	nvt_rpc_head_put(record + NVT_ELEM_HDR, &head);
	nvt_put(&w, NVF_rpc_unloading_guest_driver_bInPMTransition, 1);
	nvt_put(&w, NVF_rpc_unloading_guest_driver_bGc6Entering, 0);
	nvt_put(&w, NVF_rpc_unloading_guest_driver_newLevel, seq);
	nvt_frame_seal(record, head.length, seq);
	if (w.rc || nvt_frame_check(record, sizeof(record), &seq, &head, &elems, NULL))
		return 1;
	if (nvt_get(&v, NVF_rpc_unloading_guest_driver_bInPMTransition, &in_transition) ||
	    nvt_get(&v, NVF_rpc_unloading_guest_driver_bGc6Entering, &gc6) ||
	    nvt_get(&v, NVF_rpc_unloading_guest_driver_newLevel, &level))
		return 1;
	return head.function != function || level != seq || in_transition != 1 || gc6 || elems != 1;
}

static int raw(struct nvt_rel rel, uint32_t function, uint32_t seq)
{
	struct nvt_rpc_head head = { .length = NVT_RPC_HDR + RAW_BYTES, .function = function, .sequence = seq };
	uint32_t elems;

	(void)rel;
	nvt_rpc_head_put(record + NVT_ELEM_HDR, &head);
	memcpy(record + NVT_ELEM_HDR + NVT_RPC_HDR, payload, RAW_BYTES);
	nvt_frame_seal(record, head.length, seq);
	return nvt_frame_check(record, sizeof(record), &seq, &head, &elems, NULL) || head.length < RAW_BYTES;
}

static int copy(struct nvt_rel rel, uint32_t function, uint32_t seq)
{
	uint64_t x = 0, word;
	size_t i;

	(void)rel;
	memcpy(record, payload, RAW_BYTES);
	for (i = 0; i < RAW_BYTES; i += sizeof(word)) {
		memcpy(&word, record + i, sizeof(word));
		x ^= word;
	}
	return x == ((uint64_t)function << 32 | seq); /* never; keeps the sum in use */
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct nvt_rel rel, uint32_t function, uint32_t seq);
	} modes[] = { { "message", message }, { "raw", raw }, { "copy", copy } };
	unsigned long n = argc == 3 ? strtoul(argv[2], NULL, 0) : 0, i;
	struct nvt_msg_desc desc;
	struct nvt_rel rel;
	unsigned mode = 0;
	int bad = 0;

	while (n && mode < NVT_ARRAY_SIZE(modes) && strcmp(modes[mode].name, argv[1]))
		mode++;
	if (!n || mode == NVT_ARRAY_SIZE(modes)) {
		fprintf(stderr, "usage: codec message|raw|copy COUNT\n");
		return 2;
	}
	if (!nvt_rel_find(nvt_abi_builtin(), RELEASE, &rel) ||
	    !nvt_msg_by_name(rel, "UNLOADING_GUEST_DRIVER", &desc))
		return 1;
	for (i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7);
	for (i = 0; i < n; i++)
		bad |= modes[mode].run(rel, desc.number, (uint32_t)i);
	return bad;
}
