/* SPDX-License-Identifier: MIT */
/*
 * Framebuffer facts of GA102 and later: boot firmware leaves the usable size in a scratch register.
 */
#include "core/fb.h"

#include "regs/regs_const.h"

static int read_size(struct nvt_transport *t, uint64_t *ret, struct nvt_error *e)
{
	uint32_t mib;
	int rc = nvt_rd32(t, NV_PGC6_AON_SECURE_SCRATCH_GROUP_42, &mib, e);

	if (!rc)
		*ret = (uint64_t)mib << 20;
	return rc;
}

static int read_facts(struct nvt_transport *t, struct fb_facts *ret, struct nvt_error *e)
{
	struct fb_facts f = { .mmu_lock = UINT64_MAX };
	uint32_t v;
	int rc = read_size(t, &f.size, e);

	if (rc)
		return rc;
	if (!f.size) {
		rc = nvt_fail(e, NVT_E_DEVICE, "the framebuffer has no usable memory");
		nvt_err_reg(e, "NV_PGC6_AON_SECURE_SCRATCH_GROUP_42 (0x%08x)",
			    NV_PGC6_AON_SECURE_SCRATCH_GROUP_42);
		nvt_err_seen(e, "0 MiB");
		nvt_err_wanted(e, "its size in MiB");
		nvt_err_hint(e, "boot firmware did not train the memory; power-cycle the board");
		return rc;
	}
	rc = nvt_rd32(t, NV_FUSE_STATUS_OPT_DISPLAY, &v, e);
	if (!rc &&
	    NVT_GET(v, NV_FUSE_STATUS_OPT_DISPLAY_DATA) == NV_FUSE_STATUS_OPT_DISPLAY_DATA_ENABLE) {
		rc = nvt_rd32(t, NV_PDISP_VGA_WORKSPACE_BASE, &v, e);
		if (!rc && NVT_GET(v, NV_PDISP_VGA_WORKSPACE_BASE_STATUS))
			f.vga_base = (uint64_t)NVT_GET(v, NV_PDISP_VGA_WORKSPACE_BASE_ADDR) << 16;
	}
	if (!rc)
		*ret = f;
	return rc;
}

static int set_flush_page(struct nvt_transport *t, nvt_iova iova, struct nvt_error *e)
{
	int rc = nvt_wr32(t, NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI, (uint32_t)(iova >> 40), e);

	return rc ? rc : nvt_wr32(t, NV_PFB_NISO_FLUSH_SYSMEM_ADDR, (uint32_t)(iova >> 8), e);
}

const struct fb_hal fb_ga102 = {
	.read = read_facts,
	.read_size = read_size,
	.set_flush_page = set_flush_page,
};
