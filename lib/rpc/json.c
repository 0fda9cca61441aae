/* SPDX-License-Identifier: MIT */
/*
 * Bytes of types and messages -> JSON, written straight into a text that may be used again: a stream of a million
 * messages costs no allocation per message.
 */
#include "base/bytes.h"
#include "rpc/abi.h"
#include "rpc/json_text.h"

#include <stdlib.h>

/* ---- text ---- */

/* Room for n more characters; NULL (and failed) without memory. */
static char *room(struct nvt_text *t, size_t n)
{
	size_t cap = t->cap ? t->cap : 4096;
	char *p;

	if (t->failed)
		return NULL;
	if (n <= t->cap - t->n)
		return t->p + t->n;
	while (cap - t->n < n)
		cap *= 2;
	p = realloc(t->p, cap);
	if (!p) {
		t->failed = true;
		return NULL;
	}
	t->p = p;
	t->cap = cap;
	return p + t->n;
}

void nvt_text_free(struct nvt_text *t)
{
	free(t->p);
	*t = (struct nvt_text){ NULL, 0, 0, false };
}

void text_put(struct nvt_text *t, const char *s, size_t n)
{
	char *p = room(t, n);

	if (!p)
		return;
	memcpy(p, s, n);
	t->n += n;
}

void text_char(struct nvt_text *t, char c)
{
	char *p = room(t, 1);

	if (!p)
		return;
	*p = c;
	t->n++;
}

void text_dec(struct nvt_text *t, uint64_t v)
{
	char buf[20];
	size_t i = sizeof(buf);

	do {
		buf[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	text_put(t, buf + i, sizeof(buf) - i);
}

static const char digits[] = "0123456789abcdef";

static void text_hex(struct nvt_text *t, uint64_t v)
{
	char buf[20];
	size_t i = sizeof(buf);

	buf[--i] = '"';
	do {
		buf[--i] = digits[v & 15];
		v >>= 4;
	} while (v);
	buf[--i] = 'x';
	buf[--i] = '0';
	buf[--i] = '"';
	text_put(t, buf + i, sizeof(buf) - i);
}

void text_hex_bytes(struct nvt_text *t, struct nvt_bytes b)
{
	char *p = room(t, 2 * b.n + 2);
	size_t i;

	if (!p)
		return;
	*p++ = '"';
	for (i = 0; i < b.n; i++) {
		*p++ = digits[b.p[i] >> 4];
		*p++ = digits[b.p[i] & 15];
	}
	*p = '"';
	t->n += 2 * b.n + 2;
}

/* Bytes of the well-formed UTF-8 sequence at p (RFC 3629 section 4), 0 if there is none. */
static size_t utf8(const uint8_t *p, size_t n)
{
	uint8_t lo = 0x80, hi = 0xbf;
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		lo = 0xa0;
	if (p[0] == 0xed)
		hi = 0x9f;
	if (p[0] == 0xf0)
		lo = 0x90;
	if (p[0] == 0xf4)
		hi = 0x8f;
	if (len > n || p[1] < lo || p[1] > hi)
		return 0;
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static bool is_utf8(const uint8_t *p, size_t n)
{
	size_t at, len;

	for (at = 0; at < n; at += len) {
		len = utf8(p + at, n - at);
		if (!len)
			return false;
	}
	return true;
}

static void text_string(struct nvt_text *t, const uint8_t *s, size_t n)
{
	char *p = room(t, 6 * n + 2), *begin = p;
	size_t i;

	if (!p)
		return;
	*p++ = '"';
	for (i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\') {
			*p++ = '\\';
			*p++ = (char)s[i];
		} else if (s[i] < 0x20 || s[i] == 0x7f) {
			memcpy(p, "\\u00", 4);
			p[4] = digits[s[i] >> 4];
			p[5] = digits[s[i] & 15];
			p += 6;
		} else {
			*p++ = (char)s[i];
		}
	}
	*p++ = '"';
	t->n += (size_t)(p - begin);
}

void text_name(struct nvt_text *t, const char *s)
{
	text_string(t, (const uint8_t *)s, strlen(s));
}

/* ---- the payload ---- */

enum { MAX_NEST = 32 };

struct writer {
	struct nvt_text *t;
	struct nvt_rel rel;
	unsigned depth;
	/* by depth: whether a member stands there already, and whether its array is still open */
	bool comma[MAX_NEST], list[MAX_NEST];
};

static void close_list(struct writer *w)
{
	if (w->list[w->depth])
		text_char(w->t, ']');
	w->list[w->depth] = false;
}

static void key(struct writer *w, const char *name)
{
	struct nvt_text *t = w->t;
	size_t n = strlen(name);
	char *p = room(t, n + 4), *begin = p;

	if (!p)
		return;
	if (w->comma[w->depth])
		*p++ = ',';
	*p++ = '"';
	memcpy(p, name, n);
	p += n;
	*p++ = '"';
	*p++ = ':';
	w->comma[w->depth] = true;
	t->n += (size_t)(p - begin);
}

/* Before a value: its key, or its place in an array. */
static void place(struct writer *w, const struct nvt_leaf *l)
{
	bool is_list = nvt_leaf_is_element(l);

	if (is_list && l->index && w->list[w->depth]) {
		text_char(w->t, ',');
		return;
	}
	close_list(w);
	key(w, nvt_leaf_name(l));
	if (is_list)
		text_char(w->t, '[');
	w->list[w->depth] = is_list;
}

/* A string where text says it all; {"hex":..} for bytes after the NUL, or a tail's own NULs, or not in UTF-8. */
static void put_chars(struct nvt_text *t, struct nvt_bytes b, bool flex)
{
	const uint8_t *nul = b.n ? memchr(b.p, 0, b.n) : NULL;
	size_t n = nul ? (size_t)(nul - b.p) : b.n, i;

	for (i = n; i < b.n && !b.p[i] && !flex; i++)
		;
	if (i == b.n && is_utf8(b.p, n)) {
		text_string(t, b.p, n);
		return;
	}
	TEXT_PUT(t, "{\"hex\":");
	text_hex_bytes(t, b);
	text_char(t, '}');
}

static void put_scalar(struct writer *w, const struct nvt_leaf *l)
{
	char buf[NVT_VALUE_TEXT];
	const char *text = nvt_leaf_text(w->rel, l, buf);

	if (text) {
		text_name(w->t, text);
	} else if (nvt_leaf_prim(l) == NVT_P_BOOL && l->value <= 1) {
		text_put(w->t, l->value ? "true" : "false", l->value ? 4 : 5);
	} else if (nvt_leaf_prim(l) == NVT_P_U64 || nvt_leaf_prim(l) == NVT_P_P64 || nvt_leaf_prim(l) == NVT_P_HANDLE) {
		text_hex(w->t, l->value);
	} else if (nvt_leaf_prim(l) >= NVT_P_S8 && nvt_leaf_prim(l) <= NVT_P_S64 && l->value >> 63) {
		text_char(w->t, '-');
		text_dec(w->t, 0 - l->value);
	} else {
		text_dec(w->t, l->value);
	}
}

/* Parameters: their type and where they end early, or why they are not taken apart. */
static void put_params(struct writer *w, const struct nvt_leaf *l)
{
	key(w, "_type");
	text_name(w->t, nvt_layout_name(l->params));
	if (l->bytes.n < nvt_layout_size(l->params)) {
		key(w, "_size");
		text_dec(w->t, l->bytes.n);
	}
}

static void put_note(struct writer *w, const struct nvt_leaf *l)
{
	close_list(w);
	key(w, "_note");
	text_char(w->t, '"');
	text_put(w->t, nvt_leaf_name(l), strlen(nvt_leaf_name(l)));
	TEXT_PUT(w->t, ": ");
	text_put(w->t, l->note, strlen(l->note));
	text_char(w->t, '"');
}

static void put_bytes_leaf(struct writer *w, const struct nvt_leaf *l)
{
	if (nvt_leaf_prim(l) != NVT_P_U8 && nvt_leaf_prim(l) != NVT_P_CHAR) { /* a flexible array without elements */
		close_list(w);
		key(w, nvt_leaf_name(l));
		TEXT_PUT(w->t, "[]");
		return;
	}
	if (l->note)
		put_note(w, l);
	place(w, l);
	if (nvt_leaf_prim(l) == NVT_P_CHAR)
		put_chars(w->t, l->bytes, nvt_leaf_is_tail(l));
	else
		text_hex_bytes(w->t, l->bytes);
}

static int put_leaf(void *arg, const struct nvt_leaf *l)
{
	struct writer *w = arg;

	switch (l->what) {
	case NVT_LEAF_BEGIN:
		place(w, l);
		if (w->depth + 1 == MAX_NEST)
			return -1;
		w->depth++;
		w->comma[w->depth] = w->list[w->depth] = false;
		text_char(w->t, '{');
		if (l->params)
			put_params(w, l);
		return 0;
	case NVT_LEAF_END:
		close_list(w);
		w->depth--;
		text_char(w->t, '}');
		return 0;
	case NVT_LEAF_ABSENT:
		if (l->index)
			return 0;
		close_list(w);
		key(w, nvt_leaf_name(l));
		TEXT_PUT(w->t, "null");
		return 0;
	case NVT_LEAF_BYTES:
		put_bytes_leaf(w, l);
		return 0;
	default:
		place(w, l);
		put_scalar(w, l);
		return 0;
	}
}

void text_payload(struct nvt_text *t, struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b)
{
	struct writer w = { .t = t, .rel = rel };

	text_char(t, '{');
	nvt_walk(rel, l, b, put_leaf, &w);
	close_list(&w);
	if (b.n < nvt_layout_size(l)) {
		key(&w, "_size");
		text_dec(t, b.n);
	}
	text_char(t, '}');
}

void text_status(struct nvt_text *t, struct nvt_rel rel, uint32_t v)
{
	const char *name = rel.abi ? nvt_status_name(rel, v) : NULL;

	if (name)
		text_name(t, name);
	else
		text_dec(t, v);
}

/* ---- types and messages ---- */

/* The text as the caller's own, or the error. */
static int finish(struct nvt_text *t, char **ret, struct nvt_error *e)
{
	text_char(t, 0);
	if (t->failed) {
		nvt_text_free(t);
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	}
	*ret = t->p;
	return 0;
}

int nvt_json_decode(struct nvt_rel rel, const char *type, struct nvt_bytes bytes, char **ret, struct nvt_error *e)
{
	const struct nvt_layout *l = abi_layout_named(rel, type, e);
	struct nvt_text t = { NULL, 0, 0, false };

	if (!l)
		return -NVT_E_USAGE;
	text_payload(&t, rel, l, bytes);
	return finish(&t, ret, e);
}

static int too_short(const struct nvt_msg_desc *d, struct nvt_bytes body, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s carries 0x%zx bytes of payload, should be at least 0x%x", d->name, body.n,
			  d->min_payload);

	nvt_err_seen(e, "0x%zx", body.n);
	nvt_err_wanted(e, "at least 0x%x", d->min_payload);
	nvt_err_rpc(e, "%s", d->name);
	return rc;
}

int nvt_json_decode_msg(struct nvt_rel rel, struct nvt_bytes msg, char **ret, struct nvt_error *e)
{
	struct nvt_text t = { NULL, 0, 0, false };
	struct nvt_msg_desc d = { .name = NULL };
	struct nvt_rpc_head h;
	struct nvt_bytes body;
	int rc = nvt_rpc_head_get(msg, &h, e);

	if (rc)
		return rc;
	body = (struct nvt_bytes){ msg.p + NVT_RPC_HDR, msg.n - NVT_RPC_HDR };
	nvt_msg_by_number(rel, h.function, &d);
	if (body.n < d.min_payload)
		return too_short(&d, body, e);
	TEXT_PUT(&t, "{\"function\":");
	if (d.name)
		text_name(&t, d.name);
	else
		text_dec(&t, h.function);
	TEXT_PUT(&t, ",\"sequence\":");
	text_dec(&t, h.sequence);
	TEXT_PUT(&t, ",\"result\":");
	text_status(&t, rel, h.result);
	TEXT_PUT(&t, ",\"result_private\":");
	text_status(&t, rel, h.result_private);
	TEXT_PUT(&t, ",\"payload\":");
	if (d.layout)
		text_payload(&t, rel, d.layout, body);
	else
		text_hex_bytes(&t, body);
	if (h.length != msg.n) {
		TEXT_PUT(&t, ",\"length\":");
		text_dec(&t, h.length);
	}
	text_char(&t, '}');
	return finish(&t, ret, e);
}
