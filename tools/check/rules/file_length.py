"""A file that one can read: hand-written code has at most 800 lines."""
from tree import Violation

LINES_MAX = 800
CODE = (".h", ".cc", ".py", ".sh", ".ts", ".tsx", ".js", ".mjs", ".css", ".cmake")
# file: why it is longer, and how long it may be. These numbers may only fall.
LONGER = {}


def check(tree):
    for path in tree.ending(*CODE):
        lines = len(tree.text(path).splitlines())
        limit = LONGER.get(path, LINES_MAX)
        if lines > limit:
            yield Violation(path, limit + 1, f"{lines} lines, {limit} is the most: split it by what its parts do")
