# Tests of lib/base.
if HAVE_CMOCKA
base_tests = tests/unit/error tests/unit/event tests/unit/bytes tests/unit/chips
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)
tests_unit_error_SOURCES = tests/unit/error.c
tests_unit_error_LDADD = lib/base/libbase.a $(CMOCKA_LIBS)
tests_unit_event_SOURCES = tests/unit/event.c
tests_unit_event_LDADD = lib/base/libbase.a $(CMOCKA_LIBS)
tests_unit_bytes_SOURCES = tests/unit/bytes.c
tests_unit_bytes_LDADD = lib/base/libbase.a $(CMOCKA_LIBS)
tests_unit_chips_SOURCES = tests/unit/chips.c
tests_unit_chips_LDADD = lib/base/libbase.a $(CMOCKA_LIBS)
endif
