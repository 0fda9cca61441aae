/* SPDX-License-Identifier: MIT */
/*
 * An open GPU: identify it, boot GSP-RM on it step by step, read what GSP-RM says, unload, reset.
 * nvt_gpu_open (lib/open.c) joins transport, firmware database, sinks and driver core.
 */
#ifndef NVT_GPU_H
#define NVT_GPU_H

#include <nvt/chips.h>
#include <nvt/error.h>
#include <nvt/event.h>
#include <nvt/fw.h>
#include <nvt/rpc.h>
#include <nvt/sim.h>
#include <nvt/types.h>

struct nvt_gpu;

struct nvt_open_opts {
	const char *uri;          /* "sim:ga102,vram=12G,fault=NAME", "pci:0000:01:00.0", "vfio:0000:01:00.0" */
	const char *fwdb_dir;     /* NULL: built-in manifests only */
	const char *firmware_dir; /* NULL: default search */
	const char *release;      /* NULL: the newest release in fwdb whose files for the chip are found */
	bool allow_unknown_firmware;
	const char *trace_path;   /* NULL: none */
	const char *capture_path; /* NULL: none */
};
/* True if the URI names a real GPU, which commands may upset. */
NVT_API bool nvt_uri_is_hardware(const char *uri);
NVT_API int nvt_gpu_open(const struct nvt_open_opts *opts, struct nvt_gpu **ret, struct nvt_error *e);
/*
 * Unloads nothing: call nvt_gpu_unload first, or GSP-RM stays in the GPU, cut off from the bus. Closes the
 * trace and capture; the first write error is reported.
 */
NVT_API int nvt_gpu_close(struct nvt_gpu *gpu, struct nvt_error *e);
NVT_API struct nvt_ctx *nvt_gpu_ctx(struct nvt_gpu *gpu);

/* ---- boot ---- */

#define NVT_REGISTRY_MAX 32
struct nvt_registry_entry {
	char key[64];
	uint32_t value;
};
struct nvt_boot_opts {
	const char *until; /* NULL: all steps. The named step runs, then undo runs. */
	bool dry_run;      /* write nothing; see nvt_boot_plan */
	struct nvt_registry_entry registry[NVT_REGISTRY_MAX]; /* besides the defaults; same key overrides */
	unsigned registry_count;
};

/* The bring-up table, for `boot --list`. */
struct nvt_step_info {
	const char *name, *summary, *undo; /* undo: what undoing does, NULL if nothing is left behind */
};
NVT_API unsigned nvt_step_count(void);
NVT_API void nvt_step_info(unsigned i, struct nvt_step_info *ret);

enum nvt_report_state { NVT_STATE_PENDING, NVT_STATE_DONE, NVT_STATE_FAILED, NVT_STATE_UNDONE };
struct nvt_step_report {
	const char *name;
	enum nvt_report_state state; /* prints as pending, done, failed, undone */
	uint64_t us;                 /* device time */
	uint64_t mmio_reads, mmio_writes;
};

struct nvt_region {
	uint64_t base, size;
};
struct nvt_fb_plan { /* values of GspFwWprMeta */
	uint64_t size;
	struct nvt_region vga_workspace, frts, boot_bin, elf, wpr_heap, wpr2, non_wpr_heap;
	uint32_t pmu_reserved_size;
	bool sizes_only; /* the GPU's boot firmware chooses every base, and the size of WPR2 */
};

/* A GPU that is not there: what there is to know about it before its framebuffer is planned. */
struct nvt_fb_query {
	const struct nvt_chip *chip;
	const char *release; /* NULL: the newest in db that has files for the chip */
	uint64_t vram;
	bool display_off;    /* the display engine is fused off: nobody set a VGA workspace up */
	uint64_t vga_base;   /* where it is, 0: nowhere */
};
/*
 * The same plan that bring-up makes; image sizes come from the manifests in db, no file is needed.
 * *ret_release is the release it is for, borrowed from db.
 */
NVT_API int nvt_fb_plan_offline(const struct nvt_fwdb *db, const struct nvt_fb_query *q, struct nvt_fb_plan *ret,
				const char **ret_release, struct nvt_error *e);

struct nvt_fb_region {
	uint64_t base, limit;
	bool reserved, supports_compressed, supports_iso, is_protected;
};
struct nvt_static_info {
	char gpu_name[64];
	uint64_t fb_length;
	nvt_handle h_client, h_device, h_subdevice;
	uint64_t bar1_pde_base, bar2_pde_base;
	struct nvt_fb_region fb[16];
	unsigned fb_count;
	uint32_t payload_size; /* bytes of GspStaticConfigInfo received */
};

#define NVT_STEPS_MAX 24
struct nvt_boot_report {
	const struct nvt_chip *chip;
	char release[32];
	struct nvt_step_report steps[NVT_STEPS_MAX]; /* bring-up, in order */
	unsigned step_count;
	struct nvt_step_report unload[NVT_STEPS_MAX]; /* filled by nvt_gpu_unload */
	unsigned unload_count;
	bool has_fb, has_static_info;
	struct nvt_fb_plan fb;
	struct nvt_static_info static_info;
	char vbios_version[24];
	uint64_t mmio_reads, mmio_writes, prom_reads, falcon_load_accesses;
	uint64_t rpc_sent, rpc_received;
	unsigned events_skipped; /* unknown events that were reported and skipped */
	char notes[8][160];      /* what the user should know: unknown events, GSP error log lines, ... */
	unsigned note_count;
	bool up;                 /* GSP-RM is running and talking */
};

/*
 * Runs the steps. On failure, and after opts->until, undo runs in reverse order; *ret is filled in
 * either case with what happened. Already up: NVT_E_USAGE.
 */
NVT_API int nvt_gpu_boot(struct nvt_gpu *gpu, const struct nvt_boot_opts *opts, struct nvt_boot_report *ret,
			 struct nvt_error *e);
/* UNLOADING_GUEST_DRIVER, FWSEC-SB, booter_unload, WPR2 gone; frees the boot's DMA memory. Fills
 * ret->unload and the counters. Not up: NVT_E_USAGE. */
NVT_API int nvt_gpu_unload(struct nvt_gpu *gpu, struct nvt_boot_report *ret, struct nvt_error *e);
/* Function-level reset; forgets all state of a boot. */
NVT_API int nvt_gpu_reset(struct nvt_gpu *gpu, struct nvt_error *e);

struct nvt_gpu_status {
	const struct nvt_chip *chip;
	char device[96];      /* URI */
	char bdf[16];
	uint16_t pci_device;
	bool boot_display;    /* the machine's firmware started with it */
	uint32_t boot_0, boot_42;
	bool gfw_ready;
	uint64_t vram_size;
	bool wpr2_up;
	uint64_t wpr2_lo, wpr2_hi;
	bool riscv_active;
	bool up;              /* this process booted it */
	char release[32];     /* of the running GSP-RM, "" if not up */
};
/* This process booted it, and did not unload or reset it since. Asks nobody: true of a GPU that is gone, too. */
NVT_API bool nvt_gpu_is_up(const struct nvt_gpu *gpu);
/* Reads only. */
NVT_API int nvt_gpu_status(struct nvt_gpu *gpu, struct nvt_gpu_status *ret, struct nvt_error *e);
/* One register, with the transport's checks. */
NVT_API int nvt_gpu_reg_read(struct nvt_gpu *gpu, uint32_t addr, uint32_t *ret, struct nvt_error *e);
/* The ROM behind PROM, as the driver reads it; malloced, the caller frees ret->p. */
NVT_API int nvt_gpu_rom_read(struct nvt_gpu *gpu, struct nvt_bytes *ret, struct nvt_error *e);
/*
 * What the bring-up of a chip was tried on: "model", "silicon", "model, silicon"; "untested"; NULL when the
 * driver has no bring-up path for the chip.
 */
NVT_API const char *nvt_chip_tested(const struct nvt_chip *chip);
/* The model's report on the driver; false if the device is not the model. */
NVT_API bool nvt_gpu_sim_report(struct nvt_gpu *gpu, struct nvt_sim_report *ret);

#endif
