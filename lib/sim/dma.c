/* SPDX-License-Identifier: MIT */
/* DMA by the device: through the IOVA table, or to its own BAR1. */
#include "sim/model.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

/* A piece of memory behind consecutive bus addresses. */
struct run {
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

static bool find_run(struct sim *s, nvt_iova addr, size_t n, unsigned perm, const char *what, struct run *ret)
{
	const struct sim_mapping *m;
	uint64_t left;

	if (!sim_pci_bus_master(s)) {
		sim_violation(s, "dma-bus-master", SIM_HEX(addr), NULL,
			      "DMA for %s while bus mastering is off", what);
		return false;
	}
	if (bar1_run(s, addr, n, ret))
		return true;
	m = sim_iommu_find(&s->iommu, addr);
	if (!m) {
		sim_violation(s, "dma-unmapped", SIM_HEX(addr), "an address of DMA memory",
			      "DMA for %s to memory that is not mapped", what);
		return false;
	}
	if ((m->perm & perm) != perm) {
		sim_violation(s, "dma-permission", SIM_HEX(addr), "memory mapped for both directions",
			      "DMA write for %s to memory that the device may only read", what);
		return false;
	}
	left = m->size - (addr - m->iova);
	ret->cpu = m->cpu + (addr - m->iova);
	ret->n = n < left ? n : (size_t)left;
	return true;
}

bool sim_dma_rd(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, const char *what)
{
	struct run r;

	for (; n; addr += r.n, buf += r.n, n -= r.n) {
		if (!find_run(s, addr, n, SIM_PERM_READ, what, &r))
			return false;
		if (r.cpu)
			memcpy(buf, r.cpu, r.n);
		else
			sim_vram_rd(&s->vram, r.vram, buf, r.n);
	}
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
		if (r.cpu)
			memcpy(r.cpu, buf, r.n);
		else
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

bool sim_dma_hash(struct sim *s, struct nvt_sha256_ctx *c, nvt_iova addr, size_t n, const char *what)
{
	struct run r;

	for (; n; addr += r.n, n -= r.n) {
		if (!find_run(s, addr, n, SIM_PERM_READ, what, &r))
			return false;
		if (r.cpu)
			nvt_sha256_update(c, (struct nvt_bytes){ r.cpu, r.n });
		else
			hash_vram(s, c, r.vram, r.n);
	}
	return true;
}
