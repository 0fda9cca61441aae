/* SPDX-License-Identifier: MIT */
/* Rings in shared memory: page table, headers, records out, records in. */
#include "core/msgq.h"

#include "base/bytes.h"

#include <nvt/fields.h>

#include <stdlib.h>
#include <string.h>

#define PAGE 0x1000u
#define RECORD_BYTES ((size_t)NVT_ELEM_SIZE * NVT_ELEM_MAX)
/* Longest message that is joined from continuation records. */
#define MESSAGE_BYTES ((size_t)1 << 20)
#define WAIT_INTERVAL_US 50
/* msgq_priv.h: each side keeps its read pointer in the ring that it writes. */
#define FLAGS_SWAP_RX 1

static uint32_t load32(const struct msgq *q, uint32_t off)
{
	return __atomic_load_n((const uint32_t *)(const void *)(q->mem->cpu + off),
			       __ATOMIC_ACQUIRE);
}

/* Everything stored before is visible to the device when it sees this value. */
static void publish32(struct msgq *q, uint32_t off, uint32_t val)
{
	__atomic_store_n((uint32_t *)(void *)(q->mem->cpu + off), val, __ATOMIC_RELEASE);
	nvt_dma_sync(q->t, q->mem, off, 4);
}

static uint32_t pte_pages(uint32_t ring_size)
{
	uint32_t pages = 2 * ring_size / PAGE, ptes = 1;

	while ((pages + ptes) * 8 > ptes * PAGE)
		ptes++;
	return ptes;
}

size_t msgq_mem_size(uint32_t ring_size)
{
	return (size_t)pte_pages(ring_size) * PAGE + 2 * (size_t)ring_size;
}

static int32_t offset_of(struct nvt_rel rel, uint32_t nvf, int *rc, struct nvt_error *e)
{
	int32_t off = nvt_nvf_offset(rel, nvf);

	if (off < 0 && !*rc)
		*rc = nvt_fail(e, NVT_E_ENV, "release %s has no message queue header",
			       nvt_rel_name(rel));
	return off;
}

static int fill_header(struct msgq *q, struct nvt_error *e)
{
	struct nvt_wview w = { q->rel, q->mem->cpu + q->cmd_off, q->rx_off, 0, e };

	nvt_put(&w, NVF_msgqTxHeader_version, 0);
	nvt_put(&w, NVF_msgqTxHeader_size, q->size);
	nvt_put(&w, NVF_msgqTxHeader_msgSize, NVT_ELEM_SIZE);
	nvt_put(&w, NVF_msgqTxHeader_msgCount, q->count);
	nvt_put(&w, NVF_msgqTxHeader_flags, FLAGS_SWAP_RX);
	nvt_put(&w, NVF_msgqTxHeader_rxHdrOff, q->rx_off);
	nvt_put(&w, NVF_msgqTxHeader_entryOff, q->entry_off);
	return w.rc;
}

static int alloc_buffers(struct msgq *q, struct nvt_error *e)
{
	uint8_t *join = malloc(MESSAGE_BYTES);

	q->tx = malloc(RECORD_BYTES);
	q->rx = malloc(RECORD_BYTES);
	nvt_join_init(&q->join, q->rel, join, MESSAGE_BYTES);
	return join && q->tx && q->rx ? 0
				      : nvt_fail(e, NVT_E_NOMEM, "no memory for message buffers");
}

int msgq_init(struct msgq *q, struct nvt_transport *t, const struct nvt_dma *mem,
	      uint32_t ring_size, struct nvt_rel rel, struct nvt_error *e)
{
	uint32_t i;
	int rc = 0;

	*q = (struct msgq){ .t = t, .mem = mem, .rel = rel, .size = ring_size, .entry_off = PAGE };
	q->rx_off = nvt_nvf_struct_size(rel, NVF_msgqTxHeader_version);
	q->write_off = (uint32_t)offset_of(rel, NVF_msgqTxHeader_writePtr, &rc, e);
	if (rc)
		return rc;
	q->cmd_off = pte_pages(ring_size) * PAGE;
	q->stat_off = q->cmd_off + ring_size;
	q->count = (ring_size - q->entry_off) / NVT_ELEM_SIZE;
	q->pte_count = (uint32_t)(mem->size / PAGE);
	for (i = 0; i < q->pte_count; i++)
		nvt_put_le64(mem->cpu + (size_t)i * 8, mem->iova + (uint64_t)i * PAGE);
	rc = fill_header(q, e);
	if (!rc)
		rc = alloc_buffers(q, e);
	if (!rc)
		nvt_dma_sync(t, mem, 0, q->cmd_off + PAGE);
	return rc;
}

void msgq_fini(struct msgq *q)
{
	free(q->tx);
	free(q->rx);
	free(q->join.buf);
	*q = (struct msgq){ 0 };
}

/* ---- link ---- */

static int check_status_header(struct msgq *q, struct nvt_error *e)
{
	struct nvt_view v = { q->rel, q->mem->cpu + q->stat_off, q->rx_off };
	uint64_t version = nvt_get_or0(&v, NVF_msgqTxHeader_version),
		 size = nvt_get_or0(&v, NVF_msgqTxHeader_size);
	uint64_t msg = nvt_get_or0(&v, NVF_msgqTxHeader_msgSize),
		 count = nvt_get_or0(&v, NVF_msgqTxHeader_msgCount);
	uint64_t rx = nvt_get_or0(&v, NVF_msgqTxHeader_rxHdrOff),
		 entry = nvt_get_or0(&v, NVF_msgqTxHeader_entryOff);
	int rc;

	/* The checks of OGKM's msgqRxLink, and that the ring is the one we laid out. */
	if (version == 0 && size == q->size && msg == NVT_ELEM_SIZE && count == q->count &&
	    rx >= q->rx_off && entry >= rx + 4 && rx % 4 == 0 && entry == q->entry_off)
		return 0;
	rc = nvt_fail(e, NVT_E_DEVICE, "GSP-RM published a status queue of another shape");
	nvt_err_seen(e, "version %u size 0x%x msgSize 0x%x msgCount %u rxHdrOff 0x%x entryOff 0x%x",
		     (unsigned)version, (unsigned)size, (unsigned)msg, (unsigned)count,
		     (unsigned)rx, (unsigned)entry);
	nvt_err_wanted(e, "version 0 size 0x%x msgSize 0x%x msgCount %u entryOff 0x%x", q->size,
		       NVT_ELEM_SIZE, q->count, q->entry_off);
	return rc;
}

int msgq_link(struct msgq *q, uint64_t timeout_us, struct nvt_error *e)
{
	struct nvt_clock *clock = q->t->ctx->clock;
	uint64_t end = nvt_now_ns(q->t->ctx) + timeout_us * 1000;
	int entry = nvt_nvf_offset(q->rel, NVF_msgqTxHeader_entryOff), rc;

	/* The last field of the header: once it is there, so are the others. */
	while (!load32(q, q->stat_off + (uint32_t)entry)) {
		if (nvt_now_ns(q->t->ctx) >= end) {
			rc = nvt_fail(e, NVT_E_TIMEOUT,
				      "GSP-RM did not publish its status queue within %u ms",
				      (unsigned)(timeout_us / 1000));
			nvt_err_seen(e, "an empty queue header");
			nvt_err_wanted(e, "entryOff 0x%x", q->entry_off);
			nvt_err_hint(e, "GSP-RM started but stopped before it came to its queues; "
					"do firmware and "
					"driver mean the same release?");
			return rc;
		}
		clock->sleep_us(clock, WAIT_INTERVAL_US);
	}
	rc = check_status_header(q, e);
	q->linked = !rc;
	return rc;
}

/* ---- send ---- */

/* GSP-RM's read pointer for the command ring lies in its own ring. */
static int room(struct msgq *q, uint32_t *ret, struct nvt_error *e)
{
	uint32_t read = load32(q, q->stat_off + q->rx_off);

	if (read >= q->count)
		return nvt_fail(e, NVT_E_DEVICE,
				"GSP-RM's read pointer %u is outside the queue of %u elements",
				read, q->count);
	*ret = (read + q->count - q->tx_write - 1) % q->count;
	return 0;
}

static int wait_for_room(struct msgq *q, uint32_t elems, uint64_t timeout_us, struct nvt_error *e)
{
	struct nvt_clock *clock = q->t->ctx->clock;
	uint64_t end = nvt_now_ns(q->t->ctx) + timeout_us * 1000;
	uint32_t have = 0;
	int rc;

	for (;;) {
		rc = room(q, &have, e);
		if (rc || have >= elems)
			return rc;
		if (nvt_now_ns(q->t->ctx) >= end)
			break;
		clock->sleep_us(clock, WAIT_INTERVAL_US);
	}
	rc = nvt_fail(e, NVT_E_TIMEOUT, "GSP-RM does not read its command queue");
	nvt_err_hint(e, "GSP-RM has stopped, or is busy for longer than any driver waits");
	nvt_err_seen(e, "%u free elements", have);
	nvt_err_wanted(e, "%u", elems);
	return rc;
}

static void copy_in(struct msgq *q, uint32_t elems, size_t bytes)
{
	size_t first = (size_t)(q->count - q->tx_write) * NVT_ELEM_SIZE,
	       off = q->cmd_off + q->entry_off;
	size_t at = off + (size_t)q->tx_write * NVT_ELEM_SIZE;

	if (bytes > first) {
		memcpy(q->mem->cpu + at, q->tx, first);
		nvt_dma_sync(q->t, q->mem, at, first);
		memcpy(q->mem->cpu + off, q->tx + first, bytes - first);
		nvt_dma_sync(q->t, q->mem, off, bytes - first);
	} else {
		memcpy(q->mem->cpu + at, q->tx, bytes);
		nvt_dma_sync(q->t, q->mem, at, bytes);
	}
	q->tx_write = (q->tx_write + elems) % q->count;
}

static int send_record(struct msgq *q, struct nvt_bytes msg, const struct nvt_split_part *part,
		       uint64_t timeout_us, struct nvt_error *e)
{
	size_t bytes = nvt_align_up(NVT_ELEM_HDR + (size_t)part->rpc_length, 8), head = 0;
	uint32_t elems = nvt_frame_elems(part->rpc_length);
	uint8_t *rpc = q->tx + NVT_ELEM_HDR;
	int rc = wait_for_room(q, elems, timeout_us, e);

	if (rc)
		return rc;
	memset(q->tx, 0, NVT_ELEM_HDR);
	memset(q->tx + bytes - 8, 0, 8);
	if (part->continuation)
		head = NVT_RPC_HDR;
	memcpy(rpc + head, msg.p + part->off, part->n);
	if (part->continuation) {
		const struct nvt_rpc_head h = { part->rpc_length, NVT_FN_CONTINUATION, 0xffffffff,
						0xffffffff, 0 };

		nvt_rpc_head_put(rpc, &h);
	} else {
		struct nvt_rpc_head h;

		rc = nvt_rpc_head_get(msg, &h, e);
		if (rc)
			return rc;
		h.length = part->rpc_length;
		nvt_rpc_head_put(rpc, &h);
	}
	nvt_frame_seal(q->tx, part->rpc_length, q->tx_seq++);
	copy_in(q, elems, bytes);
	return 0;
}

int msgq_send(struct msgq *q, struct nvt_bytes msg, uint64_t timeout_us, struct nvt_error *e)
{
	struct nvt_split_part part;
	struct nvt_split split;
	int rc = 0;

	nvt_split_begin(&split, msg.n);
	while (!rc && nvt_split_next(&split, &part)) {
		rc = send_record(q, msg, &part, timeout_us, e);
		if (!rc)
			publish32(q, q->cmd_off + q->write_off, q->tx_write);
	}
	return rc;
}

/* ---- receive ---- */

/* Copies bytes [from, to) of the record at the read pointer out of the ring. */
static void copy_out(struct msgq *q, size_t from, size_t to)
{
	size_t first = (size_t)(q->count - q->rx_read) * NVT_ELEM_SIZE,
	       off = q->stat_off + q->entry_off;
	size_t at = off + (size_t)q->rx_read * NVT_ELEM_SIZE;

	if (from < first)
		memcpy(q->rx + from, q->mem->cpu + at + from, (to < first ? to : first) - from);
	if (to > first) {
		size_t start = from > first ? from : first;

		memcpy(q->rx + start, q->mem->cpu + off + (start - first), to - start);
	}
}

static int available(struct msgq *q, uint32_t *ret, struct nvt_error *e)
{
	uint32_t write = load32(q, q->stat_off + q->write_off);
	int rc;

	if (write < q->count) {
		*ret = (write + q->count - q->rx_read) % q->count;
		return 0;
	}
	rc = nvt_fail(e, NVT_E_DEVICE, "GSP-RM's write pointer is outside the queue");
	nvt_err_seen(e, "%u", write);
	nvt_err_wanted(e, "below %u", q->count);
	return rc;
}

/* The record at the read pointer, checked, in q->rx; 0 if the ring is empty. */
static int next_record(struct msgq *q, struct nvt_bytes *ret, struct nvt_error *e)
{
	struct nvt_rpc_head head;
	uint32_t have = 0, elems;
	size_t room_bytes, need;
	int rc = available(q, &have, e);

	if (rc || !have)
		return rc;
	room_bytes = (size_t)(have < NVT_ELEM_MAX ? have : NVT_ELEM_MAX) * NVT_ELEM_SIZE;
	copy_out(q, 0, NVT_ELEM_HDR + NVT_RPC_HDR);
	/* A length that cannot be true is left to the check, which sees all there is. */
	need = nvt_align_up(NVT_ELEM_HDR + (size_t)nvt_le32(q->rx + NVT_ELEM_HDR + 8), 8);
	if (need < NVT_ELEM_HDR + NVT_RPC_HDR || need > room_bytes)
		need = room_bytes;
	copy_out(q, NVT_ELEM_HDR + NVT_RPC_HDR, need);
	rc = nvt_frame_check(q->rx, room_bytes, &q->rx_seq, &head, &elems, e);
	if (rc)
		return rc;
	if (elems > have || !nvt_in_range(NVT_ELEM_HDR, head.length, need))
		return nvt_fail(e, NVT_E_DATA, "a record of %u elements in a queue that holds %u",
				elems, have);
	*ret = (struct nvt_bytes){ q->rx + NVT_ELEM_HDR, head.length };
	q->rx_seq++;
	q->rx_read = (q->rx_read + elems) % q->count;
	/* The elements are GSP-RM's again. */
	publish32(q, q->cmd_off + q->rx_off, q->rx_read);
	return 1;
}

static bool is_event(struct nvt_bytes rec)
{
	return nvt_le32(rec.p + 12) >= 0x1000;
}

static int next_message(struct msgq *q, struct nvt_bytes *ret, struct nvt_error *e)
{
	struct nvt_bytes rec;
	bool was_open;
	int rc;

	for (;;) {
		rc = next_record(q, &rec, e);
		if (rc <= 0)
			return rc;
		/* Events may come between the parts of a long reply. */
		if (q->join.open && is_event(rec)) {
			*ret = rec;
			return 1;
		}
		was_open = q->join.open;
		rc = nvt_join_feed(&q->join, rec, ret, e);
		if (rc < 0 && e && !e->seen[0]) {
			nvt_err_seen(e, "a record of function 0x%x, 0x%zx bytes",
				     nvt_le32(rec.p + 12), rec.n);
			nvt_err_wanted(e, was_open ? "a continuation record"
						   : "the first record of a message");
		}
		if (rc)
			return rc;
	}
}

int msgq_recv(struct msgq *q, struct nvt_bytes *ret, struct nvt_error *e)
{
	int rc;

	if (q->broken)
		return nvt_fail(e, NVT_E_DEVICE,
				"the status queue was given up after an invalid record");
	rc = next_message(q, ret, e);
	if (rc >= 0)
		return rc;
	q->broken = true;
	return rc;
}
