"""Runs the rules over the tree: run.py [RULE...]. Prints "file:line: rule: what to do instead".

A rule is a file of rules/ with a function check(tree) that yields violations. Where a rule has to be broken, the line
or the one above it says so: "check-ok(RULE): why".
"""
import importlib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tree import Tree  # noqa: E402


def rule_names():
    return sorted(path.stem for path in (HERE / "rules").glob("*.py"))


def violations(tree, names):
    """(violation, rule), in the order of the files."""
    found = []
    for name in names:
        for violation in importlib.import_module(f"rules.{name}").check(tree):
            if not excused(tree, violation, name):
                found.append((violation, name))
    return sorted(found)


def excused(tree, violation, name):
    lines = tree.text(violation.path).splitlines() if violation.path in tree.files else []
    near = lines[max(violation.line - 2, 0):violation.line]
    return any(f"check-ok({name}): " in line for line in near)


def main():
    started = time.monotonic()
    unknown = set(sys.argv[1:]) - set(rule_names())
    if unknown:
        sys.exit(f"no such rule: {' '.join(sorted(unknown))}; there are: {' '.join(rule_names())}")
    names = sys.argv[1:] or rule_names()
    tree = Tree(HERE.parent.parent)
    found = violations(tree, names)
    for violation, name in found:
        print(f"{violation.path}:{violation.line}: {name}: {violation.advice}")
    print(f"{len(names)} rules over {len(tree.files)} files in {time.monotonic() - started:.1f} s: "
          f"{len(found)} violations")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
