# Tests of lib/sim.
if HAVE_CMOCKA
sim_tests = tests/unit/sim_parts tests/unit/sim_device tests/unit/sim_falcon tests/unit/sim_vbios \
	tests/unit/sim_channel
check_PROGRAMS += $(sim_tests)
TESTS += $(sim_tests)
sim_test_libs = lib/sim/libsim.a lib/fw/libfw.a lib/rpc/librpc.a lib/regs/libregs.a lib/base/libbase.a \
	$(ELF_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(CMOCKA_LIBS)
tests_unit_sim_parts_SOURCES = tests/unit/sim_parts.c
tests_unit_sim_parts_LDADD = $(sim_test_libs)
tests_unit_sim_device_SOURCES = tests/unit/sim_device.c tests/unit/sim_device.h
tests_unit_sim_device_LDADD = $(sim_test_libs)
tests_unit_sim_falcon_SOURCES = tests/unit/sim_falcon.c tests/unit/sim_device.h
tests_unit_sim_falcon_LDADD = $(sim_test_libs)
tests_unit_sim_vbios_SOURCES = tests/unit/sim_vbios.c tests/unit/sim_device.h
tests_unit_sim_vbios_LDADD = $(sim_test_libs)
tests_unit_sim_channel_SOURCES = tests/unit/sim_channel.c tests/unit/sim_device.h
tests_unit_sim_channel_LDADD = $(sim_test_libs)
endif
