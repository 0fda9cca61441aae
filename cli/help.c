/* SPDX-License-Identifier: MIT */
/* help as text, from its document. */
#include <string.h>
#include "cli/cmd.h"

static void print_option(const json_t *o, FILE *out)
{
	char left[64], letter[8] = "    ";
	const char *meta = doc_get_str(o, "meta");
	const json_t *v;
	size_t i;

	if (json_object_get(o, "letter"))
		snprintf(letter, sizeof(letter), "-%s, ", doc_get_str(o, "letter"));
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, doc_get_str(o, "name"), meta[0] ? " " : "", meta);
	fprintf(out, "  %-30s %s%s\n", left, doc_get_str(o, "help"),
		json_is_true(json_object_get(o, "repeat")) ? "; may be repeated" : "");
	if (!json_object_get(o, "values"))
		return;
	fprintf(out, "  %-30s %s:", "", meta);
	json_array_foreach(json_object_get(o, "values"), i, v)
		fprintf(out, "%s%s", i && i % 5 == 0 ? "\n                                   " : " ",
			json_string_value(v));
	fputc('\n', out);
}

static void print_arg_name(const json_t *a, FILE *out)
{
	bool optional = json_is_true(json_object_get(a, "optional"));

	fprintf(out, " %s%s%s%s", optional ? "[" : "", doc_get_str(a, "name"),
		json_is_true(json_object_get(a, "repeat")) ? "..." : "", optional ? "]" : "");
}

static void print_synopsis(const json_t *c, FILE *out)
{
	const char *noun = doc_get_str(c, "noun");
	const json_t *a;
	size_t i;

	fprintf(out, "nvtool%s %s%s%s", json_is_true(json_object_get(c, "device")) ? " --device URI" : "", noun,
		noun[0] ? " " : "", doc_get_str(c, "verb"));
	if (json_array_size(json_object_get(c, "options")))
		fprintf(out, " [OPTION...]");
	json_array_foreach(json_object_get(c, "args"), i, a)
		print_arg_name(a, out);
	fputc('\n', out);
}

static void print_command(const json_t *c, FILE *out)
{
	const json_t *row;
	size_t i;

	print_synopsis(c, out);
	fprintf(out, "  %s\n", doc_get_str(c, "summary"));
	json_array_foreach(json_object_get(c, "args"), i, row)
		fprintf(out, "  %-30s %s\n", doc_get_str(row, "name"), doc_get_str(row, "help"));
	json_array_foreach(json_object_get(c, "options"), i, row)
		print_option(row, out);
}

static void print_summary(const json_t *c, FILE *out)
{
	char name[48];
	const char *noun = doc_get_str(c, "noun");

	snprintf(name, sizeof(name), "%s%s%s", noun, noun[0] ? " " : "", doc_get_str(c, "verb"));
	fprintf(out, "  %-14s %s\n", name, doc_get_str(c, "summary"));
}

static void print_overview(const json_t *data, FILE *out)
{
	const char *const *g;
	const json_t *c;
	size_t i;

	fprintf(out, "nvtool [OPTION...] COMMAND [ARGUMENT...]\n"
		     "Takes GSP-RM firmware apart and brings it up, on a GPU or on the built-in device model.\n");
	for (g = cli_groups; *g; g++) {
		fprintf(out, "\n%s\n", *g);
		json_array_foreach(json_object_get(data, "commands"), i, c)
			if (!strcmp(doc_get_str(c, "group"), *g))
				print_summary(c, out);
	}
	fprintf(out, "\nOptions of every command, before or after its name\n");
	json_array_foreach(json_object_get(data, "options"), i, c)
		print_option(c, out);
	fprintf(out, "\nnvtool help COMMAND says more.\n");
}

void cli_help_print(const struct cli *cli, const json_t *data, FILE *out)
{
	const json_t *c;
	size_t i;

	if (!cli_arg(cli, 0)) {
		print_overview(data, out);
		return;
	}
	json_array_foreach(json_object_get(data, "commands"), i, c)
	{
		if (i)
			fputc('\n', out);
		print_command(c, out);
	}
}
