#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Takes the protocol facts of driver releases out of their source trees and merges them into protocol/.

Developer tool: needs gcc and pyelftools, is no part of the build. No function of the driver is compiled in or run.
With --all every tag of the repository that protocol/ does not hold yet is taken; stopped, it continues when it is
called again, because what was extracted waits in the work folder.
"""
import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import sys

from canon import Facts, version_key
from extract import check_needs, extract
from fail import BAD_INPUT, Fail, exit_code, writing
from tree import Tree, git, load_roots

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (515,)


def importer_digest():
    """Facts in the work folder are good for the importer that took them."""
    digest = hashlib.sha256()
    for path in sorted(glob.glob(os.path.join(HERE, "*.py")) + [os.path.join(HERE, "roots.json")]):
        with open(path, "rb") as f:
            digest.update(f.read())
    return digest.hexdigest()[:12]


def waiting(args, tag):
    return os.path.join(args.work, "%s-%s.json" % (tag, args.digest))


def take(args, tag):
    """One tag's facts into its file in the work folder, unless they are there; says what is wrong with it, or ""."""
    path = waiting(args, tag)
    if os.path.exists(path):
        return ""
    try:
        facts = extract(Tree(repo=args.git, tag=tag), load_roots())
    except Fail as e:
        if e.code != BAD_INPUT:
            raise
        return e.text
    with writing(path) as f:
        json.dump(facts, f, separators=(",", ":"))
    return ""


def take_all(args, tags):
    """Tags whose facts are in the work folder; the others are named on standard error."""
    taken = []
    with concurrent.futures.ThreadPoolExecutor(1) if args.jobs == 1 else \
            concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for tag, problem in zip(tags, pool.map(take, [args] * len(tags), tags)):
            print("import: " + (problem or tag + " taken"), file=sys.stderr, flush=True)
            if not problem:
                taken.append(tag)
    return taken


def tags_wanted(args, facts):
    if args.tag:
        return args.tag
    tags = git(args.git, "tag")
    if tags is None:
        raise Fail("%s is no git repository" % args.git)
    tags = [t for t in tags.decode().split() if t.replace(".", "").isdigit() and version_key(t) >= OLDEST]
    return sorted((t for t in tags if t not in facts.versions), key=version_key)


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("tree", nargs="?", help="a checked-out driver source tree")
    ap.add_argument("--git", metavar="DIR", help="a repository that holds the driver's tags")
    ap.add_argument("--tag", action="append", help="a release to take from --git (again: another)")
    ap.add_argument("--all", action="store_true", help="every tag that protocol/ lacks")
    ap.add_argument("--jobs", type=int, default=1, metavar="N", help="releases at once")
    ap.add_argument("--work", default=os.path.expanduser("~/.cache/nvt-import"), metavar="DIR",
                    help="where facts wait for their merge (default: %(default)s)")
    ap.add_argument("--out", default=os.path.dirname(HERE), help="the protocol folder (default: this one)")
    args = ap.parse_args()
    if bool(args.tree) == bool(args.git) or bool(args.git) != bool(args.tag or args.all):
        ap.error("give either a tree, or --git with --tag or --all")
    check_needs()
    args.digest = importer_digest()
    os.makedirs(os.path.join(args.out, "types"), exist_ok=True)
    os.makedirs(args.work, exist_ok=True)
    facts = Facts(args.out, load_roots())
    if args.tree:
        facts.merge(extract(Tree(folder=args.tree), load_roots()))
        wanted = taken = [facts]
    else:
        wanted = tags_wanted(args, facts)
        taken = take_all(args, wanted)
        for tag in taken:
            with open(waiting(args, tag), encoding="utf-8") as f:
                facts.merge(json.load(f))
    if taken:
        facts.save()
    return 0 if len(taken) == len(wanted) else BAD_INPUT


if __name__ == "__main__":
    sys.exit(exit_code("import", main))
