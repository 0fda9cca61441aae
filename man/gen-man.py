#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes nvtool.1 and nvtool-NOUN.1: what `nvtool meta` says, joined with the prose of man/frag.

gen-man.py META.json FRAGMENTS OUTDIR
"""

import json
import pathlib
import re
import sys

DATE = "November 22, 2026"
# The order in which mdoc(7) wants sections; a fragment's own ones are put among them.
BEFORE_EXIT = ("ENVIRONMENT", "FILES")


def fail(text):
    sys.exit(f"gen-man.py: {text}")


def escape(text):
    """Plain text as an mdoc text line."""
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def words(text):
    """The same as arguments of a macro."""
    return " ".join("\\&" + w if re.fullmatch(r"[A-Z][a-z]|[.,;:()?!|]", w) else w for w in escape(text).split())


def sentence(text):
    return escape(text[:1].upper() + text[1:].rstrip(".") + ".")


def split_fragment(text):
    """-> prose before the first section, [(section, body)]"""
    parts = re.split(r"^\.Sh (.+)$", text, flags=re.M)
    return parts[0].strip(), [(parts[i].strip(), parts[i + 1].strip()) for i in range(1, len(parts), 2)]


def name_of(cmd):
    return f"{cmd['noun']} {cmd['verb']}" if cmd.get("noun") else cmd["verb"]


def arg_macro(arg):
    text = f"Ar {arg['name']}" + (" ..." if arg["repeat"] else "")
    return f"Op {text}" if arg["optional"] else text


def opt_macro(opt, brackets=True):
    text = f"Fl -{opt['name']}" + (f" Ar {opt['meta']}" if opt.get("meta") else "")
    return f"Op {text}" if brackets else text


def synopsis(cmd):
    lines = [".Nm nvtool"]
    if cmd["device"]:
        lines.append(".Fl -device Ar URI" if not any(a["optional"] for a in cmd["args"]) else ".Op Fl -device Ar URI")
    lines.append(f".Cm {name_of(cmd)}")
    for opt in cmd["options"]:
        lines.append("." + opt_macro(opt) + (" ..." if opt["repeat"] else ""))
    lines += ["." + arg_macro(a) for a in cmd["args"]]
    return lines


def option_rows(opts):
    lines = [".Bl -tag -width Ds"]
    for opt in opts:
        if not opt["help"]:
            fail(f"--{opt['name']} has no help")
        letter = f"Fl {opt['letter']} , " if opt.get("letter") else ""
        lines += [f".It {letter}{opt_macro(opt, False)}", sentence(opt["help"])]
        if opt["repeat"]:
            lines.append("May be repeated.")
        if opt.get("values"):
            lines += ["One of", *[f".Cm {v}{' ,' if v != opt['values'][-1] else ' .'}" for v in opt["values"]]]
    return lines + [".El"]


def command(cmd):
    if not cmd["summary"]:
        fail(f"{name_of(cmd)} has no summary")
    lines = [f".Ss {words(name_of(cmd))}", sentence(cmd["summary"])]
    if cmd["args"]:
        lines.append(".Bl -tag -width Ds")
        for arg in cmd["args"]:
            if not arg["help"]:
                fail(f"{name_of(cmd)}: {arg['name']} has no help")
            lines += [f".It Ar {arg['name']}", sentence(arg["help"])]
        lines.append(".El")
    if cmd["options"]:
        lines += option_rows(cmd["options"])
    if cmd["result"]:
        lines += [".Pp", "With", ".Fl -json ,", ".Va data", "holds, as far as they apply,"]
        lines += [f".Va {k}{' ,' if k != cmd['result'][-1] else ' .'}" for k in cmd["result"]]
    return lines


def head(title, section, name, summary):
    return [
        '.\\" SPDX-License-Identifier: MIT',
        '.\\" Generated from `nvtool meta` and man/frag by man/gen-man.py.',
        f".Dd {DATE}", f".Dt {title} {section}", ".Os", ".Sh NAME", f".Nm {name}", f".Nd {escape(summary)}",
    ]


def sections(rest, wanted):
    lines = []
    for title, body in rest:
        if (title in BEFORE_EXIT) == wanted:
            lines += [f".Sh {title}", body]
    return lines


def see_also(names):
    refs = [f".Xr {n} {s} ,".rstrip() for n, s in sorted(names, key=lambda x: (x[1], x[0]))]
    refs[-1] = refs[-1][:-2]
    return [".Sh SEE ALSO", *refs]


def page_of(meta, page, frag):
    prose, rest = split_fragment(frag)
    cmds = [c for c in meta["commands"] if c["page"] == page["name"]]
    if not cmds or not page["summary"]:
        fail(f"page {page['name']} has no commands or no summary")
    lines = head(f"NVTOOL-{page['name'].upper()}", 1, f"nvtool-{page['name']}", page["summary"])
    lines.append(".Sh SYNOPSIS")
    for cmd in cmds:
        lines += synopsis(cmd)
    lines += [".Sh DESCRIPTION", prose]
    for cmd in cmds:
        lines += command(cmd)
    lines += [".Pp", "The options of every command are in", ".Xr nvtool 1 ."]
    lines += sections(rest, True)
    lines += [".Sh EXIT STATUS", "See", ".Xr nvtool 1 ."]
    lines += sections(rest, False)
    return lines + see_also([("nvtool", 1)] + [("nvtool-" + n, s) for n, s in RELATED.get(page["name"], [])])


RELATED = {
    "abi": [("rpc", 1)],
    "batch": [("boot", 1)],
    "boot": [("batch", 1), ("sim", 1), ("capture", 5), ("trace", 5)],
    "chips": [("fwdb", 5)],
    "fw": [("vbios", 1), ("fwdb", 5)],
    "reg": [("rpc", 1)],
    "rpc": [("abi", 1), ("reg", 1), ("capture", 5), ("trace", 5)],
    "sim": [("boot", 1), ("trace", 1), ("capture", 5), ("trace", 5), ("guest", 7), ("strictness", 7)],
    "trace": [("rpc", 1), ("capture", 5), ("trace", 5)],
    "vbios": [("fw", 1)],
}


def overview(meta, frag):
    prose, rest = split_fragment(frag)
    lines = head("NVTOOL", 1, "nvtool", "take GSP-RM firmware apart and bring it up")
    lines += [".Sh SYNOPSIS", ".Nm nvtool", ".Op Ar option ...", ".Ar command", ".Op Ar argument ..."]
    lines += [".Sh DESCRIPTION", prose]
    for group in meta["groups"]:
        lines += [f".Ss {words(group)}", ".Bl -tag -width 16n"]
        for cmd in meta["commands"]:
            if cmd["group"] != group:
                continue
            where = ["See", f".Xr nvtool-{cmd['page']} 1 ."] if cmd["page"] else []
            lines += [f".It Cm {name_of(cmd)}", sentence(cmd["summary"]), *where]
        lines.append(".El")
    lines += [".Ss Options", "These work before and after the command.", *option_rows(meta["options"])]
    lines += sections(rest, True)
    lines += [".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for row in meta["exits"]:
        lines += [f".It {row['code']}", escape(row["meaning"])]
    lines += [".El", *sections(rest, False)]
    names = [("nvtool-" + p["name"], 1) for p in meta["pages"]]
    return lines + see_also(names + [("nvtool-capture", 5), ("nvtool-fwdb", 5), ("nvtool-trace", 5), ("nvtool-guest", 7), ("nvtool-strictness", 7)])


def fragment(folder, name):
    path = folder / f"{name}.mdoc"
    if not path.exists():
        fail(f"no fragment {path.name}")
    return path.read_text()


def write(out, name, lines):
    (out / f"{name}.1").write_text("\n".join(line for line in lines if line) + "\n")


def main():
    meta = json.loads(pathlib.Path(sys.argv[1]).read_text())
    frags, out = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    write(out, "nvtool", overview(meta, fragment(frags, "nvtool")))
    for page in meta["pages"]:
        write(out, f"nvtool-{page['name']}", page_of(meta, page, fragment(frags, page["name"])))


main()
