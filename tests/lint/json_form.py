#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Manifests stand in one form: one field a line, no key twice, so that a change reads as what it is."""

import json
import os
import pathlib
import sys

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    twice = {k for k in keys if keys.count(k) > 1}
    if twice:
        raise ValueError(f"key twice in one object: {', '.join(sorted(twice))}")
    return dict(pairs)


def main():
    faults, paths = 0, sorted(set((TOP / "fwdb").glob("*.json")) - {TOP / "fwdb/schema.json"})
    for path in paths:
        text = path.read_text()
        try:
            form = json.dumps(json.loads(text, object_pairs_hook=no_duplicates), indent=2, ensure_ascii=False) + "\n"
        except ValueError as e:
            print(f"{path.name}: {e}")
            faults += 1
            continue
        if form != text:
            want, have = form.split("\n"), text.split("\n")
            n = next((i for i, (a, b) in enumerate(zip(want, have)) if a != b), min(len(want), len(have)))
            print(f"{path.name}:{n + 1}: not in the form of json.dumps(indent=2)")
            faults += 1
    print(f"{len(paths)} manifests, {faults} faults")
    return 1 if faults or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
