"""Nothing in the repository knows the machine that it was written on."""
import re

from tree import Violation

PATH = re.compile(r"(?<![\w.~/-])/(work|root|home)/")
EXEMPT = ("tools/check/", "tests/corpus/")


def check(tree):
    for path in tree.files:
        if path.startswith(EXEMPT):
            continue
        for number, line in tree.lines(path):
            match = PATH.search(line)
            if match:
                yield Violation(path, number, f"{match.group()} is one machine's: use a path inside the repository, "
                                "or a temporary folder")
