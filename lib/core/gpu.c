/* SPDX-License-Identifier: MIT */
/* One open GPU: identity, status, reset, and what every step leaves notes in. */
#include "core/gpu.h"

#include "core/firmware.h"
#include "core/fwsec.h"
#include "core/libos.h"
#include "core/state.h"

#include "regs/regs_const.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CFG_COMMAND 0x04

int gpu_new(const struct gpu_env *env, struct nvt_gpu **ret, struct nvt_error *e)
{
	struct nvt_gpu *gpu = calloc(1, sizeof(*gpu));

	if (!gpu)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a GPU");
	gpu->env = *env;
	gpu->ctx = env->ctx;
	gpu->t = env->t;
	*ret = gpu;
	return 0;
}

void gpu_forget_boot(struct nvt_gpu *gpu)
{
	firmware_free(gpu);
	fwsec_free(gpu);
	libos_free(gpu);
	free(gpu->b.rom);
	memset(&gpu->b, 0, sizeof(gpu->b));
}

void gpu_free(struct nvt_gpu *gpu)
{
	if (!gpu)
		return;
	gpu_forget_boot(gpu);
	free(gpu);
}

int nvt_gpu_close(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct gpu_env env;

	if (!gpu)
		return 0;
	env = gpu->env;
	/* GSP-RM keeps running, and the memory it uses goes. */
	if (gpu->report.up)
		gpu_set_command(gpu, GPU_COMMAND_MASTER, 0, NULL);
	gpu_free(gpu);
	return env.on_close ? env.on_close(env.arg, e) : 0;
}

struct nvt_ctx *nvt_gpu_ctx(struct nvt_gpu *gpu)
{
	return gpu->ctx;
}

void gpu_note(struct nvt_gpu *gpu, const char *fmt, ...)
{
	struct nvt_boot_report *r = &gpu->report;
	struct nvt_event ev = { .kind = NVT_EV_NOTE };
	char text[sizeof(r->notes[0])];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* The first ones tell most; all of them are in the event stream. */
	if (r->note_count < NVT_ARRAY_SIZE(r->notes))
		memcpy(r->notes[r->note_count++], text, sizeof(text));
	ev.u.finding.rule = "note";
	ev.u.finding.text = text;
	nvt_emit(gpu->ctx, &ev);
}

void gpu_account(struct nvt_gpu *gpu)
{
	const struct nvt_io_counts *now = &gpu->t->counts, *base = &gpu->base;
	struct nvt_boot_report *r = &gpu->report;

	r->mmio_reads = now->reads - base->reads;
	r->mmio_writes = now->writes - base->writes;
	r->prom_reads = now->prom_reads - base->prom_reads;
	r->falcon_load_accesses = now->falcon_load_reads - base->falcon_load_reads +
				  now->falcon_load_writes - base->falcon_load_writes;
}

int gpu_set_command(struct nvt_gpu *gpu, uint32_t clear, uint32_t set, struct nvt_error *e)
{
	uint32_t was, want;
	int rc = nvt_cfg_rd(gpu->t, CFG_COMMAND, 2, &was, e);

	if (rc)
		return rc;
	want = (was & ~clear) | set;
	return want == was ? 0 : nvt_cfg_wr(gpu->t, CFG_COMMAND, 2, want, e);
}

int gpu_identify(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct nvt_chip *chip;
	int rc = nvt_rd32(gpu->t, NV_PMC_BOOT_0, &gpu->boot_0, e);

	if (!rc)
		rc = nvt_rd32(gpu->t, NV_PMC_BOOT_42, &gpu->boot_42, e);
	if (rc)
		return rc;
	chip = nvt_chip_by_boot42(gpu->boot_42);
	if (!chip) {
		rc = nvt_fail(e, NVT_E_ENV, "this chip is not in the chip table");
		nvt_err_reg(e, "NV_PMC_BOOT_42 (0x%08x)", NV_PMC_BOOT_42);
		nvt_err_seen(e, "0x%08x", gpu->boot_42);
		nvt_err_hint(e, "`nvtool chips` lists those that are");
		return rc;
	}
	gpu->chip = chip;
	return 0;
}

int nvt_gpu_reset(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc = nvt_transport_reset(gpu->t, e);

	if (rc)
		return nvt_during(e, rc, "reset");
	/* Only now: until the reset the GPU may have been using the memory. */
	gpu_forget_boot(gpu);
	gpu->report.up = false;
	return 0;
}

/* ---- looking without touching ---- */

static int read_progress(struct nvt_gpu *gpu, struct nvt_gpu_status *st, struct nvt_error *e)
{
	uint32_t mask, boot = 0;
	int rc = nvt_rd32(gpu->t, NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK, &mask, e);

	if (rc ||
	    !NVT_GET(mask,
		     NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0))
		return rc;
	rc = nvt_rd32(gpu->t, NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT, &boot, e);
	st->gfw_ready = NVT_GET(boot, NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS) ==
			NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS_COMPLETED;
	return rc;
}

/* What the driver can only read on chips that it knows. */
static int read_row_status(struct nvt_gpu *gpu, const struct chip_row *row,
			   struct nvt_gpu_status *st, struct nvt_error *e)
{
	struct fb_wpr2 wpr2;
	uint32_t cpuctl;
	int rc = read_progress(gpu, st, e);

	if (!rc)
		rc = row->fb->read_size(gpu->t, &st->vram_size, e);
	if (!rc)
		rc = fb_read_wpr2(gpu->t, &wpr2, e);
	if (!rc)
		rc = nvt_rd32(gpu->t, row->gsp->priscv + NV_PRISCV_RISCV_CPUCTL, &cpuctl, e);
	if (rc)
		return rc;
	st->wpr2_up = wpr2.hi != 0;
	st->wpr2_lo = wpr2.lo;
	st->wpr2_hi = wpr2.hi;
	st->riscv_active = NVT_GET(cpuctl, NV_PRISCV_RISCV_CPUCTL_ACTIVE_STAT) != 0;
	return 0;
}

int nvt_gpu_status(struct nvt_gpu *gpu, struct nvt_gpu_status *ret, struct nvt_error *e)
{
	const struct nvt_pci_info *pci = &gpu->t->pci;
	struct nvt_gpu_status st = { .pci_device = pci->device, .boot_display = pci->boot_vga };
	const struct chip_row *row;
	int rc = gpu_identify(gpu, e);

	if (rc)
		return rc;
	st.chip = gpu->chip;
	st.boot_0 = gpu->boot_0;
	st.boot_42 = gpu->boot_42;
	snprintf(st.device, sizeof(st.device), "%s", gpu->env.uri);
	snprintf(st.bdf, sizeof(st.bdf), "%04x:%02x:%02x.%x", pci->domain, pci->bus,
		 pci->dev & 0x1f, pci->fn & 7);
	if (!chip_row_find(gpu->chip, &row, NULL))
		rc = read_row_status(gpu, row, &st, e);
	if (rc)
		return rc;
	st.up = gpu->report.up;
	if (st.up)
		memcpy(st.release, gpu->report.release, sizeof(st.release));
	*ret = st;
	return 0;
}

bool nvt_gpu_is_up(const struct nvt_gpu *gpu)
{
	return gpu->report.up;
}

int nvt_gpu_reg_read(struct nvt_gpu *gpu, uint32_t addr, uint32_t *ret, struct nvt_error *e)
{
	return nvt_rd32(gpu->t, addr, ret, e);
}

int nvt_gpu_rom_read(struct nvt_gpu *gpu, struct nvt_bytes *ret, struct nvt_error *e)
{
	uint8_t *rom;
	size_t n;
	int rc = rom_read(gpu->t, &rom, &n, e);

	if (!rc)
		*ret = (struct nvt_bytes){ rom, n };
	return rc;
}

bool nvt_gpu_sim_report(struct nvt_gpu *gpu, struct nvt_sim_report *ret)
{
	return gpu->env.sim_report && gpu->env.sim_report(gpu->env.arg, ret);
}
