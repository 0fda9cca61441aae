# Tests of lib/regs.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/regs
TESTS += tests/unit/regs
tests_unit_regs_SOURCES = tests/unit/regs.c
tests_unit_regs_LDADD = lib/regs/libregs.a lib/base/libbase.a $(CMOCKA_LIBS)
endif
