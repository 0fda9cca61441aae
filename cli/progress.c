/* SPDX-License-Identifier: MIT */
/* Steps and findings on stderr while they happen: on a terminal, and with -v. */
#include <inttypes.h>
#include <unistd.h>
#include "cli/cmd.h"

static const char *const state_names[] = {
	[NVT_STEP_BEGIN] = "begins",
	[NVT_STEP_DONE] = "done",
	[NVT_STEP_FAILED] = "failed",
	[NVT_STEP_UNDONE] = "undone",
};

static void show_detail(const char *key, const char *value)
{
	if (!value || !value[0])
		return;
	fputs(key, stderr);
	cli_put_text(stderr, value);
}

static void show_finding(const struct nvt_event *ev)
{
	fprintf(stderr, "  %s", nvt_event_kind_name(ev->kind));
	show_detail(" ", ev->u.finding.rule);
	show_detail(": ", ev->u.finding.text);
	show_detail(", seen ", ev->u.finding.seen);
	show_detail(", wanted ", ev->u.finding.wanted);
	fputc('\n', stderr);
}

static void emit(struct nvt_sink *self, const struct nvt_event *ev)
{
	(void)self;
	switch (ev->kind) {
	case NVT_EV_STEP:
		if (ev->u.step.state != NVT_STEP_BEGIN)
			fprintf(stderr, "  %-16s %-7s %8" PRIu64 " us\n", ev->u.step.name,
				state_names[ev->u.step.state], ev->u.step.us);
		break;
	case NVT_EV_VIOLATION:
	case NVT_EV_ODD:
	case NVT_EV_FAULT:
	case NVT_EV_NOTE:
		show_finding(ev);
		break;
	default:
		break;
	}
}

void cli_progress_start(struct cli *cli)
{
	bool tty = isatty(STDERR_FILENO);

	cli->progress_on = tty || cli->verbose;
	if (!cli->progress_on)
		return;
	cli->steps_shown = tty && !cli->json && isatty(STDOUT_FILENO);
	cli->progress.emit = emit;
	nvt_ctx_add_sink(nvt_gpu_ctx(cli->gpu), &cli->progress);
}

struct nvt_sink *cli_progress_sink(const struct cli *cli, struct nvt_sink *sink)
{
	*sink = (struct nvt_sink){ emit, NULL };
	return cli->verbose || isatty(STDERR_FILENO) ? sink : NULL;
}
