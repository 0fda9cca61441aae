# SPDX-License-Identifier: MIT
"""How the importer gives up: one line on standard error and an exit code, those of nvtool."""
import contextlib
import os
import sys

ENVIRONMENT, BAD_INPUT = 3, 4


class Fail(Exception):
    """What is wrong, in one line."""

    def __init__(self, text, code=BAD_INPUT):
        super().__init__(text, code)
        self.text, self.code = text, code


def missing(what, package):
    return Fail("%s is not installed (Debian package %s)" % (what, package), ENVIRONMENT)


def first_error(said):
    """The first error among a compiler's messages."""
    lines = said.splitlines()
    return next((line for line in lines if "error: " in line), lines[0] if lines else "the compiler said nothing")


@contextlib.contextmanager
def writing(path, whole=True):
    """A text file to write. whole: under another name until all of it is there."""
    name = path + ".tmp" if whole else path
    try:
        with open(name, "w", encoding="utf-8") as f:
            yield f
        if whole:
            os.replace(name, path)
    except OSError as e:
        raise Fail("cannot write %s: %s" % (path, e.strerror), ENVIRONMENT) from None


def exit_code(name, run):
    """Runs a script's work; says why it gave up."""
    try:
        return run() or 0
    except Fail as e:
        print("%s: %s" % (name, e.text), file=sys.stderr)
        return e.code
    except OSError as e:
        print("%s: %s: %s" % (name, e.filename, e.strerror), file=sys.stderr)
        return ENVIRONMENT
