/* SPDX-License-Identifier: MIT */
/* The scripted backend. */
#include "fake.h"

#include "regs/regs_const.h"

#include <string.h>

static uint32_t reg_value(struct fake *f, uint32_t off)
{
	unsigned i;

	if (f->dead)
		return 0xffffffff;
	for (i = 0; i < f->reg_count; i++) {
		struct fake_reg *r = &f->regs[i];

		if (r->off == off)
			return r->seq[r->at + 1 < r->n ? r->at++ : r->at];
	}
	return 0;
}

static int fake_rd(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t *ret,
		   struct nvt_error *e)
{
	struct fake *f = (struct fake *)t;

	if (bar || size != 4)
		return nvt_fail(e, NVT_E_BUG, "bar%u size %u", bar, size);
	if (f->refuse && off == f->refuse)
		return nvt_fail(e, NVT_E_DEVICE, "backend refuses");
	*ret = reg_value(f, (uint32_t)off);
	return 0;
}

static int fake_wr(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		   struct nvt_error *e)
{
	struct fake *f = (struct fake *)t;

	if (bar || size != 4)
		return nvt_fail(e, NVT_E_BUG, "bar%u size %u", bar, size);
	if (f->refuse && off == f->refuse)
		return nvt_fail(e, NVT_E_DEVICE, "backend refuses");
	f->writes++;
	f->last_off = (uint32_t)off;
	f->last_val = (uint32_t)val;
	return 0;
}

static int fake_cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e)
{
	(void)t;
	(void)e;
	*ret = off << 8 | size;
	return 0;
}

static int fake_cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e)
{
	struct fake *f = (struct fake *)t;

	(void)size;
	(void)e;
	f->writes++;
	f->last_off = off;
	f->last_val = val;
	return 0;
}

static int fake_window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n,
			  struct nvt_error *e)
{
	(void)t;
	(void)bar;
	(void)off;
	(void)e;
	memset(buf, 0xff, n);
	return 0;
}

static int fake_window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
			  struct nvt_error *e)
{
	(void)bar;
	(void)off;
	(void)buf;
	(void)n;
	(void)e;
	((struct fake *)t)->writes++;
	return 0;
}

static int fake_dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align,
			  enum nvt_dma_dir dir, struct nvt_dma *ret, struct nvt_error *e)
{
	struct fake *f = (struct fake *)t;

	/* three runs: the first of two pages, then one below it, then one far up */
	static const nvt_iova pages[] = { 0x10000, 0x11000, 0x8000, 0x900000000 };

	(void)name;
	(void)align;
	if (size > sizeof(f->memory))
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the device");
	if (dir & NVT_DMA_SCATTERED)
		ret->pages = pages;
	ret->cpu = f->memory;
	ret->iova = 0x100000;
	return 0;
}

static void fake_dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	(void)dma;
	((struct fake *)t)->frees++;
}

static int fake_irq_wait(struct nvt_transport *t, uint64_t timeout_us, struct nvt_error *e)
{
	(void)t;
	(void)timeout_us;
	(void)e;
	return -NVT_E_TIMEOUT;
}

static int fake_reset(struct nvt_transport *t, struct nvt_error *e)
{
	(void)e;
	((struct fake *)t)->resets++;
	return 0;
}

static void fake_close(struct nvt_transport *t)
{
	((struct fake *)t)->frees++;
}

static const struct nvt_transport_ops fake_ops = {
	.name = "fake",
	.close = fake_close,
	.cfg_rd = fake_cfg_rd,
	.cfg_wr = fake_cfg_wr,
	.mmio_rd = fake_rd,
	.mmio_wr = fake_wr,
	.window_rd = fake_window_rd,
	.window_wr = fake_window_wr,
	.dma_alloc = fake_dma_alloc,
	.dma_free = fake_dma_free,
	.irq_wait = fake_irq_wait,
	.reset = fake_reset,
};

static uint64_t clock_now(struct nvt_clock *c)
{
	return ((struct fake *)((char *)c - offsetof(struct fake, clock)))->now_us * 1000;
}

static void clock_sleep(struct nvt_clock *c, uint64_t us)
{
	((struct fake *)((char *)c - offsetof(struct fake, clock)))->now_us += us;
}

static void keep_event(struct nvt_sink *s, const struct nvt_event *ev)
{
	struct fake *f = (struct fake *)((char *)s - offsetof(struct fake, sink));

	if (f->event_count < FAKE_EVENTS)
		f->events[f->event_count++] = *ev;
}

void fake_reg(struct fake *f, uint32_t off, unsigned n, const uint32_t *seq)
{
	struct fake_reg *r = &f->regs[f->reg_count++];

	r->off = off;
	r->n = n;
	memcpy(r->seq, seq, n * sizeof(*seq));
}

unsigned fake_count(const struct fake *f, enum nvt_event_kind kind)
{
	unsigned i, n = 0;

	for (i = 0; i < f->event_count; i++)
		n += f->events[i].kind == kind;
	return n;
}

void fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->t.ops = &fake_ops;
	f->t.ctx = &f->ctx;
	f->t.pci.bar[0].size = 0x1000000;
	f->t.pci.bar[1].size = 0x10000000;
	f->clock.now_ns = clock_now;
	f->clock.sleep_us = clock_sleep;
	f->ctx.clock = &f->clock;
	f->sink.emit = keep_event;
	nvt_ctx_add_sink(&f->ctx, &f->sink);
	FAKE_REG(f, NV_PMC_BOOT_0, FAKE_BOOT_0);
}
