#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Holds protocol/ against a driver's headers by a second way: the C compiler judges every size and offset.

Developer tool. The facts came from debug information; here they become static assertions, so that a mistake in
reading DWARF or in merging releases shows.
"""
import argparse
import os
import sys

from canon import Facts
from fail import Fail, exit_code, first_error
from tree import Tree, load_roots

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s8": 1, "s16": 2, "s32": 4, "s64": 8, "bool": 1, "char": 1,
         "handle": 4, "p64": 8, "status": 4}


class Asserts:
    def __init__(self, layouts, version):
        self.layouts = {n: r for n, rows in layouts.items() for r in rows if version in r["v"]}
        self.tags = set()  # types that go by their tag alone
        self.lines = []

    def say(self, expr):
        self.lines.append('_Static_assert(%s, "%s");' % (expr, expr))

    def size_of(self, kind):
        return WIDTH[kind] if kind in WIDTH else self.layouts[kind]["size"]

    def type(self, name):
        """One named type; those without a name of their own are reached through their parents."""
        layout, c = self.layouts[name], name
        if name in self.tags:
            c = "%s %s" % ("union" if layout["k"] == "u" else "struct", name)
        self.say("sizeof(%s) == %d" % (c, layout["size"]))
        self.fields(c, layout, "", 0)

    def fields(self, top, layout, path, base):
        for name, off, kind, *opts in layout["f"]:
            opts = opts[0] if opts else {}
            at = path + "." + name if path and name else path or name
            if name and "bits" not in opts:
                self.say("__builtin_offsetof(%s, %s) == %d" % (top, at, base + off))
                dims = opts.get("dim", [])
                if 0 not in dims:
                    n = self.size_of(kind)
                    for d in dims:
                        n *= d
                    self.say("sizeof(((%s *)0)->%s) == %d" % (top, at, n))
            if kind in self.layouts and "." in kind and "dim" not in opts:
                self.fields(top, self.layouts[kind], at, base + off)


def rows_of(facts, section, version):
    for name, rows in facts.groups[section].items():
        for r in rows:
            if version in r["v"]:
                yield name, r


def constants(facts, version):
    for name, r in rows_of(facts, "consts", version):
        yield name, int(r["value"], 16)
    for _, r in rows_of(facts, "enums", version):
        yield from r["e"]
    for _, r in rows_of(facts, "flags", version):
        for _, _, _, *values in r["f"]:
            yield from (values[0] if values else ())
    for _, r in rows_of(facts, "status", version):
        yield r["name"], r["n"]
    for _, r in rows_of(facts, "messages", version):
        yield "NV_VGPU_MSG_%s_%s" % ("EVENT" if r["n"] >= 0x1000 else "FUNCTION", r["name"]), r["n"]
    for _, r in rows_of(facts, "classes", version):
        yield r["name"], int(r["class"], 16)
    for _, r in rows_of(facts, "controls", version):
        if "_CTRL_" in r["name"]:
            yield r["name"], int(r["cmd"], 16)


def bits(facts, version, ranges):
    """Expressions that hold where a flag has the bits that protocol/ says: a range as `1 ? hi:lo`, or one bit."""
    for _, r in rows_of(facts, "flags", version):
        for name, lo, hi, *_ in r["f"]:
            if name in ranges:
                yield "(1 ? %s) == %d && (0 ? %s) == %d" % (name, hi, name, lo)
            else:
                yield "(unsigned long long)(%s) == 1ull << %d && %d == %d" % (name, lo, lo, hi)


def tags_only(tree, prelude, names):
    """The names that are no typedefs: they need `struct` or `union` before them."""
    lines = ["typedef %s nvt_%d;" % (n, i) for i, n in enumerate(names)]
    base = prelude.count("\n")
    errors = tree.compile(prelude + "\n".join(lines) + "\n", os.devnull, ["-fmax-errors=0"])
    bad = {int(e.split(":")[1]) for e in errors.splitlines() if e.startswith("<stdin>") and ": error:" in e}
    return {names[n - base - 1] for n in bad if n > base}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("tree", nargs="?", help="a checked-out driver source tree")
    ap.add_argument("--git", metavar="DIR", help="a repository that holds the driver's tags")
    ap.add_argument("--tag", help="the release to take from --git")
    ap.add_argument("--protocol", default=os.path.dirname(HERE), help="the protocol folder (default: this one)")
    args = ap.parse_args()
    if bool(args.tree) == bool(args.git and args.tag):
        ap.error("give either a tree, or --git and --tag")
    tree = Tree(folder=args.tree, repo=args.git, tag=args.tag)
    version, facts = tree.version(), Facts(args.protocol, load_roots())
    if version not in facts.versions:
        raise Fail("%s has no release %s" % (args.protocol, version))
    asserts, prelude = Asserts(facts.groups["types"], version), tree.prelude(load_roots())
    prelude += tree.includes(load_roots()["macro_headers"])
    known = tree.macros(load_roots())
    macros = {n: known.value(n) for n in known.bodies}
    names = sorted(n for n in asserts.layouts if "." not in n)
    asserts.tags = tags_only(tree, prelude, names)
    for name in names:
        asserts.type(name)
    for name, r in rows_of(facts, "aliases", version):
        asserts.say("__builtin_types_compatible_p(%s, %s)" % (name, r["type"]))
    for name, value in constants(facts, version):
        asserts.say("(unsigned long long)(%s) == 0x%xull" % (name, value & (2**64 - 1)))
    for expr in bits(facts, version, {n for n, v in macros.items() if isinstance(v, tuple)}):
        asserts.say(expr)
    errors = tree.compile(prelude + "\n".join(asserts.lines) + "\n", os.devnull)
    if errors:
        raise Fail("%s differs: %s" % (version, first_error(errors)))
    print("%s: %d assertions hold" % (version, len(asserts.lines)))


if __name__ == "__main__":
    sys.exit(exit_code("check", main))
