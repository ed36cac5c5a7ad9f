"""Adds up JUnit files: prints "N passed, N failed" and fails unless something ran and nothing failed.

usage: tally.py FOLDER [FAILED_STAGE...]
A stage that failed without a failed test in any file (a crash, a wrong style) counts as one failure.
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


def tally(folder, failed_stages):
    """Totals over a folder. ctest knows test programs, GoogleTest their cases: cases count where they are known."""
    folder = pathlib.Path(folder)
    passed = failed = skipped = 0
    cases_of_programs = {file.stem for file in folder.glob("unit/*.xml")}
    for file in sorted(folder.rglob("*.xml")):
        if file.name != "ctest.xml":
            p, f, s = count(file)
            passed, failed, skipped = passed + p, failed + f, skipped + s
    programs = folder / "ctest.xml"
    if programs.exists():
        for case in ElementTree.parse(programs).getroot().iter("testcase"):
            name = case.get("name", "").removeprefix("unit.") + "_test"
            if name in cases_of_programs:
                continue
            if case.get("status") == "fail":
                failed += 1
            elif case.get("status") == "run":
                passed += 1
    return passed, max(failed, len(failed_stages)), skipped


def main():
    passed, failed, skipped = tally(sys.argv[1], sys.argv[2:])
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
