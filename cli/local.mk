bin_PROGRAMS += cli/nvtool
cli_nvtool_SOURCES = cli/main.c
cli_nvtool_LDADD = lib/libnvt.a $(nvt_LIBS)
