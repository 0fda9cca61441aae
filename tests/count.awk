# SPDX-License-Identifier: MIT
# Counts the results that make check left in its .trs files, a TAP test's one by one; the last line is the sum.
# "ERROR make TIER" tells that a tier ended badly; that counts where no failed test explains it.
/^:test-result: ERROR make / {
	broken = broken $4 " "
	next
}
/^:test-result: / {
	count[$2]++
}
END {
	passed = count["PASS"] + count["XFAIL"]
	failed = count["FAIL"] + count["ERROR"] + count["XPASS"]
	skipped = count["SKIP"] + 0
	if (broken)
		print "did not end well: make " broken
	if (broken && !failed)
		failed = 1
	if (skipped && !allow_skip)
		print "a skipped test is a failure here: its environment is missing (--allow-skip accepts that)"
	printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 || passed == 0 || (skipped && !allow_skip)
}
