if HAVE_CMOCKA
check_PROGRAMS += tests/unit/transport tests/unit/poll
TESTS += tests/unit/transport tests/unit/poll
tests_unit_transport_SOURCES = tests/unit/transport.c tests/unit/fake.c tests/unit/fake.h
tests_unit_transport_LDADD = $(transport_test_libs)
tests_unit_poll_SOURCES = tests/unit/poll.c tests/unit/fake.c tests/unit/fake.h
tests_unit_poll_LDADD = $(transport_test_libs)
transport_test_libs = lib/transport/libtransport.a lib/regs/libregs.a lib/base/libbase.a $(CMOCKA_LIBS)
endif
