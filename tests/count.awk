# SPDX-License-Identifier: MIT
# Counts the result lines of make check, a TAP test's one by one; the last line is the sum.
/^X?PASS: |^X?FAIL: |^ERROR: |^SKIP: / {
	sub(/:.*/, "", $1)
	count[$1]++
}
END {
	passed = count["PASS"] + count["XFAIL"]
	failed = count["FAIL"] + count["ERROR"] + count["XPASS"]
	skipped = count["SKIP"] + 0
	if (skipped && !allow_skip)
		print "a skipped test is a failure here: its environment is missing (--allow-skip accepts that)"
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || passed == 0 || (skipped && !allow_skip)
}
