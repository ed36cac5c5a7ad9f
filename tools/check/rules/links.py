"""Links in documents lead somewhere: files, folders, headings. So do paths that stand between backticks."""
import functools
import posixpath
import re
from urllib.parse import unquote

from tree import Violation

LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\s*\[[^\]]+\]:\s*(\S+)")
CODE = re.compile(r"`([^`]*)`")
# What is made by building or running, and so is not in git.
GENERATED = ("build", "data", "ui/dist", ".cache", "node_modules", "ui/node_modules", "tests/node_modules")
# A decision may speak of what is no longer there.
PATHS_EXEMPT = ("docs/decisions/",)


def check(tree):
    tops = {path.split("/")[0] for path in tree.files if "/" in path}
    for path in tree.ending(".md"):
        for number, line in prose(tree, path):
            for match in LINK.finditer(CODE.sub(lambda m: " " * len(m.group()), line)):
                problem = broken(tree, path, match.group(1) or match.group(2))
                if problem:
                    yield Violation(path, number, problem)
            if path.startswith(PATHS_EXEMPT):
                continue
            for code in CODE.findall(line):
                if is_path(code, tops) and not tree.exists(code.rstrip("/")):
                    yield Violation(path, number, f"there is no {code}: name what is there now")


def prose(tree, path):
    """The lines outside fenced code."""
    fence = None
    for number, line in tree.lines(path):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and fence is None:
            fence = mark.group(1)
        elif mark and line.strip() == fence:
            fence = None
        elif fence is None:
            yield number, line


def is_path(code, tops):
    """A path of the repository, without placeholders, that nothing generates."""
    if not re.fullmatch(r"[a-z0-9_.][a-zA-Z0-9_.-]*(/[a-zA-Z0-9_.-]+)+/?", code) or code.split("/")[0] not in tops:
        return False
    return not re.search(r"[A-Z]{3}", code.removesuffix("README.md").removesuffix("CMakeLists.txt")) and not any(
        code == folder or code.startswith(folder + "/") for folder in GENERATED)


def broken(tree, path, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    file, _, anchor = unquote(target).partition("#")
    if file.startswith("/"):
        return f"{target}: link relative to this file"
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    if not tree.exists(file):
        return f"{target} leads nowhere: link to a file that is in the repository"
    if anchor and file.endswith(".md") and anchor not in anchors(tree, file):
        return f"{target}: {file} has no such heading"
    return None


@functools.cache
def anchors(tree, path):
    """The ids that GitHub gives to headings."""
    found = set()
    for _, line in prose(tree, path):
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if heading:
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1)).lower()
            slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
            count = 1
            unique = slug
            while unique in found:
                unique = f"{slug}-{count}"
                count += 1
            found.add(unique)
        found.update(re.findall(r'<a (?:id|name)="([^"]+)"', line))
    return found
