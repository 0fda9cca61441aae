#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Facts stand in one form, no key twice, so that a change reads as what it is.

Manifests: json.dumps(indent=2). protocol/: what its importer writes when it reads them back; overlay.json is by hand.
"""

import json
import os
import pathlib
import shutil
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "protocol/import"))
from canon import Facts  # noqa: E402
from tree import load_roots  # noqa: E402


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    twice = {k for k in keys if keys.count(k) > 1}
    if twice:
        raise ValueError(f"key twice in one object: {', '.join(sorted(twice))}")
    return dict(pairs)


def first_difference(want, have):
    """Number of the first line that differs."""
    want, have = want.split("\n"), have.split("\n")
    return next((i for i, (a, b) in enumerate(zip(want, have)) if a != b), min(len(want), len(have))) + 1


def manifest_form(path):
    return json.dumps(json.loads(path.read_text()), indent=2, ensure_ascii=False) + "\n"


def protocol_forms(paths, scratch):
    """Path -> its text as the importer writes it."""
    for path in paths:
        copy = pathlib.Path(scratch) / path.relative_to(TOP / "protocol")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    Facts(scratch, load_roots()).save()
    return {p: (pathlib.Path(scratch) / p.relative_to(TOP / "protocol")).read_text() for p in paths}


def main():
    manifests = sorted(set((TOP / "fwdb").glob("*.json")) - {TOP / "fwdb/schema.json"})
    schema = sorted(set((TOP / "protocol").glob("*.json")) | set((TOP / "protocol/types").glob("*.json")))
    faults = []
    for path in manifests + schema:
        try:
            json.loads(path.read_text(), object_pairs_hook=no_duplicates)
        except ValueError as e:
            faults.append(f"{path.relative_to(TOP)}: {e}")
    if not faults:
        forms = {p: manifest_form(p) for p in manifests}
        with tempfile.TemporaryDirectory() as scratch:
            forms.update(protocol_forms([p for p in schema if p.name != "overlay.json"], scratch))
        faults = [f"{p.relative_to(TOP)}:{first_difference(form, p.read_text())}: not in canonical form"
                  for p, form in forms.items() if form != p.read_text()]
    print("\n".join(faults) or f"{len(manifests)} manifests and {len(schema)} protocol files are in form")
    return 1 if faults or not manifests or not schema else 0


if __name__ == "__main__":
    sys.exit(main())
