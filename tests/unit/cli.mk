# Tests of cli/, where what a command prints does not show it.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/consent
TESTS += tests/unit/consent
tests_unit_consent_SOURCES = tests/unit/consent.c cli/consent.c cli/cmd.h
tests_unit_consent_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_unit_consent_LDADD = lib/base/libbase.a $(CMOCKA_LIBS)
endif
