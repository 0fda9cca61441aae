/* SPDX-License-Identifier: MIT */
/* Radix-3 page tables: three levels of 512 bus addresses through which the boot firmware finds the GSP image. */
#include <nvt/fw.h>

#include "base/bytes.h"

#include <inttypes.h>
#include <string.h>

#define PAGE 4096u
#define PER_PAGE 512u
/* Level 0 holds one entry, so one level-1 page is all there can be. */
#define IMAGE_MAX ((uint64_t)PER_PAGE * PER_PAGE * PAGE)

int nvt_radix3_plan(uint64_t image_size, struct nvt_radix3 *ret, struct nvt_error *e)
{
	int rc;

	if (!image_size || image_size > IMAGE_MAX) {
		rc = nvt_fail(e, NVT_E_DATA, "image size does not fit a radix-3 table");
		nvt_err_seen(e, "0x%" PRIx64 " bytes", image_size);
		nvt_err_wanted(e, "1 to 0x%" PRIx64 " bytes", IMAGE_MAX);
		return rc;
	}
	ret->pages = (uint32_t)(nvt_align_up(image_size, PAGE) / PAGE);
	ret->l2_pages = (ret->pages + PER_PAGE - 1) / PER_PAGE;
	ret->l1_pages = (ret->l2_pages + PER_PAGE - 1) / PER_PAGE;
	ret->table_bytes = (uint64_t)(1 + ret->l1_pages + ret->l2_pages) * PAGE;
	return 0;
}

/* `count` entries that point to the listed pages, or else to consecutive ones; the rest of the level's pages is zero. */
static uint8_t *level(uint8_t *p, uint32_t level_pages, uint32_t count, uint64_t iova, const uint64_t *pages)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		nvt_put_le64(p + 8 * (size_t)i, pages ? pages[i] : iova + (uint64_t)i * PAGE);
	memset(p + 8 * (size_t)count, 0, 8 * (size_t)(level_pages * PER_PAGE - count));
	return p + (size_t)level_pages * PAGE;
}

void nvt_radix3_build(const struct nvt_radix3 *r, uint8_t *tables, uint64_t table_iova, uint64_t image_iova,
		      const uint64_t *image_pages)
{
	uint64_t l1 = table_iova + PAGE, l2 = l1 + (uint64_t)r->l1_pages * PAGE;

	tables = level(tables, 1, r->l1_pages, l1, NULL);
	tables = level(tables, r->l1_pages, r->l2_pages, l2, NULL);
	level(tables, r->l2_pages, r->pages, image_iova, image_pages);
}
