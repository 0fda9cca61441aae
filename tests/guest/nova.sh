# SPDX-License-Identifier: MIT
# Sourced by the cases of nova-core, after tap.sh: a GSP-RM that nova-core boots, unloads, boots again.
# shellcheck shell=sh disable=SC2034,SC2154

# All that nova-core says of a GPU that it drives. Of the model's answer to UNLOADING_GUEST_DRIVER, the request's
# own payload, it says that it expects none.
nova_lines='NVIDIA \(Chipset: |GPU name: |GSP message UnloadingGuestDriver has unprocessed data$|GSP successfully unloaded$'
nova_quiet()
{
	! tr -d '\r' <"$out/guest.log" | grep 'nova-core 0000:01:00.0: ' |
		grep -vE "nova-core 0000:01:00.0: ($nova_lines)"
}

# Its N-th nova-drm device, counted from 0, in this state of the guest.
nova_drm() { in_log "GUEST: $2: nova-core.nova-drm.$1"; }
no_nova_drm() { ! grep "GUEST: $1: nova-core" "$out/guest.log"; }
two_boots() { [ "$("${NVTOOL:-nvtool}" rpc dump "$out/capture.pcapng" | grep -c GSP_INIT_DONE)" = 2 ]; }

# nova_ready: the module is built; what is lacking for that skips the case.
nova_ready()
{
	rc=0
	"$here/nova-build" >&2 || rc=$?
	[ $rc -ne 3 ] || lacking "nova-core cannot be built; stderr says why"
	booter=nova-boot
}

# nova_case CHIP NAME [OPTION... of boot]: plan and checks of a whole case
nova_case()
{
	chip=$1 gpu_name=$2
	shift 2
	nova_ready
	plan 14
	check "nova-core builds for the stock kernel" [ $rc -eq 0 ]
	boot_guest --chip "$chip" "$@"
	check "nova-core names the chip" in_log "(Chipset: $(echo "$chip" | tr '[:lower:]' '[:upper:]'), Architecture:"
	check "and the GPU, from static info" in_log "GPU name: $gpu_name"
	check "nova-core registers its nova-drm device" nova_drm 0 loaded
	check "and shows GSP-RM's logs" in_log "GUEST: logrm: "
	check "unbound, the device is gone" no_nova_drm unbound
	check "bound again it is back" nova_drm 1 "bound again"
	check "removed, GSP-RM is unloaded for the second time" times_in_log 2 "GSP successfully unloaded"
	check "nova-core says nothing else" nova_quiet
	check "nor does the kernel complain" no_complaint nova-core
	check "the model saw 570.144 whole" reported \
		'.model.recognised | [.gsp_image, .bootloader, .booter_load, .booter_unload] | unique == ["570.144"]'
	check "nova-core broke no rule of the model" reported '.model.violation_count == 0'
	check "the capture has two boots" two_boots
}
