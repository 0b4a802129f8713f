"""The table of contents of a dump, as `pg_restore --list` tells it and `--use-list` takes it."""

import re
from collections.abc import Collection

_ENTRY = re.compile(r"^\d+; \d+ \d+ (TABLE DATA|BLOB\w*)\b ?(.*)$")


def rows_of(contents: str, tables: Collection[str]) -> str:
    """The same without rows but those of `tables`, each by `schema.table`, and without large objects."""
    # An entry has schema, name and owner with a space between: of two that fit the longer one is meant.
    wanted = {name.replace(".", " ", 1) + " " for name in tables}
    return "".join(line for line in contents.splitlines(keepends=True) if _stays(line.rstrip("\n"), wanted))


def _stays(line: str, wanted: Collection[str]) -> bool:
    entry = _ENTRY.match(line)
    if entry is None:
        return True
    return entry[1] == "TABLE DATA" and any(entry[2].startswith(name) for name in wanted)
