# Tests of lib/vfu.
send_fds = tests/support/send_fds.c tests/support/send_fds.h
if HAVE_CMOCKA
vfu_tests = tests/unit/vfu_dma tests/unit/vfu_server tests/unit/vfu_hostile
check_PROGRAMS += $(vfu_tests)
TESTS += $(vfu_tests)
vfu_test_libs = lib/vfu/libvfu.a lib/base/libbase.a $(CMOCKA_LIBS)
tests_unit_vfu_dma_SOURCES = tests/unit/vfu_dma.c
tests_unit_vfu_dma_LDADD = $(vfu_test_libs)
tests_unit_vfu_server_SOURCES = tests/unit/vfu_server.c $(send_fds)
tests_unit_vfu_server_LDADD = $(vfu_test_libs)
tests_unit_vfu_hostile_SOURCES = tests/unit/vfu_hostile.c $(send_fds)
tests_unit_vfu_hostile_LDADD = $(vfu_test_libs)
endif
