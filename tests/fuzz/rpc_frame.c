/* SPDX-License-Identifier: MIT */
/* Fuzz target: queue elements as the other side wrote them: checked, then joined. */
#include <nvt/rpc.h>
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { JOIN_MAX = 1 << 18 };

/* What passes the check can be sealed again to the same checksum. */
static void reseal(const uint8_t *rec, uint32_t length, uint32_t elems)
{
	uint8_t *copy = calloc(elems, NVT_ELEM_SIZE);
	struct nvt_rpc_head h;
	uint32_t again;

	if (!copy)
		return;
	memcpy(copy + NVT_ELEM_HDR, rec + NVT_ELEM_HDR, length);
	nvt_frame_seal(copy, length, 1);
	if (nvt_frame_check(copy, (size_t)elems * NVT_ELEM_SIZE, &(uint32_t){ 1 }, &h, &again, NULL) || again != elems)
		abort();
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *buf = malloc(JOIN_MAX);
	struct nvt_rpc_head head;
	struct nvt_bytes msg;
	struct nvt_join j;
	uint32_t elems;
	size_t at = 0, end;

	if (!buf)
		return 0;
	nvt_join_init(&j, (struct nvt_rel){ nvt_abi_builtin(), 0 }, buf, JOIN_MAX);
	while (at < size && !nvt_frame_check(data + at, size - at, NULL, &head, &elems, NULL)) {
		reseal(data + at, head.length, elems);
		end = at + (size_t)elems * NVT_ELEM_SIZE < size ? at + (size_t)elems * NVT_ELEM_SIZE : size;
		msg = (struct nvt_bytes){ data + at + NVT_ELEM_HDR, end - at - NVT_ELEM_HDR };
		if (nvt_join_feed(&j, msg, &msg, NULL) == 1 && (msg.p != buf || msg.n > JOIN_MAX))
			abort();
		at = end;
	}
	/* The joiner alone, past checksums that mutations rarely get right. */
	for (at = 0; at + 1 < size; at = end) {
		end = at + 1 + (size_t)data[at] * 8 < size ? at + 1 + (size_t)data[at] * 8 : size;
		nvt_join_feed(&j, (struct nvt_bytes){ data + at + 1, end - at - 1 }, &msg, NULL);
	}
	free(buf);
	return 0;
}
