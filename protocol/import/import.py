#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Takes the protocol facts of one driver release out of its source tree and merges them into protocol/.

Developer tool: needs gcc and pyelftools, is no part of the build. No function of the driver is compiled in or run.
"""
import argparse
import os
import sys
import tempfile

from canon import Facts
from dwarf import Types
from tree import Tree, load_roots

HERE = os.path.dirname(os.path.abspath(__file__))


def read_types(tree, roots):
    """Layouts of the closure by file, the `_v` aliases into it, and the enums met or asked for."""
    with tempfile.TemporaryDirectory() as tmp:
        obj = os.path.join(tmp, "types.o")
        errors = tree.compile(tree.prelude(roots), obj, ["-g", "-fno-eliminate-unused-debug-types"])
        if errors:
            raise SystemExit("import: the headers do not compile:\n" + errors[:2000])
        types = Types(obj, roots["opaque"])
    files, aliases = {}, {}
    for file, names in roots["types"].items():
        for name in names:
            real, known = types.resolve(name), set().union(*files.values()) if files else set()
            if real is None:
                print("import: this release has no %s" % name, file=sys.stderr)
                continue
            files.setdefault(file, set()).update(set(types.layouts) - known)
            if name != real:
                aliases[name] = real
    for name in roots["enums"]:
        if name in types.named:
            types.enum(types.strip(types.named[name])[0])
    return types, files, aliases


def read_consts(tree, roots, names):
    """Values of object-like macros, by compiling each into a table and reading the object back."""
    lines = tree.prelude(roots).splitlines()
    base = len(lines)
    names = list(names)
    while True:
        body = ["const unsigned long long nvt_%s = (unsigned long long)(%s);" % (n, n) for n in names]
        with tempfile.TemporaryDirectory() as tmp:
            asm = os.path.join(tmp, "consts.s")
            errors = tree.compile("\n".join(lines + body) + "\n", asm, ["-S"])
            if not errors:
                with open(asm, encoding="utf-8") as f:
                    return parse_asm(f.read())
        bad = {int(e.split(":")[1]) for e in errors.splitlines() if ": error:" in e}
        bad = {names[n - base - 1] for n in bad if n > base}
        if not bad:
            raise SystemExit("import: constants do not compile:\n" + errors[:2000])
        names = [n for n in names if n not in bad]


def parse_asm(text):
    values, current = {}, None
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("nvt_") and line.endswith(":"):
            current = line[4:-1]
        elif current and line.startswith(".quad"):
            values[current] = int(line.split()[1]) & (2**64 - 1)
            current = None
        elif current and line.startswith(".zero"):
            values[current] = 0
            current = None
    return values


def merge(facts, version, tree, roots):
    types, files, aliases = read_types(tree, roots)
    rows, counts = tree.messages()
    statuses = tree.statuses()
    macro_enums = {e: tree.macro_names(p) for e, p in roots["macro_enums"].items()}
    wanted = roots["consts"] + [n for names in macro_enums.values() for n in names]
    consts = read_consts(tree, roots, wanted)
    facts.forget(version)
    facts.versions[version] = {"id": version, "commit": tree.commit, **counts, "status": len(statuses),
                               "types": len(types.layouts)}
    for file, names in files.items():
        for name in names:
            home = facts.types.setdefault(facts.type_home(name, file + ".json"), {})
            facts.add(home.setdefault(name, []), version, types.layouts[name])
    for name, real in aliases.items():
        facts.add(facts.aliases.setdefault(name, []), version, {"type": real})
    for number, name, _ in rows:
        payload = "rpc_%s_v" % name.lower()
        facts.add(facts.messages, version,
                  {"n": number, "name": name, **({"payload": payload} if payload in aliases else {})})
    for number, name in statuses:
        facts.add(facts.status, version, {"n": number, "name": name})
    for name, rows in types.enums.items():
        facts.add(facts.enums.setdefault(name, []), version, {"e": [list(r) for r in rows]})
    for name, names in macro_enums.items():
        rows = sorted([[n, consts[n]] for n in names if n in consts], key=lambda r: r[1])
        if rows:
            facts.add(facts.enums.setdefault(name, []), version, {"e": rows})
    for name in roots["consts"]:
        if name in consts:
            facts.add(facts.consts.setdefault(name, []), version, {"value": "0x%x" % consts[name]})


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("tree", nargs="?", help="a checked-out driver source tree")
    ap.add_argument("--git", metavar="DIR", help="a repository that holds the driver's tags")
    ap.add_argument("--tag", help="the release to take from --git")
    ap.add_argument("--out", default=os.path.dirname(HERE), help="the protocol folder (default: this one)")
    args = ap.parse_args()
    if bool(args.tree) == bool(args.git and args.tag):
        ap.error("give either a tree, or --git and --tag")
    tree = Tree(folder=args.tree, repo=args.git, tag=args.tag)
    os.makedirs(os.path.join(args.out, "types"), exist_ok=True)
    facts = Facts(args.out)
    merge(facts, tree.version(), tree, load_roots())
    facts.save()


if __name__ == "__main__":
    main()
