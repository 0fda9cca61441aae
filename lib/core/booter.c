/* SPDX-License-Identifier: MIT */
/* Signs booter images for the chip's fuses and runs them on SEC2. */
#include "core/booter.h"

#include "core/state.h"

#include "base/bytes.h"

#include <string.h>

static uint8_t *file_at(const struct booter *b, uint64_t off, uint64_t n)
{
	return nvt_in_range(off, n, b->file_size) ? b->mem.cpu + off : NULL;
}

int booter_parse(struct booter *b, struct nvt_error *e)
{
	struct nvt_hs_image *hs = &b->hs;
	int rc = nvt_hs_parse((struct nvt_bytes){ b->mem.cpu, b->file_size }, hs, e);

	if (rc)
		return rc;
	if (!file_at(b, hs->bin.data_off, hs->bin.data_size) ||
	    !nvt_in_range(hs->patch_loc, hs->sig_each, hs->bin.data_size) ||
	    hs->patch_loc < hs->os_data_off ||
	    !nvt_in_range(hs->app0_off, hs->app0_size, hs->bin.data_size) ||
	    !nvt_in_range(hs->os_data_off, hs->os_data_size, hs->bin.data_size))
		return nvt_fail(e, NVT_E_DATA,
				"parts of the image lie outside its data of 0x%x bytes",
				hs->bin.data_size);
	return 0;
}

void booter_free(struct nvt_transport *t, struct booter *b)
{
	nvt_dma_free(t, &b->mem);
	*b = (struct booter){ 0 };
}

int booter_sign(struct nvt_gpu *gpu, struct booter *b, struct nvt_error *e)
{
	const struct nvt_hs_image *hs = &b->hs;
	uint64_t sig_off;
	uint32_t reg, fuse;
	uint8_t *sig;
	unsigned index;
	int rc = chip_ucode_fuse(hs->engine_id, hs->ucode_id, &reg, e);

	if (!rc)
		rc = nvt_rd32(gpu->t, reg, &fuse, e);
	if (!rc)
		rc = nvt_hs_pick_signature(hs, nvt_fuse_version(fuse), &index, e);
	if (rc)
		return nvt_during(e, rc, "signature of %s", b->what);
	sig_off = (uint64_t)hs->sig_off + hs->patch_sig + (uint64_t)index * hs->sig_each;
	sig = file_at(b, sig_off, hs->sig_each);
	if (!sig)
		return nvt_fail(e, NVT_E_DATA, "signature %u of %s lies outside the file", index,
				b->what);
	memmove(b->mem.cpu + hs->bin.data_off + hs->patch_loc, sig, hs->sig_each);
	memmove(b->mem.cpu, b->mem.cpu + hs->bin.data_off, hs->bin.data_size);
	memset(b->mem.cpu + hs->bin.data_size, 0, b->mem.size - hs->bin.data_size);
	nvt_dma_sync(gpu->t, &b->mem, 0, b->mem.size);
	b->is_signed = true;
	return 0;
}

/* firmware-formats.md 3.3: the application runs at its own offset, its data goes to DMEM 0. */
int booter_run(struct nvt_gpu *gpu, const struct booter *b, uint32_t mbox0, uint32_t mbox1,
	       struct nvt_error *e)
{
	const struct nvt_hs_image *hs = &b->hs;
	const struct falcon_args args = { mbox0, mbox1, true };
	const struct falcon_image img = {
		.name = b->what,
		.mem = &b->mem,
		.imem = { .src = hs->app0_off,
			  .size = hs->app0_size,
			  .dst = 0,
			  .tag = hs->app0_off },
		.dmem = { .src = hs->os_data_off, .size = hs->os_data_size, .dst = 0 },
		.boot_vector = hs->app0_off,
		.signature = hs->patch_loc - hs->os_data_off,
		.engine_mask = hs->engine_id,
		.ucode_id = (uint8_t)hs->ucode_id,
	};

	if (!b->is_signed)
		return nvt_fail(e, NVT_E_BUG, "%s was not signed", b->what);
	return falcon_run(gpu->t, gpu->row->falcon, gpu->row->sec2, &img, &args, gpu->boot_0, e);
}
