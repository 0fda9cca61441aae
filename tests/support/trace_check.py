# SPDX-License-Identifier: MIT
"""Reads a text trace by the grammar of lib/trace/text.c and refuses whatever does not follow it.

As a program: trace_check.py FILE... ; exit status 1 and one line per fault if there is any.
"""

import re
import sys

HEX = r"0x(0|[1-9a-f][0-9a-f]*)"
DEC = r"(0|[1-9][0-9]*)"
STRING = r'"(?:[ !$-\[\]-~]|\\x[0-9a-f]{2})*"'
NAME = rf"(?:[A-Za-z0-9._-]+|{STRING})"
OPT = rf"(?:{STRING}|-)"
DRY = r"(?: dry)?"
OFF = r"0x(?:[0-9a-f]{8}|[1-9a-f][0-9a-f]{8,15})"
W32 = r"0x[0-9a-f]{8}"
ACCESS = "(?:" + "|".join(rf"{n} 0x[0-9a-f]{{{2 * n}}}" for n in (1, 2, 4, 8)) + ")"
DATA = rf"(?P<data>{HEX})"

HEADER = [
    r"nvtool-trace 1",
    rf"tool {STRING}",
    rf"device {STRING}",
    rf"chip {NAME}",
]
RECORDS = {
    "rd": rf"bar[0-5] {OFF} {ACCESS}",
    "wr": rf"bar[0-5] {OFF} {ACCESS}{DRY}",
    "window-rd": rf"bar[0-5] {OFF} {DATA}",
    "window-wr": rf"bar[0-5] {OFF} {DATA}{DRY}",
    "poll": rf"{W32} {W32} [!=]= {W32} {DEC} (?:(?:ok|fail) {W32}|dry)",
    "cfg-rd": rf"0x[0-9a-f]{{3}} {ACCESS}",
    "cfg-wr": rf"0x[0-9a-f]{{3}} {ACCESS}{DRY}",
    "dma-alloc": rf"{NAME} {HEX} {HEX}",
    "dma-free": rf"{NAME} {HEX} {HEX}",
    "dma-sync": rf"{NAME} {HEX} (?:{DATA}|{HEX} sha256=[0-9a-f]{{64}})",
    "dma-dev-rd": rf"{NAME} {HEX} {DATA}",
    "dma-dev-wr": rf"{NAME} {HEX} {DATA}",
    "release": NAME,
    "msg": rf"(?:to-gsp|from-gsp) {DATA}",
    "step": rf"{NAME} (?:begin|done|failed|undone)",
    "reset": "dry",
    "delay": rf"{DEC}{DRY}",
    "violation": rf"{NAME} {STRING} {OPT} {OPT}",
    "odd": rf"{NAME} {STRING} {OPT} {OPT}",
    "fault": rf"{NAME} {STRING} {OPT} {OPT}",
    "note": rf"{NAME} {STRING} {OPT} {OPT}",
}
RECORDS = {word: re.compile(rest) for word, rest in RECORDS.items()}
DATA_LINE = re.compile(rf"  (?:zero (?P<zero>{DEC})|(?P<hex>(?:[0-9a-f]{{2}}){{1,64}}))")


def check(text):
    """The faults of a trace, each as (line number, what is wrong)."""
    faults = []
    owed = 0
    lines = text.split("\n")
    if lines.pop():
        faults.append((len(lines) + 1, "last line does not end"))
    if len(lines) < len(HEADER):
        faults.append((len(lines), "header is not whole"))
    for number, line in enumerate(lines, 1):
        if not line.isascii() or not line.isprintable():
            faults.append((number, "not plain ASCII"))
            continue
        if line.startswith(" "):
            m = DATA_LINE.fullmatch(line)
            if not m:
                faults.append((number, "bad data line"))
                continue
            n = int(m["zero"]) if m["zero"] else len(m["hex"]) // 2
            if m["zero"] and n < 64:
                faults.append((number, "run of zeros under 64"))
            if n > owed:
                faults.append((number, "more data than the record said"))
            owed = max(owed - n, 0)
            continue
        if owed:
            faults.append((number, f"{owed} bytes of data missing above"))
            owed = 0
        record = line.split(" # ")[0]
        if "#" in record:
            faults.append((number, "'#' outside of a comment"))
        if number <= len(HEADER):
            if not re.fullmatch(HEADER[number - 1], record):
                faults.append((number, "bad header"))
            continue
        word, _, rest = record.partition(" ")
        if word not in RECORDS:
            faults.append((number, f"unknown record {word!r}"))
            continue
        m = RECORDS[word].fullmatch(rest)
        if not m and not (word == "reset" and not rest):
            faults.append((number, f"bad {word}"))
        elif m and "data" in m.groupdict() and m["data"]:
            owed = int(m["data"], 16)
    if owed:
        faults.append((len(lines), f"{owed} bytes of data missing at the end"))
    return faults


def main(paths):
    bad = 0
    for path in paths:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as f:
            for number, what in check(f.read()):
                print(f"{path}:{number}: {what}")
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
