/* SPDX-License-Identifier: MIT */
/* JSON -> bytes of types and messages. */
#include "base/bytes.h"
#include "rpc/abi.h"

#include <jansson.h>

#include <errno.h>
#include <stdlib.h>

struct encoder {
	struct nvt_rel rel;
	struct nvt_error *e;
	uint8_t *p;
	size_t n;
	const char *key; /* being encoded */
};

static int refuse(struct encoder *x, const char *what)
{
	return nvt_fail(x->e, NVT_E_DATA, "\"%s\": %s", x->key, what);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_hex(const char *text, uint8_t *to, size_t room)
{
	size_t n = strlen(text), i;

	if (n % 2 || n / 2 > room)
		return false;
	for (i = 0; i < n; i++) {
		if (hex_digit(text[i]) < 0)
			return false;
		to[i / 2] = (uint8_t)(to[i / 2] << 4 | hex_digit(text[i]));
	}
	return true;
}

static int put_bytes(struct encoder *x, const struct nvt_field *f, json_t *v, uint8_t *to, size_t room)
{
	const char *text = json_string_value(v);

	if (f->prim == NVT_P_CHAR && text) {
		if (json_string_length(v) > room)
			return refuse(x, "the string is longer than the field");
		memcpy(to, text, json_string_length(v));
		return 0;
	}
	if (json_is_object(v))
		text = json_string_value(json_object_get(v, "hex"));
	if (!text || !parse_hex(text, to, room))
		return refuse(x, "should be a hex string that fits the field");
	return 0;
}

static bool named_value(struct encoder *x, const struct nvt_field *f, const char *text, uint64_t *ret)
{
	if (f->prim == NVT_P_STATUS)
		return abi_status_value(x->rel, text, ret);
	return f->flags & ABI_F_GROUP && abi_group_value(x->rel, f->aux, text, ret);
}

static int number(struct encoder *x, const struct nvt_field *f, json_t *v, uint64_t *ret)
{
	const char *text = json_string_value(v);
	char *end;

	if (json_is_integer(v)) {
		*ret = (uint64_t)json_integer_value(v);
		return 0;
	}
	if (json_is_boolean(v)) {
		*ret = json_is_true(v);
		return 0;
	}
	if (!text)
		return refuse(x, "should be a number");
	if (named_value(x, f, text, ret))
		return 0;
	errno = 0;
	*ret = strtoull(text, &end, 0);
	if (end == text || *end || errno)
		return refuse(x, "should be a number or a name of its enum or flags");
	return 0;
}

/* False if the value does not fit; signed fields take it sign-extended or as the bare bits. */
static bool store(const struct nvt_field *f, uint8_t *to, uint64_t v)
{
	uint32_t width = abi_prim_width(f->prim), lo = f->op == ABI_OP_BITS ? f->bit_lo : 0;
	uint32_t bits = f->op == ABI_OP_BITS ? f->bit_hi - f->bit_lo + 1u : 8 * width;
	uint64_t mask = abi_mask(bits);

	if ((v & ~mask) && !(abi_prim_signed(f->prim) && abi_sign_extend(v & mask, bits) == v))
		return false;
	abi_store(to, width, (abi_load(to, width) & ~(mask << lo)) | (v & mask) << lo);
	return true;
}

static int put_scalar(struct encoder *x, const struct nvt_field *f, json_t *v, uint8_t *to)
{
	uint64_t n = 0;
	int rc = number(x, f, v, &n);

	return rc || store(f, to, n) ? rc : refuse(x, "the number does not fit the field");
}

static int put_object(struct encoder *x, const struct nvt_layout *l, json_t *obj, size_t at);

static int put_element(struct encoder *x, const struct nvt_field *f, json_t *v, size_t at, size_t room)
{
	if (json_is_null(v))
		return 0;
	if (f->prim == NVT_P_STRUCT)
		return put_object(x, &abi_layout(x->rel.abi)[f->aux], v, at);
	if (abi_is_byte(f->prim) && f->dims[0])
		return put_bytes(x, f, v, x->p + at, room);
	return put_scalar(x, f, v, x->p + at);
}

/* Elements of a field as its JSON value gives them, and the bytes of each. */
static size_t shape(const struct nvt_field *f, json_t *v, size_t *ret_size)
{
	const char *text = json_string_value(json_is_object(v) ? json_object_get(v, "hex") : v);

	*ret_size = f->size;
	if (f->op != ABI_OP_TAIL)
		return f->n;
	if (!abi_is_byte(f->prim))
		return json_array_size(v);
	*ret_size = !text ? 0 : f->prim == NVT_P_CHAR && text == json_string_value(v) ? json_string_length(v) :
			    strlen(text) / 2;
	return 1;
}

static int put_field(struct encoder *x, const struct nvt_layout *l, uint32_t i, json_t *v, size_t at)
{
	const struct nvt_field *f = &abi_fields(l)[i];
	const char *name = abi_text(abi_of(l), f->name);
	size_t n, size, k;
	json_t *item;
	int rc = 0;

	x->key = name;
	at += f->offset;
	n = shape(f, v, &size);
	if (json_is_null(v))
		return 0;
	if (!json_is_array(v) && (n != 1 || (f->op == ABI_OP_TAIL && !size)) && !json_is_string(v))
		return refuse(x, "should be a list");
	if (!json_is_array(v))
		return n == 1 ? put_element(x, f, v, at, size) : refuse(x, "should be a list");
	if (!f->dims[0] || json_array_size(v) > n)
		return refuse(x, "more elements than the field has");
	json_array_foreach(v, k, item) {
		rc = put_element(x, f, item, at + k * size, size);
		if (rc)
			break;
		x->key = name;
	}
	return rc;
}

/* Finds a key among the layout's fields and those of its anonymous members; false if there is none. */
static bool find(const struct nvt_layout **l, const char *key, uint32_t *ret_i, size_t *at)
{
	const struct nvt_field *f = abi_fields(*l);
	const struct nvt_layout *inner;
	size_t inner_at;
	uint32_t i;

	for (i = 0; i < (*l)->n; i++) {
		const char *name = abi_text(abi_of(*l), f[i].name);

		inner = *name ? NULL : &abi_layout(abi_of(*l))[f[i].aux];
		inner_at = *at + f[i].offset;
		if (!inner && !strcmp(name, key)) {
			*ret_i = i;
			return true;
		}
		if (inner && find(&inner, key, ret_i, &inner_at)) {
			*l = inner;
			*at = inner_at;
			return true;
		}
	}
	return false;
}

/* The value at a path of keys, "a.b"; NULL if a part is missing. */
static json_t *at_path(json_t *obj, const char *path)
{
	size_t n = strcspn(path, ".");
	const char *key;
	json_t *v;

	json_object_foreach(obj, key, v)
		if (!strncmp(key, path, n) && !key[n])
			return path[n] ? at_path(v, path + n + 1) : v;
	return NULL;
}

/* The count field says what the tail holds, unless the JSON says something else. */
static int fill_count(struct encoder *x, const struct nvt_layout *l, json_t *obj, size_t at)
{
	const struct nvt_field *f = abi_fields(l), *count;
	size_t n, size;
	json_t *v;

	if (l->count == ABI_NONE || at_path(obj, abi_text(abi_of(l), l->count_path)))
		return 0;
	count = &abi_field(abi_of(l))[l->count];
	v = json_object_get(obj, abi_text(abi_of(l), f[l->tail].name));
	n = v ? shape(&f[l->tail], v, &size) : 0;
	if (n == 1 && !json_is_array(v))
		n = size;
	if (l->count_is & ABI_COUNT_IN_BYTES)
		n *= f[l->tail].size;
	if (!store(count, x->p + at + l->count_at, n))
		return refuse(x, "more elements than the count field can say");
	return 0;
}

static int put_object(struct encoder *x, const struct nvt_layout *l, json_t *obj, size_t at)
{
	const struct nvt_layout *in;
	const char *key;
	size_t in_at;
	uint32_t i;
	json_t *v;
	int rc;

	if (!json_is_object(obj))
		return refuse(x, "should be an object");
	json_object_foreach(obj, key, v) {
		if (!at && (!strcmp(key, "_size") || !strcmp(key, "_rest") || !strcmp(key, "_note") ||
			    !strcmp(key, "_type")))
			continue;
		in = l;
		in_at = at;
		if (!find(&in, key, &i, &in_at))
			return nvt_fail(x->e, NVT_E_DATA, "%s has no field \"%s\" in release %s", nvt_layout_name(l),
					key, nvt_rel_name(x->rel));
		rc = put_field(x, in, i, v, in_at);
		if (rc)
			return rc;
	}
	return fill_count(x, l, obj, at);
}

/* Bytes that the object takes with its flexible tail. */
static size_t extent(const struct nvt_layout *l, json_t *obj)
{
	const struct nvt_field *f;
	size_t n, size, end;
	json_t *v;

	if (!l->is_open)
		return l->size;
	f = &abi_fields(l)[l->n - 1];
	v = json_object_get(obj, abi_text(abi_of(l), f->name));
	if (l->tail != ABI_NONE) {
		n = v && !json_is_null(v) ? shape(f, v, &size) : 0;
		end = f->offset + (n ? n * size : 0);
	} else {
		end = f->offset + extent(&abi_layout(abi_of(l))[f->aux], v);
	}
	return end > l->size ? end : l->size;
}

static void fill_total(const struct nvt_layout *l, json_t *obj, uint8_t *p, size_t n)
{
	const struct nvt_field *f;

	if (l->total == ABI_NONE)
		return;
	f = &abi_fields(l)[l->total];
	if (!json_object_get(obj, abi_text(abi_of(l), f->name)))
		abi_store(p + f->offset, f->size, n);
}

static int encode(struct nvt_rel rel, const struct nvt_layout *l, json_t *obj, size_t lead, uint8_t **ret,
		  size_t *ret_n, struct nvt_error *e);

static json_t *hex_text(const uint8_t *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	char *text = malloc(2 * n + 1);
	json_t *v;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < n; i++) {
		text[2 * i] = digit[p[i] >> 4];
		text[2 * i + 1] = digit[p[i] & 15];
	}
	v = json_stringn(text, 2 * n);
	free(text);
	return v;
}

/* Parameters given as an object -> *ret, a copy of the whole with their bytes in hex; else *ret is the whole. */
static int flatten_params(struct encoder *x, const struct nvt_layout *l, json_t *obj, json_t **ret)
{
	const struct nvt_field *f = abi_fields(l);
	const char *name = l->tail_as ? abi_text(abi_of(l), f[l->tail].name) : "", *note = NULL;
	json_t *params = l->tail_as ? json_object_get(obj, name) : NULL, *id;
	const struct nvt_layout *in;
	const char *by;
	uint64_t value = 0;
	uint8_t *p = NULL;
	size_t n = 0;
	int rc;

	*ret = json_incref(obj);
	if (!json_is_object(params) || json_object_get(params, "hex"))
		return 0;
	by = abi_text(abi_of(l), f[l->by].name);
	x->key = by;
	id = json_object_get(obj, by);
	rc = id ? number(x, &f[l->by], id, &value) : refuse(x, "is missing, and the parameters depend on it");
	in = rc ? NULL : abi_id_layout(x->rel, (enum abi_as)l->tail_as, (uint32_t)value, &note);
	x->key = name;
	if (!rc && !in)
		rc = refuse(x, note ? note : "should be a hex string");
	if (!rc)
		rc = encode(x->rel, in, params, 0, &p, &n, x->e);
	if (rc)
		return rc;
	json_decref(obj);
	*ret = json_copy(obj);
	rc = json_object_set_new(*ret, name, hex_text(p, n)) ? nvt_fail(x->e, NVT_E_NOMEM, "out of memory") : 0;
	free(p);
	return rc;
}

/* Encodes behind `lead` zeroed bytes; flat: no parameters as an object. */
static int encode_flat(struct nvt_rel rel, const struct nvt_layout *l, json_t *obj, size_t lead, uint8_t **ret,
		       size_t *ret_n, struct nvt_error *e)
{
	json_t *rest = json_object_get(obj, "_rest"), *size = json_object_get(obj, "_size");
	const struct nvt_field raw = { .prim = NVT_P_U8 };
	struct encoder x = { .rel = rel, .e = e, .key = "_rest" };
	size_t end = extent(l, obj);
	uint8_t *p;
	int rc;

	x.n = end + (json_is_string(rest) ? json_string_length(rest) / 2 : 0);
	p = calloc(1, lead + x.n + 1);
	if (!p)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	x.p = p + lead;
	rc = rest ? put_bytes(&x, &raw, rest, x.p + end, x.n - end) : 0;
	if (!rc) {
		x.key = nvt_layout_name(l);
		rc = put_object(&x, l, obj, 0);
	}
	if (!rc)
		fill_total(l, obj, x.p, x.n);
	x.key = "_size";
	if (!rc && size && (!json_is_integer(size) || json_integer_value(size) < 0 ||
			    (uint64_t)json_integer_value(size) > x.n))
		rc = refuse(&x, "should be a number of bytes, at most what the fields take");
	if (rc) {
		free(p);
		return rc;
	}
	*ret = p;
	*ret_n = lead + (size ? (size_t)json_integer_value(size) : x.n);
	return 0;
}

static int encode(struct nvt_rel rel, const struct nvt_layout *l, json_t *obj, size_t lead, uint8_t **ret,
		  size_t *ret_n, struct nvt_error *e)
{
	struct encoder x = { .rel = rel, .e = e };
	json_t *flat;
	int rc = flatten_params(&x, l, obj, &flat);

	if (!rc)
		rc = encode_flat(rel, l, flat, lead, ret, ret_n, e);
	json_decref(flat);
	return rc;
}

static json_t *parse(const char *json, struct nvt_error *e)
{
	json_error_t je;
	json_t *doc = json_loads(json, JSON_REJECT_DUPLICATES, &je);

	if (!doc)
		nvt_fail(e, NVT_E_DATA, "JSON line %d: %s", je.line, je.text);
	return doc;
}

int nvt_json_encode(struct nvt_rel rel, const char *type, const char *json, uint8_t **ret, size_t *ret_n,
		    struct nvt_error *e)
{
	const struct nvt_layout *l = abi_layout_named(rel, type, e);
	json_t *doc;
	int rc;

	if (!l)
		return -NVT_E_USAGE;
	doc = parse(json, e);
	if (!doc)
		return -NVT_E_DATA;
	rc = encode(rel, l, doc, 0, ret, ret_n, e);
	json_decref(doc);
	return rc;
}

static int head_of(struct encoder *x, json_t *doc, struct nvt_msg_desc *d, struct nvt_rpc_head *h)
{
	static const char *const keys[] = { "sequence", "result", "result_private", "length" };
	uint32_t *const to[] = { &h->sequence, &h->result, &h->result_private, &h->length };
	const struct nvt_field f = { .prim = NVT_P_STATUS };
	const char *name = json_string_value(json_object_get(doc, "function"));
	uint8_t raw[4] = { 0 };
	unsigned i;
	json_t *v;
	int rc;

	x->key = "function";
	if (name && nvt_msg_by_name(x->rel, name, d)) {
		h->function = d->number;
	} else {
		v = json_object_get(doc, "function");
		if (!v)
			return refuse(x, "is missing");
		rc = put_scalar(x, &(struct nvt_field){ .prim = NVT_P_U32 }, v, raw);
		if (rc)
			return name ? nvt_fail(x->e, NVT_E_DATA, "release %s has no message \"%s\"",
					       nvt_rel_name(x->rel), name) :
				      rc;
		h->function = nvt_le32(raw);
		nvt_msg_by_number(x->rel, h->function, d);
	}
	for (i = 0; i < NVT_ARRAY_SIZE(keys); i++) {
		x->key = keys[i];
		v = json_object_get(doc, keys[i]);
		rc = v ? put_scalar(x, &f, v, raw) : 0;
		if (rc)
			return rc;
		if (v)
			*to[i] = nvt_le32(raw);
	}
	return 0;
}

static int raw_payload(struct encoder *x, json_t *v, uint8_t **ret, size_t *ret_n)
{
	const struct nvt_field raw = { .prim = NVT_P_U8 };
	size_t n = json_string_length(v) / 2;
	int rc;

	*ret = calloc(1, NVT_RPC_HDR + n + 1);
	if (!*ret)
		return nvt_fail(x->e, NVT_E_NOMEM, "out of memory");
	*ret_n = NVT_RPC_HDR + n;
	x->key = "payload";
	rc = v ? put_bytes(x, &raw, v, *ret + NVT_RPC_HDR, n) : 0;
	if (rc)
		free(*ret);
	return rc;
}

static int encode_msg(struct encoder *x, json_t *doc, uint8_t **ret, size_t *ret_n)
{
	/* A request has both results pending (0xffffffff). */
	struct nvt_rpc_head h = { .result = UINT32_MAX, .result_private = UINT32_MAX };
	json_t *payload = json_object_get(doc, "payload");
	struct nvt_msg_desc d = { .name = NULL };
	uint8_t *p = NULL;
	int rc = head_of(x, doc, &d, &h);

	if (rc)
		return rc;
	if (d.layout && json_is_object(payload))
		rc = encode(x->rel, d.layout, payload, NVT_RPC_HDR, &p, ret_n, x->e);
	else
		rc = raw_payload(x, payload, &p, ret_n);
	if (rc)
		return nvt_during(x->e, rc, "payload");
	if (!h.length)
		h.length = (uint32_t)*ret_n;
	nvt_rpc_head_put(p, &h);
	*ret = p;
	return 0;
}

int nvt_json_encode_msg(struct nvt_rel rel, const char *json, uint8_t **ret, size_t *ret_n, struct nvt_error *e)
{
	static const char *const known[] = { "function", "sequence", "result", "result_private", "length", "payload" };
	struct encoder x = { .rel = rel, .e = e, .key = "message" };
	json_t *doc = parse(json, e), *v;
	const char *key;
	unsigned i;
	int rc = 0;

	if (!doc)
		return -NVT_E_DATA;
	if (!json_is_object(doc))
		rc = refuse(&x, "should be an object");
	json_object_foreach(doc, key, v) {
		for (i = 0; i < NVT_ARRAY_SIZE(known) && strcmp(known[i], key); i++)
			;
		if (i == NVT_ARRAY_SIZE(known))
			rc = nvt_fail(e, NVT_E_DATA, "a message has no key \"%s\"", key);
	}
	if (!rc)
		rc = encode_msg(&x, doc, ret, ret_n);
	json_decref(doc);
	return rc;
}
