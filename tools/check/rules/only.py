"""No test is singled out: what is marked `only` silently skips all others."""
import re

from tree import Violation

ONLY = re.compile(r"\b(test|it|describe|suite)\.only\b|\bonly:\s*true\b|\bGTEST_FLAG_SET\(filter")


def check(tree):
    for path in tree.ending(".ts", ".tsx", ".js", ".mjs", ".mts", ".cc"):
        for number, line in tree.lines(path):
            if ONLY.search(line):
                yield Violation(path, number, "take `only` out: every test runs")
