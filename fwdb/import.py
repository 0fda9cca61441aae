#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the manifest of a release from its published files.

usage: import.py FIRMWARE_DIR RELEASE > fwdb/RELEASE.json

FIRMWARE_DIR holds nvidia/<chip>/gsp/<role>-<release>.bin as linux-firmware lays them out. Each distinct
file is listed once, under the folder of the first chip of chips.json that uses it.
"""
import hashlib
import json
import os
import struct
import sys

ROLES = ("gsp", "booter_load", "booter_unload", "bootloader", "gen_bootloader", "scrubber", "fmc")


def sha(b):
    return hashlib.sha256(b).hexdigest()


def part(name, b):
    return {"name": name, "size": len(b), "sha256": sha(b)}


def elf_sections(b):
    """(name, bytes) of every section, ELF32 or ELF64, little-endian."""
    if b[4] == 2:
        shoff, = struct.unpack_from("<Q", b, 0x28)
        entsize, count, names = struct.unpack_from("<HHH", b, 0x3A)
        heads = [struct.unpack_from("<I20xQQ", b, shoff + i * entsize) for i in range(count)]
    else:
        shoff, = struct.unpack_from("<I", b, 0x20)
        entsize, count, names = struct.unpack_from("<HHH", b, 0x2E)
        heads = [struct.unpack_from("<I12xII", b, shoff + i * entsize) for i in range(count)]
    strings = b[heads[names][1]:][:heads[names][2]]
    for name, off, size in heads[1:]:
        yield strings[name:strings.index(b"\0", name)].decode(), b[off:off + size]


def nvfw_data(b):
    magic, _, _, header, off, size = struct.unpack_from("<6I", b)
    assert magic == 0x10DE
    return header, b[off:off + size]


def bootloader_parts(b):
    """The whole data, and what GspFwWprMeta's three offsets lead to."""
    at, data = nvfw_data(b)
    fields = struct.unpack_from("<14I", b, at)
    spans = {"manifest": fields[8:10], "monitor_data": fields[10:12], "monitor_code": fields[12:14]}
    return [part("data", data)] + [part(n, data[off:off + size]) for n, (off, size) in spans.items() if size]


def hs_parts(b):
    """What lands in IMEM and DMEM; in DMEM the signature area is zeroed, as its content is chosen at boot."""
    at, data = nvfw_data(b)
    sigs_at, sig_size, loc_at, first_at, _, _, num_at, load_at, _ = struct.unpack_from("<9I", b, at)
    patch, = struct.unpack_from("<I", b, loc_at)
    count, = struct.unpack_from("<I", b, num_at)
    sigs_at += struct.unpack_from("<I", b, first_at)[0]
    _, _, data_off, data_size, _, app_off, app_size = struct.unpack_from("<7I", b, load_at)
    each, patch_off = sig_size // count, patch - data_off
    dmem = bytearray(data[data_off:data_off + data_size])
    dmem[patch_off:patch_off + each] = bytes(each)
    return [part("imem", data[app_off:app_off + app_size]),
            dict(part("dmem", bytes(dmem)), patch_off=patch_off, patch_size=each),
            *(part(f"signature{i}", b[sigs_at + i * each:][:each]) for i in range(count))]


def parts_of(role, b):
    if role == "gsp":
        return [part(n, s) for n, s in elf_sections(b) if n == ".fwimage" or n.startswith(".fwsignature_")]
    if role == "fmc":
        return [part(n, s) for n, s in elf_sections(b) if n in ("hash", "signature", "publickey", "image")]
    if role == "bootloader":
        return bootloader_parts(b)
    if role == "gen_bootloader":
        return [part("data", nvfw_data(b)[1])]
    return hs_parts(b)


def main():
    root, release = sys.argv[1:]
    with open(os.path.join(os.path.dirname(__file__), "chips.json"), encoding="utf-8") as f:
        chips = json.load(f)["chips"]
    files = {}
    for role in ROLES:
        for chip in chips:
            path = f"nvidia/{chip['fw_dir']}/gsp/{role}-{release}.bin"
            if not os.path.exists(os.path.join(root, path)):
                continue
            with open(os.path.join(root, path), "rb") as f:
                b = f.read()
            row = files.setdefault((role, sha(b)), {
                "path": path, "role": role, "size": len(b), "sha256": sha(b), "chips": [],
                "parts": parts_of(role, b)})
            row["chips"].append(chip["name"])
    doc = {"schema": 1, "release": release, "abi": release,
           "source": "measured from the files of linux-firmware by fwdb/import.py",
           "files": list(files.values())}
    print(json.dumps(doc, indent=2))


main()
