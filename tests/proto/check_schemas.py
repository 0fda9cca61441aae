#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The schema loader against one bad schema per rule, each with its exact complaint, and one good one.

usage: check_schemas.py [--update]   Good: the generated C and header are those that stand beside it.
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent / "cases"
BUILD = pathlib.Path(os.environ.get("top_builddir", HERE.parents[2] / "build")).resolve()
GEN = BUILD / "protocol/gen/gen"


def run(form, schema):
    got = subprocess.run([GEN, form, schema], cwd=HERE, capture_output=True, text=True)
    return got.returncode, got.stdout, got.stderr


def compare(name, text, update):
    path = HERE / name
    if update:
        path.write_text(text)
    if path.exists() and path.read_text() == text:
        return True
    print(f"{name}: differs; seen:\n{text}")
    return False


def main():
    update = "--update" in sys.argv
    schemas = sorted(p.name for p in HERE.glob("*.json"))
    failed = 0
    for schema in schemas:
        name = schema.removesuffix(".json")
        if name == "good":
            again = [run(form, schema) for form in ("tables", "tables", "fields")]
            ok = all(code == 0 and not err for code, _, err in again) and again[0] == again[1]
            ok &= compare("good.tables", again[0][1], update) & compare("good.fields", again[2][1], update)
        else:
            code, out, err = run("fields", schema)
            ok = code == 4 and not out and compare(name + ".err", err, update)
        failed += not ok
        if not ok:
            print(f"FAIL: {schema}")
    print(f"{len(schemas)} schemas, {failed} failed")
    return 1 if failed or not schemas else 0


if __name__ == "__main__":
    sys.exit(main())
