noinst_LIBRARIES += lib/rpc/librpc.a
rpc_sources = lib/rpc/stub.c
lib_rpc_librpc_a_SOURCES = $(rpc_sources)
rpc_built =
