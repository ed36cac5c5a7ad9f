"""A header is included once and opens with what it is for."""
from tree import Violation


def check(tree):
    for path in tree.ending(".h"):
        text = tree.text(path)
        if "#pragma once\n" not in text:
            yield Violation(path, 1, "#pragma once is missing")
        if not text.startswith("//"):
            yield Violation(path, 1, "open it with a comment that says what the file is for")
