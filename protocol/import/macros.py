# SPDX-License-Identifier: MIT
"""Macros of a compiled header file: what they stand for, and which of them name the values of one thing."""
import bisect
import re

MARK = re.compile(r'^# \d+ "([^"]*)"')
DEFINE = re.compile(r"^#define (\w+)(?![\w(])\s+(.+)$")
RANGE = re.compile(r"\(?\s*(\d+)\s*:\s*(\d+)\s*\)?")
ALIAS = re.compile(r"[(\s]*([A-Za-z_]\w*)[)\s]*")
NUMBER = re.compile(r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b")
CAST = re.compile(r"\(\s*(?:NvU(?:8|16|32|64)|unsigned|int|long)\s*\)")
BIT = re.compile(r"\b(?:NV)?BIT(?:32|64|_TYPE)?\(")
# Numbers that begin like a set's values and are none, among an enum's and among flags: of messages, sizes, limits.
NO_ENUM = re.compile(r"_(MESSAGE_ID|SIZE|LENGTH|LEN|COUNT|SHIFT|WIDTH|OFFSET|MAX|MIN|FIRST|LAST|NUM|TOTAL)(_v\w+)?$")
NO_FLAG = re.compile(r"_(MESSAGE_ID|TBL_SIZE|LENGTH|COUNT|LOW_FIELD|HIGH_FIELD)$")


def c_number(m):
    text = m.group(1)
    return str(int(text, 16 if text[:2] in ("0x", "0X") else 8 if text[0] == "0" else 10))


class Macros:
    """Object-like macros of a translation unit, from what `gcc -E -dD` prints."""

    def __init__(self, text):
        self.bodies, self.files, self.at, self.cache = {}, {}, {}, {}
        self.again = {}  # further headers that define a name
        file = ""
        for line in text.split("\n"):
            if line.startswith("# "):
                mark = MARK.match(line)
                file = mark.group(1) if mark else file
            elif line.startswith("#define "):
                m = DEFINE.match(line)
                if m:
                    name = m.group(1)
                    if name in self.files:
                        self.again.setdefault(name, []).append(file)
                        continue
                    self.bodies[name], self.files[name], self.at[name] = m.group(2).strip(), file, len(self.at)
        self.names = sorted(self.bodies)

    def under(self, prefix):
        """Names that begin with prefix and '_'."""
        out, i = [], bisect.bisect_left(self.names, prefix + "_")
        while i < len(self.names) and self.names[i].startswith(prefix + "_"):
            out.append(self.names[i])
            i += 1
        return out

    def value(self, name):
        """A number, the (high, low) bits that it names, or None."""
        if name not in self.cache:
            self.cache[name] = None  # while at it: a macro that names itself is neither
            self.cache[name] = self.evaluate(self.bodies.get(name, ""))
        return self.cache[name]

    def number_of(self, m):
        n = self.value(m.group(0))
        return "(%d)" % n if isinstance(n, int) else m.group(0)

    def evaluate(self, body):
        bits, alias = RANGE.fullmatch(body), ALIAS.fullmatch(body)
        if bits:
            return int(bits.group(1)), int(bits.group(2))
        if alias:
            return self.value(alias.group(1))
        body = BIT.sub("(1 << ", NUMBER.sub(c_number, CAST.sub("", body)))
        body = re.sub(r"[A-Za-z_]\w*", self.number_of, body)
        if not re.fullmatch(r"[\d\s()<>|&+*~-]+", body):
            return None
        try:
            n = eval(body, {"__builtins__": {}})  # digits and operators alone
        except (SyntaxError, TypeError, ValueError, OverflowError):
            return None
        if isinstance(n, int) and -(2**31) <= n < 0:
            n &= 2**32 - 1
        return n if isinstance(n, int) and 0 <= n < 2**64 else None


def is_bit(n):
    return n > 0 and not n & (n - 1)


class Names:
    """Macros as an enum or as flags. picked: by hand, so that names may stay which only a rule has to doubt, and
    of names for one value the first does."""

    def __init__(self, macros, names, picked=False):
        self.macros, self.first = macros, picked
        known = {n: macros.value(n) for n in sorted(names, key=macros.at.get)}
        self.ranges = {n: v for n, v in known.items() if isinstance(v, tuple)}
        self.values = {n: v for n, v in known.items() if isinstance(v, int) and not NO_FLAG.search(n)}

    def is_alias(self, name):
        alias = ALIAS.fullmatch(self.macros.bodies[name])
        return alias and alias.group(1) in self.values

    def numbers(self):
        """{name: number} of an enum, without second names."""
        return {n: v for n, v in self.values.items()
                if not self.is_alias(n) and (self.first or not NO_ENUM.search(n))}

    def enum(self, width):
        """[[name, value]], or None where the numbers are no enum that a field of so many bits holds."""
        rows, seen = [], set()
        for n, v in self.numbers().items():
            if v not in seen or not self.first:
                rows.append([n, v])
            seen.add(v)
        if (self.ranges and not self.first) or len(seen) < 2 or len(rows) > len(seen) or max(seen) >= 1 << width:
            return None
        return sorted(rows, key=lambda r: r[1])

    def flags(self, width):
        """[[name, low, high, values?]] in order of bits, or None. Bits that two names claim go without one."""
        rows = self.fields() if self.ranges else self.single_bits()
        if not rows or max(r[2] for r in rows) >= width:
            return None
        if not self.first and len({n for n, _, _, *_ in rows}) < len(rows):
            return None
        return rows

    def single_bits(self):
        bits = {}
        for n, v in self.values.items():
            if is_bit(v) and not self.is_alias(n):
                bits.setdefault(v.bit_length() - 1, []).append(n)
        known = sum(1 << b for b in bits)
        if any(v & ~known for v in self.values.values()):
            return []
        return [[names[0], b, b] for b, names in sorted(bits.items()) if len(names) == 1 or self.first]

    def fields(self):
        """DRF ranges; one that spans others gives way to them."""
        taken, out = [], []
        for n, (hi, lo) in sorted(self.ranges.items(), key=lambda r: r[1][0] - r[1][1]):
            clash = [t for t in taken if lo <= t[2] and t[1] <= hi]
            same = [t for t in clash if (t[1], t[2]) == (lo, hi)]
            if same and not self.first:
                out = [t for t in out if t not in same]
            if hi >= lo and not clash:
                taken.append([n, lo, hi])
                out.append(taken[-1])
        for row in out:
            values = self.values_of(row)
            if values:
                row.append(values)
        return sorted(out, key=lambda r: r[1])

    def rows(self, kind, width):
        return self.enum(width) if kind == "enum" else self.flags(width)

    def owner(self, name):
        """The range whose value a number is, by its name."""
        return max((r for r in self.ranges if name.startswith(r + "_")), key=len, default="")

    def strays(self):
        """Numbers beside ranges that are values of none of them."""
        return [n for n, v in self.numbers().items() if v and not self.owner(n)] if self.ranges else []

    def values_of(self, row):
        name, lo, hi = row
        out, seen = [], set()
        for n, v in self.values.items():
            if self.owner(n) == name and v < 1 << (hi - lo + 1) and v not in seen:
                out.append([n, v])
                seen.add(v)
        return sorted(out, key=lambda r: r[1])


def pick(macros, name, row):
    """The set that roots.json describes: {"as": "enum" or "flags", "without"?: pattern of whole rests of names}."""
    without = re.compile(row.get("without", "") + r"|(.*_)?MESSAGE_ID|(MAX|LAST|COUNT)(_v\w+)?")
    names = [n for n in macros.under(name) if not without.fullmatch(n[len(name) + 1:])]
    return Names(macros, names, picked=True).rows(row["as"], 63)
