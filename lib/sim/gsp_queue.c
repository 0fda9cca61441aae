/* SPDX-License-Identifier: MIT */
/*
 * GSP's side of the message queues: two rings in shared memory that a page table describes. Each side
 * keeps its read pointer in the queue that it writes (flag "swap RX" of the ring header).
 */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096u
#define FLAG_SWAP_RX 1u

static bool access_shared(struct sim *s, uint64_t off, uint8_t *buf, size_t n, bool write, const char *what)
{
	struct sim_queues *q = &s->gsp.q;
	size_t k;
	bool ok;

	for (; n; off += k, buf += k, n -= k) {
		k = PAGE - off % PAGE;
		if (k > n)
			k = n;
		if (off / PAGE >= q->page_count) {
			sim_violation(s, "queue-range", SIM_HEX(off), SIM_HEX((uint64_t)q->page_count * PAGE),
				      "%s lies beyond the shared memory", what);
			return false;
		}
		ok = write ? sim_dma_wr(s, q->pages[off / PAGE] + off % PAGE, buf, k, what) :
			     sim_dma_rd(s, q->pages[off / PAGE] + off % PAGE, buf, k, what);
		if (!ok)
			return false;
	}
	return true;
}

static bool rd(struct sim *s, uint64_t off, uint8_t *buf, size_t n, const char *what)
{
	return access_shared(s, off, buf, n, false, what);
}

static bool wr(struct sim *s, uint64_t off, const uint8_t *buf, size_t n, const char *what)
{
	return access_shared(s, off, (uint8_t *)(uintptr_t)buf, n, true, what);
}

static bool rd32(struct sim *s, uint64_t off, uint32_t *ret, const char *what)
{
	uint8_t b[4];

	if (!rd(s, off, b, 4, what))
		return false;
	*ret = nvt_le32(b);
	return true;
}

static bool wr32(struct sim *s, uint64_t off, uint32_t val, const char *what)
{
	uint8_t b[4];

	nvt_put_le32(b, val);
	return wr(s, off, b, 4, what);
}

/* ---- linking ---- */

static bool read_pages(struct sim *s, nvt_iova shared, uint32_t count)
{
	struct sim_queues *q = &s->gsp.q;
	uint8_t table[SIM_QUEUE_PAGES * 8];
	uint32_t i;

	if (!count || count > SIM_QUEUE_PAGES) {
		sim_violation(s, "queue-pages", SIM_HEX(count), "1 to 512", "page table of the shared memory");
		return false;
	}
	if (!sim_dma_rd(s, shared, table, (size_t)count * 8, "queue page table"))
		return false;
	for (i = 0; i < count; i++) {
		q->pages[i] = nvt_le64(table + (size_t)i * 8);
		if (q->pages[i] % PAGE) {
			sim_violation(s, "queue-pages", SIM_HEX(q->pages[i]), "a page's address",
				      "entry %u of the queues' page table", i);
			return false;
		}
	}
	q->page_count = count;
	if (q->pages[0] == shared)
		return true;
	sim_violation(s, "queue-pages", SIM_HEX(q->pages[0]), SIM_HEX(shared),
		      "the first entry of the queues' page table is not the table's own page");
	return false;
}

static bool header_field(struct sim *s, const struct nvt_view *v, uint32_t field, const char *name, uint32_t want)
{
	uint64_t seen = nvt_get_or0(v, field);

	if (seen == want)
		return true;
	sim_violation(s, "queue-header", SIM_HEX(seen), SIM_HEX(want), "command queue header: %s", name);
	return false;
}

#define TX(name) NVF_msgqTxHeader_##name, #name

/* The geometry is GSP-RM's own; a driver that writes another one does not fit the release. */
static bool command_header_ok(struct sim *s)
{
	struct sim_queues *q = &s->gsp.q;
	uint8_t b[64];
	struct nvt_view v = { s->gsp.rel, b, nvt_nvf_struct_size(s->gsp.rel, NVF_msgqTxHeader_version) };

	if (!v.n || v.n > sizeof(b)) {
		sim_bug(s, "the release has no msgqTxHeader");
		return false;
	}
	return rd(s, q->cmd_off, b, v.n, "command queue header") && header_field(s, &v, TX(version), 0) &&
	       header_field(s, &v, TX(size), q->size) && header_field(s, &v, TX(msgSize), q->msg_size) &&
	       header_field(s, &v, TX(msgCount), q->msg_count) && header_field(s, &v, TX(flags), FLAG_SWAP_RX) &&
	       header_field(s, &v, TX(rxHdrOff), q->rx_off) && header_field(s, &v, TX(entryOff), q->entry_off);
}

static bool write_status_header(struct sim *s)
{
	struct sim_queues *q = &s->gsp.q;
	uint8_t b[64] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b };

	w.n = nvt_nvf_struct_size(s->gsp.rel, NVF_msgqTxHeader_version);
	nvt_put(&w, NVF_msgqTxHeader_size, q->size);
	nvt_put(&w, NVF_msgqTxHeader_msgSize, q->msg_size);
	nvt_put(&w, NVF_msgqTxHeader_msgCount, q->msg_count);
	nvt_put(&w, NVF_msgqTxHeader_flags, FLAG_SWAP_RX);
	nvt_put(&w, NVF_msgqTxHeader_rxHdrOff, q->rx_off);
	nvt_put(&w, NVF_msgqTxHeader_entryOff, q->entry_off);
	if (w.rc) {
		sim_bug(s, "cannot fill msgqTxHeader");
		return false;
	}
	return wr32(s, q->stat_off + q->rx_off, 0, "command queue read pointer") &&
	       wr(s, q->stat_off, b, w.n, "status queue header");
}

bool sim_queue_link(struct sim *s, nvt_iova shared, uint32_t page_count, uint64_t cmd_off, uint64_t stat_off)
{
	struct sim_queues *q = &s->gsp.q;

	sim_queue_clear(s);
	q->size = 0x40000;
	q->msg_size = NVT_ELEM_SIZE;
	q->rx_off = 0x20;
	q->entry_off = 0x1000;
	q->msg_count = (q->size - q->entry_off) / q->msg_size;
	if (!read_pages(s, shared, page_count))
		return false;
	if (cmd_off % PAGE || stat_off % PAGE || !nvt_in_range(cmd_off, q->size, (uint64_t)page_count * PAGE) ||
	    !nvt_in_range(stat_off, q->size, (uint64_t)page_count * PAGE)) {
		sim_violation(s, "queue-range", SIM_HEX(stat_off), SIM_HEX((uint64_t)page_count * PAGE),
			      "the queues do not lie inside the shared memory");
		return false;
	}
	q->cmd_off = cmd_off;
	q->stat_off = stat_off;
	return command_header_ok(s) && write_status_header(s);
}

void sim_queue_clear(struct sim *s)
{
	unsigned i;

	for (i = 0; i < s->gsp.q.backlog_n; i++)
		free(s->gsp.q.backlog[i].p);
	memset(&s->gsp.q, 0, sizeof(s->gsp.q));
}

/* ---- receiving ---- */

static bool pointer(struct sim *s, uint64_t off, const char *what, uint32_t *ret)
{
	if (!rd32(s, off, ret, what))
		return false;
	if (*ret < s->gsp.q.msg_count)
		return true;
	sim_violation(s, "queue-pointer", SIM_HEX(*ret), SIM_HEX(s->gsp.q.msg_count), "%s beyond the ring", what);
	return false;
}

/* Elements that the driver has written and the model not read. */
static bool filled(struct sim *s, uint32_t *ret)
{
	struct sim_queues *q = &s->gsp.q;
	uint32_t wp;

	if (!pointer(s, q->cmd_off + (uint32_t)nvt_nvf_offset(s->gsp.rel, NVF_msgqTxHeader_writePtr),
		     "command queue write pointer", &wp))
		return false;
	*ret = (wp + q->msg_count - q->cmd_rd) % q->msg_count;
	return true;
}

static uint64_t element_off(const struct sim_queues *q, uint64_t queue_off, uint32_t i)
{
	return queue_off + q->entry_off + (uint64_t)(i % q->msg_count) * q->msg_size;
}

bool sim_queue_peek(struct sim *s, uint32_t *ret_function)
{
	struct sim_queues *q = &s->gsp.q;
	uint8_t b[NVT_ELEM_HDR + NVT_RPC_HDR];
	uint32_t n;

	if (!filled(s, &n) || !n || !rd(s, element_off(q, q->cmd_off, q->cmd_rd), b, sizeof(b), "command"))
		return false;
	/* rpc_message_header_v.function; the same place in every release. */
	*ret_function = nvt_le32(b + NVT_ELEM_HDR + 12);
	return true;
}

static bool take_record(struct sim *s, uint8_t *rec, struct nvt_bytes *ret)
{
	struct sim_queues *q = &s->gsp.q;
	struct nvt_rpc_head head;
	struct nvt_error e;
	uint32_t n, i, elems;

	if (!filled(s, &n) || !n)
		return false;
	for (i = 0; i < n && i < NVT_ELEM_MAX; i++)
		if (!rd(s, element_off(q, q->cmd_off, q->cmd_rd + i), rec + (size_t)i * q->msg_size, q->msg_size,
			"command"))
			return false;
	if (nvt_frame_check(rec, (size_t)i * q->msg_size, &q->rx_seq, &head, &elems, &e)) {
		sim_violation(s, "command-frame", e.seen, e.wanted, "%s", e.msg);
		elems = 1;
		ret->n = 0;
	} else {
		/* The joiner takes what counts: RM_ALLOC's length leaves the parameters out. */
		*ret = (struct nvt_bytes){ rec + NVT_ELEM_HDR, (size_t)elems * q->msg_size - NVT_ELEM_HDR };
	}
	q->rx_seq++;
	q->cmd_rd = (q->cmd_rd + elems) % q->msg_count;
	return wr32(s, q->stat_off + q->rx_off, q->cmd_rd, "command queue read pointer");
}

bool sim_queue_receive(struct sim *s, struct nvt_bytes *ret)
{
	uint8_t rec[NVT_ELEM_MAX * NVT_ELEM_SIZE];
	struct nvt_bytes part;
	struct nvt_error e;
	int rc;

	while (take_record(s, rec, &part)) {
		if (!part.n)
			continue;
		rc = nvt_join_feed(&s->gsp.join, part, ret, &e);
		if (rc < 0)
			sim_violation(s, "command-continuation", e.seen, e.wanted, "%s", e.msg);
		if (rc > 0)
			return true;
	}
	return false;
}

/* ---- sending ---- */

static bool room(struct sim *s, uint32_t *ret)
{
	struct sim_queues *q = &s->gsp.q;
	uint32_t rp;

	if (!pointer(s, q->cmd_off + q->rx_off, "status queue read pointer", &rp))
		return false;
	*ret = (rp + q->msg_count - q->stat_wr - 1) % q->msg_count;
	return true;
}

static bool put_record(struct sim *s, const struct sim_record *r)
{
	struct sim_queues *q = &s->gsp.q;
	uint32_t i;

	for (i = 0; i < r->elems; i++)
		if (!wr(s, element_off(q, q->stat_off, q->stat_wr + i), r->p + (size_t)i * q->msg_size, q->msg_size,
			"status queue element"))
			return false;
	/* The pointer last: from then on the driver may read the elements. */
	q->stat_wr = (q->stat_wr + r->elems) % q->msg_count;
	return wr32(s, q->stat_off + (uint32_t)nvt_nvf_offset(s->gsp.rel, NVF_msgqTxHeader_writePtr), q->stat_wr,
		    "status queue write pointer");
}

static void flush(struct sim *s)
{
	struct sim_queues *q = &s->gsp.q;
	unsigned sent = 0, i;
	uint32_t n;

	while (sent < q->backlog_n && room(s, &n) && n >= q->backlog[sent].elems &&
	       put_record(s, &q->backlog[sent]))
		free(q->backlog[sent++].p);
	for (i = sent; i < q->backlog_n; i++)
		q->backlog[i - sent] = q->backlog[i];
	q->backlog_n -= sent;
	if (sent) {
		sim_gsp_irq_set(s, NVT_MASK(NV_PFALCON_FALCON_IRQSTAT_SWGEN0));
		sim_raise_irq(s);
	}
	if (q->backlog_n)
		sim_in(s, SIM_T_GSP_RETRY, flush);
}

static void send_record(struct sim *s, const struct sim_message *m, struct nvt_bytes body, bool continuation)
{
	struct sim_queues *q = &s->gsp.q;
	struct nvt_rpc_head head = { .result = m->result, .sequence = m->sequence };
	uint32_t len = (uint32_t)(NVT_RPC_HDR + body.n);
	struct sim_record r;

	head.length = len;
	head.function = continuation ? (uint32_t)NVT_FN_CONTINUATION : m->function;
	r.elems = nvt_frame_elems(len);
	if (q->backlog_n == SIM_BACKLOG_MAX) {
		sim_violation(s, "status-queue-full", SIM_HEX(q->stat_wr), NULL,
			      "the driver keeps asking and does not read the answers");
		return;
	}
	r.p = calloc(r.elems, NVT_ELEM_SIZE);
	if (!r.p) {
		sim_bug(s, "no memory for a message to the driver");
		return;
	}
	nvt_rpc_head_put(r.p + NVT_ELEM_HDR, &head);
	if (body.n)
		memcpy(r.p + NVT_ELEM_HDR + NVT_RPC_HDR, body.p, body.n);
	if (sim_fault_fires(s, SIM_F_SEQUENCE_GAP))
		q->tx_seq++;
	nvt_frame_seal(r.p, len, q->tx_seq++);
	sim_queue_damage(s, r.p);
	q->backlog[q->backlog_n++] = r;
}

/* In process the driver tells its own messages; a guest's are told here. */
void sim_queue_tell(struct sim *s, bool to_gsp, struct nvt_bytes msg)
{
	struct nvt_event ev = { .kind = NVT_EV_MSG };

	if (!s->opts.memory)
		return;
	ev.u.msg.to_gsp = to_gsp;
	ev.u.msg.release = nvt_rel_name(s->gsp.rel);
	ev.u.msg.bytes = msg;
	nvt_emit(s->ctx, &ev);
}

static void tell_sent(struct sim *s, const struct sim_message *m)
{
	struct nvt_rpc_head head = { .function = m->function, .result = m->result, .sequence = m->sequence };
	size_t n = NVT_RPC_HDR + m->payload.n;
	uint8_t *p = s->opts.memory && s->ctx->sinks ? malloc(n) : NULL;

	if (!p)
		return;
	head.length = (uint32_t)n;
	nvt_rpc_head_put(p, &head);
	if (m->payload.n)
		memcpy(p + NVT_RPC_HDR, m->payload.p, m->payload.n);
	sim_queue_tell(s, false, (struct nvt_bytes){ p, n });
	free(p);
}

void sim_queue_send(struct sim *s, const struct sim_message *m)
{
	struct nvt_split split;
	struct nvt_split_part part;

	nvt_split_begin(&split, NVT_RPC_HDR + m->payload.n);
	while (nvt_split_next(&split, &part)) {
		/* The first part counts the RPC header among the message's bytes. */
		size_t off = part.off ? part.off - NVT_RPC_HDR : 0, n = part.off ? part.n : part.n - NVT_RPC_HDR;

		send_record(s, m, (struct nvt_bytes){ m->payload.p ? m->payload.p + off : NULL, n },
			    part.continuation || m->continuation);
	}
	tell_sent(s, m);
	flush(s);
}

unsigned sim_queue_to_end(const struct sim *s)
{
	const struct sim_queues *q = &s->gsp.q;
	unsigned queued = 0, i;

	for (i = 0; i < q->backlog_n; i++)
		queued += q->backlog[i].elems;
	return (2 * q->msg_count - 1 - (q->stat_wr + queued) % q->msg_count) % q->msg_count;
}
