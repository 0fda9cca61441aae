#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ratios of one run, each beside its aim; never a timed test.

usage: bench.py [--json]     (make bench runs it; BENCH_FLAGS=--json)

With BENCH_TREE naming an open-gpu-kernel-modules tree, fw pack runs against the tree's own script.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "support"))
import mkcaptures  # noqa: E402

TOP = pathlib.Path(os.environ.get("top_srcdir", HERE.parents[2]))
BUILD = pathlib.Path(os.environ.get("top_builddir", TOP / "build"))
NVTOOL = [str(BUILD / "cli/nvtool"), "--json", "--device", "sim:ga102"]
RELEASE, CHIP = "570.144", "GA102"
REPEATS = 5  # the fastest of them counts: what disturbs a run only adds to it
CALLS = (100, 600)  # callgrind: the difference between two counts leaves out start-up


def firmware_folders():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return [cache / "nvtool/firmware", pathlib.Path("/lib/firmware/updates"), pathlib.Path("/lib/firmware")]


def plain_image(path, scratch):
    """The uncompressed file that nvtool takes for this path; decompressed into scratch if need be."""
    for folder in firmware_folders():
        for suffix, tool in (("", None), (".xz", "xz"), (".zst", "zstd")):
            found = folder / (path + suffix)
            if not found.is_file():
                continue
            if not tool:
                return found
            plain = pathlib.Path(scratch) / path.replace("/", "_")
            with open(plain, "wb") as out:
                subprocess.run([tool, "-dc", str(found)], stdout=out, check=True)
            return plain
    sys.exit(f"bench: firmware file {path} not found; ./quickstart boot fetches it")


def used(argv):
    """Wall seconds, processor seconds and peak resident bytes of one run."""
    run = subprocess.run([str(BUILD / "tests/bench/usage"), *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         text=True, check=False)
    if run.returncode:
        sys.exit(f"bench: {' '.join(argv)} failed")
    wall_s, cpu_s, rss = run.stdout.split()
    return float(wall_s), float(cpu_s), int(rss)


def wall(argv):
    """Seconds and peak resident bytes of one run."""
    wall_s, _, rss = used(argv)
    return wall_s, rss


def cpu(argv):
    """Processor seconds and peak resident bytes of one run; other work on the machine adds little to them."""
    return used(argv)[1:]


def collected(argv, env=None):
    """Instructions of a whole run."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *argv], capture_output=True,
                         text=True, env=env, check=False)
    m = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not m:
        sys.exit(f"bench: callgrind on {' '.join(argv)}: {run.stderr}")
    return int(m[1])


def instructions(program, mode, calls=CALLS):
    """Instructions of one operation of a program that takes how many to do."""
    # valgrind counts each byte of a rep movsb as one instruction, which would bury the rest
    env = dict(os.environ, GLIBC_TUNABLES="glibc.cpu.x86_rep_movsb_threshold=0x7fffffff")
    totals = [collected([str(BUILD / "tests/bench" / program), mode, str(count)], env) for count in calls]
    return (totals[1] - totals[0]) / (calls[1] - calls[0])


def generic_codec():
    """Leaves of every RPC type: walked, and from JSON; the tables; what comes before a command's own work."""
    run = subprocess.run([str(BUILD / "tests/bench/leaves"), "decode", "1"], capture_output=True, check=True)
    leaves, tables = (int(n) for n in run.stdout.split())
    decode, nested = (instructions("leaves", mode, (1, 21)) / leaves for mode in ("decode", "nested"))
    encode, parse = (instructions("leaves", mode, (1, 6)) / leaves for mode in ("encode", "parse"))
    what = f"of every RPC type of {RELEASE}"
    return [
        ("leaf_instructions", decode, 40, f"instructions: a leaf field, generic decode {what}",
         f"{leaves} leaves; {nested:.1f} with the begin and end of each struct"),
        ("encode_per_parse", encode / parse, 1.5, f"instructions: JSON into bytes {what} / jansson reading the text",
         f"{encode:.0f} / {parse:.0f} a leaf"),
        ("table_mib", tables / (1 << 20), 6, "MiB of read-only tables, all releases together", ""),
        ("startup_instructions", collected([NVTOOL[0], "--version"]), 2e6,
         "instructions: start-up before a command's own work", ""),
    ]


def pack_ratio(tree):
    """fw pack and NVIDIA's script on the same tree, each into a new folder; nvtool writes more files."""
    script = pathlib.Path(tree) / "nouveau/extract-firmware-nouveau.py"
    ours, theirs = [], []
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # creating files on a disk costs both the same
    for _ in range(REPEATS + 1):  # the first brings the tree into the page cache
        with tempfile.TemporaryDirectory(dir=memory) as out:
            ours.append(wall([NVTOOL[0], "fw", "pack", "--from", tree, "--out", f"{out}/a"])[0])
            theirs.append(wall([sys.executable, str(script), "-i", tree, "-o", f"{out}/b"])[0])
    ours, theirs = min(ours), min(theirs)
    return ("pack_per_script", ours / theirs, 0.125, "fw pack / extract-firmware-nouveau.py, wall time",
            f"{ours * 1000:.0f} ms / {theirs * 1000:.0f} ms")


def capture(path, count):
    """A pcapng capture of so many messages."""
    packets = [mkcaptures.packet("<", 0, t, mkcaptures.cap_header(way) + message) for t, way, message in mkcaptures.MESSAGES]
    with open(path, "wb") as out:
        out.write(mkcaptures.section("<") + mkcaptures.interface("<", tsresol=9))
        for _ in range(count // len(packets)):
            out.write(b"".join(packets))
        out.write(b"".join(packets[:count % len(packets)]))


def dump(scratch):
    """rpc dump of a million messages as JSON lines, and of a thousand; jq reading the same lines."""
    large, small, lines = (os.path.join(scratch, name) for name in ("large.pcapng", "small.pcapng", "large.jsonl"))
    capture(large, 1_000_000)
    capture(small, 1000)
    argv = [NVTOOL[0], "rpc", "dump", "--format", "jsonl"]
    with open(lines, "wb") as out:
        subprocess.run([*argv, large], stdout=out, check=True)
    runs = [cpu([*argv, large]) for _ in range(REPEATS)]
    rss = min(r[1] for r in runs) / min(cpu([*argv, small])[1] for _ in range(REPEATS))
    return min(r[0] for r in runs), min(cpu(["jq", "-c", ".", lines])[0] for _ in range(2)), rss


def offline_costs(image):
    """Instructions and peak memory of what only looks: fw info of a mapped image without digests, and fw plan."""
    rows = []
    for name, what, argv in (
            ("info", "fw info of the GSP-RM image without digests", ["fw", "info", "--no-digest", image]),
            ("plan", "fw plan", ["fw", "plan", "--chip", "ad102", "--vram", "24G"])):
        argv = [NVTOOL[0], *argv]
        rows.append((f"{name}_instructions", collected(argv), 3e6, f"instructions: {what}", ""))
        rows.append((f"{name}_memory", min(cpu(argv)[1] for _ in range(REPEATS)) / (1 << 20), 4,
                     f"peak memory in MiB: {what}, mapped pages included", ""))
    return rows


def verify_ratio(image):
    """fw verify of the GSP-RM image beside openssl's digest of it."""
    ours = min(cpu([NVTOOL[0], "fw", "verify", image])[0] for _ in range(REPEATS))
    theirs = min(cpu(["openssl", "dgst", "-sha256", image])[0] for _ in range(REPEATS))
    return ours, theirs


def measure():
    manifest = json.loads((TOP / f"fwdb/{RELEASE}.json").read_text())
    files = [f for f in manifest["files"] if CHIP in f["chips"]]
    with tempfile.TemporaryDirectory() as scratch:
        images = [str(plain_image(f["path"], scratch)) for f in files]
        boots = [wall(NVTOOL + ["boot"]) for _ in range(REPEATS)]
        digests = [wall(["openssl", "dgst", "-sha256"] + images) for _ in range(REPEATS)]
        gsp = max(images, key=os.path.getsize)
        verify_s, gsp_digest_s = verify_ratio(gsp)
        offline = offline_costs(gsp)
        dump_s, jq_s, dump_rss = dump(scratch)
    size = sum(f["size"] for f in files)
    boot_s, digest_s = min(b[0] for b in boots), min(d[0] for d in digests)
    rss = min(b[1] for b in boots)
    message, raw, copy = (instructions("codec", mode) for mode in ("message", "raw", "copy"))
    document = json.loads(subprocess.run(NVTOOL + ["boot"], capture_output=True, check=True).stdout)
    mmio = document["data"]["mmio"]
    total = mmio["reads"] + mmio["writes"]
    rest = total - mmio["prom_reads"] - mmio["falcon_load"]
    ratios = [
        ("boot_per_digest", boot_s / digest_s, 4, "boot wall time / openssl dgst -sha256 of the same files",
         f"{boot_s * 1000:.0f} ms / {digest_s * 1000:.0f} ms"),
        ("rss_per_images", rss / size, 2.5, "peak memory of boot / size of the images",
         f"{rss >> 20} MiB / {size >> 20} MiB"),
        ("message_instructions", message, 800, "instructions: 40-byte message encoded, sealed, checked, decoded", ""),
        ("raw_per_copy", raw / copy, 3, "instructions: 60 KiB raw message / memcpy and XOR of the same bytes",
         f"{raw:.0f} / {copy:.0f}"),
        ("dump_per_jq", dump_s / jq_s, 0.2, "processor time: rpc dump of 1,000,000 messages as JSON lines / jq reading them",
         f"{dump_s * 1000:.0f} ms / {jq_s * 1000:.0f} ms"),
        ("dump_memory", dump_rss, 1.1, "peak memory of that / of a thousand messages", ""),
    ]
    ratios += [
        ("verify_per_digest", verify_s / gsp_digest_s, 1.15,
         "processor time: fw verify of the GSP-RM image / openssl dgst -sha256 of it",
         f"{verify_s * 1000:.0f} ms / {gsp_digest_s * 1000:.0f} ms"),
        *offline,
        *generic_codec(),
    ]
    if os.environ.get("BENCH_TREE"):
        ratios.append(pack_ratio(os.path.abspath(os.environ["BENCH_TREE"])))
    return {
        "schema": 1,
        "ratios": [{"name": n, "value": round(v, 2), "aim": a, "pass": v <= a, "what": w, "of": of}
                   for n, v, a, w, of in ratios],
        "mmio": {"total": total, "prom": mmio["prom_reads"], "falcon_load": mmio["falcon_load"], "rest": rest},
    }


def main():
    if sys.argv[1:] not in ([], ["--json"]):
        sys.exit(__doc__)
    result = measure()
    if sys.argv[1:]:
        print(json.dumps(result, indent=2))
        return
    for r in result["ratios"]:
        of = f"   ({r['of']})" if r["of"] else ""
        print(f"{r['value']:10.2f}  aim {r['aim']:<9}  {'pass' if r['pass'] else 'MISS'}  {r['what']}{of}")
    m = result["mmio"]
    print(f"{m['total']:10}  MMIO accesses of a boot and unload: {m['prom']} PROM, {m['falcon_load']} falcon load,"
          f" {m['rest']} rest")


if __name__ == "__main__":
    main()
