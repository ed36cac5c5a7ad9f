"""Every byte format has a page in docs/formats/, and its README lists all of them."""
from tree import Violation

FOLDER = "docs/formats/"
INDEX = FOLDER + "README.md"


def check(tree):
    pages = [path for path in tree.ending(".md") if path.startswith(FOLDER) and path != INDEX]
    if pages and not tree.exists(INDEX):
        yield Violation(INDEX, 1, "write it: one line for each page of the folder")
        return
    for path in pages:
        if f"]({path.removeprefix(FOLDER)}" not in tree.text(INDEX):
            yield Violation(INDEX, 1, f"link {path.removeprefix(FOLDER)}")
