noinst_LIBRARIES += lib/transport/libtransport.a
transport_sources = lib/transport/stub.c
lib_transport_libtransport_a_SOURCES = $(transport_sources)
