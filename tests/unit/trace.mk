EXTRA_DIST += tests/support/trace_check.py tests/unit/trace_grammar.py
TESTS += tests/unit/trace_grammar.py
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/trace
TESTS += tests/unit/trace
tests_unit_trace_SOURCES = tests/unit/trace.c
tests_unit_trace_LDADD = lib/trace/libtrace.a lib/rpc/librpc.a lib/fw/libfw.a lib/regs/libregs.a lib/base/libbase.a \
	$(nvt_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/trace_read
TESTS += tests/unit/trace_read
tests_unit_trace_read_SOURCES = tests/unit/trace_read.c
tests_unit_trace_read_LDADD = $(tests_unit_trace_LDADD)
check_PROGRAMS += tests/unit/recording
TESTS += tests/unit/recording
tests_unit_recording_SOURCES = tests/unit/recording.c
tests_unit_recording_LDADD = $(tests_unit_trace_LDADD)
check_PROGRAMS += tests/unit/capture
TESTS += tests/unit/capture
tests_unit_capture_SOURCES = tests/unit/capture.c
tests_unit_capture_LDADD = $(tests_unit_trace_LDADD)
endif
