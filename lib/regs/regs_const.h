/* SPDX-License-Identifier: MIT */
/*
 * Register constants, expanded from the .def rows:
 *   NV_PFALCON_FALCON_CPUCTL                offset in its block
 *   NV_PBUS_SW_SCRATCH__STRIDE, __COUNT     of an array; NVT_REG_AT(NV_PBUS_SW_SCRATCH, 14)
 *   NV_PFALCON_FALCON_CPUCTL_HALTED__HI, __LO   bits of a field, for NVT_GET, NVT_SET, NVT_MASK
 *   NV_PFALCON_FALCON_CPUCTL_HALTED_TRUE    a field's value
 *   NVT_BASE_GSP_PFALCON                    BAR0 address of a block's instance
 * Blocks that exist once have base 0, so their offsets are BAR0 addresses.
 */
#ifndef NVT_REGS_CONST_H
#define NVT_REGS_CONST_H

#include <nvt/types.h>

/* clang-format off */
enum {
#define REG(blk, name, off, access, since) NV_##name = off,
#define REGA(blk, name, off, n, step, access, since) NV_##name = off, NV_##name##__COUNT = n, NV_##name##__STRIDE = step,
#define FLD(reg, fld, range) NV_##reg##_##fld##__HI = (1 ? range), NV_##reg##_##fld##__LO = (0 ? range),
#define VAL(reg, fld, val, v) NV_##reg##_##fld##_##val = v,
#include "regs/regs_expand.h"
#undef REG
#undef REGA
#undef FLD
#undef VAL
	NVT_REGS__END
};

enum {
#define UNIT(unit, blk, base, size) NVT_BASE_##unit##_##blk = base,
#include "regs/units.def"
#undef UNIT
	NVT_UNITS__END
};
/* clang-format on */

#define NVT_REG_AT(reg, i) ((uint32_t)(reg) + (uint32_t)(i) * (uint32_t)reg##__STRIDE)
#define NVT_MASK(fld) ((uint32_t)((0xffffffffu >> (31 - (fld##__HI) + (fld##__LO))) << (fld##__LO)))
#define NVT_GET(v, fld) (((uint32_t)(v)&NVT_MASK(fld)) >> (fld##__LO))
#define NVT_SET(fld, x) (((uint32_t)(x) << (fld##__LO)) & NVT_MASK(fld))
/* A field's named value in place: NVT_DEF(NV_PFALCON_FALCON_CPUCTL_HALTED, TRUE) */
#define NVT_DEF(fld, val) NVT_SET(fld, fld##_##val)

#endif
