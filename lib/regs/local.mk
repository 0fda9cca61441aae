noinst_LIBRARIES += lib/regs/libregs.a
regs_sources = lib/regs/regs.c lib/regs/regs_const.h lib/regs/regs_expand.h lib/regs/units.def \
	lib/regs/pmc.def lib/regs/falcon.def lib/regs/fb.def lib/regs/fuse.def lib/regs/timer.def lib/regs/misc.def
lib_regs_libregs_a_SOURCES = $(regs_sources)
