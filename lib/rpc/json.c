/* SPDX-License-Identifier: MIT */
/* Bytes of types and messages -> JSON. */
#include "base/bytes.h"
#include "rpc/abi.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>

static json_t *hex_string(uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)v);
	return json_string(text);
}

static json_t *hex_bytes(struct nvt_bytes b)
{
	static const char digit[] = "0123456789abcdef";
	char *text = malloc(2 * b.n + 1);
	json_t *v;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < b.n; i++) {
		text[2 * i] = digit[b.p[i] >> 4];
		text[2 * i + 1] = digit[b.p[i] & 15];
	}
	v = json_stringn(text, 2 * b.n);
	free(text);
	return v;
}

enum { MAX_NEST = 32 };

struct decoder {
	struct nvt_rel rel;
	json_t *open[MAX_NEST]; /* borrowed: each is held by the one above */
	unsigned depth;
};

/* A string where text says it all; {"hex":..} for bytes after the NUL, or a tail's own NULs, or not in UTF-8. */
static json_t *char_array(struct nvt_bytes b, bool flex)
{
	const uint8_t *nul = b.n ? memchr(b.p, 0, b.n) : NULL;
	size_t n = nul ? (size_t)(nul - b.p) : b.n, i;
	json_t *v;

	for (i = n; i < b.n && !b.p[i] && !flex; i++)
		;
	v = i == b.n ? json_stringn((const char *)b.p, n) : NULL;
	return v ? v : json_pack("{s:o}", "hex", hex_bytes(b));
}

static json_t *status(struct nvt_rel rel, uint32_t v)
{
	const char *name = nvt_status_name(rel, v);

	return name ? json_string(name) : json_integer(v);
}

static json_t *scalar(struct nvt_rel rel, const struct nvt_leaf *l)
{
	char buf[NVT_VALUE_TEXT];
	const char *text = nvt_leaf_text(rel, l, buf);

	if (text)
		return json_string(text);
	switch (nvt_leaf_prim(l)) {
	case NVT_P_BOOL:
		return l->value <= 1 ? json_boolean(l->value) : json_integer((json_int_t)l->value);
	case NVT_P_U64:
	case NVT_P_P64:
	case NVT_P_HANDLE:
		return hex_string(l->value);
	default:
		return json_integer((json_int_t)l->value);
	}
}

static int add(struct decoder *d, const struct nvt_leaf *l, json_t *v)
{
	json_t *in = d->open[d->depth], *list;
	const char *name = nvt_leaf_name(l);

	if (!nvt_leaf_is_element(l))
		return json_object_set_new(in, name, v);
	list = json_object_get(in, name);
	if (!list) {
		list = json_array();
		if (json_object_set_new(in, name, list)) {
			json_decref(v);
			return -1;
		}
	}
	return json_array_append_new(list, v);
}

/* What the reader should know of parameters: their type, and their length where they end early. */
static int begin_params(json_t *v, const struct nvt_leaf *l)
{
	if (json_object_set_new(v, "_type", json_string(nvt_layout_name(l->params))))
		return -1;
	if (l->bytes.n >= nvt_layout_size(l->params))
		return 0;
	return json_object_set_new(v, "_size", json_integer((json_int_t)l->bytes.n));
}

static int add_note(json_t *in, const struct nvt_leaf *l)
{
	return json_object_set_new(in, "_note", json_sprintf("%s: %s", nvt_leaf_name(l), l->note));
}

static int decode_leaf(void *arg, const struct nvt_leaf *l)
{
	struct decoder *d = arg;
	json_t *v;

	switch (l->what) {
	case NVT_LEAF_END:
		d->depth--;
		return 0;
	case NVT_LEAF_ABSENT:
		return l->index ? 0 : json_object_set_new(d->open[d->depth], nvt_leaf_name(l), json_null());
	case NVT_LEAF_BEGIN:
		if (d->depth + 1 == MAX_NEST)
			return -1;
		v = json_object();
		if (add(d, l, v))
			return -1;
		d->open[++d->depth] = v;
		return l->params ? begin_params(v, l) : 0;
	case NVT_LEAF_BYTES:
		if (!abi_is_byte(nvt_leaf_prim(l))) /* a flexible array without elements */
			return json_object_set_new(d->open[d->depth], nvt_leaf_name(l), json_array());
		if (l->note && add_note(d->open[d->depth], l))
			return -1;
		return add(d, l, nvt_leaf_prim(l) == NVT_P_CHAR ? char_array(l->bytes, nvt_leaf_is_tail(l)) : hex_bytes(l->bytes));
	default:
		return add(d, l, scalar(d->rel, l));
	}
}

static json_t *decode(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b)
{
	struct decoder d = { .rel = rel };
	json_t *doc = json_object();

	d.open[0] = doc;
	if (!doc || nvt_walk(rel, l, b, decode_leaf, &d) ||
	    (b.n < nvt_layout_size(l) && json_object_set_new(doc, "_size", json_integer((json_int_t)b.n)))) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}

static int dump(json_t *doc, char **ret, struct nvt_error *e)
{
	char *text = doc ? json_dumps(doc, JSON_INDENT(1)) : NULL;

	json_decref(doc);
	if (!text)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	*ret = text;
	return 0;
}

int nvt_json_decode(struct nvt_rel rel, const char *type, struct nvt_bytes bytes, char **ret, struct nvt_error *e)
{
	const struct nvt_layout *l = abi_layout_named(rel, type, e);

	return l ? dump(decode(rel, l, bytes), ret, e) : -NVT_E_USAGE;
}

int nvt_json_decode_msg(struct nvt_rel rel, struct nvt_bytes msg, char **ret, struct nvt_error *e)
{
	struct nvt_msg_desc d = { .name = NULL };
	struct nvt_rpc_head h;
	struct nvt_bytes body;
	json_t *doc, *payload;
	int rc = nvt_rpc_head_get(msg, &h, e);

	if (rc)
		return rc;
	body = (struct nvt_bytes){ msg.p + NVT_RPC_HDR, msg.n - NVT_RPC_HDR };
	nvt_msg_by_number(rel, h.function, &d);
	if (body.n < d.min_payload) {
		rc = nvt_fail(e, NVT_E_DATA, "%s carries 0x%zx bytes of payload, should be at least 0x%x", d.name,
			      body.n, d.min_payload);
		nvt_err_seen(e, "0x%zx", body.n);
		nvt_err_wanted(e, "at least 0x%x", d.min_payload);
		nvt_err_rpc(e, "%s", d.name);
		return rc;
	}
	payload = d.layout ? decode(rel, d.layout, body) : hex_bytes(body);
	doc = json_pack("{s:o, s:I, s:o, s:o, s:o}", "function",
			d.name ? json_string(d.name) : json_integer(h.function), "sequence", (json_int_t)h.sequence,
			"result", status(rel, h.result), "result_private",
			status(rel, h.result_private), "payload", payload);
	if (doc && h.length != msg.n && json_object_set_new(doc, "length", json_integer(h.length)))
		rc = nvt_fail(e, NVT_E_NOMEM, "out of memory");
	if (rc) {
		json_decref(doc);
		return rc;
	}
	return dump(doc, ret, e);
}
