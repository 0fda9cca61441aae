# Unmodified drivers in virtual machines on the model; not part of make check: it fetches much from Debian, once.
guest_tests = \
	tests/guest/nouveau.tap \
	tests/guest/nouveau-ad102.tap \
	tests/guest/nouveau-535.tap \
	tests/guest/nova-ga102.tap \
	tests/guest/nova-ad102.tap \
	tests/guest/nova-faults.tap \
	tests/guest/nouveau-faults.tap \
	tests/guest/nouveau-silent.tap \
	tests/guest/nouveau-channel.tap \
	tests/guest/nvtool-pci.tap \
	tests/guest/nvtool-vfio.tap \
	tests/guest/kill.tap
# What the cases above left behind, judged together.
guest_judges = tests/guest/crosscheck.tap tests/guest/strictness.tap
$(guest_judges:.tap=.log): $(guest_tests:.tap=.log)
EXTRA_DIST += $(guest_tests) $(guest_judges)
EXTRA_DIST += tests/guest/tap.sh tests/guest/debian.sh tests/guest/fetch tests/guest/initramfs
EXTRA_DIST += tests/guest/init tests/guest/boot
EXTRA_DIST += tests/guest/nouveau.sh tests/guest/nouveau.guest tests/guest/nouveau-faults.guest tests/guest/nouveau-channel.guest
EXTRA_DIST += tests/guest/nova-build tests/guest/nova-boot tests/guest/nova.sh tests/guest/nova.guest tests/guest/nova-faults.guest
EXTRA_DIST += tests/guest/nvtool.sh tests/guest/nvtool-pci.guest tests/guest/nvtool-vfio.guest
# Runs in the guest, which has no libraries.
EXTRA_PROGRAMS += tests/guest/buffers
tests_guest_buffers_SOURCES = tests/guest/buffers.c tests/guest/nouveau_uapi.h
tests_guest_buffers_CFLAGS = $(WARN_CFLAGS)
tests_guest_buffers_LDFLAGS = -static
EXTRA_PROGRAMS += tests/guest/irq
tests_guest_irq_SOURCES = tests/guest/irq.c
tests_guest_irq_LDADD = lib/libnvt.a $(nvt_LIBS)
.PHONY: check-guest
check-guest: all tests/guest/buffers$(EXEEXT) tests/guest/irq$(EXEEXT)
	$(AM_V_at)$(top_srcdir)/tests/guest/fetch qemu busybox linux-7.3 linux-6.12 || :
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(guest_tests) $(guest_judges)' \
		TEST_SUITE_LOG=tests/guest/test-suite.log
CLEANFILES += $(guest_judges:.tap=.log) $(guest_judges:.tap=.trs)
CLEANFILES += $(guest_tests:.tap=.log) $(guest_tests:.tap=.trs) tests/guest/test-suite.log \
	tests/guest/buffers$(EXEEXT) tests/guest/irq$(EXEEXT)
# The manual page of what the model remarks, from the reports that the cases left.
.PHONY: strictness-update
strictness-update:
	$(PYTHON) $(srcdir)/tests/guest/remarks.py --write $(srcdir)/man/nvtool-strictness.7 tests/guest/*/
EXTRA_DIST += tests/guest/load.guest tests/guest/strictness.json tests/guest/remarks.py
# Each case keeps what its guest left in a folder of its name.
clean-local:
	rm -rf $(guest_tests:.tap=) $(guest_judges:.tap=)
