/* SPDX-License-Identifier: MIT */
/* rpc list, describe, decode, encode: the protocol of a release. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

/* What `rpc decode` and `rpc encode` call a whole message, RPC header included. */
static const char whole[] = "message";

static int unknown_name(struct nvt_rel rel, const char *name, bool allow_whole, struct nvt_error *e)
{
	struct nvt_msg_desc m;
	struct cli_near near;
	const struct nvt_layout *l;
	struct nvt_id_desc id;
	unsigned i, pos;
	int rc = nvt_fail(e, NVT_E_USAGE, "release %s has no message or type '%s'", nvt_rel_name(rel), name);

	cli_near_init(&near, name);
	for (i = 0; nvt_msg_at(rel, i, &m); i++)
		cli_near_offer(&near, m.name);
	for (pos = 0; (l = nvt_layout_next(rel, &pos));)
		cli_near_offer(&near, nvt_layout_name(l));
	for (pos = 0; !allow_whole && nvt_ctrl_next(rel, &pos, &id);)
		cli_near_offer(&near, id.name);
	for (pos = 0; !allow_whole && nvt_class_next(rel, &pos, &id);)
		cli_near_offer(&near, id.name);
	if (allow_whole)
		cli_near_offer(&near, whole);
	cli_near_hint(&near, e, "", "nvtool rpc list shows the messages");
	return rc;
}

/* ---- list ---- */

static void put_msg(json_t *o, const struct nvt_msg_desc *m)
{
	doc_str(o, "name", m->name);
	doc_num(o, "number", m->number);
	doc_bool(o, "event", m->is_event);
	doc_str(o, "payload", m->payload);
	if (m->layout) {
		doc_num(o, "size", nvt_layout_size(m->layout));
		doc_num(o, "minimum", m->min_payload);
	}
}

int cli_rpc_list(struct cli *cli, json_t *data, struct nvt_error *e)
{
	bool events = cli_opt_flag(cli, "events"), functions = cli_opt_flag(cli, "functions");
	struct nvt_msg_desc m;
	struct nvt_rel rel;
	json_t *list;
	unsigned i;
	int rc = cli_pick_release(cli, &rel, e);

	if (rc)
		return rc;
	doc_str(data, "release", nvt_rel_name(rel));
	list = doc_arr(data, "messages");
	for (i = 0; nvt_msg_at(rel, i, &m); i++)
		if (events == functions || m.is_event == events)
			put_msg(doc_obj(list, NULL), &m);
	return 0;
}

void cli_rpc_list_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "number", "NUMBER", true },    { "name", "NAME", false },     { "payload", "PAYLOAD", false },
		{ "size", "SIZE", true },        { "minimum", "MINIMUM", true }, { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "messages"), cols, out);
}

/* ---- describe ---- */

static const char *prim_name(enum nvt_prim prim)
{
	static const char *const names[] = {
		[NVT_P_U8] = "u8",         [NVT_P_U16] = "u16",   [NVT_P_U32] = "u32",   [NVT_P_U64] = "u64",
		[NVT_P_S8] = "s8",         [NVT_P_S16] = "s16",   [NVT_P_S32] = "s32",   [NVT_P_S64] = "s64",
		[NVT_P_BOOL] = "bool",     [NVT_P_CHAR] = "char", [NVT_P_HANDLE] = "handle",
		[NVT_P_P64] = "pointer",   [NVT_P_STATUS] = "status", [NVT_P_STRUCT] = "struct",
	};

	return (unsigned)prim < NVT_ARRAY_SIZE(names) ? names[prim] : "unknown";
}

static void put_dims(json_t *o, const struct nvt_field_info *f)
{
	json_t *dims;
	unsigned i;

	if (!f->dims[0])
		return;
	if (f->dims[0] == UINT32_MAX)
		doc_bool(o, "flexible", true);
	dims = doc_arr(o, "dims");
	for (i = f->dims[0] == UINT32_MAX; i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		json_array_append_new(dims, json_integer(f->dims[i]));
}

/* depth bounds the walk: a schema given at run time is input */
static void put_layout(json_t *o, const struct nvt_layout *l, unsigned depth)
{
	json_t *fields;
	unsigned i;

	doc_str(o, "type", nvt_layout_name(l));
	doc_num(o, "size", nvt_layout_size(l));
	if (nvt_layout_is_union(l))
		doc_bool(o, "union", true);
	if (!depth)
		return;
	fields = doc_arr(o, "fields");
	for (i = 0; i < nvt_layout_field_count(l); i++) {
		struct nvt_field_info f;
		json_t *row = doc_obj(fields, NULL);

		nvt_layout_field(l, i, &f);
		if (f.name[0])
			doc_str(row, "name", f.name);
		doc_num(row, "offset", f.offset);
		if (f.is_bits) {
			doc_num(row, "high", f.bit_hi);
			doc_num(row, "low", f.bit_lo);
		}
		put_dims(row, &f);
		doc_str(row, "enum", f.enum_name);
		if (f.prim == NVT_P_STRUCT && f.nested)
			put_layout(row, f.nested, depth - 1);
		else
			doc_str(row, "type", prim_name(f.prim));
	}
}

static void put_control(json_t *o, const struct nvt_id_desc *id)
{
	static const char *const words[] = { "handled", "routed", "internal", "privileged", "any-client", "cacheable" };
	json_t *flags;
	unsigned i;

	doc_str(o, "name", id->name);
	doc_num(o, "command", id->id);
	doc_str(o, "params", id->params);
	flags = doc_arr(o, "flags");
	for (i = 0; i < NVT_ARRAY_SIZE(words); i++)
		if (id->flags & 1u << i)
			json_array_append_new(flags, json_string(words[i]));
}

static void put_class(json_t *o, const struct nvt_id_desc *id)
{
	doc_str(o, "name", id->name);
	doc_num(o, "class", id->id);
	doc_str(o, "params", id->params);
	doc_bool(o, "required", id->required);
}

/* What the name means in the release, into data; *ret_layout is its struct, NULL if it has none. */
static bool describe_name(struct nvt_rel rel, const char *name, json_t *data, const struct nvt_layout **ret_layout)
{
	struct nvt_msg_desc m;
	struct nvt_id_desc id;

	if (nvt_msg_by_name(rel, name, &m)) {
		put_msg(doc_obj(data, "message"), &m);
		*ret_layout = m.layout;
		return true;
	}
	*ret_layout = nvt_layout_find(rel, name);
	if (*ret_layout)
		return true;
	if (nvt_ctrl_by_name(rel, name, &id))
		put_control(doc_obj(data, "control"), &id);
	else if (nvt_class_by_name(rel, name, &id))
		put_class(doc_obj(data, "class"), &id);
	else
		return false;
	*ret_layout = id.layout;
	return true;
}

int cli_rpc_describe(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *name = cli_arg(cli, 0);
	const struct nvt_layout *l;
	struct nvt_rel rel;
	int rc = cli_pick_release(cli, &rel, e);

	if (rc)
		return rc;
	doc_str(data, "release", nvt_rel_name(rel));
	if (!describe_name(rel, name, data, &l))
		return unknown_name(rel, name, false, e);
	if (l)
		put_layout(doc_obj(data, "layout"), l, 16);
	return 0;
}

static void print_field(const json_t *f, int indent, FILE *out);

static void print_fields(const json_t *layout, int indent, FILE *out)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(layout, "fields"), i, f)
		print_field(f, indent, out);
}

/* Offsets are from the start of the enclosing struct. A member without a name has a made-up type name. */
static void print_field(const json_t *f, int indent, FILE *out)
{
	const char *name = doc_get_str(f, "name"), *type = doc_get_str(f, "type");
	const json_t *dim;
	size_t i;

	if (!name[0])
		type = json_object_get(f, "union") ? "union" : "struct";
	fprintf(out, "%*s0x%04" PRIx64 "  %s%s%s", indent, "", doc_get_num(f, "offset"), type, name[0] ? " " : "", name);
	if (json_object_get(f, "flexible"))
		fprintf(out, "[]");
	json_array_foreach(json_object_get(f, "dims"), i, dim)
		fprintf(out, "[%" JSON_INTEGER_FORMAT "]", json_integer_value(dim));
	if (json_object_get(f, "high"))
		fprintf(out, " bits %" PRIu64 ":%" PRIu64, doc_get_num(f, "high"), doc_get_num(f, "low"));
	if (json_object_get(f, "enum"))
		fprintf(out, " (%s)", doc_get_str(f, "enum"));
	fputc('\n', out);
	print_fields(f, indent + 8, out);
}

void cli_rpc_describe_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *m = json_object_get(data, "message"), *l = json_object_get(data, "layout");
	const json_t *control = json_object_get(data, "control"), *class = json_object_get(data, "class"), *word;
	size_t i;

	(void)cli;
	if (control) {
		fprintf(out, "%s  control 0x%08" PRIx64 ", release %s", doc_get_str(control, "name"),
			doc_get_num(control, "command"), doc_get_str(data, "release"));
		json_array_foreach(json_object_get(control, "flags"), i, word)
			fprintf(out, "%s%s", i ? ", " : "; ", json_string_value(word));
		fputc('\n', out);
	}
	if (class)
		fprintf(out, "%s  class 0x%04" PRIx64 ", release %s%s\n", doc_get_str(class, "name"),
			doc_get_num(class, "class"), doc_get_str(data, "release"),
			json_is_true(json_object_get(class, "required")) ? "; parameters required" : "");
	if (m)
		fprintf(out, "%s  %s %" PRIu64 ", release %s\n", doc_get_str(m, "name"),
			json_is_true(json_object_get(m, "event")) ? "event" : "function", doc_get_num(m, "number"),
			doc_get_str(data, "release"));
	if (!l) {
		fprintf(out, control || class ? "no parameters known\n" : "payload layout not known\n");
		return;
	}
	fprintf(out, "%s %s, %" PRIu64 " bytes\n", json_object_get(l, "union") ? "union" : "struct",
		doc_get_str(l, "type"), doc_get_num(l, "size"));
	print_fields(l, 2, out);
}

/* ---- decode and encode ---- */

/* The type that NAME stands for: itself, or a message's payload. */
static int find_type(struct nvt_rel rel, const char *name, const char **ret_type, struct nvt_error *e)
{
	struct nvt_msg_desc m;

	*ret_type = name;
	if (nvt_msg_by_name(rel, name, &m)) {
		if (!m.layout)
			return nvt_fail(e, NVT_E_USAGE, "the payload of %s has no known layout", name);
		*ret_type = m.payload;
		return 0;
	}
	return nvt_layout_find(rel, name) ? 0 : unknown_name(rel, name, true, e);
}

static int decode_bytes(struct nvt_rel rel, const char *name, struct nvt_bytes bytes, json_t *data,
			struct nvt_error *e)
{
	const char *type = whole;
	char *text = NULL;
	json_t *value;
	int rc;

	if (!strcmp(name, whole))
		rc = nvt_json_decode_msg(rel, bytes, &text, e);
	else
		rc = find_type(rel, name, &type, e);
	if (!rc && !text)
		rc = nvt_json_decode(rel, type, bytes, &text, e);
	if (rc)
		return rc;
	value = json_loads(text, JSON_DECODE_ANY, NULL);
	free(text);
	if (!value)
		return nvt_fail(e, NVT_E_BUG, "the decoded %s is not JSON", type);
	doc_str(data, "release", nvt_rel_name(rel));
	doc_str(data, "type", type);
	doc_num(data, "size", bytes.n);
	json_object_set_new(data, "value", value);
	return 0;
}

int cli_rpc_decode(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct nvt_rel rel;
	uint8_t *p = NULL;
	size_t n;
	int rc = cli_pick_release(cli, &rel, e);

	if (!rc)
		rc = cli_read_bytes(cli_arg(cli, 1), &p, &n, e);
	if (!rc)
		rc = decode_bytes(rel, cli_arg(cli, 0), (struct nvt_bytes){ p, n }, data, e);
	free(p);
	return rc;
}

void cli_rpc_decode_print(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	fprintf(out, "%s, %" PRIu64 " bytes, release %s\n", doc_get_str(data, "type"), doc_get_num(data, "size"),
		doc_get_str(data, "release"));
	json_dumpf(json_object_get(data, "value"), out, JSON_INDENT(2) | JSON_ENCODE_ANY);
	fputc('\n', out);
}

static void put_encoded(struct nvt_rel rel, const char *type, const uint8_t *p, size_t n, json_t *data)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = malloc(2 * n + 1);
	size_t i;

	doc_str(data, "release", nvt_rel_name(rel));
	doc_str(data, "type", type);
	doc_num(data, "size", n);
	if (!hex)
		return;
	for (i = 0; i < n; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	hex[2 * n] = '\0';
	doc_str(data, "hex", hex);
	free(hex);
}

int cli_rpc_encode(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *name = cli_arg(cli, 0), *type = whole;
	uint8_t *p = NULL;
	char *text = NULL;
	struct nvt_rel rel;
	size_t n = 0;
	int rc = cli_pick_release(cli, &rel, e);

	if (!rc)
		rc = cli_read_text(cli_arg(cli, 1), &text, &n, e);
	if (!rc && !strcmp(name, whole))
		rc = nvt_json_encode_msg(rel, text, &p, &n, e);
	else if (!rc && !(rc = find_type(rel, name, &type, e)))
		rc = nvt_json_encode(rel, type, text, &p, &n, e);
	if (!rc)
		put_encoded(rel, type, p, n, data);
	free(p);
	free(text);
	return rc;
}

void cli_rpc_encode_print(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	fprintf(out, "%s\n", doc_get_str(data, "hex"));
}
