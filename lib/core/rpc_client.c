/* SPDX-License-Identifier: MIT */
/* Requests and replies over the message queues; every reply's status is looked at. */
#include "core/rpc_client.h"

#include "core/events.h"
#include "core/state.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_TIMEOUT_US 1000000
#define WAIT_INTERVAL_US 50
/* rpc_result of a request (rpc_headers.h NV_VGPU_MSG_RESULT_RPC_PENDING). */
#define RESULT_PENDING 0xffffffff
#define FIRST_EVENT 0x1000

int rpc_init(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct rpc_client *c = &gpu->b.rpc;

	*c = (struct rpc_client){ 0 };
	c->out = malloc(NVT_RECORD_MAX);
	if (!c->out)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for messages");
	return msgq_init(&c->q, gpu->t, &gpu->b.queues, gpu->b.rm->queue_size, gpu->b.rel, e);
}

void rpc_fini(struct rpc_client *c)
{
	free(c->out);
	msgq_fini(&c->q);
	*c = (struct rpc_client){ 0 };
}

static void emit_msg(struct nvt_gpu *gpu, bool to_gsp, struct nvt_bytes msg)
{
	struct nvt_event ev = { .kind = NVT_EV_MSG };

	ev.u.msg.to_gsp = to_gsp;
	ev.u.msg.release = nvt_rel_name(gpu->b.rel);
	ev.u.msg.bytes = msg;
	nvt_emit(gpu->ctx, &ev);
}

static int find(struct nvt_gpu *gpu, const char *name, struct nvt_msg_desc *ret,
		struct nvt_error *e)
{
	if (nvt_msg_by_name(gpu->b.rel, name, ret))
		return 0;
	return nvt_fail(e, NVT_E_ENV, "release %s has no message %s", nvt_rel_name(gpu->b.rel),
			name);
}

static int send(struct nvt_gpu *gpu, const struct nvt_msg_desc *desc, struct nvt_bytes payload,
		uint32_t sequence, struct nvt_error *e)
{
	struct rpc_client *c = &gpu->b.rpc;
	struct nvt_bytes msg = { c->out, NVT_RPC_HDR + payload.n };
	const struct nvt_rpc_head head = {
		.length = (uint32_t)msg.n,
		.function = desc->number,
		.result = RESULT_PENDING,
		.result_private = RESULT_PENDING,
		.sequence = sequence,
	};
	int rc;

	if (msg.n > NVT_RECORD_MAX)
		return nvt_fail(e, NVT_E_BUG,
				"payload of 0x%zx bytes does not fit the message buffer",
				payload.n);
	nvt_rpc_head_put(c->out, &head);
	if (payload.n)
		memcpy(c->out + NVT_RPC_HDR, payload.p, payload.n);
	rc = msgq_send(&c->q, msg, ROOM_TIMEOUT_US, e);
	if (rc)
		return rc;
	emit_msg(gpu, true, msg);
	gpu->report.rpc_sent++;
	return nvt_wr32(gpu->t, gpu->row->gsp->pfalcon + NVT_REG_AT(NV_PGSP_QUEUE_HEAD, 0), 0, e);
}

int rpc_send(struct nvt_gpu *gpu, const char *name, struct nvt_bytes payload, struct nvt_error *e)
{
	struct nvt_msg_desc desc;
	int rc = find(gpu, name, &desc, e);

	if (!rc)
		rc = send(gpu, &desc, payload, 0, e);
	if (rc)
		nvt_err_rpc(e, "%s", name);
	return rc;
}

/* Says why nothing came, as far as the device still tells: gone, core stopped, or an error logged
 * before. */
static int explain_silence(struct nvt_gpu *gpu, const char *awaited, uint64_t timeout_us,
			   struct nvt_error *e)
{
	const struct falcon_unit *gsp = gpu->row->gsp;
	uint32_t mbox, cpuctl;
	int rc = nvt_rd32(gpu->t, gsp->pfalcon + NV_PFALCON_FALCON_MAILBOX0, &mbox, e);

	if (!rc)
		rc = nvt_rd32(gpu->t, gsp->priscv + NV_PRISCV_RISCV_CPUCTL, &cpuctl, e);
	if (rc)
		return nvt_during(e, rc, "waiting for %s", awaited);
	rc = nvt_fail(e, NVT_E_TIMEOUT, "GSP-RM %sdid not send %s within %u ms",
		      gpu->b.rpc.last_log[0] ? "logged an error and " : "", awaited,
		      (unsigned)(timeout_us / 1000));
	nvt_err_seen(e, "RISC-V %s, GSP MAILBOX0 0x%08x, %u messages in all",
		     NVT_GET(cpuctl, NV_PRISCV_RISCV_CPUCTL_ACTIVE_STAT) ? "active" : "not active",
		     mbox, (unsigned)gpu->report.rpc_received);
	nvt_err_wanted(e, "%s", awaited);
	if (gpu->b.rpc.last_log[0])
		nvt_err_hint(e, "GSP-RM logged before: %s", gpu->b.rpc.last_log);
	else
		nvt_err_hint(e, "GSP-RM went silent; a trace of the boot (--trace FILE) holds what "
				"it said before");
	return rc;
}

/* 1: a message, its header decoded; 0: none by the deadline. */
static int receive(struct nvt_gpu *gpu, uint64_t end_ns, struct nvt_rpc_head *head,
		   struct nvt_bytes *ret, struct nvt_error *e)
{
	struct nvt_clock *clock = gpu->ctx->clock;
	uint64_t now;
	int rc;

	for (;;) {
		/* Time first: what came just before the deadline still counts. */
		now = nvt_now_ns(gpu->ctx);
		rc = msgq_recv(&gpu->b.rpc.q, ret, e);
		if (rc || now >= end_ns)
			break;
		clock->sleep_us(clock, WAIT_INTERVAL_US);
	}
	if (rc <= 0)
		return rc;
	rc = nvt_rpc_head_get(*ret, head, e);
	if (rc)
		return rc;
	gpu->report.rpc_received++;
	emit_msg(gpu, false, *ret);
	return 1;
}

static int check_result(struct nvt_gpu *gpu, const struct nvt_rpc_head *head, struct nvt_error *e)
{
	const char *name = nvt_status_name(gpu->b.rel, head->result);
	struct nvt_msg_desc desc;
	int rc;

	if (!head->result)
		return 0;
	if (!nvt_msg_by_number(gpu->b.rel, head->function, &desc))
		desc.name = "an unknown message";
	rc = nvt_fail(e, NVT_E_GSP, "%s came with status %s", desc.name, name ? name : "unknown");
	if (e)
		e->nv_status = head->result;
	nvt_err_rpc(e, "%s", desc.name);
	nvt_err_seen(e, "0x%08x %s", head->result, name ? name : "");
	nvt_err_wanted(e, "0x00000000 NV_OK");
	if (gpu->b.rpc.last_log[0])
		nvt_err_hint(e, "GSP-RM logged before: %s", gpu->b.rpc.last_log);
	else
		nvt_err_hint(
			e,
			"GSP-RM refused and logged nothing; is the firmware made for this board?");
	return rc;
}

/* Names the message that was awaited, unless the error is already about another. */
static int blame(struct nvt_gpu *gpu, const char *awaited, int rc, struct nvt_error *e)
{
	if (!rc || !e)
		return rc;
	if (!e->rpc[0])
		nvt_err_rpc(e, "%s", awaited);
	if (rc == -NVT_E_DATA && !e->hint[0])
		nvt_err_hint(e,
			     "this does not follow the protocol of release %s; is the firmware of "
			     "that release?",
			     nvt_rel_name(gpu->b.rel));
	return rc;
}

static int handle(struct nvt_gpu *gpu, const struct nvt_rpc_head *head, struct nvt_bytes msg,
		  struct nvt_error *e)
{
	struct nvt_bytes payload = { msg.p + NVT_RPC_HDR, head->length - NVT_RPC_HDR };
	struct nvt_msg_desc desc;
	int rc;

	if (!nvt_msg_by_number(gpu->b.rel, head->function, &desc) || !desc.is_event) {
		gpu->report.events_skipped++;
		gpu_note(gpu, "message 0x%x of %u bytes is %s: skipped", head->function,
			 head->length,
			 head->function >= FIRST_EVENT ? "an event unknown to this release"
						       : "no reply that is awaited");
		return 0;
	}
	rc = check_result(gpu, head, e);
	if (!rc)
		rc = event_handle(gpu, &desc, payload, e);
	if (rc)
		nvt_err_rpc(e, "%s", desc.name);
	return rc;
}

int rpc_call(struct nvt_gpu *gpu, const char *name, struct nvt_bytes payload, struct nvt_bytes *ret,
	     struct nvt_error *e)
{
	uint64_t end = nvt_now_ns(gpu->ctx) + RPC_TIMEOUT_US * 1000ull;
	struct nvt_rpc_head head;
	struct nvt_msg_desc desc;
	struct nvt_bytes msg;
	int rc = find(gpu, name, &desc, e);

	*ret = (struct nvt_bytes){ NULL, 0 };
	if (!rc)
		rc = send(gpu, &desc, payload, gpu->b.rpc.sequence++, e);
	if (gpu->t->dry_run && !rc)
		return 0;
	while (!rc) {
		rc = receive(gpu, end, &head, &msg, e);
		if (!rc)
			rc = explain_silence(gpu, "the reply", RPC_TIMEOUT_US, e);
		if (rc < 0)
			break;
		if (head.function == desc.number) {
			rc = check_result(gpu, &head, e);
			*ret = (struct nvt_bytes){ msg.p + NVT_RPC_HDR, head.length - NVT_RPC_HDR };
			break;
		}
		rc = handle(gpu, &head, msg, e);
	}
	return blame(gpu, name, rc, e);
}

int rpc_serve(struct nvt_gpu *gpu, const char *awaited, const bool *until, uint64_t timeout_us,
	      struct nvt_error *e)
{
	uint64_t end = nvt_now_ns(gpu->ctx) + timeout_us * 1000;
	struct nvt_rpc_head head;
	struct nvt_bytes msg;
	int rc = 0;

	if (gpu->t->dry_run)
		return 0;
	while (!rc && !*until) {
		rc = receive(gpu, end, &head, &msg, e);
		if (!rc)
			rc = explain_silence(gpu, awaited, timeout_us, e);
		if (rc > 0)
			rc = handle(gpu, &head, msg, e);
	}
	return blame(gpu, awaited, rc, e);
}
