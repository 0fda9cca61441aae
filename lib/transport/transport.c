/* SPDX-License-Identifier: MIT */
/* Registers, data windows, config space, DMA memory and reset, over any backend. */
#include "transport/transport.h"
#include "transport/access.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>

#define PROM_SIZE ((uint64_t)NV_PROM_DATA__COUNT * NV_PROM_DATA__STRIDE)

/* 0: perform it; 1: a dry run, only listed; negative: an error. */
static int may_write(const struct nvt_transport *t, const char *what, struct nvt_error *e)
{
	if (t->dry_run)
		return 1;
	if (t->writes_forbidden)
		return nvt_fail(e, NVT_E_BUG, "%s attempted while the device may only be read", what);
	return 0;
}

/* ---- registers ---- */

static int rd32(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e)
{
	uint32_t val;
	int rc = access_check(t, 0, off, 4, e);

	if (!rc)
		rc = access_rd32(t, off, &val, e);
	if (rc)
		return access_at(t, off, rc, e);
	access_emit(t, NVT_EV_MMIO_RD, off, 4, val, false);
	*ret = val;
	return 0;
}

int nvt_rd32_any(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e)
{
	return rd32(t, off, ret, e);
}

int nvt_rd32(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e)
{
	uint32_t val;
	int rc = rd32(t, off, &val, e);

	if (!rc)
		rc = access_judge(t, off, val, e);
	if (rc)
		return rc;
	*ret = val;
	return 0;
}

/* The event goes first: what the model does in answer to the write then follows it in the stream. */
int nvt_wr32(struct nvt_transport *t, uint32_t off, uint32_t val, struct nvt_error *e)
{
	int rc = access_check(t, 0, off, 4, e);

	if (!rc)
		rc = may_write(t, "register write", e);
	if (rc < 0)
		return access_at(t, off, rc, e);
	access_emit(t, NVT_EV_MMIO_WR, off, 4, val, rc > 0);
	if (rc > 0)
		return 0;
	rc = t->ops->mmio_wr(t, 0, off, 4, val, e);
	if (rc)
		return access_at(t, off, rc, e);
	t->counts.writes++;
	if (t->loading)
		t->counts.falcon_load_writes++;
	return 0;
}

int nvt_rmw32(struct nvt_transport *t, uint32_t off, uint32_t clear, uint32_t set, struct nvt_error *e)
{
	uint32_t val;
	int rc = nvt_rd32(t, off, &val, e);

	if (rc)
		return rc;
	return nvt_wr32(t, off, (val & ~clear) | set, e);
}

/* ---- data windows ---- */

static void window_emit(struct nvt_transport *t, enum nvt_event_kind kind, unsigned bar, uint64_t off,
			struct nvt_bytes data, bool dry)
{
	struct nvt_event ev = { .kind = kind };

	ev.u.window.bar = (uint8_t)bar;
	ev.u.window.dry = dry;
	ev.u.window.off = off;
	ev.u.window.data = data;
	nvt_emit(t->ctx, &ev);
}

/* 32-bit words of [off, off + n) that lie in PROM. */
static uint64_t prom_words(unsigned bar, uint64_t off, uint64_t n)
{
	uint64_t lo = off > NV_PROM_DATA ? off : NV_PROM_DATA;
	uint64_t end = off + n < NV_PROM_DATA + PROM_SIZE ? off + n : NV_PROM_DATA + PROM_SIZE;

	return bar == 0 && lo < end ? (end - lo) / 4 : 0;
}

int nvt_window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n, struct nvt_error *e)
{
	int rc = access_check(t, bar, off, n, e);

	if (!rc)
		rc = t->ops->window_rd(t, bar, off, buf, n, e);
	if (rc)
		return nvt_during(e, rc, "read of BAR%u window 0x%" PRIx64, bar, off);
	t->counts.reads += n / 4;
	t->counts.prom_reads += prom_words(bar, off, n);
	if (t->loading)
		t->counts.falcon_load_reads += n / 4;
	window_emit(t, NVT_EV_WINDOW_RD, bar, off, (struct nvt_bytes){ buf, n }, false);
	return 0;
}

int nvt_window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
		  struct nvt_error *e)
{
	int rc = access_check(t, bar, off, n, e);

	if (!rc)
		rc = may_write(t, "window write", e);
	if (rc < 0)
		return nvt_during(e, rc, "write of BAR%u window 0x%" PRIx64, bar, off);
	window_emit(t, NVT_EV_WINDOW_WR, bar, off, (struct nvt_bytes){ buf, n }, rc > 0);
	if (rc > 0)
		return 0;
	rc = t->ops->window_wr(t, bar, off, buf, n, e);
	if (rc)
		return nvt_during(e, rc, "write of BAR%u window 0x%" PRIx64, bar, off);
	t->counts.writes += n / 4;
	if (t->loading)
		t->counts.falcon_load_writes += n / 4;
	return 0;
}

/* ---- config space ---- */

static int cfg_check(uint32_t off, unsigned size, struct nvt_error *e)
{
	if ((size != 1 && size != 2 && size != 4) || off % size || off > 4096 - size)
		return nvt_fail(e, NVT_E_USAGE, "config space has no %u-byte access at 0x%03" PRIx32, size, off);
	return 0;
}

int nvt_cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e)
{
	uint32_t val;
	int rc = cfg_check(off, size, e);

	if (!rc)
		rc = t->ops->cfg_rd(t, off, size, &val, e);
	if (rc)
		return nvt_during(e, rc, "read of config space 0x%03" PRIx32, off);
	access_emit(t, NVT_EV_CFG_RD, off, size, val, false);
	*ret = val;
	return 0;
}

int nvt_cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e)
{
	int rc = cfg_check(off, size, e);

	if (!rc)
		rc = may_write(t, "config space write", e);
	if (rc >= 0) {
		access_emit(t, NVT_EV_CFG_WR, off, size, val, rc > 0);
		rc = rc > 0 ? 0 : t->ops->cfg_wr(t, off, size, val, e);
	}
	return nvt_during(e, rc, "write of config space 0x%03" PRIx32, off);
}

/* ---- DMA memory ---- */

static void dma_emit(struct nvt_transport *t, enum nvt_event_kind kind, const struct nvt_dma *dma, size_t off,
		     size_t n, struct nvt_bytes data)
{
	struct nvt_event ev = { .kind = kind };

	ev.u.dma.name = dma->name;
	ev.u.dma.iova = nvt_dma_at(dma, off);
	ev.u.dma.size = n;
	ev.u.dma.data = data;
	nvt_emit(t->ctx, &ev);
}

/* Bytes from `off` on, n at most, that are contiguous for the device. */
static size_t contiguous(const struct nvt_dma *dma, size_t off, size_t n)
{
	size_t run = NVT_DMA_PAGE - off % NVT_DMA_PAGE;

	if (!dma->pages)
		return n;
	while (run < n && nvt_dma_at(dma, off + run) == nvt_dma_at(dma, off) + run)
		run += NVT_DMA_PAGE;
	return run < n ? run : n;
}

/* One event for each run of scattered memory. */
static void dma_emit_runs(struct nvt_transport *t, enum nvt_event_kind kind, const struct nvt_dma *dma, size_t off,
			  size_t n, bool with_data)
{
	size_t run;

	for (; t->ctx->sinks && n; off += run, n -= run) {
		run = contiguous(dma, off, n);
		dma_emit(t, kind, dma, off, run,
			 (struct nvt_bytes){ with_data ? dma->cpu + off : NULL, with_data ? run : 0 });
	}
}

int nvt_dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align, enum nvt_dma_dir dir,
		  struct nvt_dma *ret, struct nvt_error *e)
{
	struct nvt_dma dma = { 0 };
	int rc;

	if (!size || align < 4096 || align & (align - 1))
		return nvt_fail(e, NVT_E_BUG, "DMA buffer %s: size 0x%zx, alignment 0x%zx", name, size, align);
	rc = t->ops->dma_alloc(t, name, size, align, dir, &dma, e);
	if (rc)
		return nvt_during(e, rc, "DMA buffer %s of 0x%zx bytes", name, size);
	dma.name = name;
	dma.size = size;
	dma_emit_runs(t, NVT_EV_DMA_ALLOC, &dma, 0, size, false);
	*ret = dma;
	return 0;
}

void nvt_dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	if (!dma->cpu)
		return;
	dma_emit_runs(t, NVT_EV_DMA_FREE, dma, 0, dma->size, false);
	t->ops->dma_free(t, dma);
	*dma = (struct nvt_dma){ 0 };
}

void nvt_dma_sync(struct nvt_transport *t, const struct nvt_dma *dma, size_t off, size_t n)
{
	assert(nvt_in_range(off, n, dma->size));
	/* The device may look as soon as the next register write: what was stored must be visible by then. */
	atomic_thread_fence(memory_order_seq_cst);
	dma_emit_runs(t, NVT_EV_DMA_SYNC, dma, off, n, true);
}

/* ---- the device as a whole ---- */

int nvt_transport_reset(struct nvt_transport *t, struct nvt_error *e)
{
	struct nvt_event ev = { .kind = NVT_EV_RESET };
	int rc = may_write(t, "reset", e);

	if (rc < 0)
		return rc;
	ev.u.reset.dry = rc > 0;
	nvt_emit(t->ctx, &ev);
	return rc > 0 ? 0 : t->ops->reset(t, e);
}

void nvt_transport_close(struct nvt_transport *t)
{
	if (t)
		t->ops->close(t);
}

void nvt_delay_us(struct nvt_transport *t, uint64_t us)
{
	struct nvt_event ev = { .kind = NVT_EV_DELAY };

	ev.u.delay.us = us;
	ev.u.delay.dry = t->dry_run;
	nvt_emit(t->ctx, &ev);
	if (t->dry_run)
		return;
	assert(t->ctx->clock);
	t->ctx->clock->sleep_us(t->ctx->clock, us);
}
