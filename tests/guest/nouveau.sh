# SPDX-License-Identifier: MIT
# Sourced by the cases of nouveau, after tap.sh: what each load, unbind and second bind must leave behind.
# shellcheck shell=sh

# Checks of check_nouveau, and the one of boot_guest.
# shellcheck disable=SC2034 # for the plan
nouveau_checks=14

# boot_nouveau OPTION...: a guest with nouveau, and the program that uses its DRM node
boot_nouveau() { boot_guest --program "${top_builddir:-.}/tests/guest/buffers" "$@"; }

# Every call that was answered, some time after it was taken.
calls_took_time()
{
	"${NVTOOL:-nvtool}" --json rpc stats "$out/capture.pcapng" |
		jq -e '.data | .unanswered == [] and (.calls | length >= 20 and all(.min_ns > 0))' >/dev/null
}

# check_nouveau CHIP RELEASE
check_nouveau()
{
	check "nouveau names the chip" in_log "NVIDIA $1"
	check "nouveau initialises" in_log "[drm] Initialized nouveau"
	check "the guest has a DRM device" in_log "card0"
	check "nouveau complains of nothing" no_complaint nouveau
	check "unbound and bound again it initialises again" times_in_log 2 "[drm] Initialized nouveau"
	check "the model saw $2 whole" reported "[.model.recognised |
		.gsp_image, .booter_load, .booter_unload, .bootloader] | unique == [\"$2\"]"
	check "nouveau broke no rule of the model" reported '.model.violation_count == 0'
	check "nouveau touched no register that the model does not know" \
		reported '[.model.odd[] | select(.rule == "unknown-register")] == []'
	check "buffers through the DRM node hold what they should" in_log "BUFFERS: verdict good"
	check "nouveau's channels and the program's ran" reported '.model.submissions > 4'
	check "the copy engine moved buffers, copied and filled" reported '.model.copies >= 4 and .model.copy_bytes >= 3 * 131072'
	check "the capture has every call's answer, some time after the call" calls_took_time
	check "interrupts reached nouveau" reported '.interrupts > 0'
}
