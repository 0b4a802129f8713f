"""Rows that a statement read and changed, as differences of a server's counts."""

from collections.abc import Mapping
from typing import Any

from hotelctl.adapters.wire.parts import word_of
from hotelctl.facts.migration_trace import Rows


def rows_in(work: Mapping[str, Any]) -> dict[int, Rows]:
    """By table, of an answer to `WORK`."""
    return {row[0]: Rows(*row[1:]) for row in work.get("rows", ())}


def kept_locked(sql: str, rows: Mapping[int, Rows]) -> list[int]:
    """The tables of which rows that it wrote stay locked for long.

    A procedure that ends transactions changes its rows some at a time.
    """
    at_once = word_of(sql) != "call"
    return [
        table for table, some in rows.items() if some.inserted or some.deleted or (some.updated and at_once)
    ]


def since(before: Mapping[int, Rows], after: Mapping[int, Rows]) -> dict[int, Rows]:
    """What was added to the counts of a transaction."""
    found = {}
    for table, rows in after.items():
        old = before.get(table, Rows())
        added = Rows(
            max(0, rows.scans - old.scans),
            max(0, rows.read - old.read),
            max(0, rows.inserted - old.inserted),
            max(0, rows.updated - old.updated),
            max(0, rows.deleted - old.deleted),
            max(0, rows.looked_up - old.looked_up),
        )
        if added != Rows():
            found[table] = added
    return found
