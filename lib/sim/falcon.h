/* SPDX-License-Identifier: MIT */
/* A falcon with its memories, its boot ROM and its RISC-V core. */
#ifndef NVT_SIM_FALCON_H
#define NVT_SIM_FALCON_H

#include <nvt/types.h>

struct sim;

enum sim_falcon_unit { SIM_GSP, SIM_SEC2, SIM_FALCON__COUNT };

#define SIM_FALCON_BLOCK 256u

struct sim_falcon_block {
	uint32_t tag;
	bool valid, secure;
};

struct sim_falcon {
	enum sim_falcon_unit unit;
	const char *name;
	uint32_t base, base2; /* PFALCON, and the page with PFALCON2 and PRISCV */
	uint8_t *imem, *dmem;
	uint32_t imem_size, dmem_size;
	struct sim_falcon_block *blocks; /* of IMEM */
	bool in_reset, running, alias_en, riscv_active;
	bool hs_ran;       /* secure code has run since the last engine reset */
	bool started_warm; /* it had already when the core was started */
	bool dma_stuck;
	uint64_t scrubbed_ns, dma_idle_ns;
	void (*on_halt)(struct sim *s, struct sim_falcon *f); /* what the running code does at its end */
};

int sim_falcon_init(struct sim *s, enum sim_falcon_unit unit);
void sim_falcon_fini(struct sim_falcon *f);
/* After power-on and FLR. */
void sim_falcon_power_on(struct sim *s, struct sim_falcon *f);

uint32_t sim_falcon_get(const struct sim *s, const struct sim_falcon *f, uint32_t reg);
void sim_falcon_set(struct sim *s, const struct sim_falcon *f, uint32_t reg, uint32_t val);
/* Register of the second page. */
uint32_t sim_falcon_get2(const struct sim *s, const struct sim_falcon *f, uint32_t reg);
void sim_falcon_set2(struct sim *s, const struct sim_falcon *f, uint32_t reg, uint32_t val);
/* MAILBOX1:MAILBOX0 */
uint64_t sim_falcon_mailbox(const struct sim *s, const struct sim_falcon *f);

/* The core runs for delay_ns, then on_halt (may be NULL), then it halts. */
void sim_falcon_run(struct sim *s, struct sim_falcon *f, uint64_t delay_ns,
		    void (*on_halt)(struct sim *s, struct sim_falcon *f));
/* The boot ROM turned the image down: halts soon with an error in MAILBOX0. */
void sim_falcon_refuse(struct sim *s, struct sim_falcon *f);
/* A start request through CPUCTL or CPUCTL_ALIAS. */
void sim_falcon_start(struct sim *s, struct sim_falcon *f);

/* falcon_mem.c: IMEM and DMEM */
void sim_falcon_dma(struct sim *s, struct sim_falcon *f, uint32_t cmd);
uint32_t sim_falcon_imem_rd(struct sim *s, struct sim_falcon *f, unsigned port);
void sim_falcon_imem_wr(struct sim *s, struct sim_falcon *f, unsigned port, uint32_t val);
uint32_t sim_falcon_dmem_rd(struct sim *s, struct sim_falcon *f, unsigned port);
void sim_falcon_dmem_wr(struct sim *s, struct sim_falcon *f, unsigned port, uint32_t val);
void sim_falcon_mem_clear(struct sim_falcon *f);

/* hs.c: what the boot ROM finds at BOOTVEC. Empty if there is no code there. */
struct nvt_bytes sim_hs_code(const struct sim *s, const struct sim_falcon *f, bool *ret_all_secure);
/* Checks the boot ROM's parameters against what the image wants. False after a finding. */
struct sim_hs_want {
	uint32_t para_addr, engine_mask, ucode_id;
};
bool sim_hs_params_ok(struct sim *s, const struct sim_falcon *f, const struct sim_hs_want *want);
/* A signature is there: not all zero. False after a finding. */
bool sim_hs_signature_ok(struct sim *s, const struct sim_falcon *f, uint32_t dmem_off, uint32_t size);

#endif
