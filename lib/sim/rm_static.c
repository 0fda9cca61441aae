/* SPDX-License-Identifier: MIT */
/* GspStaticConfigInfo: what GSP-RM says about the GPU, from the chip's row and the memory layout. */
#include "sim/model.h"

#include <nvt/fields.h>

#include <stdio.h>
#include <string.h>

/* Below the non-WPR heap: a page directory for each of BAR1 and BAR2. */
#define BAR_ROOTS 0x20000u
/* Handles as a real GSP-RM gives them to its internal client. */
#define H_DEVICE 0xabcd0080u
#define H_SUBDEVICE 0xabcd2080u
/* GDDR6X, GDDR6: NV2080_CTRL_FB_INFO_RAM_TYPE values differ; drivers print it only. */
#define RAM_TYPE_UNKNOWN 0u

#define F(name) NVF_GspStaticConfigInfo_##name

static void put_name(struct nvt_wview *w, uint32_t field, const char *name)
{
	nvt_put_bytes(w, field, (struct nvt_bytes){ (const uint8_t *)name, strlen(name) + 1 });
}

static void put_region(struct nvt_wview *w, unsigned i, uint64_t base, uint64_t limit, bool reserved)
{
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_base), i, base);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_limit), i, limit);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_reserved), i, reserved ? limit - base + 1 : 0);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_performance), i, 1);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_supportCompressed), i, !reserved);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_supportISO), i, !reserved);
	nvt_put_at(w, F(fbRegionInfoParams_fbRegion_bProtected), i, 0);
}

/* Below the non-WPR heap memory is the driver's; the two pages there hold GSP-RM's BAR page directories. */
uint64_t sim_rm_bar_root(const struct sim *s, unsigned bar)
{
	return s->gsp.non_wpr_heap - (bar == 1 ? BAR_ROOTS : BAR_ROOTS / 2);
}

void sim_rm_switch_bars(struct sim *s)
{
	static const uint8_t empty[4096];
	unsigned bar;

	for (bar = 1; bar <= 2; bar++) {
		sim_vram_wr(&s->vram, sim_rm_bar_root(s, bar), empty, sizeof(empty));
		sim_reg_set(&s->regs, bar == 1 ? NV_PBUS_BAR1_BLOCK : NV_PBUS_BAR2_BLOCK,
			    NVT_DEF(NV_PBUS_BAR1_BLOCK_MODE, VIRTUAL) |
				    NVT_SET(NV_PBUS_BAR1_BLOCK_PTR, sim_rm_bar_root(s, bar) >> 12));
	}
}

static void put_memory(struct sim *s, struct nvt_wview *w)
{
	uint64_t usable = s->gsp.non_wpr_heap - BAR_ROOTS;

	nvt_put(w, F(fb_length), s->vram.size);
	nvt_put(w, F(fbio_mask), s->chip->fbio_mask);
	nvt_put(w, F(fb_bus_width), s->chip->fb_bus_width);
	nvt_put(w, F(fb_ram_type), RAM_TYPE_UNKNOWN);
	nvt_put(w, F(fbp_mask), s->chip->fbp_mask);
	nvt_put(w, F(l2_cache_size), s->chip->l2_cache_size);
	nvt_put(w, F(fbRegionInfoParams_numFBRegions), 2);
	put_region(w, 0, 0, usable - 1, false);
	put_region(w, 1, usable, s->vram.size - 1, true);
	nvt_put(w, F(bar1PdeBase), sim_rm_bar_root(s, 1));
	nvt_put(w, F(bar2PdeBase), sim_rm_bar_root(s, 2));
}

uint32_t sim_rm_static_info(struct sim *s, uint8_t buf[SIM_STATIC_INFO_MAX])
{
	struct nvt_wview w = { .rel = s->gsp.rel, .p = buf };

	w.n = nvt_nvf_struct_size(s->gsp.rel, F(fb_length));
	if (!w.n || w.n > SIM_STATIC_INFO_MAX) {
		sim_bug(s, "the release has no GspStaticConfigInfo");
		return 0;
	}
	memset(buf, 0, w.n);
	put_memory(s, &w);
	put_name(&w, F(gpuNameString), s->chip->gpu_name);
	put_name(&w, F(gpuShortNameString), s->chip->gpu_short_name);
	nvt_put(&w, F(bVbiosValid), 1);
	nvt_put(&w, F(vbiosSubVendor), s->chip->subvendor);
	nvt_put(&w, F(vbiosSubDevice), s->chip->subdevice);
	nvt_put(&w, F(hInternalClient), SIM_INTERNAL_CLIENT);
	nvt_put(&w, F(hInternalDevice), H_DEVICE);
	nvt_put(&w, F(hInternalSubdevice), H_SUBDEVICE);
	if (w.rc)
		sim_bug(s, "cannot fill GspStaticConfigInfo");
	return (uint32_t)w.n;
}
