/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the status queue as a hostile GSP-RM could leave it in shared memory, received by the driver.
 * Byte 0: bit 0 seals the records again after mutation, so that what lies behind the checksum is reached too;
 * the rest is the ring: header page, then elements.
 */
#include "core/msgq.h"
#include "fuzz.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define RING_BYTES 0x13000u /* header page and 18 elements: room for one of the longest records */
#define ELEMENTS (RING_BYTES / NVT_ELEM_SIZE - 1)
#define MESSAGES_MAX 64

struct fuzz_clock {
	struct nvt_clock clock;
	uint64_t ns;
};

static uint64_t now_ns(struct nvt_clock *self)
{
	return ((struct fuzz_clock *)self)->ns;
}

static void sleep_us(struct nvt_clock *self, uint64_t us)
{
	((struct fuzz_clock *)self)->ns += us * 1000;
}

/* Records from element 0 on, as far as their lengths lead, get a fitting header. */
static void seal_all(uint8_t *elements)
{
	unsigned at = 0;
	uint32_t seq;

	for (seq = 0; at < ELEMENTS; seq++) {
		uint8_t *rec = elements + (size_t)at * NVT_ELEM_SIZE;
		uint32_t length = nvt_le32(rec + NVT_ELEM_HDR + 8);

		if (length < NVT_RPC_HDR || length > NVT_RECORD_MAX || at + nvt_frame_elems(length) > ELEMENTS)
			return;
		memset(rec + NVT_ELEM_HDR + length, 0, (8 - length % 8) % 8);
		nvt_frame_seal(rec, length, seq);
		at += nvt_frame_elems(length);
	}
}

static void receive(struct msgq *q)
{
	struct nvt_error e;
	struct nvt_bytes msg;
	unsigned i;
	uint8_t sum = 0;
	size_t k;

	if (msgq_link(q, 100, &e))
		return;
	for (i = 0; i < MESSAGES_MAX && msgq_recv(q, &msg, &e) == 1; i++) {
		struct nvt_rpc_head head;

		if (nvt_rpc_head_get(msg, &head, &e))
			abort();
		for (k = 0; k < msg.n; k++)
			sum ^= msg.p[k];
	}
	/* used, so that the reads above stay */
	if (sum == 1 && i > MESSAGES_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_clock clock = { { now_ns, sleep_us }, 0 };
	struct nvt_ctx ctx = { NULL, &clock.clock, NULL };
	struct nvt_transport t = { .ctx = &ctx };
	struct nvt_dma mem = { NULL, 0x10000000, msgq_mem_size(RING_BYTES), "queues", NULL };
	struct nvt_rel rel;
	struct msgq q;

	if (size < 1 || size > 1 + RING_BYTES || !nvt_rel_find(nvt_abi_builtin(), "570.144", &rel))
		return 0;
	mem.cpu = calloc(1, mem.size);
	if (!mem.cpu)
		abort();
	if (msgq_init(&q, &t, &mem, RING_BYTES, rel, NULL))
		abort();
	memcpy(mem.cpu + q.stat_off, data + 1, size - 1);
	if (data[0] & 1)
		seal_all(mem.cpu + q.stat_off + q.entry_off);
	receive(&q);
	msgq_fini(&q);
	free(mem.cpu);
	return 0;
}
