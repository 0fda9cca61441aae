# The installed library: every layer, and the one file that joins them.
lib_LIBRARIES += lib/libnvt.a
lib_libnvt_a_SOURCES = $(base_sources) $(regs_sources) $(fw_sources) $(rpc_sources) $(trace_sources) \
	$(transport_sources) $(core_sources) $(vfu_sources) $(sim_sources) lib/open.c
nodist_lib_libnvt_a_SOURCES = $(rpc_built) $(fw_built)
nvt_LIBS = $(PCIACCESS_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) $(ZLIB_LIBS)
nvtinclude_HEADERS += lib/include/nvt/types.h lib/include/nvt/error.h lib/include/nvt/event.h \
	lib/include/nvt/chips.h lib/include/nvt/regs.h lib/include/nvt/rpc.h lib/include/nvt/fw.h \
	lib/include/nvt/trace.h lib/include/nvt/recording.h lib/include/nvt/capture.h lib/include/nvt/sim.h lib/include/nvt/gpu.h
