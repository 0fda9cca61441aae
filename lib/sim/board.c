/* SPDX-License-Identifier: MIT */
/* Registers that exist once: identity, scratch, timer, framebuffer, fuses, interrupt tree. */
#include "sim/model.h"

#define ALL_RO 0xffffffffu
/* A read-only register whose stored value the model changes. */
#define RO(reg) { .off = reg, .ro = ALL_RO }
#define RW(reg) { .off = reg }
#define ARRAY(reg) .off = reg, .count = reg##__COUNT, .stride = reg##__STRIDE

static uint64_t ptimer(const struct sim *s)
{
	return s->now_ns - s->ptimer_epoch_ns;
}

static uint32_t rd_time_0(struct sim *s, struct sim_reg *r)
{
	(void)r;
	return (uint32_t)ptimer(s);
}

static uint32_t rd_time_1(struct sim *s, struct sim_reg *r)
{
	(void)r;
	return (uint32_t)(ptimer(s) >> 32);
}

/* Writing either half sets the time; the other half keeps its value. */
static void wr_time_0(struct sim *s, struct sim_reg *r, uint32_t val)
{
	uint64_t time = (ptimer(s) & ~0xffffffffull) | val;

	(void)r;
	s->ptimer_epoch_ns = s->now_ns - time;
}

static void wr_time_1(struct sim *s, struct sim_reg *r, uint32_t val)
{
	uint64_t time = (ptimer(s) & 0xffffffffull) | (uint64_t)val << 32;

	(void)r;
	s->ptimer_epoch_ns = s->now_ns - time;
}

static uint32_t rd_gfw(struct sim *s, struct sim_reg *r)
{
	uint32_t val = r->val;

	sim_phase(s, "gfw"); /* the fault strikes behind the first read */
	return val;
}

static void wr_scratch(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)val;
	sim_gsp_scratch_written(s, r->index);
}

/* Enable masks have one register that sets bits and one that clears them; SET's storage is the mask. */
static uint32_t mask_addr(const struct sim_reg *r)
{
	return r->row->off >= NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP ?
		       (uint32_t)NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_SET :
		       NVT_REG_AT(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_SET, r->index);
}

static uint32_t pre_enable(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)s;
	return r->val | val;
}

static void post_disable(struct sim *s, struct sim_reg *r, uint32_t val)
{
	uint32_t at = mask_addr(r);

	sim_reg_set(&s->regs, at, sim_reg_get(&s->regs, at) & ~val);
}

static uint32_t rd_mask(struct sim *s, struct sim_reg *r)
{
	return sim_reg_get(&s->regs, mask_addr(r));
}

static uint32_t rd_top(struct sim *s, struct sim_reg *r)
{
	(void)r;
	return sim_irq_top(s);
}

static void wr_doorbell(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)r;
	sim_doorbell(s, val);
}

/* Page tables are read anew for each access, so there is nothing to throw away: done at once. */
static void invalidated(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)s;
	r->val = val & ~NVT_MASK(NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE_TRIGGER);
}

/* Writes through the windows and BARs are in memory when they return: nothing is ever outstanding. */
static void flushed(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)s;
	r->val = val & ~(NVT_MASK(NV_UFLUSH_FB_FLUSH_PENDING) | NVT_MASK(NV_UFLUSH_FB_FLUSH_OUTSTANDING));
}

static const struct sim_reg_row rows[] = {
	RO(NV_PMC_BOOT_0),
	RO(NV_PMC_BOOT_1),
	RW(NV_PMC_INTR_EN_LEGACY),
	RW(NV_PMC_ENABLE),
	{ ARRAY(NV_PMC_DEVICE_ENABLE) },
	RO(NV_PMC_BOOT_42),
	{ ARRAY(NV_PBUS_SW_SCRATCH), .post = wr_scratch },
	RW(NV_PBUS_BAR0_WINDOW),
	RW(NV_PBUS_BAR1_BLOCK),
	RW(NV_PBUS_BAR2_BLOCK),
	{ .off = NV_PTIMER_INTR_0, .w1c = ALL_RO },
	RW(NV_PTIMER_INTR_EN_0),
	{ .off = NV_PTIMER_TIME_0, .read = rd_time_0, .post = wr_time_0 },
	{ .off = NV_PTIMER_TIME_1, .read = rd_time_1, .post = wr_time_1 },
	RW(NV_PTIMER_ALARM_0),
	{ .off = NV_PTIMER_TIME_PRIV_LEVEL_MASK, .ro = ALL_RO, .reset = 0xff },
	{ .off = NV_UFLUSH_FB_FLUSH, .post = flushed }, /* nouveau, after it wrote page tables through BAR2 */
	RW(NV_PFB_NISO_FLUSH_SYSMEM_ADDR),
	RW(NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI),
	RO(NV_PFB_PRI_MMU_LOCAL_MEMORY_RANGE),
	RW(NV_PFB_PRI_MMU_LOCK_CFG_PRIV_LEVEL_MASK),
	RO(NV_PFB_PRI_MMU_WPR2_ADDR_LO),
	RO(NV_PFB_PRI_MMU_WPR2_ADDR_HI),
	RO(NV_PFB_PRI_MMU_LOCK_ADDR_LO),
	RO(NV_PFB_PRI_MMU_LOCK_ADDR_HI),
	RO(NV_PGC6_BSI_SECURE_SCRATCH_14),
	{ .off = NV_PGC6_BSI_SECURE_SCRATCH_15,
	  .ro = ALL_RO,
	  .reset = NVT_DEF(NV_PGC6_BSI_SECURE_SCRATCH_15_SCRUBBER_HANDOFF, DONE) },
	{ .off = NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK, .ro = ALL_RO, .read = rd_gfw },
	RO(NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT),
	RO(NV_PGC6_AON_SECURE_SCRATCH_GROUP_42),
	RW(NV_PDISP_VGA_WORKSPACE_BASE),
	RO(NV_FUSE_OPT_SECURE_GSP_DEBUG_DIS),
	RO(NV_FUSE_STATUS_OPT_DISPLAY),
	{ ARRAY(NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION), .ro = ALL_RO },
	{ ARRAY(NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION), .ro = ALL_RO },
	{ ARRAY(NV_FUSE_OPT_FPF_GSP_UCODE_VERSION), .ro = ALL_RO },
	RO(NV_PEXTDEV_BOOT_0),
	RW(NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE_PDB),
	RW(NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE_UPPER_PDB),
	{ .off = NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE, .post = invalidated },
	{ .off = NV_VIRTUAL_FUNCTION_DOORBELL, .post = wr_doorbell },
	RW(NV_THERM_I2CS_SCRATCH),
	{ .off = NV_PDISP_VGA_CR_ADDR, .bytes = true },
	{ ARRAY(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF), .w1c = ALL_RO },
	{ ARRAY(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_SET), .pre = pre_enable },
	{ ARRAY(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_CLEAR), .read = rd_mask, .post = post_disable },
	{ .off = NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP, .ro = ALL_RO, .read = rd_top },
	{ .off = NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_SET, .pre = pre_enable },
	{ .off = NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_CLEAR, .read = rd_mask, .post = post_disable },
};

int sim_board_init(struct sim *s)
{
	return sim_regfile_add(&s->regs, 0, 0, rows, NVT_ARRAY_SIZE(rows));
}

void sim_board_set_wpr2(struct sim *s, uint64_t lo, uint64_t hi)
{
	s->wpr2_lo = lo;
	s->wpr2_hi = hi;
	sim_reg_set(&s->regs, NV_PFB_PRI_MMU_WPR2_ADDR_LO,
		    NVT_SET(NV_PFB_PRI_MMU_WPR2_ADDR_LO_VAL, lo >> 12));
	sim_reg_set(&s->regs, NV_PFB_PRI_MMU_WPR2_ADDR_HI,
		    NVT_SET(NV_PFB_PRI_MMU_WPR2_ADDR_HI_VAL, hi >> 12));
}

/* admin-tools want the whole progress register to be 0x3ff on a board that is up. */
#define GFW_BOOT_DONE 0x3ffu

static void gfw_done(struct sim *s)
{
	s->gfw_ready = true;
	sim_reg_set(&s->regs, NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK, 0xff);
	sim_reg_set(&s->regs, NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT, GFW_BOOT_DONE);
}

static void start_gfw(struct sim *s)
{
	s->gfw_ready = false;
	if (sim_fault_fires(s, SIM_F_GFW_NEVER_READY))
		return;
	sim_in(s, sim_fault_fires(s, SIM_F_GFW_SLOW) ? SIM_T_GFW_SLOW : SIM_T_GFW, gfw_done);
}

void sim_board_power_on(struct sim *s)
{
	const struct nvt_chip *chip = s->opts.chip;
	unsigned i;

	sim_reg_set(&s->regs, NV_PMC_BOOT_0, chip->boot_0);
	sim_reg_set(&s->regs, NV_PMC_BOOT_42, chip->boot_42);
	for (i = 0; i < s->chip->fixed_count; i++)
		sim_reg_set(&s->regs, s->chip->fixed[i].addr, s->chip->fixed[i].val);
	sim_reg_set(&s->regs, NV_PGC6_AON_SECURE_SCRATCH_GROUP_42,
		    sim_fault_fires(s, SIM_F_FB_SIZE_ZERO) ? 0 : (uint32_t)(s->vram.size >> 20));
	s->ptimer_epoch_ns = s->now_ns;
	s->frts_off = 0;
	s->frts_size = 0;
	if (sim_fault_fires(s, SIM_F_WPR2_ALREADY_UP))
		sim_board_set_wpr2(s, s->vram.size - (2u << 20), s->vram.size - (1u << 20));
	else
		sim_board_set_wpr2(s, 0, 0);
	start_gfw(s);
}

void sim_phase(struct sim *s, const char *phase)
{
	if (sim_fault_fires_in(s, SIM_F_BUS_DEAD, phase))
		s->bus = SIM_BUS_DEAD;
	else if (sim_fault_fires_in(s, SIM_F_PRI_ERROR, phase))
		s->bus = SIM_BUS_PRI_ERROR;
}
