/* SPDX-License-Identifier: MIT */
/*
 * The register file: what a 32-bit register of BAR0 does when it is read or written.
 *
 * A row says what one register (or array) does; rows are installed at a unit's base. Registers without
 * a row read 0 and store what is written.
 */
#ifndef NVT_SIM_REGFILE_H
#define NVT_SIM_REGFILE_H

#include <nvt/types.h>

struct sim;
struct sim_reg;

struct sim_reg_row {
	uint32_t off;
	uint32_t count, stride; /* 0: a single register */
	uint32_t reset;
	uint32_t ro;  /* bits that writes leave alone */
	uint32_t w1c; /* bits that writing 1 clears and writing 0 leaves alone */
	uint32_t (*read)(struct sim *s, struct sim_reg *r);  /* NULL: the stored value */
	/* Before the store; returns the value to store (masks apply to it). */
	uint32_t (*pre)(struct sim *s, struct sim_reg *r, uint32_t val);
	void (*post)(struct sim *s, struct sim_reg *r, uint32_t val); /* after the store; val as written */
	bool bytes;   /* 8-bit and 16-bit accesses are legal */
};

struct sim_reg {
	uint32_t addr;
	uint32_t val;
	const struct sim_reg_row *row; /* NULL: nobody knows this register */
	uint16_t unit;                 /* which instance of the block */
	uint16_t index;                /* element of an array row */
};

struct sim_regfile {
	struct sim_reg *regs;
	uint32_t n, cap;
	uint32_t *slots; /* open addressing: index + 1 into regs, 0 empty */
	uint32_t slot_count;
};

/* Most registers that a driver may make up before writes to further unknown ones are dropped. */
#define SIM_REGS_MAX 32768u

/* -NVT_E_NOMEM on no memory. A register may be installed once only. */
int sim_regfile_add(struct sim_regfile *f, uint32_t base, uint16_t unit, const struct sim_reg_row *rows,
		    unsigned n);
void sim_regfile_fini(struct sim_regfile *f);
/* Every register to its reset value; those without a row are forgotten. */
void sim_regfile_reset(struct sim_regfile *f);
/* NULL if the register has neither a row nor a stored value. addr is a multiple of 4. */
struct sim_reg *sim_regfile_find(const struct sim_regfile *f, uint32_t addr);
/* As the driver sees it, hooks run. */
uint32_t sim_regfile_rd(struct sim_regfile *f, struct sim *s, uint32_t addr);
void sim_regfile_wr(struct sim_regfile *f, struct sim *s, uint32_t addr, uint32_t val);
/* As the device sees it: the stored value, no hooks. The register must have a row. */
uint32_t sim_reg_get(const struct sim_regfile *f, uint32_t addr);
void sim_reg_set(struct sim_regfile *f, uint32_t addr, uint32_t val);

#endif
