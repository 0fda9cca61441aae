/* SPDX-License-Identifier: MIT */
/* A framebuffer plan as a document: the `fb` of boot and of fw plan. */
#include "cli/cmd.h"

static void put_region(json_t *fb, const char *key, const struct nvt_region *r, bool has_base, bool has_size)
{
	json_t *o = doc_obj(fb, key);

	if (has_base)
		doc_hex(o, "base", r->base);
	else
		json_object_set_new(o, "base", json_null());
	if (has_size)
		doc_hex(o, "size", r->size);
	else
		json_object_set_new(o, "size", json_null());
}

void cli_fb_document(json_t *data, const struct nvt_fb_plan *p)
{
	json_t *fb = doc_obj(data, "fb");
	bool placed = !p->sizes_only;

	doc_hex(fb, "size", p->size);
	put_region(fb, "vga_workspace", &p->vga_workspace, placed, true);
	put_region(fb, "frts", &p->frts, placed, true);
	put_region(fb, "boot_bin", &p->boot_bin, placed, true);
	put_region(fb, "elf", &p->elf, placed, true);
	put_region(fb, "wpr_heap", &p->wpr_heap, placed, true);
	put_region(fb, "wpr2", &p->wpr2, placed, placed);
	put_region(fb, "non_wpr_heap", &p->non_wpr_heap, placed, true);
	doc_hex(fb, "pmu_reserved_size", p->pmu_reserved_size);
}
