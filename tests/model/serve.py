#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`nvtool sim serve` as a vfio-user client sees it: identity, registers, memory, interrupts, reset, many clients, signals."""

import array
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

NVTOOL = os.environ["NVTOOL"]
VERSION, DMA_MAP, DMA_UNMAP, INFO, REGION_INFO, SET_IRQS, READ, WRITE, RESET = 1, 2, 3, 4, 5, 8, 9, 10, 13
BAR0, CONFIG = 0, 7
INTX, MSI = 0, 1
GSP_IRQSSET, GSP_IRQSCLR, SWGEN0 = 0x110000, 0x110004, 0x40
LEAF, LEAF_EN_SET, TOP, TOP_EN_SET, TOP_EN_CLEAR = 0xb81000, 0xb81200, 0xb81600, 0xb81608, 0xb81610
MSI_CAP = 0x68


def connect(path):
    """The server binds its socket a moment before it listens."""
    for _ in range(3000):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(20)
        try:
            sock.connect(path)
            return sock
        except (ConnectionRefusedError, FileNotFoundError):
            sock.close()
            time.sleep(0.02)
    raise AssertionError("nobody listens")


class Client:
    def __init__(self, path):
        self.sock = connect(path)
        self.id = 0

    def receive(self, n):
        data = b""
        while len(data) < n:
            piece = self.sock.recv(n - len(data))
            if not piece:
                raise EOFError("the server closed the connection")
            data += piece
        return data

    def ask(self, command, payload=b"", fds=()):
        """-> (errno, payload of the reply)"""
        self.id = (self.id + 1) & 0xffff
        message = struct.pack("<HHIII", self.id, command, 16 + len(payload), 0, 0) + payload
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self.sock.sendmsg([message], rights)
        ident, cmd, size, flags, error = struct.unpack("<HHIII", self.receive(16))
        assert (ident, cmd, flags) == (self.id, command, 0x21 if error else 1)
        return error, self.receive(size - 16)

    def good(self, command, payload=b"", fds=()):
        error, reply = self.ask(command, payload, fds)
        assert error == 0, os.strerror(error)
        return reply

    def hello(self):
        reply = self.good(VERSION, struct.pack("<HH", 0, 0) + b'{"capabilities":{}}\0')
        assert json.loads(reply[4:-1])["capabilities"]["max_msg_fds"] == 16
        return self

    def rd(self, region, off, n=4):
        reply = self.good(READ, struct.pack("<QII", off, region, n))
        return int.from_bytes(reply[16:], "little") if n <= 8 else reply[16:]

    def wr(self, region, off, value, n=4):
        self.good(WRITE, struct.pack("<QII", off, region, n) + value.to_bytes(n, "little"))

    def irqs(self, flags, index, count, fds=()):
        self.good(SET_IRQS, struct.pack("<5I", 20, flags, index, 0, count), fds)


def fired(eventfd):
    try:
        return os.eventfd_read(eventfd)
    except BlockingIOError:
        return 0


def test_identity(c):
    assert struct.unpack("<4I", c.good(INFO, struct.pack("<4I", 16, 0, 0, 0))) == (16, 3, 9, 5)
    sizes = {}
    for index in range(9):
        reply = struct.unpack("<4IQQ", c.good(REGION_INFO, struct.pack("<4IQQ", 32, 0, index, 0, 0, 0)))
        if reply[4]:
            sizes[index] = reply[4]
    assert sizes == {0: 16 << 20, 1: 256 << 20, 3: 32 << 20, 7: 4096}, sizes
    assert c.rd(CONFIG, 0) == 0x220410de
    config = c.rd(CONFIG, 0, 4096)
    assert config[0x34] == 0x60 and config[MSI_CAP] == 5
    assert c.rd(BAR0, 0) == 0xb72000a1
    assert c.ask(READ, struct.pack("<QII", 16 << 20, BAR0, 4))[0] != 0
    assert c.ask(14)[0] != 0


def test_sizes(c):
    c.wr(BAR0, 0x1700, 0)
    c.wr(BAR0, 0x700000, 0x1122334455667788, 8)
    assert c.rd(BAR0, 0x700000, 8) == 0x1122334455667788
    assert [c.rd(BAR0, 0x700000 + i, 1) for i in range(4)] == [0x88, 0x77, 0x66, 0x55]
    c.wr(BAR0, 0x700002, 0xbeef, 2)
    assert c.rd(BAR0, 0x700000) == 0xbeef7788
    assert c.rd(1, 0) == 0xbeef7788


def time_of(c):
    return c.rd(BAR0, 0x9410) << 32 | c.rd(BAR0, 0x9400)


def test_time(c):
    before, real = time_of(c), time.monotonic_ns()
    time.sleep(0.05)
    passed, real = time_of(c) - before, time.monotonic_ns() - real
    assert 0.9 * 50e6 < passed < 2 * real + 50e6, (passed, real)


def test_memory(c):
    fd = os.memfd_create("guest")
    os.ftruncate(fd, 0x10000)
    pages = struct.Struct("<IIQQQ")
    c.good(DMA_MAP, pages.pack(32, 3, 0, 0x100000, 0x10000), [fd])
    assert c.ask(DMA_MAP, pages.pack(32, 3, 0, 0x104000, 0x1000), [fd])[0] != 0
    c.good(DMA_UNMAP, struct.pack("<IIQQ", 24, 0, 0x104000, 0x1000))
    c.good(DMA_MAP, pages.pack(32, 1, 0x4000, 0x104000, 0x1000), [fd])
    c.good(DMA_MAP, pages.pack(32, 1, 0, 0xfffc0000, 0x40000))
    c.good(DMA_UNMAP, struct.pack("<IIQQ", 24, 0, 0, 1 << 47))
    os.close(fd)


def enable_gsp_vector(c):
    c.wr(BAR0, LEAF_EN_SET + 4 * 4, 1 << 27)
    c.wr(BAR0, TOP_EN_SET, 0xf)


def test_msi(c):
    event = os.eventfd(0, os.EFD_NONBLOCK)
    c.irqs(0x24, MSI, 1, [event])
    c.wr(CONFIG, MSI_CAP + 2, 0x0081, 2)
    enable_gsp_vector(c)
    c.wr(BAR0, GSP_IRQSSET, SWGEN0)
    c.rd(BAR0, 0)
    assert fired(event) == 0  # the message is a write to memory
    c.wr(CONFIG, 4, c.rd(CONFIG, 4, 2) | 4, 2)
    c.rd(BAR0, 0)
    assert fired(event) == 1
    # what nouveau's handler does
    c.wr(BAR0, TOP_EN_CLEAR, 0xf)
    c.wr(BAR0, 0x88704, 0)
    assert c.rd(BAR0, TOP) == 1 << 2
    assert c.rd(BAR0, LEAF + 4 * 4) == 1 << 27
    c.wr(BAR0, LEAF + 4 * 4, 1 << 27)
    c.wr(BAR0, GSP_IRQSCLR, SWGEN0)
    c.wr(BAR0, 0x1103e8, 1)
    c.wr(BAR0, TOP_EN_SET, 0xf)
    c.rd(BAR0, 0)
    assert c.rd(BAR0, TOP) == 0 and fired(event) == 0
    # still pending when the driver retriggers: once more
    c.wr(BAR0, GSP_IRQSSET, SWGEN0)
    c.wr(BAR0, TOP_EN_CLEAR, 0xf)
    c.wr(BAR0, LEAF + 4 * 4, 1 << 27)
    c.wr(BAR0, 0x1103e8, 1)
    c.wr(BAR0, TOP_EN_SET, 0xf)
    c.rd(BAR0, 0)
    assert fired(event) == 2
    os.close(event)


def test_intx(c):
    event = os.eventfd(0, os.EFD_NONBLOCK)
    c.irqs(0x24, INTX, 1, [event])
    enable_gsp_vector(c)
    c.wr(BAR0, GSP_IRQSSET, SWGEN0)
    assert c.rd(CONFIG, 6, 2) & 8
    assert fired(event) == 1
    c.irqs(0x11, INTX, 1)
    assert fired(event) == 1  # the line is still up
    c.wr(CONFIG, 4, c.rd(CONFIG, 4, 2) | 0x400, 2)
    c.rd(BAR0, 0)
    c.irqs(0x11, INTX, 1)
    assert fired(event) == 0  # disabled in the command register
    c.wr(BAR0, LEAF + 4 * 4, 1 << 27)
    assert not c.rd(CONFIG, 6, 2) & 8
    os.close(event)


def test_reset(c):
    for how in ("message", "FLR"):
        c.wr(BAR0, 0x1700, 0x1234)
        if how == "message":
            c.good(RESET)
        else:
            c.wr(CONFIG, 0x80, c.rd(CONFIG, 0x80, 2) | 0x8000, 2)
            c.wr(CONFIG, 4, 6, 2)
        assert c.rd(BAR0, 0x1700) == 0, how


def test_hostile(c):
    c.sock.sendall(struct.pack("<HHIII", 1, READ, 7, 0, 0))
    try:
        c.receive(1)
    except (EOFError, ConnectionError):
        return
    raise AssertionError("broken framing did not end the connection")


TESTS = [test_identity, test_sizes, test_time, test_memory, test_msi, test_intx, test_reset, test_hostile]


def start(folder, *options):
    path = os.path.join(folder, "gpu.sock")
    server = subprocess.Popen([NVTOOL, "--json", "--trace", os.path.join(folder, "trace"), "sim", "serve", "--socket",
                               path, "--chip", "ga102", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return server, path


def stop(server):
    """-> what it prints at the end"""
    server.send_signal(signal.SIGTERM)
    try:
        out, _ = server.communicate(timeout=20)
    finally:
        server.kill()
    return out


def main():
    with tempfile.TemporaryDirectory() as folder:
        server, path = start(folder)
        try:
            for test in TESTS:
                c = Client(path).hello()
                test(c)
                c.sock.close()
            again = subprocess.run([NVTOOL, "sim", "serve", "--socket", path, "--chip", "ga102"], stderr=subprocess.PIPE,
                                   check=False)
            assert again.returncode == 3, again
        finally:
            out = stop(server)
        assert server.returncode == 0, server.returncode
        assert not os.path.exists(path)
        clients = json.loads(out)["data"]["clients"]
        assert len(clients) == len(TESTS), clients
        assert [k["end"] for k in clients[:-1]] == ["closed"] * (len(TESTS) - 1)
        assert clients[-1]["end"] != "closed"
        assert clients[4]["interrupts"] == 3, clients[4]
        assert "wr bar0 0x00110000 4 0x00000040" in pathlib.Path(folder, "trace").read_text()

        server, path = start(folder, "--once", "--fault", "fb-size-zero", "--vram", "2G")
        try:
            c = Client(path).hello()
            assert c.rd(BAR0, 0x1183a4) == 0
            c.sock.close()
            out, _ = server.communicate(timeout=20)
        finally:
            server.kill()
        assert server.returncode == 0
        assert json.loads(out)["data"]["clients"][0]["model"]["fault"][0]["fired"]
    print(f"{len(TESTS)} clients served")
    return 0


if __name__ == "__main__":
    sys.exit(main())
