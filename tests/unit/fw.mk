# Tests of lib/fw. The synthetic release is for every tier.
EXTRA_DIST += tests/support/mkfirmware.py tests/support/mktree.py
if HAVE_CMOCKA
fw_tests = tests/unit/fw_digest tests/unit/fw_elf tests/unit/fw_nvfw tests/unit/fw_vbios tests/unit/fw_fwsec \
	tests/unit/fw_fwdb tests/unit/fw_load tests/unit/fw_release tests/unit/fw_tlv \
	tests/unit/fw_pack tests/unit/fw_old tests/unit/fw_fmc tests/unit/fw_log
check_PROGRAMS += $(fw_tests)
TESTS += $(fw_tests)
fw_test_libs = lib/fw/libfw.a lib/base/libbase.a $(JANSSON_LIBS) $(NETTLE_LIBS) $(LZMA_LIBS) $(ZSTD_LIBS) \
	$(ZLIB_LIBS) $(CMOCKA_LIBS)
fw_build = tests/unit/fw_build.c tests/unit/fw_build.h
tests_unit_fw_digest_SOURCES = tests/unit/fw_digest.c
tests_unit_fw_digest_LDADD = $(fw_test_libs)
tests_unit_fw_elf_SOURCES = tests/unit/fw_elf.c $(fw_build)
tests_unit_fw_elf_LDADD = $(fw_test_libs)
tests_unit_fw_nvfw_SOURCES = tests/unit/fw_nvfw.c $(fw_build)
tests_unit_fw_nvfw_LDADD = $(fw_test_libs)
tests_unit_fw_vbios_SOURCES = tests/unit/fw_vbios.c $(fw_build)
tests_unit_fw_vbios_LDADD = $(fw_test_libs)
tests_unit_fw_fwsec_SOURCES = tests/unit/fw_fwsec.c $(fw_build)
tests_unit_fw_fwsec_LDADD = $(fw_test_libs)
tests_unit_fw_pack_SOURCES = tests/unit/fw_pack.c $(fw_build)
tests_unit_fw_pack_LDADD = $(fw_test_libs)
tests_unit_fw_tlv_SOURCES = tests/unit/fw_tlv.c $(fw_build)
tests_unit_fw_tlv_LDADD = $(fw_test_libs)
tests_unit_fw_fwdb_SOURCES = tests/unit/fw_fwdb.c
tests_unit_fw_fwdb_LDADD = $(fw_test_libs)
tests_unit_fw_load_SOURCES = tests/unit/fw_load.c tests/unit/fw_packed.h
tests_unit_fw_load_LDADD = $(fw_test_libs)
tests_unit_fw_release_SOURCES = tests/unit/fw_release.c
tests_unit_fw_release_LDADD = $(fw_test_libs)
tests_unit_fw_old_SOURCES = tests/unit/fw_old.c $(fw_build)
tests_unit_fw_old_LDADD = $(fw_test_libs)
tests_unit_fw_fmc_SOURCES = tests/unit/fw_fmc.c $(fw_build)
tests_unit_fw_fmc_LDADD = $(fw_test_libs)
tests_unit_fw_log_SOURCES = tests/unit/fw_log.c $(fw_build)
tests_unit_fw_log_LDADD = $(fw_test_libs)
endif
