#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a driver source tree whose generated bindata holds the synthetic release's boot firmware.

usage: mktree.py FIRMWARE_DIR RELEASE OUTDIR

FIRMWARE_DIR is what mkfirmware.py wrote. Odd files come in the form of releases up to 570, even ones in the
later form; images are deflated, the rest is plain.
"""
import pathlib
import struct
import sys
import zlib

BOOTER = {"booter_load": "kgspGetBinArchiveBooterLoadUcode_", "booter_unload": "kgspGetBinArchiveBooterUnloadUcode_"}


def packed(b):
    """A deflate stream with gzip's trailer and without its header."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(b) + z.flush() + struct.pack("<2I", zlib.crc32(b), len(b))


def array(archive, label, b, deflate, new):
    data = packed(b) if deflate else b
    if new:
        label = "BINDATA_LABEL_" + label.upper()
    kind = "NV_DECLARE_ALIGNED(NvU8, 8)" if new else "NvU8"
    rows = "".join("    " + " ".join(f"0x{x:02x}," for x in data[i:i + 16]) + "\n" for i in range(0, len(data), 16))
    return (f'#if defined(BINDATA_INCLUDE_DATA)\n//\n// FUNCTION: {archive}("{label}")\n// FILE TYPE: TEXT\n'
            f'// COMPRESSION: {"YES" if deflate else "NO"}\n// COMPLEX_STRUCT: NO\n// DATA SIZE (bytes): {len(b)}\n'
            f'// COMPRESSED SIZE (bytes): {len(data) if deflate else "N/A"}\n//\n'
            f'static BINDATA_CONST {kind} {archive}_{label}_data[] = \n{{\n{rows}}};\n#endif\n\n')


def booter(b):
    at, data_off, size = struct.unpack_from("<3I", b, 12)
    sig, sig_size, loc, _, meta, _, num, load, load_size = struct.unpack_from("<9I", b, at)
    return {"image_prod": b[data_off:data_off + size], "sig_prod": b[sig:sig + sig_size],
            "header_prod": b[load:load + load_size], "patch_loc": b[loc:loc + 4], "patch_meta": b[meta:meta + 12],
            "num_sigs": b[num:num + 4]}


def bootloader(b):
    at, data_off, size = struct.unpack_from("<3I", b, 12)
    return {"ucode_desc_prod": b[at:data_off], "ucode_image_prod": b[data_off:data_off + size]}


def main():
    source, release, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    generated = out / "src/nvidia/generated"
    generated.mkdir(parents=True)
    (out / "version.mk").write_text(f"NVIDIA_VERSION = {release}\n\n# more\n")
    for number, path in enumerate(sorted(source.glob("nvidia/*/gsp/boot*.bin"))):
        chip, role = path.parts[-3].upper(), path.name.split("-")[0]
        archive = BOOTER.get(role, "kgspGetBinArchiveGspRmBoot_") + chip
        arrays = (booter if role in BOOTER else bootloader)(path.read_bytes())
        text = "".join(array(archive, n, b, "image" in n, number % 2 == 0) for n, b in arrays.items())
        (generated / f"g_bindata_{archive}.c").write_text(text)


if __name__ == "__main__":
    main()
