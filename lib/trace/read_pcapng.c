/* SPDX-License-Identifier: MIT */
/* Reads messages out of a pcapng capture: any byte order, any number of sections and interfaces. */
#include "base/bytes.h"
#include "trace/pcapng.h"
#include "trace/read.h"

#include <ctype.h>
#include <string.h>

/* A message with its header, and blocks of other writers. */
#define BLOCK_MAX (16u << 20)
#define INTERFACES_MAX 64

struct interface {
	bool is_ours;    /* has our link type */
	uint8_t tsresol; /* if_tsresol: bit 7 a power of two, else of ten */
};

struct pcapng {
	bool big;
	unsigned n;
	struct interface ifs[INTERFACES_MAX];
};

static uint32_t get32(const struct pcapng *st, const uint8_t *p)
{
	uint32_t v = nvt_le32(p);

	return st->big ? v >> 24 | (v >> 8 & 0xff00) | (v & 0xff00) << 8 | v << 24 : v;
}

static uint16_t get16(const struct pcapng *st, const uint8_t *p)
{
	return st->big ? (uint16_t)(p[0] << 8 | p[1]) : nvt_le16(p);
}

static bool probe(struct nvt_bytes head)
{
	return head.n >= 4 && nvt_le32(head.p) == PCAPNG_SECTION;
}

static uint64_t saturating_mul(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t to_ns(uint64_t t, uint8_t tsresol)
{
	unsigned n = tsresol & 0x7f;
	uint64_t whole, part;

	if (!(tsresol & 0x80)) {
		for (; n > 9 && t; n--)
			t /= 10;
		for (; n < 9; n++)
			t = saturating_mul(t, 10);
		return t;
	}
	if (n > 63)
		return 0;
	/* 2^-34 s is below a nanosecond, and leaves room to multiply by 10^9 */
	if (n > 33) {
		t >>= n - 33;
		n = 33;
	}
	whole = saturating_mul(t >> n, 1000000000);
	part = ((t & ((1ull << n) - 1)) * 1000000000) >> n;
	return whole > UINT64_MAX - part ? UINT64_MAX : whole + part;
}

/* The value of an option of at least n bytes, NULL if it is not there. */
static const uint8_t *find_option(const struct pcapng *st, struct nvt_bytes opts, uint16_t code, size_t n)
{
	struct nvt_cursor c = nvt_cursor_at(opts, 0);
	const uint8_t *head, *value;
	uint16_t size;

	while ((head = nvt_cursor_take(&c, 4)) && get16(st, head) != PCAPNG_OPT_END) {
		size = get16(st, head + 2);
		value = nvt_cursor_take(&c, (size_t)nvt_align_up(size, 4));
		if (value && get16(st, head) == code && size >= n)
			return value;
	}
	return NULL;
}

static void add_interface(struct pcapng *st, struct nvt_bytes body)
{
	const uint8_t *resol;
	struct interface *i;

	if (st->n == INTERFACES_MAX || body.n < 8)
		return;
	i = &st->ifs[st->n++];
	i->is_ours = get16(st, body.p) == PCAPNG_LINKTYPE_USER0;
	resol = find_option(st, (struct nvt_bytes){ body.p + 8, body.n - 8 }, PCAPNG_OPT_IF_TSRESOL, 1);
	i->tsresol = resol ? *resol : 6;
}

static bool take_release(struct nvt_captured *m, const uint8_t *p)
{
	size_t i, n = strnlen((const char *)p, CAP_RELEASE_MAX);

	if (n == CAP_RELEASE_MAX)
		return false;
	for (i = 0; i < n; i++)
		if (!isalnum(p[i]) && p[i] != '.' && p[i] != '-' && p[i] != '_')
			return false;
	memcpy(m->release, p, n);
	return true;
}

/* The data of a packet, `whole` bytes before it was cut. */
static bool take_packet(struct nvt_captured *m, struct nvt_bytes data, uint32_t whole)
{
	struct nvt_bytes msg;
	size_t skip;

	if (data.n < CAP_HEADER || memcmp(data.p, CAP_MAGIC, 4) || data.p[CAP_VERSION] != 1 ||
	    data.p[CAP_DIRECTION] > 1)
		return false;
	skip = nvt_le16(data.p + CAP_HEADER_SIZE);
	if (skip < CAP_HEADER || skip > data.n || !take_release(m, data.p + CAP_RELEASE))
		return false;
	msg = (struct nvt_bytes){ data.p + skip, data.n - skip };
	m->to_gsp = !data.p[CAP_DIRECTION];
	m->flags |= NVT_CAP_SEQUENCE | NVT_CAP_RESULT;
	return reader_take(m, msg, whole > skip ? whole - (uint32_t)skip : 0);
}

static bool take_enhanced(const struct pcapng *st, struct nvt_captured *m, struct nvt_bytes body)
{
	uint32_t index, n;

	if (body.n < 20)
		return false;
	index = get32(st, body.p);
	n = get32(st, body.p + 12);
	if (index >= st->n || !st->ifs[index].is_ours || !nvt_in_range(20, n, body.n))
		return false;
	m->flags = NVT_CAP_TIME;
	m->t_ns = to_ns((uint64_t)get32(st, body.p + 4) << 32 | get32(st, body.p + 8), st->ifs[index].tsresol);
	return take_packet(m, (struct nvt_bytes){ body.p + 20, n }, get32(st, body.p + 16));
}

static bool take_simple(const struct pcapng *st, struct nvt_captured *m, struct nvt_bytes body)
{
	uint32_t whole;

	if (body.n < 4 || !st->n || !st->ifs[0].is_ours)
		return false;
	whole = get32(st, body.p);
	body = (struct nvt_bytes){ body.p + 4, body.n - 4 };
	if (body.n > whole)
		body.n = whole;
	return take_packet(m, body, whole);
}

/* The byte order of the section that begins here. */
static bool begin_section(struct pcapng *st, const uint8_t *p)
{
	uint32_t order = nvt_le32(p + 8);

	st->n = 0;
	st->big = order == 0x4d3c2b1a;
	return st->big || order == PCAPNG_BYTE_ORDER;
}

/* The next block: its type and body. 1, 0 at the end, negative. */
static int next_block(struct nvt_reader *r, uint32_t *ret_type, struct nvt_bytes *ret, struct nvt_error *e)
{
	struct pcapng *st = r->state;
	uint64_t where = r->in.base + r->in.at;
	const uint8_t *p = source_need(&r->in, PCAPNG_BLOCK_MIN);
	uint32_t size;

	if (!p && r->in.sys)
		return source_end(&r->in, e);
	if (!p && !source_left(&r->in))
		return 0;
	if (!p)
		return reader_bad(r, where, "ends inside a block", e);
	if (nvt_le32(p) == PCAPNG_SECTION && !begin_section(st, p))
		return reader_bad(r, where, "a section of no known byte order", e);
	size = get32(st, p + 4);
	if (size < PCAPNG_BLOCK_MIN || size % 4 || size > BLOCK_MAX)
		return reader_bad(r, where, "a block of impossible size", e);
	p = source_need(&r->in, size);
	if (!p)
		return r->in.sys ? source_end(&r->in, e) : reader_bad(r, where, "ends inside a block", e);
	if (get32(st, p + size - 4) != size)
		return reader_bad(r, where, "a block whose two sizes differ", e);
	*ret_type = get32(st, p);
	*ret = (struct nvt_bytes){ p + 8, size - PCAPNG_BLOCK_MIN };
	source_skip(&r->in, size);
	return 1;
}

static int next(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	struct pcapng *st = r->state;
	struct nvt_bytes body = { NULL, 0 };
	uint32_t type = 0;
	int rc;

	while ((rc = next_block(r, &type, &body, e)) == 1) {
		if (type == PCAPNG_INTERFACE)
			add_interface(st, body);
		if (type != PCAPNG_PACKET && type != PCAPNG_SIMPLE)
			continue;
		if (type == PCAPNG_PACKET ? take_enhanced(st, m, body) : take_simple(st, m, body))
			return 1;
		r->skipped++;
		memset(m, 0, sizeof(*m));
	}
	return rc;
}

const struct reader_ops reader_pcapng = {
	.kind = "pcapng",
	.state_size = sizeof(struct pcapng),
	.probe = probe,
	.next = next,
};
