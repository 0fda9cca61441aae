/* SPDX-License-Identifier: MIT */
/* The document of abi diff as text: one sign a line, fields below what they belong to. */
#include <inttypes.h>
#include "cli/abi.h"

static void print_field(const json_t *side, FILE *out)
{
	fprintf(out, "0x%04" PRIx64 " %s", doc_get_num(side, "offset"), doc_get_str(side, "type"));
	cli_abi_print_shape(side, out);
}

/* An enum's value, bits of flags, or a value of such bits. */
static void print_value(const json_t *v, FILE *out)
{
	const json_t *bits = json_object_get(v, "bits"), *value = json_object_get(v, "value");

	if (bits)
		fprintf(out, "bits %" JSON_INTEGER_FORMAT ":%" JSON_INTEGER_FORMAT "%s",
			json_integer_value(json_array_get(bits, 1)), json_integer_value(json_array_get(bits, 0)),
			value ? " = " : "");
	if (value || !bits)
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(bits ? value : v));
}

/* Rows that have a side where they exist, "from", "to" or both. */
static void print_sides(const json_t *list, void (*print)(const json_t *side, FILE *out), FILE *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		const json_t *from = json_object_get(row, "from"), *to = json_object_get(row, "to");

		fprintf(out, "      %c %-32s  ", !from ? '+' : !to ? '-' : '~', doc_get_str(row, "name"));
		if (from)
			print(from, out);
		fputs(from && to ? " -> " : "", out);
		if (to)
			print(to, out);
		fputc('\n', out);
	}
}

static void print_fields(const json_t *row, FILE *out)
{
	const json_t *name;
	size_t i;

	print_sides(json_object_get(row, "fields"), print_field, out);
	print_sides(json_object_get(row, "values"), print_value, out);
	json_array_foreach(json_object_get(row, "through"), i, name)
		fprintf(out, "      ~ within %s\n", json_string_value(name));
}

static void print_changed(const json_t *row, FILE *out)
{
	const json_t *size = json_object_get(row, "size"), *types = json_object_get(row, "types");
	const char *a = json_string_value(json_array_get(types, 0)), *b = json_string_value(json_array_get(types, 1));

	fprintf(out, "  ~ %s", doc_get_str(row, "name"));
	if (types)
		fprintf(out, ", %s -> %s", a ? a : "nothing", b ? b : "nothing");
	if (json_object_get(row, "type"))
		fprintf(out, ", %s", doc_get_str(row, "type"));
	if (size)
		fprintf(out, ", %" JSON_INTEGER_FORMAT " -> %" JSON_INTEGER_FORMAT " bytes",
			json_integer_value(json_array_get(size, 0)), json_integer_value(json_array_get(size, 1)));
	if (json_object_get(row, "kind"))
		fprintf(out, ", now a %s", doc_get_str(row, "kind"));
	fputc('\n', out);
	print_fields(row, out);
}

static void print_list(const json_t *list, char sign, FILE *out)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (json_is_string(v))
			fprintf(out, "  %c %s\n", sign, json_string_value(v));
		else
			fprintf(out, "  %c %s 0x%" PRIx64 "\n", sign, doc_get_str(v, "name"), doc_get_num(v, "number"));
	}
}

static void print_section(const char *name, const json_t *o, FILE *out)
{
	const char *key, *sep = ": ";
	const json_t *row;
	json_t *list;
	size_t i;
	bool any = false;

	fputs(name, out);
	/* jansson's iteration takes a non-const object and does not change it */
	json_object_foreach((json_t *)o, key, list)
	{
		if (!json_array_size(list))
			continue;
		fprintf(out, "%s%zu %s", sep, json_array_size(list), key);
		sep = ", ";
		any = true;
	}
	fputs(any ? "\n" : ": the same\n", out);
	print_list(json_object_get(o, "added"), '+', out);
	print_list(json_object_get(o, "removed"), '-', out);
	json_array_foreach(json_object_get(o, "renamed"), i, row)
		fprintf(out, "  > 0x%" PRIx64 " %s -> %s\n", doc_get_num(row, "number"), doc_get_str(row, "from"),
			doc_get_str(row, "to"));
	json_array_foreach(json_object_get(o, "renumbered"), i, row)
		fprintf(out, "  > %s 0x%" PRIx64 " -> 0x%" PRIx64 "\n", doc_get_str(row, "name"),
			doc_get_num(row, "from"), doc_get_num(row, "to"));
	json_array_foreach(json_object_get(o, "changed"), i, row)
		print_changed(row, out);
}

void cli_abi_diff_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *o;
	unsigned i;

	(void)cli;
	fprintf(out, "%s -> %s\n", doc_get_str(data, "from"), doc_get_str(data, "to"));
	for (i = 0; cli_abi_section(i); i++) {
		o = json_object_get(data, cli_abi_section(i));
		if (o)
			print_section(cli_abi_section(i), o, out);
	}
}
