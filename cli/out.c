/* SPDX-License-Identifier: MIT */
/* One result document, as the JSON envelope or as text; errors in both forms. */
#include <inttypes.h>
#include <string.h>
#include "cli/cmd.h"

/* Inside a batch each document is one line; alone it is indented for reading. */
static void write_envelope(const struct cli *cli, json_t *envelope, FILE *out)
{
	json_dumpf(envelope, out, cli->in_batch ? JSON_COMPACT : JSON_INDENT(2));
	fputc('\n', out);
	json_decref(envelope);
}

static json_t *envelope(const struct cli *cli, bool ok)
{
	json_t *o = json_object();

	doc_num(o, "schema", 1);
	doc_str(o, "command", cli->line.name);
	doc_bool(o, "ok", ok);
	return o;
}

void cli_out_result(const struct cli *cli, const json_t *data, FILE *out)
{
	json_t *o;

	if (cli->line.cmd->flags & CLI_BARE)
		return;
	if (!cli->json) {
		cli->line.cmd->print(cli, data, out);
		return;
	}
	o = envelope(cli, true);
	json_object_set(o, "data", (json_t *)data);
	write_envelope(cli, o, out);
}

static void doc_str_if(json_t *o, const char *key, const char *s)
{
	if (s[0])
		doc_str(o, key, s);
}

/* The phrase, and where in the input it was found. */
static const char *error_text(const struct nvt_error *e, char *buf, size_t size)
{
	if (e->code == NVT_E_DATA && e->where != UINT64_MAX)
		snprintf(buf, size, "%s (at byte 0x%" PRIx64 ")", e->msg, e->where);
	else
		snprintf(buf, size, "%s", e->msg);
	return buf;
}

static void error_json(const struct cli *cli, const struct nvt_error *e, FILE *out)
{
	json_t *o = envelope(cli, false), *err = doc_obj(o, "error");
	char text[480];

	doc_str(err, "code", nvt_code_name(e->code));
	doc_num(err, "exit", (uint64_t)nvt_code_exit(e->code));
	doc_str_if(err, "step", e->step);
	doc_str_if(err, "register", e->reg);
	doc_str_if(err, "rpc", e->rpc);
	doc_str_if(err, "seen", e->seen);
	doc_str_if(err, "wanted", e->wanted);
	doc_str_if(err, "hint", e->hint);
	doc_str(err, "text", error_text(e, text, sizeof(text)));
	if (cli->leftover)
		json_object_set(o, "data", (json_t *)cli->leftover);
	write_envelope(cli, o, out);
}

static void detail(FILE *err, const char *key, const char *value)
{
	if (!value[0])
		return;
	fprintf(err, "  %-8s  ", key);
	cli_put_text(err, value);
	fputc('\n', err);
}

void cli_out_error(const struct cli *cli, const struct nvt_error *e, FILE *out, FILE *err)
{
	const char *name = cli->line.name;
	char text[480];

	if (cli->json) {
		error_json(cli, e, out);
		return;
	}
	if (cli->leftover) {
		cli->line.cmd->print(cli, cli->leftover, out);
		fflush(out);
	}
	fprintf(err, "nvtool%s", name[0] ? " " : "");
	cli_put_text(err, name);
	fputs(": ", err);
	cli_put_text(err, error_text(e, text, sizeof(text)));
	fputc('\n', err);
	detail(err, "step", e->step);
	detail(err, "register", e->reg);
	detail(err, "message", e->rpc);
	detail(err, "seen", e->seen);
	detail(err, "wanted", e->wanted);
	detail(err, "hint", e->hint);
}
