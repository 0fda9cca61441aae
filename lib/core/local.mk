noinst_LIBRARIES += lib/core/libcore.a
core_sources = lib/core/stub.c
lib_core_libcore_a_SOURCES = $(core_sources)
