"""Where one statement of a file of SQL ends and the next begins."""

import re
from collections.abc import Iterator

# What may hold a semicolon that ends nothing, then the semicolon that ends a statement.
_PIECE = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "[^"]*" | (?P<tag>\$\w*\$).*?(?P=tag) | (?P<end>;)""",
    re.DOTALL | re.VERBOSE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def statements(sql: str) -> tuple[str, ...]:
    """Each statement without its semicolon; comments alone are none. It does not know BEGIN ATOMIC."""
    return tuple(text for text in _cut(sql) if _COMMENT.sub("", text).strip())


def _cut(sql: str) -> Iterator[str]:
    start = 0
    for piece in _PIECE.finditer(sql):
        if piece["end"]:
            yield sql[start : piece.start()].strip()
            start = piece.end()
    yield sql[start:].strip()
