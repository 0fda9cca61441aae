#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a synthetic firmware release that is shaped like published ones and holds nothing of them.

usage: mkfirmware.py [--protocol RELEASE] OUTDIR [CHIP...]

CHIP is GA102 if none is named; the protocol is that of 570.144.
OUTDIR/firmware/nvidia/<chip>/gsp/*-0.0.0-test.bin for --firmware, OUTDIR/fwdb/0.0.0-test.json for --fwdb.
The same arguments give the same bytes.
"""
import argparse
import hashlib
import json
import os
import struct
import sys

RELEASE = "0.0.0-test"
CHIPS_JSON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fwdb", "chips.json")

# Per family: signatures of an HS image (size, count, zero ones), its fuse version and ucode id, how far into
# its data part the signature goes; size of .fwimage; families that the GSP image is signed for.
GA10X_SIGNED = ("gb20x", "cc_gb10x", "gb10x", "cc_gh100", "gh100", "ad10x", "ga10x")
TU10X_SIGNED = ("ga100", "tu11x", "tu10x")
FAMILIES = {
    "turing": dict(sig=(16, 1, 0), fuse=0, ucode=13, patch=0x200, image=0x4AEA0, signed=TU10X_SIGNED),
    "ga100": dict(sig=(384, 1, 0), fuse=0, ucode=3, patch=0x200, image=0x4AEA0, signed=TU10X_SIGNED),
    "ga10x": dict(sig=(384, 2, 1), fuse=1, ucode=3, patch=0x10, image=0x4B000, signed=GA10X_SIGNED),
    "ada": dict(sig=(384, 2, 0), fuse=1, ucode=3, patch=0x10, image=0x4B000, signed=GA10X_SIGNED),
}


def noise(label, n):
    """Bytes without structure, and without long runs of zeros."""
    return hashlib.shake_256(f"nvtool {RELEASE} {label}".encode()).digest(n)


def part(name, b):
    return {"name": name, "size": len(b), "sha256": hashlib.sha256(b).hexdigest()}


def container(header, data):
    """nvfw: bin_size is the length rounded up to 256."""
    off = 0x18 + len(header)
    total = (off + len(data) + 255) & ~255
    return struct.pack("<6I", 0x10DE, 1, total, 0x18, off, len(data)) + header + data


def gsp(chip, fam):
    """ELF64 relocatable; .fwimage right behind the ELF header, the section table last."""
    label = chip["gsp_dir"]
    note = struct.pack("<3I4s", 4, 20, 3, b"GNU\0") + noise(f"{label} build-id", 20)
    sections = [(".fwimage", 1, noise(f"{label} image", fam["image"])),
                (".note.gnu.build-id", 7, note),
                (".fwversion", 1, RELEASE.encode() + b"\0")]
    for name in fam["signed"]:
        head = struct.pack("<HHII4B", 1, 2, 0x8C8, 12, 1, 1, 0, 0)
        sections.append((f".fwsignature_{name}", 1, (head + noise(f"{label} {name}", 2165)).ljust(0x1000, b"\0")))
    strings = b"\0" + b"".join(n.encode() + b"\0" for n, _, _ in sections) + b".shstrtab\0"
    sections.append((".shstrtab", 3, strings))
    body, heads = b"", bytes(64)
    for name, kind, data in sections:
        heads += struct.pack("<IIQQQQIIQQ", strings.index(b"\0" + name.encode() + b"\0") + 1, kind, 0, 0,
                             0x40 + len(body), len(data), 0, 0, 1, 0)
        body += data
    body += bytes(-len(body) % 8)
    ehdr = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 1, 243, 1, 0, 0, 0x40 + len(body), 0, 64, 0, 0,
                                                       64, len(sections) + 1, len(sections))
    parts = [part(n, d) for n, _, d in sections if n == ".fwimage" or n.startswith(".fwsignature_")]
    return ehdr + body + heads, parts


def booter(chip, fam, role, code_size, data_size):
    """HS header v2; data is a stub of 0x100, application 0, then the data part with room for the signature."""
    label = f"{chip['fw_dir']} {role}"
    each, count, zero = fam["sig"]
    signatures = noise(f"{label} signatures", each * (count - zero)) + bytes(each * zero)
    app = noise(f"{label} application", code_size)
    dmem = bytearray(noise(f"{label} data", data_size))
    dmem[fam["patch"]:fam["patch"] + each] = bytes(each)
    os_data = 0x100 + code_size
    after = 0x3C + len(signatures)
    header = struct.pack("<9I", 0x3C, len(signatures), after, after + 4, after + 8, 12, after + 20, after + 24, 0x24)
    header += signatures + struct.pack("<6I", os_data + fam["patch"], 0, fam["fuse"], 1, fam["ucode"], count)
    header += struct.pack("<9I", 0, 0x100, os_data, data_size, 1, 0x100, code_size, 0x100, 0)
    blob = container(header, noise(f"{label} stub", 0x100) + app + dmem)
    return blob, [part("imem", app), dict(part("dmem", bytes(dmem)), patch_off=fam["patch"], patch_size=each),
                  *(part(f"signature{i}", signatures[i * each:][:each]) for i in range(count))]


def bootloader(chip, _):
    """RM_RISCV_UCODE_DESC of 84 bytes, or of 76 before GA102."""
    label = f"{chip['fw_dir']} bootloader"
    if chip["family"] in ("turing", "ga100"):
        desc = struct.pack("<19I", 4, 0, 0x488, 0x488, 0x10, *[0] * 14)
        data, spans = noise(label, 0x1000), {}
    else:
        desc = struct.pack("<21I", 5, 0x5000, 0x880, 0x5880, 0x10, 0, 0, 0, 0, 0x800, 0x800, 0x1000, 0x1800, 0x2900, 1,
                           0, 0, 0, 0, 0x6000, 0)
        data = noise(label, 0x6000)
        spans = {"manifest": (0, 0x800), "monitor_data": (0x800, 0x1000), "monitor_code": (0x1800, 0x2900)}
    return container(desc, data), [part("data", data)] + [part(n, data[at:at + size])
                                                          for n, (at, size) in spans.items()]


def gen_bootloader(chip, _):
    data = noise(f"{chip['family']} gen_bootloader", 0x300)
    return container(struct.pack("<6I", 0xFD, 0, 0, 0x200, 0x200, 0x100), data), [part("data", data)]


MAKERS = {
    "gsp": gsp,
    "booter_load": lambda chip, fam: booter(chip, fam, "booter_load", 0x1900, 0x1200),
    "booter_unload": lambda chip, fam: booter(chip, fam, "booter_unload", 0xF00, 0xD00),
    "bootloader": bootloader,
    "gen_bootloader": gen_bootloader,
}


def write(outdir, names, protocol):
    with open(CHIPS_JSON, encoding="utf-8") as f:
        chips = {c["name"]: c for c in json.load(f)["chips"]}
    files = {}
    for name in names:
        chip = chips.get(name.upper())
        if not chip or chip["family"] not in FAMILIES:
            sys.exit(f"mkfirmware.py: no synthetic firmware for {name}")
        for role, make in MAKERS.items():
            if role == "gen_bootloader" and chip["family"] not in ("turing", "ga100"):
                continue
            blob, parts = make(chip, FAMILIES[chip["family"]])
            path = f"nvidia/{chip['fw_dir']}/gsp/{role}-{RELEASE}.bin"
            digest = hashlib.sha256(blob).hexdigest()
            row = files.setdefault((role, digest), {"path": path, "role": role, "size": len(blob), "sha256": digest,
                                                    "chips": [], "parts": parts})
            row["chips"].append(chip["name"])
            full = os.path.join(outdir, "firmware", path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as f:
                f.write(blob)
    doc = {"schema": 1, "release": RELEASE, "abi": protocol, "source": "tests/support/mkfirmware.py",
           "files": list(files.values())}
    os.makedirs(os.path.join(outdir, "fwdb"), exist_ok=True)
    with open(os.path.join(outdir, "fwdb", f"{RELEASE}.json"), "w", encoding="utf-8") as f:
        json.dump(doc, f, indent=2)
        f.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--protocol", default="570.144")
    parser.add_argument("outdir")
    parser.add_argument("chips", nargs="*")
    args = parser.parse_intermixed_args()
    write(args.outdir, args.chips or ["GA102"], args.protocol)
