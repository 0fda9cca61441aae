/* SPDX-License-Identifier: MIT */
/* Event handlers, by name: event numbers move between releases. */
#include "core/events.h"

#include "core/sequencer.h"
#include "core/state.h"

#include <nvt/fields.h>

#include <stdio.h>
#include <string.h>

static int on_init_done(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	(void)payload;
	(void)e;
	if (!gpu->b.rpc.sequencer_over)
		gpu_note(gpu, "GSP-RM came up without a CPU sequencer script");
	gpu->b.rpc.sequencer_over = true;
	gpu->b.rpc.init_done = true;
	return 0;
}

static int on_sequencer(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	int rc = sequencer_serve(gpu, payload, e);

	if (!rc)
		gpu->b.rpc.sequencer_over = true;
	return rc;
}

static int on_error_log(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	struct nvt_view v = { gpu->b.rel, payload.p, payload.n };
	struct rpc_client *c = &gpu->b.rpc;
	struct nvt_bytes text = { NULL, 0 };
	uint64_t xid;
	size_t i;
	int rc = nvt_get(&v, NVF_rpc_os_error_log_exceptType, &xid);

	if (!rc)
		rc = nvt_get_bytes(&v, NVF_rpc_os_error_log_errString, &text);
	if (rc)
		return nvt_fail(e, NVT_E_DATA, "error log of %zu bytes is too short", payload.n);
	snprintf(c->last_log, sizeof(c->last_log), "Xid %u: %.*s", (unsigned)xid,
		 (int)(text.n < 128 ? text.n : 128), text.n ? (const char *)text.p : "");
	for (i = 0; c->last_log[i]; i++)
		if ((unsigned char)c->last_log[i] < 0x20 || (unsigned char)c->last_log[i] > 0x7e)
			c->last_log[i] = ' ';
	gpu_note(gpu, "GSP-RM logged %s", c->last_log);
	return 0;
}

static int on_rc_triggered(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	struct nvt_view v = { gpu->b.rel, payload.p, payload.n };

	(void)e;
	gpu_note(gpu, "GSP-RM reset a channel: engine type %u, channel %u, Xid %u",
		 (unsigned)nvt_get_or0(&v, NVF_rpc_rc_triggered_nv2080EngineType),
		 (unsigned)nvt_get_or0(&v, NVF_rpc_rc_triggered_chid),
		 (unsigned)nvt_get_or0(&v, NVF_rpc_rc_triggered_exceptType));
	return 0;
}

/*
 * Whole in the event stream, and nothing to do: diagnostics, and news of work that was never begun.
 */
static int pass_over(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	(void)gpu;
	(void)payload;
	(void)e;
	return 0;
}

static const struct {
	const char *name;
	int (*handle)(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e);
} rows[] = {
	{ "GSP_INIT_DONE", on_init_done },    { "GSP_RUN_CPU_SEQUENCER", on_sequencer },
	{ "OS_ERROR_LOG", on_error_log },     { "RC_TRIGGERED", on_rc_triggered },
	{ "UCODE_LIBOS_PRINT", pass_over },   { "GSP_POST_NOCAT_RECORD", pass_over },
	{ "GSP_LOCKDOWN_NOTICE", pass_over }, { "POST_EVENT", pass_over },
};

int event_handle(struct nvt_gpu *gpu, const struct nvt_msg_desc *desc, struct nvt_bytes payload,
		 struct nvt_error *e)
{
	unsigned i;

	if (payload.n < desc->min_payload) {
		int rc = nvt_fail(e, NVT_E_DATA, "the payload of %s is cut short", desc->name);

		nvt_err_seen(e, "%zu bytes", payload.n);
		nvt_err_wanted(e, "at least %u bytes", desc->min_payload);
		return rc;
	}
	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].name, desc->name))
			return rows[i].handle(gpu, payload, e);
	gpu_note(gpu, "event %s needs no action here: skipped", desc->name);
	return 0;
}
