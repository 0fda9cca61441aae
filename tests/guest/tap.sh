# SPDX-License-Identifier: MIT
# Sourced by the guest cases: one boot, then checks of what the guest and the model said.
# shellcheck shell=sh

# A case sets name before it sources this; here and out are for it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=${top_builddir:-.}/tests/guest/${name:?}
n=0

planned=

plan()
{
	planned=$1
	echo "1..$planned"
}

# lacking WHY: the environment does not have what the case needs. Whoever allows skipping gets a row a check for it.
lacking()
{
	if [ -z "${NVT_ALLOW_SKIP:-}" ]; then
		echo "Bail out! $1"
		exit 3
	fi
	[ -n "$planned" ] || echo "1..0 # SKIP $1"
	while [ $n -lt "${planned:-0}" ]; do
		n=$((n + 1))
		echo "ok $n - not run # SKIP $1"
	done
	exit 0
}

# boot_guest OPTION...: one boot into $out, by the script $booter where a case sets that. A missing environment ends the
# case, another end is a check.
boot_guest()
{
	rc=0
	"$here/${booter:-boot}" --out "$out" "$@" >&2 || rc=$?
	[ $rc -ne 3 ] || lacking "the guest's environment is missing; stderr says what"
	check "the guest ends as it should" [ $rc -eq 0 ]
}

# check WHAT COMMAND...
check()
{
	n=$((n + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
	fi
}

# in_log TEXT
in_log() { grep -qF -e "$1" "$out/guest.log"; }
not_in_log() { [ -s "$out/guest.log" ] && ! in_log "$1"; }
# times_in_log N TEXT
times_in_log() { [ "$(grep -cF -e "$2" "$out/guest.log")" -eq "$1" ]; }
# A register dump or a backtrace follows each WARNING. no_complaint DRIVER
no_complaint()
{
	[ -s "$out/guest.log" ] && ! grep -iE "$1.*(error|fail|timeout|timed out|stalled|warn)" "$out/guest.log" &&
		! grep -E "WARNING:|BUG:|Oops|Call Trace" "$out/guest.log"
}
# reported JQ: of the first client
reported() { jq -e ".data.clients[0] | $1" "$out/report.json" >/dev/null; }
# attempt N TEXT...: the log between attempt N and the next one has these texts
attempt()
{
	lines=$(sed -n "/GUEST: attempt $1/,/GUEST: attempt $(($1 + 1))/p" "$out/guest.log")
	shift
	for text; do
		echo "$lines" | grep -qF -e "$text" || return 1
	done
}
