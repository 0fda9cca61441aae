#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes one small set of messages in every form that `nvtool rpc dump` reads.

mkcaptures.py OUTDIR
"""

import pathlib
import struct
import sys

RELEASE = b"570.144"
PENDING = 0xffffffff
TO_GSP, FROM_GSP = 0, 1
PAGE, ELEMENT_HEADER = 4096, 48


def rpc(function, payload, sequence=0, result=0):
    return struct.pack("<8I", 0x03000000, 0x43505256, 32 + len(payload), function, result, result, sequence, 0) + payload


def control(cmd, status, params):
    return struct.pack("<6I", 0xc1d00001, 0xa55a0020, cmd, status, len(params), 0) + params


def alloc(parent, handle, number, status, params):
    return struct.pack("<8I", 0xc1d00001, parent, handle, number, status, len(params), 0, 0) + params


# (nanoseconds, direction, message)
MESSAGES = [
    (1000, TO_GSP, rpc(73, struct.pack("<2I4I", 38, 1, 24, 1, 0x12345678, 4) + b"RmTestKey\0\0\0\0\0", result=PENDING)),
    (2500, FROM_GSP, rpc(0x1001, b"")),
    (3000, TO_GSP, rpc(103, alloc(0, 0xa55a0020, 0x2080, 0, bytes(4)), 1, PENDING)),
    (9000, FROM_GSP, rpc(103, alloc(0, 0xa55a0020, 0x2080, 0, bytes(4)), 1)),
    (10000, TO_GSP, rpc(76, control(0x20800a01, 0, bytes(range(16))), 2, PENDING)),
    (12000, FROM_GSP, rpc(0x1006, struct.pack("<III", 31, 0, 5) + b"Xid \"31\"\t\xc3\xa4".ljust(256, b"\0") + bytes(4))),
    (40000, FROM_GSP, rpc(76, control(0x20800a01, 0x56, bytes(range(16, 32))), 2)),
    (41000, TO_GSP, rpc(76, control(0x2080012b, 0, b"\xff" * 5), 3, PENDING)),
    (1234567890, TO_GSP, rpc(9999, b"unknown function", 4, PENDING)),
]


def block(order, kind, body):
    size = 12 + len(body)
    return struct.pack(order + "II", kind, size) + body + struct.pack(order + "I", size)


def padded(data):
    return data + bytes(-len(data) % 4)


def cap_header(direction, release=RELEASE):
    return struct.pack("<4sBBH24s", b"NVGR", 1, direction, 32, release)


def section(order):
    return block(order, 0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))


def interface(order, link=147, tsresol=None):
    option = struct.pack(order + "HH", 9, 1) + bytes([tsresol, 0, 0, 0]) + bytes(4) if tsresol is not None else b""
    return block(order, 1, struct.pack(order + "HHI", link, 0, 0) + option)


def packet(order, index, t, data, whole=None):
    return block(order, 6, struct.pack(order + "5I", index, t >> 32, t & 0xffffffff, len(data),
                                       len(data) if whole is None else whole) + padded(data))


def pcapng(order="<"):
    out = section(order) + interface(order, tsresol=9)
    for t, way, message in MESSAGES:
        out += packet(order, 0, t, cap_header(way) + message)
    return out


def calls_pcapng():
    """200 calls that take 1 to 200 us in no order and overlap; the one of 151 us lacks its reply, one reply its call."""
    out, rows = section("<") + interface("<", tsresol=9), []
    for i in range(200):
        sent, took, seq = i * 90_000, ((i * 77) % 200 + 1) * 1000, i + 1
        rows.append((sent, 2 * i, TO_GSP, rpc(76, control(0x20800a01, 0, bytes(4)), seq, PENDING)))
        if i != 150:
            rows.append((sent + took, 2 * i + 1, FROM_GSP, rpc(76, control(0x20800a01, i % 50 == 7, bytes(4)), seq)))
    rows.append((5, 1000, FROM_GSP, rpc(10, bytes(16))))
    for t, _, way, message in sorted(rows, key=lambda r: r[:2]):
        out += packet("<", 0, t, cap_header(way) + message)
    return out


def odd_pcapng():
    """Two sections of both byte orders; foreign and cut packets, other blocks, other clocks."""
    first, other = MESSAGES[0], MESSAGES[4]
    out = section(">") + interface(">", link=1) + interface(">")  # a foreign link, then microseconds
    out += packet(">", 0, 5, b"\x00" * 60) + packet(">", 1, 5, b"not a message at all, but long enough")
    out += packet(">", 1, 7, cap_header(first[1]) + first[2]) + block(">", 0xbad, b"\1\2\3\4")
    out += packet(">", 9, 5, cap_header(first[1]) + first[2])
    out += section("<") + interface("<", tsresol=0x80 | 10)  # 1/1024 s
    cut = (cap_header(other[1], b"999.1") + other[2])[:32 + 32 + 10]
    out += packet("<", 0, 1536, cut, 32 + len(other[2]))
    return out + block("<", 3, struct.pack("<I", 32 + len(first[2])) + padded(cap_header(first[1]) + first[2]))


def trace():
    out = ['nvtool-trace 1', 'tool "mkcaptures"', 'device "none"', 'chip GA102', 'rd bar0 0x00000000 4 0x172000a1 # NV_PMC_BOOT_0',
           'dma-dev-wr queues 0x1000 0x2', '  0102']
    for _, way, message in MESSAGES:
        out.append(f"msg {('to-gsp', 'from-gsp')[way]} 0x{len(message):x} # a comment")
        at = 0
        while at < len(message):
            zeros = len(message[at:]) - len(message[at:].lstrip(b"\0"))
            n = zeros if zeros >= 64 else min(64, len(message) - at)
            out.append(f"  zero {n}" if zeros >= 64 else "  " + message[at:at + n].hex())
            at += n
        out.append("delay 5")
    return ("\n".join(out) + "\n").encode()


def fold(data):
    total = 0
    for (word,) in struct.iter_unpack("<Q", data + bytes(-len(data) % 8)):
        total ^= word
    return (total >> 32 ^ total) & 0xffffffff


def record(message, seq, sealed=None):
    """Elements of one record; sealed: the length that the header claims and the checksum covers."""
    count = -(-(ELEMENT_HEADER + (sealed or len(message))) // PAGE)
    body = struct.pack("<32x4I", 0, seq, count, 0) + message
    body += bytes(count * PAGE - len(body))
    sum_ = fold(body[:ELEMENT_HEADER + (sealed or len(message))])
    return body[:32] + struct.pack("<I", sum_) + body[36:]


class Ring:
    """A queue of `count` elements, written from the first on."""

    def __init__(self, count):
        self.count, self.slots, self.write, self.seq = count, [bytes(PAGE)] * count, 0, 0

    def put(self, data):
        for at in range(0, len(data), PAGE):
            self.slots[self.write] = data[at:at + PAGE]
            self.write = (self.write + 1) % self.count

    def send(self, message, sealed=None):
        self.put(record(message, self.seq, sealed))
        self.seq += 1

    def image(self, read_of_other):
        size = PAGE * (1 + self.count)
        head = struct.pack("<9I", 0, size, PAGE, self.count, self.write, 1, 32, PAGE, read_of_other)
        return head + bytes(PAGE - len(head)) + b"".join(self.slots)


def queue():
    """Wrapped rings, a long message with continuation, an alloc that omits its parameters from the length."""
    cmd, status = Ring(6), Ring(20)
    for _, way, message in MESSAGES:
        if way == TO_GSP and message[12] != 103:
            cmd.send(message)
    sent = rpc(103, alloc(0, 0xa55a0021, 0x2080, 0, b"\xaa\xbb\xcc\xdd"), 9, PENDING)
    cmd.send(sent[:8] + struct.pack("<I", 64) + sent[12:], 64)  # slot 4
    cmd.send(rpc(10, struct.pack("<3I", 0xc1d00001, 0xa55a0020, 0xa55a0021) + bytes(4), 10, PENDING))
    cmd.send(rpc(47, bytes(8), 11, PENDING))  # slot 0: wraps
    for _, way, message in MESSAGES:
        if way == FROM_GSP:
            status.send(message)
    limit = 16 * PAGE - ELEMENT_HEADER
    long = rpc(76, control(0x20801234, 0, bytes(i * 7 & 0xff for i in range(70000))), 5)
    head = long[:8] + struct.pack("<I", limit) + long[12:limit]
    status.send(head)
    rest = long[limit:]
    status.send(rpc(71, rest, 5))
    # GSP read up to slot 5 of the commands; the driver up to slot 4 of the statuses
    return bytes(PAGE) + cmd.image(4) + status.image(5)


def small_queue():
    cmd, status = Ring(3), Ring(3)
    for _, way, message in MESSAGES[:5]:
        (cmd, status)[way].send(message)
    return bytes(PAGE) + cmd.image(1) + status.image(2)


def encrypted(seq, count):
    """A record of confidential computing: nobody can read it, and its checksum covers whole elements."""
    noise = bytes((i * 11 + (i >> 8)) & 0xff for i in range(count * PAGE - ELEMENT_HEADER))
    body = bytes(range(1, 17)) + struct.pack("<I12x4I", seq, 0, seq, count, 0) + noise
    return body[:32] + struct.pack("<I", fold(body)) + body[36:]


def encrypted_queue(*clear):
    cmd, status = Ring(6), Ring(6)
    for message in clear:
        cmd.send(message)
    cmd.put(encrypted(cmd.seq, 1))
    status.put(encrypted(0, 3))
    return bytes(PAGE) + cmd.image(0) + status.image(0)


def dump_lines(prefix, stamp, payload):
    for at in range(0, len(payload), 16):
        row = payload[at:at + 16]
        text = "".join(chr(c) if 0x20 <= c < 0x7f else "." for c in row)
        yield f"{stamp}{prefix}: {at:08x}: {' '.join(f'{c:02x}' for c in row):<47}  {text}"


def nouveau():
    lines = ["[    1.000000] nouveau 0000:01:00.0: NVIDIA GA102 (b72000a1)",
             "[    1.000001] nouveau 0000:01:00.0: gsp: RM version: 570.144"]
    for t, way, message in MESSAGES:
        _, _, length, fn, result, private, _, _ = struct.unpack_from("<8I", message)
        stamp = f"[{t // 10**9:5}.{t // 1000 % 10**6:06}] "
        if way == TO_GSP:
            lines.append(f"{stamp}nouveau 0000:01:00.0: gsp: rpc fn:{fn} len:0x{length:x}/0x{length - 32:x}")
        else:
            lines.append(f"{stamp}nouveau 0000:01:00.0: gsp: msg fn:{fn} len:0x{length:x}/0x{length - 32:x} "
                         f"res:0x{result:x} resp:0x{private:x}")
        lines += dump_lines(("rpc", "msg")[way], stamp, message[32:])
        lines.append(f"{stamp}usb 1-1: something else")
    del lines[-2]  # the last dump is lost
    return ("\n".join(lines) + "\n").encode()


NOVA = b"""[    2.100000] nova-core 0000:01:00.0: loaded gsp firmware v570.144
[    2.125000] NovaCore 0000:01:00.0: GSP RPC: send: seq# 0, function=GSP_SET_SYSTEM_INFO, length=0x3f0
[    2.125003] NovaCore 0000:01:00.0: GSP RPC: async send: seq# 1, function=SET_REGISTRY, length=0xc5
[    2.226000] NovaCore 0000:01:00.0: GSP RPC: receive: seq# 0, function=0x1002 (RUN_CPU_SEQUENCER), length=0x18e8
[    2.226001] nova-core 0000:01:00.0: GSP RPC: receive: seq# 0, function=Ok(GspPostNoCat), length=0x50c
[    2.326000] NovaCore 0000:01:00.0: GSP RPC: async received: seq# 17, function=INIT_DONE, length=0x50
[    2.426000] NovaCore 0000:01:00.0: GSP RPC: send: seq# 2, function=GET_GSP_STATIC_INFO, length=0x6c8
[    2.426900] NovaCore 0000:01:00.0: GSP RPC: receive: seq# 0, function=Ok(GetGspStaticInfo), length=0x6c8
[    2.427000] NovaCore 0000:01:00.0: GSP RPC: receive: seq# 0, function=Err(4190), length=0x64
[    2.427100] NovaCore 0000:01:00.0: GSP RPC: receive: seq# 0, bad function=0x1077, length=0x44
[    2.427200] NovaCore 0000:01:00.0: GSP RPC: response received: seq# 2, function=SOMETHING_NEW, length=0x58
"""


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    files = {"messages.pcapng": pcapng(), "big-endian.pcapng": pcapng(">"), "odd.pcapng": odd_pcapng(),
             "cut.pcapng": pcapng()[:-30],
             "calls.pcapng": calls_pcapng(), "messages.trace": trace(), "queue.bin": queue(), "small-queue.bin": small_queue(),
             "encrypted-queue.bin": encrypted_queue(), "part-encrypted-queue.bin": encrypted_queue(MESSAGES[0][2]),
             "nouveau.log": nouveau(), "nova.log": NOVA}
    for name, data in files.items():
        (out / name).write_bytes(data)


if __name__ == "__main__":
    main()
