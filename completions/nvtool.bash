# SPDX-License-Identifier: MIT
# Generated from `nvtool meta` by completions/gen-completions.py.

_nvtool_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_nvtool_files() { compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }
_nvtool_dirs() { compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); }

_nvtool()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd= args=0 own= i

	COMPREPLY=()
	# bash splits --option=value into three words
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--device | --fwdb | --firmware | --release | --trace | --capture | --abi | -d | --until | --registry | --out | --protocol | --chip | --section | --out | --chip | --to | --chip | --from | --out | --gsp | --chip | --vram | --display | --vga-base | --svg | --patch | --frts-base | --fuse | --section | --out | --format | --write | --assume-release | --function | --command | --class | --handle | --status | --direction | --from | --to | --assume-release | --function | --command | --class | --handle | --status | --direction | --from | --to | --only | --format | --out | --assume-release | --driver-a | --driver-b | --assume-release | --socket | --chip | --vram | --rom | --fault)
			((i++))
			[[ ${COMP_WORDS[i]} == = ]] && ((i++)) ;;
		-*) ;;
		*)
			case $cmd in
			"") cmd=${COMP_WORDS[i]} ;;
			fw | vbios | reg | rpc | abi | trace | sim | help) cmd="$cmd ${COMP_WORDS[i]}" ;;
			*) ((args++)) ;;
			esac ;;
		esac
	done
	case "$cmd:$prev" in
	*:--device | *:-d) : ;;
	*:--fwdb) _nvtool_dirs ;;
	*:--firmware) _nvtool_dirs ;;
	*:--release) : ;;
	*:--trace) _nvtool_files ;;
	*:--capture) _nvtool_files ;;
	*:--abi) _nvtool_files ;;
	"boot:--until") _nvtool_words "identify wait-gfw load-firmware plan-fb alloc-dma read-vbios prepare-unload fwsec-frts gsp-reset booter-load riscv-active link-queues system-info registry sequencer init-done static-info" ;;
	"boot:--registry") : ;;
	"fw import:--out") _nvtool_files ;;
	"fw import:--protocol") : ;;
	"fw verify:--chip") : ;;
	"fw extract:--section") : ;;
	"fw extract:--out") _nvtool_dirs ;;
	"fw list:--chip") : ;;
	"fw convert:--to") _nvtool_words "tlv bin" ;;
	"fw convert:--chip") : ;;
	"fw pack:--from") _nvtool_dirs ;;
	"fw pack:--out") _nvtool_dirs ;;
	"fw pack:--gsp") _nvtool_files ;;
	"fw plan:--chip") : ;;
	"fw plan:--vram") : ;;
	"fw plan:--display") _nvtool_words "on off" ;;
	"fw plan:--vga-base") : ;;
	"fw plan:--svg") _nvtool_files ;;
	"vbios info:--patch") _nvtool_words "frts sb" ;;
	"vbios info:--frts-base") : ;;
	"vbios info:--fuse") : ;;
	"vbios extract:--section") : ;;
	"vbios extract:--out") _nvtool_dirs ;;
	"rpc dump:--format") _nvtool_words "text jsonl" ;;
	"rpc dump:--write") _nvtool_files ;;
	"rpc dump:--assume-release") : ;;
	"rpc dump:--function") : ;;
	"rpc dump:--command") : ;;
	"rpc dump:--class") : ;;
	"rpc dump:--handle") : ;;
	"rpc dump:--status") : ;;
	"rpc dump:--direction") _nvtool_words "to-gsp from-gsp" ;;
	"rpc dump:--from") : ;;
	"rpc dump:--to") : ;;
	"rpc stats:--assume-release") : ;;
	"rpc stats:--function") : ;;
	"rpc stats:--command") : ;;
	"rpc stats:--class") : ;;
	"rpc stats:--handle") : ;;
	"rpc stats:--status") : ;;
	"rpc stats:--direction") _nvtool_words "to-gsp from-gsp" ;;
	"rpc stats:--from") : ;;
	"rpc stats:--to") : ;;
	"abi diff:--only") _nvtool_words "types controls classes functions events enums flags" ;;
	"abi export:--format") _nvtool_words "json c rust python" ;;
	"abi import:--out") _nvtool_files ;;
	"trace stat:--assume-release") : ;;
	"trace diff:--driver-a") : ;;
	"trace diff:--driver-b") : ;;
	"trace diff:--assume-release") : ;;
	"sim serve:--socket") _nvtool_files ;;
	"sim serve:--chip") : ;;
	"sim serve:--vram") : ;;
	"sim serve:--rom") _nvtool_files ;;
	"sim serve:--fault") : ;;
	*) false ;;
	esac && return
	if [[ $cur == -* ]]; then
		case $cmd in
		"boot") own="--list --until --registry --dry-run" ;;
		"fw info") own="--no-digest" ;;
		"fw import") own="--out --protocol" ;;
		"fw verify") own="--chip" ;;
		"fw extract") own="--section --all --out" ;;
		"fw list") own="--chip --sha256" ;;
		"fw convert") own="--to --chip" ;;
		"fw pack") own="--from --out --gsp" ;;
		"fw plan") own="--chip --vram --display --vga-base --svg" ;;
		"vbios info") own="--patch --frts-base --fuse" ;;
		"vbios extract") own="--section --all --out" ;;
		"rpc list") own="--events --functions" ;;
		"rpc dump") own="--format --hex --write --assume-release --function --command --class --handle --status --direction --from --to" ;;
		"rpc stats") own="--assume-release --function --command --class --handle --status --direction --from --to" ;;
		"abi diff") own="--only" ;;
		"abi export") own="--format" ;;
		"abi import") own="--out" ;;
		"trace stat") own="--assume-release" ;;
		"trace diff") own="--driver-a --driver-b --assume-release" ;;
		"sim serve") own="--socket --chip --vram --rom --fault --once" ;;
		"batch") own="--keep-going" ;;
		esac
		_nvtool_words "$own --device --json --fwdb --firmware --release --allow-unknown-firmware --trace --capture --abi --verbose --yes --version --help"
		return
	fi
	case "$cmd:$args" in
	:*) _nvtool_words "boot unload reset status chips fw vbios reg rpc abi trace sim batch meta help" ;;
	"help:"*) _nvtool_words "boot unload reset status chips fw vbios reg rpc abi trace sim batch meta help" ;;
	"fw info:"*) _nvtool_files ;;
	"fw import:"0) _nvtool_dirs ;;
	"fw verify:"*) _nvtool_files ;;
	"fw extract:"0) _nvtool_files ;;
	"fw diff:"0) _nvtool_files ;;
	"fw diff:"1) _nvtool_files ;;
	"fw list:"0) _nvtool_dirs ;;
	"fw convert:"0) _nvtool_dirs ;;
	"fw convert:"1) _nvtool_dirs ;;
	"vbios info:"0) _nvtool_files ;;
	"vbios verify:"0) _nvtool_files ;;
	"vbios extract:"0) _nvtool_files ;;
	"reg list:"0) : ;;
	"reg decode:"0) : ;;
	"reg decode:"1) : ;;
	"reg read:"0) : ;;
	"rpc describe:"0) : ;;
	"rpc decode:"0) : ;;
	"rpc decode:"1) _nvtool_files ;;
	"rpc encode:"0) : ;;
	"rpc encode:"1) _nvtool_files ;;
	"rpc dump:"0) _nvtool_files ;;
	"rpc stats:"0) _nvtool_files ;;
	"abi show:"0) : ;;
	"abi diff:"0) : ;;
	"abi diff:"1) : ;;
	"abi import:"0) _nvtool_dirs ;;
	"trace stat:"0) _nvtool_files ;;
	"trace diff:"0) _nvtool_files ;;
	"trace diff:"1) _nvtool_files ;;
	"batch:"0) _nvtool_files ;;
	"fw:"*) _nvtool_words "info import verify extract diff list convert pack plan" ;;
	"help fw:"*) _nvtool_words "info import verify extract diff list convert pack plan" ;;
	"vbios:"*) _nvtool_words "info verify extract" ;;
	"help vbios:"*) _nvtool_words "info verify extract" ;;
	"reg:"*) _nvtool_words "list decode read" ;;
	"help reg:"*) _nvtool_words "list decode read" ;;
	"rpc:"*) _nvtool_words "list describe decode encode dump stats" ;;
	"help rpc:"*) _nvtool_words "list describe decode encode dump stats" ;;
	"abi:"*) _nvtool_words "list show diff export import" ;;
	"help abi:"*) _nvtool_words "list show diff export import" ;;
	"trace:"*) _nvtool_words "stat diff reasons" ;;
	"help trace:"*) _nvtool_words "stat diff reasons" ;;
	"sim:"*) _nvtool_words "faults serve" ;;
	"help sim:"*) _nvtool_words "faults serve" ;;
	esac
}
complete -F _nvtool nvtool
