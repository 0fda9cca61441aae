# SPDX-License-Identifier: MIT
"""Where the published firmware is, and TAP rows about it."""
import hashlib
import lzma
import os
import subprocess

CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], ".cache")
FOLDERS = [os.path.join(CACHE, "nvtool", "firmware"), "/lib/firmware/updates", "/lib/firmware"]
rows = 0


def report(ok, name, *why):
    """One TAP row; `why` is shown when it fails."""
    global rows
    rows += 1
    print(f"{'ok' if ok else 'not ok'} {rows} - {name}", flush=True)
    if not ok:
        for line in why:
            print(f"# {line}")


def plan():
    print(f"1..{rows}")


def sha(b):
    return hashlib.sha256(b).hexdigest()


def unzstd(b):
    return subprocess.run(["zstd", "-dc"], input=b, stdout=subprocess.PIPE, check=True).stdout


def find(path):
    """The file that nvtool would take, and its bytes; None and None if there is none."""
    for folder in FOLDERS:
        for suffix, unpack in ("", bytes), (".xz", lzma.decompress), (".zst", unzstd):
            name = os.path.join(folder, path) + suffix
            if os.path.exists(name):
                with open(name, "rb") as f:
                    return name, unpack(f.read())
    return None, None
