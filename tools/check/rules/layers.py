"""src/layers.txt says who may include whom: the includes, the links in CMake and the folders agree with it. sdk/ is a
library of its own: it includes nothing of src/, only src/app includes it, and its public headers only one another."""
import re

from tree import Violation

TABLE = "src/layers.txt"
SDK = {  # folder: folders it may include
    "api": [], "trace": ["api"], "propagate": ["api", "trace"], "export": ["api", "trace"],
    "instrument": ["api", "trace"], "bench": ["api", "trace"], "testing": ["api", "export"], "example": [],
}
SDK_INCLUDE = re.compile(r"\s*#\s*include\s+<spoor/")
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def read_table(tree):
    """{folder: (line, folders it may include)}, in the table's order."""
    table = {}
    for number, line in tree.lines(TABLE):
        if line.strip() and not line.startswith("#"):
            folder, _, allowed = line.partition(":")
            table[folder.strip()] = (number, allowed.split())
    return table


def check(tree):
    table = read_table(tree)
    folders = {path.split("/")[1] for path in tree.files if path.startswith("src/") and path.count("/") > 1}
    for folder in sorted(folders - table.keys()):
        yield Violation(TABLE, 1, f"add src/{folder} and what it may include")
    above = set()
    for folder, (number, allowed) in table.items():
        if folder not in folders:
            yield Violation(TABLE, number, f"there is no src/{folder}: take it out")
        for other in allowed:
            if other not in above:
                yield Violation(TABLE, number, f"{other} stands below {folder} or nowhere: the table is in data order")
        above.add(folder)
    yield from library(tree)
    for path in tree.files:
        parts = path.split("/")
        if parts[0] != "src" or len(parts) < 3 or parts[1] not in table:
            continue
        allowed = {parts[1], *table[parts[1]][1]}
        if path.endswith((".h", ".cc")):
            yield from includes(tree, path, allowed, table)
        elif parts[2] == "CMakeLists.txt":
            yield from links(tree, path, allowed)


def library(tree):
    for path in tree.cpp():
        parts = path.split("/")
        if parts[0] == "src" and parts[1] != "app":
            for number, line in tree.lines(path):
                if SDK_INCLUDE.match(line):
                    yield Violation(path, number, "only src/app may include the tracing library")
        if parts[0] != "sdk" or len(parts) < 3:
            continue
        if parts[1] not in SDK:
            yield Violation(path, 1, f"add sdk/{parts[1]} and what it may include to {__name__}")
            continue
        allowed = {parts[1], *SDK[parts[1]]}
        if path.endswith("_test.cc"):
            allowed |= {*SDK}
        for number, line in tree.lines(path):
            match = INCLUDE.match(line)
            if not match:
                continue
            folder, slash, _ = match.group(1).partition("/")
            if parts[1] == "api":
                if slash:
                    yield Violation(path, number, "a public header is installed alone: it includes its siblings only")
            elif not slash or folder not in allowed:
                yield Violation(path, number, f"sdk/{parts[1]} may not include {match.group(1)}")


def includes(tree, path, allowed, table):
    for number, line in tree.lines(path):
        match = INCLUDE.match(line)
        if not match:
            continue
        folder, slash, _ = match.group(1).partition("/")
        if not slash or folder not in table:
            yield Violation(path, number, f'include ours as "FOLDER/FILE", from src/; theirs in <>: {match.group(1)}')
        elif folder not in allowed:
            yield Violation(path, number, f"src/{path.split('/')[1]} may not include {folder} ({TABLE})")


def links(tree, path, allowed):
    for number, line in tree.lines(path):
        linked = re.search(r"\bLINK\b(?!_)([^)]*?)(?:\bTEST_LINK\b|\)|$)", line)
        for folder in re.findall(r"\bspoor_(\w+)", linked.group(1) if linked else ""):
            if folder not in allowed:
                yield Violation(path, number, f"src/{path.split('/')[1]} may not link {folder} ({TABLE})")
