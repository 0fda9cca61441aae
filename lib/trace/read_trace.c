/* SPDX-License-Identifier: MIT */
/* Reads the messages of a text trace; text.c has the grammar. */
#include "base/bytes.h"
#include "trace/read.h"

#include <stdlib.h>
#include <string.h>

/* Data lines have 130 characters, records with text some more. */
#define LINE_BYTES 4096

struct trace {
	struct nvt_captured m;
	uint8_t *data;    /* of the message under way */
	size_t n, want;   /* bytes there, bytes announced */
	bool open;
};

static bool probe(struct nvt_bytes head)
{
	return head.n >= 13 && !memcmp(head.p, "nvtool-trace ", 13);
}

static int start(struct nvt_reader *r, struct nvt_error *e)
{
	struct trace *st = r->state;
	struct nvt_bytes line;

	st->data = malloc(MESSAGE_MAX);
	if (!st->data)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	source_line(&r->in, LINE_BYTES, &line);
	if (line.n != 14 || line.p[13] != '1')
		return nvt_fail(e, NVT_E_DATA, "%s is a trace of a version other than 1", r->in.name);
	return 0;
}

static void stop(struct nvt_reader *r)
{
	struct trace *st = r->state;

	free(st->data);
}

static bool after(struct nvt_bytes *b, const char *word)
{
	size_t n = strlen(word);

	if (b->n < n || memcmp(b->p, word, n))
		return false;
	*b = (struct nvt_bytes){ b->p + n, b->n - n };
	return true;
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number at the start of b, at most MESSAGE_MAX. */
static bool number(struct nvt_bytes b, unsigned base, size_t *ret)
{
	size_t i, v = 0;

	for (i = 0; i < b.n && b.p[i] != ' '; i++) {
		int d = digit(b.p[i]);

		if (d < 0 || d >= (int)base)
			return false;
		v = v * base + (unsigned)d;
		if (v > MESSAGE_MAX)
			return false;
	}
	*ret = v;
	return i > 0;
}

static bool add_data(struct trace *st, struct nvt_bytes line)
{
	size_t i, n;

	if (after(&line, "zero ")) {
		if (!number(line, 10, &n) || n > st->want - st->n)
			return false;
		memset(st->data + st->n, 0, n);
		st->n += n;
		return true;
	}
	if (line.n % 2 || line.n / 2 > st->want - st->n)
		return false;
	for (i = 0; i < line.n; i += 2) {
		int hi = digit(line.p[i]), lo = digit(line.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		st->data[st->n++] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static bool begin(struct trace *st, struct nvt_bytes line)
{
	bool to_gsp = after(&line, "to-gsp 0x");

	if (!to_gsp && !after(&line, "from-gsp 0x"))
		return false;
	if (!number(line, 16, &st->want))
		return false;
	memset(&st->m, 0, sizeof(st->m));
	st->m.to_gsp = to_gsp;
	st->n = 0;
	st->open = true;
	return true;
}

/* 1: *m is a message; 0: not yet; negative. */
static int take_line(struct nvt_reader *r, struct nvt_bytes line, struct nvt_captured *m, struct nvt_error *e)
{
	struct trace *st = r->state;

	if (after(&line, "  ")) {
		if (st->open && !add_data(st, line))
			return reader_bad(r, r->in.base + r->in.at, "data of a message that are not hex digits, or too many", e);
	} else if (st->open) {
		return reader_bad(r, r->in.base + r->in.at, "a message with fewer data than it says", e);
	} else if (after(&line, "msg ") && !begin(st, line)) {
		return reader_bad(r, r->in.base + r->in.at, "a message without direction or size", e);
	}
	if (!st->open || st->n < st->want)
		return 0;
	st->open = false;
	*m = st->m;
	m->flags = NVT_CAP_SEQUENCE | NVT_CAP_RESULT;
	if (reader_take(m, (struct nvt_bytes){ st->data, st->n }, 0))
		return 1;
	r->skipped++;
	return 0;
}

static int next(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	struct trace *st = r->state;
	struct nvt_bytes line;
	int rc = 0;

	while (!rc && source_line(&r->in, LINE_BYTES, &line))
		rc = take_line(r, line, m, e);
	if (rc)
		return rc;
	return st->open ? reader_bad(r, r->in.base + r->in.at, "ends inside a message", e) : source_end(&r->in, e);
}

const struct reader_ops reader_trace = {
	.kind = "trace",
	.state_size = sizeof(struct trace),
	.probe = probe,
	.start = start,
	.next = next,
	.stop = stop,
};
