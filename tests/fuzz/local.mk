# Fuzz targets: one file each, defining LLVMFuzzerTestOneInput. With --enable-fuzz they are libFuzzer programs;
# without, main.c replays tests/fuzz/corpus/TARGET and seeded mutations of it as part of make check.
fuzz_targets =
EXTRA_DIST += tests/fuzz/fuzz.h tests/fuzz/corpus
if ENABLE_FUZZ
fuzz_main =
fuzz_ldflags = -fsanitize=fuzzer
noinst_PROGRAMS += $(fuzz_targets)
else
fuzz_main = tests/fuzz/main.c
fuzz_ldflags =
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
endif
fuzz_link = $(AM_LDFLAGS) $(fuzz_ldflags)
fuzz_libs = lib/libnvt.a $(nvt_LIBS)

fuzz_targets += tests/fuzz/reg_name
tests_fuzz_reg_name_SOURCES = tests/fuzz/reg_name.c $(fuzz_main)
tests_fuzz_reg_name_LDFLAGS = $(fuzz_link)
tests_fuzz_reg_name_LDADD = $(fuzz_libs)

include tests/fuzz/fw.mk
include tests/fuzz/rpc.mk

# Readers of captures: one program for each form, chosen by content; seeds come from tests/support/mkcaptures.py.
capture_fuzz = tests/fuzz/capture_pcapng tests/fuzz/capture_trace tests/fuzz/capture_queue tests/fuzz/capture_log
fuzz_targets += $(capture_fuzz)
tests_fuzz_capture_pcapng_SOURCES = tests/fuzz/capture.c $(fuzz_main)
tests_fuzz_capture_pcapng_LDFLAGS = $(fuzz_link)
tests_fuzz_capture_pcapng_LDADD = $(fuzz_libs)
tests_fuzz_capture_trace_SOURCES = tests/fuzz/capture.c $(fuzz_main)
tests_fuzz_capture_trace_LDFLAGS = $(fuzz_link)
tests_fuzz_capture_trace_LDADD = $(fuzz_libs)
tests_fuzz_capture_queue_SOURCES = tests/fuzz/capture.c $(fuzz_main)
tests_fuzz_capture_queue_LDFLAGS = $(fuzz_link)
tests_fuzz_capture_queue_LDADD = $(fuzz_libs)
tests_fuzz_capture_log_SOURCES = tests/fuzz/capture.c $(fuzz_main)
tests_fuzz_capture_log_LDFLAGS = $(fuzz_link)
tests_fuzz_capture_log_LDADD = $(fuzz_libs)
EXTRA_DIST += tests/support/mkcaptures.py

# The driver's receive path; the corpus comes from gen_msgq.py.
fuzz_targets += tests/fuzz/msgq
tests_fuzz_msgq_SOURCES = tests/fuzz/msgq.c $(fuzz_main)
tests_fuzz_msgq_LDFLAGS = $(fuzz_link)
tests_fuzz_msgq_LDADD = $(fuzz_libs)
EXTRA_DIST += tests/fuzz/gen_msgq.py

# The device model; seeds come from gen_sim_mmio.py and the trace of a boot.
fuzz_targets += tests/fuzz/sim_mmio
tests_fuzz_sim_mmio_SOURCES = tests/fuzz/sim_mmio.c $(fuzz_main)
tests_fuzz_sim_mmio_LDFLAGS = $(fuzz_link)
tests_fuzz_sim_mmio_LDADD = $(fuzz_libs)
EXTRA_DIST += tests/fuzz/gen_sim_mmio.py

# What the model reads from a driver's memory.
fuzz_targets += tests/fuzz/sim_gsp
tests_fuzz_sim_gsp_SOURCES = tests/fuzz/sim_gsp.c $(fuzz_main)
tests_fuzz_sim_gsp_LDFLAGS = $(fuzz_link)
tests_fuzz_sim_gsp_LDADD = $(fuzz_libs)

# The CPU sequencer's interpreter.
fuzz_targets += tests/fuzz/sequencer
tests_fuzz_sequencer_SOURCES = tests/fuzz/sequencer.c $(core_test_fake) $(fuzz_main)
tests_fuzz_sequencer_LDFLAGS = $(fuzz_link)
tests_fuzz_sequencer_LDADD = $(fuzz_libs)

# The vfio-user server against a hostile client; the corpus comes from gen_vfu.py.
fuzz_targets += tests/fuzz/vfu
tests_fuzz_vfu_SOURCES = tests/fuzz/vfu.c $(send_fds) $(fuzz_main)
tests_fuzz_vfu_LDFLAGS = $(fuzz_link)
tests_fuzz_vfu_LDADD = lib/vfu/libvfu.a lib/base/libbase.a
EXTRA_DIST += tests/fuzz/gen_vfu.py
