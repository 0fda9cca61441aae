/* SPDX-License-Identifier: MIT */
/* One run of the program: parse, open what the command needs, run its handler, write the result. */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include "cli/cmd.h"

const struct cli_cmd *cli_find(const char *noun, const char *verb)
{
	unsigned i;

	for (i = 0; i < cli_cmd_count; i++) {
		const struct cli_cmd *c = &cli_cmds[i];

		if (!strcmp(c->noun ? c->noun : "", noun ? noun : "") && !strcmp(c->verb, verb))
			return c;
	}
	return NULL;
}

const struct cli_page *cli_page(const char *name)
{
	const struct cli_page *p;

	for (p = cli_pages; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static int open_device(struct cli *cli, struct nvt_error *e)
{
	struct nvt_open_opts opts = {
		.uri = cli->device,
		.fwdb_dir = cli->fwdb_dir,
		.firmware_dir = cli->firmware_dir,
		.release = cli->release,
		.allow_unknown_firmware = cli->allow_unknown_firmware,
		.trace_path = cli->trace,
		.capture_path = cli->capture,
	};
	int rc;

	if (!cli->device) {
		rc = nvt_fail(e, NVT_E_USAGE, "%s needs a device", cli->line.name);
		nvt_err_hint(e, "give --device URI, for example --device sim:ga102");
		return rc;
	}
	rc = nvt_gpu_open(&opts, &cli->gpu, e);
	if (!rc)
		cli_progress_start(cli);
	return rc;
}

int cli_run(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const struct cli_cmd *cmd = cli->line.cmd;
	bool traced = cmd->flags & CLI_SERVES;
	bool device = cmd->flags & CLI_DEVICE && !(cmd->without_device && cmd->without_device(cli));
	int rc = 0;

	if (!device && !traced && cli->trace && !cli->in_batch)
		return nvt_fail(e, NVT_E_USAGE, "--trace: %s opens no device", cli->line.name);
	if (!device && !traced && cli->capture && !cli->in_batch)
		return nvt_fail(e, NVT_E_USAGE, "--capture: %s opens no device", cli->line.name);
	if (cli->abi_path && !(cmd->flags & CLI_ABI) && !cli->in_batch)
		return nvt_fail(e, NVT_E_USAGE, "--abi: %s takes no protocol tables from a file", cli->line.name);
	if (device && cli->device)
		rc = cli_consent_possible(cli, e);
	if (!rc && device && !cli->gpu)
		rc = open_device(cli, e);
	if (!rc && device)
		rc = cli_consent(cli, e);
	if (!rc && cmd->flags & CLI_FWDB && !cli->fwdb)
		rc = nvt_fwdb_open(cli->fwdb_dir, &cli->fwdb, e);
	if (!rc && cmd->flags & CLI_ABI)
		rc = cli_need_abi(cli, e);
	cli->no = cli->partial = false;
	return rc ? rc : cmd->run(cli, data, e);
}

int cli_close(struct cli *cli, struct nvt_error *e)
{
	int rc = 0;

	if (cli->gpu)
		rc = nvt_gpu_close(cli->gpu, e);
	cli->gpu = NULL;
	nvt_fwdb_close(cli->fwdb);
	cli->fwdb = NULL;
	free(cli->abi_loaded);
	cli->abi_loaded = NULL;
	cli->abi = NULL;
	return rc;
}

static void take_globals(struct cli *cli)
{
	cli->device = cli_opt_str(cli, "device");
	cli->fwdb_dir = cli_opt_str(cli, "fwdb");
	cli->firmware_dir = cli_opt_str(cli, "firmware");
	cli->release = cli_opt_str(cli, "release");
	cli->trace = cli_opt_str(cli, "trace");
	cli->abi_path = cli_opt_str(cli, "abi");
	cli->capture = cli_opt_str(cli, "capture");
	cli->allow_unknown_firmware = cli_opt_flag(cli, "allow-unknown-firmware");
	cli->verbose = cli_opt_flag(cli, "verbose");
	cli->consent = cli_opt_flag(cli, "yes");
}

/* Also a command line that does not parse has its error in the form that was asked for. */
static bool wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

static int run_single(struct cli *cli, struct nvt_error *e)
{
	json_t *data = json_object();
	struct nvt_error closing;
	int rc, close_rc;

	rc = data ? cli_run(cli, data, e) : nvt_fail(e, NVT_E_NOMEM, "out of memory");
	close_rc = cli_close(cli, &closing);
	if (!rc && close_rc) {
		*e = closing;
		rc = close_rc;
	}
	if (!rc)
		cli_out_result(cli, data, stdout);
	cli->leftover = rc && cli->partial ? json_incref(data) : NULL;
	json_decref(data);
	return rc;
}

/* A full disk or a closed pipe must not look like success. */
static int flush_stdout(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "nvtool: cannot write to standard output\n");
	return code ? code : nvt_code_exit(NVT_E_ENV);
}

int cli_main(int argc, char **argv)
{
	struct nvt_error e = { .code = NVT_OK };
	struct cli cli = { .json = wants_json(argc, argv), .out = stdout };
	int rc, code = 0;

	rc = cli_parse(&cli.line, argc > 0 ? (unsigned)argc - 1 : 0, argv + (argc > 0), false, &e);
	if (!rc) {
		take_globals(&cli);
		if (!cli.line.cmd)
			printf("nvtool %s\n", PACKAGE_VERSION);
		else if (cli.line.cmd->flags & CLI_RUNNER)
			code = cli_batch(&cli, &e);
		else
			rc = run_single(&cli, &e);
		if (!rc && cli.no && !code)
			code = 1;
	}
	if (rc) {
		cli_out_error(&cli, &e, stdout, stderr);
		code = nvt_code_exit((enum nvt_code)-rc);
		json_decref((json_t *)cli.leftover);
	}
	cli_line_free(&cli.line);
	code = flush_stdout(code);
	cli_take_signals(&cli);
	return code;
}
