/* SPDX-License-Identifier: MIT */
/* Before a real GPU is changed: whether that is meant, and that it is not left halfway by a signal. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "cli/cmd.h"

static bool changes_hardware(const struct cli *cli)
{
	return cli->line.cmd->flags & CLI_MUTATES && !cli_opt_flag(cli, "dry-run") &&
	       nvt_uri_is_hardware(cli->device);
}

static int refuse(const struct cli *cli, const char *why, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_USAGE, "%s changes the state of a real GPU%s", cli->line.name, why);

	nvt_err_hint(e, "--yes says that this is meant; `nvtool --device %s status` looks without changing anything",
		     cli->device);
	return rc;
}

int cli_consent_possible(const struct cli *cli, struct nvt_error *e)
{
	if (!changes_hardware(cli) || cli->consent)
		return 0;
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return 0;
	return refuse(cli, ", and there is no terminal to ask at", e);
}

/* What somebody should know before saying yes. */
static void show(struct cli *cli)
{
	struct nvt_gpu_status s;
	struct nvt_error e;
	const char *tested;

	if (nvt_gpu_status(cli->gpu, &s, &e)) {
		fprintf(stderr, "%s: ", cli->device);
		cli_put_text(stderr, e.msg);
		fputc('\n', stderr);
		return;
	}
	tested = nvt_chip_tested(s.chip);
	fprintf(stderr, "%s: %s, %" PRIu64 " MiB\n", cli->device, s.chip->name, s.vram_size >> 20);
	if (tested && !strstr(tested, "silicon"))
		fprintf(stderr, "  bring-up of this chip was never tried on silicon\n");
	if (s.boot_display)
		fprintf(stderr, "  it is the display that this machine started with\n");
	if (s.wpr2_up && !s.up)
		fprintf(stderr, "  WPR2 is up: a driver or an earlier boot left GSP state behind\n");
	if (s.riscv_active && !s.up)
		fprintf(stderr, "  firmware runs on its GSP\n");
}

static bool ask(const struct cli *cli)
{
	char answer[16];

	fprintf(stderr, "%s: go on? [y/N] ", cli->line.name);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* What people and init send to end a process. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static void block_signals(struct cli *cli)
{
	sigset_t set;
	unsigned i;

	if (cli->signals_wait)
		return;
	sigemptyset(&set);
	for (i = 0; i < NVT_ARRAY_SIZE(ending); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, &cli->signals);
	cli->signals_wait = true;
	signal(SIGPIPE, SIG_IGN); /* whoever writes looks at errors */
}

void cli_take_signals(struct cli *cli)
{
	if (cli->signals_wait)
		sigprocmask(SIG_SETMASK, &cli->signals, NULL);
}

int cli_consent(struct cli *cli, struct nvt_error *e)
{
	if (!changes_hardware(cli))
		return 0;
	if (!cli->consent) {
		show(cli);
		if (!ask(cli))
			return refuse(cli, ", and the answer was no", e);
		cli->consent = true;
	}
	block_signals(cli);
	return 0;
}

bool cli_interrupted(void)
{
	sigset_t set;
	unsigned i;

	sigpending(&set);
	for (i = 0; i < NVT_ARRAY_SIZE(ending); i++)
		if (sigismember(&set, ending[i]) == 1)
			return true;
	return false;
}
