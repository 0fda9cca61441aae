# unit/regs
