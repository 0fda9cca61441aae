#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Takes the protocol facts of driver releases out of their source trees and merges them into protocol/.

Developer tool: needs gcc and pyelftools, is no part of the build. No function of the driver is compiled in or run.
With --all every tag of the repository that protocol/ does not hold yet is taken; stopped, it continues when it is
called again, because what was extracted waits in the work folder.
"""
import argparse
import concurrent.futures
import json
import os
import sys

from canon import Facts, version_key
from extract import extract
from tree import Tree, git, load_roots

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (515,)


def take(args, tag):
    """One tag's facts into its file in the work folder, unless they are there; says what went wrong, or ""."""
    path = os.path.join(args.work, tag + ".json")
    if os.path.exists(path):
        return ""
    try:
        facts = extract(Tree(repo=args.git, tag=tag), load_roots())
    except SystemExit as e:
        return str(e)
    with open(path + ".tmp", "w", encoding="utf-8") as f:
        json.dump(facts, f, separators=(",", ":"))
    os.replace(path + ".tmp", path)
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
    tags = git(args.git, "tag").decode().split()
    tags = [t for t in tags if t.replace(".", "").isdigit() and version_key(t) >= OLDEST]
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
    os.makedirs(os.path.join(args.out, "types"), exist_ok=True)
    os.makedirs(args.work, exist_ok=True)
    facts = Facts(args.out, load_roots())
    if args.tree:
        facts.merge(extract(Tree(folder=args.tree), load_roots()))
    else:
        for tag in take_all(args, tags_wanted(args, facts)):
            with open(os.path.join(args.work, tag + ".json"), encoding="utf-8") as f:
                facts.merge(json.load(f))
    facts.save()


if __name__ == "__main__":
    main()
