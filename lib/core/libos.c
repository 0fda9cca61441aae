/* SPDX-License-Identifier: MIT */
/* Fills the memory structs that booter and GSP-RM read (firmware-formats.md 12, 13). */
#include "core/libos.h"

#include "core/state.h"

#include "base/bytes.h"

#include <nvt/fields.h>

#include <string.h>

#define PAGE 0x1000u

/* Up to eight characters, the first one most significant. */
static uint64_t id8(const char *name)
{
	uint64_t id = 0;

	while (*name)
		id = id << 8 | (uint8_t)*name++;
	return id;
}

static int put_region(struct nvt_wview *w, const char *name, const struct nvt_dma *dma)
{
	nvt_put(w, NVF_LibosMemoryRegionInitArgument_id8, id8(name));
	nvt_put(w, NVF_LibosMemoryRegionInitArgument_pa, dma->iova);
	nvt_put(w, NVF_LibosMemoryRegionInitArgument_size, dma->size);
	nvt_put(w, NVF_LibosMemoryRegionInitArgument_kind, 1); /* LIBOS_MEMORY_REGION_CONTIGUOUS */
	nvt_put(w, NVF_LibosMemoryRegionInitArgument_loc, 1);  /* LIBOS_MEMORY_REGION_LOC_SYSMEM */
	return w->rc;
}

/* The log's put counter is its first word; its own pages' addresses follow until GSP-RM logs. */
static void fill_log(struct nvt_transport *t, struct nvt_dma *log)
{
	size_t i;

	for (i = 0; i < log->size / PAGE; i++)
		nvt_put_le64(log->cpu + (i + 1) * 8, log->iova + i * PAGE);
	nvt_dma_sync(t, log, 0, log->size);
}

static int fill_libos_args(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	uint32_t size = nvt_nvf_struct_size(b->rel, NVF_LibosMemoryRegionInitArgument_id8);
	struct nvt_wview w = { b->rel, b->libos_args.cpu, size, 0, e };
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < b->rm->log_count; i++) {
		fill_log(gpu->t, &b->logs[i]);
		rc = put_region(&w, b->rm->logs[i], &b->logs[i]);
		w.p += size;
	}
	if (!rc)
		rc = put_region(&w, "RMARGS", &b->rm_args);
	if (!rc)
		nvt_dma_sync(gpu->t, &b->libos_args, 0, b->libos_args.size);
	return rc;
}

static int fill_rm_args(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	const struct msgq *q = &b->rpc.q;
	struct nvt_wview w = { b->rel, b->rm_args.cpu, b->rm_args.size, 0, e };

	nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_sharedMemPhysAddr,
		b->queues.iova);
	nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_pageTableEntryCount,
		q->pte_count);
	nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_cmdQueueOffset, q->cmd_off);
	nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_messageQueueInitArguments_statQueueOffset,
		q->stat_off);
	/* As OGKM and nouveau: GSP-RM keeps its stack in DMEM, where it can be told (r570 and later). */
	if (nvt_nvf_offset(b->rel, NVF_GSP_ARGUMENTS_CACHED_bDmemStack) >= 0)
		nvt_put(&w, NVF_GSP_ARGUMENTS_CACHED_bDmemStack, 1);
	if (!w.rc)
		nvt_dma_sync(gpu->t, &b->rm_args, 0, b->rm_args.size);
	return w.rc;
}

static void put_plan(struct nvt_wview *w, const struct nvt_fb_plan *fb)
{
	nvt_put(w, NVF_GspFwWprMeta_gspFwRsvdStart, fb->non_wpr_heap.base);
	nvt_put(w, NVF_GspFwWprMeta_nonWprHeapOffset, fb->non_wpr_heap.base);
	nvt_put(w, NVF_GspFwWprMeta_nonWprHeapSize, fb->non_wpr_heap.size);
	nvt_put(w, NVF_GspFwWprMeta_gspFwWprStart, fb->wpr2.base);
	nvt_put(w, NVF_GspFwWprMeta_gspFwHeapOffset, fb->wpr_heap.base);
	nvt_put(w, NVF_GspFwWprMeta_gspFwHeapSize, fb->wpr_heap.size);
	nvt_put(w, NVF_GspFwWprMeta_gspFwOffset, fb->elf.base);
	nvt_put(w, NVF_GspFwWprMeta_bootBinOffset, fb->boot_bin.base);
	nvt_put(w, NVF_GspFwWprMeta_frtsOffset, fb->frts.base);
	nvt_put(w, NVF_GspFwWprMeta_frtsSize, fb->frts.size);
	nvt_put(w, NVF_GspFwWprMeta_gspFwWprEnd, fb->wpr2.base + fb->wpr2.size);
	nvt_put(w, NVF_GspFwWprMeta_fbSize, fb->size);
	nvt_put(w, NVF_GspFwWprMeta_vgaWorkspaceOffset, fb->vga_workspace.base);
	nvt_put(w, NVF_GspFwWprMeta_vgaWorkspaceSize, fb->vga_workspace.size);
	nvt_put(w, NVF_GspFwWprMeta_pmuReservedSize, fb->pmu_reserved_size);
}

static int fill_wpr_meta(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	struct nvt_wview w = { b->rel, b->wpr_meta.cpu, b->wpr_meta.size, 0, e };
	uint64_t magic, revision;

	if (!nvt_const_find(b->rel, "GSP_FW_WPR_META_MAGIC", &magic) ||
	    !nvt_const_find(b->rel, "GSP_FW_WPR_META_REVISION", &revision))
		return nvt_fail(e, NVT_E_ENV, "release %s has no WPR meta", nvt_rel_name(b->rel));
	nvt_put(&w, NVF_GspFwWprMeta_magic, magic);
	nvt_put(&w, NVF_GspFwWprMeta_revision, revision);
	nvt_put(&w, NVF_GspFwWprMeta_sysmemAddrOfRadix3Elf, b->radix3.iova);
	nvt_put(&w, NVF_GspFwWprMeta_sizeOfRadix3Elf, b->image_size);
	nvt_put(&w, NVF_GspFwWprMeta_sysmemAddrOfBootloader, b->bootloader.iova);
	nvt_put(&w, NVF_GspFwWprMeta_sizeOfBootloader, b->bl.bin.data_size);
	nvt_put(&w, NVF_GspFwWprMeta_bootloaderCodeOffset, b->bl.monitor_code_off);
	nvt_put(&w, NVF_GspFwWprMeta_bootloaderDataOffset, b->bl.monitor_data_off);
	nvt_put(&w, NVF_GspFwWprMeta_bootloaderManifestOffset, b->bl.manifest_off);
	nvt_put(&w, NVF_GspFwWprMeta_sysmemAddrOfSignature, b->signature.iova);
	nvt_put(&w, NVF_GspFwWprMeta_sizeOfSignature, b->signature.size);
	put_plan(&w, &gpu->report.fb);
	if (!w.rc)
		nvt_dma_sync(gpu->t, &b->wpr_meta, 0, b->wpr_meta.size);
	return w.rc;
}

static int build_radix3(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	struct nvt_radix3 plan;
	int rc = nvt_radix3_plan(b->image_size, &plan, e);

	if (!rc)
		rc = nvt_dma_alloc(gpu->t, "gsp-radix3", plan.table_bytes, PAGE, NVT_DMA_TO_DEVICE,
				   &b->radix3, e);
	if (rc)
		return rc;
	/* The image begins on a page of its buffer. */
	nvt_radix3_build(&plan, b->radix3.cpu, b->radix3.iova, nvt_dma_at(&b->gsp_file, b->image_off),
			 b->gsp_file.pages ? b->gsp_file.pages + b->image_off / PAGE : NULL);
	nvt_dma_sync(gpu->t, &b->radix3, 0, b->radix3.size);
	return 0;
}

static int alloc_all(struct nvt_gpu *gpu, struct nvt_error *e)
{
	static const char *const log_names[RM_LOGS_MAX] = { "log-0", "log-1", "log-2", "log-3",
							    "log-4" };
	struct boot *b = &gpu->b;
	const struct {
		const char *name;
		size_t size;
		enum nvt_dma_dir dir;
		struct nvt_dma *dma;
	} want[] = {
		{ "flush-page", PAGE, NVT_DMA_BIDIR, &b->flush_page },
		/* booter writes its verdict into the meta */
		{ "wpr-meta", PAGE, NVT_DMA_BIDIR, &b->wpr_meta },
		{ "libos-args", PAGE, NVT_DMA_BIDIR, &b->libos_args },
		{ "rm-args", PAGE, NVT_DMA_BIDIR, &b->rm_args },
		{ "queues", msgq_mem_size(b->rm->queue_size), NVT_DMA_BIDIR, &b->queues },
	};
	unsigned i;
	int rc = 0;

	for (i = 0; !rc && i < NVT_ARRAY_SIZE(want); i++)
		rc = nvt_dma_alloc(gpu->t, want[i].name, want[i].size, PAGE, want[i].dir,
				   want[i].dma, e);
	for (i = 0; !rc && i < b->rm->log_count; i++)
		rc = nvt_dma_alloc(gpu->t, log_names[i], b->rm->log_size, PAGE, NVT_DMA_BIDIR,
				   &b->logs[i], e);
	return rc;
}

int libos_alloc(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	int rc = alloc_all(gpu, e);

	/* Not before there is memory to reach: a boot that fails earlier leaves it off. */
	if (!rc)
		rc = gpu_set_command(gpu, 0, GPU_COMMAND_MASTER, e);
	if (!rc)
		rc = gpu->row->fb->set_flush_page(gpu->t, b->flush_page.iova, e);
	b->flush_page_set = !rc;
	if (!rc)
		rc = build_radix3(gpu, e);
	if (!rc)
		rc = rpc_init(gpu, e);
	if (!rc)
		rc = fill_rm_args(gpu, e);
	if (!rc)
		rc = fill_libos_args(gpu, e);
	return rc ? rc : fill_wpr_meta(gpu, e);
}

void libos_free(struct nvt_gpu *gpu)
{
	struct boot *b = &gpu->b;
	unsigned i;

	rpc_fini(&b->rpc);
	nvt_dma_free(gpu->t, &b->radix3);
	nvt_dma_free(gpu->t, &b->wpr_meta);
	nvt_dma_free(gpu->t, &b->libos_args);
	nvt_dma_free(gpu->t, &b->rm_args);
	nvt_dma_free(gpu->t, &b->queues);
	for (i = 0; i < RM_LOGS_MAX; i++)
		nvt_dma_free(gpu->t, &b->logs[i]);
	nvt_dma_free(gpu->t, &b->flush_page);
}

int libos_release(struct nvt_gpu *gpu, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	int rc = 0, off;

	/* WPR2 that stays up may hold a GSP-RM that runs: its flush page is cut off with the rest. */
	if (b->flush_page_set && !b->wpr2_ours)
		rc = gpu->row->fb->set_flush_page(gpu->t, 0, e);
	/* The device must not reach memory that is about to be given back. */
	off = gpu_set_command(gpu, GPU_COMMAND_MASTER, 0, rc ? NULL : e);
	rc = rc ? rc : off;
	b->flush_page_set = false;
	libos_free(gpu);
	return rc;
}
