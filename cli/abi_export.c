/* SPDX-License-Identifier: MIT */
/* abi export: the protocol of one release as JSON or source text, written as it is read from the tables. */
#include <inttypes.h>
#include <string.h>
#include "cli/abi.h"

/* ---- JSON ---- */

static void put_string(const char *s, FILE *out)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			fprintf(out, "\\u%04x", (unsigned char)*s);
		else
			fputc(*s, out);
	}
	fputc('"', out);
}

static void put_name(const char *s, FILE *out)
{
	if (s)
		put_string(s, out);
	else
		fputs("null", out);
}

static void put_field(const struct nvt_field_info *f, FILE *out)
{
	char type[160];
	unsigned i;

	fputs("{\"name\":", out);
	put_string(f->name, out);
	fprintf(out, ",\"offset\":%" PRIu32 ",\"type\":", f->offset);
	put_string(abi_field_type(f, type, sizeof(type)), out);
	for (i = 0; i < NVT_ARRAY_SIZE(f->dims) && f->dims[i]; i++)
		fprintf(out, "%s%" PRIu32, i ? "," : ",\"dims\":[", f->dims[i] == UINT32_MAX ? 0 : f->dims[i]);
	if (i)
		fputc(']', out);
	if (f->is_bits)
		fprintf(out, ",\"bits\":[%" PRIu64 ",%" PRIu64 "]", 8 * (uint64_t)f->offset + f->bit_lo,
			8 * (uint64_t)f->offset + f->bit_hi);
	fputc('}', out);
}

static void put_types(struct nvt_rel rel, FILE *out)
{
	const struct nvt_layout *l;
	struct nvt_field_info f;
	uint32_t pos = 0;
	bool first = true;
	unsigned i;

	for (; (l = nvt_layout_next(rel, &pos)); first = false) {
		fputs(first ? "\n" : ",\n", out);
		put_string(nvt_layout_name(l), out);
		fprintf(out, ":{\"kind\":\"%s\",\"size\":%" PRIu32 ",\"fields\":[",
			nvt_layout_is_union(l) ? "union" : "struct", nvt_layout_size(l));
		for (i = 0; i < nvt_layout_field_count(l); i++) {
			abi_field(rel, l, i, &f);
			fputs(i ? ",\n  " : "\n  ", out);
			put_field(&f, out);
		}
		fputs("]}", out);
	}
}

static const struct {
	const char *number, *type;
	bool size;
} keys[ABI_ID__COUNT] = {
	[ABI_CONTROL] = { "cmd", "params", true },
	[ABI_CLASS] = { "class", "params", false },
	[ABI_FUNCTION] = { "number", "payload", false },
	[ABI_EVENT] = { "number", "payload", false },
};

static void put_ids(struct nvt_rel rel, enum abi_kind kind, FILE *out)
{
	struct cli_id id;
	uint32_t pos = 0;
	bool first = true;

	for (; cli_id_next(rel, kind, &pos, &id); first = false) {
		fprintf(out, "%s{\"%s\":%" PRIu32 ",\"name\":", first ? "\n" : ",\n", keys[kind].number, id.number);
		put_string(id.name, out);
		fprintf(out, ",\"%s\":", keys[kind].type);
		put_name(id.type, out);
		if (keys[kind].size)
			fprintf(out, ",\"size\":%" PRIu32, id.layout ? nvt_layout_size(id.layout) : 0);
		fputc('}', out);
	}
}

static void export_json(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out)
{
	unsigned k;

	(void)types;
	(void)consts;
	fputs("{\"release\":", out);
	put_string(nvt_rel_name(rel), out);
	fputs(",\n\"types\":{", out);
	put_types(rel, out);
	fputs("}", out);
	for (k = 0; k < ABI_ID__COUNT; k++) {
		fprintf(out, ",\n\"%s\":[", abi_kind_plural(k));
		put_ids(rel, k, out);
		fputc(']', out);
	}
	fputs("}\n", out);
}

/* ---- the command ---- */

static const struct {
	const char *name;
	void (*write)(struct nvt_rel rel, struct cli_types *types, const struct cli_consts *consts, FILE *out);
} formats[] = {
	{ "json", export_json },
	{ "c", abi_export_c },
	{ "rust", abi_export_rust },
	{ "python", abi_export_python },
};

const char *cli_abi_format(unsigned i)
{
	return i < NVT_ARRAY_SIZE(formats) ? formats[i].name : NULL;
}

/* Writes only once nothing else can fail. */
int cli_abi_export(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *format = cli_opt_str(cli, "format");
	struct cli_consts consts = { .n = 0 };
	struct cli_types types = { .n = 0 };
	struct nvt_rel rel;
	unsigned i = 0;
	int rc = cli_pick_release(cli, &rel, e);

	(void)data;
	if (!rc)
		rc = cli_types_init(&types, rel, e);
	if (!rc)
		rc = cli_consts_init(&consts, rel, e);
	while (format && strcmp(formats[i].name, format)) /* one of them: the parser checked it */
		i++;
	if (!rc)
		formats[i].write(rel, &types, &consts, cli->out);
	cli_types_free(&types);
	cli_consts_free(&consts);
	return rc;
}
