/* SPDX-License-Identifier: MIT */
/* Known differences between drivers, as data: whose way it is, why, and where that can be read. */
#include "trace/recording.h"

#include <fnmatch.h>
#include <string.h>

/* Shapes: the driver of the row alone has it, alone lacks it, or has it otherwise (another value, number or place). */
#define ONLY "only"
#define LACKS "lacks"
#define OTHER "other"

#define NVKM "drivers/gpu/drm/nouveau/nvkm/"
#define NOVA "drivers/gpu/nova-core/"
#define OGKM "OGKM 570.144 src/nvidia/"

static const char w_bus[] = "a bus address of the driver's own memory";
static const char w_bar[] = "where the machine put the BAR";
static const char s_bus[] = "memory of nvtool in process, of a guest, differs";
static const char w_union[] = "the same bytes as sysmemAddrOfSignature, which is a bus address";
static const char w_rmw[] = "reads it to change it; nvtool writes what it wants";

/* The first row that fits is taken. */
static const struct nvt_explanation rows[] = {
	/* ---- structures ---- */
	{ "wpr-meta", "sysmemAddrOf*", NULL, OTHER, w_bus, s_bus },
	{ "wpr-meta", "gspFwHeapFreeListWprOffset", NULL, OTHER, w_union,
	  OGKM "arch/nvalloc/common/inc/gsp/gsp_fw_wpr_meta.h" },
	{ "wpr-meta", "unused0", NULL, OTHER, w_union, OGKM "arch/nvalloc/common/inc/gsp/gsp_fw_wpr_meta.h" },
	{ "rm-args", "messageQueueInitArguments.sharedMemPhysAddr", NULL, OTHER, w_bus, s_bus },
	{ "system-info", "gpuPhysAddr", NULL, OTHER, w_bar, "PCI resource assignment of SeaBIOS and Linux" },
	{ "system-info", "gpuPhysFbAddr", NULL, OTHER, w_bar, "PCI resource assignment of SeaBIOS and Linux" },
	{ "system-info", "gpuPhysInstAddr", NULL, OTHER, w_bar,
	  "PCI resource assignment of SeaBIOS and Linux" },
	{ "system-info", "maxUserVa", "nouveau", OTHER, "TASK_SIZE: 57 bits on a CPU with five-level paging",
	  NVKM "subdev/gsp/rm/r570/gsp.c, r570_gsp_set_system_info" },
	{ "system-info", "acpiMethodData.*", "nouveau", OTHER,
	  "asks ACPI, and GSP-RM is told that it has no such methods",
	  NVKM "subdev/gsp/rm/r570/gsp.c, r570_gsp_acpi_info" },
	{ "system-info", "hostPageSize", "nouveau", OTHER,
	  "leaves it 0, for which GSP-RM takes its own page size",
	  NVKM "subdev/gsp/rm/r570/gsp.c; " OGKM "src/kernel/gpu/mem_mgr/mem_utils.c" },
	{ "system-info", "hostPageSize", "nova-core", OTHER,
	  "leaves it 0, for which GSP-RM takes its own page size",
	  NOVA "gsp/fw/commands.rs; " OGKM "src/kernel/gpu/mem_mgr/mem_utils.c" },
	{ "registry", "RMDevidCheckIgnore", "nouveau", LACKS, "Linux 6.12 does not set it, Linux 7.3 does",
	  NVKM "subdev/gsp/r535.c, r535_registry_entries" },
	{ "registry", "*", "nova-core", OTHER, "writes length 0 for a dword", NOVA "gsp/commands.rs" },
	/* ---- registers: addresses ---- */
	{ "registers", "NV_PFB_NISO_FLUSH_SYSMEM_ADDR", NULL, OTHER, w_bus, s_bus },
	{ "registers", "*.NV_PFALCON_FALCON_DMATRFBASE", NULL, OTHER, w_bus, s_bus },
	{ "registers", "*.NV_PFALCON_FALCON_DMATRFBASE1", NULL, OTHER, w_bus, s_bus },
	{ "registers", "*.NV_PFALCON_FALCON_MAILBOX[01]", NULL, OTHER, w_bus, s_bus },
	/* ---- registers: nouveau ---- */
	{ "registers", "NV_PMC_BOOT_1", "nouveau", ONLY, "looks at the endianness of the register aperture",
	  NVKM "engine/device/base.c, nvkm_device_endianness" },
	{ "registers", "NV_PMC_BOOT_42", "nouveau", LACKS, "knows the chip from BOOT_0",
	  NVKM "engine/device/base.c" },
	{ "registers", "NV_PEXTDEV_BOOT_0", "nouveau", ONLY, "reads the crystal's strap",
	  NVKM "engine/device/base.c" },
	{ "registers", "NV_XVE_ROM_SHADOW", "nouveau", ONLY, "takes the ROM shadow away while it reads PROM",
	  NVKM "subdev/pci/base.c, nvkm_pci_rom_shadow" },
	{ "registers", "NV_PTIMER_*", "nouveau", ONLY, "waits by the GPU's timer, nvtool by the host's clock",
	  NVKM "subdev/timer/base.c, nvkm_timer_wait_test" },
	{ "registers", "NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_*", "nouveau", ONLY, "uses interrupts, nvtool polls",
	  NVKM "subdev/vfn/tu102.c" },
	{ "registers", "NV_PDISP_VGA_CR_ADDR", "nouveau", ONLY,
	  "unlocks the VGA registers before it looks at them",
	  NVKM "engine/disp/vga.c, nvkm_lockvgac" },
	{ "registers", "0x006013d5", "nouveau", ONLY, "the VGA CRTC's data register",
	  NVKM "engine/disp/vga.c, nvkm_lockvgac" },
	{ "registers", "NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI", "nouveau", LACKS,
	  "its flush page lies below 40 bits",
	  NVKM "subdev/fb/gf100.c, gf100_fb_sysmem_flush_page_init" },
	{ "registers", "NV_PFB_PRI_MMU_WPR2_ADDR_HI", "nouveau", OTHER,
	  "looks at WPR2 after FWSEC-FRTS and booter, not before",
	  NVKM "subdev/gsp/fwsec.c, nvkm_gsp_fwsec_frts" },
	{ "registers", "*.NV_PFALCON_FALCON_HWCFG", "nouveau", ONLY, "asks a falcon for its memory sizes",
	  NVKM "falcon/base.c, nvkm_falcon_oneinit" },
	{ "registers", "*.NV_PFALCON_FALCON_HWCFG1", "nouveau", ONLY, "asks a falcon for its version",
	  NVKM "falcon/base.c, nvkm_falcon_oneinit" },
	{ "registers", "*.NV_PFALCON_FALCON_ITFEN", "nouveau", ONLY,
	  "disables a falcon in full before it resets it",
	  NVKM "falcon/gm200.c, gm200_flcn_disable" },
	{ "registers", "*.NV_PFALCON_FALCON_IRQMCLR", "nouveau", ONLY,
	  "disables a falcon in full before it resets it",
	  NVKM "falcon/gm200.c, gm200_flcn_disable" },
	{ "registers", "*.NV_PFALCON_FALCON_ENGINE", "nouveau", OTHER,
	  "resets when it disables a falcon, and when it enables it",
	  NVKM "falcon/gm200.c, gm200_flcn_disable and gm200_flcn_enable" },
	{ "registers", "*.NV_PFALCON_FALCON_ENGINE", "nouveau", ONLY, w_rmw,
	  NVKM "falcon/gp102.c, gp102_flcn_reset_eng" },
	{ "registers", "*.NV_PFALCON_FALCON_MAILBOX1", "nouveau", ONLY,
	  "reads both mailboxes when a falcon has halted",
	  NVKM "falcon/gm200.c, gm200_flcn_fw_boot" },
	{ "registers", "*.NV_PFALCON_FALCON_BOOTVEC", "nouveau", OTHER,
	  "writes the mailboxes before the boot vector",
	  NVKM "falcon/gm200.c, gm200_flcn_fw_boot" },
	/* ---- registers: nova-core ---- */
	{ "registers", "*.NV_PFALCON_FALCON_ENGINE", "nova-core", ONLY, w_rmw, NOVA "falcon.rs, reset_eng" },
	{ "registers", "*.NV_PFALCON_FALCON_MAILBOX1", "nova-core", ONLY,
	  "reads both mailboxes when a falcon has halted",
	  NOVA "falcon.rs, boot" },
	{ "registers", "GSP.NV_PFALCON_FALCON_RM", "nova-core", OTHER,
	  "resets GSP into the falcon core before it hands the LIBOS address over",
	  NOVA "gsp/hal/tu102.rs, boot" },
	{ "registers", "GSP.NV_PFALCON_FALCON_CPUCTL", "nova-core", OTHER,
	  "starts the empty falcon to hand the LIBOS address over",
	  NOVA "gsp/hal/tu102.rs, boot" },
	{ "registers", "GSP.NV_PRISCV_RISCV_BCR_CTRL", "nova-core", LACKS,
	  "leaves it to booter to select the RISC-V core",
	  NOVA "gsp/hal/tu102.rs, boot" },
	{ "registers", "GSP.NV_PFALCON_FALCON_IRQSCLR", "nova-core", ONLY, "clears SWGEN0 before GSP-RM starts",
	  NOVA "falcon/gsp.rs, clear_swgen0_intr" },
};

bool nvt_explanation(unsigned i, struct nvt_explanation *ret)
{
	if (i >= NVT_ARRAY_SIZE(rows))
		return false;
	*ret = rows[i];
	return true;
}

static bool is_driver(const struct nvt_explanation *row, const char *driver)
{
	return !row->driver || (driver && !strcmp(row->driver, driver));
}

static bool fits(const struct nvt_explanation *row, int side, const char *driver_a, const char *driver_b)
{
	bool a = is_driver(row, driver_a), b = is_driver(row, driver_b);

	if (!strcmp(row->shape, OTHER))
		return side == 2 && (a || b);
	if (!strcmp(row->shape, ONLY))
		return (side == 0 && a) || (side == 1 && b);
	return (side == 0 && b) || (side == 1 && a);
}

bool rec_explain(struct nvt_difference *d, int side, const char *driver_a, const char *driver_b)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].section, d->section) && fits(&rows[i], side, driver_a, driver_b) &&
		    !fnmatch(rows[i].name, d->name, 0)) {
			d->why = rows[i].why;
			d->source = rows[i].source;
			return true;
		}
	return false;
}
