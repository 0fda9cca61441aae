/* SPDX-License-Identifier: MIT */
/* A falcon's registers: reset, core select, start and halt, interrupts. */
#include "sim/model.h"

#include <stdlib.h>
#include <string.h>

#define ALL_RO 0xffffffffu
#define RW(reg) { .off = reg }
#define ARRAY(reg) .off = reg, .count = reg##__COUNT, .stride = reg##__STRIDE

/* An image that the boot ROM turns down leaves this; general error of NVIDIA's flcnretval.h. */
#define MAILBOX_REFUSED 0xffu

static struct sim_falcon *falcon_of(struct sim *s, const struct sim_reg *r)
{
	return &s->falcon[r->unit];
}

uint32_t sim_falcon_get(const struct sim *s, const struct sim_falcon *f, uint32_t reg)
{
	return sim_reg_get(&s->regs, f->base + reg);
}

void sim_falcon_set(struct sim *s, const struct sim_falcon *f, uint32_t reg, uint32_t val)
{
	sim_reg_set(&s->regs, f->base + reg, val);
}

uint32_t sim_falcon_get2(const struct sim *s, const struct sim_falcon *f, uint32_t reg)
{
	return sim_reg_get(&s->regs, f->base2 + reg);
}

void sim_falcon_set2(struct sim *s, const struct sim_falcon *f, uint32_t reg, uint32_t val)
{
	sim_reg_set(&s->regs, f->base2 + reg, val);
}

uint64_t sim_falcon_mailbox(const struct sim *s, const struct sim_falcon *f)
{
	return (uint64_t)sim_falcon_get(s, f, NV_PFALCON_FALCON_MAILBOX1) << 32 |
	       sim_falcon_get(s, f, NV_PFALCON_FALCON_MAILBOX0);
}

/* ---- running ---- */

static void halt(struct sim *s, struct sim_falcon *f)
{
	if (f->on_halt)
		f->on_halt(s, f);
	f->running = false;
}

static void halt_gsp(struct sim *s)
{
	halt(s, &s->falcon[SIM_GSP]);
}

static void halt_sec2(struct sim *s)
{
	halt(s, &s->falcon[SIM_SEC2]);
}

static const sim_timer_fn halt_timers[SIM_FALCON__COUNT] = {
	[SIM_GSP] = halt_gsp,
	[SIM_SEC2] = halt_sec2,
};

void sim_falcon_run(struct sim *s, struct sim_falcon *f, uint64_t delay_ns,
		    void (*on_halt)(struct sim *s, struct sim_falcon *f))
{
	f->running = true;
	f->on_halt = on_halt;
	sim_in(s, delay_ns, halt_timers[f->unit]);
}

static void refused(struct sim *s, struct sim_falcon *f)
{
	sim_falcon_set(s, f, NV_PFALCON_FALCON_MAILBOX0, MAILBOX_REFUSED);
}

void sim_falcon_refuse(struct sim *s, struct sim_falcon *f)
{
	sim_falcon_run(s, f, SIM_T_REFUSED, refused);
}

static bool selects_riscv(const struct sim *s, const struct sim_falcon *f)
{
	return NVT_GET(sim_falcon_get2(s, f, NV_PRISCV_RISCV_BCR_CTRL), NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT) ==
	       NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT_RISCV;
}

static bool may_start(struct sim *s, struct sim_falcon *f)
{
	if (f->in_reset) {
		sim_violation(s, "start-in-reset", NULL, "ENGINE_RESET_FALSE", "%s started while held in reset",
			      f->name);
	} else if (f->running) {
		sim_violation(s, "start-while-running", NULL, "CPUCTL_HALTED", "%s started while it runs", f->name);
	} else if (s->now_ns < f->scrubbed_ns) {
		sim_violation(s, "start-while-scrubbing", NULL, "HWCFG2_MEM_SCRUBBING_DONE",
			      "%s started before its memories are scrubbed", f->name);
	} else if (selects_riscv(s, f)) {
		sim_violation(s, "start-wrong-core",
			      SIM_HEX(sim_falcon_get2(s, f, NV_PRISCV_RISCV_BCR_CTRL)),
			      "CORE_SELECT_FALCON", "%s falcon core started while RISC-V is selected", f->name);
	} else {
		return true;
	}
	return false;
}

static bool imem_loaded(const struct sim_falcon *f)
{
	unsigned i;

	for (i = 0; i < f->imem_size / SIM_FALCON_BLOCK; i++)
		if (f->blocks[i].valid)
			return true;
	return false;
}

/* With nothing in IMEM the core halts at once and leaves the mailboxes alone. */
static void start_empty(struct sim *s, struct sim_falcon *f)
{
	if (f->unit != SIM_GSP || imem_loaded(f)) {
		sim_violation(s, "start-without-code",
			      SIM_HEX(sim_falcon_get(s, f, NV_PFALCON_FALCON_BOOTVEC)), NULL,
			      "%s started, no IMEM block has the boot vector's tag", f->name);
		sim_falcon_refuse(s, f);
		return;
	}
	if (s->gsp.state != SIM_GSP_RESUME)
		sim_odd(s, SIM_ODD_START_WITHOUT_CODE, NULL);
	sim_falcon_run(s, f, SIM_T_EMPTY_START, NULL);
}

void sim_falcon_start(struct sim *s, struct sim_falcon *f)
{
	struct nvt_bytes code;
	bool all_secure;

	if (!may_start(s, f))
		return;
	code = sim_hs_code(s, f, &all_secure);
	if (!code.n) {
		start_empty(s, f);
		return;
	}
	if (!all_secure) {
		sim_violation(s, "start-not-secure", NULL, "DMATRFCMD_SEC",
			      "%s started with code that is not loaded as secure", f->name);
		sim_falcon_refuse(s, f);
		return;
	}
	f->alias_en = true;
	f->started_warm = f->hs_ran;
	f->hs_ran = true;
	if (f->unit == SIM_GSP)
		sim_fwsec_start(s, f, code);
	else
		sim_booter_start(s, f, code);
}

/* ---- register hooks ---- */

static uint32_t rd_hwcfg2(struct sim *s, struct sim_reg *r)
{
	const struct sim_falcon *f = falcon_of(s, r);
	uint32_t v = NVT_DEF(NV_PFALCON_FALCON_HWCFG2_RESET_READY, TRUE) |
		     NVT_DEF(NV_PFALCON_FALCON_HWCFG2_RISCV, ENABLE);

	if (s->now_ns < f->scrubbed_ns)
		v |= NVT_MASK(NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING);
	return v;
}

/* Before GFW is done the GSP falcon is busy with it; NVIDIA's driver waits for this bit first. */
static bool halted(const struct sim *s, const struct sim_falcon *f)
{
	return !f->running && (f->unit != SIM_GSP || s->gfw_ready);
}

static uint32_t rd_cpuctl(struct sim *s, struct sim_reg *r)
{
	const struct sim_falcon *f = falcon_of(s, r);

	return NVT_SET(NV_PFALCON_FALCON_CPUCTL_HALTED, halted(s, f)) |
	       NVT_SET(NV_PFALCON_FALCON_CPUCTL_ALIAS_EN, f->alias_en);
}

static void wr_cpuctl(struct sim *s, struct sim_reg *r, uint32_t val)
{
	if (NVT_GET(val, NV_PFALCON_FALCON_CPUCTL_STARTCPU))
		sim_falcon_start(s, falcon_of(s, r));
}

static void wr_cpuctl_alias(struct sim *s, struct sim_reg *r, uint32_t val)
{
	struct sim_falcon *f = falcon_of(s, r);

	if (!NVT_GET(val, NV_PFALCON_FALCON_CPUCTL_ALIAS_STARTCPU))
		return;
	if (f->alias_en)
		sim_falcon_start(s, f);
	else
		sim_violation(s, "start-alias-off", NULL, "CPUCTL_ALIAS_EN_TRUE",
			      "%s started through CPUCTL_ALIAS, which CPUCTL does not enable", f->name);
}

/* Memories, run state and RISC-V go; mailboxes and the core selection stay (nouveau writes MAILBOX0
 * back after a reset, and every driver selects the core again). */
static void engine_reset(struct sim *s, struct sim_falcon *f)
{
	sim_timers_cancel(&s->timers, halt_timers[f->unit]);
	f->in_reset = true;
	f->running = false;
	f->alias_en = false;
	f->hs_ran = false;
	f->dma_stuck = false;
	f->dma_idle_ns = 0;
	f->on_halt = NULL;
	sim_falcon_mem_clear(f);
	if (f->unit == SIM_GSP)
		sim_gsp_reset(s);
	f->riscv_active = false;
	sim_falcon_set(s, f, NV_PFALCON_FALCON_IRQSTAT, 0);
	sim_falcon_set(s, f, NV_PFALCON_FALCON_DMACTL, 0);
	sim_falcon_set(s, f, NV_PFALCON_FBIF_CTL, 0);
}

static void wr_engine(struct sim *s, struct sim_reg *r, uint32_t val)
{
	struct sim_falcon *f = falcon_of(s, r);

	if (NVT_GET(val, NV_PFALCON_FALCON_ENGINE_RESET)) {
		engine_reset(s, f);
	} else if (f->in_reset) {
		f->in_reset = false;
		f->scrubbed_ns = s->now_ns + SIM_T_SCRUB;
	}
}

static uint32_t rd_dmatrfcmd(struct sim *s, struct sim_reg *r)
{
	const struct sim_falcon *f = falcon_of(s, r);
	bool idle = !f->dma_stuck && s->now_ns >= f->dma_idle_ns;
	uint32_t keep = ~(NVT_MASK(NV_PFALCON_FALCON_DMATRFCMD_FULL) | NVT_MASK(NV_PFALCON_FALCON_DMATRFCMD_IDLE));

	return (r->val & keep) | NVT_SET(NV_PFALCON_FALCON_DMATRFCMD_IDLE, idle);
}

static void wr_dmatrfcmd(struct sim *s, struct sim_reg *r, uint32_t val)
{
	sim_falcon_dma(s, falcon_of(s, r), val);
}

static uint32_t rd_imemd(struct sim *s, struct sim_reg *r)
{
	return sim_falcon_imem_rd(s, falcon_of(s, r), r->index);
}

static void wr_imemd(struct sim *s, struct sim_reg *r, uint32_t val)
{
	sim_falcon_imem_wr(s, falcon_of(s, r), r->index, val);
}

static uint32_t rd_dmemd(struct sim *s, struct sim_reg *r)
{
	return sim_falcon_dmem_rd(s, falcon_of(s, r), r->index);
}

static void wr_dmemd(struct sim *s, struct sim_reg *r, uint32_t val)
{
	sim_falcon_dmem_wr(s, falcon_of(s, r), r->index, val);
}

/* IRQSSET and IRQSCLR change IRQSTAT; IRQMSET and IRQMCLR change IRQMASK. */
static void change(struct sim *s, struct sim_reg *r, uint32_t reg, uint32_t clear, uint32_t set)
{
	const struct sim_falcon *f = falcon_of(s, r);

	sim_falcon_set(s, f, reg, (sim_falcon_get(s, f, reg) & ~clear) | set);
}

static void wr_irqsset(struct sim *s, struct sim_reg *r, uint32_t val)
{
	if (r->unit == SIM_GSP)
		sim_gsp_irq_set(s, val);
	else
		change(s, r, NV_PFALCON_FALCON_IRQSTAT, 0, val);
}

static void wr_irqsclr(struct sim *s, struct sim_reg *r, uint32_t val)
{
	change(s, r, NV_PFALCON_FALCON_IRQSTAT, val, 0);
}

static void wr_irqmset(struct sim *s, struct sim_reg *r, uint32_t val)
{
	change(s, r, NV_PFALCON_FALCON_IRQMASK, 0, val);
}

static void wr_irqmclr(struct sim *s, struct sim_reg *r, uint32_t val)
{
	change(s, r, NV_PFALCON_FALCON_IRQMASK, val, 0);
}

/* An interrupt that is still pending is delivered again. */
static void wr_retrigger(struct sim *s, struct sim_reg *r, uint32_t val)
{
	if ((val & 1) && r->unit == SIM_GSP)
		sim_gsp_irq_retrigger(s);
}

/* Drivers write the bootloader's version here between booter_load and their look at the RISC-V core. */
static void wr_os(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)val;
	if (r->unit == SIM_GSP && s->gsp.state == SIM_GSP_LIBOS)
		sim_phase(s, "gsp-start");
}

static void wr_queue_head(struct sim *s, struct sim_reg *r, uint32_t val)
{
	(void)val;
	if (r->unit == SIM_GSP && r->index == 0)
		sim_gsp_doorbell(s);
}

static uint32_t rd_riscv_cpuctl(struct sim *s, struct sim_reg *r)
{
	const struct sim_falcon *f = falcon_of(s, r);

	return f->riscv_active ? NVT_DEF(NV_PRISCV_RISCV_CPUCTL_ACTIVE_STAT, ACTIVE) :
				 NVT_DEF(NV_PRISCV_RISCV_CPUCTL_HALTED, TRUE);
}

/* VALID is read-only: selecting the falcon core makes it true; for RISC-V it may be kept. */
static uint32_t pre_bcr_ctrl(struct sim *s, struct sim_reg *r, uint32_t val)
{
	const uint32_t riscv = NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_CORE_SELECT, RISCV);

	if (!(val & riscv))
		return val | NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_VALID, TRUE);
	if (val != (riscv | NVT_MASK(NV_PRISCV_RISCV_BCR_CTRL_BRFETCH) | NVT_MASK(NV_PRISCV_RISCV_BCR_CTRL_VALID)))
		sim_odd(s, SIM_ODD_BCR_CORE_SELECT, NULL);
	(void)r;
	return val;
}

static const struct sim_reg_row rows[] = {
	{ .off = NV_PFALCON_FALCON_IRQSSET, .post = wr_irqsset },
	{ .off = NV_PFALCON_FALCON_IRQSCLR, .post = wr_irqsclr },
	{ .off = NV_PFALCON_FALCON_IRQSTAT, .ro = ALL_RO },
	{ .off = NV_PFALCON_FALCON_IRQMSET, .post = wr_irqmset },
	{ .off = NV_PFALCON_FALCON_IRQMCLR, .post = wr_irqmclr },
	{ .off = NV_PFALCON_FALCON_IRQMASK, .ro = ALL_RO },
	RW(NV_PFALCON_FALCON_IRQDEST),
	RW(NV_PFALCON_FALCON_MAILBOX0),
	RW(NV_PFALCON_FALCON_MAILBOX1),
	RW(NV_PFALCON_FALCON_ITFEN),
	{ .off = NV_PFALCON_FALCON_OS, .post = wr_os },
	RW(NV_PFALCON_FALCON_RM),
	RW(NV_PFALCON_FALCON_DEBUGINFO),
	{ .off = NV_PFALCON_FALCON_HWCFG2, .ro = ALL_RO, .read = rd_hwcfg2 },
	{ .off = NV_PFALCON_FALCON_CPUCTL, .ro = ALL_RO, .read = rd_cpuctl, .post = wr_cpuctl },
	RW(NV_PFALCON_FALCON_BOOTVEC),
	{ .off = NV_PFALCON_FALCON_HWCFG, .ro = ALL_RO },
	{ .off = NV_PFALCON_FALCON_DMACTL,
	  .ro = NVT_MASK(NV_PFALCON_FALCON_DMACTL_IMEM_SCRUBBING) | NVT_MASK(NV_PFALCON_FALCON_DMACTL_DMEM_SCRUBBING) },
	RW(NV_PFALCON_FALCON_DMATRFBASE),
	RW(NV_PFALCON_FALCON_DMATRFMOFFS),
	{ .off = NV_PFALCON_FALCON_DMATRFCMD, .read = rd_dmatrfcmd, .post = wr_dmatrfcmd },
	RW(NV_PFALCON_FALCON_DMATRFFBOFFS),
	RW(NV_PFALCON_FALCON_DMATRFBASE1),
	{ .off = NV_PFALCON_FALCON_HWCFG1, .ro = ALL_RO },
	{ .off = NV_PFALCON_FALCON_CPUCTL_ALIAS, .ro = ALL_RO, .post = wr_cpuctl_alias },
	{ ARRAY(NV_PFALCON_FALCON_IMEMC) },
	{ ARRAY(NV_PFALCON_FALCON_IMEMD), .read = rd_imemd, .post = wr_imemd },
	{ ARRAY(NV_PFALCON_FALCON_IMEMT) },
	{ ARRAY(NV_PFALCON_FALCON_DMEMC) },
	{ ARRAY(NV_PFALCON_FALCON_DMEMD), .read = rd_dmemd, .post = wr_dmemd },
	{ .off = NV_PFALCON_FALCON_ENGINE, .post = wr_engine },
	{ .off = NV_PFALCON_FALCON_INTR_RETRIGGER, .post = wr_retrigger },
	{ .off = NV_PFALCON_FALCON_SCTL, .ro = ALL_RO },
	{ .off = NV_PFALCON_FALCON_DEBUG, .ro = ALL_RO },
	{ ARRAY(NV_PFALCON_FBIF_TRANSCFG) },
	RW(NV_PFALCON_FBIF_CTL),
	{ ARRAY(NV_PGSP_QUEUE_HEAD), .post = wr_queue_head },
};

/* Bit 6 of the RISC-V core's interrupt mask: nouveau takes SWGEN0 for its own only with it. */
#define RISCV_IRQMASK 0x40u

static const struct sim_reg_row rows2[] = {
	RW(NV_PFALCON2_FALCON_MOD_SEL),
	RW(NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID),
	RW(NV_PFALCON2_FALCON_BROM_ENGIDMASK),
	{ ARRAY(NV_PFALCON2_FALCON_BROM_PARAADDR) },
	{ .off = NV_PRISCV_RISCV_CPUCTL, .ro = ALL_RO, .read = rd_riscv_cpuctl },
	{ .off = NV_PRISCV_RISCV_IRQMASK, .ro = ALL_RO, .reset = RISCV_IRQMASK },
	RW(NV_PRISCV_RISCV_IRQDEST),
	{ .off = NV_PRISCV_RISCV_BCR_CTRL,
	  .reset = NVT_DEF(NV_PRISCV_RISCV_BCR_CTRL_BRFETCH, TRUE),
	  .pre = pre_bcr_ctrl },
};

static const struct {
	const char *name;
	uint32_t base, base2;
} units[SIM_FALCON__COUNT] = {
	[SIM_GSP] = { "GSP", NVT_BASE_GSP_PFALCON, NVT_BASE_GSP_PFALCON2 },
	[SIM_SEC2] = { "SEC2", NVT_BASE_SEC2_PFALCON, NVT_BASE_SEC2_PFALCON2 },
};

/* Sizes in HWCFG count 256-byte blocks. */
int sim_falcon_init(struct sim *s, enum sim_falcon_unit unit)
{
	struct sim_falcon *f = &s->falcon[unit];
	int rc;

	f->unit = unit;
	f->name = units[unit].name;
	f->base = units[unit].base;
	f->base2 = units[unit].base2;
	f->imem_size = NVT_GET(s->chip->falcon_hwcfg, NV_PFALCON_FALCON_HWCFG_IMEM_SIZE) * SIM_FALCON_BLOCK;
	f->dmem_size = NVT_GET(s->chip->falcon_hwcfg, NV_PFALCON_FALCON_HWCFG_DMEM_SIZE) * SIM_FALCON_BLOCK;
	f->imem = calloc(1, f->imem_size);
	f->dmem = calloc(1, f->dmem_size);
	f->blocks = calloc(f->imem_size / SIM_FALCON_BLOCK, sizeof(*f->blocks));
	if (!f->imem || !f->dmem || !f->blocks)
		return -NVT_E_NOMEM;
	rc = sim_regfile_add(&s->regs, f->base, (uint16_t)unit, rows, NVT_ARRAY_SIZE(rows));
	if (!rc)
		rc = sim_regfile_add(&s->regs, f->base2, (uint16_t)unit, rows2, NVT_ARRAY_SIZE(rows2));
	return rc;
}

void sim_falcon_fini(struct sim_falcon *f)
{
	free(f->imem);
	free(f->dmem);
	free(f->blocks);
	memset(f, 0, sizeof(*f));
}

void sim_falcon_power_on(struct sim *s, struct sim_falcon *f)
{
	f->in_reset = false;
	f->running = false;
	f->alias_en = false;
	f->riscv_active = false;
	f->hs_ran = false;
	f->dma_stuck = false;
	f->dma_idle_ns = 0;
	f->scrubbed_ns = s->now_ns + SIM_T_SCRUB;
	f->on_halt = NULL;
	sim_falcon_mem_clear(f);
	sim_falcon_set(s, f, NV_PFALCON_FALCON_HWCFG, s->chip->falcon_hwcfg);
	sim_falcon_set(s, f, NV_PFALCON_FALCON_HWCFG1, s->chip->falcon_hwcfg1);
}
