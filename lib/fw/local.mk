noinst_LIBRARIES += lib/fw/libfw.a
fw_sources = lib/fw/stub.c
lib_fw_libfw_a_SOURCES = $(fw_sources)
fw_built =
