"""Decision records are numbered without gaps, listed in their README and at most 40 lines long."""
import re

from tree import Violation

FOLDER = "docs/decisions/"
INDEX = FOLDER + "README.md"
LINES_MAX = 40


def check(tree):
    records = [path for path in tree.ending(".md") if path.startswith(FOLDER) and path != INDEX]
    for expected, path in enumerate(records, 1):
        name = path.removeprefix(FOLDER)
        if not re.fullmatch(rf"{expected:04d}-[a-z0-9-]+\.md", name):
            yield Violation(path, 1, f"the next free name is {expected:04d}-WORDS.md")
        if f"]({name})" not in tree.text(INDEX):
            yield Violation(INDEX, 1, f"link {name}")
        lines = len(tree.text(path).splitlines())
        if lines > LINES_MAX:
            yield Violation(path, LINES_MAX + 1, f"{lines} lines, {LINES_MAX} is the most")
