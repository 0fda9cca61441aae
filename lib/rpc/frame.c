/* SPDX-License-Identifier: MIT */
/* Queue records: checksum, seal and check; long messages: split and join. */
#include "base/bytes.h"
#include "rpc/abi.h"

/* Offsets in GSP_MSG_QUEUE_ELEMENT and rpc_message_header_v03_00, equal in every release since 525. */
enum {
	E_AUTH_TAG = 0x00, E_AAD = 0x10, E_CHECKSUM = 0x20, E_SEQ = 0x24, E_COUNT = 0x28,
	H_VERSION = 0x00, H_SIGNATURE = 0x04, H_LENGTH = 0x08, H_FUNCTION = 0x0c, H_RESULT = 0x10,
	H_RESULT_PRIVATE = 0x14, H_SEQUENCE = 0x18, H_SPARE = 0x1c,
};

#define HEADER_VERSION 0x03000000u
#define SIGNATURE 0x43505256u /* "VRPC" */

uint32_t nvt_frame_checksum(const uint8_t *p, size_t n)
{
	uint64_t a = 0, b = 0, c = 0, d = 0, w[4];
	uint8_t last[8] = { 0 };

	for (; n >= sizeof(w); n -= sizeof(w), p += sizeof(w)) {
		memcpy(w, p, sizeof(w));
		a ^= w[0];
		b ^= w[1];
		c ^= w[2];
		d ^= w[3];
	}
	for (; n >= 8; n -= 8, p += 8) {
		memcpy(w, p, 8);
		a ^= w[0];
	}
	if (n)
		memcpy(last, p, n);
	a ^= b ^ c ^ d ^ nvt_le64(last);
	return (uint32_t)(a >> 32) ^ (uint32_t)a;
}

unsigned nvt_frame_elems(uint32_t rpc_length)
{
	return (unsigned)(((uint64_t)rpc_length + NVT_ELEM_HDR + NVT_ELEM_SIZE - 1) / NVT_ELEM_SIZE);
}

void nvt_rpc_head_put(uint8_t *p, const struct nvt_rpc_head *h)
{
	nvt_put_le32(p + H_VERSION, HEADER_VERSION);
	nvt_put_le32(p + H_SIGNATURE, SIGNATURE);
	nvt_put_le32(p + H_LENGTH, h->length);
	nvt_put_le32(p + H_FUNCTION, h->function);
	nvt_put_le32(p + H_RESULT, h->result);
	nvt_put_le32(p + H_RESULT_PRIVATE, h->result_private);
	nvt_put_le32(p + H_SEQUENCE, h->sequence);
	nvt_put_le32(p + H_SPARE, 0);
}

/* Fails with seen and wanted set; `what` says what both are. */
static int mismatch(struct nvt_error *e, const char *what, uint64_t seen, uint64_t wanted)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s is 0x%llx, should be 0x%llx", what, (unsigned long long)seen,
			  (unsigned long long)wanted);

	nvt_err_seen(e, "0x%llx", (unsigned long long)seen);
	nvt_err_wanted(e, "0x%llx", (unsigned long long)wanted);
	return rc;
}

static int out_of_bounds(struct nvt_error *e, const char *what, uint64_t seen, uint64_t lo, uint64_t hi)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s is 0x%llx, should be 0x%llx to 0x%llx", what, (unsigned long long)seen,
			  (unsigned long long)lo, (unsigned long long)hi);

	nvt_err_seen(e, "0x%llx", (unsigned long long)seen);
	nvt_err_wanted(e, "0x%llx to 0x%llx", (unsigned long long)lo, (unsigned long long)hi);
	return rc;
}

int nvt_rpc_head_get(struct nvt_bytes msg, struct nvt_rpc_head *ret, struct nvt_error *e)
{
	uint32_t length;

	if (msg.n < NVT_RPC_HDR)
		return out_of_bounds(e, "the room for an RPC header", msg.n, NVT_RPC_HDR, NVT_RECORD_MAX);
	if (nvt_le32(msg.p + H_VERSION) != HEADER_VERSION)
		return mismatch(e, "RPC header version", nvt_le32(msg.p + H_VERSION), HEADER_VERSION);
	if (nvt_le32(msg.p + H_SIGNATURE) != SIGNATURE)
		return mismatch(e, "RPC signature", nvt_le32(msg.p + H_SIGNATURE), SIGNATURE);
	length = nvt_le32(msg.p + H_LENGTH);
	if (length < NVT_RPC_HDR || length > msg.n)
		return out_of_bounds(e, "RPC length", length, NVT_RPC_HDR, msg.n);
	*ret = (struct nvt_rpc_head){ .length = length,
				      .function = nvt_le32(msg.p + H_FUNCTION),
				      .result = nvt_le32(msg.p + H_RESULT),
				      .result_private = nvt_le32(msg.p + H_RESULT_PRIVATE),
				      .sequence = nvt_le32(msg.p + H_SEQUENCE) };
	return 0;
}

void nvt_frame_seal(uint8_t *rec, uint32_t rpc_length, uint32_t seq)
{
	memset(rec, 0, NVT_ELEM_HDR);
	nvt_put_le32(rec + E_SEQ, seq);
	nvt_put_le32(rec + E_COUNT, nvt_frame_elems(rpc_length));
	nvt_put_le32(rec + E_CHECKSUM,
		     nvt_frame_checksum(rec, (size_t)nvt_align_up((uint64_t)NVT_ELEM_HDR + rpc_length, 8)));
}

bool nvt_frame_is_encrypted(const uint8_t *rec, size_t avail, uint32_t *ret_elems)
{
	uint32_t elems;

	if (avail < NVT_ELEM_HDR)
		return false;
	elems = nvt_le32(rec + E_COUNT);
	if (!elems || elems > NVT_ELEM_MAX || elems > avail / NVT_ELEM_SIZE)
		return false;
	if (!nvt_le64(rec + E_AUTH_TAG) && !nvt_le64(rec + E_AUTH_TAG + 8))
		return false;
	if (nvt_le32(rec + E_AAD) != nvt_le32(rec + E_SEQ) ||
	    nvt_frame_checksum(rec, (size_t)elems * NVT_ELEM_SIZE))
		return false;
	*ret_elems = elems;
	return true;
}

int nvt_frame_check(const uint8_t *rec, size_t avail, const uint32_t *want_seq, struct nvt_rpc_head *ret,
		    uint32_t *ret_elems, struct nvt_error *e)
{
	struct nvt_rpc_head head;
	struct nvt_bytes rpc;
	uint32_t elems, sum;
	uint64_t sealed;
	int rc;

	if (avail < NVT_ELEM_HDR + NVT_RPC_HDR)
		return out_of_bounds(e, "the room for a record", avail, NVT_ELEM_HDR + NVT_RPC_HDR,
				     NVT_ELEM_HDR + NVT_RECORD_MAX);
	rpc = (struct nvt_bytes){ rec + NVT_ELEM_HDR, avail - NVT_ELEM_HDR };
	if (rpc.n > NVT_RECORD_MAX)
		rpc.n = NVT_RECORD_MAX;
	rc = nvt_rpc_head_get(rpc, &head, e);
	if (rc && nvt_frame_is_encrypted(rec, avail, &elems)) {
		rc = nvt_fail(e, NVT_E_DATA, "the record is encrypted: this GSP-RM uses confidential computing");
		nvt_err_seen(e, "%u encrypted elements", elems);
		nvt_err_wanted(e, "an RPC header");
	}
	if (rc)
		return rc;
	elems = nvt_le32(rec + E_COUNT);
	if (elems != nvt_frame_elems(head.length))
		return mismatch(e, "element count", elems, nvt_frame_elems(head.length));
	/* The sender zeroes up to the next 8 bytes and the receiver's sum covers them. */
	sealed = nvt_align_up((uint64_t)NVT_ELEM_HDR + head.length, 8);
	sum = nvt_frame_checksum(rec, sealed < avail ? (size_t)sealed : avail);
	if (sum)
		return mismatch(e, "checksum over the record", sum, 0);
	if (want_seq && nvt_le32(rec + E_SEQ) != *want_seq)
		return mismatch(e, "queue sequence number", nvt_le32(rec + E_SEQ), *want_seq);
	*ret = head;
	*ret_elems = elems;
	return 0;
}

/* ---- split ---- */

void nvt_split_begin(struct nvt_split *s, size_t total)
{
	*s = (struct nvt_split){ .total = total, .first = true };
}

bool nvt_split_next(struct nvt_split *s, struct nvt_split_part *ret)
{
	size_t head = s->first ? 0 : NVT_RPC_HDR, room = NVT_RECORD_MAX - head, left = s->total - s->pos;

	if (!left)
		return false;
	*ret = (struct nvt_split_part){ .continuation = !s->first, .off = s->pos, .n = left < room ? left : room };
	ret->rpc_length = (uint32_t)(head + ret->n);
	s->pos += ret->n;
	s->first = false;
	return true;
}

/* ---- join ---- */

void nvt_join_init(struct nvt_join *j, struct nvt_rel rel, uint8_t *buf, size_t cap)
{
	*j = (struct nvt_join){ .rel = rel, .buf = buf, .cap = cap };
}

/* Bytes of the whole message by its inner size field; 0 if it has none. */
static size_t total_of(struct nvt_rel rel, uint32_t function, struct nvt_bytes payload, uint32_t *ret_quirks)
{
	const struct abi_msg *m = rel.abi ? abi_msg_row(rel, function) : NULL;
	struct nvt_msg_desc d;
	uint64_t claimed;

	*ret_quirks = m ? m->quirks : 0;
	if (!m || !nvt_msg_by_number(rel, function, &d) || !d.layout)
		return 0;
	if (d.layout->count == ABI_NONE && d.layout->total == ABI_NONE)
		/* a record that is longer than its type says nothing of the total */
		return d.layout->is_open || payload.n > d.layout->size ? 0 : NVT_RPC_HDR + d.layout->size;
	claimed = abi_claimed(d.layout, payload);
	return claimed ? NVT_RPC_HDR + (size_t)claimed : 0;
}

static int join_fail(struct nvt_join *j, int rc)
{
	j->open = false;
	j->n = 0;
	j->total = 0;
	return rc;
}

static int append(struct nvt_join *j, const uint8_t *p, size_t n, struct nvt_error *e)
{
	if (!nvt_in_range(j->n, n, j->cap))
		return out_of_bounds(e, "the joined message", j->n + n, NVT_RPC_HDR, j->cap);
	memcpy(j->buf + j->n, p, n);
	j->n += n;
	return 0;
}

static int feed_head(struct nvt_join *j, struct nvt_bytes rec, const struct nvt_rpc_head *h, struct nvt_error *e)
{
	struct nvt_bytes body;
	size_t n = h->length;
	uint32_t quirks;
	int rc;

	if (j->open)
		return nvt_fail(e, NVT_E_DATA, "message 0x%x begins while one lacks its rest, 0x%zx bytes in",
				h->function, j->n);
	j->n = 0;
	body = (struct nvt_bytes){ rec.p + NVT_RPC_HDR, rec.n - NVT_RPC_HDR };
	j->total = total_of(j->rel, h->function, body, &quirks);
	if ((quirks & ABI_Q_TAIL_NOT_IN_LENGTH) && n < j->total)
		n = j->total < rec.n ? j->total : rec.n;
	rc = append(j, rec.p, n, e);
	/* A record shorter than the maximum is whole, whatever its size fields say. */
	j->open = n == NVT_RECORD_MAX && (!j->total || j->n < j->total);
	return rc;
}

static int feed_continuation(struct nvt_join *j, struct nvt_bytes rec, const struct nvt_rpc_head *h,
			     struct nvt_error *e)
{
	size_t n = h->length - NVT_RPC_HDR;
	int rc;

	if (!j->open)
		return nvt_fail(e, NVT_E_DATA, "a continuation record without a message to continue");
	if (j->total && n > j->total - j->n)
		return mismatch(e, "bytes of the joined message", j->n + n, j->total);
	rc = append(j, rec.p + NVT_RPC_HDR, n, e);
	if (rc)
		return rc;
	j->open = h->length == NVT_RECORD_MAX && (!j->total || j->n < j->total);
	if (!j->open && j->total && j->n < j->total)
		return mismatch(e, "bytes of the joined message", j->n, j->total);
	return 0;
}

int nvt_join_feed(struct nvt_join *j, struct nvt_bytes rec, struct nvt_bytes *ret, struct nvt_error *e)
{
	struct nvt_rpc_head h;
	int rc = nvt_rpc_head_get(rec, &h, e);

	if (!rc && h.function == NVT_FN_CONTINUATION)
		rc = feed_continuation(j, rec, &h, e);
	else if (!rc)
		rc = feed_head(j, rec, &h, e);
	if (rc)
		return join_fail(j, rc);
	if (j->open)
		return 0;
	*ret = (struct nvt_bytes){ j->buf, j->n };
	return 1;
}
