#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Developer check: compares lib/regs/*.def with the published dev_*.h of a driver source tree.

usage: regs_vs_vendor.py DIR [REVISION]

DIR is a checkout of NVIDIA's open-gpu-kernel-modules, or with REVISION any clone of it, bare or not.
Prints every register, field and value that differs, then those that no such header publishes.
"""

import pathlib
import re
import subprocess
import sys

PUBLISHED = "src/common/inc/swref/published"
CHIPS = ["turing/tu102", "ampere/ga100", "ampere/ga102"]
# Asked only for names that none of CHIPS publishes: registers that stayed where they were.
OTHERS = ["nv_ref.h", "maxwell/gm107", "maxwell/gm200", "pascal/gp100", "pascal/gp102", "volta/gv100", "disp/v04_00",
          "disp/v04_01", "ada/ad102", "hopper/gh100", "blackwell/gb202"]

# Where published offsets count from something else than ours do: name prefix -> what to add.
BASES = {"NV_PFALCON_FBIF_": 0x600, "NV_VIRTUAL_FUNCTION_PRIV_": 0xb80000}
# Registers that are published per unit only, or one by one instead of as an array.
ALIASES = [("NV_PFALCON_FALCON_ENGINE", "NV_PGSP_FALCON_ENGINE"), ("_UCODE_VERSION", "_UCODE1_VERSION")]

ROW = re.compile(r"^(REG|REGA|FLD|VAL)\((.*)\)\s*$")
DEFINE = re.compile(r"^#define\s+(NV_\w+)(\(\w+\))?\s+(.*?)\s*(?:/\*.*)?$")


def vendor_files(root, revision, chips):
    """Texts of the published headers of these folders, in order."""
    for chip in chips:
        folder = f"{PUBLISHED}/{chip}"
        if revision:
            git = ["git", "-C", root]
            names = subprocess.run(git + ["ls-tree", "-r", "--name-only", revision, folder], check=True,
                                   capture_output=True, text=True).stdout.split()
            for name in names:
                yield subprocess.run(git + ["show", f"{revision}:{name}"], check=True,
                                     capture_output=True, text=True).stdout
        else:
            path = pathlib.Path(root) / folder
            for header in [path] if path.is_file() else sorted(path.glob("*.h")):
                yield header.read_text()


def number(text):
    """Value of an integer literal, None if it is none."""
    text = text.strip().strip("()").rstrip("uUlL")
    try:
        return int(text, 0)
    except ValueError:
        return None


def vendor_facts(root, revision, chips):
    """Name -> set of published right-hand sides: a number, (hi, lo), or (base, stride) of an array."""
    facts, elements = {}, []
    for text in vendor_files(root, revision, chips):
        for line in text.splitlines():
            m = DEFINE.match(line)
            if not m:
                continue
            name, index, value = m.groups()
            value = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]+\b", r"\1", value)
            bits = re.fullmatch(r"\(?(\d+):(\d+)\)?", value)
            element = re.fullmatch(r"\(?(NV_\w+)\((\d+)\)\)?", value)
            if element:
                elements.append((name, element[1], int(element[2])))
                continue
            array = re.fullmatch(r"\(+(0x\w+|\d+)\)?\s*\+\s*\(*\(?\w+\)?\s*\*\s*\(?(0x\w+|\d+)\)*", value)
            if bits:
                fact = (int(bits[1]), int(bits[2]))
            elif index and array:
                fact = (int(array[1], 0), int(array[2], 0))
            else:
                fact = number(value)
            if fact is not None:
                facts.setdefault(name, set()).add(fact)
    for name, array, index in elements:
        for fact in [x for x in facts.get(array, ()) if isinstance(x, tuple)]:
            facts.setdefault(name, set()).add(fact[0] + index * fact[1])
    return facts


def rows(folder):
    """Every row of the .def files: (file:line, vendor name, our fact, relative to a unit)."""
    units = {"PFALCON", "PFALCON2", "PRISCV"}
    for path in sorted(folder.glob("*.def")):
        if path.name == "units.def":
            continue
        for n, line in enumerate(path.read_text().splitlines(), 1):
            m = ROW.match(line)
            if not m:
                continue
            a = [x.strip() for x in m[2].split(",")]
            where = f"{path.name}:{n}"
            if m[1] == "REG":
                yield where, f"NV_{a[1]}", int(a[2], 0), a[0] in units
            elif m[1] == "REGA":
                yield where, f"NV_{a[1]}", (int(a[2], 0), int(a[4], 0)), a[0] in units
            elif m[1] == "FLD":
                hi, lo = a[2].split(":")
                yield where, f"NV_{a[0]}_{a[1]}", (int(hi), int(lo)), False
            else:
                yield where, f"NV_{a[0]}_{a[1]}_{a[2]}", int(a[3], 0), False


def same(name, ours, published, relative):
    """True if a published fact equals ours; a unit's registers may be published as BAR0 addresses."""
    add = next((base for prefix, base in BASES.items() if name.startswith(prefix)), 0)
    for fact in published:
        if fact == ours:
            return True
        pair = isinstance(fact, tuple)
        off = (fact[0] if pair else fact) + add
        if relative:
            off &= 0xfff
        if off == (ours[0] if isinstance(ours, tuple) else ours) and \
                not (pair and isinstance(ours, tuple) and fact[1] != ours[1]):
            return True
    return False


def lookup(name, tables):
    """The published facts of a name, in the first table that has it under any of its names."""
    names = [name] + [name.replace(a, b) for a, b in ALIASES if a in name]
    for table in tables:
        for n in names:
            if n in table:
                return table[n]
    return None


def show(fact):
    if isinstance(fact, tuple):
        return f"{fact[0]}:{fact[1]}" if fact[0] < 32 else f"{fact[0]:#x} step {fact[1]}"
    return f"{fact:#x}"


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    root, revision = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else None
    tables = [vendor_facts(root, revision, chips) for chips in (CHIPS, OTHERS)]
    folder = pathlib.Path(__file__).resolve().parents[2] / "lib/regs"
    differ, unpublished, checked = [], [], 0
    for where, name, ours, relative in rows(folder):
        published = lookup(name, tables)
        if published is None:
            unpublished.append(f"{where}: {name}")
        elif same(name, ours, published, relative):
            checked += 1
        else:
            differ.append(f"{where}: {name}: ours {show(ours)}, published {', '.join(map(show, published))}")
    for title, lines in (("differ", differ), ("not published", unpublished)):
        for line in lines:
            print(f"{title}: {line}")
    print(f"{checked} rows agree, {len(differ)} differ, {len(unpublished)} are not published")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
