#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients of `sim serve` that go away without a word: between and inside messages, and behind each step of bring-up.

A client repeats over vfio-user what nvtool did on the model in process, as its trace tells. The one that comes next
meets a device just powered on, and gets further; the last one boots and unloads. The server says who left where.
"""

import json
import mmap
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

import serve
from serve import BAR0, CONFIG, DMA_MAP, MSI, NVTOOL, READ, RESET, VERSION, WRITE

RELEASE = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "tests/model/release"))
WPR2_HI = 0x1fa828
SECONDS = 10
# Steps that the model knows a guest's driver by, with those of nvtool that come before the next.
STEPS = {
    "identify": None, "wait-gfw": None, "read-vbios": None, "fwsec-frts": "fwsec-frts", "gsp-reset": "fwsec-frts",
    "booter-load": "riscv-active", "link-queues": "link-queues", "registry": "link-queues", "sequencer": "sequencer",
    "init-done": "init-done", "static-info": "init-done", "unloading-driver": "unloading-driver",
    "fwsec-sb": "fwsec-sb", "booter-unload": "booter-unload",
}


def nvtool(folder, *argv):
    done = subprocess.run([NVTOOL, "--fwdb", f"{RELEASE}/fwdb", "--firmware", f"{RELEASE}/firmware", "--release",
                           "0.0.0-test", *argv], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def gsp_image(folder):
    """What the trace has the digest of."""
    nvtool(folder, "fw", "extract", f"{RELEASE}/firmware/nvidia/ga102/gsp/gsp-0.0.0-test.bin", "--section", ".fwimage",
           "--out", folder)
    with open(os.path.join(folder, "fwimage"), "rb") as f:
        return f.read()


def records(path):
    """(words, data) of each record."""
    out = []
    with open(path, encoding="ascii") as f:
        for line in f:
            if not line.startswith("  "):
                out.append([line.split(" # ")[0].split(), b""])
            elif line.startswith("  zero "):
                out[-1][1] += bytes(int(line[7:]))
            else:
                out[-1][1] += bytes.fromhex(line.strip())
    return [(words, data) for words, data in out]


class Driver(serve.Client):
    """Repeats a trace. Memory is one file, a mapping for each buffer."""

    def __init__(self, path, image):
        super().__init__(path)
        self.image = image
        self.fd = os.memfd_create("guest")
        self.size = 0
        self.buffers = []  # address, size, offset in the file

    def close(self):
        self.sock.close()
        os.close(self.fd)

    def allocate(self, address, size):
        os.ftruncate(self.fd, self.size + size)
        self.good(DMA_MAP, struct.pack("<IIQQQ", 32, 3, self.size, address, size), [self.fd])
        self.buffers.append((address, size, self.size))
        self.size += size

    def offset(self, address):
        (at,) = [off + address - base for base, size, off in self.buffers if base <= address < base + size]
        return at

    def wait_word(self, address, want):
        """A queue pointer that the device moves: it may be further on already."""
        end = time.monotonic() + SECONDS
        while int.from_bytes(os.pread(self.fd, 4, self.offset(address)), "little") < want:
            assert time.monotonic() < end, f"the device does not write {want} to {address:#x}"
            time.sleep(0.0005)

    def wait_bytes(self, address, want):
        end = time.monotonic() + SECONDS
        while os.pread(self.fd, len(want), self.offset(address)) != want:
            assert time.monotonic() < end, f"the device does not write to {address:#x}"
            time.sleep(0.0005)

    def poll(self, offset, mask, op, want):
        end = time.monotonic() + SECONDS
        while ((self.rd(BAR0, offset) & mask) == want) != (op == "=="):
            assert time.monotonic() < end, f"{offset:#x} & {mask:#x} does not become {want:#x}"

    def repeat(self, words, data):
        kind, args = words[0], words[1:]
        number = [int(a, 0) if re.fullmatch("0x[0-9a-f]+|[0-9]+", a) else a for a in args]
        if kind == "rd":
            self.rd(int(args[0][3]), number[1], number[2])
        elif kind == "wr":
            self.wr(int(args[0][3]), number[1], number[3], number[2])
        elif kind == "cfg-wr":
            self.wr(CONFIG, number[0], number[2], number[1])
        elif kind == "poll":
            self.poll(number[0], number[1], args[2], number[3])
        elif kind == "dma-alloc":
            self.allocate(number[-2], number[-1])
        elif kind == "dma-sync":
            os.pwrite(self.fd, data or self.image, self.offset(number[1]))
        elif kind == "dma-dev-wr" and "queue header" in " ".join(args):
            self.wait_bytes(number[-2], data)
        elif kind == "dma-dev-wr" and "pointer" in " ".join(args):
            self.wait_word(number[-2], int.from_bytes(data, "little"))

    def boot(self, trace, until=None):
        assert self.rd(BAR0, WPR2_HI) == 0, "the device is not as after power-on"
        for words, data in trace:
            self.repeat(words, data)
            if words[0] == "step" and words[1:] == [until, "done"]:
                return


def half_a_header(c):
    c.sock.sendall(struct.pack("<HHI", 1, VERSION, 100))


def half_a_payload(c):
    c.hello()
    c.sock.sendall(struct.pack("<HHIIIQI", 2, WRITE, 16 + 16 + 4, 0, 0, 0x1700, BAR0))


def after_version(c):
    c.hello()


def after_map(c):
    c.hello()
    c.allocate(0x100000, 0x10000)


def after_region_write(c):
    c.hello().wr(BAR0, 0x1700, 0x1234)


def after_irqs(c):
    event = os.eventfd(0, os.EFD_NONBLOCK)
    c.hello().irqs(0x24, MSI, 1, [event])
    os.close(event)


def after_reset(c):
    c.hello().good(RESET)


def before_the_reply(c):
    c.hello()
    for _ in range(100):
        c.sock.sendall(struct.pack("<HHIIIQII", 3, READ, 32, 0, 0, 0, CONFIG, 4096))


def after_shrinking_its_memory(c):
    """Its file is shorter than what it mapped."""
    c.hello()
    c.allocate(0x100000, mmap.PAGESIZE)
    os.ftruncate(c.fd, 0)


MESSAGES = [half_a_header, half_a_payload, after_version, after_map, after_region_write, after_irqs, after_reset,
            before_the_reply, after_shrinking_its_memory]
IN_A_MESSAGE = {"half_a_header", "half_a_payload", "before_the_reply"}


def run(path, trace, image):
    for drop in MESSAGES:
        c = Driver(path, image)
        drop(c)
        c.close()
    for step in STEPS:
        c = Driver(path, image).hello()
        c.boot(trace, step)
        c.close()
    c = Driver(path, image).hello()
    c.boot(trace)
    c.close()


def check(clients, said):
    assert len(clients) == len(MESSAGES) + len(STEPS) + 1, len(clients)
    for client, drop in zip(clients, MESSAGES):
        name = drop.__name__
        assert (client["end"] == "closed") == (name not in IN_A_MESSAGE), (name, client["end"])
    for client, (step, seen) in zip(clients[len(MESSAGES):], STEPS.items()):
        assert client["model"].get("step") == seen, (step, client["model"].get("step"))
        assert f"client {client['client']}: gone" + (f" behind {seen};" if seen else ";") in said, (step, said)
    for client in clients:
        assert client["model"]["violation_count"] == 0, client
    assert clients[-1]["model"]["step"] == "booter-unload", clients[-1]
    assert clients[-1]["model"]["recognised"]["gsp_image"] == "0.0.0-test", clients[-1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        nvtool(folder, "--device", "sim:ga102", "--trace", "trace", "boot")
        trace, image = records(os.path.join(folder, "trace")), gsp_image(folder)
        path = os.path.join(folder, "gpu.sock")
        with open(os.path.join(folder, "said"), "w+", encoding="utf-8") as said:
            server = subprocess.Popen([NVTOOL, "--json", "--fwdb", f"{RELEASE}/fwdb", "sim", "serve", "--socket", path,
                                       "--chip", "ga102"], stdout=subprocess.PIPE, stderr=said)
            try:
                run(path, trace, image)
            finally:
                out = serve.stop(server)
            said.seek(0)
            assert server.returncode == 0, said.read()
            check(json.loads(out)["data"]["clients"], said.read())
    print(f"{len(MESSAGES)} clients left in or behind a message, {len(STEPS)} behind a step; the last one booted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
