# make bench prints ratios beside their aims; see bench.py.
EXTRA_PROGRAMS = tests/bench/codec
tests_bench_codec_SOURCES = tests/bench/codec.c
tests_bench_codec_LDADD = lib/libnvt.a $(nvt_LIBS)
CLEANFILES += tests/bench/codec$(EXEEXT)
EXTRA_DIST += tests/bench/bench.py
BENCH_FLAGS =

bench: $(BUILT_SOURCES) cli/nvtool$(EXEEXT) tests/bench/codec$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/bench.py $(BENCH_FLAGS)
.PHONY: bench
