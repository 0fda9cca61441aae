# SPDX-License-Identifier: MIT
"""Runs nvtool in a folder of its own, with the synthetic firmware release beside it, and speaks TAP."""

import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))
HERE = TOP / "tests/golden"
NVTOOL = pathlib.Path(os.environ.get("NVTOOL", "cli/nvtool")).resolve()
# Synthetic releases, and what they stand for on a command line.
RELEASES = {"fw": [], "fw-ada": ["AD102"], "fw-r535": ["--protocol", "535.113.01", "GA102", "AD102"]}
FIRMWARE = {"@" + name.upper(): ["--fwdb", f"{name}/fwdb", "--firmware", f"{name}/firmware", "--release", "0.0.0-test"]
            for name in RELEASES}


class Tap:
    """Counts and prints results."""

    def __init__(self):
        self.count = self.failed = 0

    def result(self, ok, name, why=""):
        self.count += 1
        self.failed += not ok
        print(("ok" if ok else "not ok"), self.count, "-", name.replace("#", "no. "))
        for line in why.splitlines() if not ok else []:
            print("#", line)

    def skip(self, name, why):
        self.count += 1
        print("ok", self.count, "-", name, "# SKIP", why)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(self.failed > 0)


class Folder:
    """A scratch folder with fw/ in it; paths in results are relative to it."""

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.temp.name)
        for name, words in RELEASES.items():
            subprocess.run([sys.executable, TOP / "tests/support/mkfirmware.py", self.path / name, *words], check=True,
                           stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, TOP / "tests/support/mktree.py", self.path / "fw/firmware", "0.0.0-test",
                        self.path / "fw/tree"], check=True)
        return self

    def __exit__(self, *what):
        self.temp.cleanup()

    def nvtool(self, words, stdin=b""):
        """-> exit code, stdout, stderr; neither stream is a terminal."""
        argv = [w for word in words for w in FIRMWARE.get(word, [word])]
        done = subprocess.run([NVTOOL, *argv], cwd=self.path, input=stdin, capture_output=True, timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def difference(want, got, name):
    lines = difflib.unified_diff(want.splitlines(), got.splitlines(), f"expected {name}", "printed", lineterm="", n=2)
    return "\n".join(list(lines)[:40])
