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

static void show_finding(const struct nvt_event *ev)
{
	fprintf(stderr, "  %s %s: %s", nvt_event_kind_name(ev->kind),
		ev->u.finding.rule ? ev->u.finding.rule : "", ev->u.finding.text ? ev->u.finding.text : "");
	if (ev->u.finding.seen)
		fprintf(stderr, ", seen %s", ev->u.finding.seen);
	if (ev->u.finding.wanted)
		fprintf(stderr, ", wanted %s", ev->u.finding.wanted);
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
