#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every source file: licence line and a sentence on top, no forbidden function, no stray whitespace.

Long lines, functions and files are reported, not refused.
"""

import os
import pathlib
import re
import sys

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))
FOLDERS = ("lib", "cli", "protocol", "fwdb", "tests", "man", "completions")
FORBIDDEN = re.compile(r"\b(v?sprintf|strcpy|strcat|strncpy|strtok|strtok_r|atoi|atol|gets|alloca)\s*\(")
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
FUNCTION = re.compile(r"^\{\n(.*?)^\}", re.S | re.M)
WIDTH, FUNCTION_LINES, FILE_LINES = 120, 70, 800
SPDX = "SPDX-License-Identifier: MIT"


def blank(m):
    """Keeps the lines of what is cut out, so that line numbers stay true."""
    return "\n" * m[0].count("\n")


def header_fault(name, text):
    """What is wrong with the first lines, None if nothing."""
    lines = text.split("\n", 4)
    if lines[0].startswith("#!"):
        lines.pop(0)
    if name.endswith((".c", ".h", ".def")):
        if lines[0] != f"/* {SPDX} */":
            return "does not begin with the licence line"
        if not re.match(r"/\*\s*\S|/\*\n \* \S", "\n".join(lines[1:3])):
            return "has no sentence on what it is after the licence line"
        return None
    if lines[0] != f"# {SPDX}":
        return "does not begin with the licence line"
    return None if re.match(r'("""|# )\S', lines[1]) else "has no sentence on what it is after the licence line"


def line_faults(text):
    for n, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield n, "white space at the end of the line"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield text.count("\n"), "does not end in one newline"


def c_faults(text):
    bare = COMMENT_OR_STRING.sub(blank, text)
    for m in FORBIDDEN.finditer(bare):
        yield bare.count("\n", 0, m.start()) + 1, f"{m[1]} is forbidden"


def warnings(name, text):
    for n, line in enumerate(text.split("\n"), 1):
        if len(line.expandtabs(8)) > WIDTH:
            yield n, f"longer than {WIDTH} columns"
    length = text.count("\n")
    if name.endswith(".c") and length > FILE_LINES:
        yield 1, f"{length} lines, {FILE_LINES} is the aim"
    for m in FUNCTION.finditer(text):
        lines = m[1].count("\n")
        if lines > FUNCTION_LINES:
            yield text.count("\n", 0, m.start()) + 1, f"function of {lines} lines, {FUNCTION_LINES} is the aim"


def main():
    faults, long, seen = [], [], 0
    scripts = [TOP / "quickstart", TOP / ".ci/run"]
    found = [p for f in FOLDERS for p in sorted((TOP / f).rglob("*"))
             if p.suffix in (".c", ".h", ".def", ".py", ".sh", ".tap", ".awk", ".jq")]
    for path in scripts + found:
        name, text = path.relative_to(TOP).as_posix(), path.read_text()
        seen += 1
        fault = header_fault(name, text)
        if fault:
            faults.append(f"{name}:1: {fault}")
        faults += [f"{name}:{n}: {what}" for n, what in line_faults(text)]
        if name.endswith((".c", ".h")):
            faults += [f"{name}:{n}: {what}" for n, what in c_faults(text)]
            long += [f"{name}:{n}: warning: {what}" for n, what in warnings(name, text)]
    print("\n".join(long + faults))
    print(f"{seen} files, {len(faults)} faults, {len(long)} warnings")
    return 1 if faults or seen < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
