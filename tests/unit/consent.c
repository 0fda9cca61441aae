/* SPDX-License-Identifier: MIT */
/* The question before a real GPU is changed, asked at a pseudo terminal. */
#include "cli/cmd.h"

#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define URI "vfio:0000:01:00.0"

/* ---- what consent.c calls ---- */

static struct nvt_gpu_status gpu;
static bool wedged, dry;
static const char *tested;

const char *nvt_chip_tested(const struct nvt_chip *chip)
{
	assert_string_equal(chip->name, "GA102");
	return tested;
}

bool nvt_uri_is_hardware(const char *uri)
{
	return !strncmp(uri, "vfio:", 5);
}

int nvt_gpu_status(struct nvt_gpu *g, struct nvt_gpu_status *ret, struct nvt_error *e)
{
	(void)g;
	*ret = gpu;
	return wedged ? nvt_fail(e, NVT_E_DEVICE, "device fell off the bus") : 0;
}

bool cli_opt_flag(const struct cli *cli, const char *opt)
{
	(void)cli;
	assert_string_equal(opt, "dry-run");
	return dry;
}

void cli_put_text(FILE *out, const char *s)
{
	fputs(s, out);
}

/* ---- */

static struct cli_cmd changing = { .verb = "reset", .flags = CLI_DEVICE | CLI_MUTATES };
static struct cli_cmd looking = { .verb = "status", .flags = CLI_DEVICE };

static struct cli begin(const struct cli_cmd *cmd)
{
	static const struct nvt_chip chip = { .name = "GA102" };
	struct cli cli = { .device = URI, .line = { .cmd = cmd, .name = "reset" } };

	gpu = (struct nvt_gpu_status){ .chip = &chip, .vram_size = 24ull << 30 };
	wedged = dry = false;
	tested = "model, silicon";
	return cli;
}

static int both(struct cli *cli, struct nvt_error *e)
{
	int rc = cli_consent_possible(cli, e);

	return rc ? rc : cli_consent(cli, e);
}

/* In a child with a terminal of its own: the answer typed, what is shown, and 0 or the error's code. */
static int at_terminal(struct cli *cli, const char *typed, char *shown, size_t size)
{
	struct nvt_error e = { .msg = "" };
	int fd, status, rc;
	size_t n = 0;
	ssize_t got;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (!pid) {
		rc = both(cli, &e);
		fprintf(stderr, "[%s]", e.msg);
		if (!rc && both(cli, &e)) /* a batch asks once */
			rc = -NVT_E_BUG;
		_exit(-rc);
	}
	assert_int_equal(write(fd, typed, strlen(typed)), strlen(typed));
	while (n < size - 1 && (got = read(fd, shown + n, size - 1 - n)) > 0)
		n += (size_t)got;
	shown[n] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static void test_answers(void **state)
{
	static const struct {
		const char *typed;
		int code;
	} rows[] = {
		{ "y\n", 0 }, { "Yes\n", 0 }, { "n\n", NVT_E_USAGE }, { "\n", NVT_E_USAGE },
		{ "ja\n", NVT_E_USAGE }, { "\x04", NVT_E_USAGE }, /* end of file */
	};
	struct cli cli = begin(&changing);
	char shown[1024];
	unsigned i;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (at_terminal(&cli, rows[i].typed, shown, sizeof(shown)) != rows[i].code)
			fail_msg("row %u: %s", i, shown);
		contains(shown, URI ": GA102, 24576 MiB");
		contains(shown, "reset: go on? [y/N] ");
		if (rows[i].code)
			contains(shown, "[reset changes the state of a real GPU, and the answer was no]");
		else
			assert_ptr_equal(strstr(strstr(shown, "go on?") + 1, "go on?"), NULL);
	}
}

static void test_what_is_there(void **state)
{
	struct cli cli = begin(&changing);
	char shown[1024];

	(void)state;
	assert_int_equal(at_terminal(&cli, "y\n", shown, sizeof(shown)), 0);
	assert_null(strstr(shown, "  "));
	tested = "model";
	gpu.boot_display = gpu.wpr2_up = gpu.riscv_active = true;
	assert_int_equal(at_terminal(&cli, "y\n", shown, sizeof(shown)), 0);
	contains(shown, "it is the display that this machine started with");
	contains(shown, "WPR2 is up: a driver or an earlier boot left GSP state behind");
	contains(shown, "firmware runs on its GSP");
	contains(shown, "bring-up of this chip was never tried on silicon");
	/* A GPU that does not answer is what a reset is for. */
	wedged = true;
	assert_int_equal(at_terminal(&cli, "y\n", shown, sizeof(shown)), 0);
	contains(shown, URI ": device fell off the bus");
}

static void test_no_question(void **state)
{
	struct cli cli = begin(&looking);
	struct nvt_error e;
	char shown[1024];

	(void)state;
	assert_int_equal(at_terminal(&cli, "", shown, sizeof(shown)), 0);
	assert_string_equal(shown, "[]");
	cli.line.cmd = &changing;
	dry = true;
	assert_int_equal(at_terminal(&cli, "", shown, sizeof(shown)), 0);
	assert_string_equal(shown, "[]");
	dry = false;
	cli.device = "sim:ga102";
	assert_int_equal(at_terminal(&cli, "", shown, sizeof(shown)), 0);
	assert_string_equal(shown, "[]");
	cli.device = URI;
	cli.consent = true;
	assert_int_equal(at_terminal(&cli, "", shown, sizeof(shown)), 0);
	assert_string_equal(shown, "[]");
	/* Nobody to ask. */
	cli.consent = false;
	assert_non_null(freopen("/dev/null", "r", stdin));
	assert_int_equal(both(&cli, &e), -NVT_E_USAGE);
	contains(e.msg, "there is no terminal to ask at");
	contains(e.hint, "--yes");
	contains(e.hint, "nvtool --device " URI " status");
}

/* With consent the ending signals wait; cli_take_signals lets them come. */
static void test_signals(void **state)
{
	struct cli cli = begin(&changing);
	struct nvt_error e;
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		cli.consent = true;
		if (cli_interrupted() || both(&cli, &e) || cli_interrupted())
			_exit(1);
		raise(SIGTERM);
		if (!cli_interrupted() || both(&cli, &e)) /* the next command of a batch */
			_exit(2);
		cli_take_signals(&cli);
		_exit(3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_what_is_there),
		cmocka_unit_test(test_no_question),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
