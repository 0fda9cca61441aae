/* SPDX-License-Identifier: MIT */
/* sim serve: the device model as a PCI device of a virtual machine. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "cli/cmd.h"

#define MODEL_MAX 1024

struct serving {
	struct cli *cli;
	json_t *clients;
	const char *socket;
};

/* ---- the model's options ---- */

static int append(char *model, const char *key, const char *value, struct nvt_error *e)
{
	size_t n = strlen(model);

	if (strchr(value, ','))
		return nvt_fail(e, NVT_E_USAGE, "--%s: a value cannot hold a comma", key);
	if (snprintf(model + n, MODEL_MAX - n, ",%s=%s", key, value) >= (int)(MODEL_MAX - n))
		return nvt_fail(e, NVT_E_USAGE, "the model's options are longer than %d bytes", MODEL_MAX - 1);
	return 0;
}

static int describe_model(const struct cli *cli, char model[MODEL_MAX], struct nvt_error *e)
{
	static const char *const keys[] = { "vram", "rom" };
	const char *chip = cli_opt_str(cli, "chip");
	const struct cli_value *fault;
	unsigned i;
	int rc = 0;

	if (!chip || strchr(chip, ','))
		return nvt_fail(e, NVT_E_USAGE, "--chip CHIP is missing");
	snprintf(model, MODEL_MAX, "%s", chip);
	for (i = 0; !rc && i < NVT_ARRAY_SIZE(keys); i++)
		if (cli_opt_str(cli, keys[i]))
			rc = append(model, keys[i], cli_opt_str(cli, keys[i]), e);
	for (i = 0; !rc && (fault = cli_opt_at(cli, "fault", i)) != NULL; i++)
		rc = append(model, "fault", fault->str, e);
	if (!rc && cli->allow_unknown_firmware)
		rc = append(model, "unknown-fw", "ok", e);
	return rc;
}

/* ---- clients ---- */

static void add_client(struct serving *sv, const struct nvt_sim_session *s)
{
	json_t *o = doc_obj(sv->clients, NULL);

	doc_num(o, "client", s->number);
	doc_str(o, "end", s->end.code == NVT_OK ? "closed" : s->end.msg);
	doc_num(o, "messages", s->messages);
	doc_num(o, "refused", s->refused);
	doc_num(o, "reads", s->reads);
	doc_num(o, "writes", s->writes);
	doc_num(o, "dma_maps", s->dma_maps);
	doc_num(o, "interrupts", s->interrupts);
	cli_sim_report(&s->report, o);
}

static void on_client(void *arg, const struct nvt_sim_session *s)
{
	struct serving *sv = arg;

	switch (s->state) {
	case NVT_SIM_LISTENS:
		fprintf(stderr, "nvtool: listening on %s\n", sv->socket);
		break;
	case NVT_SIM_CAME:
		fprintf(stderr, "nvtool: client %u: connected\n", s->number);
		break;
	case NVT_SIM_LEFT:
		fprintf(stderr, "nvtool: client %u: gone%s%s", s->number, s->report.step[0] ? " behind " : "",
			s->report.step);
		if (s->end.code != NVT_OK) {
			fputs(", ", stderr);
			cli_put_text(stderr, s->end.msg);
		}
		fprintf(stderr, "; %" PRIu64 " reads, %" PRIu64 " writes, %" PRIu32 " violations\n", s->reads,
			s->writes, s->report.violation_count);
		add_client(sv, s);
	}
}

/* SIGINT and SIGTERM end the serving in good order; readable when one came, -1 if that cannot be had. */
static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void release_signals(int fd)
{
	struct signalfd_siginfo info;
	sigset_t set;

	while (fd >= 0 && read(fd, &info, sizeof(info)) > 0)
		; /* handled by stopping */
	if (fd >= 0)
		close(fd);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int cli_sim_serve(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct serving sv = { cli, NULL, cli_opt_str(cli, "socket") };
	struct nvt_sink sink;
	char model[MODEL_MAX];
	struct nvt_sim_serve opts = {
		.model = model,
		.socket = sv.socket,
		.fwdb_dir = cli->fwdb_dir,
		.trace_path = cli->trace,
		.capture_path = cli->capture,
		.once = cli_opt_flag(cli, "once"),
		.sink = cli_progress_sink(cli, &sink),
		.client = on_client,
		.arg = &sv,
	};
	int rc;

	if (!sv.socket)
		return nvt_fail(e, NVT_E_USAGE, "--socket PATH is missing");
	rc = describe_model(cli, model, e);
	if (rc)
		return rc;
	doc_str(data, "socket", sv.socket);
	doc_str(data, "model", model);
	sv.clients = doc_arr(data, "clients");
	opts.stop_fd = catch_signals();
	rc = nvt_sim_serve(&opts, e);
	release_signals(opts.stop_fd);
	return rc;
}
