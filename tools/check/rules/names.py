"""Names of files and folders say what is inside: no drawers for anything, no versions of code."""
import re

from tree import Violation

DRAWER = re.compile(r"(^|[_./-])(utils?|common|helpers?|misc|manager|impl\d*|[Vv]2)(?=[_./-]|$)")
SNAKE = re.compile(r"[a-z0-9_]+\.(h|cc)")
# The v2 of a protocol's own folder of documents or recorded bytes is that protocol's name.
EXEMPT = ("tests/corpus/",)


def check(tree):
    for path in tree.files:
        if path.startswith(EXEMPT):
            continue
        match = DRAWER.search(path)
        if match:
            yield Violation(path, 1, f"'{match.group(2)}' says nothing: name the file after what it does")
        name = path.rsplit("/", 1)[-1]
        if path.startswith("src/") and name.endswith((".h", ".cc")) and not SNAKE.fullmatch(name):
            yield Violation(path, 1, "C++ files are named in snake_case")
