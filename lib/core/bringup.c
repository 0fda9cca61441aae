/* SPDX-License-Identifier: MIT */
/* The bring-up table of chips that boot through FWSEC and the SEC2 booter (Turing to Ada). */
#include "core/steps.h"

#include "core/fb_sizes.h"
#include "core/firmware.h"
#include "core/fwsec.h"
#include "core/handshake.h"
#include "core/libos.h"
#include "core/state.h"
#include "core/unload.h"

#include "regs/regs_const.h"

#include <stdlib.h>

/* nova; nouveau and OGKM give it about half. */
#define GFW_TIMEOUT_US 4000000
#define GFW_INTERVAL_US 5000
#define RISCV_TIMEOUT_US 5000000
#define LINK_TIMEOUT_US 4000000

/* ---- identify ---- */

static int identify(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc = gpu_set_command(gpu, 0, GPU_COMMAND_MEM, e);

	if (!rc)
		rc = gpu_identify(gpu, e);
	if (!rc)
		rc = chip_row_find(gpu->chip, &gpu->row, e);
	if (!rc)
		gpu->report.chip = gpu->chip;
	return rc;
}

/* ---- wait-gfw ---- */

static int wait_gfw(struct nvt_gpu *gpu, struct nvt_error *e)
{
	static const char hint[] =
		"the GPU's own boot firmware did not finish; power-cycle the board";
	const struct nvt_poll readable = {
		.off = NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK,
		.mask = NVT_MASK(
			NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0),
		.want = NVT_DEF(
			NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0,
			ENABLE),
		.timeout_us = GFW_TIMEOUT_US,
		.interval_us = GFW_INTERVAL_US,
		.what = "the boot firmware's progress to be readable",
		.hint = hint,
	};
	const struct nvt_poll done = {
		.off = NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT,
		.mask = NVT_MASK(NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS),
		.want = NVT_DEF(NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS, COMPLETED),
		.timeout_us = GFW_TIMEOUT_US,
		.interval_us = GFW_INTERVAL_US,
		.what = "the boot firmware to complete",
		.hint = hint,
	};
	int rc = nvt_poll(gpu->t, &readable, NULL, e);

	return rc ? rc : nvt_poll(gpu->t, &done, NULL, e);
}

/* ---- load-firmware ---- */

static int undo_firmware(struct nvt_gpu *gpu, struct nvt_error *e)
{
	(void)e;
	firmware_free(gpu);
	return 0;
}

/* ---- plan-fb ---- */

/* Looked at before anything is written: a WPR2 that is up belongs to somebody else. */
static int check_wpr2_free(struct nvt_gpu *gpu, struct nvt_error *e)
{
	uint32_t hi;
	int rc = nvt_rd32(gpu->t, NV_PFB_PRI_MMU_WPR2_ADDR_HI, &hi, e);

	if (rc || !hi)
		return rc;
	rc = nvt_fail(e, NVT_E_DEVICE, "WPR2 is already set up");
	nvt_err_reg(e, "NV_PFB_PRI_MMU_WPR2_ADDR_HI (0x%08x)", NV_PFB_PRI_MMU_WPR2_ADDR_HI);
	nvt_err_seen(e, "0x%08x", hi);
	nvt_err_wanted(e, "0x00000000");
	nvt_err_hint(e,
		     "a driver or an earlier boot left GSP state behind; `nvtool reset` clears it");
	return rc;
}

static int plan_fb(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct boot *b = &gpu->b;
	struct fb_parts parts = { .boot_bin = b->bl.bin.data_size, .elf = b->image_size };
	struct fb_facts facts;
	int rc = check_wpr2_free(gpu, e);

	if (!rc)
		rc = gpu->row->fb->read(gpu->t, &facts, e);
	if (!rc)
		rc = fb_sizes(gpu->chip, b->abi, facts.size, &parts, e);
	if (rc)
		return rc;
	rc = fb_plan(&facts, &parts, &gpu->report.fb, e);
	gpu->report.has_fb = !rc;
	return rc;
}

/* ---- alloc-dma ---- */

static int undo_alloc(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return libos_release(gpu, e);
}

/* ---- read-vbios, prepare-unload ---- */

static int undo_vbios(struct nvt_gpu *gpu, struct nvt_error *e)
{
	(void)e;
	free(gpu->b.rom);
	gpu->b.rom = NULL;
	return 0;
}

/*
 * All that the way back needs is in memory and signed before the first step that needs a way back.
 */
static int prepare_unload(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc = fwsec_prepare(gpu, e);

	return rc ? rc : booter_sign(gpu, &gpu->b.booter_unload, e);
}

static int undo_prepare(struct nvt_gpu *gpu, struct nvt_error *e)
{
	(void)e;
	fwsec_free(gpu);
	return 0;
}

/* ---- fwsec-frts ---- */

static int run_frts(struct nvt_gpu *gpu, struct nvt_error *e)
{
	gpu->b.wpr2_ours = true;
	return fwsec_run_frts(gpu, e);
}

static int undo_frts(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return gpu->b.wpr2_ours ? unload_remove_wpr2(gpu, e) : 0;
}

/* ---- gsp-reset, booter-load, riscv-active ---- */

static int gsp_reset(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct falcon_unit *gsp = gpu->row->gsp;
	nvt_iova args = gpu->b.libos_args.iova;
	int rc = gpu->row->falcon->reset(gpu->t, gsp, FALCON_CORE_RISCV, gpu->boot_0, e);

	return rc ? rc
		  : falcon_set_mailboxes(gpu->t, gsp, (uint32_t)args, (uint32_t)(args >> 32), e);
}

static int booter_load(struct nvt_gpu *gpu, struct nvt_error *e)
{
	nvt_iova meta = gpu->b.wpr_meta.iova;
	int rc = booter_sign(gpu, &gpu->b.booter_load, e);

	return rc ? rc
		  : booter_run(gpu, &gpu->b.booter_load, (uint32_t)meta, (uint32_t)(meta >> 32), e);
}

static int check_booter(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return falcon_expect_mailbox0_clear(gpu->t, gpu->row->sec2, "booter_load to report success",
					    e);
}

static int start_riscv(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return nvt_wr32(gpu->t, gpu->row->gsp->pfalcon + NV_PFALCON_FALCON_OS,
			gpu->b.bl.app_version, e);
}

static int check_riscv(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return gpu->row->falcon->riscv_active(gpu->t, gpu->row->gsp, RISCV_TIMEOUT_US, e);
}

/* ---- queues and messages ---- */

static int link_queues(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return gpu->t->dry_run ? 0 : msgq_link(&gpu->b.rpc.q, LINK_TIMEOUT_US, e);
}

/*
 * A release that has no CPU sequencer goes straight to GSP_INIT_DONE, which ends the wait as well.
 */
static int serve_sequencer(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return rpc_serve(gpu, "GSP_RUN_CPU_SEQUENCER", &gpu->b.rpc.sequencer_over,
			 RPC_INIT_TIMEOUT_US, e);
}

static int wait_init_done(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return rpc_serve(gpu, "GSP_INIT_DONE", &gpu->b.rpc.init_done, RPC_INIT_TIMEOUT_US, e);
}

static int undo_init_done(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct rpc_client *c = &gpu->b.rpc;

	return c->init_done && !c->q.broken ? unload_stop_gsp(gpu, e) : 0;
}

const struct step bringup_steps[] = {
	{
		.name = "identify",
		.summary = "switch memory access on, read BOOT_0 and BOOT_42",
		.run = identify,
	},
	{
		.name = "wait-gfw",
		.summary = "wait until the GPU's own boot firmware is done",
		.needs = { "identify" },
		.run = wait_gfw,
	},
	{
		.name = "load-firmware",
		.summary = "choose a release, load and check its four files",
		.needs = { "identify" },
		.run = firmware_load,
		.undo = undo_firmware,
		.undo_text = "free the images",
	},
	{
		.name = "plan-fb",
		.summary = "check that WPR2 is free, read the framebuffer's size, lay WPR2 out",
		.needs = { "wait-gfw", "load-firmware" },
		.run = plan_fb,
	},
	{
		.name = "alloc-dma",
		.summary =
			"allocate and fill page tables, WPR meta, LIBOS arguments, logs and queues, "
			"switch bus mastering on",
		.needs = { "load-firmware", "plan-fb" },
		.run = libos_alloc,
		.undo = undo_alloc,
		.undo_text = "take the flush page back, switch bus mastering off, free the buffers",
	},
	{
		.name = "read-vbios",
		.summary = "read the VBIOS through PROM and find FWSEC",
		.needs = { "wait-gfw" },
		.run = fwsec_find,
		.undo = undo_vbios,
		.undo_text = "free the VBIOS",
	},
	{
		.name = "prepare-unload",
		.summary = "sign FWSEC-SB and booter_unload for the way back, FWSEC-FRTS for the "
			   "way on",
		.needs = { "load-firmware", "plan-fb", "read-vbios" },
		.run = prepare_unload,
		.undo = undo_prepare,
		.undo_text = "free the images",
	},
	{
		.name = "fwsec-frts",
		.summary = "run FWSEC-FRTS on the GSP falcon: WPR2 comes up",
		.needs = { "alloc-dma", "prepare-unload" },
		.run = run_frts,
		.verify = fwsec_check_frts,
		.undo = undo_frts,
		.undo_text = "run FWSEC-SB and booter_unload, check that WPR2 is gone",
	},
	{
		.name = "gsp-reset",
		.summary = "reset GSP into its RISC-V core, hand over the LIBOS arguments",
		.needs = { "alloc-dma", "fwsec-frts" },
		.run = gsp_reset,
	},
	{
		.name = "booter-load",
		.summary = "run booter_load on SEC2: GSP-RM goes into WPR2 and starts",
		.needs = { "alloc-dma", "gsp-reset" },
		.run = booter_load,
		.verify = check_booter,
	},
	{
		.name = "riscv-active",
		.summary = "give GSP its version, check that its RISC-V core runs",
		.needs = { "booter-load" },
		.run = start_riscv,
		.verify = check_riscv,
	},
	{
		.name = "link-queues",
		.summary = "wait for GSP-RM's side of the message queues",
		.needs = { "riscv-active" },
		.run = link_queues,
	},
	{
		.name = "system-info",
		.summary = "send GSP_SET_SYSTEM_INFO",
		.needs = { "link-queues" },
		.run = handshake_system_info,
	},
	{
		.name = "registry",
		.summary = "send SET_REGISTRY",
		.needs = { "link-queues" },
		.run = handshake_registry,
	},
	{
		.name = "sequencer",
		.summary = "run the CPU sequencer script that GSP-RM sends",
		.needs = { "system-info", "registry" },
		.run = serve_sequencer,
	},
	{
		.name = "init-done",
		.summary = "wait for GSP_INIT_DONE",
		.needs = { "sequencer" },
		.run = wait_init_done,
		.undo = undo_init_done,
		.undo_text = "send UNLOADING_GUEST_DRIVER, wait until GSP-RM has stopped",
	},
	{
		.name = "static-info",
		.summary = "ask for GET_GSP_STATIC_INFO",
		.needs = { "init-done" },
		.run = handshake_static_info,
	},
};
const unsigned bringup_step_count = NVT_ARRAY_SIZE(bringup_steps);
