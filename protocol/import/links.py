# SPDX-License-Identifier: MIT
"""Which field's values macros name, by the rule of names alone: a struct NVX_CTRL_FOO_PARAMS with a field barBaz,
and in the same header macros NVX_CTRL_FOO_BAR_BAZ_*."""
import bisect
import re

from macros import Names

WIDTH = {"u8": 8, "u16": 16, "u32": 32, "u64": 63}
# Fields by whose names several of their values may be in them at once.
MANY = re.compile(r"flags?$|mask$|caps$|options$|properties$|supported$", re.I)


def snake(name):
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).upper()


def bases(struct):
    """What macros about a struct may begin with."""
    base = re.sub(r"_(PARAMETERS|PARAMS)$", "", struct)
    out = list(dict.fromkeys((base, re.sub(r"_(ALLOCATION|ALLOC)$", "", base), struct)))
    if "_CTRL_CMD_" in base:
        out.append(base.replace("_CTRL_CMD_", "_CTRL_", 1))
    elif "_CTRL_" in base:
        out.append(base.replace("_CTRL_", "_CTRL_CMD_", 1))
    return out


class Rule:
    def __init__(self, macros, types):
        self.macros, self.types, self.file_of = macros, types.layouts, types.file_of
        self.owners = sorted({b for t in self.types if "." not in t for b in bases(t)})

    def names(self, struct, field, prefix, others):
        """Macros below prefix that belong to neither a longer field's name nor a longer struct's."""
        names = self.macros.under(prefix)
        if not names:
            return []
        at = bisect.bisect_left(self.owners, prefix)
        longer = [p for p in others if p.startswith(prefix + "_")]
        while at < len(self.owners) and self.owners[at].startswith(prefix):
            longer.append(self.owners[at])
            at += 1
        longer, file = tuple(p + "_" for p in longer), self.file_of(struct)
        return [n for n in names if self.macros.files[n] == file and not n.startswith(longer)]

    def link(self, struct, row):
        """(kind, prefix, rows) of one field, or None."""
        field, _, kind, *opts = row
        if kind not in WIDTH or not field or (opts and ("bits" in opts[0] or "enum" in opts[0])):
            return None
        fields = [snake(f[0]) for f in self.types[struct]["f"] if f[0]]
        for base in bases(struct):
            for word in dict.fromkeys((snake(field), field.upper())):
                prefix = base + "_" + word
                names = self.names(struct, field, prefix, [base + "_" + w for w in fields if w != word])
                if names and not ("dim" in (opts[0] if opts else {}) and names[0][len(prefix) + 1:].isdigit()):
                    return self.judge(Names(self.macros, names), prefix, field, WIDTH[kind])
        return None

    @staticmethod
    def judge(names, prefix, field, width):
        """A field named after flags whose numbers have but two bits may as well count them: 0, 1, 2."""
        few = not names.ranges and sorted(names.numbers().values()) in ([0, 1, 2], [0, 1, 2, 3])
        none = any(n.endswith(("_NONE", "_DEFAULT", "_EMPTY")) for n, v in names.values.items() if not v)
        many = bool(names.ranges) or MANY.search(field) and (none or not few)
        rows = None if names.strays() else names.flags(width) if many else names.enum(width)
        return ("flags" if many else "enum", prefix, rows) if rows else None

    def all(self):
        """{TYPE.FIELD: (kind, name, rows)} of every field that the rule finds names for."""
        out = {}
        for struct in self.types:
            if "." in struct:
                continue
            for row in self.types[struct]["f"]:
                found = self.link(struct, row)
                if found:
                    out["%s.%s" % (struct, row[0])] = found
        return out
