#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a seed input of the sim_mmio target from the trace of a boot: its register accesses, without the PROM.

usage: gen_sim_mmio.py TRACE FIRST COUNT > tests/fuzz/corpus/sim_mmio/NAME
"""

import re
import struct
import sys

WRITE, READ, TIME = 0, 1, 6
VALUE_IS_DMA = 0x10
DMATRFBASE = (0x110110, 0x840110)
ACCESS = re.compile(r"(rd|wr) bar0 (0x[0-9a-f]+) (\d) (0x[0-9a-f]+)")
POLL = re.compile(r"poll .*\bus=(\d+)")


def operations(lines):
    for line in lines:
        m = ACCESS.match(line)
        if m:
            off, size, val = int(m[2], 16), int(m[3]), int(m[4], 16)
            arg = size.bit_length() - 1 | (VALUE_IS_DMA if m[1] == "wr" and off in DMATRFBASE else 0)
            if not 0x300000 <= off < 0x400000:
                yield struct.pack("<BBII", WRITE if m[1] == "wr" else READ, arg, off, val)
        m = POLL.match(line)
        if m:
            yield struct.pack("<BBII", TIME, 0, 0, int(m[1]))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as f:
        ops = list(operations(f))
    first, count = int(sys.argv[2]), int(sys.argv[3])
    sys.stdout.buffer.write(b"".join(ops[first:first + count]))


if __name__ == "__main__":
    main()
