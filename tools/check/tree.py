"""What the rules look at: the files that git tracks or would track, and their text."""
import functools
import pathlib
import re
import subprocess
from typing import NamedTuple


class Violation(NamedTuple):
    path: str
    line: int
    advice: str


class Tree:
    """The files under a root, by their path relative to it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(path for path in self._list() if (self.root / path).is_file())
        self.folders = {str(parent) for path in self.files for parent in pathlib.PurePosixPath(path).parents}

    def _list(self):
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                cwd=self.root, capture_output=True)
        if listed.returncode == 0:
            return set(listed.stdout.decode().split("\0")) - {""}
        generated = {".git", ".cache", "build", "data", "node_modules", "dist", "__pycache__"}
        paths = (path.relative_to(self.root) for path in self.root.rglob("*"))
        return {path.as_posix() for path in paths if not generated.intersection(path.parts)}

    def exists(self, path):
        return path in self.folders or path in self._file_set

    @functools.cached_property
    def _file_set(self):
        return set(self.files)

    def ending(self, *suffixes):
        return [path for path in self.files if path.endswith(suffixes)]

    def cpp(self):
        return self.ending(".h", ".cc")

    @functools.cache
    def text(self, path):
        """The file as text; empty for one that is not UTF-8 or has a zero byte."""
        try:
            text = (self.root / path).read_bytes().decode()
        except UnicodeDecodeError:
            return ""
        return "" if "\0" in text else text

    def lines(self, path):
        """(number, line) from 1."""
        return enumerate(self.text(path).splitlines(), 1)

    @functools.cache
    def cpp_code(self, path):
        """The C++ text with comments and the insides of literals blanked, line for line."""
        return LITERAL_OR_COMMENT.sub(_blank, self.text(path))

    def cpp_lines(self, path):
        return enumerate(self.cpp_code(path).splitlines(), 1)


# A quote after a digit separates digits (1'000).
LITERAL_OR_COMMENT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^\s()]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])*'", re.DOTALL)


def _blank(match):
    text = match.group()
    if text.startswith(("//", "/*")):
        return re.sub(r"[^\n]", " ", text)
    return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[-1]
