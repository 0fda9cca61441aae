noinst_LIBRARIES += lib/transport/libtransport.a
transport_sources = lib/transport/transport.c lib/transport/transport.h lib/transport/access.c \
	lib/transport/access.h lib/transport/poll.c
lib_transport_libtransport_a_SOURCES = $(transport_sources)
