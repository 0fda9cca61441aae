/* SPDX-License-Identifier: MIT */
/* The model as a whole: what its parts share. Private to lib/sim. */
#ifndef NVT_SIM_MODEL_H
#define NVT_SIM_MODEL_H

#include "regs/regs_const.h"
#include "sim/channel.h"
#include "sim/chips.h"
#include "sim/falcon.h"
#include "sim/faults.h"
#include "sim/findings.h"
#include "sim/gsp.h"
#include "sim/iommu.h"
#include "sim/pci.h"
#include "sim/regfile.h"
#include "sim/rom.h"
#include "sim/sim.h"
#include "sim/timers.h"
#include "sim/vram.h"

/*
 * How long things take, in nanoseconds of virtual time. Magnitudes of real boards (GFW, FWSEC, booter
 * and GSP-RM initialisation), so that a driver's polls are polls and its timeouts are tested.
 */
#define SIM_US 1000ull
#define SIM_MS 1000000ull
#define SIM_T_ACCESS (1 * SIM_US)          /* one MMIO or config access */
#define SIM_T_GFW (200 * SIM_MS)
#define SIM_T_GFW_SLOW (1500 * SIM_MS)     /* fault gfw-slow; drivers wait 2 s and more */
#define SIM_T_FLR (100 * SIM_MS)           /* until config space answers; PCIe 6.6.2 */
#define SIM_T_SCRUB (20 * SIM_US)          /* falcon memories after an engine reset */
#define SIM_T_DMA_BLOCK (2 * SIM_US)
#define SIM_T_EMPTY_START (30 * SIM_US)
#define SIM_T_REFUSED (500 * SIM_US)       /* boot ROM turns an image down */
#define SIM_T_FWSEC (4 * SIM_MS)
#define SIM_T_BOOTER_LOAD (60 * SIM_MS)
#define SIM_T_BOOTER_RESUME (5 * SIM_MS)
#define SIM_T_BOOTER_UNLOAD (5 * SIM_MS)
#define SIM_T_GSP_LINK (80 * SIM_MS)       /* RISC-V active to queue header written */
#define SIM_T_GSP_DOORBELL (50 * SIM_US)
#define SIM_T_GSP_SERVE (100 * SIM_US)     /* one message, taken to answered */
#define SIM_T_GSP_RM_INIT (150 * SIM_MS)   /* registry consumed to CPU sequencer script */
#define SIM_T_GSP_NOTES (2 * SIM_MS)       /* script to the events after it */
#define SIM_T_GSP_INIT_DONE (60 * SIM_MS)  /* those to GSP_INIT_DONE */
#define SIM_T_GSP_RETRY (1 * SIM_MS)       /* status queue full */
#define SIM_T_GSP_UNLOAD (10 * SIM_MS)
#define SIM_T_SCRIPT_ANSWER (150 * SIM_US) /* scratch register that the CPU sequencer script polls */

enum sim_bus_state { SIM_BUS_OK, SIM_BUS_DEAD, SIM_BUS_PRI_ERROR };

struct sim_clock {
	struct nvt_clock clock; /* first: the context points here */
	struct sim *s;
};

struct sim {
	struct nvt_transport t; /* first: transport operations get this pointer */
	struct nvt_ctx *ctx;
	struct nvt_clock *outer_clock; /* what the context had before */
	struct sim_opts opts;
	const struct sim_chip *chip;
	struct sim_clock clock;
	uint64_t now_ns;
	uint64_t ptimer_epoch_ns; /* PTIMER = now - epoch */
	struct sim_timers timers;
	struct sim_regfile regs;
	struct sim_iommu iommu;
	nvt_iova next_iova;
	struct sim_vram vram;
	struct sim_pci pci;
	struct sim_rom rom;
	struct sim_findings findings;
	struct sim_faults faults;
	struct nvt_error failed; /* code 0: nothing; else every access fails with it */
	enum sim_bus_state bus;
	bool gfw_ready;
	uint64_t wpr2_lo, wpr2_hi; /* hi exclusive; 0, 0: not set */
	uint64_t frts_off, frts_size; /* as FWSEC placed it; size 0: not run */
	struct sim_falcon falcon[SIM_FALCON__COUNT];
	struct sim_gsp gsp;
	struct sim_fifo fifo;
	bool irq_pending;
	const char *step; /* of bring-up, last one done; NULL: none */
	struct { /* what was recognised, for the report */
		char gsp_image[48], booter_load[48], booter_unload[48], bootloader[48], fwsec[48];
	} seen;
};

static inline struct sim *sim_of(struct nvt_transport *t)
{
	return (struct sim *)t;
}

/* sim.c */
void sim_run_to(struct sim *s, uint64_t to_ns); /* runs what falls due until then */
void sim_in(struct sim *s, uint64_t delay_ns, sim_timer_fn fn);
void sim_flr(struct sim *s);
/* The model itself is wrong: every later access fails with NVT_E_BUG. */
void sim_bug(struct sim *s, const char *what);
void sim_raise_irq(struct sim *s);

/* A step of bring-up is done, by nvtool's name for it. Told for a guest, whose driver tells nobody. */
void sim_step(struct sim *s, const char *name);

/* intr.c */
#define SIM_VECTOR_GSP 155u /* below 256: drivers look at leaves 0 to 7 only */
/* An edge of a vector. */
void sim_irq_latch(struct sim *s, unsigned vector);
/* Sets bits of the GSP falcon's interrupt status. */
void sim_gsp_irq_set(struct sim *s, uint32_t bits);
/* The driver asks for another edge of what is still pending. */
void sim_gsp_irq_retrigger(struct sim *s);
uint32_t sim_irq_top(const struct sim *s);
/* The function's interrupt is asserted. */
bool sim_irq_line(const struct sim *s);

/* board.c: registers that exist once */
int sim_board_init(struct sim *s);
void sim_board_power_on(struct sim *s);
void sim_board_set_wpr2(struct sim *s, uint64_t lo, uint64_t hi);
/* bus-dead and pri-error faults due in this phase strike now. */
void sim_phase(struct sim *s, const char *phase);

/* bar.c: one access, already checked for BAR, size and alignment by sim.c */
uint64_t sim_bar_rd(struct sim *s, unsigned bar, uint64_t off, unsigned size);
void sim_bar_wr(struct sim *s, unsigned bar, uint64_t off, unsigned size, uint64_t val);

/*
 * dma.c: the device's accesses to memory at bus addresses. False after a violation. `what` names the
 * structure for the finding.
 */
bool sim_dma_rd(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, const char *what);
/* The same for a structure that the driver made for GSP-RM; told as an event. */
bool sim_dma_struct(struct sim *s, nvt_iova addr, uint8_t *buf, size_t n, const char *type);
bool sim_dma_wr(struct sim *s, nvt_iova addr, const uint8_t *buf, size_t n, const char *what);
bool sim_dma_hash(struct sim *s, struct nvt_sha256_ctx *c, nvt_iova addr, size_t n, const char *what);

/* mmu.c: page tables of GMMU version 2, rooted in video memory. False where nothing is mapped. */
struct sim_page {
	bool is_system, read_only;
	uint64_t addr; /* in video memory, or on the bus */
};
bool sim_mmu_translate(struct sim *s, uint64_t root, uint64_t va, struct sim_page *ret);

/* fwsec.c, booter.c: a verified start of code on the GSP and SEC2 falcons */
void sim_fwsec_start(struct sim *s, struct sim_falcon *f, struct nvt_bytes code);
void sim_booter_start(struct sim *s, struct sim_falcon *f, struct nvt_bytes code);

/*
 * wpr_meta.c: everything that booter_load checks about GspFwWprMeta at addr. False if something is wrong.
 * *ret gets the release's layouts as the images show them.
 */
struct sim_wpr {
	uint64_t start, end; /* becomes WPR2 */
	uint64_t non_wpr_heap;
};
bool sim_wpr_meta_check(struct sim *s, nvt_iova addr, struct sim_wpr *ret);
/* The layouts of a release in fwdb; of the newest when release is NULL. False after a finding. */
bool sim_find_rel(struct sim *s, const char *release, struct nvt_rel *ret);
/* For the report: the release, or "digest unknown". */
void sim_note_image(char out[48], const struct nvt_fwdb_file *f);

#endif
