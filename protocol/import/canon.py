# SPDX-License-Identifier: MIT
"""protocol/ as one object in memory: reading it, merging releases into it, writing it in canonical form."""
import json
import os
import re

from fail import Fail, writing

# Which file holds a type that roots.json does not place: the first pattern that its name matches.
HOMES = [(re.compile(p), home) for p, home in (
    (r"rpc_", "rpc"), (r".*_v[0-9A-F]{2}_[0-9A-F]{2}$", "sdk"),
    (r"NV2080_CTRL_(CMD_)?INTERNAL_", "ctrl2080internal"), (r"NV2080_CTRL_(CMD_)?NVLINK_", "ctrl2080nvlink"),
    (r"NV2080_", "ctrl2080"), (r"NV0073_", "ctrl0073"), (r"NV0080_", "ctrl0080"), (r"NV0000_", "ctrl0000"),
    (r"NV[0-9A-F]{4}_CTRL_|NV_\w+_CTRL_", "ctrl"), (r".*ALLOC(ATION)?_PARAM", "class"), (r"", "common"))]
KEYS = {"aliases": ("v", "type"), "sources": ("v", "file"), "messages": ("n", "name", "payload", "v"), "status": ("n", "name", "v"),
        "consts": ("v", "value"), "controls": ("cmd", "name", "params", "flags", "v"),
        "classes": ("class", "name", "alloc", "scalar", "required", "v")}
# Sections that are lists of rows, and the number that orders them.
LISTS = {"messages": "n", "status": "n", "controls": "cmd", "classes": "class"}
FILES = {"rpc.json": ("aliases", "selectors", "messages"), "status.json": ("status",), "enums.json": ("enums",),
         "consts.json": ("consts",), "ctrl.json": ("controls",), "class.json": ("classes",), "flags.json": ("flags",),
         "sources.json": ("sources",)}


def version_key(v):
    return tuple(int(x) for x in v.split("."))


def dumps(x):
    return json.dumps(x, separators=(",", ":"))


class Facts:
    """Facts of many releases: section -> name or number -> rows that differ, each with its set of releases."""

    def __init__(self, folder, roots):
        self.folder = folder
        self.homes = {name: file for file, names in roots["types"].items() for name in names}
        self.versions = {v["id"]: v for v in self.read("versions.json").get("versions", [])}
        order = self.order()
        self.at = {v: i for i, v in enumerate(order)}
        self.groups = {"types": {}}
        for name in sorted(os.listdir(os.path.join(folder, "types"))):
            if name.endswith(".json"):
                self.groups["types"].update(self.read("types/" + name)["types"])
        for file, sections in FILES.items():
            held = self.read(file)
            for section in sections:
                rows = held.get(section, {})
                if section in LISTS:
                    rows = self.by_key(rows, LISTS[section])
                self.groups[section] = rows
        for group in self.groups.values():
            for rows in group.values():
                for row in rows:
                    row["v"] = self.expand(row["v"], order)
        self.links = self.read("links.json").get("links", {})

    def read(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return {}
        with open(path, encoding="utf-8") as f:
            try:
                return json.load(f)
            except ValueError as e:
                raise Fail("%s: %s" % (path, e)) from None

    @staticmethod
    def by_key(rows, key):
        out = {}
        for row in rows:
            out.setdefault(row[key], []).append(row)
        return out

    def order(self):
        return sorted(self.versions, key=version_key)

    def expand(self, items, order):
        """ "A..B" -> every known release from A to B."""
        got = set()
        for item in items:
            a, _, b = item.partition("..")
            got.update(order[self.at[a]:self.at[b or a] + 1])
        return got

    def ranges(self, got):
        order, out, i = self.order_now, [], 0
        while i < len(order):
            j = i
            while j < len(order) and order[j] in got:
                j += 1
            if j > i:
                out.append(order[i] if j == i + 1 else order[i] + ".." + order[j - 1])
            i = max(j, i + 1)
        return out

    def forget(self, version):
        for group in self.groups.values():
            for name in list(group):
                for row in group[name]:
                    row["v"].discard(version)
                group[name] = [row for row in group[name] if row["v"]]
                if not group[name]:
                    del group[name]

    def add(self, section, key, version, fact):
        """Joins an equal row of another release, or begins a new one."""
        rows = self.groups[section].setdefault(key, [])
        for row in rows:
            if {k: v for k, v in row.items() if k != "v"} == fact:
                row["v"].add(version)
                return
        rows.append({"v": {version}, **fact})

    def merge(self, facts):
        version = facts["version"]
        if version in self.versions:
            self.forget(version)
        self.versions[version] = {"id": version, "commit": facts["commit"], **facts["counts"]}
        for name, layout in facts["types"].items():
            self.add("types", name, version, layout)
        for name, real in facts["aliases"].items():
            self.add("aliases", name, version, {"type": real})
        for name, row in facts["selectors"].items():
            self.add("selectors", name, version, row)
        for name, rows in facts["enums"].items():
            self.add("enums", name, version, {"e": rows})
        for name, rows in facts["flags"].items():
            self.add("flags", name, version, {"f": rows})
        for name, value in facts["consts"].items():
            self.add("consts", name, version, {"value": value})
        for name, file in facts["sources"].items():
            self.add("sources", name, version, {"file": file})
        for field, group in facts["links"].items():
            if self.links.setdefault(field, group) != group:
                raise Fail("%s: %s is %s, elsewhere %s" % (version, field, group, self.links[field]))
        for section, key in LISTS.items():
            for row in facts[section]:
                self.add(section, row[key], version, row)

    def home(self, name):
        top = name.split(".")[0]
        return self.homes.get(top) or next(home for pattern, home in HOMES if pattern.match(top))

    def first(self, row):
        return min(self.at[v] for v in row["v"])

    def row_text(self, row, keys):
        row = dict(row, v=self.ranges(row["v"]))
        return "{" + ",".join('"%s":%s' % (k, dumps(row[k])) for k in keys if k in row) + "}"

    def layout_text(self, row):
        head = '   {"v":%s,"k":"%s","size":%d,"f":[\n' % (dumps(self.ranges(row["v"])), row["k"], row["size"])
        return head + ",\n".join("    " + dumps(f) for f in row["f"]) + "\n   ]}"

    def enum_text(self, row):
        head = '   {"v":%s,"e":[\n' % dumps(self.ranges(row["v"]))
        return head + ",\n".join("    " + dumps(e) for e in row["e"]) + "\n   ]}"

    def flags_text(self, row):
        head = '   {"v":%s,"f":[\n' % dumps(self.ranges(row["v"]))
        return head + ",\n".join("    " + dumps(f) for f in row["f"]) + "\n   ]}"

    def selector_text(self, row):
        head = '   {"v":%s,"by":"%s","arms":[\n' % (dumps(self.ranges(row["v"])), row["by"])
        return head + ",\n".join("    " + dumps(a) for a in row["arms"]) + "\n   ]}"

    def links_text(self):
        """The links whose field and whose names some release has."""
        fields = {"%s.%s" % (n, f[0]) for n, rows in self.groups["types"].items() for r in rows for f in r["f"]}
        held = {"enum:" + n for n in self.groups["enums"]} | {"flags:" + n for n in self.groups["flags"]}
        rows = ["  %s: %s" % (dumps(k), dumps(v)) for k, v in sorted(self.links.items()) if k in fields and v in held]
        return ' "links": {\n%s\n }' % ",\n".join(rows)

    def section_text(self, section, group):
        """A list's rows by number, or {name: rows}; rows of one thing by their first release."""
        if section in LISTS:
            rows = [r for key in sorted(group) for r in sorted(group[key], key=self.first)]
            return ' "%s": [\n%s\n ]' % (section, ",\n".join("  " + self.row_text(r, KEYS[section]) for r in rows))
        text = {"types": self.layout_text, "enums": self.enum_text, "flags": self.flags_text, "selectors": self.selector_text}.get(
            section, lambda r: "   " + self.row_text(r, KEYS[section]))
        out = []
        for name in sorted(group):
            rows = sorted(group[name], key=self.first)
            out.append('  %s: [\n%s\n  ]' % (dumps(name), ",\n".join(text(r) for r in rows)))
        return ' "%s": {\n%s\n }' % (section, ",\n".join(out))

    def write(self, name, *sections):
        with writing(os.path.join(self.folder, name)) as f:
            f.write("{\n" + ",\n".join(sections) + "\n}\n")

    def save(self):
        self.order_now = self.order()
        self.at = {v: i for i, v in enumerate(self.order_now)}
        rows = [self.versions[v] for v in self.order_now]
        files = {}
        for name, layouts in self.groups["types"].items():
            files.setdefault(self.home(name), {})[name] = layouts
        for file, types in files.items():
            self.write("types/%s.json" % file, self.section_text("types", types))
        for file, sections in FILES.items():
            self.write(file, *(self.section_text(s, self.groups[s]) for s in sections))
        self.write("links.json", self.links_text())
        # Last: a release that this file names is whole.
        self.write("versions.json", ' "versions": [\n%s\n ]' % ",\n".join("  " + dumps(r) for r in rows))
