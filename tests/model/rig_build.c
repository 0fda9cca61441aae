/* SPDX-License-Identifier: MIT */
/*
 * The rig's DMA buffers. Offsets are written down from NVIDIA's headers of 570.144 (sizes by pahole), on
 * purpose not taken from the protocol tables that driver and model share.
 */
#include "rig.h"

#include <stdlib.h>

#define RELEASE_DIR "tests/model/release"
#define PAGE 4096u

static void alloc(struct rig *r, const char *name, size_t size, enum nvt_dma_dir dir, struct nvt_dma *ret)
{
	assert_int_equal(r->t->ops->dma_alloc(r->t, name, size, PAGE, dir, ret, &r->e), 0);
}

static struct nvt_bytes file(const char *name)
{
	struct nvt_fw_blob blob;
	struct nvt_error e;
	char path[256];

	snprintf(path, sizeof(path), RELEASE_DIR "/firmware/nvidia/ga102/gsp/%s-0.0.0-test.bin", name);
	if (nvt_fw_read(path, &blob, &e))
		fail_msg("%s: %s", path, e.msg);
	return blob.data;
}

static void drop(struct nvt_bytes b)
{
	free((void *)(uintptr_t)b.p);
}

/* ---- ucodes ---- */

static void build_booter(struct rig *r, const char *name, struct rig_ucode *u)
{
	struct nvt_bytes f = file(name);
	struct nvt_hs_image hs;
	uint8_t *data;

	assert_int_equal(nvt_hs_parse(f, &hs, &r->e), 0);
	alloc(r, name, nvt_align_up(hs.bin.data_size, PAGE), NVT_DMA_TO_DEVICE, &u->dma);
	data = u->dma.cpu;
	memcpy(data, f.p + hs.bin.data_off, hs.bin.data_size);
	/* Fuse version 1, image version 1: the first signature. */
	memcpy(data + hs.patch_loc, f.p + hs.sig_off, hs.sig_each);
	u->imem_off = hs.app0_off;
	u->imem_tag_off = hs.app0_off;
	u->imem_size = (uint32_t)nvt_align_up(hs.app0_size, 256);
	u->dmem_off = hs.os_data_off;
	u->dmem_size = (uint32_t)nvt_align_up(hs.os_data_size, 256);
	u->bootvec = hs.app0_off;
	u->para_addr = hs.patch_loc - hs.os_data_off;
	u->engine_mask = hs.engine_id;
	u->ucode_id = hs.ucode_id;
	drop(f);
}

static void build_fwsec(struct rig *r, struct nvt_bytes rom, const struct nvt_fwsec *fs, enum nvt_fwsec_cmd cmd,
			struct rig_ucode *u)
{
	unsigned sig;

	alloc(r, "fwsec", nvt_align_up(fs->stored_size, PAGE), NVT_DMA_TO_DEVICE, &u->dma);
	memcpy(u->dma.cpu, rom.p + fs->ucode_off, fs->stored_size);
	assert_int_equal(nvt_fwsec_pick_signature(fs, rd(r, 0x8241c0 + 4u * (fs->ucode_id - 1u)), &sig, &r->e), 0);
	assert_int_equal(nvt_fwsec_prepare(rom, fs, u->dma.cpu, fs->stored_size, cmd, r->frts, 1u << 20, sig, &r->e),
			 0);
	u->imem_size = fs->imem_load_size;
	u->dmem_off = fs->imem_load_size;
	u->dmem_size = (uint32_t)nvt_align_up(fs->dmem_load_size, 256);
	u->para_addr = fs->pkc_data_off;
	u->engine_mask = fs->engine_id_mask;
	u->ucode_id = fs->ucode_id;
}

static void build_fwsecs(struct rig *r)
{
	static uint8_t rom[0x100000];
	static struct nvt_vbios vb;
	struct nvt_bytes b = { rom, 0x10000 };
	const struct nvt_fwsec *fs;

	assert_int_equal(r->t->ops->window_rd(r->t, 0, 0x300000, rom, b.n, &r->e), 0);
	if (nvt_vbios_parse(b, &vb, &r->e))
		fail_msg("VBIOS: %s", r->e.msg);
	fs = nvt_vbios_fwsec(&vb);
	assert_non_null(fs);
	build_fwsec(r, b, fs, NVT_FWSEC_FRTS, &r->fwsec_frts);
	build_fwsec(r, b, fs, NVT_FWSEC_SB, &r->fwsec_sb);
}

/* ---- radix-3, meta, LIBOS, queues ---- */

static void build_image(struct rig *r)
{
	struct nvt_bytes f = file("gsp");
	const struct nvt_fw_section *sig;
	static struct nvt_gsp_elf elf;
	uint64_t pages, i, l2_at;
	uint8_t *t;

	assert_int_equal(nvt_gsp_elf_parse(f, &elf, &r->e), 0);
	pages = (elf.image->size + PAGE - 1) / PAGE;
	assert_true(pages < 512);
	alloc(r, "gsp-image", nvt_align_up(elf.image->size, PAGE), NVT_DMA_TO_DEVICE, &r->buf[BUF_IMAGE]);
	r->buf[BUF_IMAGE].size = elf.image->size;
	memcpy(r->buf[BUF_IMAGE].cpu, f.p + elf.image->off, elf.image->size);
	alloc(r, "radix3", 3 * PAGE, NVT_DMA_TO_DEVICE, &r->buf[BUF_RADIX]);
	t = r->buf[BUF_RADIX].cpu;
	l2_at = r->buf[BUF_RADIX].iova + 2 * PAGE;
	nvt_put_le64(t, r->buf[BUF_RADIX].iova + PAGE);
	nvt_put_le64(t + PAGE, l2_at);
	for (i = 0; i < pages; i++)
		nvt_put_le64(t + 2 * PAGE + i * 8, r->buf[BUF_IMAGE].iova + i * PAGE);
	/* nova-core leaves whatever was there behind the last entry. */
	nvt_put_le64(t + 2 * PAGE + pages * 8, 0x123);
	sig = nvt_gsp_elf_section(&elf, ".fwsignature_ga10x");
	assert_non_null(sig);
	alloc(r, "signature", PAGE, NVT_DMA_TO_DEVICE, &r->buf[BUF_SIGNATURE]);
	memcpy(r->buf[BUF_SIGNATURE].cpu, f.p + sig->off, sig->size);
	drop(f);
}

static void build_meta(struct rig *r)
{
	struct nvt_bytes f = file("bootloader");
	uint64_t end = r->vram - (1u << 20), boot, elf, heap, size;
	struct nvt_riscv_bl bl;
	uint8_t *m;

	assert_int_equal(nvt_riscv_bl_parse(f, &bl, &r->e), 0);
	alloc(r, "bootloader", nvt_align_up(bl.bin.data_size, PAGE), NVT_DMA_TO_DEVICE, &r->buf[BUF_BOOTLOADER]);
	memcpy(r->buf[BUF_BOOTLOADER].cpu, f.p + bl.bin.data_off, bl.bin.data_size);
	alloc(r, "wpr-meta", PAGE, NVT_DMA_TO_DEVICE, &r->buf[BUF_META]);
	m = r->buf[BUF_META].cpu;
	boot = nvt_align_down(r->frts - bl.bin.data_size, PAGE);
	elf = nvt_align_down(boot - r->buf[BUF_IMAGE].size, 0x10000);
	heap = nvt_align_down(elf - 0x8100000, 1u << 20);
	size = nvt_align_down(elf - heap, 1u << 20);
	nvt_put_le64(m + 0x00, 0xdc3aae21371a60b3);
	nvt_put_le64(m + 0x08, 1);
	nvt_put_le64(m + 0x10, r->buf[BUF_RADIX].iova);
	nvt_put_le64(m + 0x18, r->buf[BUF_IMAGE].size);
	nvt_put_le64(m + 0x20, r->buf[BUF_BOOTLOADER].iova);
	nvt_put_le64(m + 0x28, bl.bin.data_size);
	nvt_put_le64(m + 0x30, bl.monitor_code_off);
	nvt_put_le64(m + 0x38, bl.monitor_data_off);
	nvt_put_le64(m + 0x40, bl.manifest_off);
	nvt_put_le64(m + 0x48, r->buf[BUF_SIGNATURE].iova);
	nvt_put_le64(m + 0x50, PAGE);
	nvt_put_le64(m + 0x70, nvt_align_down(heap - 256, 1u << 20));
	nvt_put_le64(m + 0x58, nvt_le64(m + 0x70) - (1u << 20));
	nvt_put_le64(m + 0x60, nvt_le64(m + 0x58));
	nvt_put_le64(m + 0x68, 1u << 20);
	nvt_put_le64(m + 0x78, heap);
	nvt_put_le64(m + 0x80, size);
	nvt_put_le64(m + 0x88, elf);
	nvt_put_le64(m + 0x90, boot);
	nvt_put_le64(m + 0x98, r->frts);
	nvt_put_le64(m + 0xa0, 1u << 20);
	nvt_put_le64(m + 0xa8, end);
	nvt_put_le64(m + 0xb0, r->vram);
	nvt_put_le64(m + 0xb8, end);
	nvt_put_le64(m + 0xc0, r->vram - end);
	drop(f);
}

static void put_region(uint8_t *p, uint64_t id, uint64_t pa, uint64_t size)
{
	nvt_put_le64(p, id);
	nvt_put_le64(p + 8, pa);
	nvt_put_le64(p + 16, size);
	p[24] = 1;
	p[25] = 1;
}

static void build_libos(struct rig *r)
{
	uint8_t *p;

	alloc(r, "logs", 0x30000, NVT_DMA_BIDIR, &r->buf[BUF_LOGS]);
	alloc(r, "rmargs", PAGE, NVT_DMA_TO_DEVICE, &r->buf[BUF_RMARGS]);
	alloc(r, "libos-args", PAGE, NVT_DMA_TO_DEVICE, &r->buf[BUF_LIBOS]);
	p = r->buf[BUF_LIBOS].cpu;
	put_region(p, 0x4c4f47494e4954, r->buf[BUF_LOGS].iova, 0x10000);		/* LOGINIT */
	put_region(p + 32, 0x4c4f47494e5452, r->buf[BUF_LOGS].iova + 0x10000, 0x10000); /* LOGINTR */
	put_region(p + 64, 0x4c4f47524d, r->buf[BUF_LOGS].iova + 0x20000, 0x10000);	/* LOGRM */
	put_region(p + 96, 0x524d41524753, r->buf[BUF_RMARGS].iova, PAGE);		/* RMARGS */
}

static void build_queues(struct rig *r)
{
	uint8_t *q, *args = r->buf[BUF_RMARGS].cpu;
	unsigned i;

	alloc(r, "queues", 0x81000, NVT_DMA_BIDIR, &r->buf[BUF_QUEUES]);
	q = r->buf[BUF_QUEUES].cpu;
	for (i = 0; i < 129; i++)
		nvt_put_le64(q + 8 * i, r->buf[BUF_QUEUES].iova + (uint64_t)i * PAGE);
	nvt_put_le32(q + 0x1004, 0x40000);
	nvt_put_le32(q + 0x1008, 0x1000);
	nvt_put_le32(q + 0x100c, 0x3f);
	nvt_put_le32(q + 0x1014, 1);
	nvt_put_le32(q + 0x1018, 0x20);
	nvt_put_le32(q + 0x101c, 0x1000);
	nvt_put_le64(args, r->buf[BUF_QUEUES].iova);
	nvt_put_le32(args + 8, 129);
	nvt_put_le64(args + 16, 0x1000);
	nvt_put_le64(args + 24, 0x41000);
}

void rig_prepare(struct rig *r)
{
	uint32_t cmd;

	assert_int_equal(r->t->ops->cfg_rd(r->t, 4, 2, &cmd, &r->e), 0);
	assert_int_equal(r->t->ops->cfg_wr(r->t, 4, 2, cmd | 6, &r->e), 0);
	r->frts = r->vram - (2u << 20);
	alloc(r, "flush", PAGE, NVT_DMA_BIDIR, &r->buf[BUF_FLUSH]);
	build_fwsecs(r);
	build_booter(r, "booter_load", &r->booter_load);
	build_booter(r, "booter_unload", &r->booter_unload);
	build_image(r);
	build_meta(r);
	build_libos(r);
	build_queues(r);
}
