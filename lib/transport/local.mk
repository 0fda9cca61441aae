noinst_LIBRARIES += lib/transport/libtransport.a
transport_sources = lib/transport/transport.c lib/transport/transport.h lib/transport/access.c \
	lib/transport/access.h lib/transport/poll.c lib/transport/sysfs.c lib/transport/sysfs.h \
	lib/transport/bar.c lib/transport/bar.h lib/transport/pinned.c lib/transport/pinned.h \
	lib/transport/pci.c lib/transport/pci.h lib/transport/vfio.c lib/transport/vfio.h \
	lib/transport/vfio_group.c lib/transport/vfio_group.h lib/transport/iova.c lib/transport/iova.h
lib_transport_libtransport_a_SOURCES = $(transport_sources)
