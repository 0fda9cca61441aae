/* SPDX-License-Identifier: MIT */
/* What GSP-RM tells the driver unasked when something went wrong. */
#include "sim/model.h"

#include <nvt/fields.h>

#include <string.h>

static void error_log(struct sim *s, const struct sim_channel_error *err)
{
	uint8_t b[1024] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b };

	w.n = nvt_nvf_struct_size(s->gsp.rel, NVF_rpc_os_error_log_errString);
	if (!w.n || w.n > sizeof(b))
		return;
	nvt_put(&w, NVF_rpc_os_error_log_exceptType, err->xid);
	nvt_put(&w, NVF_rpc_os_error_log_runlistId, err->runlist);
	nvt_put(&w, NVF_rpc_os_error_log_chid, err->chid);
	nvt_put_bytes(&w, NVF_rpc_os_error_log_errString,
		      (struct nvt_bytes){ (const uint8_t *)err->text, strlen(err->text) + 1 });
	sim_rm_send_event(s, "OS_ERROR_LOG", (struct nvt_bytes){ b, w.n }, 0);
}

void sim_rm_error_log(struct sim *s, unsigned xid, const char *text)
{
	error_log(s, &(struct sim_channel_error){ .xid = xid, .text = text });
}

void sim_rm_channel_error(struct sim *s, const struct sim_channel_error *err)
{
	uint8_t b[256] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b };

	w.n = nvt_nvf_struct_size(s->gsp.rel, NVF_rpc_rc_triggered_chid);
	if (s->gsp.state != SIM_GSP_RUNNING || !w.n || w.n > sizeof(b))
		return;
	nvt_put(&w, NVF_rpc_rc_triggered_nv2080EngineType, err->engine);
	nvt_put(&w, NVF_rpc_rc_triggered_chid, err->chid);
	nvt_put(&w, NVF_rpc_rc_triggered_exceptType, err->xid);
	nvt_put(&w, NVF_rpc_rc_triggered_mmuFaultAddrLo, (uint32_t)err->addr); /* releases before 570 lack it */
	nvt_put(&w, NVF_rpc_rc_triggered_mmuFaultAddrHi, err->addr >> 32);
	sim_rm_send_event(s, "RC_TRIGGERED", (struct nvt_bytes){ b, w.n }, 0);
	error_log(s, err);
}
