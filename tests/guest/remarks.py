#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the model remarked of each driver: every row needs an explanation, and the manual page is these rows.

usage: remarks.py [--write PAGE] FOLDER...

Each folder is what a guest's case left; its name begins with the driver's. Without --write this is a test (TAP).
"""

import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "man/nvtool-strictness.7"
DRIVERS = {"nouveau": "nouveau", "nova": "nova-core", "nvtool": "nvtool"}
KINDS = {"violations": "violation", "odd": "odd"}
HEAD = r""".\" SPDX-License-Identifier: MIT
.\" Generated from the reports of make check-guest: make strictness-update
.Dd November 22, 2026
.Dt NVTOOL-STRICTNESS 7
.Os
.Sh NAME
.Nm nvtool-strictness
.Nd what the device model remarks of known drivers
.Sh DESCRIPTION
The model is a strict device.
When a driver breaks a rule of the device, that is a
.Em violation :
it ends the run in process, and is collected by
.Cm sim serve .
What a device takes, but no driver needs to do, is
.Em odd .
Both stand in the report of
.Cm sim serve ,
in the trace, and with
.Fl v
on standard error.
.Pp
In
.Cm make check-guest
the unmodified nouveau of Debian's kernels 7.3 and 6.12 and the unmodified nova-core of Linux 7.3 boot, unload and boot
the model again, and
.Xr nvtool 1
does so in a guest.
What the model remarks of them:
"""
TAIL = r""".Pp
A test fails when there is anything else.
.Sh SEE ALSO
.Xr nvtool-sim 1 ,
.Xr nvtool-trace 1 ,
.Xr nvtool-guest 7
"""


def read(folders):
    """Cases by driver, and rows: (driver, kind, rule) -> {texts, cases}."""
    cases, rows = {}, {}
    for folder in map(pathlib.Path, folders):
        driver = DRIVERS.get(folder.name.split("-")[0])
        path = folder / "report.json"
        if not driver or not path.exists() or not path.stat().st_size:
            continue
        clients = json.loads(path.read_text(encoding="utf-8"))["data"]["clients"]
        if folder.name in provoked() or any(client["model"]["fault"] for client in clients):
            continue  # a guest or a model made to misbehave
        cases.setdefault(driver, []).append(folder.name)
        for client in clients:
            for key, kind in KINDS.items():
                for found in client["model"][key]:
                    row = rows.setdefault((driver, kind, found["rule"]), {"texts": set(), "cases": set()})
                    row["texts"].add(found["text"])
                    row["cases"].add(folder.name)
    return cases, rows


def facts(key):
    return json.loads((HERE / "strictness.json").read_text("utf-8"))[key]


def provoked():
    """Cases whose guest breaks a rule on purpose, and check themselves what comes of it."""
    return {x["case"] for x in facts("provoked")}


def explanations():
    return {(x["driver"], x["kind"], x["rule"]): x for x in facts("explanations")}


def mdoc(text):
    """Text on lines of its own, one a sentence."""
    return text.replace("\\", "\\e").replace(". ", ".\n")


def page(rows, known):
    out = HEAD + ".Bl -tag -width Ds\n"
    for driver in sorted(DRIVERS.values()):
        mine = sorted(k for k in rows if k[0] == driver and k in known)
        out += "" if mine else f".It {driver}\nNothing.\n"
        for key in mine:
            out += f".It {driver}, {key[1]} Li {key[2]}\n"
            out += "".join(f"{mdoc(text[0].upper() + text[1:])}.\n" for text in sorted(rows[key]["texts"]))
            out += f".br\n{mdoc(known[key]['why'])}\n.br\nSource: {mdoc(known[key]['source'])}.\n"
    return out + ".El\n" + TAIL


def test(cases, rows, known):
    tests = []
    for driver in ("nvtool", *sorted(set(DRIVERS.values()) - {"nvtool"})):
        found = sorted(k for k in rows if k[0] == driver)
        bad = [k for k in found if k not in known]
        skip = "" if driver in cases or not os.environ.get("NVT_ALLOW_SKIP") else " # SKIP no case of it has run"
        tests.append((driver in cases or bool(skip), f"{driver} has been judged{skip}", []))
        tests.append((not bad, f"{driver}: every remark of the model is explained",
                      [f"{kind} {rule}: {'; '.join(sorted(rows[d, kind, rule]['texts']))}" for d, kind, rule in bad]))
    stale = sorted(k for k in known if k[0] in cases and k not in rows)
    tests.append((not stale, "every explanation is of something that was seen", [str(k) for k in stale]))
    tests.append((not any(k[0] == "nvtool" for k in [*rows, *known]), "nvtool gets no remark at all", []))
    if set(cases) == set(DRIVERS.values()):
        tests.append((PAGE.read_text("utf-8") == page(rows, known), "nvtool-strictness(7) has what was seen",
                      ["make strictness-update"]))
    else:
        tests.append((True, "nvtool-strictness(7) has what was seen # SKIP not all drivers have run", []))
    print(f"1..{len(tests)}")
    for i, (good, what, notes) in enumerate(tests, 1):
        print(f"{'ok' if good else 'not ok'} {i} - {what}")
        if not good:
            print("".join(f"# {note}\n" for note in notes), end="")


def main(argv):
    write = argv[1] if argv[:1] == ["--write"] else None
    cases, rows = read(argv[2:] if write else argv)
    if not write:
        test(cases, rows, explanations())
        return 0
    missing = sorted(k for k in rows if k not in explanations())
    if missing or set(cases) != set(DRIVERS.values()):
        print(f"not explained: {missing}; drivers that have run: {sorted(cases)}", file=sys.stderr)
        return 1
    pathlib.Path(write).write_text(page(rows, explanations()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
