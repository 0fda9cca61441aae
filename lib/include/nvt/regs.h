/* SPDX-License-Identifier: MIT */
/*
 * Registers as data. Constants come from lib/regs/regs_const.h (driver and model); this header gives
 * the same rows as tables for people: name <-> address, fields and their values.
 */
#ifndef NVT_REGS_H
#define NVT_REGS_H

#include <nvt/types.h>

struct nvt_val_desc {
	const char *name; /* "TRUE" */
	uint32_t value;
};

struct nvt_fld_desc {
	const char *name; /* "HALTED" */
	uint8_t hi, lo;
	uint16_t val_first; /* into nvt_vals; the next row's val_first ends the run */
};

struct nvt_reg_desc {
	const char *name;       /* "NV_PFALCON_FALCON_CPUCTL" */
	const char *block;      /* "PFALCON" */
	uint32_t off;           /* block-relative */
	uint32_t count, stride; /* 1, 0 unless an array */
	const char *access;     /* "RW", "R", "W" */
	const char *since;      /* first family that has it here, "" = all */
	uint16_t fld_first;     /* into nvt_flds; the next row's fld_first ends the run */
};

/* Each table ends in one row that only closes the run before it. */
NVT_API extern const struct nvt_val_desc nvt_vals[];
NVT_API extern const struct nvt_fld_desc nvt_flds[];

static inline unsigned nvt_reg_fld_count(const struct nvt_reg_desc *r)
{
	return (unsigned)(r[1].fld_first - r[0].fld_first);
}

static inline unsigned nvt_fld_val_count(const struct nvt_fld_desc *f)
{
	return (unsigned)(f[1].val_first - f[0].val_first);
}

/* Where an instance of a block sits in BAR0. */
struct nvt_unit_desc {
	const char *unit;  /* "GSP", "SEC2", "" for blocks that exist once */
	const char *block;
	uint32_t base, size;
};

NVT_API extern const struct nvt_reg_desc nvt_regs[];
NVT_API extern const unsigned nvt_reg_count;
NVT_API extern const struct nvt_unit_desc nvt_units[];
NVT_API extern const unsigned nvt_unit_count;

struct nvt_reg_ref {
	const struct nvt_unit_desc *unit;
	const struct nvt_reg_desc *reg;
	unsigned index; /* element of an array register */
};

/* BAR0 address -> register. False if no row covers it. */
NVT_API bool nvt_reg_at(uint32_t addr, struct nvt_reg_ref *ret);
/*
 * Name -> register and BAR0 address. Accepts what nvt_reg_format prints: "NV_PMC_BOOT_0",
 * "GSP.NV_PFALCON_FALCON_CPUCTL", "NV_PBUS_SW_SCRATCH(14)"; letter case ignored; a number as well.
 */
NVT_API bool nvt_reg_find(const char *name, struct nvt_reg_ref *ret, uint32_t *ret_addr);
/* "GSP.NV_PFALCON_FALCON_CPUCTL" or "0x00123456" when unknown. Always terminates; returns buf. */
NVT_API const char *nvt_reg_format(uint32_t addr, char *buf, size_t size);
/* "HALTED=TRUE STARTCPU=0x0", "" when the register has no fields. Returns buf. */
NVT_API const char *nvt_reg_decode(uint32_t addr, uint32_t val, char *buf, size_t size);

#endif
