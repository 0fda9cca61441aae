/* SPDX-License-Identifier: MIT */
/* Drivers that go wrong in an access to the device, or in how they load and start its falcons. */
#include "rules.h"

static void access(struct rig *r, unsigned bar, uint64_t off, unsigned size, bool write)
{
	uint64_t v = 0;
	int rc = write ? r->t->ops->mmio_wr(r->t, bar, off, size, 0, &r->e) :
			 r->t->ops->mmio_rd(r->t, bar, off, size, &v, &r->e);

	if (rc)
		longjmp(*r->refused, 1);
}

static void byte_read(struct rig *r)
{
	access(r, 0, 0x110040, 1, false);
}

static void wide_write(struct rig *r)
{
	access(r, 0, 0x110040, 8, true);
}

static void unaligned(struct rig *r)
{
	access(r, 0, 0x110042, 4, false);
}

static void three_bytes(struct rig *r)
{
	access(r, 0, 0x110040, 3, false);
}

static void beyond_bar(struct rig *r)
{
	access(r, 0, 0x1000000, 4, false);
}

static void no_such_bar(struct rig *r)
{
	access(r, 2, 0, 4, false);
}

static void write_rom(struct rig *r)
{
	wr(r, 0x300000, 0);
}

static void read_wpr2(struct rig *r)
{
	wr(r, 0x1700, (uint32_t)(r->frts >> 16));
	(void)rd(r, 0x700000);
}

static void write_beyond_vram(struct rig *r)
{
	wr(r, 0x1700, (uint32_t)(r->vram >> 16));
	wr(r, 0x700000, 1);
}

static void write_wpr2(struct rig *r)
{
	wr(r, 0x1700, (uint32_t)(r->frts >> 16));
	wr(r, 0x700000, 1);
}

/* ---- falcons ---- */

static void fwsec_early(struct rig *r)
{
	rig_prepare(r);
	rig_run_ucode(r, GSP, &r->fwsec_frts, 0);
}

static void no_bus_master(struct rig *r)
{
	assert_int_equal(r->t->ops->cfg_wr(r->t, 4, 2, 2, &r->e), 0);
}

static void load_too_early(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	wr(r, GSP + 0x3c0, 0);
	rig_load(r, GSP, &r->fwsec_frts, true);
}

static void load_without_context(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x118, 0x614);
}

static void load_virtual(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x624, 0x80);
	wr(r, GSP + 0x600, 1);
	wr(r, GSP + 0x118, 0x614);
}

static void load_beyond(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x624, 0x80);
	wr(r, GSP + 0x600, 5);
	wr(r, GSP + 0x110, (uint32_t)(r->fwsec_frts.dma.iova >> 8));
	wr(r, GSP + 0x114, 0x10000);
	wr(r, GSP + 0x118, 0x614);
}

/* One transfer into GSP from the start of FWSEC's image, with everything in order but its operands. */
static void load_one(struct rig *r, uint32_t dmactl, uint32_t dest, uint32_t fboffs, uint32_t cmd)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x624, 0x80);
	wr(r, GSP + 0x10c, dmactl);
	wr(r, GSP + 0x600, 5);
	wr(r, GSP + 0x110, (uint32_t)(r->fwsec_frts.dma.iova >> 8));
	wr(r, GSP + 0x128, (uint32_t)(r->fwsec_frts.dma.iova >> 40));
	wr(r, GSP + 0x114, dest);
	wr(r, GSP + 0x11c, fboffs);
	wr(r, GSP + 0x118, cmd);
}

static void load_requires_context(struct rig *r)
{
	load_one(r, 1, 0, 0, 0x614);
}

static void load_half_a_block(struct rig *r)
{
	load_one(r, 0, 0, 0, 0x514);
}

static void load_two_blocks(struct rig *r)
{
	load_one(r, 0, 0, 0, 0x700);
}

static void load_unaligned(struct rig *r)
{
	load_one(r, 0, 0x80, 0, 0x614);
}

static void load_unaligned_source(struct rig *r)
{
	load_one(r, 0, 0, 0x80, 0x614);
}

static void load_the_other_way(struct rig *r)
{
	load_one(r, 0, 0, 0, 0x620);
}

static void load_beyond_vram(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x624, 0x80);
	wr(r, GSP + 0x600, 4);
	wr(r, GSP + 0x110, (uint32_t)(r->vram >> 8));
	wr(r, GSP + 0x118, 0x614);
}

/* All that comes before FWSEC starts. */
static void load_fwsec(struct rig *r)
{
	rig_reset(r, GSP);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
}

static void load_while_running(struct rig *r)
{
	load_fwsec(r);
	wr(r, GSP + 0x100, 2);
	wr(r, GSP + 0x118, 0x600);
}

static void port_beyond(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x1c0, 0x10000 | 1u << 24);
	wr(r, GSP + 0x1c4, 0);
}

static void freed_ucode(struct rig *r)
{
	r->t->ops->dma_free(r->t, &r->fwsec_frts.dma);
}

static void start_in_reset(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	wr(r, GSP + 0x100, 2);
}

static void start_too_early(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	wr(r, GSP + 0x3c0, 0);
	wr(r, GSP + 0x100, 2);
}

static void start_riscv_selected(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x1668, 0x111);
	wr(r, GSP + 0x100, 2);
}

static void start_alias(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x130, 2);
}

static void start_sec2_empty(struct rig *r)
{
	rig_reset(r, SEC2);
	wr(r, SEC2 + 0x100, 2);
}

static void start_insecure(struct rig *r)
{
	rig_reset(r, SEC2);
	wr(r, SEC2 + 0x180, 1u << 24);
	wr(r, SEC2 + 0x188, 0);
	wr(r, SEC2 + 0x184, 0x12345678);
	wr(r, SEC2 + 0x100, 2);
}

static void start_twice(struct rig *r)
{
	load_fwsec(r);
	wr(r, GSP + 0x100, 2);
	wr(r, GSP + 0x100, 2);
}

/* FWSEC in IMEM, and a vector that leads nowhere. */
static void start_elsewhere(struct rig *r)
{
	load_fwsec(r);
	wr(r, GSP + 0x104, 0xfd00);
	wr(r, GSP + 0x100, 2);
}

static void load_after_run(struct rig *r)
{
	rig_load(r, GSP, &r->fwsec_sb, true);
}

static const struct rule rows[] = {
	{ "reads a byte of a register", "access-size", AT_POWER_ON, byte_read },
	{ "writes eight bytes to a register", "access-size", AT_POWER_ON, wide_write },
	{ "reads across registers", "access-alignment", AT_POWER_ON, unaligned },
	{ "reads three bytes", "access-alignment", AT_POWER_ON, three_bytes },
	{ "reads beyond BAR0", "access-range", AT_POWER_ON, beyond_bar },
	{ "reads a BAR that is not there", "access-range", AT_POWER_ON, no_such_bar },
	{ "writes the ROM", "write-to-rom", AT_POWER_ON, write_rom },
	{ "reads WPR2", "wpr2-access", AT_FRTS, read_wpr2 },
	{ "writes beyond the memory", "vram-range", AT_POWER_ON, write_beyond_vram },
	{ "writes to WPR2", "wpr2-access", AT_FRTS, write_wpr2 },
	{ "does not wait for GFW", "fwsec-before-gfw", AT_POWER_ON, fwsec_early },
	{ "leaves bus mastering off", "dma-bus-master", AT_PREPARED, no_bus_master },
	{ "loads before the scrub is over", "load-while-scrubbing", AT_PREPARED, load_too_early },
	{ "does not allow physical DMA", "dma-context", AT_PREPARED, load_without_context },
	{ "loads from virtual memory", "dma-context", AT_PREPARED, load_virtual },
	{ "loads beyond IMEM", "dma-range", AT_PREPARED, load_beyond },
	{ "requires a context that is not there", "dma-context", AT_PREPARED, load_requires_context },
	{ "loads half a block of code", "dma-size", AT_PREPARED, load_half_a_block },
	{ "loads two blocks at once", "dma-size", AT_PREPARED, load_two_blocks },
	{ "loads to the middle of a block", "dma-alignment", AT_PREPARED, load_unaligned },
	{ "loads from the middle of a block", "dma-alignment", AT_PREPARED, load_unaligned_source },
	{ "lets the falcon write memory", "dma-direction", AT_PREPARED, load_the_other_way },
	{ "loads from beyond the memory", "vram-range", AT_PREPARED, load_beyond_vram },
	{ "loads into a core that runs", "load-while-running", AT_PREPARED, load_while_running },
	{ "writes a data port beyond DMEM", "port-range", AT_PREPARED, port_beyond },
	{ "frees the image it loads", "dma-unmapped", AT_PREPARED, freed_ucode },
	{ "starts before the scrub is over", "start-while-scrubbing", AT_PREPARED, start_too_early },
	{ "starts a falcon in reset", "start-in-reset", AT_PREPARED, start_in_reset },
	{ "starts the core that is not selected", "start-wrong-core", AT_PREPARED, start_riscv_selected },
	{ "starts by an alias that is off", "start-alias-off", AT_PREPARED, start_alias },
	{ "starts an empty SEC2", "start-without-code", AT_PREPARED, start_sec2_empty },
	{ "starts code that is not secure", "start-not-secure", AT_PREPARED, start_insecure },
	{ "starts what runs", "start-while-running", AT_PREPARED, start_twice },
	{ "starts at no code's tag", "start-without-code", AT_PREPARED, start_elsewhere },
	{ "loads over code that ran", "load-without-reset", AT_FRTS, load_after_run },
};

const struct rule_list rules_falcon = { rows, NVT_ARRAY_SIZE(rows) };
