"""src/layers.txt says who may include whom: the includes, the links in CMake and the folders agree with it."""
import re

from tree import Violation

TABLE = "src/layers.txt"
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
    for path in tree.files:
        parts = path.split("/")
        if parts[0] != "src" or len(parts) < 3 or parts[1] not in table:
            continue
        allowed = {parts[1], *table[parts[1]][1]}
        if path.endswith((".h", ".cc")):
            yield from includes(tree, path, allowed, table)
        elif parts[2] == "CMakeLists.txt":
            yield from links(tree, path, allowed)


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
