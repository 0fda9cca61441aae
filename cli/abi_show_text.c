/* SPDX-License-Identifier: MIT */
/* The document of abi show as text. */
#include <inttypes.h>
#include "cli/abi.h"

static void print_releases(const json_t *o, FILE *out)
{
	const json_t *range;
	size_t i;

	json_array_foreach(json_object_get(o, "releases"), i, range)
	{
		fputs(i ? ", " : "", out);
		cli_put_text(out, json_string_value(range));
	}
	fputc('\n', out);
}

void cli_abi_print_shape(const json_t *f, FILE *out)
{
	const json_t *dims = json_object_get(f, "dims"), *bits = json_object_get(f, "bits"), *n;
	json_int_t first = 8 * (json_int_t)doc_get_num(f, "offset");
	size_t i;

	json_array_foreach(dims, i, n)
		if (json_integer_value(n))
			fprintf(out, "[%" JSON_INTEGER_FORMAT "]", json_integer_value(n));
		else
			fputs("[]", out);
	if (bits)
		fprintf(out, " bits %" JSON_INTEGER_FORMAT ":%" JSON_INTEGER_FORMAT,
			json_integer_value(json_array_get(bits, 1)) - first,
			json_integer_value(json_array_get(bits, 0)) - first);
}

static void print_fields(const json_t *layout, uint64_t base, int indent, FILE *out)
{
	const json_t *f;
	char type[160];
	size_t i;

	json_array_foreach(json_object_get(layout, "fields"), i, f)
	{
		uint64_t at = base + doc_get_num(f, "offset");

		snprintf(type, sizeof(type), "%*s%s", indent, "", doc_get_str(f, "type"));
		fprintf(out, "0x%04" PRIx64 "  %6" PRIu64 "  %-*s", at, doc_get_num(f, "size"),
			doc_get_str(f, "name")[0] ? 29 : 0, type);
		if (doc_get_str(f, "name")[0])
			fprintf(out, " %s", doc_get_str(f, "name"));
		cli_abi_print_shape(f, out);
		if (json_object_get(f, "flags"))
			fprintf(out, "  flags %s", doc_get_str(f, "flags"));
		fputc('\n', out);
		print_fields(f, at, indent + 2, out);
	}
}

static void print_source(const json_t *o, FILE *out)
{
	if (json_object_get(o, "source"))
		fprintf(out, "  declared in %s\n", doc_get_str(o, "source"));
}

/* Of flags the bits before the name, and their values below it. */
static void print_value(const json_t *v, FILE *out)
{
	const json_t *bits = json_object_get(v, "bits");

	if (bits && !json_object_get(v, "value"))
		fprintf(out, "%3" JSON_INTEGER_FORMAT ":%-3" JSON_INTEGER_FORMAT "  %s\n",
			json_integer_value(json_array_get(bits, 1)), json_integer_value(json_array_get(bits, 0)),
			doc_get_str(v, "name"));
	else
		fprintf(out, bits ? "           %" PRIu64 "  %s\n" : "0x%08" PRIx64 "  %s\n", doc_get_num(v, "value"),
			doc_get_str(v, "name"));
}

static void print_layout(const json_t *l, FILE *out)
{
	const json_t *other;
	size_t i;

	fprintf(out, "%s %s, %" PRIu64 " bytes, the same in ", doc_get_str(l, "kind"), doc_get_str(l, "type"),
		doc_get_num(l, "size"));
	print_releases(l, out);
	json_array_foreach(json_object_get(l, "others"), i, other)
	{
		fprintf(out, "  %" PRIu64 " bytes in another layout in ", doc_get_num(other, "size"));
		print_releases(other, out);
	}
	print_source(l, out);
	if (!json_array_size(json_object_get(l, "fields")))
		return;
	fprintf(out, "OFFSET    SIZE  %-28s  %s\n", "TYPE", "NAME");
	print_fields(l, 0, 0, out);
}

void cli_abi_show_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *l = json_object_get(data, "layout"), *number = json_object_get(data, "number"), *v;
	size_t i;

	(void)cli;
	if (number)
		fprintf(out, "%s %s, number %" PRIu64 " (0x%" PRIx64 "), the same in ", doc_get_str(data, "kind"),
			doc_get_str(data, "name"), doc_get_num(data, "number"), doc_get_num(data, "number"));
	else if (!l)
		fprintf(out, "%s %s, the same in ", doc_get_str(data, "kind"), doc_get_str(data, "name"));
	if (number || !l)
		print_releases(data, out);
	print_source(data, out);
	json_array_foreach(json_object_get(data, "values"), i, v)
		print_value(v, out);
	if (l)
		print_layout(l, out);
	else if (number)
		fprintf(out, "parameters not known\n");
}
