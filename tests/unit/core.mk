# Tests of lib/core, without the device model.
core_test_fake = tests/support/fake_transport.c tests/support/fake_transport.h
if HAVE_CMOCKA
core_tests = tests/unit/core_fb tests/unit/core_steps tests/unit/core_sequencer tests/unit/core_registry \
	tests/unit/core_msgq tests/unit/core_falcon tests/unit/core_gpu
check_PROGRAMS += $(core_tests)
TESTS += $(core_tests)
core_test_libs = lib/core/libcore.a lib/transport/libtransport.a lib/rpc/librpc.a lib/fw/libfw.a \
	lib/regs/libregs.a lib/base/libbase.a $(nvt_LIBS) $(CMOCKA_LIBS)
tests_unit_core_fb_SOURCES = tests/unit/core_fb.c
tests_unit_core_fb_LDADD = $(core_test_libs)
tests_unit_core_steps_SOURCES = tests/unit/core_steps.c $(core_test_fake)
tests_unit_core_steps_LDADD = $(core_test_libs)
tests_unit_core_sequencer_SOURCES = tests/unit/core_sequencer.c $(core_test_fake)
tests_unit_core_sequencer_LDADD = $(core_test_libs)
tests_unit_core_registry_SOURCES = tests/unit/core_registry.c
tests_unit_core_registry_LDADD = $(core_test_libs)
tests_unit_core_falcon_SOURCES = tests/unit/core_falcon.c $(core_test_fake)
tests_unit_core_falcon_LDADD = $(core_test_libs)
tests_unit_core_gpu_SOURCES = tests/unit/core_gpu.c $(core_test_fake)
tests_unit_core_gpu_LDADD = $(core_test_libs)
tests_unit_core_msgq_SOURCES = tests/unit/core_msgq.c $(core_test_fake)
tests_unit_core_msgq_LDADD = $(core_test_libs)
endif
