# SPDX-License-Identifier: MIT
"""Type layouts from the debug information of a compiled object (pyelftools)."""
import os

try:
    from elftools.common.exceptions import DWARFError, ELFError
    from elftools.elf.elffile import ELFFile
except ImportError:
    ELFFile = None

from fail import ENVIRONMENT, Fail, missing

PRIMS = {"NvBool": "bool", "NvHandle": "handle", "NvP64": "p64", "NV_STATUS": "status"}
QUALIFIERS = {"DW_TAG_const_type", "DW_TAG_volatile_type"}
SIGNED = {5, 6}   # DW_ATE_signed, DW_ATE_signed_char
UNSIGNED = {7, 8}
BOOLEAN = 2       # DW_ATE_boolean


def check_needs():
    if ELFFile is None:
        raise missing("the Python module elftools", "python3-pyelftools")


def name_of(die):
    attr = die.attributes.get("DW_AT_name")
    return attr.value.decode() if attr else None


def value_of(die, key, default=None):
    attr = die.attributes.get(key)
    return attr.value if attr else default


class Types:
    """Every named type of one object, and the layouts reachable from the ones asked for."""

    def __init__(self, path, opaque):
        self.file = open(path, "rb")
        self.dwarf = self.read_dwarf()
        self.opaque = set(opaque)
        self.named, self.direct = {}, {}   # name -> DIE; aggregate's offset -> its direct typedefs
        self.layouts, self.enums, self.lines = {}, {}, None
        for cu in self.dwarf.iter_CUs():
            for die in cu.get_top_DIE().iter_children():
                self.index(die)

    def read_dwarf(self):
        try:
            elf = ELFFile(self.file)
            if not elf.has_dwarf_info():
                raise Fail("the compiler wrote no debug information", ENVIRONMENT)
            return elf.get_dwarf_info()
        except (DWARFError, ELFError) as e:
            raise Fail("the compiler's debug information cannot be read: %s" % (e or type(e).__name__),
                       ENVIRONMENT) from None

    def file_of(self, name):
        """The header that declares a type by this name, as the compiler was told of it; "" if none is known."""
        die = self.named.get(name)
        file = value_of(die, "DW_AT_decl_file") if die is not None else None
        if file is None:
            return ""
        if self.lines is None:  # the object has one unit
            self.lines = self.dwarf.line_program_for_CU(die.cu)
        first = 0 if self.lines["version"] >= 5 else 1
        entry = self.lines["file_entry"][file - first]
        return os.path.join(self.lines["include_directory"][entry.dir_index - first].decode(), entry.name.decode())

    def index(self, die):
        name = name_of(die)
        if die.tag == "DW_TAG_typedef":
            self.named[name] = die
            target = self.target(die)
            if target is not None:
                self.direct.setdefault(target.offset, set()).add(name)
        elif die.tag in ("DW_TAG_structure_type", "DW_TAG_union_type", "DW_TAG_enumeration_type"):
            if name and not value_of(die, "DW_AT_declaration"):
                self.named.setdefault(name, die)

    @staticmethod
    def target(die):
        return die.get_DIE_from_attribute("DW_AT_type") if "DW_AT_type" in die.attributes else None

    def canonical(self, die):
        """The typedef equal to the tag, else the first direct typedef, else the tag; None if it has no name."""
        tag, defs = name_of(die), sorted(self.direct.get(die.offset, ()))
        if tag in defs or not defs:
            return tag
        return defs[0]

    def strip(self, die):
        """Follows typedefs and qualifiers; returns (die, a primitive's name met on the way)."""
        while die.tag == "DW_TAG_typedef" or die.tag in QUALIFIERS:
            if die.tag == "DW_TAG_typedef" and name_of(die) in PRIMS:
                return die, PRIMS[name_of(die)]
            die = self.target(die)
        return die, None

    def size(self, die):
        die, prim = self.strip(die)
        if prim:
            return {"bool": 1, "handle": 4, "p64": 8, "status": 4}[prim]
        return value_of(die, "DW_AT_byte_size", 8)

    def resolve(self, name):
        """Canonical name of a type given by any of its names; None if the object has none such."""
        die = self.named.get(name)
        if die is None:
            return None
        die, _ = self.strip(die)
        return self.aggregate(die, name)

    def describe(self, die, anon):
        """(type name, options) of a member's type; nested aggregates are laid out on the way."""
        dims = []
        while True:
            die, prim = self.strip(die)
            if prim or die.tag != "DW_TAG_array_type":
                break
            for sub in die.iter_children():
                n = value_of(sub, "DW_AT_count")
                dims.append(n if n is not None else value_of(sub, "DW_AT_upper_bound", -1) + 1)
            die = self.target(die)
        opts = {"dim": dims} if dims else {}
        if prim:
            return prim, opts
        if die.tag in ("DW_TAG_structure_type", "DW_TAG_union_type"):
            return self.aggregate(die, anon), opts
        if die.tag == "DW_TAG_enumeration_type":
            if self.enum(die):
                opts["enum"] = self.canonical(die)
            return "u%d" % (8 * self.size(die)), opts
        if die.tag == "DW_TAG_pointer_type":
            return "p64", opts
        return self.base(die, anon), opts

    @staticmethod
    def base(die, where):
        enc, size = value_of(die, "DW_AT_encoding"), value_of(die, "DW_AT_byte_size")
        if name_of(die) == "char":
            return "char"
        if enc == BOOLEAN and size == 1:
            return "bool"
        if die.tag != "DW_TAG_base_type" or enc not in SIGNED | UNSIGNED or size not in (1, 2, 4, 8):
            raise Fail("%s: no layout for a %s" % (where, name_of(die) or die.tag))
        return "%s%d" % ("s" if enc in SIGNED else "u", 8 * size)

    def enum(self, die):
        name = self.canonical(die)
        if name:
            self.enums[name] = [(name_of(c), value_of(c, "DW_AT_const_value")) for c in die.iter_children()]
        return name

    def aggregate(self, die, anon):
        if name_of(die) and value_of(die, "DW_AT_declaration"):
            die = self.named[name_of(die)]
        name = self.canonical(die) or anon
        if name in self.layouts or name in self.opaque:
            return name
        layout = {"k": "u" if die.tag == "DW_TAG_union_type" else "s", "size": value_of(die, "DW_AT_byte_size", 0),
                  "f": []}
        self.layouts[name] = layout
        members = [c for c in die.iter_children() if c.tag == "DW_TAG_member"]
        for i, m in enumerate(members):
            layout["f"].append(self.member(m, name, i))
        return name

    def member(self, m, parent, i):
        """One row. A member without a name keeps "", its type is named after parent and position."""
        field = name_of(m) or ""
        kind, opts = self.describe(self.target(m), "%s.%s" % (parent, field or i))
        off = value_of(m, "DW_AT_data_member_location", 0)
        bits = value_of(m, "DW_AT_bit_size")
        if bits:
            at, unit = value_of(m, "DW_AT_data_bit_offset", 8 * off), 8 * self.size(self.target(m))
            off = at // unit * unit // 8
            opts["bits"] = [at - 8 * off, at - 8 * off + bits - 1]
        if kind in self.opaque:
            kind, opts = "u8", {"dim": [0]}
        return [field, off, kind, opts] if opts else [field, off, kind]
