#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes protocol/COUNTS.md, what each release has, from versions.json; --check says whether it is current."""
import argparse
import json
import os
import sys

from fail import Fail, exit_code, writing

HERE = os.path.dirname(os.path.abspath(__file__))
# Title, and what a row of versions.json says of it.
COLUMNS = (
    ("functions", lambda v: v["functions"]),
    ("events", lambda v: v["events"]),
    ("rpc structs", lambda v: v["rpc_structs"]),
    ("current", lambda v: v["rpc_current"]),
    ("controls", lambda v: v["controls"]),
    ("with parameters", lambda v: v["controls"] - v["controls_by"]["none"]),
    ("without", lambda v: v["controls_by"]["none"]),
    ("distinct structs", lambda v: v["control_structs"]),
    ("classes", lambda v: v["classes"]),
    ("alloc structs", lambda v: v["alloc_structs"]),
    ("without", lambda v: v["classes_without"]),
    ("types", lambda v: v["types"]),
    ("enums", lambda v: v["enums"]),
    ("flags", lambda v: v["flags"]),
    ("fields linked", lambda v: v["links"]),
    ("statuses", lambda v: v["status"]),
)


def table(versions):
    rows = [["release", *(title for title, _ in COLUMNS)], ["---"] + ["---:"] * len(COLUMNS)]
    rows += [[v["id"], *(str(of(v)) for _, of in COLUMNS)] for v in versions]
    return "".join("| %s |\n" % " | ".join(row) for row in rows)


def text(versions):
    return ("# What each release has\n\nWritten by `import/counts.py` from `versions.json`; README.md has the rules by which it is "
            "counted.\n\n" + table(versions))


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--protocol", default=os.path.dirname(HERE), help="the protocol folder (default: this one)")
    ap.add_argument("--check", action="store_true", help="write nothing; exit 4 if the file is not current")
    args = ap.parse_args()
    path = os.path.join(args.protocol, "COUNTS.md")
    with open(os.path.join(args.protocol, "versions.json"), encoding="utf-8") as f:
        want = text(json.load(f)["versions"])
    if not args.check:
        with writing(path) as f:
            f.write(want)
        return 0
    with open(path, encoding="utf-8") as f:
        if f.read() != want:
            raise Fail("%s is not what versions.json says: run import/counts.py" % path)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code("counts", main))
