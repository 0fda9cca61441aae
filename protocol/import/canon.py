# SPDX-License-Identifier: MIT
"""protocol/ as one object in memory: reading it, merging a release into it, writing it in canonical form."""
import json
import os



def version_key(v):
    return tuple(int(x) for x in v.split("."))


def dumps(x):
    return json.dumps(x, separators=(",", ":"))


class Facts:
    """Facts of many releases. Each list of alternatives carries its releases as a set while in memory."""

    def __init__(self, folder):
        self.folder = folder
        self.versions = {v["id"]: v for v in self.read("versions.json").get("versions", [])}
        self.types = {}  # file -> type -> [layout]
        for name in sorted(os.listdir(os.path.join(folder, "types"))):
            if name.endswith(".json"):
                self.types[name] = self.expand(self.read("types/" + name)["types"])
        rpc = self.read("rpc.json")
        self.aliases = self.expand(rpc.get("aliases", {}))
        self.messages = self.expand({"": rpc.get("messages", [])})[""]
        self.status = self.expand({"": self.read("status.json").get("status", [])})[""]
        self.enums = self.expand(self.read("enums.json").get("enums", {}))
        self.consts = self.expand(self.read("consts.json").get("consts", {}))

    def read(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return {}
        with open(path, encoding="utf-8") as f:
            return json.load(f)

    def order(self):
        return sorted(self.versions, key=version_key)

    def expand(self, groups):
        """ "A..B" -> every known release from A to B."""
        order = self.order()
        for rows in groups.values():
            for row in rows:
                got = set()
                for item in row["v"]:
                    a, _, b = item.partition("..")
                    got.update(order[order.index(a):order.index(b or a) + 1])
                row["v"] = got
        return groups

    def ranges(self, got):
        order, out, i = self.order(), [], 0
        while i < len(order):
            j = i
            while j < len(order) and order[j] in got:
                j += 1
            if j > i:
                out.append(order[i] if j == i + 1 else order[i] + ".." + order[j - 1])
            i = max(j, i + 1)
        return out

    def forget(self, version):
        groups = [self.aliases, self.enums, self.consts, *self.types.values()]
        for group in groups:
            for name in list(group):
                group[name] = self.without(group[name], version)
                if not group[name]:
                    del group[name]
        self.messages = self.without(self.messages, version)
        self.status = self.without(self.status, version)

    @staticmethod
    def without(rows, version):
        for row in rows:
            row["v"].discard(version)
        return [row for row in rows if row["v"]]

    @staticmethod
    def add(rows, version, fact):
        """Joins an equal row of another release, or begins a new one."""
        for row in rows:
            if {k: v for k, v in row.items() if k != "v"} == fact:
                row["v"].add(version)
                return
        rows.append({"v": {version}, **fact})

    def type_home(self, name, wanted):
        """The file that already holds a type, so that a release never moves it."""
        for file, types in self.types.items():
            if name in types:
                return file
        return wanted

    def first(self, row):
        return min(self.order().index(v) for v in row["v"])

    def row_text(self, row, order):
        row = dict(row, v=self.ranges(row["v"]))
        return "{" + ",".join('"%s":%s' % (k, dumps(row[k])) for k in order if k in row) + "}"

    def layout_text(self, row):
        head = '   {"v":%s,"k":"%s","size":%d,"f":[\n' % (dumps(self.ranges(row["v"])), row["k"], row["size"])
        return head + ",\n".join("    " + dumps(f) for f in row["f"]) + "\n   ]}"

    def group_text(self, key, group, text):
        """{"key": {name: [rows]}}, names sorted, rows by their first release."""
        out = []
        for name in sorted(group):
            rows = sorted(group[name], key=self.first)
            out.append('  %s: [\n%s\n  ]' % (dumps(name), ",\n".join(text(r) for r in rows)))
        return ' "%s": {\n%s\n }' % (key, ",\n".join(out))

    def write(self, name, *sections):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write("{\n" + ",\n".join(sections) + "\n}\n")

    def rows_text(self, key, rows, order):
        rows = sorted(rows, key=lambda r: (r["n"], self.first(r)))
        return ' "%s": [\n%s\n ]' % (key, ",\n".join("  " + self.row_text(r, order) for r in rows))

    def enum_text(self, row):
        head = '   {"v":%s,"e":[\n' % dumps(self.ranges(row["v"]))
        return head + ",\n".join("    " + dumps(e) for e in row["e"]) + "\n   ]}"

    def save(self):
        rows = [self.versions[v] for v in self.order()]
        self.write("versions.json", ' "versions": [\n%s\n ]' % ",\n".join("  " + dumps(r) for r in rows))
        for file, types in self.types.items():
            self.write("types/" + file, self.group_text("types", types, self.layout_text))
        self.write("rpc.json",
                   self.group_text("aliases", self.aliases, lambda r: "   " + self.row_text(r, ("v", "type"))),
                   self.rows_text("messages", self.messages, ("n", "name", "payload", "v")))
        self.write("status.json", self.rows_text("status", self.status, ("n", "name", "v")))
        self.write("enums.json", self.group_text("enums", self.enums, self.enum_text))
        self.write("consts.json", self.group_text(
            "consts", self.consts, lambda r: "   " + self.row_text(r, ("v", "value"))))
