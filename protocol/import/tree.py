# SPDX-License-Identifier: MIT
"""A driver source tree: fetched from git or given, its compile flags, and what only text can tell."""
import json
import os
import re
import subprocess
import tempfile

FOLDERS = ["src/nvidia", "src/common"]
# X(unit, name, value) and E(name, value); before 550 the value is left out, or stands as "name = value".
X_ROW = re.compile(r"^\s*X\(\s*\w+\s*,\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
E_ROW = re.compile(r"^\s*E\(\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
STATUS_ROW = re.compile(r"^\s*NV_STATUS_CODE\(\s*(\w+)\s*,\s*(\w+)\s*,", re.M)
# Rows that close or open a range and name no message.
MARKERS = {"NUM_FUNCTIONS", "FIRST_EVENT", "NUM_EVENTS"}


def load_roots():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "roots.json"), encoding="utf-8") as f:
        return json.load(f)


def git(repo, *args):
    return subprocess.run(["git", "-C", repo, *args], check=True, capture_output=True).stdout


def numbered(rows):
    """[(number, name)] of an enum's rows: each its own value, or one more than the row before."""
    out, value = [], -1
    for name, given in rows:
        value = int(given, 0) if given else value + 1
        out.append((value, name))
    return out


class Tree:
    """A checked-out tree, or one tag of a (bare) repository unpacked into a folder that dies with us."""

    def __init__(self, folder=None, repo=None, tag=None):
        self.tmp = None
        self.tag, self.commit = tag, ""
        if repo:
            self.commit = git(repo, "rev-parse", tag + "^{commit}").decode().strip()
            self.tmp = tempfile.TemporaryDirectory(prefix="nvt-import-")
            folder = self.tmp.name
            tar = git(repo, "archive", tag, *FOLDERS, "version.mk")
            subprocess.run(["tar", "x", "-C", folder], input=tar, check=True)
        self.root = folder
        self.rm = os.path.join(folder, "src/nvidia")

    def text(self, *candidates):
        for path in candidates:
            full = os.path.join(self.root, path)
            if os.path.exists(full):
                with open(full, encoding="utf-8", errors="replace") as f:
                    return f.read()
        raise SystemExit("import: none of these files exist: " + ", ".join(candidates))

    def version(self):
        return re.search(r"^NVIDIA_VERSION\s*=\s*(\S+)", self.text("version.mk"), re.M).group(1)

    def flags(self):
        """-I, -D and -include of the RM's own makefile; headers depend on them."""
        flags = []
        for line in self.text("src/nvidia/Makefile").splitlines():
            m = re.match(r"CFLAGS \+= (-I|-D|-include)\s*(\S+)$", line)
            if m and "$(" not in m.group(2).replace("$(SRC_COMMON)", ""):
                arg = re.sub(r"[\\\"]", "", m.group(2).replace("$(SRC_COMMON)", "../common"))
                flags += [m.group(1), arg] if m.group(1) != "-D" else ["-D" + arg]
        return flags

    def compile(self, source, out, extra=()):
        """Compiles C text as an RM source file; returns the compiler's messages, "" when it succeeded."""
        cmd = ["gcc", "-std=gnu11", "-w", "-ffreestanding", "-x", "c", *self.flags(), *extra, "-c", "-", "-o", out]
        run = subprocess.run(cmd, input=source, text=True, cwd=self.rm, capture_output=True)
        return "" if run.returncode == 0 else run.stderr or "gcc failed without a word"

    def prelude(self, roots):
        """The headers of roots.json that this tree has, as C text; words before a header are its defines."""
        dirs = [f for prev, f in zip(self.flags(), self.flags()[1:]) if prev == "-I"]
        out = []
        for line in roots["headers"]:
            *defines, header = line.split()
            if any(os.path.exists(os.path.join(self.rm, d, header)) for d in dirs):
                out += ["#define " + d for d in defines]
                out.append('#include "%s"' % header)
                out += ["#undef " + d for d in defines]
        return "\n".join(out) + "\n"

    def messages(self):
        """[(number, name, is_event)], markers left out; and the row counts with markers."""
        text = self.text("src/nvidia/inc/kernel/vgpu/rpc_global_enums.h",
                         "src/nvidia/kernel/inc/vgpu/rpc_global_enums.h")
        fns, evs = numbered(X_ROW.findall(text)), numbered(E_ROW.findall(text))
        if not fns or not evs:
            raise SystemExit("import: the message numbers are not rows of X(...) and E(...)")
        rows = [(v, n, False) for v, n in fns if n not in MARKERS]
        rows += [(v, n, True) for v, n in evs if n not in MARKERS]
        return sorted(rows), {"functions": len(fns), "events": len(evs)}

    def statuses(self):
        text = self.text("src/common/sdk/nvidia/inc/nvstatuscodes.h")
        return sorted((int(v, 0), n) for n, v in STATUS_ROW.findall(text))

    def macro_names(self, prefix):
        """Object-like macros whose name begins with prefix, in any header of the SDK or of RM."""
        names = set()
        for folder in ("src/nvidia/generated", "src/nvidia/inc", "src/nvidia/arch"):
            run = subprocess.run(["grep", "-rhoE", r"^#define %s\w+ " % prefix, os.path.join(self.root, folder)],
                                 text=True, capture_output=True)
            names.update(line.split()[1] for line in run.stdout.splitlines())
        return sorted(names)
