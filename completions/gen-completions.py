#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the completions of bash and zsh from what `nvtool meta` says.

gen-completions.py META.json OUTDIR
"""

import json
import pathlib
import sys

HEAD = "# SPDX-License-Identifier: MIT\n# Generated from `nvtool meta` by completions/gen-completions.py.\n"


def name_of(cmd):
    return f"{cmd['noun']} {cmd['verb']}" if cmd.get("noun") else cmd["verb"]


def nouns(meta):
    return list(dict.fromkeys(c["noun"] for c in meta["commands"] if c.get("noun")))


def first_words(meta):
    return list(dict.fromkeys(c.get("noun") or c["verb"] for c in meta["commands"]))


def takes_value(opt):
    return opt["type"] != "flag"


# ---- bash ----

BASH_ACTION = {"path": "_nvtool_files", "dir": "_nvtool_dirs"}


def bash_action(row):
    if row.get("values"):
        return f'_nvtool_words "{" ".join(row["values"])}"'
    return BASH_ACTION.get(row["type"], ":")


def bash_values(meta):
    lines = []
    for opt in meta["options"]:
        if takes_value(opt):
            spell = f"*:--{opt['name']}" + (f" | *:-{opt['letter']}" if opt.get("letter") else "")
            lines.append(f"\t{spell}) {bash_action(opt)} ;;")
    for cmd in meta["commands"]:
        for opt in cmd["options"]:
            if takes_value(opt):
                lines.append(f'\t"{name_of(cmd)}:--{opt["name"]}") {bash_action(opt)} ;;')
    return lines


def bash_args(meta):
    lines = []
    for cmd in meta["commands"]:
        for i, arg in enumerate(cmd["args"]):
            which = "*" if arg["repeat"] else str(i)
            quoted = f'"{name_of(cmd)}:"{which}'
            lines.append(f"\t{quoted}) {bash_action(arg)} ;;")
    for noun in nouns(meta):
        verbs = [c["verb"] for c in meta["commands"] if c.get("noun") == noun]
        lines.append(f'\t"{noun}:"*) _nvtool_words "{" ".join(verbs)}" ;;')
        lines.append(f'\t"help {noun}:"*) _nvtool_words "{" ".join(verbs)}" ;;')
    return lines


def bash(meta):
    with_value = [f"--{o['name']}" for o in meta["options"] if takes_value(o)]
    with_value += [f"-{o['letter']}" for o in meta["options"] if takes_value(o) and o.get("letter")]
    with_value += [f"--{o['name']}" for c in meta["commands"] for o in c["options"] if takes_value(o)]
    every = " ".join(f"--{o['name']}" for o in meta["options"])
    own = [f'\t"{name_of(c)}") own="{" ".join("--" + o["name"] for o in c["options"])}" ;;'
           for c in meta["commands"] if c["options"]]
    two = " | ".join(nouns(meta))
    out = [HEAD + """
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
		case ${COMP_WORDS[i]} in""",
           f"\t\t{' | '.join(with_value)})",
           """\t\t\t((i++))
			[[ ${COMP_WORDS[i]} == = ]] && ((i++)) ;;
		-*) ;;
		*)
			case $cmd in""",
           '\t\t\t"") cmd=${COMP_WORDS[i]} ;;',
           f'\t\t\t{two} | help) cmd="$cmd ${{COMP_WORDS[i]}}" ;;',
           """\t\t\t*) ((args++)) ;;
			esac ;;
		esac
	done
	case "$cmd:$prev" in""",
           *bash_values(meta),
           """\t*) false ;;
	esac && return
	if [[ $cur == -* ]]; then
		case $cmd in""",
           *["\t" + line for line in own],
           f"""\t\tesac
		_nvtool_words "$own {every}"
		return
	fi
	case "$cmd:$args" in
	:*) _nvtool_words "{' '.join(first_words(meta))}" ;;
	"help:"*) _nvtool_words "{' '.join(first_words(meta))}" ;;""",
           *[line for line in bash_args(meta) if not line.startswith('\t"help:"')],
           """\tesac
}
complete -F _nvtool nvtool
"""]
    return "\n".join(out)


# ---- zsh ----

ZSH_ACTION = {"path": "_files", "dir": "_files -/"}


def zsh_text(text):
    for c in "\\'[]:":
        text = text.replace(c, "'\\''" if c == "'" else "\\" + c)
    return text


def zsh_action(row):
    if row.get("values"):
        return f"({' '.join(row['values'])})"
    return ZSH_ACTION.get(row["type"], " ")


def zsh_opt(opt):
    value = f":{opt['meta']}:{zsh_action(opt)}" if takes_value(opt) else ""
    many = "*" if opt["repeat"] else ""
    spells = [f"--{opt['name']}{'=' if value else ''}"] + ([f"-{opt['letter']}"] if opt.get("letter") else [])
    return [f"'{many}{s}[{zsh_text(opt['help'])}]{value}'" for s in spells]


def zsh_arg(i, arg):
    place = "*" if arg["repeat"] else str(i + 1)
    return f"'{place}:{':' if arg['optional'] and not arg['repeat'] else ''}{arg['name']}:{zsh_action(arg)}'"


def zsh_command(cmd, indent):
    specs = [s for o in cmd["options"] for s in zsh_opt(o)] + [zsh_arg(i, a) for i, a in enumerate(cmd["args"])]
    pad = "\t" * indent
    return [f"{pad}{cmd['verb']})", f"{pad}\t_arguments $every {' '.join(specs)}".rstrip(), f"{pad}\t;;"]


def zsh_describe(rows):
    return " ".join(f"'{word}:{zsh_text(text)}'" for word, text in rows)


def zsh(meta):
    page = {p["name"]: p["summary"] for p in meta["pages"]}
    single = [c for c in meta["commands"] if not c.get("noun")]
    words = [(c["verb"], c["summary"]) for c in single] + [(n, page[n]) for n in nouns(meta)]
    every = [s for o in meta["options"] for s in zsh_opt(o)]
    out = ["#compdef nvtool", HEAD,
           "_nvtool()", "{", "\tlocal curcontext=$curcontext state line", "\ttypeset -A opt_args",
           "\tlocal -a every words_ verbs", "\tevery=(", *["\t\t" + s for s in every], "\t)",
           f"\twords_=({zsh_describe(words)})",
           "\t_arguments -C $every '1:command:->command' '*::argument:->argument'",
           "\tcase $state in", "\tcommand) _describe command words_ ;;", "\targument)", "\t\tcase $line[1] in"]
    for cmd in single:
        out += zsh_command(cmd, 2)
    for noun in nouns(meta):
        cmds = [c for c in meta["commands"] if c.get("noun") == noun]
        out += [f"\t\t{noun})", f"\t\t\tverbs=({zsh_describe((c['verb'], c['summary']) for c in cmds)})",
                "\t\t\t_arguments -C $every '1:verb:->verb' '*::argument:->rest'",
                "\t\t\tcase $state in", "\t\t\tverb) _describe verb verbs ;;", "\t\t\trest)", "\t\t\t\tcase $line[1] in"]
        for cmd in cmds:
            out += zsh_command(cmd, 4)
        out += ["\t\t\t\tesac", "\t\t\t\t;;", "\t\t\tesac", "\t\t\t;;"]
    out += ["\t\tesac", "\t\t;;", "\tesac", "}", "", '_nvtool "$@"', ""]
    return "\n".join(out)


def main():
    meta = json.loads(pathlib.Path(sys.argv[1]).read_text())
    out = pathlib.Path(sys.argv[2])
    (out / "nvtool.bash").write_text(bash(meta))
    (out / "_nvtool").write_text(zsh(meta))


main()
