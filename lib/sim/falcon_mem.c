/* SPDX-License-Identifier: MIT */
/* A falcon's IMEM and DMEM: loading by DMA and through the data ports. */
#include "sim/model.h"

#include "base/bytes.h"

#include <string.h>

void sim_falcon_mem_clear(struct sim_falcon *f)
{
	memset(f->imem, 0, f->imem_size);
	memset(f->dmem, 0, f->dmem_size);
	memset(f->blocks, 0, f->imem_size / SIM_FALCON_BLOCK * sizeof(*f->blocks));
}

static bool may_load(struct sim *s, const struct sim_falcon *f, bool imem)
{
	if (f->in_reset || s->now_ns < f->scrubbed_ns)
		sim_violation(s, "load-while-scrubbing", NULL, "HWCFG2_MEM_SCRUBBING_DONE",
			      "%s loaded before its memories are scrubbed", f->name);
	else if (f->running)
		sim_violation(s, "load-while-running", NULL, "CPUCTL_HALTED", "%s loaded while it runs", f->name);
	else if (imem && f->hs_ran)
		sim_violation(s, "load-without-reset", NULL, "an engine reset",
			      "%s IMEM loaded after secure code ran there", f->name);
	else
		return true;
	return false;
}

/* ---- DMA ---- */

struct transfer {
	uint64_t source;
	uint32_t dest, size, fboffs;
	bool imem, secure;
	unsigned target;
};

static bool context_ok(struct sim *s, const struct sim_falcon *f, uint32_t transcfg)
{
	uint32_t ctl = sim_falcon_get(s, f, NV_PFALCON_FBIF_CTL);

	if (!NVT_GET(ctl, NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX))
		sim_violation(s, "dma-context", SIM_HEX(ctl), "FBIF_CTL_ALLOW_PHYS_NO_CTX",
			      "%s DMA without a context while FBIF wants one", f->name);
	else if (NVT_GET(sim_falcon_get(s, f, NV_PFALCON_FALCON_DMACTL), NV_PFALCON_FALCON_DMACTL_REQUIRE_CTX))
		sim_violation(s, "dma-context", NULL, "DMACTL 0", "%s DMA while DMACTL requires a context",
			      f->name);
	else if (!NVT_GET(transcfg, NV_PFALCON_FBIF_TRANSCFG_MEM_TYPE))
		sim_violation(s, "dma-context", SIM_HEX(transcfg), "TRANSCFG_MEM_TYPE_PHYSICAL",
			      "%s DMA of virtual memory, which no context describes", f->name);
	else
		return true;
	return false;
}

static bool transfer_of(struct sim *s, const struct sim_falcon *f, uint32_t cmd, struct transfer *t)
{
	uint32_t transcfg = sim_falcon_get(s, f,
					   NVT_REG_AT(NV_PFALCON_FBIF_TRANSCFG,
						      NVT_GET(cmd, NV_PFALCON_FALCON_DMATRFCMD_CTXDMA)));

	if (!context_ok(s, f, transcfg))
		return false;
	t->target = NVT_GET(transcfg, NV_PFALCON_FBIF_TRANSCFG_TARGET);
	t->fboffs = sim_falcon_get(s, f, NV_PFALCON_FALCON_DMATRFFBOFFS);
	t->source = ((uint64_t)NVT_GET(sim_falcon_get(s, f, NV_PFALCON_FALCON_DMATRFBASE1),
				       NV_PFALCON_FALCON_DMATRFBASE1_BASE) << 40) +
		    ((uint64_t)sim_falcon_get(s, f, NV_PFALCON_FALCON_DMATRFBASE) << 8);
	/* Images of which only the end is loaded have a base below their memory: the sum counts. */
	t->source = (t->source + t->fboffs) & ((1ull << 49) - 1);
	t->dest = NVT_GET(sim_falcon_get(s, f, NV_PFALCON_FALCON_DMATRFMOFFS), NV_PFALCON_FALCON_DMATRFMOFFS_OFFS);
	t->size = 4u << NVT_GET(cmd, NV_PFALCON_FALCON_DMATRFCMD_SIZE);
	t->imem = NVT_GET(cmd, NV_PFALCON_FALCON_DMATRFCMD_IMEM);
	t->secure = NVT_GET(cmd, NV_PFALCON_FALCON_DMATRFCMD_SEC);
	return true;
}

static bool transfer_ok(struct sim *s, const struct sim_falcon *f, uint32_t cmd, const struct transfer *t)
{
	uint32_t limit = t->imem ? f->imem_size : f->dmem_size;

	if (NVT_GET(cmd, NV_PFALCON_FALCON_DMATRFCMD_WRITE))
		sim_violation(s, "dma-direction", SIM_HEX(cmd), NULL, "%s asked to write memory to the bus", f->name);
	else if (t->size > SIM_FALCON_BLOCK || (t->imem && t->size != SIM_FALCON_BLOCK))
		sim_violation(s, "dma-size", SIM_HEX(t->size), "0x00000100", "%s DMA of an odd size", f->name);
	else if (t->dest % t->size || t->source % t->size)
		sim_violation(s, "dma-alignment", SIM_HEX(t->dest), NULL,
			      "%s DMA whose source or destination is not aligned to its size", f->name);
	else if (!nvt_in_range(t->dest, t->size, limit))
		sim_violation(s, "dma-range", SIM_HEX(t->dest), SIM_HEX(limit), "%s DMA beyond %s", f->name,
			      t->imem ? "IMEM" : "DMEM");
	else
		return may_load(s, f, t->imem);
	return false;
}

static bool fetch(struct sim *s, const struct sim_falcon *f, const struct transfer *t, uint8_t *buf)
{
	if (t->target != NV_PFALCON_FBIF_TRANSCFG_TARGET_LOCAL_FB)
		return sim_dma_rd(s, t->source, buf, t->size, f->name);
	if (sim_vram_rd(&s->vram, t->source, buf, t->size))
		return true;
	sim_violation(s, "vram-range", SIM_HEX(t->source), SIM_HEX(s->vram.size), "%s DMA beyond video memory",
		      f->name);
	return false;
}

void sim_falcon_dma(struct sim *s, struct sim_falcon *f, uint32_t cmd)
{
	uint8_t buf[SIM_FALCON_BLOCK];
	struct sim_falcon_block *b;
	struct transfer t;

	if (sim_fault_fires(s, SIM_F_FALCON_DMA_STUCK))
		f->dma_stuck = true;
	if (!transfer_of(s, f, cmd, &t) || !transfer_ok(s, f, cmd, &t) || !fetch(s, f, &t, buf))
		return;
	f->dma_idle_ns = (f->dma_idle_ns > s->now_ns ? f->dma_idle_ns : s->now_ns) + SIM_T_DMA_BLOCK;
	if (!t.imem) {
		memcpy(f->dmem + t.dest, buf, t.size);
		return;
	}
	memcpy(f->imem + t.dest, buf, t.size);
	b = &f->blocks[t.dest / SIM_FALCON_BLOCK];
	b->tag = t.fboffs / SIM_FALCON_BLOCK;
	b->secure = t.secure;
	b->valid = true;
}

/* ---- data ports ---- */

/* Position from OFFS and BLK, which together are a byte offset. */
static uint32_t position(uint32_t ctl)
{
	return ctl & (NVT_MASK(NV_PFALCON_FALCON_IMEMC_BLK) | NVT_MASK(NV_PFALCON_FALCON_IMEMC_OFFS));
}

/* Moves the position on by a word when the direction's auto-increment is set. */
static void step(struct sim *s, const struct sim_falcon *f, uint32_t reg, uint32_t aincr)
{
	uint32_t ctl = sim_falcon_get(s, f, reg);

	if (ctl & aincr)
		sim_falcon_set(s, f, reg, (ctl & ~position(0xffffffff)) | position(position(ctl) + 4));
}

static bool port_ok(struct sim *s, const struct sim_falcon *f, uint32_t at, uint32_t limit)
{
	if (nvt_in_range(at, 4, limit))
		return true;
	sim_violation(s, "port-range", SIM_HEX(at), SIM_HEX(limit), "%s data port beyond its memory", f->name);
	return false;
}

uint32_t sim_falcon_imem_rd(struct sim *s, struct sim_falcon *f, unsigned port)
{
	uint32_t reg = NVT_REG_AT(NV_PFALCON_FALCON_IMEMC, port), at = position(sim_falcon_get(s, f, reg));

	step(s, f, reg, NVT_MASK(NV_PFALCON_FALCON_IMEMC_AINCR));
	if (!port_ok(s, f, at, f->imem_size))
		return 0;
	/* Secure blocks cannot be read back; the pattern is the one of memory that is not there. */
	return f->blocks[at / SIM_FALCON_BLOCK].secure ? 0xdead5ec1 : nvt_le32(f->imem + at);
}

void sim_falcon_imem_wr(struct sim *s, struct sim_falcon *f, unsigned port, uint32_t val)
{
	uint32_t reg = NVT_REG_AT(NV_PFALCON_FALCON_IMEMC, port), ctl = sim_falcon_get(s, f, reg);
	uint32_t at = position(ctl);
	struct sim_falcon_block *b;

	step(s, f, reg, NVT_MASK(NV_PFALCON_FALCON_IMEMC_AINCW));
	if (!port_ok(s, f, at, f->imem_size) || !may_load(s, f, true))
		return;
	nvt_put_le32(f->imem + at, val);
	b = &f->blocks[at / SIM_FALCON_BLOCK];
	b->tag = sim_falcon_get(s, f, NVT_REG_AT(NV_PFALCON_FALCON_IMEMT, port));
	b->secure = NVT_GET(ctl, NV_PFALCON_FALCON_IMEMC_SECURE);
	b->valid = true;
}

uint32_t sim_falcon_dmem_rd(struct sim *s, struct sim_falcon *f, unsigned port)
{
	uint32_t reg = NVT_REG_AT(NV_PFALCON_FALCON_DMEMC, port), at = position(sim_falcon_get(s, f, reg));

	step(s, f, reg, NVT_MASK(NV_PFALCON_FALCON_DMEMC_AINCR));
	return port_ok(s, f, at, f->dmem_size) ? nvt_le32(f->dmem + at) : 0;
}

void sim_falcon_dmem_wr(struct sim *s, struct sim_falcon *f, unsigned port, uint32_t val)
{
	uint32_t reg = NVT_REG_AT(NV_PFALCON_FALCON_DMEMC, port), at = position(sim_falcon_get(s, f, reg));

	step(s, f, reg, NVT_MASK(NV_PFALCON_FALCON_DMEMC_AINCW));
	if (port_ok(s, f, at, f->dmem_size) && may_load(s, f, false))
		nvt_put_le32(f->dmem + at, val);
}
