/* SPDX-License-Identifier: MIT */
/* Drivers that go wrong in what they boot: FWSEC, the booters, GspFwWprMeta, images, LIBOS arguments and queues. */
#include "rules.h"

static void flip(struct nvt_dma *d, size_t off)
{
	d->cpu[off] ^= 0x55;
}

static uint8_t *meta(struct rig *r)
{
	return r->buf[BUF_META].cpu;
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

/* ---- LIBOS, queues ---- */

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

static const struct rule rows[] = {
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
};

const struct rule_list rules_boot = { rows, NVT_ARRAY_SIZE(rows) };

/* A booter that fails its checks says so in its mailbox, as a real one would. */
void test_report_booter(void **state)
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
void test_unknown_firmware(void **state)
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
	boot_gsp(&r);
	rig_send_start_up(&r, 4);
	rig_to_init_done(&r);
	sim_report(r.t, &rep);
	assert_int_equal(rep.violation_count, 0);
	assert_string_equal(rep.gsp_image, "digest unknown");
	assert_string_equal(rep.bootloader, "digest unknown");
	assert_string_equal(rep.booter_load, "digest unknown");
	rig_close(&r);
}
