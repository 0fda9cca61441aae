/* SPDX-License-Identifier: MIT */
/* GSP-RM's life: from LIBOS arguments to GSP_INIT_DONE, and its end. */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define LIBOS_PAGE 4096u
#define LIBOS_REGIONS_MAX (LIBOS_PAGE / 32)
#define KIND_CONTIGUOUS 1u /* LibosMemoryRegionKind, LibosMemoryRegionLoc */
#define LOC_SYSMEM 1u

/* Up to eight ASCII bytes, the first most significant. */
static uint64_t id8(const char *name)
{
	uint64_t v = 0;

	while (*name)
		v = v << 8 | (uint8_t)*name++;
	return v;
}

struct region {
	uint64_t id, pa, size, kind, loc;
};

static struct region region_at(const struct sim *s, const uint8_t *page, uint32_t size, unsigned i)
{
	struct nvt_view v = { s->gsp.rel, page + (size_t)i * size, size };

	return (struct region){
		nvt_get_or0(&v, NVF_LibosMemoryRegionInitArgument_id8),
		nvt_get_or0(&v, NVF_LibosMemoryRegionInitArgument_pa),
		nvt_get_or0(&v, NVF_LibosMemoryRegionInitArgument_size),
		nvt_get_or0(&v, NVF_LibosMemoryRegionInitArgument_kind),
		nvt_get_or0(&v, NVF_LibosMemoryRegionInitArgument_loc),
	};
}

/* Their first qword counts what was put. Nothing ever is, but a real GSP-RM touches them all the time. */
bool sim_gsp_write_logs(struct sim *s)
{
	static const uint8_t zero[8];
	unsigned i;

	for (i = 0; i < s->gsp.log_n; i++)
		if (!sim_dma_wr(s, s->gsp.logs[i], zero, sizeof(zero), "LIBOS log"))
			return false;
	return true;
}

static bool region_ok(struct sim *s, const struct region *r, unsigned i)
{
	if (i == 0 && r->id != id8("LOGINIT")) {
		sim_violation(s, "libos-arguments", SIM_HEX(r->id), SIM_HEX(id8("LOGINIT")),
			      "the first LIBOS region is not LOGINIT");
		return false;
	}
	if (r->kind != KIND_CONTIGUOUS || r->loc != LOC_SYSMEM || !r->size || r->pa % 4096) {
		sim_violation(s, "libos-arguments", SIM_HEX(r->pa), NULL,
			      "LIBOS region %u is not contiguous, page-aligned system memory", i);
		return false;
	}
	if (r->id != id8("RMARGS") && s->gsp.log_n < SIM_LOGS_MAX)
		s->gsp.logs[s->gsp.log_n++] = r->pa;
	return true;
}

/* Finds RMARGS among the regions. */
static bool read_libos(struct sim *s, struct region *ret)
{
	uint32_t size = nvt_nvf_struct_size(s->gsp.rel, NVF_LibosMemoryRegionInitArgument_id8);
	uint8_t page[LIBOS_PAGE];
	bool found = false;
	struct region r;
	unsigned i;

	s->gsp.log_n = 0;
	if (!sim_dma_struct(s, s->gsp.libos, page, sizeof(page), "LibosMemoryRegionInitArgument"))
		return false;
	for (i = 0; size && i < LIBOS_REGIONS_MAX; i++) {
		r = region_at(s, page, size, i);
		if (!r.id)
			break;
		if (!region_ok(s, &r, i))
			return false;
		if (r.id == id8("RMARGS")) {
			*ret = r;
			found = true;
		}
	}
	if (!found)
		sim_violation(s, "libos-arguments", NULL, SIM_HEX(id8("RMARGS")), "LIBOS arguments without RMARGS");
	return found && sim_gsp_write_logs(s);
}

/* The model was never suspended: there is nothing to resume from. */
static bool cold_start_ok(struct sim *s, const struct nvt_view *args)
{
	uint64_t level = nvt_get_or0(args, NVF_GSP_ARGUMENTS_CACHED_srInitArguments_oldLevel);
	uint64_t resuming = nvt_get_or0(args, NVF_GSP_ARGUMENTS_CACHED_srInitArguments_bInPMTransition);

	if (!level && !resuming)
		return true;
	sim_violation(s, "resume-without-suspend", SIM_HEX(level), "0",
		      "GSP_ARGUMENTS_CACHED asks for a resume, GSP-RM was not suspended");
	return false;
}

static bool link_queues(struct sim *s)
{
	uint8_t b[256];
	struct nvt_view v = { s->gsp.rel, b, 0 };
	struct region args;

	v.n = nvt_nvf_struct_size(s->gsp.rel, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_sharedMemPhysAddr);
	if (!v.n || v.n > sizeof(b)) {
		sim_bug(s, "the release has no GSP_ARGUMENTS_CACHED");
		return false;
	}
	if (!read_libos(s, &args))
		return false;
	if (args.size < v.n) {
		sim_violation(s, "libos-arguments", SIM_HEX(args.size), SIM_HEX(v.n), "RMARGS is too small");
		return false;
	}
	if (!sim_dma_struct(s, args.pa, b, v.n, "GSP_ARGUMENTS_CACHED") || !cold_start_ok(s, &v))
		return false;
	return sim_queue_link(
		s, nvt_get_or0(&v, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_sharedMemPhysAddr),
		(uint32_t)nvt_get_or0(&v, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_pageTableEntryCount),
		nvt_get_or0(&v, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_cmdQueueOffset),
		nvt_get_or0(&v, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_statQueueOffset));
}

/* ---- the way to GSP_INIT_DONE ---- */

static void poll_commands(struct sim *s);

static void send_init_done(struct sim *s)
{
	uint32_t result = 0;

	if (sim_fault_fires(s, SIM_F_INIT_DONE_NEVER))
		return;
	if (sim_fault_fires(s, SIM_F_INIT_DONE_ERROR))
		result = (uint32_t)sim_fault_arg(s, SIM_F_INIT_DONE_ERROR, 0x59);
	sim_rm_send_event(s, "GSP_INIT_DONE", (struct nvt_bytes){ NULL, 0 }, result);
	s->gsp.state = SIM_GSP_RUNNING;
	sim_step(s, "init-done");
	s->gsp.object_n = 0;
	sim_channels_sweep(s);
	sim_rm_switch_bars(s);
	poll_commands(s);
}

/* A record as real boards send it after the script: 4 bytes longer than its struct. */
static void send_nocat(struct sim *s)
{
	uint8_t b[0x1000] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b };
	uint32_t size = nvt_nvf_struct_size(s->gsp.rel, NVF_NV2080CtrlNocatJournalInsertRecord_flags);

	if (!size || size > sizeof(b) - 4)
		return;
	w.n = size;
	nvt_put(&w, NVF_NV2080CtrlNocatJournalInsertRecord_timestamp, s->now_ns);
	nvt_put_bytes(&w, NVF_NV2080CtrlNocatJournalInsertRecord_source,
		      (struct nvt_bytes){ (const uint8_t *)"MODEL", 5 });
	sim_rm_send_event(s, "GSP_POST_NOCAT_RECORD", (struct nvt_bytes){ b, size + 4 }, 0);
}

static void send_libos_print(struct sim *s)
{
	uint8_t b[64] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b, .n = sizeof(b) };
	int32_t off = nvt_nvf_offset(s->gsp.rel, NVF_rpc_ucode_libos_print_libosPrintBuf);

	if (off < 0 || (size_t)off > sizeof(b) - 8)
		return;
	nvt_put(&w, NVF_rpc_ucode_libos_print_libosPrintBufSize, 8);
	sim_rm_send_event(s, "UCODE_LIBOS_PRINT", (struct nvt_bytes){ b, (size_t)off + 8 }, 0);
}

/* Number that no release has. */
#define UNKNOWN_EVENT 0x1fffu

static void send_notes(struct sim *s)
{
	static const uint8_t noise[16] = { 1, 2, 3, 4 };
	struct sim_message unknown = { .function = UNKNOWN_EVENT, .payload = { noise, sizeof(noise) } };

	if (sim_fault_fires(s, SIM_F_OS_ERROR_LOG_SILENCE)) {
		sim_rm_error_log(s, 119, "the device model was asked for this error");
		return;
	}
	send_nocat(s);
	send_libos_print(s);
	send_libos_print(s);
	if (sim_fault_fires(s, SIM_F_UNKNOWN_EVENT))
		sim_queue_send(s, &unknown);
	sim_in(s, SIM_T_GSP_INIT_DONE, send_init_done);
}

static void send_script(struct sim *s)
{
	sim_step(s, "sequencer");
	sim_sequencer_send(s);
	sim_phase(s, "rpc");
	/* A script that resets the core: the core goes on when the driver resumes it. */
	if (!s->gsp.expects_resume)
		sim_in(s, SIM_T_GSP_NOTES, send_notes);
}

/* Before it is initialised GSP-RM takes these two only; anything else waits in the queue. */
static bool is_start_up_message(struct sim *s, uint32_t function)
{
	uint32_t number;

	return (sim_rm_number(s, "GSP_SET_SYSTEM_INFO", &number) && function == number) ||
	       (sim_rm_number(s, "SET_REGISTRY", &number) && function == number) ||
	       function == NVT_FN_CONTINUATION;
}

/* Both start-up messages are in: GSP-RM initialises. */
static void start_init(struct sim *s)
{
	if (s->gsp.state != SIM_GSP_LINKED || !s->gsp.has_system_info || !s->gsp.has_registry)
		return;
	s->gsp.state = SIM_GSP_INIT;
	sim_in(s, SIM_T_GSP_RM_INIT, send_script);
}

static void serve(struct sim *s)
{
	struct nvt_bytes msg = s->gsp.taken;

	s->gsp.taken = (struct nvt_bytes){ NULL, 0 };
	sim_rm_serve(s, msg);
	start_init(s);
	poll_commands(s);
}

/* One message at a time: the next is taken when this one is served. */
static void poll_commands(struct sim *s)
{
	uint32_t function;

	if (s->gsp.taken.p || s->gsp.state < SIM_GSP_LINKED || s->gsp.state == SIM_GSP_RESUME ||
	    s->gsp.state == SIM_GSP_UNLOADED || s->failed.code || !sim_queue_peek(s, &function))
		return;
	if (s->gsp.state < SIM_GSP_RUNNING && !is_start_up_message(s, function))
		return;
	if (!sim_queue_receive(s, &s->gsp.taken))
		return;
	sim_queue_tell(s, true, s->gsp.taken);
	sim_in(s, SIM_T_GSP_SERVE, serve);
}

static void link_up(struct sim *s)
{
	struct sim_falcon *f = &s->falcon[SIM_GSP];

	if (sim_fault_fires(s, SIM_F_STATUS_QUEUE_NEVER_LINKED) || !link_queues(s))
		return;
	/* Read; from here on the mailboxes are GSP-RM's, and 0 until it suspends. */
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX0, 0);
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX1, 0);
	s->gsp.state = SIM_GSP_LINKED;
	sim_step(s, "link-queues");
	poll_commands(s);
}

static void activate(struct sim *s)
{
	struct sim_falcon *f = &s->falcon[SIM_GSP];

	sim_falcon_set2(s, f, NV_PRISCV_RISCV_BCR_CTRL,
			NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT, RISCV) |
				NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_BRFETCH, TRUE) |
				NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_VALID, TRUE));
	f->riscv_active = true;
}

void sim_gsp_start(struct sim *s)
{
	struct nvt_rel rel = s->gsp.rel;

	activate(s);
	s->gsp.state = SIM_GSP_LIBOS;
	s->gsp.has_system_info = false;
	s->gsp.has_registry = false;
	s->gsp.script_sent = false;
	s->gsp.script_checked = false;
	s->gsp.expects_resume = false;
	s->gsp.libos = sim_falcon_mailbox(s, &s->falcon[SIM_GSP]);
	nvt_join_init(&s->gsp.join, rel, s->gsp.join_buf, SIM_MESSAGE_MAX);
	sim_in(s, SIM_T_GSP_LINK, link_up);
	sim_step(s, "riscv-active");
}

void sim_gsp_resume(struct sim *s)
{
	uint64_t libos = sim_falcon_mailbox(s, &s->falcon[SIM_GSP]);

	if (libos != s->gsp.libos)
		sim_violation(s, "resume-mailbox", SIM_HEX(libos), SIM_HEX(s->gsp.libos),
			      "core resumed with other LIBOS arguments than it was started with");
	activate(s);
	sim_falcon_set(s, &s->falcon[SIM_GSP], NV_PFALCON_FALCON_MAILBOX0, 0);
	sim_falcon_set(s, &s->falcon[SIM_GSP], NV_PFALCON_FALCON_MAILBOX1, 0);
	s->gsp.expects_resume = false;
	s->gsp.state = SIM_GSP_INIT;
	sim_in(s, SIM_T_GSP_NOTES, send_notes);
	if (s->gsp.taken.p)
		sim_in(s, SIM_T_GSP_SERVE, serve);
}

static void cancel_timers(struct sim *s)
{
	static const sim_timer_fn fns[] = { link_up, poll_commands, serve, send_script, send_notes, send_init_done };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(fns); i++)
		sim_timers_cancel(&s->timers, fns[i]);
	sim_rm_abandon(s);
	s->gsp.taken = (struct nvt_bytes){ NULL, 0 };
}

void sim_gsp_abandon(struct sim *s)
{
	cancel_timers(s);
	sim_queue_clear(s);
	s->gsp.expects_resume = false;
	s->gsp.state = SIM_GSP_OFF;
}

void sim_gsp_reset(struct sim *s)
{
	if (s->gsp.state == SIM_GSP_RESUME)
		return;
	if (!s->gsp.expects_resume || s->gsp.state != SIM_GSP_INIT) {
		sim_gsp_abandon(s);
		return;
	}
	s->gsp.state = SIM_GSP_RESUME;
	sim_timers_cancel(&s->timers, serve); /* what it took waits with it */
}

/* Ringing again does not put off the look that an earlier ring asked for. */
void sim_gsp_doorbell(struct sim *s)
{
	if (s->gsp.state >= SIM_GSP_LINKED && !sim_timers_is_set(&s->timers, poll_commands))
		sim_in(s, SIM_T_GSP_DOORBELL, poll_commands);
}

int sim_gsp_init(struct sim *s)
{
	s->gsp.join_buf = malloc(SIM_MESSAGE_MAX);
	return s->gsp.join_buf ? 0 : -NVT_E_NOMEM;
}

void sim_gsp_fini(struct sim *s)
{
	sim_queue_clear(s);
	free(s->gsp.join_buf);
	s->gsp.join_buf = NULL;
}
