/* SPDX-License-Identifier: MIT */
/* Falcons of GA102 and later: two cores to choose from, DMA load, boot ROM. */
#include "core/falcon.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#define BLOCK 256

/*
 * RESET_READY sometimes never comes (OGKM kernel_falcon_ga102.c, bug 3419321): waited for, then
 * the reset goes ahead all the same.
 */
static int wait_reset_ready(struct nvt_transport *t, const struct falcon_unit *u,
			    struct nvt_error *e)
{
	const struct nvt_poll ready = {
		.off = u->pfalcon + NV_PFALCON_FALCON_HWCFG2,
		.mask = NVT_MASK(NV_PFALCON_FALCON_HWCFG2_RESET_READY),
		.want = NVT_DEF(NV_PFALCON_FALCON_HWCFG2_RESET_READY, TRUE),
		.timeout_us = 150,
		.what = "falcon to be ready for reset",
	};
	struct nvt_error late;
	int rc = nvt_poll(t, &ready, NULL, &late);

	if (rc == -NVT_E_TIMEOUT)
		return 0;
	if (rc && e)
		*e = late;
	return rc;
}

static int wait_scrubbed(struct nvt_transport *t, const struct falcon_unit *u, struct nvt_error *e)
{
	const struct nvt_poll scrubbed = {
		.off = u->pfalcon + NV_PFALCON_FALCON_HWCFG2,
		.mask = NVT_MASK(NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING),
		.want = NVT_DEF(NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING, DONE),
		.timeout_us = 20000,
		.what = "falcon memory to be scrubbed",
		.hint = "the falcon does not come out of reset; `nvtool reset`",
	};

	return nvt_poll(t, &scrubbed, NULL, e);
}

/* The choice of core outlives the engine reset, so a RISC-V left selected is switched back. */
static int select_falcon(struct nvt_transport *t, const struct falcon_unit *u, struct nvt_error *e)
{
	const struct nvt_poll valid = {
		.off = u->priscv + NV_PRISCV_RISCV_BCR_CTRL,
		.mask = NVT_MASK(NV_PRISCV_RISCV_BCR_CTRL_VALID),
		.want = NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_VALID, TRUE),
		.timeout_us = 10000,
		.what = "the falcon core to be selected",
		.hint = "the unit keeps its RISC-V core; `nvtool reset`",
	};
	uint32_t bcr;
	int rc = nvt_rd32(t, valid.off, &bcr, e);

	if (rc || NVT_GET(bcr, NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT) ==
			  NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT_FALCON)
		return rc;
	rc = nvt_wr32(t, valid.off, NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT, FALCON), e);
	if (!rc)
		rc = nvt_poll(t, &valid, NULL, e);
	return rc ? rc : wait_scrubbed(t, u, e);
}

/* As OGKM kflcnResetIntoRiscv_GA102 and nouveau: the core waits for the booter to start it. */
static int select_riscv(struct nvt_transport *t, const struct falcon_unit *u, struct nvt_error *e)
{
	return nvt_wr32(t, u->priscv + NV_PRISCV_RISCV_BCR_CTRL,
			NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT, RISCV) |
				NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_VALID, TRUE) |
				NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_BRFETCH, TRUE),
			e);
}

static int reset(struct nvt_transport *t, const struct falcon_unit *u, enum falcon_core core,
		 uint32_t boot_0, struct nvt_error *e)
{
	uint32_t engine = u->pfalcon + NV_PFALCON_FALCON_ENGINE;
	int rc = wait_reset_ready(t, u, e);

	if (!rc)
		rc = nvt_wr32(t, engine, NVT_DEF(NV_PFALCON_FALCON_ENGINE_RESET, TRUE), e);
	if (!rc)
		nvt_delay_us(t, 10);
	if (!rc)
		rc = nvt_wr32(t, engine, NVT_DEF(NV_PFALCON_FALCON_ENGINE_RESET, FALSE), e);
	if (!rc)
		rc = wait_scrubbed(t, u, e);
	if (!rc)
		rc = core == FALCON_CORE_RISCV ? select_riscv(t, u, e) : select_falcon(t, u, e);
	if (!rc && core == FALCON_CORE_FALCON)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_RM, boot_0, e);
	return nvt_during(e, rc, "reset of the %s falcon", u->name);
}

/*
 * FBOFFS is also where IMEM block tags come from, so the base is moved by what source and tag
 * differ. The transfer engine takes whole 256-byte blocks.
 */
static int transfer(struct nvt_transport *t, const struct falcon_unit *u, uint64_t base,
		    uint32_t fb_off, uint32_t dst, uint32_t size, uint32_t cmd, struct nvt_error *e)
{
	const struct nvt_poll idle = {
		.off = u->pfalcon + NV_PFALCON_FALCON_DMATRFCMD,
		.mask = NVT_MASK(NV_PFALCON_FALCON_DMATRFCMD_IDLE),
		.want = NVT_DEF(NV_PFALCON_FALCON_DMATRFCMD_IDLE, TRUE),
		.timeout_us = 2000000,
		.what = "a falcon DMA transfer to end",
		.hint = "the falcon cannot fetch from system memory: look at bus mastering and the "
			"IOMMU",
	};
	uint32_t at;
	int rc;

	if (base & (BLOCK - 1) || fb_off & (BLOCK - 1) || base >> 49)
		return nvt_fail(e, NVT_E_DATA, "falcon DMA cannot start at 0x%llx, offset 0x%x",
				(unsigned long long)base, fb_off);
	rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMATRFBASE, (uint32_t)(base >> 8), e);
	if (!rc)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMATRFBASE1, (uint32_t)(base >> 40),
			      e);
	for (at = 0; !rc && at < size; at += BLOCK) {
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMATRFMOFFS, dst + at, e);
		if (!rc)
			rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMATRFFBOFFS, fb_off + at,
				      e);
		if (!rc)
			rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMATRFCMD, cmd, e);
		if (!rc)
			rc = nvt_poll(t, &idle, NULL, e);
	}
	return rc;
}

/* Source and destination must lie in the buffer; the last block may run into its zero padding. */
static int check_image(const struct falcon_image *img, struct nvt_error *e)
{
	uint64_t imem_end = nvt_align_up(img->imem.size, BLOCK),
		 dmem_end = nvt_align_up(img->dmem.size, BLOCK);

	if (!nvt_in_range(img->imem.src, imem_end, img->mem->size) ||
	    !nvt_in_range(img->dmem.src, dmem_end, img->mem->size))
		return nvt_fail(
			e, NVT_E_DATA,
			"%s: IMEM 0x%x+0x%x or DMEM 0x%x+0x%x exceeds the image of 0x%zx bytes",
			img->name, img->imem.src, img->imem.size, img->dmem.src, img->dmem.size,
			img->mem->size);
	return 0;
}

static int load_parts(struct nvt_transport *t, const struct falcon_unit *u,
		      const struct falcon_image *img, struct nvt_error *e)
{
	const uint32_t block = NVT_DEF(NV_PFALCON_FALCON_DMATRFCMD_SIZE, 256B);
	/* Bit 0 of SEC: the block may run secure (OGKM, nouveau and nova write 0x614). */
	const uint32_t imem = block | NVT_DEF(NV_PFALCON_FALCON_DMATRFCMD_IMEM, TRUE) |
			      NVT_SET(NV_PFALCON_FALCON_DMATRFCMD_SEC, 1);
	int rc = nvt_rmw32(t, u->pfalcon + NV_PFALCON_FBIF_CTL, 0,
			   NVT_DEF(NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX, ALLOW), e);

	if (!rc)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_DMACTL, 0, e);
	if (!rc)
		rc = nvt_rmw32(t, u->pfalcon + NVT_REG_AT(NV_PFALCON_FBIF_TRANSCFG, 0),
			       NVT_MASK(NV_PFALCON_FBIF_TRANSCFG_TARGET) |
				       NVT_MASK(NV_PFALCON_FBIF_TRANSCFG_MEM_TYPE),
			       NVT_DEF(NV_PFALCON_FBIF_TRANSCFG_TARGET, COHERENT_SYSMEM) |
				       NVT_DEF(NV_PFALCON_FBIF_TRANSCFG_MEM_TYPE, PHYSICAL),
			       e);
	if (!rc)
		rc = transfer(t, u, img->mem->iova + img->imem.src - img->imem.tag, img->imem.tag,
			      img->imem.dst, img->imem.size, imem, e);
	if (!rc)
		rc = transfer(t, u, img->mem->iova + img->dmem.src, 0, img->dmem.dst,
			      img->dmem.size, block, e);
	return rc;
}

static int load(struct nvt_transport *t, const struct falcon_unit *u,
		const struct falcon_image *img, struct nvt_error *e)
{
	int rc = check_image(img, e);

	if (rc)
		return rc;
	t->loading = true;
	rc = load_parts(t, u, img, e);
	t->loading = false;
	return nvt_during(e, rc, "loading %s into %s", img->name, u->name);
}

static int set_boot_rom(struct nvt_transport *t, const struct falcon_unit *u,
			const struct falcon_image *img, struct nvt_error *e)
{
	int rc = nvt_wr32(t, u->pfalcon2 + NVT_REG_AT(NV_PFALCON2_FALCON_BROM_PARAADDR, 0),
			  img->signature, e);

	if (!rc)
		rc = nvt_wr32(t, u->pfalcon2 + NV_PFALCON2_FALCON_BROM_ENGIDMASK, img->engine_mask,
			      e);
	if (!rc)
		rc = nvt_wr32(t, u->pfalcon2 + NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID,
			      NVT_SET(NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID_VAL, img->ucode_id), e);
	if (!rc)
		rc = nvt_wr32(t, u->pfalcon2 + NV_PFALCON2_FALCON_MOD_SEL,
			      NVT_DEF(NV_PFALCON2_FALCON_MOD_SEL_ALGO, RSA3K), e);
	return rc;
}

static int riscv_active(struct nvt_transport *t, const struct falcon_unit *u, uint64_t timeout_us,
			struct nvt_error *e)
{
	const struct nvt_poll active = {
		.off = u->priscv + NV_PRISCV_RISCV_CPUCTL,
		.mask = NVT_MASK(NV_PRISCV_RISCV_CPUCTL_ACTIVE_STAT),
		.want = NVT_DEF(NV_PRISCV_RISCV_CPUCTL_ACTIVE_STAT, ACTIVE),
		.timeout_us = timeout_us,
		.interval_us = 1000,
		.what = "GSP RISC-V core to run",
		.hint = "booter_load reported success, but the RISC-V core never started; is "
			"booter_load of the same release as the GSP-RM image?",
	};

	return nvt_poll(t, &active, NULL, e);
}

const struct falcon_hal falcon_ga102 = {
	.reset = reset,
	.load = load,
	.set_boot_rom = set_boot_rom,
	.riscv_active = riscv_active,
};
