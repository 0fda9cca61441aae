/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the device model under any sequence of accesses, in the policy that collects violations.
 * The input is a row of operations of 10 bytes: kind, argument, offset (u32), value (u32).
 */
#include <nvt/regs.h>
#include "sim/sim.h"
#include "fuzz.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define OP_BYTES 10
#define OPS_MAX 4096
#define DMA_BYTES 0x40000u
#define VRAM_BYTES (UINT64_C(1) << 30)

enum kind { WRITE, READ, WRITE_NAMED, READ_NAMED, WINDOW, CONFIG, TIME, DMA, KINDS };
/* Bits of the argument: the access size, and what the value stands for. */
enum { SIZE_BITS = 0x3, VALUE_IS_DMA = 0x10, VALUE_IS_DMA_PAGE = 0x20, ALTERNATIVE = 0x80 };

struct device {
	struct nvt_transport *t;
	struct nvt_ctx *ctx;
	struct nvt_dma dma;
};

struct op {
	uint8_t kind, arg;
	uint32_t off, val;
};

/* A register of the tables in one of its units: the address that a driver would use. */
static uint32_t named(uint32_t n)
{
	const struct nvt_reg_desc *r = &nvt_regs[n % nvt_reg_count];
	uint32_t base = 0, i;

	for (i = 0; i < nvt_unit_count; i++)
		if (!strcmp(r->block, nvt_units[i].block) && (!base || n >> 16 & 1))
			base = nvt_units[i].base;
	return base + r->off + (n >> 24) % r->count * r->stride;
}

static uint64_t value_of(const struct device *d, const struct op *op)
{
	if (op->arg & VALUE_IS_DMA)
		return (d->dma.iova >> 8) + op->val % (DMA_BYTES >> 8);
	if (op->arg & VALUE_IS_DMA_PAGE)
		return d->dma.iova + (op->val % DMA_BYTES & ~0xfffu);
	return op->val;
}

static void access_bar(const struct device *d, const struct op *op, uint32_t off, bool write)
{
	static const uint8_t bars[] = { 0, 0, 0, 1, 3 };
	unsigned size = 1u << (op->arg & SIZE_BITS), bar = bars[op->off >> 29 & 3];
	uint64_t val;

	off &= (uint32_t)(d->t->pci.bar[bar].size - 1) & ~(size - 1);
	if (write)
		d->t->ops->mmio_wr(d->t, bar, off, size, value_of(d, op), NULL);
	else
		d->t->ops->mmio_rd(d->t, bar, off, size, &val, NULL);
}

static void access_window(const struct device *d, const struct op *op)
{
	uint8_t buf[64] = { 0 };
	uint32_t off = op->off & 0xffffc0;

	nvt_put_le32(buf, op->val);
	if (op->arg & ALTERNATIVE)
		d->t->ops->window_wr(d->t, op->arg & 1, off, buf, sizeof(buf), NULL);
	else
		d->t->ops->window_rd(d->t, op->arg & 1, off, buf, sizeof(buf), NULL);
}

static void access_config(const struct device *d, const struct op *op)
{
	unsigned size = 1u << op->arg % 3;
	uint32_t val, off = op->off & 0xfff & ~(size - 1);

	if (op->arg & ALTERNATIVE)
		d->t->ops->cfg_wr(d->t, off, size, op->val, NULL);
	else
		d->t->ops->cfg_rd(d->t, off, size, &val, NULL);
}

static void run(const struct device *d, const struct op *op)
{
	switch (op->kind % KINDS) {
	case WRITE:
	case READ:
		access_bar(d, op, op->off, op->kind % KINDS == WRITE);
		break;
	case WRITE_NAMED:
	case READ_NAMED:
		access_bar(d, &(struct op){ op->kind, 2 | (op->arg & ~SIZE_BITS), 0, op->val }, named(op->off),
			   op->kind % KINDS == WRITE_NAMED);
		break;
	case WINDOW:
		access_window(d, op);
		break;
	case CONFIG:
		access_config(d, op);
		break;
	case TIME:
		if (op->arg & ALTERNATIVE && op->val == 0x0f1a0000)
			d->t->ops->reset(d->t, NULL);
		else
			d->ctx->clock->sleep_us(d->ctx->clock, op->val % 5000000);
		break;
	default:
		nvt_put_le32(d->dma.cpu + (op->off % DMA_BYTES & ~3u), (uint32_t)value_of(d, op));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nvt_fwdb *fwdb;
	struct nvt_ctx ctx = { 0 };
	struct sim_opts opts = { .chip = nvt_chip_by_name("GA102"),
				 .vram_size = VRAM_BYTES,
				 .policy = SIM_STRICT_REPORT,
				 .unknown_fw_ok = true };
	struct device d = { .ctx = &ctx };
	struct sim_opts *o = &opts;
	size_t i;

	if (!fwdb && nvt_fwdb_open(NULL, &fwdb, NULL))
		abort();
	o->fwdb = fwdb;
	if (sim_open(&ctx, o, &d.t, NULL) ||
	    d.t->ops->dma_alloc(d.t, "fuzz", DMA_BYTES, 4096, NVT_DMA_BIDIR, &d.dma, NULL))
		abort();
	for (i = 0; i + OP_BYTES <= size && i < (size_t)OPS_MAX * OP_BYTES; i += OP_BYTES) {
		const uint8_t *p = data + i;

		run(&d, &(struct op){ p[0], p[1], nvt_le32(p + 2), nvt_le32(p + 6) });
	}
	d.t->ops->dma_free(d.t, &d.dma);
	nvt_transport_close(d.t);
	return 0;
}
