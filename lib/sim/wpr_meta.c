/* SPDX-License-Identifier: MIT */
/* What booter_load checks: GspFwWprMeta field by field, the images it points to, the memory layout. */
#include "sim/model.h"
#include "sim/releases.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

#define META_MAX 0x1000u
#define PAGE 4096u
#define PAGE_ENTRIES (PAGE / 8)
/* Three levels of 512 entries reach 512 GiB; level 0 of every driver has room for one level 1 page. */
#define IMAGE_MAX (1ull << 30)
#define VERIFIED_AREA 256u /* GspFwWprMeta itself, copied to the region's start */

struct meta {
	struct nvt_view v;
	uint8_t bytes[META_MAX];
};

static uint64_t get(const struct meta *m, uint32_t field)
{
	return nvt_get_or0(&m->v, field);
}

/* ---- fields with one right value, and places with an alignment ---- */

static bool is(struct sim *s, const struct meta *m, uint32_t field, const char *name, uint64_t want)
{
	uint64_t seen = get(m, field);

	if (seen == want)
		return true;
	sim_violation(s, "wpr-meta", SIM_HEX(seen), SIM_HEX(want), "GspFwWprMeta.%s is wrong", name);
	return false;
}

static bool aligned(struct sim *s, const struct meta *m, uint32_t field, const char *name, uint64_t align)
{
	uint64_t seen = get(m, field);

	if (!(seen & (align - 1)))
		return true;
	sim_violation(s, "wpr-layout", SIM_HEX(seen), SIM_HEX(align), "GspFwWprMeta.%s is not aligned", name);
	return false;
}

#define IS(s, m, field, want) is(s, m, NVF_GspFwWprMeta_##field, #field, want)
#define ALIGNED(s, m, field, align) aligned(s, m, NVF_GspFwWprMeta_##field, #field, align)
#define GET(m, field) get(m, NVF_GspFwWprMeta_##field)

/* [base, base+size) ends at or below limit. */
static bool below(struct sim *s, const char *name, uint64_t base, uint64_t size, uint64_t limit)
{
	if (nvt_in_range(base, size, limit))
		return true;
	sim_violation(s, "wpr-layout", SIM_HEX(base + size), SIM_HEX(limit), "%s does not end below what follows it",
		      name);
	return false;
}

static bool identity_ok(struct sim *s, const struct meta *m)
{
	uint64_t magic = 0, revision = 0;

	if (!nvt_const_find(s->gsp.rel, "GSP_FW_WPR_META_MAGIC", &magic) ||
	    !nvt_const_find(s->gsp.rel, "GSP_FW_WPR_META_REVISION", &revision)) {
		sim_bug(s, "the release has no GspFwWprMeta constants");
		return false;
	}
	return IS(s, m, magic, magic) && IS(s, m, revision, revision) && IS(s, m, verified, 0);
}

/*
 * From the top down: VGA workspace, FRTS, boot binary, image, heap, the meta itself, then outside the
 * region the non-WPR heap. Alignments as NVIDIA's kgspCalculateFbLayout_TU102 and nouveau, nova-core lay out.
 */
static bool layout_ok(struct sim *s, const struct meta *m)
{
	return IS(s, m, fbSize, s->vram.size) && IS(s, m, frtsOffset, s->frts_off) &&
	       IS(s, m, frtsSize, s->frts_size) && IS(s, m, gspFwWprEnd, s->frts_off + s->frts_size) &&
	       IS(s, m, gspFwRsvdStart, GET(m, nonWprHeapOffset)) && ALIGNED(s, m, gspFwWprEnd, 128u << 10) &&
	       ALIGNED(s, m, bootBinOffset, PAGE) && ALIGNED(s, m, gspFwOffset, 64u << 10) &&
	       ALIGNED(s, m, gspFwHeapOffset, 1u << 20) && ALIGNED(s, m, gspFwHeapSize, 1u << 20) &&
	       ALIGNED(s, m, gspFwWprStart, 1u << 20) && ALIGNED(s, m, nonWprHeapOffset, 1u << 20) &&
	       below(s, "the region", GET(m, gspFwWprEnd), 0, GET(m, vgaWorkspaceOffset)) &&
	       below(s, "the VGA workspace", GET(m, vgaWorkspaceOffset), GET(m, vgaWorkspaceSize), s->vram.size) &&
	       below(s, "the boot binary", GET(m, bootBinOffset), GET(m, sizeOfBootloader), s->frts_off) &&
	       below(s, "the image", GET(m, gspFwOffset), GET(m, sizeOfRadix3Elf), GET(m, bootBinOffset)) &&
	       below(s, "the heap", GET(m, gspFwHeapOffset), GET(m, gspFwHeapSize), GET(m, gspFwOffset)) &&
	       below(s, "the meta", GET(m, gspFwWprStart), VERIFIED_AREA, GET(m, gspFwHeapOffset)) &&
	       below(s, "the non-WPR heap", GET(m, nonWprHeapOffset), GET(m, nonWprHeapSize), GET(m, gspFwWprStart));
}

static bool heap_ok(struct sim *s, const struct meta *m)
{
	uint64_t min = sim_release(s->gsp.rel)->wpr_heap_min;

	if (GET(m, gspFwHeapSize) >= min)
		return IS(s, m, nonWprHeapSize, s->chip->non_wpr_heap_size) &&
		       IS(s, m, gspFwHeapVfPartitionCount, 0); /* no SR-IOV capability, no partitions */
	sim_violation(s, "wpr-layout", SIM_HEX(GET(m, gspFwHeapSize)), SIM_HEX(min),
		      "GSP-RM gets less heap than it needs to start");
	return false;
}

/* ---- images ---- */

static bool unknown_image(struct sim *s, const char *what, const struct nvt_sha256 *d)
{
	char hex[65];

	if (s->opts.unknown_fw_ok)
		return true;
	nvt_sha256_hex(d, hex);
	sim_violation(s, "firmware-digest", hex, NULL, "the %s is none that fwdb knows", what);
	return false;
}

/* Page i's address, through the tables; tables are read a page at a time. */
struct walk {
	uint8_t l0[PAGE], l1[PAGE], l2[PAGE];
	uint64_t l1_at, l2_at; /* which page of the level is held; UINT64_MAX none */
};

static bool entry(struct sim *s, const uint8_t *page, unsigned i, const char *level, uint64_t *ret)
{
	uint64_t addr = nvt_le64(page + (size_t)i * 8);

	if (!addr || addr % PAGE) {
		sim_violation(s, "radix3", SIM_HEX(addr), "a page's address", "%s entry %u of the radix-3 tables",
			      level, i);
		return false;
	}
	*ret = addr;
	return true;
}

static bool page_address(struct sim *s, struct walk *w, uint64_t page, uint64_t *ret)
{
	uint64_t i2 = page / PAGE_ENTRIES, i1 = i2 / PAGE_ENTRIES, at;

	if (w->l1_at != i1) {
		if (!entry(s, w->l0, (unsigned)i1, "level 0", &at) ||
		    !sim_dma_rd(s, at, w->l1, PAGE, "radix-3 level 1"))
			return false;
		w->l1_at = i1;
	}
	if (w->l2_at != i2) {
		if (!entry(s, w->l1, (unsigned)(i2 % PAGE_ENTRIES), "level 1", &at) ||
		    !sim_dma_rd(s, at, w->l2, PAGE, "radix-3 level 2"))
			return false;
		w->l2_at = i2;
	}
	return entry(s, w->l2, (unsigned)(page % PAGE_ENTRIES), "level 2", ret);
}

/* Neighbouring pages are hashed as one run. */
static bool hash_image(struct sim *s, const struct meta *m, struct nvt_sha256 *ret)
{
	uint64_t size = GET(m, sizeOfRadix3Elf), done, at, start = 0, run = 0;
	struct walk w = { .l1_at = UINT64_MAX, .l2_at = UINT64_MAX };
	struct nvt_sha256_ctx c;

	if (!size || size > IMAGE_MAX) {
		sim_violation(s, "wpr-meta", SIM_HEX(size), NULL, "GspFwWprMeta.sizeOfRadix3Elf makes no sense");
		return false;
	}
	if (!sim_dma_rd(s, GET(m, sysmemAddrOfRadix3Elf), w.l0, PAGE, "radix-3 level 0"))
		return false;
	nvt_sha256_init(&c);
	for (done = 0; done < size; done += PAGE) {
		if (!page_address(s, &w, done / PAGE, &at))
			return false;
		if (run && at != start + run) {
			if (!sim_dma_hash(s, &c, start, run, "GSP-RM image"))
				return false;
			run = 0;
		}
		if (!run)
			start = at;
		run += size - done < PAGE ? size - done : PAGE;
	}
	if (!sim_dma_hash(s, &c, start, run, "GSP-RM image"))
		return false;
	nvt_sha256_final(&c, ret);
	return true;
}

static bool hash_buffer(struct sim *s, uint64_t addr, uint64_t size, const char *what, struct nvt_sha256 *ret)
{
	struct nvt_sha256_ctx c;

	if (!size || size > IMAGE_MAX) {
		sim_violation(s, "wpr-meta", SIM_HEX(size), NULL, "the size of the %s makes no sense", what);
		return false;
	}
	nvt_sha256_init(&c);
	if (!sim_dma_hash(s, &c, addr, size, what))
		return false;
	nvt_sha256_final(&c, ret);
	return true;
}

static bool signature_ok(struct sim *s, const struct meta *m, const struct nvt_fwdb_file *file)
{
	const struct nvt_fwdb_part *want = file ? nvt_fwdb_part(file, s->opts.chip->sig_section) : NULL;
	struct nvt_sha256 d;

	if (!hash_buffer(s, GET(m, sysmemAddrOfSignature), GET(m, sizeOfSignature), "GSP-RM signature", &d))
		return false;
	if (!file)
		return true; /* an unknown image: its signature is as unknown */
	if (want && nvt_sha256_equal(&d, &want->sha256))
		return true;
	sim_violation(s, "firmware-digest", NULL, s->opts.chip->sig_section,
		      "the signature is not the one that the image has for this chip");
	return false;
}

static bool gsp_image_ok(struct sim *s, const struct meta *m)
{
	const struct nvt_fwdb_file *file;
	struct nvt_sha256 d;

	if (!hash_image(s, m, &d))
		return false;
	file = nvt_fwdb_by_part(s->opts.fwdb, "gsp", ".fwimage", &d);
	sim_note_image(s->seen.gsp_image, file);
	if (!file && !unknown_image(s, "GSP-RM image", &d))
		return false;
	return signature_ok(s, m, file) && sim_find_rel(s, file ? file->release : NULL, &s->gsp.rel);
}

/* An offset leads to the part that the manifest has under its name. */
static bool leads_to(struct sim *s, const struct meta *m, uint64_t off, const struct nvt_fwdb_file *file,
		     const char *part)
{
	const struct nvt_fwdb_part *want = file ? nvt_fwdb_part(file, part) : NULL;
	struct nvt_sha256 d;

	if (!below(s, part, off, want ? want->size : 1, GET(m, sizeOfBootloader)))
		return false;
	if (!want)
		return true;
	if (!hash_buffer(s, GET(m, sysmemAddrOfBootloader) + off, want->size, "GSP bootloader", &d))
		return false;
	if (nvt_sha256_equal(&d, &want->sha256))
		return true;
	sim_violation(s, "bootloader-offset", SIM_HEX(off), part, "an offset into the GSP bootloader misses its %s",
		      part);
	return false;
}

static bool bootloader_ok(struct sim *s, const struct meta *m)
{
	const struct nvt_fwdb_file *file;
	uint64_t size = GET(m, sizeOfBootloader);
	struct nvt_sha256 d;

	if (!hash_buffer(s, GET(m, sysmemAddrOfBootloader), size, "GSP bootloader", &d))
		return false;
	file = nvt_fwdb_by_part(s->opts.fwdb, "bootloader", "data", &d);
	sim_note_image(s->seen.bootloader, file);
	if (!file && !unknown_image(s, "GSP bootloader", &d))
		return false;
	return leads_to(s, m, GET(m, bootloaderCodeOffset), file, "monitor_code") &&
	       leads_to(s, m, GET(m, bootloaderDataOffset), file, "monitor_data") &&
	       leads_to(s, m, GET(m, bootloaderManifestOffset), file, "manifest");
}

bool sim_wpr_meta_check(struct sim *s, nvt_iova addr, struct sim_wpr *ret)
{
	struct meta m = { .v = { .rel = s->gsp.rel } };

	m.v.p = m.bytes;
	m.v.n = nvt_nvf_struct_size(s->gsp.rel, NVF_GspFwWprMeta_magic);
	if (!m.v.n || m.v.n > META_MAX) {
		sim_bug(s, "the release has no GspFwWprMeta");
		return false;
	}
	if (!sim_dma_struct(s, addr, m.bytes, m.v.n, "GspFwWprMeta"))
		return false;
	if (!identity_ok(s, &m) || !layout_ok(s, &m) || !bootloader_ok(s, &m) || !gsp_image_ok(s, &m) ||
	    !heap_ok(s, &m))
		return false;
	ret->start = GET(&m, gspFwWprStart);
	ret->end = GET(&m, gspFwWprEnd);
	ret->non_wpr_heap = GET(&m, nonWprHeapOffset);
	return true;
}

bool sim_find_rel(struct sim *s, const char *release, struct nvt_rel *ret)
{
	const char *abi;

	if (!release && nvt_fwdb_release_count(s->opts.fwdb))
		release = nvt_fwdb_release(s->opts.fwdb, 0);
	abi = release ? nvt_fwdb_abi(s->opts.fwdb, release) : NULL;
	if (abi && nvt_rel_find(nvt_abi_builtin(), abi, ret) && sim_release(*ret))
		return true;
	sim_violation(s, "release-unknown", release, NULL, "the model does not speak the release of this image");
	return false;
}
