/* SPDX-License-Identifier: MIT */
/* GSP-RM as a server: one row per message that it takes. */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What GSP leaves in MAILBOX0 when it has suspended; NVIDIA and nouveau compare the whole register. */
#define MAILBOX_SUSPENDED 0x80000000u

struct request {
	struct nvt_rpc_head head;
	struct nvt_bytes payload;
};

bool sim_rm_number(struct sim *s, const char *name, uint32_t *ret)
{
	struct nvt_msg_desc d;

	if (!nvt_msg_by_name(s->gsp.rel, name, &d))
		return false;
	*ret = d.number;
	return true;
}

/* Events carry sequence 0. A release without the event is not told it. */
void sim_rm_send_event(struct sim *s, const char *name, struct nvt_bytes payload, uint32_t result)
{
	struct sim_message m = { .result = result, .payload = payload };

	if (sim_rm_number(s, name, &m.function))
		sim_queue_send(s, &m);
}

static void reply(struct sim *s, const struct request *rq, struct nvt_bytes payload, uint32_t result)
{
	struct sim_message m = {
		.function = rq->head.function,
		.result = result,
		.sequence = rq->head.sequence,
		.payload = payload,
	};

	sim_queue_send(s, &m);
}

/* ---- handlers ---- */

static void set_system_info(struct sim *s, const struct request *rq)
{
	sim_rm_check_system_info(s, rq->payload);
	s->gsp.has_system_info = true;
}

static void set_registry(struct sim *s, const struct request *rq)
{
	if (!s->gsp.has_system_info)
		sim_violation(s, "registry-order", NULL, "SET_SYSTEM_INFO first", "SET_REGISTRY is the first message");
	sim_rm_check_registry(s, rq->payload);
	s->gsp.has_registry = true;
}

/* Events until the next element is the ring's last one. */
static void fill_to_end(struct sim *s)
{
	static const uint8_t empty[16];
	unsigned n = sim_queue_to_end(s);

	while (n--)
		sim_rm_send_event(s, "UCODE_LIBOS_PRINT", (struct nvt_bytes){ empty, sizeof(empty) }, 0);
}

/* Payload sizes that faults ask for; what follows the struct is zero. */
#define TWO_ELEMENTS (NVT_ELEM_SIZE + 0x200u)
#define JUST_UNDER_PAGE (NVT_ELEM_SIZE - NVT_RPC_HDR - 8u)

static void get_static_info(struct sim *s, const struct request *rq)
{
	uint8_t b[2 * NVT_ELEM_SIZE] = { 0 };
	struct sim_message stray = { .payload = { b, 64 }, .continuation = true };
	uint32_t n = sim_rm_static_info(s, b);

	if (sim_fault_fires(s, SIM_F_STATIC_INFO_NEVER))
		return;
	if (sim_fault_fires(s, SIM_F_STATIC_INFO_ERROR)) {
		reply(s, rq, (struct nvt_bytes){ b, n },
		      (uint32_t)sim_fault_arg(s, SIM_F_STATIC_INFO_ERROR, SIM_ERR_INVALID_STATE));
		return;
	}
	if (sim_fault_fires(s, SIM_F_CONTINUATION_OUT_OF_ORDER))
		sim_queue_send(s, &stray);
	if (sim_fault_fires(s, SIM_F_REPLY_WRAPS)) {
		fill_to_end(s);
		n = TWO_ELEMENTS;
	}
	if (sim_fault_fires(s, SIM_F_LENGTH_NEAR_PAGE))
		n = JUST_UNDER_PAGE;
	reply(s, rq, (struct nvt_bytes){ b, n }, 0);
}

static void suspended(struct sim *s)
{
	(void)sim_gsp_write_logs(s);
	sim_falcon_set(s, &s->falcon[SIM_GSP], NV_PFALCON_FALCON_MAILBOX0, MAILBOX_SUSPENDED);
	s->gsp.state = SIM_GSP_UNLOADED;
	sim_step(s, "unloading-driver");
}

static void unloading(struct sim *s, const struct request *rq)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	uint64_t level = nvt_get_or0(&v, NVF_rpc_unloading_guest_driver_newLevel);

	sim_phase(s, "unload");
	if (sim_fault_fires(s, SIM_F_UNLOAD_NO_ANSWER))
		return;
	if (level > 7) /* NV2080_CTRL_GPU_SET_POWER_STATE levels */
		sim_odd(s, SIM_ODD_UNLOAD_LEVEL, NULL);
	reply(s, rq, rq->payload, 0);
	sim_in(s, SIM_T_GSP_UNLOAD, suspended);
}

void sim_rm_abandon(struct sim *s)
{
	sim_timers_cancel(&s->timers, suspended);
}

/* The version handshake: GSP-RM answers with what it got. */
static void echo(struct sim *s, const struct request *rq)
{
	reply(s, rq, rq->payload, 0);
}

/* The reply to a request that carries its own status: the request's bytes, changed in place. */
static uint8_t *copy_request(struct sim *s, const struct request *rq)
{
	uint8_t *copy = malloc(rq->payload.n ? rq->payload.n : 1);

	if (!copy)
		sim_bug(s, "no memory for a reply");
	else if (rq->payload.n)
		memcpy(copy, rq->payload.p, rq->payload.n);
	return copy;
}

static void reply_status(struct sim *s, const struct request *rq, uint8_t *copy, uint32_t status_field,
			 uint32_t status)
{
	struct nvt_wview w = { .rel = s->gsp.rel, .p = copy, .n = rq->payload.n };

	nvt_put(&w, status_field, status);
	reply(s, rq, (struct nvt_bytes){ copy, rq->payload.n }, w.rc ? SIM_ERR_NOT_SUPPORTED : 0);
	free(copy);
}

static void note_unknown(struct sim *s, const struct request *rq, const char *name)
{
	char text[96];

	snprintf(text, sizeof(text), "%s (%u)", name ? name : "unknown function", rq->head.function);
	sim_odd(s, SIM_ODD_UNKNOWN_MESSAGE, text);
}

/* Where the parameters are that a request says it has; false if they are not there. */
static bool params_of(struct sim *s, const struct request *rq, uint32_t params_field, uint64_t size, size_t *ret)
{
	int32_t at = nvt_nvf_offset(s->gsp.rel, params_field);

	*ret = at < 0 ? 0 : (size_t)at;
	return at >= 0 && nvt_in_range((uint64_t)at, size, rq->payload.n);
}

static uint32_t control(struct sim *s, const struct request *rq, const struct nvt_view *v, uint8_t *copy)
{
	uint32_t client = (uint32_t)nvt_get_or0(v, NVF_rpc_gsp_rm_control_hClient);
	uint32_t object = (uint32_t)nvt_get_or0(v, NVF_rpc_gsp_rm_control_hObject);
	uint64_t n = nvt_get_or0(v, NVF_rpc_gsp_rm_control_paramsSize);
	uint32_t cmd = (uint32_t)nvt_get_or0(v, NVF_rpc_gsp_rm_control_cmd), status;
	char text[64];
	size_t at;

	if (!params_of(s, rq, NVF_rpc_gsp_rm_control_params, n, &at))
		return SIM_ERR_INVALID_ARGUMENT;
	if (client != SIM_INTERNAL_CLIENT && !sim_object_exists(s, client, object))
		return SIM_ERR_OBJECT_NOT_FOUND;
	status = sim_rm_control(s, &(struct sim_control){ client, object, cmd, copy + at, (size_t)n });
	if (status == SIM_ERR_NOT_SUPPORTED) {
		snprintf(text, sizeof(text), "GSP_RM_CONTROL 0x%08x", cmd);
		note_unknown(s, rq, text);
	}
	return status;
}

static void rm_control(struct sim *s, const struct request *rq)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	uint8_t *copy = copy_request(s, rq);

	if (copy)
		reply_status(s, rq, copy, NVF_rpc_gsp_rm_control_status, control(s, rq, &v, copy));
}

static uint32_t alloc_channel(struct sim *s, const struct request *rq, const struct sim_object *o)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	uint64_t n = nvt_get_or0(&v, NVF_rpc_gsp_rm_alloc_paramsSize);
	uint32_t status = SIM_ERR_INVALID_ARGUMENT;
	size_t at;

	if (params_of(s, rq, NVF_rpc_gsp_rm_alloc_params, n, &at))
		status = sim_channel_alloc(s, o->client, o->handle,
					   (struct nvt_bytes){ rq->payload.p + at, (size_t)n });
	if (status)
		sim_object_free(s, o->client, o->handle);
	return status;
}

static void rm_alloc(struct sim *s, const struct request *rq)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	struct sim_object o = {
		.client = (uint32_t)nvt_get_or0(&v, NVF_rpc_gsp_rm_alloc_hClient),
		.parent = (uint32_t)nvt_get_or0(&v, NVF_rpc_gsp_rm_alloc_hParent),
		.handle = (uint32_t)nvt_get_or0(&v, NVF_rpc_gsp_rm_alloc_hObject),
		.class = (uint32_t)nvt_get_or0(&v, NVF_rpc_gsp_rm_alloc_hClass),
	};
	uint8_t *copy = copy_request(s, rq);
	uint32_t status = sim_object_alloc(s, &o);
	char text[64];

	if (!status && o.class == SIM_CLASS_CHANNEL)
		status = alloc_channel(s, rq, &o);
	if (status == SIM_ERR_INVALID_CLASS) {
		snprintf(text, sizeof(text), "GSP_RM_ALLOC of class 0x%04x", o.class);
		note_unknown(s, rq, text);
	}
	if (copy)
		reply_status(s, rq, copy, NVF_rpc_gsp_rm_alloc_status, status);
}

static void rm_free(struct sim *s, const struct request *rq)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	uint32_t client = (uint32_t)nvt_get_or0(&v, NVF_rpc_free_params_hRoot);
	uint32_t handle = (uint32_t)nvt_get_or0(&v, NVF_rpc_free_params_hObjectOld);
	uint32_t status = sim_object_free(s, client, handle);
	uint8_t *copy = copy_request(s, rq);

	sim_channels_sweep(s);
	if (copy)
		reply_status(s, rq, copy, NVF_rpc_free_params_status, status);
}

/* The driver's root entry goes into GSP-RM's own root, at index 0: that is the lower half of the BAR. */
static void update_bar_pde(struct sim *s, const struct request *rq)
{
	struct nvt_view v = { s->gsp.rel, rq->payload.p, rq->payload.n };
	uint64_t bar = nvt_get_or0(&v, NVF_rpc_update_bar_pde_info_barType) + 1;
	uint64_t shift = nvt_get_or0(&v, NVF_rpc_update_bar_pde_info_entryLevelShift);
	uint8_t entry[8];

	nvt_put_le64(entry, nvt_get_or0(&v, NVF_rpc_update_bar_pde_info_entryValue));
	if (bar > 2 || shift != SIM_ROOT_SHIFT) {
		sim_violation(s, "bar-pde", SIM_HEX(shift), SIM_HEX(SIM_ROOT_SHIFT),
			      "UPDATE_BAR_PDE for no root entry of BAR1 or BAR2");
		reply(s, rq, rq->payload, SIM_ERR_INVALID_ARGUMENT);
		return;
	}
	sim_vram_wr(&s->vram, sim_rm_bar_root(s, (unsigned)bar), entry, sizeof(entry));
	reply(s, rq, rq->payload, 0);
}

static const struct {
	const char *name;
	void (*serve)(struct sim *s, const struct request *rq);
} rows[] = {
	{ "GSP_SET_SYSTEM_INFO", set_system_info },
	{ "SET_REGISTRY", set_registry },
	{ "SET_GUEST_SYSTEM_INFO", echo },
	{ "GET_GSP_STATIC_INFO", get_static_info },
	{ "UNLOADING_GUEST_DRIVER", unloading },
	{ "GSP_RM_CONTROL", rm_control },
	{ "GSP_RM_ALLOC", rm_alloc },
	{ "FREE", rm_free },
	{ "UPDATE_BAR_PDE", update_bar_pde },
};

void sim_rm_serve(struct sim *s, struct nvt_bytes msg)
{
	struct nvt_msg_desc d = { .name = NULL };
	struct request rq;
	struct nvt_error e;
	unsigned i;

	if (nvt_rpc_head_get(msg, &rq.head, &e)) {
		sim_violation(s, "command-frame", e.seen, e.wanted, "%s", e.msg);
		return;
	}
	/* Of a joined message the header's length is that of its first record. */
	rq.payload = (struct nvt_bytes){ msg.p + NVT_RPC_HDR, msg.n - NVT_RPC_HDR };
	if (s->gsp.state == SIM_GSP_RUNNING)
		sim_sequencer_check(s);
	if (nvt_msg_by_number(s->gsp.rel, rq.head.function, &d)) {
		if (rq.payload.n < d.min_payload)
			sim_violation(s, "command-size", SIM_HEX(rq.payload.n), SIM_HEX(d.min_payload),
				      "%s without all of its payload", d.name);
		for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
			if (!strcmp(rows[i].name, d.name)) {
				rows[i].serve(s, &rq);
				return;
			}
		}
	}
	note_unknown(s, &rq, d.name);
	reply(s, &rq, rq.payload, 0);
}
