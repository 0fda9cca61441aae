# make bench prints ratios beside their aims; see bench.py.
EXTRA_PROGRAMS = tests/bench/codec tests/bench/leaves tests/bench/usage
tests_bench_codec_SOURCES = tests/bench/codec.c
tests_bench_codec_LDADD = lib/libnvt.a $(nvt_LIBS)
tests_bench_leaves_SOURCES = tests/bench/leaves.c
tests_bench_leaves_LDADD = lib/libnvt.a $(nvt_LIBS)
tests_bench_usage_SOURCES = tests/bench/usage.c
CLEANFILES += tests/bench/codec$(EXEEXT) tests/bench/leaves$(EXEEXT) tests/bench/usage$(EXEEXT)
EXTRA_DIST += tests/bench/bench.py
BENCH_FLAGS =

bench: $(BUILT_SOURCES) cli/nvtool$(EXEEXT) tests/bench/codec$(EXEEXT) tests/bench/leaves$(EXEEXT) tests/bench/usage$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/bench.py $(BENCH_FLAGS)
.PHONY: bench
