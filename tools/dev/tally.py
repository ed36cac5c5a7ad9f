"""Adds up JUnit files: prints "N passed, N failed" and fails unless something ran and nothing failed.

usage: tally.py FOLDER
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def count(file):
    """(passed, failed, skipped) of one JUnit file; a file that cannot be read is a failure."""
    try:
        root = ElementTree.parse(file).getroot()
    except (ElementTree.ParseError, OSError):
        return 0, 1, 0
    passed = failed = skipped = 0
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def tally(folder):
    """Totals over a folder. ctest knows test programs, GoogleTest their cases: cases count where they are known."""
    folder = pathlib.Path(folder)
    counts = {file: count(file) for file in sorted(folder.rglob("*.xml")) if file.name != "ctest.xml"}
    passed, failed, skipped = (sum(column) for column in zip((0, 0, 0), *counts.values()))
    programs = folder / "ctest.xml"
    for case in ElementTree.parse(programs).getroot().iter("testcase") if programs.exists() else ():
        cases = counts.get(folder / "unit" / (case.get("name", "").removeprefix("unit.") + "_test.xml"))
        if case.get("status") == "fail":
            # A program can also fail with no failed case: a crash, a leak found at its end.
            failed += 0 if cases and cases[1] else 1
        elif case.get("status") == "run" and cases is None:
            passed += 1
    return passed, failed, skipped


def main():
    passed, failed, skipped = tally(sys.argv[1])
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
