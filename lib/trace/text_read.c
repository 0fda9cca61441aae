/* SPDX-License-Identifier: MIT */
/* One row per kind of record: how its words become an event. */
#include "trace/text_read.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

/* Data lines have 130 characters, records with text some more. */
#define LINE_BYTES 4096

/* ---- words ---- */

/* What is left of a record; a word that is not as it should be sticks in `bad`. */
struct words {
	struct nvt_bytes left;
	bool bad;
};

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct nvt_bytes word(struct words *w)
{
	struct nvt_bytes got = w->left;
	const uint8_t *end = w->left.n ? memchr(w->left.p, ' ', w->left.n) : NULL;

	if (end) {
		got.n = (size_t)(end - w->left.p);
		w->left.p += got.n + 1;
		w->left.n -= got.n + 1;
	} else {
		w->left.n = 0;
	}
	if (!got.n)
		w->bad = true;
	return got;
}

static bool is(struct nvt_bytes b, const char *text)
{
	return b.n == strlen(text) && !memcmp(b.p, text, b.n);
}

/* Takes the word if it is this one. */
static bool take(struct words *w, const char *text)
{
	struct words ahead = *w;

	if (!is(word(&ahead), text) || ahead.bad)
		return false;
	*w = ahead;
	return true;
}

static uint64_t digits(struct words *w, struct nvt_bytes b, unsigned base)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < b.n; i++) {
		int d = digit(b.p[i]);

		if (d < 0 || d >= (int)base || v > (UINT64_MAX - (unsigned)d) / base) {
			w->bad = true;
			return 0;
		}
		v = v * base + (unsigned)d;
	}
	return v;
}

static uint64_t dec(struct words *w)
{
	return digits(w, word(w), 10);
}

static uint64_t hex(struct words *w)
{
	struct nvt_bytes b = word(w);

	if (b.n < 3 || b.p[0] != '0' || b.p[1] != 'x') {
		w->bad = true;
		return 0;
	}
	return digits(w, (struct nvt_bytes){ b.p + 2, b.n - 2 }, 16);
}

static uint32_t hex32(struct words *w)
{
	uint64_t v = hex(w);

	w->bad |= v > UINT32_MAX;
	return (uint32_t)v;
}

static uint8_t small(struct words *w, uint64_t most)
{
	uint64_t v = dec(w);

	w->bad |= v > most;
	return (uint8_t)v;
}

static uint8_t bar(struct words *w)
{
	struct nvt_bytes b = word(w);

	if (b.n == 4 && !memcmp(b.p, "bar", 3) && b.p[3] >= '0' && b.p[3] <= '5')
		return (uint8_t)(b.p[3] - '0');
	w->bad = true;
	return 0;
}

/* The text between quotes; a string longer than the room is cut. */
static void quoted(struct words *w, char *to, size_t size)
{
	size_t i = 1, n = 0;

	while (i < w->left.n && w->left.p[i] != '"') {
		uint8_t c = w->left.p[i++];

		if (c == '\\') {
			int hi = i + 2 < w->left.n ? digit(w->left.p[i + 1]) : -1;
			int lo = i + 2 < w->left.n ? digit(w->left.p[i + 2]) : -1;

			if (hi < 0 || lo < 0 || w->left.p[i] != 'x')
				break;
			c = (uint8_t)(hi << 4 | lo);
			i += 3;
		}
		if (n + 1 < size)
			to[n++] = (char)c;
	}
	to[n] = '\0';
	if (i >= w->left.n || w->left.p[i] != '"' || (i + 1 < w->left.n && w->left.p[i + 1] != ' ')) {
		w->bad = true;
		return;
	}
	i += i + 1 < w->left.n ? 2 : 1;
	w->left.p += i;
	w->left.n -= i;
}

/* A name or a string. */
static const char *name(struct words *w, char *to, size_t size)
{
	struct nvt_bytes b;

	if (w->left.n && w->left.p[0] == '"') {
		quoted(w, to, size);
		return to;
	}
	b = word(w);
	if (b.n >= size) {
		w->bad = true;
		b.n = 0;
	}
	memcpy(to, b.p, b.n);
	to[b.n] = '\0';
	return to;
}

static const char *opt(struct words *w, char *to)
{
	return take(w, "-") ? NULL : name(w, to, TRACE_STRING);
}

/* The number behind key in a comment, 0 if it is not there: a reader may do without comments. */
static uint64_t noted(struct nvt_bytes comment, const char *key)
{
	size_t n = strlen(key), i;
	uint64_t v = 0;

	for (i = 0; i + n < comment.n; i++)
		if (comment.p[i] == ' ' && !memcmp(comment.p + i + 1, key, n))
			break;
	for (i += n + 1; i < comment.n && comment.p[i] >= '0' && comment.p[i] <= '9' && v < UINT64_MAX / 20; i++)
		v = v * 10 + (unsigned)(comment.p[i] - '0');
	return v;
}

/* ---- records ---- */

static void get_mmio(struct trace_text *t, struct words *w)
{
	t->ev.u.mmio.bar = bar(w);
	t->ev.u.mmio.off = hex(w);
	t->ev.u.mmio.size = small(w, 8);
	t->ev.u.mmio.val = hex(w);
	t->ev.u.mmio.dry = take(w, "dry");
}

static void get_cfg(struct trace_text *t, struct words *w)
{
	t->ev.u.mmio.off = hex(w);
	t->ev.u.mmio.size = small(w, 4);
	t->ev.u.mmio.val = hex(w);
	t->ev.u.mmio.dry = take(w, "dry");
}

static void want_data(struct trace_text *t, uint64_t n)
{
	t->want = n;
	t->open = n > 0;
}

static void get_window(struct trace_text *t, struct words *w)
{
	t->ev.u.window.bar = bar(w);
	t->ev.u.window.off = hex(w);
	want_data(t, hex(w));
	t->ev.u.window.dry = take(w, "dry");
}

static void get_poll(struct trace_text *t, struct words *w)
{
	t->ev.u.poll.off = hex(w);
	t->ev.u.poll.mask = hex32(w);
	t->ev.u.poll.negate = take(w, "!=");
	if (!t->ev.u.poll.negate && !take(w, "=="))
		w->bad = true;
	t->ev.u.poll.want = hex32(w);
	t->ev.u.poll.timeout_us = dec(w);
	t->ev.u.poll.dry = take(w, "dry");
	if (t->ev.u.poll.dry)
		return;
	t->ev.u.poll.ok = take(w, "ok");
	if (!t->ev.u.poll.ok && !take(w, "fail"))
		w->bad = true;
	t->ev.u.poll.seen = hex32(w);
}

static void get_dma(struct trace_text *t, struct words *w)
{
	t->ev.u.dma.name = name(w, t->strings[0], TRACE_STRING);
	t->ev.u.dma.iova = hex(w);
	t->ev.u.dma.size = hex(w);
	t->ev.u.dma.release = t->release[0] ? t->release : NULL;
}

static void get_dma_data(struct trace_text *t, struct words *w)
{
	get_dma(t, w);
	if (w->left.n > 7 && !memcmp(w->left.p, "sha256=", 7))
		word(w);
	else
		want_data(t, t->ev.u.dma.size);
}

static void get_msg(struct trace_text *t, struct words *w)
{
	t->ev.u.msg.to_gsp = take(w, "to-gsp");
	if (!t->ev.u.msg.to_gsp && !take(w, "from-gsp"))
		w->bad = true;
	want_data(t, hex(w));
	w->bad |= t->want > MESSAGE_MAX;
	t->ev.u.msg.release = t->release[0] ? t->release : NULL;
}

static void get_step(struct trace_text *t, struct words *w)
{
	static const char *const states[] = { "begin", "done", "failed", "undone" };
	unsigned i;

	t->ev.u.step.name = name(w, t->strings[0], TRACE_STRING);
	for (i = 0; i < NVT_ARRAY_SIZE(states) && !take(w, states[i]); i++)
		;
	w->bad |= i == NVT_ARRAY_SIZE(states);
	t->ev.u.step.state = (enum nvt_step_state)i;
}

static void get_reset(struct trace_text *t, struct words *w)
{
	t->ev.u.reset.dry = take(w, "dry");
}

static void get_delay(struct trace_text *t, struct words *w)
{
	t->ev.u.delay.us = dec(w);
	t->ev.u.delay.dry = take(w, "dry");
}

static void get_finding(struct trace_text *t, struct words *w)
{
	t->ev.u.finding.rule = name(w, t->strings[0], TRACE_STRING);
	t->ev.u.finding.text = name(w, t->strings[1], TRACE_STRING);
	t->ev.u.finding.seen = opt(w, t->strings[2]);
	t->ev.u.finding.wanted = opt(w, t->strings[3]);
}

static void (*const readers[NVT_EV__COUNT])(struct trace_text *t, struct words *w) = {
	[NVT_EV_MMIO_RD] = get_mmio,
	[NVT_EV_MMIO_WR] = get_mmio,
	[NVT_EV_WINDOW_RD] = get_window,
	[NVT_EV_WINDOW_WR] = get_window,
	[NVT_EV_POLL] = get_poll,
	[NVT_EV_CFG_RD] = get_cfg,
	[NVT_EV_CFG_WR] = get_cfg,
	[NVT_EV_DMA_ALLOC] = get_dma,
	[NVT_EV_DMA_FREE] = get_dma,
	[NVT_EV_DMA_SYNC] = get_dma_data,
	[NVT_EV_DMA_DEV_RD] = get_dma_data,
	[NVT_EV_DMA_DEV_WR] = get_dma_data,
	[NVT_EV_MSG] = get_msg,
	[NVT_EV_STEP] = get_step,
	[NVT_EV_RESET] = get_reset,
	[NVT_EV_DELAY] = get_delay,
	[NVT_EV_VIOLATION] = get_finding,
	[NVT_EV_ODD] = get_finding,
	[NVT_EV_FAULT] = get_finding,
	[NVT_EV_NOTE] = get_finding,
};

/* What stands in comments only. */
static void get_noted(struct trace_text *t, struct nvt_bytes comment)
{
	t->ev.t_ns = noted(comment, "t=") * 1000;
	if (t->ev.kind == NVT_EV_POLL) {
		t->ev.u.poll.reads = (uint32_t)noted(comment, "reads=");
		t->ev.u.poll.listed = (uint32_t)noted(comment, "listed=");
		t->ev.u.poll.elapsed_us = noted(comment, "us=");
	} else if (t->ev.kind == NVT_EV_STEP) {
		t->ev.u.step.us = noted(comment, "us=");
	}
}

/* ---- lines ---- */

static bool add_zeros(struct trace_text *t, struct words *w)
{
	uint64_t n = dec(w), keep = t->n < MESSAGE_MAX ? MESSAGE_MAX - t->n : 0;

	if (w->bad || w->left.n || n > t->want - t->n)
		return false;
	memset(t->data + (keep ? t->n : 0), 0, n < keep ? (size_t)n : (size_t)keep);
	t->n += n;
	return true;
}

static bool add_data(struct trace_text *t, struct nvt_bytes line)
{
	struct words w = { { line.p, line.n }, false };
	size_t i;

	if (take(&w, "zero"))
		return add_zeros(t, &w);
	if (line.n % 2 || !line.n || line.n / 2 > t->want - t->n)
		return false;
	for (i = 0; i < line.n; i += 2) {
		int hi = digit(line.p[i]), lo = digit(line.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		if (t->n < MESSAGE_MAX)
			t->data[t->n] = (uint8_t)(hi << 4 | lo);
		t->n++;
	}
	return true;
}

static bool header(struct trace_text *t, struct nvt_bytes first, struct words *w)
{
	if (is(first, "device"))
		name(w, t->device, sizeof(t->device));
	else if (is(first, "chip"))
		name(w, t->chip, sizeof(t->chip));
	else if (is(first, "release"))
		name(w, t->release, sizeof(t->release));
	else
		return false;
	return true;
}

static int find_kind(struct nvt_bytes first)
{
	int i;

	for (i = 0; i < NVT_EV__COUNT; i++)
		if (is(first, nvt_event_kind_name((enum nvt_event_kind)i)))
			return i;
	return -1;
}

/* Cuts the comment, which begins at " # " (and at nothing else with '#'). */
static struct nvt_bytes cut_comment(struct nvt_bytes *line)
{
	const uint8_t *at = line->n ? memchr(line->p, '#', line->n) : NULL;
	struct nvt_bytes comment = { NULL, 0 };

	if (!at || at == line->p)
		return comment;
	comment = (struct nvt_bytes){ at, line->n - (size_t)(at - line->p) };
	line->n -= comment.n + 1;
	return comment;
}

/* True if the record is not as its kind has it. */
static bool begin(struct trace_text *t, struct nvt_bytes line, bool *ret_event)
{
	struct nvt_bytes comment = cut_comment(&line), first;
	struct words w = { line, false };
	int kind;

	first = word(&w);
	*ret_event = false;
	if (header(t, first, &w))
		return w.bad;
	kind = find_kind(first);
	if (kind < 0)
		return false;
	t->ev = (struct nvt_event){ .kind = (enum nvt_event_kind)kind };
	t->n = t->want = 0;
	readers[kind](t, &w);
	get_noted(t, comment);
	*ret_event = !w.bad && !w.left.n;
	return !*ret_event;
}

static void give_data(struct trace_text *t)
{
	struct nvt_bytes b = { t->data, t->n < MESSAGE_MAX ? (size_t)t->n : MESSAGE_MAX };

	if (t->ev.kind == NVT_EV_WINDOW_RD || t->ev.kind == NVT_EV_WINDOW_WR)
		t->ev.u.window.data = b;
	else if (t->ev.kind == NVT_EV_MSG)
		t->ev.u.msg.bytes = b;
	else if (t->want)
		t->ev.u.dma.data = b;
}

/* 1: t->ev is whole; 0: not yet; negative. */
static int take_line(struct trace_text *t, struct nvt_reader *r, struct nvt_bytes line, struct nvt_error *e)
{
	uint64_t where = r->in.base + r->in.at;
	bool event = true;

	if (line.n >= 2 && line.p[0] == ' ' && line.p[1] == ' ') {
		if (!t->open)
			return 0; /* of a record that is passed over */
		if (!add_data(t, (struct nvt_bytes){ line.p + 2, line.n - 2 }))
			return reader_bad(r, where, "data of a record that are not hex digits, or too many", e);
	} else if (t->open) {
		return reader_bad(r, where, "a record with fewer data than it says", e);
	} else if (begin(t, line, &event)) {
		return reader_bad(r, where, "a record that is not as its kind has it", e);
	}
	if (!event || (t->open && t->n < t->want))
		return 0;
	t->open = false;
	give_data(t);
	return 1;
}

/* ---- the reader ---- */

bool trace_text_probe(struct nvt_bytes head)
{
	return head.n >= 13 && !memcmp(head.p, "nvtool-trace ", 13);
}

int trace_text_start(struct trace_text *t, struct nvt_reader *r, struct nvt_error *e)
{
	struct nvt_bytes line;

	t->data = malloc(MESSAGE_MAX);
	if (!t->data)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	if (!source_line(&r->in, LINE_BYTES, &line) || line.n != 14 || line.p[13] != '1')
		return nvt_fail(e, NVT_E_DATA, "%s is a trace of a version other than 1", r->in.name);
	return 0;
}

int trace_text_next(struct trace_text *t, struct nvt_reader *r, const struct nvt_event **ret, struct nvt_error *e)
{
	struct nvt_bytes line;
	int rc = 0;

	while (!rc && source_line(&r->in, LINE_BYTES, &line))
		rc = take_line(t, r, line, e);
	*ret = &t->ev;
	if (rc)
		return rc;
	return t->open ? reader_bad(r, r->in.base + r->in.at, "ends inside a record", e) : source_end(&r->in, e);
}

void trace_text_stop(struct trace_text *t)
{
	free(t->data);
	t->data = NULL;
}
