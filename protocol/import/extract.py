# SPDX-License-Identifier: MIT
"""The facts of one release, taken out of its source tree as one JSON object. No function of the driver is run."""
import os
import tempfile

import dwarf
import tree as sources
from fail import Fail, first_error
from links import Rule
from macros import pick

# Scalars that a class takes in place of a struct.
SCALARS = {"NvHandle": "handle", "NvU32": "u32"}


def check_needs():
    """Says at once what is not installed."""
    sources.check_needs()
    dwarf.check_needs()


def compile_types(tree, roots, tmp):
    obj = os.path.join(tmp, "types.o")
    errors = tree.compile(tree.prelude(roots), obj, ["-g", "-fno-eliminate-unused-debug-types"])
    if errors:
        raise Fail("%s: the headers do not compile: %s" % (tree.version(), first_error(errors)))
    return dwarf.Types(obj, roots["opaque"])


def resolve_all(types, names):
    """{asked: canonical} of the names that the release has."""
    found = {name: types.resolve(name) for name in names}
    return {name: real for name, real in found.items() if real}


def compiled_consts(tree, roots, names):
    """Values of macros that only the compiler can tell (sizes, offsets), read back from a table of them."""
    base, names = tree.prelude(roots), list(names)
    while names:
        body = ["const unsigned long long nvt_%s = (unsigned long long)(%s);" % (n, n) for n in names]
        with tempfile.TemporaryDirectory() as tmp:
            asm = os.path.join(tmp, "consts.s")
            errors = tree.compile(base + "\n".join(body) + "\n", asm, ["-S"])
            if not errors:
                with open(asm, encoding="utf-8") as f:
                    return parse_asm(f.read())
        bad = {int(e.split(":")[1]) for e in errors.splitlines() if e.startswith("<stdin>") and ": error:" in e}
        bad = {names[n - base.count("\n") - 1] for n in bad if n > base.count("\n")}
        if not bad:
            raise Fail("%s: constants do not compile: %s" % (tree.version(), first_error(errors)))
        names = [n for n in names if n not in bad]
    return {}


def parse_asm(text):
    values, current = {}, None
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("nvt_") and line.endswith(":"):
            current = line[4:-1]
        elif current and line.startswith((".quad", ".zero")):
            values[current] = int(line.split()[1]) & (2**64 - 1) if line.startswith(".quad") else 0
            current = None
    return values


def read_consts(tree, roots, macros, names):
    values = {n: v for n in names if isinstance(v := macros.value(n), int)}
    values.update(compiled_consts(tree, roots, [n for n in roots["consts"] if n in macros.bodies and n not in values]))
    return values


def name_rule(types, name):
    """A control's parameters by its name alone: CTRL_CMD_X -> CTRL_X_PARAMS, or CTRL_CMD_X_PARAMS."""
    for struct in (name.replace("_CTRL_CMD_", "_CTRL_", 1) + "_PARAMS", name + "_PARAMS"):
        if struct in types.named:
            return struct
    return ""


def read_controls(headers, methods, types):
    """[{cmd, name, params?, flags?}]; and how each found its parameters."""
    counts = {"finn": 0, "nvoc": 0, "name": 0, "none": 0}
    out = []
    for cmd in sorted(set(headers) | set(methods)):
        flags, handled, handler, _ = methods.get(cmd, ([], "", "", ""))
        names = sorted(headers.get(cmd, [(handler, "")]), key=lambda row: (not row[1], row[0]))
        name, params = names[0]
        how = "finn"
        if not params or not types.resolve(params):
            params, how = handled, "nvoc"
        if not params or not types.resolve(params):
            params, how = name_rule(types, name), "name"
        row = {"cmd": "0x%08x" % cmd, "name": name}
        if params:
            row["params"] = params
        flags = flags + (["handled"] if cmd in methods else [])
        if flags:
            row["flags"] = flags
        counts[how if params else "none"] += 1
        out.append(row)
    return out, counts


def read_classes(resources, consts):
    """[{class, name, alloc?, required?}]; a class that the list has twice keeps its first row."""
    out, seen = [], set()
    for name, params, required in resources:
        if name not in consts or consts[name] in seen:
            continue
        seen.add(consts[name])
        row = {"class": "0x%08x" % consts[name], "name": name}
        if params in SCALARS:
            row["scalar"] = SCALARS[params]
        elif params:
            row["alloc"] = params
        if required:
            row["required"] = True
        out.append(row)
    return sorted(out, key=lambda row: row["class"])


def read_selectors(selectors, types, consts):
    """{"struct.field": {by, arms: [[value, member]]}} of the unions whose structs are known."""
    out = {}
    for struct, field, by, switch in selectors:
        rows = {f[0]: f for f in types.layouts.get(struct, {"f": []})["f"]}
        if field not in rows or by not in rows:
            continue
        members = types.layouts[rows[field][2]]["f"]
        arms = sorted([consts[m], members[i][0]] for macros, i in switch for m in macros
                      if m in consts and i < len(members))
        out["%s.%s" % (struct, field)] = {"by": by, "arms": [a for a, b in zip(arms, [None] + arms) if a != b]}
    return out


def read_sets(macros, rule, roots):
    """Enums and flags that macros make: those of roots.json, and what the rule of names finds; and its links."""
    sets, links = {}, {}
    for name, row in roots["sets"].items():
        rows = pick(macros, name, row)
        if rows:
            sets[name] = (row["as"], rows)
    for field, (kind, name, rows) in rule.items():
        if sets.setdefault(name, (kind, rows)) == (kind, rows) or name in roots["sets"]:
            links[field] = "%s:%s" % (sets[name][0], name)
    return sets, links


def read_sources(tree, types, macros, methods, controls, classes):
    """{name of a type, control or class: the file that declares it}."""
    out = {name: types.file_of(name) for name in types.layouts if "." not in name}
    handled = {int(row["cmd"], 16) for row in controls} & set(methods)
    out.update({methods[n][2]: "../../" + methods[n][3] for n in handled})
    out.update({row["name"]: macros.files[row["name"]] for row in controls if row["name"] in macros.files})
    for name in (row["name"] for row in classes):
        files = [macros.files[name], *macros.again.get(name, [])]
        out[name] = next((f for f in files if "/class/" in f), files[0])
    names = {row["name"] for row in controls} | {row["name"] for row in classes} | set(types.layouts)
    found = {name: tree.source_name(path) for name, path in out.items() if path and name in names}
    return {name: path for name, path in found.items() if path}


def extract(tree, roots):
    """Everything about one release, ready for canon.Facts.merge."""
    with tempfile.TemporaryDirectory() as tmp:
        types = compile_types(tree, roots, tmp)
    rows, counts, enums_file = tree.messages()
    statuses, resources, selectors, macros = tree.statuses(), tree.resources(), tree.selectors(), tree.macros(roots)
    wanted = roots["consts"] + [r[0] for r in resources] + [m for s in selectors for macro, _ in s[3] for m in macro]
    consts = read_consts(tree, roots, macros, wanted)
    (payloads, rpcs), headers, methods = tree.payload_names(), tree.controls(), tree.methods()
    controls, how = read_controls(headers, methods, types)
    classes = read_classes(resources, consts)
    asked = [n for names in roots["types"].values() for n in names] + payloads
    asked += [c["params"] for c in controls if "params" in c] + [c["alloc"] for c in classes if "alloc" in c]
    aliases = {n: real for n, real in resolve_all(types, asked).items() if n != real}
    lost = [c for c in classes if "alloc" in c and c["alloc"] not in aliases and c["alloc"] not in types.layouts]
    if lost:
        raise Fail("%s: no struct %s of class %s" % (tree.version(), lost[0]["alloc"], lost[0]["name"]))
    for name in roots["enums"]:
        if name in types.named:
            types.enum(types.strip(types.named[name])[0])
    sets, links = read_sets(macros, Rule(macros, types).all(), roots)
    enums = {n: [list(r) for r in rows] for n, rows in types.enums.items()}
    enums.update({n: rows for n, (kind, rows) in sets.items() if kind == "enum"})
    flags = {n: rows for n, (kind, rows) in sets.items() if kind == "flags"}
    known, unions = set(types.layouts) | set(aliases), read_selectors(selectors, types, consts)
    counts.update(rpcs)
    counts.update({
        "controls": len(controls), "controls_by": how,
        "control_structs": len({c["params"] for c in controls if "params" in c}),
        "classes": len(resources), "class_ids": len(classes),
        "alloc_structs": len({r[1] for r in resources if r[1]}),
        "classes_without": sum(not r[1] for r in resources),
        "status": len(statuses), "types": len(types.layouts), "enums": len(enums), "flags": len(flags),
        "links": len(links), "selectors": len(unions)})
    return {
        "version": tree.version(), "commit": tree.commit, "counts": counts, "types": types.layouts,
        "aliases": aliases, "selectors": unions, "enums": enums, "flags": flags, "links": links,
        "controls": controls, "classes": classes,
        "messages": [{"n": n, "name": name, **({"payload": p} if (p := "rpc_%s_v" % name.lower()) in known else {})}
                     for n, name, _ in rows],
        "status": [{"n": n, "name": name} for n, name in statuses],
        "consts": {n: "0x%x" % consts[n] for n in roots["consts"] if n in consts},
        "sources": {"functions": enums_file, "events": enums_file,
                    **read_sources(tree, types, macros, methods, controls, classes)}}
