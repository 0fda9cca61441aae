/* SPDX-License-Identifier: MIT */
/*
 * Reads messages out of an image of the shared queue memory: page table, command queue, status queue.
 * Besides what is between the read and write pointers, a queue holds older records until they are
 * overwritten; their checksums tell which are whole.
 */
#include "base/bytes.h"
#include "trace/read.h"

#include <stdlib.h>
#include <string.h>

#define IMAGE_MAX ((size_t)64 << 20)
#define RECORD_BYTES ((size_t)NVT_ELEM_SIZE * NVT_ELEM_MAX)

/* msgqTxHeader, equal in every release since 525; and seqNum of an element. */
enum { T_VERSION = 0, T_SIZE = 4, T_MSG_SIZE = 8, T_COUNT = 12, T_WRITE = 16, T_RX_OFF = 24, T_ENTRY = 28, TX_SIZE = 32 };
enum { E_SEQ = 0x24 };

struct ring {
	size_t at; /* of its header in the image */
	uint32_t size, count, entry, rx_off, write;
};

struct record {
	uint32_t ring, slot, elems, seq;
	bool pending;
};

struct queue {
	struct nvt_bytes image;
	struct ring ring[2]; /* command, status */
	unsigned rings;
	struct record *records;
	size_t n, at;
	unsigned encrypted; /* records that confidential computing hides */
	uint8_t *linear;    /* one record, unwrapped */
};

static bool probe(struct nvt_bytes head)
{
	(void)head;
	return true;
}

static bool read_ring(struct nvt_bytes image, size_t at, struct ring *ret)
{
	const uint8_t *p = image.p + at;
	struct ring r;

	if (!nvt_in_range(at, TX_SIZE, image.n))
		return false;
	r = (struct ring){ .at = at,
			   .size = nvt_le32(p + T_SIZE),
			   .count = nvt_le32(p + T_COUNT),
			   .write = nvt_le32(p + T_WRITE),
			   .rx_off = nvt_le32(p + T_RX_OFF),
			   .entry = nvt_le32(p + T_ENTRY) };
	if (nvt_le32(p + T_VERSION) || nvt_le32(p + T_MSG_SIZE) != NVT_ELEM_SIZE || r.count < 2 ||
	    r.rx_off < TX_SIZE || r.rx_off % 4 || !nvt_in_range(r.rx_off, 4, r.entry) || r.entry >= r.size ||
	    r.count > (r.size - r.entry) / NVT_ELEM_SIZE || !nvt_in_range(at, r.size, image.n))
		return false;
	*ret = r;
	return true;
}

static bool find_rings(struct queue *q)
{
	size_t at;

	for (at = 0; at < q->image.n; at += NVT_ELEM_SIZE) {
		if (!read_ring(q->image, at, &q->ring[0]))
			continue;
		q->rings = 1;
		/* The other side's header is all zeros until it is up. */
		if (read_ring(q->image, at + q->ring[0].size, &q->ring[1]))
			q->rings = 2;
		return true;
	}
	return false;
}

/* Where the other side reads this ring next: each side keeps that in the ring that it writes. */
static bool read_pointer(const struct queue *q, unsigned i, uint32_t *ret)
{
	const struct ring *own = &q->ring[i], *other = &q->ring[!i];

	if (q->rings < 2)
		return false;
	*ret = nvt_le32(q->image.p + other->at + other->rx_off);
	return *ret < own->count && own->write < own->count;
}

static const uint8_t *slot(const struct queue *q, const struct ring *r, uint32_t i)
{
	return q->image.p + r->at + r->entry + (size_t)(i % r->count) * NVT_ELEM_SIZE;
}

/* The record at this slot with all its room, unwrapped; `room` slots are its own at most. */
static bool take_record(struct queue *q, const struct ring *r, uint32_t first, uint32_t room, struct record *ret)
{
	struct nvt_rpc_head head;
	uint32_t i, n = room < NVT_ELEM_MAX ? room : NVT_ELEM_MAX;

	for (i = 0; i < n; i++)
		memcpy(q->linear + (size_t)i * NVT_ELEM_SIZE, slot(q, r, first + i), NVT_ELEM_SIZE);
	if (nvt_frame_check(q->linear, (size_t)n * NVT_ELEM_SIZE, NULL, &head, &ret->elems, NULL) || ret->elems > n)
		return false;
	ret->slot = first;
	ret->seq = nvt_le32(q->linear + E_SEQ);
	return true;
}

/* Records in n slots from `first` on. */
static void scan(struct nvt_reader *rd, unsigned ring, uint32_t first, uint32_t n, bool pending)
{
	struct queue *q = rd->state;
	const struct ring *r = &q->ring[ring];
	struct record rec = { .ring = ring, .pending = pending };
	uint32_t i = 0;

	while (i < n) {
		if (take_record(q, r, (first + i) % r->count, n - i, &rec)) {
			q->records[q->n++] = rec;
			i += rec.elems;
		} else if (nvt_frame_is_encrypted(q->linear, RECORD_BYTES, &rec.elems) && rec.elems <= n - i) {
			q->encrypted++;
			rd->skipped++;
			i += rec.elems;
		} else {
			rd->skipped += pending;
			i++;
		}
	}
}

static void scan_ring(struct nvt_reader *rd, unsigned i)
{
	struct queue *q = rd->state;
	const struct ring *r = &q->ring[i];
	uint32_t read, waiting;

	if (!read_pointer(q, i, &read)) {
		scan(rd, i, 0, r->count, false);
		return;
	}
	waiting = (r->write + r->count - read) % r->count;
	scan(rd, i, r->write, r->count - waiting, false);
	scan(rd, i, read, waiting, true);
}

static int by_sequence(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->ring != y->ring)
		return x->ring < y->ring ? -1 : 1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static int load(struct nvt_reader *r, struct nvt_error *e)
{
	struct queue *q = r->state;

	if (source_need(&r->in, IMAGE_MAX + 1))
		return nvt_fail(e, NVT_E_DATA, "%s is larger than 64 MiB", r->in.name);
	q->image = (struct nvt_bytes){ r->in.p + r->in.at, source_left(&r->in) };
	return source_end(&r->in, e);
}

static int start(struct nvt_reader *r, struct nvt_error *e)
{
	struct queue *q = r->state;
	int rc = load(r, e);
	unsigned i;

	if (rc)
		return rc;
	if (!find_rings(q)) {
		rc = nvt_fail(e, NVT_E_DATA, "%s holds no messages in a form that nvtool knows", r->in.name);
		nvt_err_wanted(e, "pcapng, a trace, a kernel log, or the queue memory with its headers");
		return rc;
	}
	q->linear = malloc(RECORD_BYTES);
	q->records = calloc((size_t)q->ring[0].count + q->ring[1].count, sizeof(*q->records));
	if (!q->linear || !q->records)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	for (i = 0; i < q->rings; i++)
		scan_ring(r, i);
	if (q->encrypted && !q->n) {
		rc = nvt_fail(e, NVT_E_DATA, "%s holds encrypted messages only: its GSP-RM used confidential computing",
			      r->in.name);
		nvt_err_seen(e, "%u encrypted records", q->encrypted);
		nvt_err_wanted(e, "messages in the clear, as they are without confidential computing");
		return rc;
	}
	qsort(q->records, q->n, sizeof(*q->records), by_sequence);
	return 0;
}

static void stop(struct nvt_reader *r)
{
	struct queue *q = r->state;

	free(q->linear);
	free(q->records);
}

static int next(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	struct queue *q = r->state;
	int rc = 0;

	while (!rc && q->at < q->n) {
		struct record again, *rec = &q->records[q->at++];

		take_record(q, &q->ring[rec->ring], rec->slot, rec->elems, &again);
		memset(m, 0, sizeof(*m));
		m->to_gsp = rec->ring == 0;
		m->flags = NVT_CAP_SEQUENCE | NVT_CAP_RESULT | (rec->pending ? NVT_CAP_PENDING : 0);
		rc = reader_join(r, m,
				 (struct nvt_bytes){ q->linear + NVT_ELEM_HDR,
						     (size_t)rec->elems * NVT_ELEM_SIZE - NVT_ELEM_HDR },
				 e);
	}
	return rc;
}

const struct reader_ops reader_queue = {
	.kind = "queue",
	.state_size = sizeof(struct queue),
	.probe = probe,
	.start = start,
	.next = next,
	.stop = stop,
};
