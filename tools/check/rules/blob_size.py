"""The repository stays small to clone: no file over 1 MB."""
from tree import Violation

BYTES_MAX = 1_000_000


def check(tree):
    for path in tree.files:
        size = (tree.root / path).stat().st_size
        if size > BYTES_MAX:
            yield Violation(path, 1, f"{size} bytes, {BYTES_MAX} is the most: make it in the test or the build instead")
