# SPDX-License-Identifier: MIT
# Sourced by the cases of nvtool itself, after tap.sh: what both ways to a real GPU must show.
# shellcheck shell=sh disable=SC2034,SC2154

# Checks of check_nvtool, and the one of boot_guest.
nvtool_checks=10

boot_nvtool() { boot_guest --program "${NVTOOL:?}" --program "${top_builddir:-.}/tests/guest/irq" "$@"; }

# ends LABEL CODE: how a run of nvtool in the guest ended
ends() { in_log "GUEST: $1: exit $2"; }
# refused LABEL CODE TEXT
refused() { ends "$1" "$2" && in_log "$3"; }
# Function-level resets that the kernel asked for: writes of bit 15 of Device Control, at 8 in the PCIe capability.
resets() { [ "$(grep -cE '^cfg-wr 0x080 2 0x[89a-f]...$' "$out/trace")" -ge "$1" ]; }
# steps_done N STEP: of boot and unload, as a terminal shows them
steps_done() { [ "$(tr -d '\r' <"$out/guest.log" | grep -cE "^  $2 +done ")" -ge "$1" ]; }

# check_nvtool URI CHIP RESETS
check_nvtool()
{
	check "status says what the GPU is" in_log "device        $1"
	check "reset asks first" refused unasked 2 "reset changes the state of a real GPU, and there is no terminal to ask at"
	check "boot, status, unload, reset, boot, unload in one batch" ends batch 0
	check "both boots end in GSP-RM's static info" steps_done 2 static-info
	check "both unloads clear WPR2" steps_done 2 wpr2-gone
	check "the reset is a function-level one" resets "$3"
	check "waiting for an interrupt ends when there is one, and only then" in_log "IRQ: verdict good"
	check "the model saw 570.144 whole" reported '[.model.recognised |
		.gsp_image, .booter_load, .booter_unload, .bootloader] | unique == ["570.144"]'
	check "no rule of the model was broken, and nothing odd done" reported \
		'.model.violation_count == 0 and .model.odd_count == 0'
}
