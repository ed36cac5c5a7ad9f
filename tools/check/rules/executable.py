"""A file is executable exactly when its first line says what runs it."""
import os

from tree import Violation


def check(tree):
    for path in tree.files:
        with open(tree.root / path, "rb") as file:
            runs = file.read(2) == b"#!"
        executable = os.access(tree.root / path, os.X_OK)
        if runs and not executable:
            yield Violation(path, 1, "it has a #! line: chmod +x it, or take the line out")
        if executable and not runs:
            yield Violation(path, 1, "it has no #! line: chmod -x it")
