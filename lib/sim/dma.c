/* SPDX-License-Identifier: MIT */
/* DMA by the device: through the IOVA table, to memory that somebody else keeps, or to its own BAR1. */
#include "sim/model.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

/* A piece of memory behind consecutive bus addresses. */
struct run {
	bool outside; /* memory that opts.memory keeps */
	uint8_t *cpu; /* NULL: video memory at `vram` */
	uint64_t vram;
	size_t n;
};

static bool bar1_run(struct sim *s, nvt_iova addr, size_t n, struct run *ret)
{
	uint64_t base = sim_bar_addr(s, 1), size = sim_bar_size(s, 1);

	if (addr < base || addr - base >= size || addr - base >= s->vram.size)
		return false;
	if (size > s->vram.size)
		size = s->vram.size;
	ret->cpu = NULL;
	ret->vram = addr - base;
	ret->n = n < size - ret->vram ? n : (size_t)(size - ret->vram);
	sim_odd(s, SIM_ODD_VRAM_BUFFERS, NULL);
	return true;
}

static void unmapped(struct sim *s, nvt_iova addr, const char *what)
{
	sim_violation(s, "dma-unmapped", SIM_HEX(addr), "an address of DMA memory",
		      "DMA for %s to memory that is not mapped", what);
}

static void forbidden(struct sim *s, nvt_iova addr, const char *what)
{
	sim_violation(s, "dma-permission", SIM_HEX(addr), "memory mapped for both directions",
		      "DMA write for %s to memory that the device may only read", what);
}

static bool find_run(struct sim *s, nvt_iova addr, size_t n, unsigned perm, const char *what, struct run *ret)
{
	const struct sim_mapping *m;
	uint64_t left;

	if (!sim_pci_bus_master(s)) {
		sim_violation(s, "dma-bus-master", SIM_HEX(addr), NULL,
			      "DMA for %s while bus mastering is off", what);
		return false;
	}
	*ret = (struct run){ .outside = false };
	if (bar1_run(s, addr, n, ret))
		return true;
	if (s->opts.memory) {
		ret->outside = true;
		ret->n = n;
		return true;
	}
	m = sim_iommu_find(&s->iommu, addr);
	if (!m) {
		unmapped(s, addr, what);
		return false;
	}
	if ((m->perm & perm) != perm) {
		forbidden(s, addr, what);
		return false;
	}
	left = m->size - (addr - m->iova);
	ret->cpu = m->cpu + (addr - m->iova);
	ret->n = n < left ? n : (size_t)left;
	return true;
}

/* buf is written to memory when `write`, else filled from it. */
static bool reach_outside(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, bool write, const char *what)
{
	const struct sim_memory *m = s->opts.memory;

	switch (write ? m->wr(m->arg, addr, buf, n) : m->rd(m->arg, addr, buf, n)) {
	case SIM_MEM_OK:
		return true;
	case SIM_MEM_UNMAPPED:
		unmapped(s, addr, what);
		break;
	case SIM_MEM_FORBIDDEN:
		forbidden(s, addr, what);
		break;
	case SIM_MEM_FAILED:
		sim_violation(s, "dma-failed", SIM_HEX(addr), "memory that can be accessed",
			      "DMA for %s to memory that cannot be accessed", what);
		break;
	}
	return false;
}

bool sim_dma_rd(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, const char *what)
{
	struct run r;

	for (; n; addr += r.n, buf += r.n, n -= r.n) {
		if (!find_run(s, addr, n, SIM_PERM_READ, what, &r))
			return false;
		if (r.outside && !reach_outside(s, addr, buf, r.n, false, what))
			return false;
		if (r.outside)
			continue;
		if (r.cpu)
			memcpy(buf, r.cpu, r.n);
		else
			sim_vram_rd(&s->vram, r.vram, buf, r.n);
	}
	return true;
}

bool sim_dma_struct(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, const char *type)
{
	struct nvt_event ev = { .kind = NVT_EV_DMA_DEV_RD };

	if (!sim_dma_rd(s, addr, buf, n, type))
		return false;
	ev.u.dma.name = type;
	ev.u.dma.iova = addr;
	ev.u.dma.size = n;
	ev.u.dma.data = (struct nvt_bytes){ buf, n };
	ev.u.dma.release = nvt_rel_name(s->gsp.rel);
	nvt_emit(s->ctx, &ev);
	return true;
}

static void emit_write(struct sim *s, nvt_iova addr, const uint8_t *buf, size_t n, const char *what)
{
	struct nvt_event ev = { .kind = NVT_EV_DMA_DEV_WR };

	ev.u.dma.name = what;
	ev.u.dma.iova = addr;
	ev.u.dma.size = n;
	ev.u.dma.data = (struct nvt_bytes){ buf, n };
	nvt_emit(s->ctx, &ev);
}

bool sim_dma_wr(struct sim *s, nvt_iova addr, const uint8_t *buf, size_t n, const char *what)
{
	struct run r;

	for (; n; addr += r.n, buf += r.n, n -= r.n) {
		if (!find_run(s, addr, n, SIM_PERM_READ | SIM_PERM_WRITE, what, &r))
			return false;
		if (r.outside && !reach_outside(s, addr, (uint8_t *)(uintptr_t)buf, r.n, true, what))
			return false;
		if (r.cpu)
			memcpy(r.cpu, buf, r.n);
		else if (!r.outside)
			sim_vram_wr(&s->vram, r.vram, buf, r.n);
		emit_write(s, addr, buf, r.n, what);
	}
	return true;
}

static void hash_vram(struct sim *s, struct nvt_sha256_ctx *c, uint64_t off, size_t n)
{
	uint8_t page[4096];
	size_t k;

	for (; n; off += k, n -= k) {
		k = n < sizeof(page) ? n : sizeof(page);
		sim_vram_rd(&s->vram, off, page, k);
		nvt_sha256_update(c, (struct nvt_bytes){ page, k });
	}
}

static bool hash_outside(struct sim *s, struct nvt_sha256_ctx *c, nvt_iova addr, size_t n, const char *what)
{
	uint8_t page[4096];
	size_t k;

	for (; n; addr += k, n -= k) {
		k = n < sizeof(page) ? n : sizeof(page);
		if (!reach_outside(s, addr, page, k, false, what))
			return false;
		nvt_sha256_update(c, (struct nvt_bytes){ page, k });
	}
	return true;
}

bool sim_dma_hash(struct sim *s, struct nvt_sha256_ctx *c, nvt_iova addr, size_t n, const char *what)
{
	struct run r;

	for (; n; addr += r.n, n -= r.n) {
		if (!find_run(s, addr, n, SIM_PERM_READ, what, &r))
			return false;
		if (r.outside && !hash_outside(s, c, addr, r.n, what))
			return false;
		if (r.outside)
			continue;
		if (r.cpu)
			nvt_sha256_update(c, (struct nvt_bytes){ r.cpu, r.n });
		else
			hash_vram(s, c, r.vram, r.n);
	}
	return true;
}
