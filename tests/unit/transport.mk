if HAVE_CMOCKA
transport_tests = tests/unit/transport tests/unit/poll tests/unit/pci tests/unit/vfio
check_PROGRAMS += $(transport_tests)
TESTS += $(transport_tests)
tests_unit_transport_SOURCES = tests/unit/transport.c tests/unit/fake.c tests/unit/fake.h
tests_unit_transport_LDADD = $(transport_test_libs)
tests_unit_poll_SOURCES = tests/unit/poll.c tests/unit/fake.c tests/unit/fake.h
tests_unit_poll_LDADD = $(transport_test_libs)
# A program's own functions stand before those of libpciaccess.
fake_pci = tests/support/sysfs_tree.c tests/support/sysfs_tree.h tests/support/fake_pciaccess.c \
	tests/support/fake_pciaccess.h
tests_unit_pci_SOURCES = tests/unit/pci.c $(fake_pci)
tests_unit_pci_LDADD = $(transport_test_libs)
fake_vfio = tests/support/fake_vfio.c tests/support/fake_vfio.h
wrap_ioctl = $(AM_LDFLAGS) -Wl,--wrap=ioctl
tests_unit_vfio_SOURCES = tests/unit/vfio.c tests/support/sysfs_tree.c tests/support/sysfs_tree.h $(fake_vfio)
tests_unit_vfio_LDADD = $(transport_test_libs)
tests_unit_vfio_LDFLAGS = $(wrap_ioctl)
transport_test_libs = lib/transport/libtransport.a lib/regs/libregs.a lib/base/libbase.a $(CMOCKA_LIBS)
endif
