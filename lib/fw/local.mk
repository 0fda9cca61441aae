noinst_LIBRARIES += lib/fw/libfw.a
fw_sources = lib/fw/check.c lib/fw/check.h lib/fw/digest.c lib/fw/elf.c lib/fw/nvfw.c lib/fw/nvfw.h lib/fw/hs.c \
	lib/fw/hs_v1.c lib/fw/riscv_bl.c lib/fw/falcon_bl.c lib/fw/fmc.c lib/fw/libos_log.c lib/fw/parts.c lib/fw/sections.c lib/fw/sections.h \
	lib/fw/scan.c \
	lib/fw/vbios_rom.c lib/fw/vbios_rom.h lib/fw/vbios.c lib/fw/fwsec.c lib/fw/fwsec.h lib/fw/detect.c lib/fw/radix3.c \
	lib/fw/manifest.c lib/fw/manifest.h lib/fw/fwdb.c lib/fw/unpack.c lib/fw/unpack.h lib/fw/load.c \
	lib/fw/bindata.c lib/fw/bindata.h lib/fw/pack.c \
	lib/fw/tlv.c lib/fw/tlv_bin.c lib/fw/tlv_convert.c lib/fw/tlv_convert.h lib/fw/write.c lib/fw/write.h \
	lib/fw/write_fmc.c
lib_fw_libfw_a_SOURCES = $(fw_sources)
fw_built =

# The manifests of published releases are part of the library.
fw_manifests = $(srcdir)/fwdb/535.113.01.json $(srcdir)/fwdb/535.261.03.json $(srcdir)/fwdb/570.144.json
noinst_PROGRAMS += fwdb/gen-manifests
fwdb_gen_manifests_SOURCES = fwdb/gen-manifests.c lib/fw/manifest.c
fwdb_gen_manifests_LDADD = lib/base/libbase.a $(JANSSON_LIBS)
lib/fw/fwdb_gen.inc: $(fw_manifests) fwdb/gen-manifests$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) lib/fw && ./fwdb/gen-manifests$(EXEEXT) $(fw_manifests) > $@.tmp && mv $@.tmp $@
lib/fw/fwdb.$(OBJEXT): lib/fw/fwdb_gen.inc
CLEANFILES += lib/fw/fwdb_gen.inc
