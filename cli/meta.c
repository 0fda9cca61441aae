/* SPDX-License-Identifier: MIT */
/* The command table as a document: `meta` is all of it, `help` the part that was asked for. */
#include <config.h>

#include <string.h>
#include "cli/cmd.h"

static const char *const type_names[CLI_TYPE__COUNT] = {
	[CLI_FLAG] = "flag", [CLI_STRING] = "string", [CLI_PATH] = "path", [CLI_DIR] = "dir",
	[CLI_U64] = "u64",   [CLI_ASSIGN] = "assign", [CLI_ENUM] = "enum",
	[CLI_SIZE] = "size",
};

static void put_values(json_t *o, cli_value_fn value)
{
	json_t *a;
	unsigned i;

	if (!value)
		return;
	a = doc_arr(o, "values");
	for (i = 0; value(i); i++)
		doc_add_str(a, value(i));
}

static void put_opts(json_t *o, const char *key, const struct cli_opt *opt)
{
	json_t *a = doc_arr(o, key);
	char letter[2] = "";

	for (; opt && opt->name; opt++) {
		json_t *row = doc_obj(a, NULL);

		doc_str(row, "name", opt->name);
		letter[0] = opt->letter;
		if (opt->letter)
			doc_str(row, "letter", letter);
		doc_str(row, "type", type_names[opt->type]);
		doc_str(row, "meta", opt->meta);
		doc_bool(row, "repeat", opt->repeat);
		put_values(row, opt->value);
		doc_str(row, "help", opt->help);
	}
}

static void put_args(json_t *o, const struct cli_arg *arg)
{
	json_t *a = doc_arr(o, "args");

	for (; arg && arg->name; arg++) {
		json_t *row = doc_obj(a, NULL);

		doc_str(row, "name", arg->name);
		doc_str(row, "type", type_names[arg->type]);
		doc_bool(row, "optional", arg->optional);
		doc_bool(row, "repeat", arg->repeat);
		put_values(row, arg->value);
		doc_str(row, "help", arg->help);
	}
}

static void put_cmd(json_t *o, const struct cli_cmd *c)
{
	json_t *a;
	const char *const *key;

	doc_str(o, "noun", c->noun);
	doc_str(o, "verb", c->verb);
	doc_str(o, "group", c->group);
	doc_str(o, "page", c->page);
	doc_str(o, "summary", c->summary);
	put_args(o, c->args);
	put_opts(o, "options", c->opts);
	doc_bool(o, "device", c->flags & CLI_DEVICE);
	doc_bool(o, "mutates", c->flags & CLI_MUTATES);
	a = doc_arr(o, "result");
	for (key = c->keys; key && *key; key++)
		doc_add_str(a, *key);
}

static void put_pages(json_t *data)
{
	json_t *a = doc_arr(data, "pages");
	const struct cli_page *p;

	for (p = cli_pages; p->name; p++) {
		json_t *row = doc_obj(a, NULL);

		doc_str(row, "name", p->name);
		doc_str(row, "summary", p->summary);
	}
}

static void put_exits(json_t *data)
{
	json_t *a = doc_arr(data, "exits");
	const struct cli_exit *x;

	for (x = cli_exits; x->meaning; x++) {
		json_t *row = doc_obj(a, NULL);

		doc_num(row, "code", (uint64_t)x->code);
		doc_str(row, "meaning", x->meaning);
	}
}

int cli_meta(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *const *g;
	json_t *a;
	unsigned i;

	(void)cli;
	(void)e;
	doc_num(data, "schema", 1);
	doc_str(data, "program", "nvtool");
	doc_str(data, "version", PACKAGE_VERSION);
	a = doc_arr(data, "groups");
	for (g = cli_groups; *g; g++)
		doc_add_str(a, *g);
	put_pages(data);
	put_opts(data, "options", cli_global_opts);
	a = doc_arr(data, "commands");
	for (i = 0; i < cli_cmd_count; i++)
		put_cmd(doc_obj(a, NULL), &cli_cmds[i]);
	put_exits(data);
	return 0;
}

void cli_meta_print(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	json_dumpf(data, out, JSON_INDENT(2));
	fputc('\n', out);
}

/* ---- help ---- */

static bool wanted(const struct cli_cmd *c, const char *first, const char *second)
{
	if (!first)
		return true;
	if (second)
		return c->noun && !strcmp(c->noun, first) && !strcmp(c->verb, second);
	return !strcmp(c->noun ? c->noun : c->verb, first);
}

static int no_topic(const char *first, const char *second, struct nvt_error *e)
{
	struct cli_near near;
	unsigned i;
	int rc = nvt_fail(e, NVT_E_USAGE, "no command '%s%s%s'", first, second ? " " : "", second ? second : "");

	cli_near_init(&near, second ? second : first);
	for (i = 0; i < cli_cmd_count; i++)
		if (!second)
			cli_near_offer(&near, cli_cmds[i].noun ? cli_cmds[i].noun : cli_cmds[i].verb);
		else if (cli_cmds[i].noun && !strcmp(cli_cmds[i].noun, first))
			cli_near_offer(&near, cli_cmds[i].verb);
	cli_near_hint(&near, e, "", "nvtool help lists the commands");
	return rc;
}

int cli_help(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *first = cli_arg(cli, 0), *second = cli_arg(cli, 1);
	json_t *a = doc_arr(data, "commands");
	unsigned i;

	for (i = 0; i < cli_cmd_count; i++)
		if (wanted(&cli_cmds[i], first, second))
			put_cmd(doc_obj(a, NULL), &cli_cmds[i]);
	if (!json_array_size(a))
		return no_topic(first, second, e);
	put_opts(data, "options", cli_global_opts);
	return 0;
}
