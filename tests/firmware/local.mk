# The tier that needs the published firmware; a file that is missing is a failure.
firmware_tests = tests/firmware/images.tap tests/firmware/boot.tap tests/firmware/convert.tap
EXTRA_DIST += $(firmware_tests) tests/firmware/published.py tests/firmware/expected.json
.PHONY: check-firmware
check-firmware: all
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(firmware_tests)' \
		TEST_SUITE_LOG=tests/firmware/test-suite.log
CLEANFILES += $(firmware_tests:.tap=.log) $(firmware_tests:.tap=.trs) tests/firmware/test-suite.log
