/* SPDX-License-Identifier: MIT */
/*
 * Reads messages out of a kernel log.
 *
 * nouveau with debug=gsp=trace (r535/rpc.c) prints a line per message and a hex dump of its payload:
 *	gsp: rpc fn:76 len:0x3c/0x1c            to GSP
 *	gsp: msg fn:4097 len:0x50/0x30 res:0x0 resp:0x0
 *	rpc: 00000000: 01 00 00 00 ...          or msg: 00000000: ...
 * nova-core's debug lines (gsp/cmdq.rs) give the header only:
 *	GSP RPC: send: seq# 2, function=GET_GSP_STATIC_INFO, length=0x6c8
 * with "async send", "receive", "async received", "response received"; the function is a name, a Rust Result
 * of one, or, in early versions, a number with the name in brackets. The length counts the element header
 * too, but for early versions.
 * Both say the release when they load GSP-RM: "RM version: 570.144" (gsp/base.c), "loaded gsp firmware v570.144".
 */
#include "base/bytes.h"
#include "trace/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024
#define DUMP_COLUMNS 16
#define UNKNOWN_FUNCTION UINT32_MAX

struct log {
	struct nvt_captured m; /* the message whose dump is being read */
	uint8_t *data;
	size_t n, want;
	bool open, found;
	char release[32]; /* "" until a line says it */
	struct nvt_captured ahead; /* begun by the line that ended the one before */
	bool has_ahead;
};

/* Text, and not one of the other kinds. */
static bool probe(struct nvt_bytes head)
{
	return !memchr(head.p, 0, head.n);
}

static int start(struct nvt_reader *r, struct nvt_error *e)
{
	struct log *st = r->state;

	st->data = malloc(MESSAGE_MAX);
	return st->data ? 0 : nvt_fail(e, NVT_E_NOMEM, "out of memory");
}

static void stop(struct nvt_reader *r)
{
	struct log *st = r->state;

	free(st->data);
}

/* ---- words of a line, which ends in a NUL ---- */

static const char *after(const char *line, const char *word)
{
	const char *at = line ? strstr(line, word) : NULL;

	return at ? at + strlen(word) : NULL;
}

static bool number(const char **p, int base, uint64_t *ret)
{
	char *end;

	if (!*p || !isxdigit((unsigned char)**p))
		return false;
	*ret = strtoull(*p, &end, base);
	*p = end;
	return true;
}

static bool number_after(const char **p, const char *word, int base, uint64_t *ret)
{
	*p = after(*p, word);
	return number(p, base, ret);
}

/* "[   12.345678]" */
static void take_time(struct nvt_captured *m, const char *line)
{
	const char *p = strchr(line, '[');
	uint64_t s, us;

	if (!p)
		return;
	p += 1 + strspn(p + 1, " ");
	if (!number(&p, 10, &s) || *p++ != '.' || !number(&p, 10, &us) || *p != ']' || s > UINT32_MAX || us > 999999)
		return;
	m->t_ns = s * 1000000000 + us * 1000;
	m->flags |= NVT_CAP_TIME;
}

/* Digits and dots behind one of the words. */
static void take_release(struct log *st, const char *line)
{
	const char *p = after(line, "gsp: RM version: ");
	size_t n;

	if (!p)
		p = after(line, "loaded gsp firmware v");
	n = p ? strspn(p, "0123456789.") : 0;
	if (!n || n >= sizeof(st->release))
		return;
	memset(st->release, 0, sizeof(st->release));
	memcpy(st->release, p, n);
}

/* ---- nouveau ---- */

static bool begin_nouveau(struct nvt_captured *m, const char *line)
{
	const char *p = after(line, "rpc fn:");
	uint64_t fn, length, payload, v;

	m->to_gsp = p;
	if (!p)
		p = after(line, "msg fn:");
	if (!number(&p, 10, &fn) || !number_after(&p, " len:", 16, &length) || *p++ != '/' || !number(&p, 16, &payload))
		return false;
	if (fn > UINT32_MAX || length > MESSAGE_MAX || length < NVT_RPC_HDR || payload != length - NVT_RPC_HDR)
		return false;
	m->head = (struct nvt_rpc_head){ .function = (uint32_t)fn, .length = (uint32_t)length };
	m->length = (uint32_t)length;
	if (!m->to_gsp && number_after(&p, " res:", 16, &v)) {
		m->head.result = (uint32_t)v;
		m->flags |= NVT_CAP_RESULT;
		if (number_after(&p, " resp:", 16, &v))
			m->head.result_private = (uint32_t)v;
	}
	return true;
}

/* One line of a hex dump: the bytes that follow those at hand. */
static void add_dump(struct log *st, const char *line)
{
	const char *p = after(line, st->m.to_gsp ? "rpc: " : "msg: ");
	uint64_t offset, v;
	unsigned i;

	if (!number(&p, 16, &offset) || *p++ != ':' || offset != st->n - NVT_RPC_HDR)
		return;
	for (i = 0; i < DUMP_COLUMNS && st->n < st->want; i++) {
		if (p[0] != ' ' || !isxdigit((unsigned char)p[1]) || !isxdigit((unsigned char)p[2]))
			return;
		p++;
		number(&p, 16, &v);
		if (v > 0xff)
			return;
		st->data[st->n++] = (uint8_t)v;
	}
}

/* ---- nova-core ---- */

/* The same letters and digits, whatever the case and what is between them: GSP_INIT_DONE, GspInitDone. */
static bool alike(const char *a, const char *b)
{
	for (;;) {
		while (*a && !isalnum((unsigned char)*a))
			a++;
		while (*b && !isalnum((unsigned char)*b))
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

static const char *without_gsp(const char *name)
{
	return strncmp(name, "GSP_", 4) ? name : name + 4;
}

static uint32_t function_named(struct nvt_rel rel, const char *name)
{
	struct nvt_msg_desc d;
	unsigned i;

	if (!strcmp(name, "GspPostNoCat"))
		name = "GSP_POST_NOCAT_RECORD";
	for (i = 0; nvt_msg_at(rel, i, &d); i++)
		if (alike(d.name, name) || alike(without_gsp(d.name), name))
			return d.number;
	return UNKNOWN_FUNCTION;
}

/* Numbers and names are the same in nearly all releases; without one, the newest known. */
static struct nvt_rel names_of(struct nvt_rel rel)
{
	const struct nvt_abi *abi = nvt_abi_builtin();

	return rel.abi ? rel : (struct nvt_rel){ abi, nvt_abi_release_count(abi) - 1 };
}

static void take_function(struct nvt_reader *r, struct nvt_captured *m, const char *p)
{
	uint64_t v;
	size_t n;

	if (!strncmp(p, "Ok(", 3))
		p += 3;
	else if (!strncmp(p, "Err(", 4))
		p += 4;
	m->head.function = UNKNOWN_FUNCTION;
	if (isdigit((unsigned char)*p) && number(&p, 0, &v) && v < UINT32_MAX) {
		m->head.function = (uint32_t)v;
		return;
	}
	for (n = 0; n < sizeof(m->name) - 1 && (isalnum((unsigned char)p[n]) || p[n] == '_'); n++)
		m->name[n] = p[n];
	m->name[n] = '\0';
	m->head.function = function_named(names_of(r->rel), m->name);
	if (m->head.function != UNKNOWN_FUNCTION)
		m->name[0] = '\0';
}

static bool take_nova(struct nvt_reader *r, struct nvt_captured *m, const char *line)
{
	const char *p = after(line, "GSP RPC: "), *q = p, *f;
	uint64_t seq, length;
	uint32_t heads;

	if (!p || !number_after(&q, "seq# ", 10, &seq) || seq > UINT32_MAX)
		return false;
	m->to_gsp = !strncmp(p, "send: ", 6) || !strncmp(p, "async send: ", 12);
	f = after(q, "function=");
	q = f;
	if (!f || !number_after(&q, "length=0x", 16, &length) || length > MESSAGE_MAX)
		return false;
	heads = strncmp(f, "0x", 2) ? NVT_ELEM_HDR + NVT_RPC_HDR : NVT_RPC_HDR;
	if (length < heads)
		return false;
	take_function(r, m, f);
	m->head.sequence = (uint32_t)seq;
	m->length = (uint32_t)length - heads + NVT_RPC_HDR;
	m->head.length = m->length;
	m->flags |= NVT_CAP_SEQUENCE | NVT_CAP_NO_PAYLOAD;
	return true;
}

/* ---- both ---- */

static void put_head(uint8_t *to, const struct nvt_captured *m)
{
	struct nvt_rpc_head h = m->head;

	/* A request's result is pending (rpc_headers.h NV_VGPU_MSG_RESULT_RPC_PENDING). */
	if (m->to_gsp)
		h.result = h.result_private = UINT32_MAX;
	nvt_rpc_head_put(to, &h);
}

static void open_message(struct log *st, const struct nvt_captured *m)
{
	st->m = *m;
	st->want = m->flags & NVT_CAP_NO_PAYLOAD ? NVT_RPC_HDR : m->length;
	st->n = NVT_RPC_HDR;
	put_head(st->data, m);
	st->open = true;
}

/* The message under way, with as many bytes as the log has; long ones are joined. 1, 0, negative. */
static int finish(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	struct log *st = r->state;
	struct nvt_bytes rec = { st->data, st->n };
	bool is_part = st->m.head.function == NVT_FN_CONTINUATION || st->m.length == NVT_RECORD_MAX;

	st->open = false;
	*m = st->m;
	if (is_part && st->m.to_gsp && st->n == st->m.length)
		return reader_join(r, m, rec, e);
	return reader_take(m, rec, st->m.length);
}

/* 1: *m is a message; 0: not yet; negative. */
static int take_line(struct nvt_reader *r, const char *line, struct nvt_captured *m, struct nvt_error *e)
{
	struct log *st = r->state;
	struct nvt_captured begun = { .number = 0 };
	int rc = 0;

	take_time(&begun, line);
	take_release(st, line);
	memcpy(begun.release, st->release, sizeof(begun.release));
	if (begin_nouveau(&begun, line) || take_nova(r, &begun, line)) {
		st->found = true;
		if (st->open)
			rc = finish(r, m, e);
		if (rc) {
			st->ahead = begun;
			st->has_ahead = true;
			return rc;
		}
		open_message(st, &begun);
	} else if (st->open) {
		add_dump(st, line);
	}
	return st->open && st->n == st->want ? finish(r, m, e) : 0;
}

static int next(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	struct log *st = r->state;
	char line[LINE_BYTES + 1];
	struct nvt_bytes b;
	int rc = 0;

	if (st->has_ahead) {
		st->has_ahead = false;
		open_message(st, &st->ahead);
		if (st->n == st->want)
			rc = finish(r, m, e);
	}
	while (!rc && source_line(&r->in, LINE_BYTES, &b)) {
		memcpy(line, b.p, b.n);
		line[b.n] = '\0';
		rc = take_line(r, line, m, e);
	}
	if (!rc && st->open)
		rc = finish(r, m, e);
	if (rc)
		return rc;
	rc = source_end(&r->in, e);
	if (rc || st->found)
		return rc;
	rc = nvt_fail(e, NVT_E_DATA, "%s holds no messages in a form that nvtool knows", r->in.name);
	nvt_err_wanted(e, "pcapng, a trace, a kernel log, or the queue memory with its headers");
	return rc;
}

const struct reader_ops reader_log = {
	.kind = "log",
	.state_size = sizeof(struct log),
	.probe = probe,
	.start = start,
	.next = next,
	.stop = stop,
};
