# SPDX-License-Identifier: MIT
"""A driver source tree: fetched from git or given, its compile flags, and what only text can tell."""
import glob
import json
import os
import re
import subprocess
import tempfile

# What is read of a tree; the rest of it, 200 MB, stays in git.
PARTS = ["version.mk", "src/nvidia/Makefile", ":(glob)src/nvidia/**/*.h", ":(glob)src/common/**/*.h",
         ":(glob)src/nvidia/generated/g_*_nvoc.c"]
SDK = "src/common/sdk/nvidia/inc"
# X(unit, name, value) and E(name, value); before 550 the value is left out, or stands as "name = value".
X_ROW = re.compile(r"^\s*X\(\s*\w+\s*,\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
E_ROW = re.compile(r"^\s*E\(\s*(\w+)\s*(?:[,=]\s*(\w+)\s*)?\)", re.M)
STATUS_ROW = re.compile(r"^\s*NV_STATUS_CODE\(\s*(\w+)\s*,\s*(\w+)\s*,", re.M)
# Rows that close or open a range and name no message.
MARKERS = {"NUM_FUNCTIONS", "FIRST_EVENT", "NUM_EVENTS"}
# A control's number, and the interface and message that it is made of.
CONTROL = re.compile(r'^#define\s+(\w+)\s+\(?\s*(0x[0-9a-fA-F]+)U?L?\s*\)?\s*'
                     r'/\*\s*finn: Evaluated from "[^"]*<<\s*8\s*\)?\s*\|\s*\(?(\w+)[^"]*"', re.M)
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
            tar = git(repo, "archive", tag, *PARTS)
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
        return "\n".join(out + self.sdk_headers(roots)) + "\n"

    def sdk_headers(self, roots):
        """Every header of controls and classes, but for the ones that go with no other."""
        out = []
        for folder in ("ctrl", "class", "alloc"):
            top = os.path.join(self.root, SDK, folder)
            for at, _, files in os.walk(top):
                out += [os.path.relpath(os.path.join(at, f), os.path.join(self.root, SDK)) for f in files]
        return ['#include "%s"' % h for h in sorted(out) if h.endswith(".h") and h not in roots["skip"]]

    def sources(self, pattern):
        """Texts of the files that a glob names, in order of name; continued lines joined."""
        for path in sorted(glob.glob(os.path.join(self.root, pattern), recursive=True)):
            with open(path, encoding="utf-8", errors="replace") as f:
                yield f.read().replace("\\\n", " ")

    def payload_names(self):
        """Structs of messages, old ones too, and the names that stand for the one in use."""
        text = self.text("src/nvidia/generated/g_rpc-structures.h")
        return sorted(set(re.findall(r"^typedef struct (rpc_\w+)", text, re.M)) |
                      set(re.findall(r"^typedef rpc_\w+ (rpc_\w+_v);", text, re.M)) |
                      set(re.findall(r"^\} *(rpc_\w+);", text, re.M)))

    def controls(self):
        """{id: [(name, params or "")]} as headers define them, without the NULL controls."""
        out = {}
        for text in self.sources(SDK + "/ctrl/**/*.h"):
            for name, number, message in CONTROL.findall(text):
                if name.endswith("_CTRL_CMD_NULL"):
                    continue
                params = message[:-len("_MESSAGE_ID")] if message.endswith("_MESSAGE_ID") else ""
                out.setdefault(int(number, 16), []).append((name, params))
        return out

    def methods(self):
        """{id: (flags, params or "", handler)} of controls with a handler in the driver."""
        text = self.text("src/nvidia/inc/kernel/rmapi/control.h")
        bits = {name: int(v, 16) for name, v in re.findall(r"#define RMCTRL_FLAGS_(\w+)\s+(0x[0-9a-fA-F]+)", text)}
        out = {}
        for text in self.sources("src/nvidia/generated/g_*_nvoc.c"):
            for flags, number, size, handler in METHOD.findall(text):
                params = re.fullmatch(r"sizeof\((\w+)\)", size.strip())
                words = [w for n, w in METHOD_FLAGS.items() if int(flags, 16) & bits.get(n, 0)]
                row = (words, params.group(1) if params else "", handler)
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
