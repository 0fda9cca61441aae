#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seed inputs of the msgq target: rings with valid records of each shape.

usage: gen_msgq.py FOLDER      (tests/fuzz/corpus/msgq holds its output)
"""

import pathlib
import struct
import sys

PAGE, ELEMENTS, ELEM_HDR, RPC_HDR = 0x1000, 18, 0x30, 0x20
RECORD_MAX = 16 * PAGE - ELEM_HDR
INIT_DONE, POST_EVENT, CONTROL, CONTINUATION = 0x1001, 0x1003, 76, 71


def rpc(function, payload, sequence=0):
    return struct.pack("<8I", 0x03000000, 0x43505256, RPC_HDR + len(payload), function, 0, 0, sequence, 0) + payload


def checksum(data):
    data += bytes(-len(data) % 8)
    x = 0
    for (word,) in struct.iter_unpack("<Q", data):
        x ^= word
    return (x >> 32) ^ (x & 0xffffffff)


def record(message, seq):
    count = -(-(ELEM_HDR + len(message)) // PAGE)
    head = struct.pack("<16x16xIIII", 0, seq, count, 0)
    summed = checksum(head + message)
    return (struct.pack("<16x16xIIII", summed, seq, count, 0) + message).ljust(count * PAGE, b"\0")


def ring(records, write=None):
    body = b"".join(record(m, i) for i, m in enumerate(records))
    if write is None:
        write = len(body) // PAGE
    head = struct.pack("<8I", 0, (ELEMENTS + 1) * PAGE, PAGE, ELEMENTS, write, 1, 0x20, PAGE)
    return (head.ljust(PAGE, b"\0") + body).rstrip(b"\0")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    long = bytes(range(256)) * 24
    seeds = {
        "empty": ring([]),
        "one-event": ring([rpc(INIT_DONE, b"")]),
        "events": ring([rpc(POST_EVENT, bytes(32)), rpc(INIT_DONE, bytes(4)), rpc(POST_EVENT, bytes(40))]),
        "page-edge": ring([rpc(POST_EVENT, bytes(PAGE - ELEM_HDR - RPC_HDR)),
                           rpc(POST_EVENT, bytes(PAGE - ELEM_HDR - RPC_HDR + 1))]),
        "two-elements": ring([rpc(CONTROL, long[:5000], 7)]),
        "continued": ring([rpc(CONTROL, bytes(24) + long[:3000]), rpc(POST_EVENT, bytes(16)),
                           rpc(CONTINUATION, long[:100])]),
        "stray-continuation": ring([rpc(CONTINUATION, bytes(64))]),
        "write-pointer-out": ring([rpc(INIT_DONE, b"")], write=ELEMENTS),
        "full": ring([rpc(POST_EVENT, bytes(8))] * (ELEMENTS - 1)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds.items():
        (folder / name).write_bytes(b"\0" + data)
        (folder / f"{name}-sealed").write_bytes(b"\1" + data)


if __name__ == "__main__":
    main()
