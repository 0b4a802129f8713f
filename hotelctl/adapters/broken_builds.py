"""Indexes whose concurrent build was broken off: they cost every write, and IF NOT EXISTS skips them."""

import time
from collections.abc import Iterator, Sequence

from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Databases
from hotelctl.facts.sql_split import code_words, first_words

_CONCURRENTLY = ("create", "index", "concurrently")
_END_S = 30.0
_TICK_S = 0.05
_OWN = "hotelctl"
# `parse_ident` folds a name as the server does. One that another tool builds right now is waited for by
# PostgreSQL itself; one that a killed command of ours left behind at the server is not worth the wait.
_BROKEN = """
SELECT i.indexrelid::regclass::text, coalesce(max(a.pid), 0)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.index_relid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = p.pid AND a.application_name = %s
WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid = to_regclass(%s)
  AND c.relname = (parse_ident(%s))[1] AND (p.pid IS NULL OR a.pid IS NOT NULL)
GROUP BY i.indexrelid
"""


def clear_broken(databases: Databases, url: str, statements: Sequence[str]) -> tuple[str, ...]:
    """The indexes that `statements` build concurrently and that a broken build had left; they are gone.

    Whoever still builds one for a command of ours that was killed is ended first.

    Raises:
        StepFailed: it does not end, or the server refuses.
        Unavailable: no server, or no log-in.

    """
    found: list[str] = []
    for name, table in _built(statements):
        end = time.monotonic() + _END_S
        while broken := _broken(databases, url, name, table):
            index, builder = broken
            if not builder:
                databases.execute_each(url, [f"DROP INDEX CONCURRENTLY IF EXISTS {index}"])
                found.append(index)
                break
            if time.monotonic() > end:
                raise StepFailed(
                    f"pid {builder} still builds the index {index} for a command that was killed",
                    f"SELECT pg_terminate_backend({builder});",
                )
            databases.execute(url, "SELECT pg_cancel_backend(%s)", (builder,))
            time.sleep(_TICK_S)
    return tuple(found)


def require_valid(databases: Databases, url: str, statements: Sequence[str]) -> None:
    """Return when all that `statements` build concurrently is valid. Raises `StepFailed` with the first."""
    for name, table in _built(statements):
        if broken := _broken(databases, url, name, table):
            raise StepFailed(
                f"the index {broken[0]} of {table} is not valid after its build", "apply the migration again"
            )


def _broken(databases: Databases, url: str, name: str, table: str) -> tuple[str, int] | None:
    """The index by its whole name, and who still builds it for us, 0 for nobody; None when it is valid."""
    rows = databases.query(url, _BROKEN, (_OWN, table, name)).values
    return next(((str(index), int(pid)) for index, pid in rows), None)


def _built(statements: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The name and the table of each index that is built concurrently and has a name."""
    for one in statements:
        begin = tuple(word for word in first_words(one, 4) if word != "unique")[:3]
        if begin != _CONCURRENTLY:
            continue
        words = code_words(one)
        small = [word.lower() for word in words]
        name_at = small.index("concurrently") + 1
        if small[name_at : name_at + 3] == ["if", "not", "exists"]:
            name_at += 3
        table_at = small.index("on", name_at) + 1
        if table_at == name_at + 1:
            continue
        table_at += small[table_at] == "only"
        dotted = words[table_at + 1] == "."
        yield words[name_at], "".join(words[table_at : table_at + (3 if dotted else 1)])
