"""C++ looks as .clang-format says."""
import concurrent.futures
import os
import re
import subprocess

from tree import Violation

PROGRAM = "clang-format-19"


def check(tree):
    files = tree.cpp()
    batches = [files[start:start + 20] for start in range(0, len(files), 20)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda batch: unformatted(tree, batch), batches):
            yield from found


def unformatted(tree, files):
    """One violation a file, at its first badly formatted line."""
    try:
        run = subprocess.run([PROGRAM, "--dry-run", "--Werror", *files], cwd=tree.root, capture_output=True, text=True)
    except FileNotFoundError:
        return [Violation(".clang-format", 1, f"install {PROGRAM}")]
    first = {}
    for path, line in re.findall(r"^(\S+?):(\d+):\d+: error: ", run.stderr, re.MULTILINE):
        first.setdefault(path, int(line))
    return [Violation(path, line, "./dev format") for path, line in first.items()]
