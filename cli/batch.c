/* SPDX-License-Identifier: MIT */
/* batch: commands one after another on one open device. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

/*
 * Splits one line in place as a shell would: blanks separate, quotes and backslash keep, an unquoted #
 * at the start of a word ends the line. words has room for strlen(line) + 1 entries.
 */
static int split(char *line, char **words, unsigned *ret_n, struct nvt_error *e)
{
	char *in = line, *to;
	char quote;

	*ret_n = 0;
	for (;;) {
		while (isspace((unsigned char)*in))
			in++;
		if (!*in || *in == '#')
			return 0;
		words[(*ret_n)++] = to = in;
		for (quote = 0; *in && (quote || !isspace((unsigned char)*in)); in++) {
			if (quote ? *in == quote : *in == '\'' || *in == '"')
				quote = quote ? 0 : *in;
			else if (*in == '\\' && quote != '\'' && in[1])
				*to++ = *++in;
			else
				*to++ = *in;
		}
		if (quote)
			return nvt_fail(e, NVT_E_USAGE, "quote %c is not closed", quote);
		if (*in)
			in++;
		*to = '\0';
	}
}

static int parse_and_run(struct cli *cli, char *const *words, unsigned n, json_t *data, struct nvt_error *e)
{
	int rc = cli_parse(&cli->line, n, words, true, e);

	if (!rc && cli->line.cmd->flags & CLI_RUNNER)
		rc = nvt_fail(e, NVT_E_USAGE, "a batch cannot run inside a batch");
	return rc ? rc : cli_run(cli, data, e);
}

/* Which command the text below belongs to; JSON documents say it themselves. */
static void print_heading(const struct cli *cli, char *const *words, unsigned n)
{
	unsigned i;

	if (cli->json)
		return;
	putchar('>');
	for (i = 0; i < n; i++)
		printf(" %s", words[i]);
	putchar('\n');
}

/* Runs one line and writes its document; 0 or the exit code. */
static int run_line(struct cli *cli, char *text, unsigned number, struct nvt_error *e)
{
	char **words = calloc(strlen(text) + 1, sizeof(*words));
	json_t *data = json_object();
	unsigned n = 0;
	int rc = words && data ? split(text, words, &n, e) : nvt_fail(e, NVT_E_NOMEM, "out of memory");

	memset(&cli->line, 0, sizeof(cli->line));
	cli->no = cli->partial = false;
	if (!rc && n) {
		print_heading(cli, words, n);
		rc = parse_and_run(cli, words, n, data, e);
		if (!rc)
			cli_out_result(cli, data, stdout);
	}
	if (rc) {
		nvt_during(e, rc, "line %u", number);
		cli->leftover = cli->partial ? data : NULL;
		cli_out_error(cli, e, stdout, stderr);
		cli->leftover = NULL;
	}
	fflush(stdout);
	cli_line_free(&cli->line);
	json_decref(data);
	free(words);
	return rc ? nvt_code_exit((enum nvt_code)-rc) : cli->no;
}

static int run_lines(struct cli *cli, char *text, bool keep_going, struct nvt_error *e)
{
	unsigned number = 1;
	int code = 0, line_code;
	char *line, *end;

	for (line = text; *line; line = end, number++) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		line_code = run_line(cli, line, number, e);
		if (!code)
			code = line_code;
		if (line_code && !keep_going)
			break;
		if (cli_interrupted()) {
			fprintf(stderr, "nvtool batch: interrupted behind line %u\n", number);
			break;
		}
	}
	return code;
}

/* DMA memory dies with the process: a GSP-RM that is still up must go first. */
static int finish(struct cli *cli, struct nvt_error *e)
{
	int rc = 0, close_rc;

	if (cli->gpu && nvt_gpu_is_up(cli->gpu)) {
		fprintf(stderr, "nvtool batch: GSP-RM is still up at the end; unloading it\n");
		rc = nvt_gpu_unload(cli->gpu, &cli->report, e);
		nvt_during(e, rc, "unload at the end of the batch");
	}
	close_rc = cli_close(cli, rc ? NULL : e);
	return rc ? rc : close_rc;
}

int cli_batch(struct cli *cli, struct nvt_error *e)
{
	bool keep_going = cli_opt_flag(cli, "keep-going");
	struct cli_line outer = cli->line;
	char *text = NULL;
	size_t n;
	int rc, code;

	rc = cli_read_file(cli_arg(cli, 0), &text, &n, e);
	if (!rc && strlen(text) != n)
		rc = nvt_fail(e, NVT_E_USAGE, "the batch holds a NUL byte");
	if (rc) {
		free(text);
		cli_out_error(cli, e, stdout, stderr);
		return nvt_code_exit((enum nvt_code)-rc);
	}
	cli->in_batch = true;
	code = run_lines(cli, text, keep_going, e);
	rc = finish(cli, e);
	free(text);
	cli->line = outer;
	if (rc)
		cli_out_error(cli, e, stdout, stderr);
	return code || !rc ? code : nvt_code_exit((enum nvt_code)-rc);
}
