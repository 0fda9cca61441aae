#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seed inputs of the vfu target: what a client sends from its greeting to its end.

usage: gen_vfu.py FOLDER      (tests/fuzz/corpus/vfu holds its output)
"""

import pathlib
import struct
import sys

FILE, EVENTFD = 1, 2
VERSION, DMA_MAP, DMA_UNMAP, INFO, REGION_INFO, IRQ_INFO, SET_IRQS, READ, WRITE, RESET = 1, 2, 3, 4, 5, 7, 8, 9, 10, 13
serial = 0


def message(command, payload=b"", fds=0, flags=0):
    global serial
    serial += 4
    return struct.pack("<HHIII", serial | fds, command, 16 + len(payload), flags, 0) + payload


def hello():
    return message(VERSION, struct.pack("<HH", 0, 0) + b'{"capabilities":{"max_msg_fds":16}}\0')


def dma_map(iova, size, off=0, access=3, fds=FILE):
    return message(DMA_MAP, struct.pack("<IIQQQ", 32, access, off, iova, size), fds)


def dma_unmap(iova, size, flags=0):
    return message(DMA_UNMAP, struct.pack("<IIQQ", 24, flags, iova, size))


def irqs(flags, index, start, count, data=b"", fds=0):
    return message(SET_IRQS, struct.pack("<5I", 20, flags, index, start, count) + data, fds)


def read(region, off, n):
    return message(READ, struct.pack("<QII", off, region, n))


def write(region, off, data, flags=0):
    return message(WRITE, struct.pack("<QII", off, region, len(data)) + data, flags=flags)


def start_up():
    out = hello() + dma_map(0, 0x10000) + dma_map(0xfffc0000, 0x40000, access=1, fds=0)
    out += message(INFO, struct.pack("<4I", 16, 0, 0, 0))
    for index in (0, 1, 7, 8):
        out += message(REGION_INFO, struct.pack("<4IQQ", 32, 0, index, 0, 0, 0))
    out += message(IRQ_INFO, struct.pack("<4I", 16, 0, 3, 0))
    out += read(7, 0, 0x1000) + irqs(0x24, 0, 0, 1, fds=EVENTFD) + message(RESET)
    return out


def memory():
    out = hello() + dma_map(0x10000, 0x10000) + dma_unmap(0x14000, 0x2000)
    out += dma_map(0x14000, 0x2000, 0x4000, access=1) + dma_unmap(0, 1 << 63) + dma_unmap(0, 0, flags=2)
    for i in range(24):
        out += dma_map(0x100000 + i * 0x2000, 0x1000, (i % 16) * 0x1000)
    for i in range(0, 24, 3):
        out += dma_unmap(0x100000 + i * 0x2000, 0x3000)
    return out


def accesses():
    out = hello()
    for n in (1, 2, 4, 8):
        out += write(0, 0x100 * n, bytes(range(n))) + read(0, 0x100 * n, n)
    out += write(0, 0x20, b"\1\2\3\4", flags=0x10) + write(7, 4, b"\6\0") + read(0, 0xfff8, 8)
    out += irqs(0x24, 1, 0, 1, fds=EVENTFD) + irqs(0x22, 1, 0, 4, b"\1\0\1\0") + irqs(0x21, 1, 0, 0)
    out += irqs(0x24, 0, 0, 1, fds=EVENTFD) + irqs(0x11, 0, 0, 1) + irqs(0x09, 0, 0, 1) + irqs(0x21, 0, 0, 0)
    return out


def main():
    folder = pathlib.Path(sys.argv[1])
    for seed in (start_up, memory, accesses):
        (folder / seed.__name__).write_bytes(seed())


if __name__ == "__main__":
    main()
