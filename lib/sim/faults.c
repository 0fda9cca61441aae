/* SPDX-License-Identifier: MIT */
/* The table of faults, and when they fire. */
#include "sim/model.h"

#include <stdlib.h>
#include <string.h>

#define PHASES "gfw, fwsec, booter, gsp-start, rpc (default) or unload"

const struct nvt_sim_fault nvt_sim_faults[] = {
	[SIM_F_GFW_NEVER_READY] = { "gfw-never-ready", "the GPU's own firmware never reports completion", NULL,
				    NVT_SIM_ERROR, "timeout", "wait-gfw" },
	[SIM_F_GFW_SLOW] = { "gfw-slow", "the GPU's own firmware takes 1.5 s", NULL, NVT_SIM_OK, "ok", "" },
	[SIM_F_FB_SIZE_ZERO] = { "fb-size-zero", "the framebuffer size register reads 0", NULL, NVT_SIM_ERROR,
				 "device", "plan-fb" },
	[SIM_F_WPR2_ALREADY_UP] = { "wpr2-already-up", "WPR2 is set before the boot", NULL, NVT_SIM_ERROR,
				    "device", "plan-fb" },
	[SIM_F_FALCON_DMA_STUCK] = { "falcon-dma-stuck", "a falcon DMA transfer never becomes idle", NULL,
				     NVT_SIM_ERROR, "timeout", "fwsec-frts" },
	[SIM_F_FWSEC_NEVER_HALTS] = { "fwsec-never-halts", "FWSEC runs on and on", NULL, NVT_SIM_ERROR,
				      "timeout", "fwsec-frts" },
	[SIM_F_FRTS_ERROR] = { "frts-error", "FWSEC-FRTS ends with an error code", "code (default 0x1d)",
			       NVT_SIM_ERROR, "device", "fwsec-frts" },
	[SIM_F_FRTS_ELSEWHERE] = { "frts-elsewhere", "FWSEC-FRTS places WPR2 1 MiB below where it was told",
				   NULL, NVT_SIM_ERROR, "device", "fwsec-frts" },
	[SIM_F_BOOTER_ERROR] = { "booter-error", "booter_load ends with an error in its mailbox",
				 "code (default 0x31, met by users of TU117)", NVT_SIM_ERROR, "device",
				 "booter-load" },
	[SIM_F_BOOTER_SIGNATURE] = { "booter-signature-refused",
				     "the boot ROM does not accept the signature of booter_load", NULL,
				     NVT_SIM_ERROR, "device", "booter-load" },
	[SIM_F_BOOTER_NEVER_HALTS] = { "booter-never-halts", "booter_load never halts", NULL, NVT_SIM_ERROR,
				       "timeout", "booter-load" },
	[SIM_F_RISCV_NEVER_ACTIVE] = { "riscv-never-active", "booter_load succeeds, GSP's RISC-V core stays off",
				       NULL, NVT_SIM_ERROR, "timeout", "riscv-active" },
	[SIM_F_STATUS_QUEUE_NEVER_LINKED] = { "status-queue-never-linked",
					      "GSP never writes its queue header", NULL, NVT_SIM_ERROR,
					      "timeout", "link-queues" },
	[SIM_F_BAD_CHECKSUM] = { "bad-checksum", "the first message has a wrong checksum", NULL, NVT_SIM_ERROR,
				 "data", "sequencer" },
	[SIM_F_SEQUENCE_GAP] = { "sequence-gap", "a sequence number is left out before the first message", NULL,
				 NVT_SIM_ERROR, "data", "sequencer" },
	[SIM_F_MESSAGE_TRUNCATED] = { "message-truncated",
				      "the first message ends inside the fixed part of its payload", NULL,
				      NVT_SIM_ERROR, "data", "sequencer" },
	[SIM_F_MESSAGE_TOO_LONG] = { "message-too-long", "the first message claims more bytes than the queue has",
				     NULL, NVT_SIM_ERROR, "data", "sequencer" },
	[SIM_F_UNKNOWN_EVENT] = { "unknown-event", "an event that no release knows comes before GSP_INIT_DONE",
				  NULL, NVT_SIM_OK, "ok", "" },
	[SIM_F_REPLY_WRAPS] = { "reply-wraps", "the reply with the static info crosses the end of the ring",
				NULL, NVT_SIM_OK, "ok", "" },
	[SIM_F_LENGTH_NEAR_PAGE] = { "length-near-page",
				     "a reply whose length is just under a page, so that its header makes it "
				     "two elements",
				     NULL, NVT_SIM_OK, "ok", "" },
	[SIM_F_CONTINUATION_OUT_OF_ORDER] = { "continuation-out-of-order",
					      "a continuation record comes without its first record", NULL,
					      NVT_SIM_ERROR, "data", "static-info" },
	[SIM_F_SEQUENCER_BAD_OPCODE] = { "sequencer-bad-opcode",
					 "the CPU sequencer script has an opcode that does not exist", NULL,
					 NVT_SIM_ERROR, "data", "sequencer" },
	[SIM_F_SEQUENCER_POLL_NEVER] = { "sequencer-poll-never", "a poll of the CPU sequencer script never matches",
					 NULL, NVT_SIM_ERROR, "timeout", "sequencer" },
	[SIM_F_SEQUENCER_CORE_OPS] = { "sequencer-core-ops",
				       "the CPU sequencer script also resets, starts, awaits and resumes the core",
				       NULL, NVT_SIM_OK, "ok", "" },
	[SIM_F_INIT_DONE_ERROR] = { "init-done-error", "GSP_INIT_DONE carries an error status",
				    "NV_STATUS (default 0x59, NV_ERR_OPERATING_SYSTEM)", NVT_SIM_ERROR, "gsp",
				    "init-done" },
	[SIM_F_INIT_DONE_NEVER] = { "init-done-never", "GSP_INIT_DONE never comes", NULL, NVT_SIM_ERROR,
				    "timeout", "init-done" },
	[SIM_F_OS_ERROR_LOG_SILENCE] = { "os-error-log-then-silence",
					 "GSP reports an error by OS_ERROR_LOG and says nothing more", NULL,
					 NVT_SIM_ERROR, "timeout", "init-done" },
	[SIM_F_STATIC_INFO_ERROR] = { "static-info-error", "GET_GSP_STATIC_INFO is answered with an error status",
				      "NV_STATUS (default 0x40, NV_ERR_INVALID_STATE)", NVT_SIM_ERROR, "gsp",
				      "static-info" },
	[SIM_F_STATIC_INFO_NEVER] = { "static-info-never", "GET_GSP_STATIC_INFO is never answered", NULL,
				      NVT_SIM_ERROR, "timeout", "static-info" },
	[SIM_F_BUS_DEAD] = { "bus-dead", "every read returns all ones until the next reset", PHASES,
			     NVT_SIM_ERROR, "device", "sequencer" },
	[SIM_F_PRI_ERROR] = { "pri-error", "every register read returns a PRI error pattern until the next reset",
			      PHASES, NVT_SIM_ERROR, "device", "sequencer" },
	[SIM_F_UNLOAD_NO_ANSWER] = { "unload-no-answer", "UNLOADING_GUEST_DRIVER is never answered", NULL,
				     NVT_SIM_ERROR, "timeout", "unload" },
	[SIM_F_UNLOAD_LEAVES_WPR2] = { "unload-leaves-wpr2", "booter_unload succeeds but WPR2 stays set", NULL,
				       NVT_SIM_ERROR, "device", "unload" },
};
const unsigned nvt_sim_fault_count = NVT_ARRAY_SIZE(nvt_sim_faults);

static const char *const phases[] = { "gfw", "fwsec", "booter", "gsp-start", "rpc", "unload" };

const struct nvt_sim_fault *sim_fault_by_name(const char *name)
{
	unsigned i;

	for (i = 0; i < nvt_sim_fault_count; i++)
		if (!strcmp(nvt_sim_faults[i].name, name))
			return &nvt_sim_faults[i];
	return NULL;
}

static bool is_number(const char *arg)
{
	char *end;

	(void)strtoull(arg, &end, 0);
	return end != arg && !*end;
}

bool sim_fault_arg_ok(const struct nvt_sim_fault *f, const char *arg)
{
	unsigned i;

	if (!*arg)
		return true;
	if (!f->arg)
		return false;
	if (f != &nvt_sim_faults[SIM_F_BUS_DEAD] && f != &nvt_sim_faults[SIM_F_PRI_ERROR])
		return is_number(arg);
	for (i = 0; i < NVT_ARRAY_SIZE(phases); i++)
		if (!strcmp(phases[i], arg))
			return true;
	return false;
}

/* Position in opts.faults, -1 if the fault is not asked for. */
static int asked(const struct sim *s, enum sim_fault f)
{
	unsigned i;

	for (i = 0; i < s->opts.fault_count; i++)
		if (s->opts.faults[i].fault == &nvt_sim_faults[f])
			return (int)i;
	return -1;
}

bool sim_fault_fires(struct sim *s, enum sim_fault f)
{
	struct nvt_event ev = { .kind = NVT_EV_FAULT };
	int i = asked(s, f);

	if (i < 0 || (s->faults.fired[i] && !s->opts.faults[i].sticky))
		return false;
	s->faults.fired[i] = true;
	ev.u.finding.rule = nvt_sim_faults[f].name;
	ev.u.finding.text = nvt_sim_faults[f].summary;
	nvt_emit(s->ctx, &ev);
	return true;
}

bool sim_fault_fires_in(struct sim *s, enum sim_fault f, const char *phase)
{
	int i = asked(s, f);

	if (i < 0 || strcmp(s->opts.faults[i].arg[0] ? s->opts.faults[i].arg : "rpc", phase))
		return false;
	return sim_fault_fires(s, f);
}

void sim_faults_before_reset(struct sim *s)
{
	unsigned i;

	for (i = 0; i < s->opts.fault_count; i++) {
		if (s->faults.unseen[i])
			s->faults.fired[i] = false;
		s->faults.unseen[i] = !s->faults.fired[i];
	}
}

void sim_faults_after_reset(struct sim *s)
{
	unsigned i;

	for (i = 0; i < s->opts.fault_count; i++)
		s->faults.unseen[i] = s->faults.unseen[i] && s->faults.fired[i];
}

void sim_faults_seen(struct sim *s)
{
	memset(s->faults.unseen, 0, sizeof(s->faults.unseen));
}

uint64_t sim_fault_arg(const struct sim *s, enum sim_fault f, uint64_t dflt)
{
	int i = asked(s, f);

	return i >= 0 && is_number(s->opts.faults[i].arg) ? strtoull(s->opts.faults[i].arg, NULL, 0) : dflt;
}
