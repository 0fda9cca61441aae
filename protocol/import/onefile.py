#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the protocol of one driver source tree as one schema file, for `nvtool --abi`.

`nvtool abi import` runs this. Exit 3: something that it needs is not there; 4: the tree is not what it should be.
"""
import argparse
import glob
import json
import os
import sys
import tempfile

from canon import Facts
from extract import check_needs, extract
from fail import exit_code, writing
from tree import Tree, load_roots

HERE = os.path.dirname(os.path.abspath(__file__))


def import_alone(tree, folder):
    """One release into a protocol folder of its own, for its sections in their canonical form."""
    os.mkdir(os.path.join(folder, "types"))
    facts = Facts(folder, load_roots())
    facts.merge(extract(Tree(folder=tree), load_roots()))
    facts.save()


def join(folder):
    """All sections of a protocol folder as one object."""
    schema = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json")) + glob.glob(os.path.join(folder, "types/*.json"))):
        with open(path, encoding="utf-8") as f:
            for key, rows in json.load(f).items():
                if isinstance(rows, list):
                    schema.setdefault(key, []).extend(rows)
                else:
                    schema.setdefault(key, {}).update(rows)
    return schema


class Known:
    """What a schema of one release has, to tell which hand facts concern it."""

    def __init__(self, schema):
        self.names = {key: {row["name"] for row in schema.get(key, [])} for key in ("messages", "controls", "classes")}
        self.fields = {n: {f[0]: f for f in rows[0]["f"]} for n, rows in schema["types"].items()}
        self.types = dict(self.fields)
        self.groups = {"%s:%s" % (kind, name) for kind, key in (("enum", "enums"), ("flags", "flags"))
                       for name in schema.get(key, {})}
        for name, rows in schema.get("aliases", {}).items():
            self.types.setdefault(name, self.fields[rows[0]["type"]])

    def fits(self, row):
        if row.get("message", "") and row["message"] not in self.names["messages"]:
            return False
        if "class" in row and row["class"] not in self.names["classes"]:
            return False
        if any(row.get(key) and row[key] not in self.types for key in ("type", "payload", "alloc")):
            return False
        fields = self.types[row["type"]] if "type" in row else {}
        if row.get("as", "").startswith(("enum:", "flags:")) and row["as"] not in self.groups:
            return False
        return all(row[key].split(".")[0] in fields for key in ("field", "count", "by", "serialized") if key in row)


def overlay(schema):
    """The hand facts that concern this release. Field constants are fixed when nvtool is built, so none of them."""
    with open(os.path.join(HERE, "..", "overlay.json"), encoding="utf-8") as f:
        sections = json.load(f)["overlay"]
    known = Known(schema)
    return {key: [row for row in rows if known.fits(row)] for key, rows in sections.items() if key != "handles"}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("tree", help="a checked-out driver source tree")
    ap.add_argument("--out", required=True, metavar="FILE")
    args = ap.parse_args()
    check_needs()
    with tempfile.TemporaryDirectory(prefix="nvt-import-") as folder:
        import_alone(os.path.abspath(args.tree), folder)
        schema = join(folder)
    schema["overlay"] = overlay(schema)
    with writing(args.out, whole=False) as f:
        json.dump(schema, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    sys.exit(exit_code("import", main))
