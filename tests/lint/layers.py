#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: the layers' direction, and one home for each third-party library."""

import os
import pathlib
import re
import sys

TOP = pathlib.Path(os.environ.get("top_srcdir", pathlib.Path(__file__).resolve().parents[2]))

# Folder -> folders whose "layer/file.h" it may include.
ALLOW = {
    "base": {"base"},
    "regs": {"base", "regs"},
    "fw": {"base", "fw"},
    "rpc": {"base", "rpc"},
    "vfu": {"base", "vfu"},
    "trace": {"base", "regs", "fw", "rpc", "trace"},
    "transport": {"base", "regs", "transport"},
    "core": {"base", "regs", "fw", "rpc", "transport", "core"},
    "sim": {"base", "regs", "fw", "rpc", "sim"},
}
# Single files with a rule of their own: what they may include besides.
EXTRA = {
    "sim": {"transport/transport.h", "vfu/vfu.h"},
}
# Public header -> the layer whose header it is.
PUBLIC = {
    "types.h": "base", "error.h": "base", "event.h": "base", "chips.h": "base",
    "regs.h": "regs", "fw.h": "fw", "rpc.h": "rpc", "fields.h": "rpc", "trace.h": "trace", "capture.h": "trace",
    "recording.h": "trace",
    "gpu.h": "core", "sim.h": "sim",
}
# The model's report is part of the answer of an open GPU.
PUBLIC_ALSO = {"core": {"sim.h"}}

# Third-party header -> files (by prefix of their path) that may include it.
HOMES = {
    "lzma.h": ["lib/fw/"],
    "zstd.h": ["lib/fw/"],
    "zlib.h": ["lib/fw/"],
    "jansson.h": ["lib/fw/manifest.c", "lib/rpc/schema", "lib/rpc/json", "cli/", "protocol/gen/", "fwdb/",
                  "tests/"],
    "nettle/": ["lib/fw/digest.c"],
    "cmocka.h": ["tests/"],
    "pciaccess.h": ["lib/transport/pci.c", "tests/support/fake_pciaccess.c"],
    "linux/vfio.h": ["lib/transport/vfio", "tests/support/fake_vfio.c"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def quoted_fault(path, layer, name):
    """Why this file may not include "name", None if it may."""
    home = name.split("/")[0]
    if path == "lib/open.c":
        return None if home in ALLOW else "open.c includes layers' headers as \"layer/file.h\""
    if layer is None:  # cli, tests, build tools
        if path.startswith("cli/"):
            return None if home == "cli" else "cli includes <nvt/...> and \"cli/...\" only"
        return None
    if "/" not in name:
        return "written without its layer"
    if home not in ALLOW[layer] and name not in EXTRA.get(layer, ()):
        return f"{layer} may not include {home}"
    return None


def angle_fault(path, layer, name):
    """The same for <name>."""
    if name.startswith("nvt/"):
        header = name[len("nvt/"):]
        if header not in PUBLIC:
            return "no such public header"
        if layer and PUBLIC[header] not in ALLOW[layer] and header not in PUBLIC_ALSO.get(layer, ()):
            return f"{layer} may not include the header of {PUBLIC[header]}"
        return None
    for header, homes in HOMES.items():
        if name == header or (header.endswith("/") and name.startswith(header)):
            if not any(path.startswith(h) for h in homes):
                return f"{header} has its home in {', '.join(homes)}"
    return None


def sources():
    for folder in ("lib", "cli", "protocol", "fwdb", "tests"):
        for path in sorted((TOP / folder).rglob("*.[ch]")):
            yield path.relative_to(TOP).as_posix(), path.read_text()


def layer_of(path):
    parts = path.split("/")
    if parts[0] != "lib":
        return None
    if parts[1:3] == ["include", "nvt"]:
        return PUBLIC.get(parts[3])
    return parts[1] if parts[1] in ALLOW else None


def main():
    faults, seen = [], 0
    for path, text in sources():
        layer = layer_of(path)
        for m in INCLUDE.finditer(text):
            seen += 1
            fault = (quoted_fault if m[1] == '"' else angle_fault)(path, layer, m[2])
            if fault:
                line = text.count("\n", 0, m.start()) + 1
                faults.append(f"{path}:{line}: {m[0].strip()}: {fault}")
    print("\n".join(faults) or f"{seen} includes keep to the layers")
    return 1 if faults or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
