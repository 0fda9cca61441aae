/* SPDX-License-Identifier: MIT */
/*
 * Drivers that break a rule of the device, one each: the model finds that rule, and with strict=fail the
 * access during which it found it, and every later one, fails.
 */
#include "rig.h"

#define GSP 0x110000u
#define SEC2 0x840000u

/* Where in a boot the driver goes wrong. */
enum phase {
	AT_POWER_ON, /* the GPU's own firmware still runs */
	AT_PREPARED, /* all buffers are built */
	AT_FRTS,     /* FWSEC-FRTS has run */
	AT_BOOTED,   /* booter_load has run */
	AT_RUNNING,  /* GSP_INIT_DONE was received */
};

struct rule {
	const char *name; /* what the driver does */
	const char *rule;
	enum phase at;
	void (*err)(struct rig *r);
};

static void flip(struct nvt_dma *d, size_t off)
{
	d->cpu[off] ^= 0x55;
}

static uint8_t *meta(struct rig *r)
{
	return r->buf[BUF_META].cpu;
}

static uint8_t *queues(struct rig *r)
{
	return r->buf[BUF_QUEUES].cpu;
}

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

static void load_while_running(struct rig *r)
{
	rig_reset(r, GSP);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
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
	rig_reset(r, GSP);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
	wr(r, GSP + 0x100, 2);
	wr(r, GSP + 0x100, 2);
}

/* FWSEC in IMEM, and a vector that leads nowhere. */
static void start_elsewhere(struct rig *r)
{
	rig_reset(r, GSP);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
	wr(r, GSP + 0x104, 0xfd00);
	wr(r, GSP + 0x100, 2);
}

static void load_after_run(struct rig *r)
{
	rig_load(r, GSP, &r->fwsec_sb, true);
}

static void fwsec_code(struct rig *r)
{
	flip(&r->fwsec_frts.dma, 0x40);
}

static uint8_t *fwsec_dmem(struct rig *r)
{
	return r->fwsec_frts.dma.cpu + r->fwsec_frts.dmem_off;
}

static void fwsec_data(struct rig *r)
{
	fwsec_dmem(r)[0x300] ^= 1;
}

/* The synthetic ROM has its DMEMMAPPER at 0x100 and the command at the end of DMEM. */
static void fwsec_command(struct rig *r)
{
	fwsec_dmem(r)[0x12c] = 0x16;
}

static void frts_size(struct rig *r)
{
	fwsec_dmem(r)[0x7c0 + 0x24] = 1;
}

static void frts_beyond(struct rig *r)
{
	nvt_put_le32(fwsec_dmem(r) + 0x7c0 + 0x20, (uint32_t)(r->vram >> 12));
}

static void fwsec_no_signature(struct rig *r)
{
	memset(fwsec_dmem(r) + r->fwsec_frts.para_addr, 0, 384);
}

static void fwsec_foreign_signature(struct rig *r)
{
	fwsec_dmem(r)[r->fwsec_frts.para_addr] ^= 1;
}

static void fwsec_para_addr(struct rig *r)
{
	r->fwsec_frts.para_addr += 4;
}

/* ---- booter ---- */

static void run_booter_load(struct rig *r)
{
	rig_run_ucode(r, SEC2, &r->booter_load, r->buf[BUF_META].iova);
	(void)rd(r, 0);
}

static void booter_code(struct rig *r)
{
	flip(&r->booter_load.dma, r->booter_load.imem_off + 0x123);
}

static void booter_data(struct rig *r)
{
	flip(&r->booter_load.dma, r->booter_load.dmem_off + 0x400);
}

static void booter_no_signature(struct rig *r)
{
	memset(r->booter_load.dma.cpu + r->booter_load.dmem_off + r->booter_load.para_addr, 0, 384);
}

static void booter_foreign_signature(struct rig *r)
{
	r->booter_load.dma.cpu[r->booter_load.dmem_off + r->booter_load.para_addr + 100] ^= 1;
}

static void booter_ucode_id(struct rig *r)
{
	r->booter_load.ucode_id = 4;
}

static void booter_engine(struct rig *r)
{
	r->booter_load.engine_mask = 0x400;
}

static void booter_no_meta(struct rig *r)
{
	r->t->ops->dma_free(r->t, &r->buf[BUF_META]);
}

static void unload_argument(struct rig *r)
{
	rig_run_ucode(r, SEC2, &r->booter_unload, 0xff);
	(void)rd(r, 0);
}

static void unload_early(struct rig *r)
{
	rig_run_ucode(r, SEC2, &r->booter_unload, 0x000000ff000000ff);
	(void)rd(r, 0);
}

/* ---- GspFwWprMeta and the images ---- */

static void meta_magic(struct rig *r)
{
	meta(r)[0] ^= 1;
}

static void meta_frts(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x98, r->frts - (1u << 20));
}

static void meta_fb_size(struct rig *r)
{
	nvt_put_le64(meta(r) + 0xb0, r->vram / 2);
}

static void meta_boot_unaligned(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x90, nvt_le64(meta(r) + 0x90) - 0x100);
}

static void meta_image_overlaps(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x88, nvt_align_down(nvt_le64(meta(r) + 0x90), 0x10000));
}

static void meta_heap_overlaps(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x80, nvt_le64(meta(r) + 0x80) + (1u << 20));
}

static void meta_heap_none(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x80, 0);
}

static void meta_heap_small(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x80, 64u << 20);
}

static void meta_non_wpr_heap(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x68, 0x80000);
}

static void meta_partitions(struct rig *r)
{
	meta(r)[0xf0] = 2;
}

static void meta_image_size(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x18, nvt_le64(meta(r) + 0x18) - 0x1000);
}

static void meta_no_image(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x18, 0);
}

static void image_byte(struct rig *r)
{
	flip(&r->buf[BUF_IMAGE], r->buf[BUF_IMAGE].size - 1);
}

static void signature_byte(struct rig *r)
{
	flip(&r->buf[BUF_SIGNATURE], 0x100);
}

static void bootloader_byte(struct rig *r)
{
	flip(&r->buf[BUF_BOOTLOADER], 7);
}

static void bootloader_code(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x30, nvt_le64(meta(r) + 0x38));
}

static void bootloader_manifest(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x40, 0x800);
}

static void bootloader_data(struct rig *r)
{
	nvt_put_le64(meta(r) + 0x38, UINT64_MAX - 0x10);
}

static void radix_empty(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_RADIX].cpu, 0);
}

static void radix_unaligned(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_RADIX].cpu + 0x2008, r->buf[BUF_IMAGE].iova + 0x1008);
}

static void radix_unmapped(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_RADIX].cpu + 0x1000, 0x7000);
}

static void radix_swapped(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_RADIX].cpu + 0x2008, r->buf[BUF_IMAGE].iova);
}

/* ---- LIBOS, queues, messages ---- */

static void libos_first(struct rig *r)
{
	r->buf[BUF_LIBOS].cpu[0] ^= 1;
}

static void libos_no_rmargs(struct rig *r)
{
	memset(r->buf[BUF_LIBOS].cpu + 96, 0, 32);
}

static void libos_kind(struct rig *r)
{
	r->buf[BUF_LIBOS].cpu[32 + 24] = 2;
}

static void logs_read_only(struct rig *r)
{
	struct nvt_dma d;

	assert_int_equal(r->t->ops->dma_alloc(r->t, "logs", 0x1000, 4096, NVT_DMA_TO_DEVICE, &d, &r->e), 0);
	nvt_put_le64(r->buf[BUF_LIBOS].cpu + 8, d.iova);
}

static void libos_rmargs_short(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_LIBOS].cpu + 96 + 16, 8);
}

static void resume_arguments(struct rig *r)
{
	nvt_put_le32(r->buf[BUF_RMARGS].cpu + 32, 3);
	r->buf[BUF_RMARGS].cpu[40] = 1;
}

static void queue_pages(struct rig *r)
{
	nvt_put_le32(r->buf[BUF_RMARGS].cpu + 8, 0);
}

static void queue_first_page(struct rig *r)
{
	nvt_put_le64(queues(r), r->buf[BUF_QUEUES].iova + 0x1000);
}

static void queue_page_unaligned(struct rig *r)
{
	nvt_put_le64(queues(r) + 8, r->buf[BUF_QUEUES].iova + 0x1800);
}

static void queue_outside(struct rig *r)
{
	nvt_put_le64(r->buf[BUF_RMARGS].cpu + 24, 0x80000);
}

static void queue_count(struct rig *r)
{
	nvt_put_le32(queues(r) + 0x100c, 64);
}

static void queue_pointer(struct rig *r)
{
	nvt_put_le32(queues(r) + 0x1010, 63);
	wr(r, 0x110c00, 0);
	rig_sleep(r, 200000);
	(void)rd(r, 0);
}

static void wait_and_see(struct rig *r)
{
	rig_sleep(r, 500000);
	(void)rd(r, 0);
}

static void bad_checksum(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2020] ^= 1;
	wait_and_see(r);
}

static void bad_sequence(struct rig *r)
{
	r->cmd_seq = 1;
	rig_send_system_info(r);
	wait_and_see(r);
}

static void stray_continuation(struct rig *r)
{
	static const uint8_t b[16];

	rig_send(r, 71, b, sizeof(b));
	wait_and_see(r);
}

static void info_size(struct rig *r)
{
	static const uint8_t b[0x298];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void info_long(struct rig *r)
{
	static const uint8_t b[0x3a8];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void info_bars(struct rig *r)
{
	static const uint8_t b[0x3a0];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void registry_first(struct rig *r)
{
	rig_send_registry(r, 4);
	wait_and_see(r);
}

static void registry_name(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 200, 0, 0, 0, 1 };

	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_type(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 4 };

	b[24] = 'A';
	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_value(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 2, 0, 0, 0, 24, 0, 0, 0, 100 };

	b[24] = 'A';
	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_count(struct rig *r)
{
	uint8_t b[24] = { sizeof(b), 0, 0, 0, 2 };

	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void header_version(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2033] = 4;
	wait_and_see(r);
}

static void element_count(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2028] = 2;
	wait_and_see(r);
}

static void logs_freed(struct rig *r)
{
	r->t->ops->dma_free(r->t, &r->buf[BUF_LOGS]);
	rig_send(r, 47, (const uint8_t[8]){ 0 }, 8);
	wait_and_see(r);
}

static void unload_cut_short(struct rig *r)
{
	rig_send(r, 47, (const uint8_t[4]){ 0 }, 4);
	wait_and_see(r);
}

/* Sends requests on and on without taking an answer. */
static void answers_unread(struct rig *r)
{
	static const uint8_t b[16];
	unsigned i;

	for (i = 0; i < 250; i++) {
		rig_send(r, 0x7f, b, sizeof(b));
		rig_sleep(r, 1000);
	}
	(void)rd(r, 0);
}

static void script_ignored(struct rig *r)
{
	wr(r, 0x1440, 0);
	rig_send(r, 47, (const uint8_t[8]){ 0 }, 8);
	wait_and_see(r);
}

static const struct rule rules[] = {
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
	{ "loads another FWSEC", "fwsec-code", AT_PREPARED, fwsec_code },
	{ "changes FWSEC's data", "fwsec-data", AT_PREPARED, fwsec_data },
	{ "gives FWSEC an unknown command", "fwsec-command", AT_PREPARED, fwsec_command },
	{ "asks for a small FRTS", "frts-command", AT_PREPARED, frts_size },
	{ "asks for FRTS beyond memory", "frts-region", AT_PREPARED, frts_beyond },
	{ "leaves FWSEC unsigned", "signature-missing", AT_PREPARED, fwsec_no_signature },
	{ "makes up a FWSEC signature", "signature-unknown", AT_PREPARED, fwsec_foreign_signature },
	{ "puts the signature elsewhere", "boot-rom-parameter", AT_PREPARED, fwsec_para_addr },
	{ "runs booter_load first", "booter-before-frts", AT_PREPARED, run_booter_load },
	{ "loads a changed booter", "firmware-digest", AT_FRTS, booter_code },
	{ "loads changed booter data", "firmware-digest", AT_FRTS, booter_data },
	{ "leaves the booter unsigned", "signature-missing", AT_FRTS, booter_no_signature },
	{ "makes up a booter signature", "signature-unknown", AT_FRTS, booter_foreign_signature },
	{ "gives a wrong ucode id", "boot-rom-parameter", AT_FRTS, booter_ucode_id },
	{ "gives a wrong engine mask", "boot-rom-parameter", AT_FRTS, booter_engine },
	{ "passes a meta that is not there", "dma-unmapped", AT_FRTS, booter_no_meta },
	{ "runs booter_load twice", "booter-twice", AT_BOOTED, run_booter_load },
	{ "passes half an argument to unload", "booter-unload-argument", AT_RUNNING, unload_argument },
	{ "unloads under a running GSP-RM", "booter-unload-early", AT_RUNNING, unload_early },
	{ "spoils the magic", "wpr-meta", AT_FRTS, meta_magic },
	{ "moves FRTS", "wpr-meta", AT_FRTS, meta_frts },
	{ "halves the memory", "wpr-meta", AT_FRTS, meta_fb_size },
	{ "puts the boot binary anywhere", "wpr-layout", AT_FRTS, meta_boot_unaligned },
	{ "overlaps image and boot binary", "wpr-layout", AT_FRTS, meta_image_overlaps },
	{ "overlaps heap and image", "wpr-layout", AT_FRTS, meta_heap_overlaps },
	{ "gives no heap", "wpr-layout", AT_FRTS, meta_heap_none },
	{ "gives less heap than GSP-RM needs", "wpr-layout", AT_FRTS, meta_heap_small },
	{ "gives half a non-WPR heap", "wpr-meta", AT_FRTS, meta_non_wpr_heap },
	{ "asks for partitions", "wpr-meta", AT_FRTS, meta_partitions },
	{ "cuts the image short", "firmware-digest", AT_FRTS, meta_image_size },
	{ "gives no image", "wpr-meta", AT_FRTS, meta_no_image },
	{ "changes the image", "firmware-digest", AT_FRTS, image_byte },
	{ "changes the signature", "firmware-digest", AT_FRTS, signature_byte },
	{ "changes the bootloader", "firmware-digest", AT_FRTS, bootloader_byte },
	{ "takes the bootloader's data for its code", "bootloader-offset", AT_FRTS, bootloader_code },
	{ "misses the bootloader's manifest", "bootloader-offset", AT_FRTS, bootloader_manifest },
	{ "puts the bootloader's data outside", "wpr-layout", AT_FRTS, bootloader_data },
	{ "leaves radix-3 level 0 empty", "radix3", AT_FRTS, radix_empty },
	{ "points into the middle of a page", "radix3", AT_FRTS, radix_unaligned },
	{ "points to no memory", "dma-unmapped", AT_FRTS, radix_unmapped },
	{ "gives pages in a wrong order", "firmware-digest", AT_FRTS, radix_swapped },
	{ "does not begin with LOGINIT", "libos-arguments", AT_FRTS, libos_first },
	{ "gives no RMARGS", "libos-arguments", AT_FRTS, libos_no_rmargs },
	{ "gives a log by radix-3", "libos-arguments", AT_FRTS, libos_kind },
	{ "maps logs for reading only", "dma-permission", AT_FRTS, logs_read_only },
	{ "gives a short RMARGS", "libos-arguments", AT_FRTS, libos_rmargs_short },
	{ "resumes what was not suspended", "resume-without-suspend", AT_FRTS, resume_arguments },
	{ "gives no queue pages", "queue-pages", AT_FRTS, queue_pages },
	{ "leaves the page table's page out", "queue-pages", AT_FRTS, queue_first_page },
	{ "gives half a page to the queues", "queue-pages", AT_FRTS, queue_page_unaligned },
	{ "puts a queue outside", "queue-range", AT_FRTS, queue_outside },
	{ "gives a queue of 64 elements", "queue-header", AT_FRTS, queue_count },
	{ "writes a pointer beyond the ring", "queue-pointer", AT_BOOTED, queue_pointer },
	{ "sends a wrong checksum", "command-frame", AT_BOOTED, bad_checksum },
	{ "leaves out a sequence number", "command-frame", AT_BOOTED, bad_sequence },
	{ "sends another header version", "command-frame", AT_BOOTED, header_version },
	{ "counts elements wrong", "command-frame", AT_BOOTED, element_count },
	{ "sends a lone continuation", "command-continuation", AT_BOOTED, stray_continuation },
	{ "sends an older release's info", "command-size", AT_BOOTED, info_size },
	{ "sends a newer release's info", "system-info", AT_BOOTED, info_long },
	{ "sends wrong BARs", "system-info", AT_BOOTED, info_bars },
	{ "sends the registry first", "registry-order", AT_BOOTED, registry_first },
	{ "names an entry beyond the table", "registry", AT_BOOTED, registry_name },
	{ "makes up a type of entry", "registry", AT_BOOTED, registry_type },
	{ "puts a value beyond the table", "registry", AT_BOOTED, registry_value },
	{ "counts more entries than it sends", "registry", AT_BOOTED, registry_count },
	{ "frees the logs of a running GSP-RM", "dma-unmapped", AT_RUNNING, logs_freed },
	{ "cuts a message short", "command-size", AT_RUNNING, unload_cut_short },
	{ "reads no answers", "status-queue-full", AT_RUNNING, answers_unread },
	{ "does not run the script", "sequencer-not-run", AT_RUNNING, script_ignored },
};

static void at(struct rig *r, const struct rule *rule, enum phase phase)
{
	if (rule->at == phase)
		rule->err(r);
}

/* A boot in nova-core's order. */
static void boot(struct rig *r, const struct rule *rule)
{
	at(r, rule, AT_POWER_ON);
	assert_true(poll(r, 0x118234, 0xff, 0xff, 4000000));
	rig_prepare(r);
	at(r, rule, AT_PREPARED);
	rig_run_ucode(r, GSP, &r->fwsec_frts, 0);
	at(r, rule, AT_FRTS);
	rig_reset(r, GSP);
	wr(r, GSP + 0x40, v_libos_lo(r));
	wr(r, GSP + 0x44, v_libos_hi(r));
	rig_start(r, GSP, 2000000);
	rig_run_ucode(r, SEC2, &r->booter_load, r->buf[BUF_META].iova);
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
	at(r, rule, AT_BOOTED);
	rig_send_start_up(r, 0);
	wait_and_see(r);
	rig_to_init_done(r);
	at(r, rule, AT_RUNNING);
}

/* True if the model found the rule. */
static bool found(const struct rule *rule)
{
	static struct rig r;
	jmp_buf refused;
	uint32_t v;
	bool ok;

	rig_open(&r, "");
	r.refused = &refused;
	if (!setjmp(refused))
		boot(&r, rule);
	ok = !strcmp(r.rule, rule->rule);
	if (!ok)
		print_error("a driver that %s: found \"%s\", wanted \"%s\"\n", rule->name, r.rule, rule->rule);
	/* The run is over: reads, writes, config space and reset fail alike, with the same text. */
	if (try_rd(&r, 0, &v) != -NVT_E_DEVICE || !strstr(r.e.msg, rule->rule) ||
	    try_wr(&r, 0x140, 0) != -NVT_E_DEVICE || r.t->ops->cfg_rd(r.t, 0, 4, &v, &r.e) != -NVT_E_DEVICE ||
	    r.t->ops->reset(r.t, &r.e) != -NVT_E_DEVICE) {
		print_error("a driver that %s: the run goes on\n", rule->name);
		ok = false;
	}
	rig_close(&r);
	return ok;
}

static void test_rules(void **state)
{
	unsigned i, bad = 0;

	(void)state;
	for (i = 0; i < NVT_ARRAY_SIZE(rules); i++)
		bad += !found(&rules[i]);
	assert_int_equal(bad, 0);
}

/* strict=report: the same violation is counted, told once with what was seen and wanted, and the run goes on. */
static void test_report(void **state)
{
	static struct rig r;
	struct nvt_sim_report rep;
	unsigned i;

	(void)state;
	rig_open(&r, ",strict=report");
	for (i = 0; i < 3; i++)
		wr(&r, 0x300000, 0);
	assert_int_equal(rd(&r, 0), 0xb72000a1);
	sim_report(r.t, &rep);
	assert_int_equal(rep.violation_count, 3);
	assert_int_equal(rep.violations_n, 1);
	assert_int_equal(rep.violations[0].count, 3);
	assert_string_equal(rep.violations[0].rule, "write-to-rom");
	rig_close(&r);
}

/* A booter that fails its checks says so in its mailbox, as a real one would. */
static void test_report_booter(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, ",strict=report");
	assert_true(poll(&r, 0x118234, 0xff, 0xff, 4000000));
	rig_prepare(&r);
	rig_run_ucode(&r, GSP, &r.fwsec_frts, 0);
	meta_magic(&r);
	rig_run_ucode(&r, SEC2, &r.booter_load, r.buf[BUF_META].iova);
	assert_int_not_equal(rd(&r, SEC2 + 0x40), 0);
	assert_int_equal(rd(&r, 0x111388) & 0x80, 0);
	assert_string_equal(r.rule, "wpr-meta");
	rig_close(&r);
}

/* unknown-fw=ok: changed images boot, and the report says that nobody knows them. */
static void test_unknown_firmware(void **state)
{
	static struct rig r;
	struct nvt_sim_report rep;

	(void)state;
	rig_open(&r, ",unknown-fw=ok");
	assert_true(poll(&r, 0x118234, 0xff, 0xff, 4000000));
	rig_prepare(&r);
	rig_run_ucode(&r, GSP, &r.fwsec_frts, 0);
	booter_code(&r);
	image_byte(&r);
	signature_byte(&r);
	bootloader_byte(&r);
	rig_reset(&r, GSP);
	wr(&r, GSP + 0x40, v_libos_lo(&r));
	wr(&r, GSP + 0x44, v_libos_hi(&r));
	rig_start(&r, GSP, 2000000);
	rig_run_ucode(&r, SEC2, &r.booter_load, r.buf[BUF_META].iova);
	assert_int_equal(rd(&r, SEC2 + 0x40), 0);
	rig_send_start_up(&r, 4);
	rig_to_init_done(&r);
	sim_report(r.t, &rep);
	assert_int_equal(rep.violation_count, 0);
	assert_string_equal(rep.gsp_image, "digest unknown");
	assert_string_equal(rep.bootloader, "digest unknown");
	assert_string_equal(rep.booter_load, "digest unknown");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_report_booter),
		cmocka_unit_test(test_unknown_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
