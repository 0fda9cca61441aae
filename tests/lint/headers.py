#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every header compiles alone, as C11 without a warning."""

import os
import pathlib
import shlex
import subprocess
import sys

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("top_builddir", TOP / "build"))
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wstrict-prototypes", "-Werror", "-fsyntax-only",
         "-D_GNU_SOURCE"]
# Row files: meant to be expanded with macros that the includer defines.
EXPANDED = "No include guard on purpose"


def main():
    compiler = shlex.split(os.environ.get("CC", "cc"))
    folders = [f"-I{root / d}" for root in (TOP, BUILD) for d in ("lib/include", "lib", ".")]
    headers = [p for d in ("lib", "cli") for p in sorted((TOP / d).rglob("*.h")) if EXPANDED not in p.read_text()]
    failed = 0
    for header in headers:
        run = subprocess.run(compiler + FLAGS + folders + ["-include", str(header), "-x", "c", "/dev/null"],
                             capture_output=True, text=True)
        if run.returncode:
            failed += 1
            print(f"{header.relative_to(TOP)} does not compile alone:\n{run.stderr}")
    print(f"{len(headers) - failed} of {len(headers)} headers compile alone")
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
