/* SPDX-License-Identifier: MIT */
/* Finds FWSEC in the VBIOS, prepares it for its two commands, runs it on the GSP falcon. */
#include "core/fwsec.h"

#include "core/state.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#include <stdlib.h>
#include <string.h>

#define PROM_SIZE ((size_t)NV_PROM_DATA__COUNT * NV_PROM_DATA__STRIDE)
#define BLOCK 256

int rom_read(struct nvt_transport *t, uint8_t **ret, size_t *ret_size, struct nvt_error *e)
{
	uint8_t *rom = malloc(PROM_SIZE);
	size_t have = 0, need;
	int rc = rom ? 0 : nvt_fail(e, NVT_E_NOMEM, "no memory for the VBIOS");

	while (!rc) {
		need = nvt_align_up(nvt_vbios_need((struct nvt_bytes){ rom, have }), 4);
		if (need <= have)
			break;
		if (need > PROM_SIZE) {
			rc = nvt_fail(e, NVT_E_DATA,
				      "the VBIOS runs past the PROM window of 0x%zx bytes",
				      PROM_SIZE);
			break;
		}
		rc = nvt_window_rd(t, 0, NV_PROM_DATA + have, rom + have, need - have, e);
		have = need;
	}
	if (rc) {
		free(rom);
		return rc;
	}
	*ret = rom;
	*ret_size = have;
	return 0;
}

int fwsec_find(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	const struct nvt_fwsec *fs;
	struct nvt_vbios *vb;
	int rc = rom_read(gpu->t, &b->rom, &b->rom_size, e);

	if (rc)
		return rc;
	vb = calloc(1, sizeof(*vb));
	if (!vb)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the VBIOS");
	rc = nvt_vbios_parse((struct nvt_bytes){ b->rom, b->rom_size }, vb, e);
	fs = rc ? NULL : nvt_vbios_fwsec(vb);
	if (!rc && !fs)
		rc = nvt_fail(e, NVT_E_DATA, "the VBIOS has no production FWSEC");
	if (fs) {
		b->fwsec_desc = *fs;
		memcpy(gpu->report.vbios_version, vb->version, sizeof(gpu->report.vbios_version));
	}
	free(vb);
	return nvt_during(e, rc, "VBIOS");
}

/* ---- images ---- */

static int pick_signature(struct nvt_gpu *gpu, unsigned *ret, struct nvt_error *e)
{
	const struct nvt_fwsec *fs = &gpu->b.fwsec_desc;
	uint32_t reg, fuse;
	int rc = chip_ucode_fuse(fs->engine_id_mask, fs->ucode_id, &reg, e);

	if (!rc)
		rc = nvt_rd32(gpu->t, reg, &fuse, e);
	return rc ? rc : nvt_fwsec_pick_signature(fs, fuse, ret, e);
}

/* IMEM part first, DMEM part behind it, and room for the last DMA block of each. */
static int make_image(struct nvt_gpu *gpu, const char *name, enum nvt_fwsec_cmd cmd,
		      unsigned signature, struct nvt_dma *dma, struct nvt_error *e)
{
	const struct nvt_fwsec *fs = &gpu->b.fwsec_desc;
	const struct nvt_region *frts = &gpu->report.fb.frts;
	struct nvt_bytes rom = { gpu->b.rom, gpu->b.rom_size };
	int rc;

	if (!nvt_in_range(fs->ucode_off, fs->stored_size, rom.n))
		return nvt_fail(e, NVT_E_DATA, "FWSEC runs past the end of the VBIOS");
	rc = nvt_dma_alloc(gpu->t, name, nvt_align_up((uint64_t)fs->stored_size + BLOCK, 0x1000),
			   0x1000, NVT_DMA_TO_DEVICE, dma, e);
	if (rc)
		return rc;
	memcpy(dma->cpu, rom.p + fs->ucode_off, fs->stored_size);
	rc = nvt_fwsec_prepare(rom, fs, dma->cpu, fs->stored_size, cmd, frts->base, frts->size,
			       signature, e);
	if (!rc)
		nvt_dma_sync(gpu->t, dma, 0, dma->size);
	return rc;
}

int fwsec_prepare(struct nvt_gpu *gpu, struct nvt_error *e)
{
	unsigned signature = 0;
	int rc = 0;

	if (gpu->b.fwsec_desc.desc_version == 3)
		rc = pick_signature(gpu, &signature, e);
	if (!rc)
		rc = make_image(gpu, "fwsec-sb", NVT_FWSEC_SB, signature, &gpu->b.fwsec_sb, e);
	if (!rc)
		rc = make_image(gpu, "fwsec-frts", NVT_FWSEC_FRTS, signature, &gpu->b.fwsec_frts,
				e);
	return nvt_during(e, rc, "FWSEC");
}

void fwsec_free(struct nvt_gpu *gpu)
{
	nvt_dma_free(gpu->t, &gpu->b.fwsec_sb);
	nvt_dma_free(gpu->t, &gpu->b.fwsec_frts);
}

/* ---- runs ---- */

static int run(struct nvt_gpu *gpu, const char *name, const struct nvt_dma *mem,
	       struct nvt_error *e)
{
	const struct nvt_fwsec *fs = &gpu->b.fwsec_desc;
	const struct falcon_args args = { .mbox0 = 0 };
	const struct falcon_image img = {
		.name = name,
		.mem = mem,
		.imem = { 0, fs->imem_load_size, fs->imem_phys_base, fs->imem_virt_base },
		.dmem = { fs->imem_load_size, fs->dmem_load_size, fs->dmem_phys_base },
		.boot_vector = fs->imem_virt_base,
		.signature = fs->pkc_data_off,
		.engine_mask = fs->engine_id_mask,
		.ucode_id = fs->ucode_id,
	};

	return falcon_run(gpu->t, gpu->row->falcon, gpu->row->gsp, &img, &args, gpu->boot_0, e);
}

int fwsec_run_frts(struct nvt_gpu *gpu, struct nvt_error *e)
{
	return run(gpu, "FWSEC-FRTS", &gpu->b.fwsec_frts, e);
}

int fwsec_check_frts(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct nvt_poll no_error = {
		.off = NV_PBUS_SW_SCRATCH_0E,
		.mask = NVT_MASK(NV_PBUS_SW_SCRATCH_0E_FRTS_ERR_CODE),
		.want = NVT_DEF(NV_PBUS_SW_SCRATCH_0E_FRTS_ERR_CODE, NONE),
		.what = "FWSEC-FRTS to report no error",
		.hint = "FWSEC refused to set WPR2 up; check the VBIOS with `nvtool vbios info`",
	};
	const struct nvt_poll up = {
		.off = NV_PFB_PRI_MMU_WPR2_ADDR_HI,
		.mask = NVT_MASK(NV_PFB_PRI_MMU_WPR2_ADDR_HI_VAL),
		.want = 0,
		.negate = true,
		.what = "WPR2 to be set up by FWSEC-FRTS",
		.hint = "FWSEC ended without doing anything; the boot ROM may have refused its "
			"signature",
	};
	const struct nvt_poll there = {
		.off = NV_PFB_PRI_MMU_WPR2_ADDR_LO,
		.mask = NVT_MASK(NV_PFB_PRI_MMU_WPR2_ADDR_LO_VAL),
		.want = NVT_SET(NV_PFB_PRI_MMU_WPR2_ADDR_LO_VAL, gpu->report.fb.frts.base >> 12),
		.what = "WPR2 to begin where FRTS was told",
		.hint = "FWSEC placed it by its own rules; is the VBIOS of this board intact? "
			"`nvtool vbios info`",
	};
	int rc = nvt_poll(gpu->t, &no_error, NULL, e);

	if (!rc)
		rc = falcon_expect_mailbox0_clear(gpu->t, gpu->row->gsp,
						  "FWSEC-FRTS to leave MAILBOX0 clear", e);
	if (!rc)
		rc = nvt_poll(gpu->t, &up, NULL, e);
	return rc ? rc : nvt_poll(gpu->t, &there, NULL, e);
}

int fwsec_run_sb(struct nvt_gpu *gpu, struct nvt_error *e)
{
	/* Bits 31:16 hold something else: a live RTX 4090 reads 0xc6000000. */
	const struct nvt_poll no_error = {
		.off = NV_PBUS_SW_SCRATCH_15,
		.mask = NVT_MASK(NV_PBUS_SW_SCRATCH_15_SB_ERR_CODE),
		.want = NVT_DEF(NV_PBUS_SW_SCRATCH_15_SB_ERR_CODE, NONE),
		.what = "FWSEC-SB to report no error",
		.hint = "GSP state may stay behind; `nvtool reset` clears it",
	};
	int rc = run(gpu, "FWSEC-SB", &gpu->b.fwsec_sb, e);

	return rc ? rc : nvt_poll(gpu->t, &no_error, NULL, e);
}
