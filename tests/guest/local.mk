# Unmodified drivers in a virtual machine on the model; not part of make check: it fetches 150 MB from Debian.
guest_tests = tests/guest/nouveau.tap
EXTRA_DIST += $(guest_tests) tests/guest/fetch tests/guest/initramfs tests/guest/init tests/guest/boot
.PHONY: check-guest
check-guest: all
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(guest_tests)' \
		TEST_SUITE_LOG=tests/guest/test-suite.log
CLEANFILES += $(guest_tests:.tap=.log) $(guest_tests:.tap=.trs) tests/guest/test-suite.log \
	tests/guest/nouveau-ga102/guest.log tests/guest/nouveau-ga102/server.log \
	tests/guest/nouveau-ga102/report.json tests/guest/nouveau-ga102/trace \
	tests/guest/nouveau-ga102/capture.pcapng
