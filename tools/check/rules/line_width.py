"""Lines have at most 120 columns. Tables, links and code blocks of documents may be longer."""
import re

from tree import Violation

COLUMNS_MAX = 120
CODE = (".h", ".cc", ".py", ".sh", ".ts", ".tsx", ".js", ".mjs", ".css", ".cmake", "CMakeLists.txt", ".txt", ".supp")
EXEMPT = ("tests/corpus/", "tests/golden/", "docs/benchmarks.md")  # the last is written by ./dev bench


def check(tree):
    for path in tree.ending(*CODE, ".md"):
        if path.startswith(EXEMPT):
            continue
        fenced = False
        for number, line in tree.lines(path):
            if path.endswith(".md"):
                fenced ^= line.lstrip().startswith("```")
                if fenced or line.startswith("|") or re.search(r"\]\(|`[^`]{40,}`", line):
                    continue
            if len(line) > COLUMNS_MAX and not re.search(r"https?://\S{40}", line):
                yield Violation(path, number, f"{len(line)} columns, {COLUMNS_MAX} is the most: break the line")
