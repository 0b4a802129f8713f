"""Where a dotted key stands in the text of a TOML file."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*\]")
_PREFIX = ("tool", "hotelctl")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line, from 1, of the key that `path` names; where it is not written, the line of its table.

    Elements of arrays are named by their number. None when not even a table around it is there.
    """
    lines, tables = _read(text)
    around = [(start, table) for start, table in tables if tuple(path[: len(table)]) == table]
    depth = max(len(table) for _, table in around)
    for start, table in ((s, t) for s, t in around if len(t) == depth):
        end = next((later - 1 for later, _ in tables if later > start), len(lines))
        found = _key(lines[start:end], path[len(table) :])
        if found is not None:
            return start + found
    return max(start for start, table in around if len(table) == depth) or _begun(tables, path)


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Sequence[str], Sequence[tuple[int, tuple[str, ...]]]]:
    """The lines, and every table with its header's line; who asks for one key asks for more of the file."""
    lines = text.splitlines()
    return lines, [(0, ()), *_tables(lines)]


def _tables(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The line of every table's header and its path, elements of arrays numbered."""
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines, start=1):
        header = _TABLE.match(line)
        if header is None:
            continue
        names = tuple(name.strip() for name in header[2].split("."))
        names = names[len(_PREFIX) :] if names[: len(_PREFIX)] == _PREFIX else names
        if header[1] == "[[":
            counts[names] = counts.get(names, -1) + 1
            counts = {k: n for k, n in counts.items() if k == names or k[: len(names)] != names}
        yield number, tuple(_numbered(names, counts))


def _numbered(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> Iterator[str]:
    for depth, name in enumerate(names, start=1):
        yield name
        if names[:depth] in counts:
            yield str(counts[names[:depth]])


def _key(body: Sequence[str], rest: Sequence[str]) -> int | None:
    """The line inside a table's body of the first name that is left of the path."""
    if not rest:
        return None
    key = re.compile(rf"^\s*\"?{re.escape(rest[0])}\"?\s*[=.]")
    return next((n for n, line in enumerate(body, start=1) if key.match(line)), None)


def _begun(tables: Sequence[tuple[int, tuple[str, ...]]], path: Sequence[str]) -> int | None:
    """The first header below `path`, for a table that is written by its parts only."""
    wanted = tuple(path)
    return next((line for line, table in tables if wanted and table[: len(wanted)] == wanted), None)
