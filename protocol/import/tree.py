# SPDX-License-Identifier: MIT
"""A driver source tree: fetched from git or given, its compile flags, and what only text can tell."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile

from fail import ENVIRONMENT, Fail, first_error, missing
from macros import Macros

# What is read of a tree; the rest of it, 200 MB, stays in git.
PARTS = ["version.mk", "src/nvidia/Makefile", ":(glob)src/nvidia/**/*.h", ":(glob)src/common/**/*.h",
         ":(glob)src/nvidia/generated/g_*_nvoc.c"]
SDK = "src/common/sdk/nvidia/inc"
PAYLOADS = ("rpc-structures", "sdk-structures", "rpc-message-header")
# X(unit, name, value) and E(name, value); before 550 the value is left out, or stands as "name = value".
X_ROW = re.compile(r"^\s*X\(\s*\w+\s*,\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
E_ROW = re.compile(r"^\s*E\(\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
STATUS_ROW = re.compile(r"^\s*NV_STATUS_CODE\(\s*(\w+)\s*,\s*(\w+)\s*,", re.M)
# Rows that close or open a range and name no message.
MARKERS = {"NUM_FUNCTIONS", "FIRST_EVENT", "NUM_EVENTS"}
# A control's number, and the interface and message that it is made of.
CONTROL = re.compile(r'^#define\s+(\w+)\s+\(?\s*(0x[0-9a-fA-F]+)U?L?\s*\)?\s*'
                     r'/\*\s*finn: Evaluated from "[^"]*<<\s*8\s*\)?\s*(?:\|\s*\(?(\w+)[^"]*)?"', re.M)
# A row of a class's exported methods: the controls that the driver itself has a handler for.
METHOD = re.compile(r'/\*flags=\*/\s*(0x[0-9a-f]+)u?,\s*/\*accessRight=\*/\s*\w+,\s*/\*methodId=\*/\s*(0x[0-9a-f]+)u?,'
                    r'\s*/\*paramSize=\*/\s*(.+?),\n.*?/\*func=\*/\s*"(\w+)"', re.S)
METHOD_FLAGS = {"ROUTE_TO_PHYSICAL": "routed", "INTERNAL": "internal", "PRIVILEGED": "privileged",
                "NON_PRIVILEGED": "any-client", "CACHEABLE": "cacheable"}
RESOURCE = re.compile(r"/\*\s*External Class\s*\*/\s*(\w+),.*?/\*\s*Alloc Param Info\s*\*/\s*RS_(\w+?)(?:\((\w+)\))?,\s*/\*",
                      re.S)
# Which member of a union a field's value selects: the switch of values, and the struct that asks it.
SWITCH = re.compile(r"^uint32_t _get_union_member_index_(\w+)\(NvU32 \w+\)\s*\{\s*switch \(\w+\)\s*\{(.*?)\n    \}", re.M | re.S)
ASKS = re.compile(r"^    (\w+) \*param = msg;.*?_get_union_member_index_(\w+)\(param->(\w+)\);", re.M | re.S)
ASKS_AT = re.compile(r"^static NV_STATUS get_union_member_index_(\w+)\(void \*msg", re.M)


def check_needs():
    """Says at once what is not installed."""
    for program in ("gcc", "tar"):
        if not shutil.which(program):
            raise missing(program, program)


def load_roots():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "roots.json"), encoding="utf-8") as f:
        return json.load(f)


def git(repo, *args):
    """What git prints; None if it fails."""
    try:
        done = subprocess.run(["git", "-C", repo, *args], capture_output=True)
    except FileNotFoundError:
        raise missing("git", "git") from None
    return done.stdout if done.returncode == 0 else None


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
            commit = git(repo, "rev-parse", "--verify", "--quiet", "refs/tags/%s^{commit}" % tag)
            if commit is None:
                raise Fail("%s has no tag %s" % (repo, tag) if git(repo, "rev-parse", "--git-dir") is not None else
                           "%s is no git repository" % repo)
            self.commit = commit.decode().strip()
            self.tmp = tempfile.TemporaryDirectory(prefix="nvt-import-")
            folder = self.tmp.name
            self.unpack(repo, tag, folder)
        self.root = folder
        self.rm = os.path.join(folder, "src/nvidia")
        if not glob.glob(os.path.join(folder, SDK, "ctrl/**/*.h"), recursive=True):
            raise Fail("%s: no headers below %s/ctrl, so no driver source tree" % (tag or folder, SDK))

    @staticmethod
    def unpack(repo, tag, folder):
        have = git(repo, "ls-tree", "-r", "--name-only", "-z", tag).decode(errors="replace").split("\0")
        tar = git(repo, "archive", tag, *[p for p in PARTS if p.startswith(":") or p in have])
        if tar is None:
            raise Fail("%s: no headers below %s/ctrl, so no driver source tree" % (tag, SDK))
        done = subprocess.run(["tar", "x", "-C", folder], input=tar, capture_output=True)
        if done.returncode:
            raise Fail("cannot unpack %s: %s" % (tag, done.stderr.decode(errors="replace").strip()), ENVIRONMENT)

    def text(self, *candidates):
        for path in candidates:
            full = os.path.join(self.root, path)
            if os.path.exists(full):
                with open(full, encoding="utf-8", errors="replace") as f:
                    return f.read()
        raise Fail("%s: none of these files exist: %s" % (self.tag or self.root, ", ".join(candidates)))

    def version(self):
        found = re.search(r"^NVIDIA_VERSION\s*=\s*(\d+(?:\.\d+)+)\s*$", self.text("version.mk"), re.M)
        if not found:
            raise Fail("%s: version.mk names no release" % (self.tag or self.root))
        return found.group(1)

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
        try:
            run = subprocess.run(cmd, input=source, text=True, cwd=self.rm, capture_output=True,
                                 env=dict(os.environ, LC_ALL="C"))
        except FileNotFoundError:
            raise missing("gcc", "gcc") from None
        return "" if run.returncode == 0 else run.stderr or "gcc failed without a word"

    def macros(self, roots):
        """What the preprocessor makes of all headers, macros included."""
        text = self.prelude(roots) + self.includes(roots["macro_headers"])
        with tempfile.TemporaryDirectory() as tmp:
            out = os.path.join(tmp, "macros.i")
            errors = self.compile(text, out, ["-E", "-dD"])
            if errors:
                raise Fail("%s: the headers cannot be read: %s" % (self.version(), first_error(errors)))
            with open(out, encoding="utf-8", errors="replace") as f:
                return Macros(f.read())

    def prelude(self, roots):
        """All headers of controls, classes and messages as C text."""
        return self.includes(roots["headers"]) + "\n".join(self.sdk_headers(roots)) + "\n"

    def includes(self, headers):
        """Those of the headers that this tree has, as C text; words before a header are its defines."""
        dirs = [f for prev, f in zip(self.flags(), self.flags()[1:]) if prev == "-I"]
        out = []
        for line in headers:
            *defines, header = line.split()
            if any(os.path.exists(os.path.join(self.rm, d, header)) for d in dirs):
                out += ["#define " + d for d in defines]
                out.append('#include "%s"' % header)
                out += ["#undef " + d for d in defines]
        return "".join(line + "\n" for line in out)

    def sdk_headers(self, roots):
        """Every header of controls and classes, but for the ones that go with no other."""
        out = []
        for folder in ("ctrl", "class", "alloc"):
            top = os.path.join(self.root, SDK, folder)
            for at, _, files in os.walk(top):
                out += [os.path.relpath(os.path.join(at, f), os.path.join(self.root, SDK)) for f in files]
        return ['#include "%s"' % h for h in sorted(out) if h.endswith(".h") and h not in roots["skip"]]

    def sources(self, pattern):
        """(path, text) of the files that a glob names, in order of name; continued lines joined."""
        for path in sorted(glob.glob(os.path.join(self.root, pattern), recursive=True)):
            with open(path, encoding="utf-8", errors="replace") as f:
                yield os.path.relpath(path, self.root), f.read().replace("\\\n", " ")

    def source_name(self, path):
        """A path that the compiler knows, as one below the tree; "" for what is not there."""
        path = os.path.relpath(os.path.normpath(os.path.join(self.rm, path)), self.root)
        return "" if path.startswith("..") or not os.path.exists(os.path.join(self.root, path)) else path

    def payload_names(self):
        """Structs of messages, old ones too, and names that stand for the ones in use; and how many of both."""
        texts = [self.text("src/nvidia/generated/g_%s.h" % n) for n in PAYLOADS]
        current = {n for text in texts for n in re.findall(r"^typedef rpc_\w+ (rpc_\w+_v);", text, re.M)}
        structs = set(re.findall(r"^\} *(rpc_\w+);", texts[0], re.M))
        return sorted(structs | current), {"rpc_structs": len(structs), "rpc_current": len(current)}

    def controls(self):
        """{id: [(name, params or "")]} as headers define them, without the NULL controls."""
        out = {}
        for _, text in self.sources(SDK + "/ctrl/**/*.h"):
            for name, number, message in CONTROL.findall(text):
                if name.endswith("_CTRL_CMD_NULL"):
                    continue
                params = message[:-len("_MESSAGE_ID")] if message.endswith("_MESSAGE_ID") else ""
                out.setdefault(int(number, 16), []).append((name, params))
        return out

    def methods(self):
        """{id: (flags, params or "", handler, file)} of controls with a handler in the driver."""
        text = self.text("src/nvidia/inc/kernel/rmapi/control.h")
        bits = {name: int(v, 16) for name, v in re.findall(r"#define RMCTRL_FLAGS_(\w+)\s+(0x[0-9a-fA-F]+)", text)}
        out = {}
        for path, text in self.sources("src/nvidia/generated/g_*_nvoc.c"):
            for flags, number, size, handler in METHOD.findall(text):
                params = re.fullmatch(r"sizeof\((\w+)\)", size.strip())
                words = [w for n, w in METHOD_FLAGS.items() if int(flags, 16) & bits.get(n, 0)]
                row = (words, params.group(1) if params else "", handler, path)
                out[int(number, 16)] = min(row, out.get(int(number, 16), row))
        return out

    def resources(self):
        """[(class macro, its allocation struct or "", must be given)] in the order of the resource list."""
        text = self.text("src/nvidia/src/kernel/rmapi/resource_list.h")
        return [(c, params, kind == "REQUIRED") for c, kind, params in RESOURCE.findall(text)]

    def selectors(self):
        """[(struct, union field, selecting field, [([macro, ..], member index)])] as the generated code has them."""
        texts = [self.text("src/nvidia/generated/g_%s-structures.h" % n) for n in ("sdk", "rpc")]
        switches = {}
        for name, body in (s for t in texts for s in SWITCH.findall(t)):
            arms = re.findall(r"((?:case \w+:\s*)+)return (\d+);", body)
            switches[name] = [(re.findall(r"case (\w+):", cases), int(i)) for cases, i in arms]
        out = []
        for text in texts:
            for m in ASKS_AT.finditer(text):
                asks = ASKS.search(text, m.end())
                struct, switch, by = asks.groups()
                if m.group(1).startswith(struct + "_") and switch in switches:
                    out.append((struct, m.group(1)[len(struct) + 1:], by, switches[switch]))
        return out

    def messages(self):
        """[(number, name, is_event)], markers left out; the row counts with markers; and the file."""
        paths = ("src/nvidia/inc/kernel/vgpu/rpc_global_enums.h", "src/nvidia/kernel/inc/vgpu/rpc_global_enums.h")
        text = self.text(*paths)
        fns, evs = numbered(X_ROW.findall(text)), numbered(E_ROW.findall(text))
        if not fns or not evs:
            raise Fail("%s: the message numbers are not rows of X(...) and E(...)" % self.version())
        rows = [(v, n, False) for v, n in fns if n not in MARKERS]
        rows += [(v, n, True) for v, n in evs if n not in MARKERS]
        file = next(p for p in paths if os.path.exists(os.path.join(self.root, p)))
        return sorted(rows), {"functions": len(fns), "events": len(evs)}, file

    def statuses(self):
        text = self.text("src/common/sdk/nvidia/inc/nvstatuscodes.h")
        return sorted((int(v, 0), n) for n, v in STATUS_ROW.findall(text))
