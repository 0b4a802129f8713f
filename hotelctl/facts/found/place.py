"""One thing that was found, and where."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the path that shows it, and its line from 1 where there is one."""

    value: str
    path: str
    line: int | None = None

    @property
    def place(self) -> str:
        """`path:line`, or the path alone."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


def line_at(text: str, at: int) -> int:
    """The line, from 1, of the character `at`."""
    return text.count("\n", 0, at) + 1


def first_line(text: str, pattern: str) -> int | None:
    """The line of the first match; None where there is none."""
    hit = re.search(pattern, text, re.MULTILINE)
    return None if hit is None else line_at(text, hit.start())


def nearest(path: str) -> tuple[int, str]:
    """A key by which those nearest to the root come first."""
    return path.count("/"), path
