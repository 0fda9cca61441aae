/* SPDX-License-Identifier: MIT */
/* The device of plain registers. */
#include "fake_transport.h"

#include <stdlib.h>
#include <string.h>

uint32_t fake_device_get(const struct fake_device *d, uint32_t off)
{
	unsigned i;

	for (i = 0; i < d->reg_count; i++)
		if (d->regs[i].off == off)
			return d->regs[i].val;
	return 0;
}

void fake_device_set(struct fake_device *d, uint32_t off, uint32_t val)
{
	unsigned i;

	for (i = 0; i < d->reg_count && d->regs[i].off != off; i++)
		;
	if (i == FAKE_DEVICE_REGS)
		abort();
	if (i == d->reg_count)
		d->regs[d->reg_count++].off = off;
	d->regs[i].val = val;
}

static void note(struct fake_device *d, bool write, uint64_t off, uint64_t val)
{
	if (d->log_count < FAKE_DEVICE_LOG)
		d->log[d->log_count++] =
			(struct fake_access){ write, (uint32_t)off, (uint32_t)val };
}

static int mmio_rd(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size,
		   uint64_t *ret, struct nvt_error *e)
{
	struct fake_device *d = (struct fake_device *)t;

	if (bar || size != 4)
		return nvt_fail(e, NVT_E_BUG, "BAR%u, %u bytes", bar, size);
	*ret = fake_device_get(d, (uint32_t)off);
	note(d, false, off, *ret);
	return 0;
}

static int mmio_wr(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		   struct nvt_error *e)
{
	struct fake_device *d = (struct fake_device *)t;

	if (bar || size != 4)
		return nvt_fail(e, NVT_E_BUG, "BAR%u, %u bytes", bar, size);
	/* A device that is full forgets: what it was set up with stays. */
	if (d->reg_count < FAKE_DEVICE_REGS)
		fake_device_set(d, (uint32_t)off, (uint32_t)val);
	note(d, true, off, val);
	return 0;
}

static int dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align,
		     enum nvt_dma_dir dir, struct nvt_dma *ret, struct nvt_error *e)
{
	struct fake_device *d = (struct fake_device *)t;

	(void)dir;
	*ret = (struct nvt_dma){ aligned_alloc(align, (size + align - 1) & ~(align - 1)),
				 d->next_iova, size, name, NULL };
	if (!ret->cpu)
		return nvt_fail(e, NVT_E_NOMEM, "no memory");
	memset(ret->cpu, 0, size);
	d->next_iova += (size + 0xffff) & ~(size_t)0xffff;
	d->dma_live++;
	return 0;
}

static void dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	((struct fake_device *)t)->dma_live--;
	free(dma->cpu);
}

static const struct nvt_transport_ops ops = {
	.name = "fake",
	.mmio_rd = mmio_rd,
	.mmio_wr = mmio_wr,
	.dma_alloc = dma_alloc,
	.dma_free = dma_free,
};

static uint64_t now_ns(struct nvt_clock *c)
{
	return ((struct fake_device *)((char *)c - offsetof(struct fake_device, clock)))->now_ns;
}

static void sleep_us(struct nvt_clock *c, uint64_t us)
{
	struct fake_device *d =
		(struct fake_device *)((char *)c - offsetof(struct fake_device, clock));

	d->now_ns += us * 1000;
	if (d->on_sleep)
		d->on_sleep(d, d->arg);
}

void fake_device_init(struct fake_device *d)
{
	memset(d, 0, sizeof(*d));
	d->t.ops = &ops;
	d->t.ctx = &d->ctx;
	d->t.pci.bar[0].size = 0x1000000;
	d->clock.now_ns = now_ns;
	d->clock.sleep_us = sleep_us;
	d->ctx.clock = &d->clock;
	d->next_iova = 0x100000;
	fake_device_set(d, 0, 0xb72000a1);
}
