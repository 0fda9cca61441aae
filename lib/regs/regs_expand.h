/* SPDX-License-Identifier: MIT */
/* Every register row; include with REG, REGA, FLD and VAL defined. No include guard on purpose. */
#include "regs/pmc.def"
#include "regs/falcon.def"
#include "regs/fb.def"
#include "regs/fuse.def"
#include "regs/timer.def"
#include "regs/misc.def"
