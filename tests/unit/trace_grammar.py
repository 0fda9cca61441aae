# SPDX-License-Identifier: MIT
"""The checker of the trace format: what it takes and, line by line, what it refuses."""

import os
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "support"))
import trace_check  # noqa: E402

HEADER = 'nvtool-trace 1\ntool "nvtool 0"\ndevice "sim:ga102"\nchip GA102\n'
GOOD = [
    "rd bar0 0x00000000 4 0x172000a1 # NV_PMC_BOOT_0 # twice",
    "wr bar1 0x100000000 8 0x0000000000000001 dry",
    "poll 0x00000200 0x00000001 != 0x00000000 0 dry",
    "reset",
    "reset dry",
    'fault "a b" "say \\x22no\\x22" - "x"',
    "release 570.144",
    "msg to-gsp 0x41\n  zero 64\n  ff",
    "window-rd bar0 0x00300000 0x0",
]
BAD = [
    "rd bar0 0x0 4 0x172000a1",
    "rd bar0 0x00000000 4 0x172000a1 dry",
    "rd bar0 0x00000000 4 0x1",
    "rd bar0 0x00000000 3 0x000001",
    "rd  bar0 0x00000000 4 0x172000a1",
    "rd bar0 0x00000000 4 0x172000a1#",
    "read bar0 0x00000000 4 0x172000a1",
    "poll 0x00000200 0x00000001 == 0x00000000 0 ok",
    "reset wet",
    "release",
    'note a "say "no"" - -',
    "msg to-gsp 0x2\n  ff",
    "msg to-gsp 0x1\n  ffff",
    "msg to-gsp 0x41\n  ff\nreset",
    "dma-sync x 0x1000 0x0A",
    "  00",
    "",
    "reset \N{BULLET}",
]


def main():
    bad = 0
    for line in GOOD:
        for fault in trace_check.check(HEADER + line + "\n"):
            print(f"refused: {line!r}: {fault}")
            bad = 1
    for text in [HEADER + line + "\n" for line in BAD] + ["", HEADER + "reset", HEADER[5:]]:
        if not trace_check.check(text):
            print(f"taken: {text!r}")
            bad = 1
    return bad


sys.exit(main())
