/* SPDX-License-Identifier: MIT */
/*
 * One open GPU as the driver core sees it, and what a boot holds from its first step to the unload.
 */
#ifndef NVT_CORE_STATE_H
#define NVT_CORE_STATE_H

#include "core/booter.h"
#include "core/chips.h"
#include "core/gpu.h"
#include "core/msgq.h"
#include "core/rm.h"
#include "core/rpc_client.h"
#include "core/steps.h"

struct boot {
	const struct nvt_boot_opts *opts; /* the caller's, during nvt_gpu_boot only */

	/* load-firmware */
	struct nvt_rel rel; /* layouts the firmware speaks */
	const char *abi; /* protocol release that the firmware speaks */
	const struct rm_row *rm;
	struct nvt_dma gsp_file; /* the GSP image, its .fwimage page aligned */
	size_t image_off;        /* of .fwimage in that buffer */
	uint64_t image_size;
	struct nvt_dma signature; /* of the GSP image, for this chip's family */
	struct nvt_dma bootloader;
	struct nvt_riscv_bl bl;
	struct booter booter_load, booter_unload;

	/* alloc-dma */
	struct nvt_dma flush_page, radix3, wpr_meta, libos_args, rm_args, queues, logs[RM_LOGS_MAX];

	/* read-vbios, prepare-unload */
	uint8_t *rom;
	size_t rom_size;
	struct nvt_fwsec fwsec_desc;
	struct nvt_dma fwsec_frts, fwsec_sb;

	bool flush_page_set; /* the GPU was told about it */
	bool wpr2_ours;      /* FWSEC-FRTS was started: WPR2 may be up, and it is ours to remove */

	struct rpc_client rpc;
};

struct nvt_gpu {
	struct gpu_env env;
	struct nvt_ctx *ctx;
	struct nvt_transport *t;
	const struct nvt_chip *chip; /* NULL until identified */
	const struct chip_row *row;  /* likewise */
	uint32_t boot_0, boot_42;
	struct nvt_io_counts base;     /* counters when the boot began */
	struct nvt_boot_report report; /* of the boot that is going on, or went */
	struct boot b;
};

/* PCI command register: memory space, bus master. */
#define GPU_COMMAND_MEM (1u << 1)
#define GPU_COMMAND_MASTER (1u << 2)
/* Clears, then sets bits of it; written only when that changes it. */
int gpu_set_command(struct nvt_gpu *gpu, uint32_t clear, uint32_t set, struct nvt_error *e);
/* Reads BOOT_0 and BOOT_42 and finds the chip; sets gpu->chip, not gpu->row. */
int gpu_identify(struct nvt_gpu *gpu, struct nvt_error *e);
/* A line that the user should see: into the report, and an event. */
void gpu_note(struct nvt_gpu *gpu, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Frees the boot's memory and forgets it. */
void gpu_forget_boot(struct nvt_gpu *gpu);
/* Counts since the boot began, into the report. */
void gpu_account(struct nvt_gpu *gpu);

#endif
