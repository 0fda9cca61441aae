bin_PROGRAMS += cli/nvtool
cli_nvtool_SOURCES = cli/main.c cli/cmd.h cli/cmd.c cli/cmds.c cli/opt.c cli/near.c cli/out.c cli/text.c cli/doc.c \
	cli/input.c cli/progress.c cli/batch.c cli/meta.c cli/help.c cli/boot.c cli/boot_text.c cli/chips.c \
	cli/fw.c cli/fw_image.c cli/fw_text.c cli/fw_import.c cli/fw_verify.c cli/fw_verify.h \
	cli/fw_check.c cli/fw_list.c cli/fw_extract.c cli/fw_diff.c \
	cli/fb.c cli/fw_convert.c cli/fw_out.c cli/fw_out.h cli/fw_plan.c cli/fw_plan.h cli/fw_plan_svg.c \
	cli/stage.c cli/stage.h \
	cli/vbios.c cli/vbios.h cli/vbios_patch.c cli/vbios_verify.c cli/reg.c cli/rpc.c cli/sim.c
cli_nvtool_SOURCES += cli/sim_serve.c cli/consent.c cli/trace.c
cli_nvtool_SOURCES += cli/rpc_input.h cli/rpc_input.c cli/rpc_dump.c cli/rpc_stats.c
cli_nvtool_SOURCES += cli/fw_pack.c
cli_nvtool_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
cli_nvtool_LDADD = lib/libnvt.a $(nvt_LIBS)
# The protocol of releases as a subject of its own.
cli_nvtool_SOURCES += cli/tables.c cli/abi.c cli/abi_show.c cli/abi_show_text.c cli/abi_names.c cli/abi.h cli/abi_facts.c cli/abi_plan.c \
	cli/abi_diff.c cli/abi_diff_text.c cli/abi_import.c cli/abi_export.c cli/abi_c.c cli/abi_rust.c cli/abi_python.c
# Where abi import finds the importer: beside an installed nvtool, or in the sources of the build tree.
cli_nvtool_CPPFLAGS += -DNVT_PKGDATADIR='"$(pkgdatadir)"' -DNVT_SOURCE_DIR='"$(abs_top_srcdir)"' \
	-DNVT_BUILD_DIR='"$(abs_top_builddir)"'
