/* SPDX-License-Identifier: MIT */
/* The unload steps (boot.md 10.1). */
#include "core/unload.h"

#include "core/fwsec.h"
#include "core/libos.h"
#include "core/state.h"

#include "regs/regs_const.h"

#include <nvt/fields.h>


#define SUSPEND_TIMEOUT_US 5000000
/* Mailboxes of booter_unload in a plain unload (OGKM, nouveau, nova). */
#define UNLOAD_MAILBOX 0xff
/* GSP MAILBOX0 once GSP-RM has stopped (OGKM, nouveau). */
#define GSP_SUSPENDED 0x80000000

static int request_unload(struct nvt_gpu *gpu, struct nvt_error *e)
{
	uint32_t size = nvt_nvf_struct_size(gpu->b.rel, NVF_rpc_unloading_guest_driver_newLevel);
	uint8_t payload[64] = { 0 };
	struct nvt_wview w = { gpu->b.rel, payload, size, 0, e };
	struct nvt_bytes reply;

	if (!size || size > sizeof(payload))
		return nvt_fail(e, NVT_E_ENV, "release %s has no UNLOADING_GUEST_DRIVER",
				nvt_rel_name(gpu->b.rel));
	nvt_put(&w, NVF_rpc_unloading_guest_driver_bInPMTransition, 0);
	nvt_put(&w, NVF_rpc_unloading_guest_driver_newLevel, 0);
	return w.rc ? w.rc
		    : rpc_call(gpu, "UNLOADING_GUEST_DRIVER", (struct nvt_bytes){ payload, size },
			       &reply, e);
}

int unload_stop_gsp(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct nvt_poll suspended = {
		.off = gpu->row->gsp->pfalcon + NV_PFALCON_FALCON_MAILBOX0,
		.mask = GSP_SUSPENDED,
		.want = GSP_SUSPENDED,
		.timeout_us = SUSPEND_TIMEOUT_US,
		.interval_us = 1000,
		.what = "GSP-RM to stop",
	};
	int rc = request_unload(gpu, e);

	return rc ? rc : nvt_poll(gpu->t, &suspended, NULL, e);
}

static int run_sb(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return fwsec_run_sb(gpu, e);
}

static int run_booter(struct nvt_gpu *gpu, struct nvt_error *e)
{
	uint32_t hi;
	int rc = nvt_rd32(gpu->t, NV_PFB_PRI_MMU_WPR2_ADDR_HI, &hi, e);

	/* Nothing to remove: FWSEC-FRTS failed before it set WPR2 up. */
	if (rc || !NVT_GET(hi, NV_PFB_PRI_MMU_WPR2_ADDR_HI_VAL))
		return rc;
	rc = booter_run(gpu, &gpu->b.booter_unload, UNLOAD_MAILBOX, UNLOAD_MAILBOX, e);
	return rc ? rc
		  : falcon_expect_mailbox0_clear(gpu->t, gpu->row->sec2,
						 "booter_unload to report success", e);
}

static int check_wpr2(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc = fb_expect_no_wpr2(gpu->t, "WPR2 to be gone after booter_unload",
				   "GSP state stays behind; `nvtool reset` clears it", e);

	if (!rc)
		gpu->b.wpr2_ours = false;
	return rc;
}

int unload_remove_wpr2(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc = run_sb(gpu, e);

	if (!rc)
		rc = run_booter(gpu, e);
	return rc ? rc : check_wpr2(gpu, e);
}

const struct step unload_steps[] = {
	{
		.name = "unloading-driver",
		.summary = "tell GSP-RM that the driver goes, wait until it has stopped",
		.run = unload_stop_gsp,
	},
	{
		.name = "fwsec-sb",
		.summary = "run FWSEC-SB on the GSP falcon",
		.run = run_sb,
	},
	{
		.name = "booter-unload",
		.summary = "run booter_unload on SEC2, which clears WPR2",
		.run = run_booter,
	},
	{
		.name = "wpr2-gone",
		.summary = "check that WPR2 is gone",
		.run = check_wpr2,
	},
	{
		.name = "free-dma",
		.summary = "take the flush page back, switch bus mastering off, free the memory",
		.run = libos_release,
	},
};
const unsigned unload_step_count = NVT_ARRAY_SIZE(unload_steps);
