/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: everything that the model reads from a driver's memory after booter_load starts: meta,
 * radix-3 tables, LIBOS arguments, queues and messages. One buffer holds a valid set of them; the input
 * is a row of patches {phase, offset (u24), length, bytes} that spoil it before booter_load, before GSP
 * links its queues, or while it serves them.
 */
#include "sim/model.h"
#include "sim/releases.h"

#include "fuzz.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { PHASES = 4, PATCH_HEAD = 5 };
/* Offsets in the buffer. */
enum { META = 0x0000, RADIX = 0x1000, LIBOS = 0x4000, ARGS = 0x5000, LOG = 0x6000, QUEUES = 0x8000,
       BUFFER = 0x89000, CMDQ = QUEUES + 0x1000 };

struct run {
	struct sim *s;
	struct nvt_dma mem;
};

static void put_messages(uint8_t *p)
{
	static const struct {
		uint32_t function, length;
	} rows[] = { { 72, 0x3c0 }, { 73, 0x20 + 24 }, { 65, 0x698 }, { 76, 0x60 }, { 103, 0x60 }, { 47, 0x28 } };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		uint8_t *rec = p + CMDQ + 0x1000 + (size_t)i * 0x1000;
		const struct nvt_rpc_head h = { rows[i].length, rows[i].function, 0xffffffff, 0xffffffff, 0 };

		nvt_rpc_head_put(rec + NVT_ELEM_HDR, &h);
		nvt_frame_seal(rec, rows[i].length, i);
	}
	nvt_put_le32(p + CMDQ + 0x10, i);
}

static void put_regions(uint8_t *p, uint64_t iova)
{
	static const struct {
		uint64_t id;
		uint32_t off;
	} rows[] = { { 0x4c4f47494e4954, LOG }, { 0x524d41524753, ARGS } };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		nvt_put_le64(p + LIBOS + 32 * i, rows[i].id);
		nvt_put_le64(p + LIBOS + 32 * i + 8, iova + rows[i].off);
		nvt_put_le64(p + LIBOS + 32 * i + 16, 0x1000);
		p[LIBOS + 32 * i + 24] = 1;
		p[LIBOS + 32 * i + 25] = 1;
	}
}

static void put_queues(uint8_t *p, uint64_t iova)
{
	unsigned i;

	nvt_put_le64(p + ARGS, iova + QUEUES);
	nvt_put_le32(p + ARGS + 8, 129);
	nvt_put_le64(p + ARGS + 16, 0x1000);
	nvt_put_le64(p + ARGS + 24, 0x41000);
	for (i = 0; i < 129; i++)
		nvt_put_le64(p + QUEUES + 8 * i, iova + QUEUES + (uint64_t)i * 0x1000);
	nvt_put_le32(p + CMDQ + 4, 0x40000);
	nvt_put_le32(p + CMDQ + 8, 0x1000);
	nvt_put_le32(p + CMDQ + 12, 0x3f);
	nvt_put_le32(p + CMDQ + 20, 1);
	nvt_put_le32(p + CMDQ + 24, 0x20);
	nvt_put_le32(p + CMDQ + 28, 0x1000);
}

/* Two pages of image below a region of 1 MiB, the least heap below them. */
static void put_meta(uint8_t *p, uint64_t iova, uint64_t frts, uint64_t heap_size)
{
	const uint64_t heap = frts - (2u << 20) - heap_size;
	static const struct {
		uint8_t off;
		uint64_t val;
	} plain[] = { { 0x00, 0xdc3aae21371a60b3 }, { 0x08, 1 }, { 0x18, 0x1800 }, { 0x28, 0x1000 }, { 0x50, 0x1000 },
		      { 0x68, 1u << 20 },	    { 0xa0, 1u << 20 } };
	const struct {
		uint8_t off;
		uint64_t val;
	} rest[] = { { 0x10, iova + RADIX },
		     { 0x20, iova + LOG },
		     { 0x48, iova + LOG },
		     { 0x58, heap - (2u << 20) },
		     { 0x60, heap - (2u << 20) },
		     { 0x70, heap - (1u << 20) },
		     { 0x78, heap },
		     { 0x80, heap_size },
		     { 0x88, frts - (1u << 20) },
		     { 0x90, frts - 0x1000 },
		     { 0x98, frts },
		     { 0xa8, frts + (1u << 20) },
		     { 0xb0, frts + (2u << 20) },
		     { 0xb8, frts + (1u << 20) } };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(plain); i++)
		nvt_put_le64(p + META + plain[i].off, plain[i].val);
	for (i = 0; i < NVT_ARRAY_SIZE(rest); i++)
		nvt_put_le64(p + META + rest[i].off, rest[i].val);
	nvt_put_le64(p + RADIX, iova + RADIX + 0x1000);
	nvt_put_le64(p + RADIX + 0x1000, iova + RADIX + 0x2000);
	nvt_put_le64(p + RADIX + 0x2000, iova + QUEUES);
	nvt_put_le64(p + RADIX + 0x2008, iova + LOG);
}

static void patch(struct run *r, const uint8_t *data, size_t size, unsigned phase)
{
	size_t at = 0, off, n, i;

	while (size - at > PATCH_HEAD) {
		off = (size_t)(data[at + 1] | data[at + 2] << 8 | data[at + 3] << 16) % BUFFER;
		n = data[at + 4] % 64;
		if (n > size - at - PATCH_HEAD)
			n = size - at - PATCH_HEAD;
		for (i = 0; i < n && data[at] % PHASES == phase && off + i < BUFFER; i++)
			r->mem.cpu[off + i] = data[at + PATCH_HEAD + i];
		at += PATCH_HEAD + n;
	}
}

static void boot(struct run *r, const uint8_t *data, size_t size)
{
	struct sim *s = r->s;
	struct sim_wpr wpr;

	s->frts_off = s->vram.size - (2u << 20);
	s->frts_size = 1u << 20;
	put_regions(r->mem.cpu, r->mem.iova);
	put_queues(r->mem.cpu, r->mem.iova);
	put_messages(r->mem.cpu);
	if (!sim_find_rel(s, NULL, &s->gsp.rel))
		abort();
	put_meta(r->mem.cpu, r->mem.iova, s->frts_off, sim_release(s->gsp.rel)->wpr_heap_min);
	patch(r, data, size, 0);
	if (!sim_wpr_meta_check(s, r->mem.iova + META, &wpr) && !size)
		abort(); /* the unspoilt set is valid */
	s->gsp.non_wpr_heap = s->frts_off - (5u << 20);
	sim_falcon_set(s, &s->falcon[SIM_GSP], NV_PFALCON_FALCON_MAILBOX0, (uint32_t)(r->mem.iova + LIBOS));
	sim_falcon_set(s, &s->falcon[SIM_GSP], NV_PFALCON_FALCON_MAILBOX1, (uint32_t)((r->mem.iova + LIBOS) >> 32));
	sim_gsp_start(s);
	patch(r, data, size, 1);
	sim_run_to(s, s->now_ns + 100 * SIM_MS);
	patch(r, data, size, 2);
	sim_gsp_doorbell(s);
	sim_run_to(s, s->now_ns + 400 * SIM_MS);
	patch(r, data, size, 3);
	sim_gsp_doorbell(s);
	sim_run_to(s, s->now_ns + 100 * SIM_MS);
	if (!size && s->gsp.state != SIM_GSP_UNLOADED)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_opts opts = {
		.chip = nvt_chip_by_name("GA102"),
		.vram_size = 1ull << 30,
		.policy = SIM_STRICT_REPORT,
		.unknown_fw_ok = true,
	};
	struct nvt_ctx ctx = { .sinks = NULL };
	struct nvt_transport *t;
	struct nvt_fwdb *db;
	struct run r;

	if (nvt_fwdb_open(NULL, &db, NULL))
		abort();
	opts.fwdb = db;
	if (sim_open(&ctx, &opts, &t, NULL))
		abort();
	r.s = sim_of(t);
	r.s->pci.cfg[SIM_CFG_COMMAND] |= SIM_CFG_COMMAND_MASTER;
	if (t->ops->dma_alloc(t, "memory", BUFFER, 4096, NVT_DMA_BIDIR, &r.mem, NULL))
		abort();
	boot(&r, data, size);
	t->ops->close(t);
	nvt_fwdb_close(db);
	return 0;
}
