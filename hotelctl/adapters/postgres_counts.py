"""Rows and order-free checksums of all tables, read in one snapshot.

A table's checksum is the sum of `hashtextextended` of each row's text. A sum depends on no order and, other
than an exclusive or, sees a row that is there twice. The text of a row depends on session settings, so these
are fixed. Partitions are counted, their parents have no rows of their own; tables of
extensions, temporary and foreign tables are in no dump and so not here.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_watch import ticking
from hotelctl.core.dumped import Checksum, TableCount
from hotelctl.core.moving import Watcher, comparing

if TYPE_CHECKING:
    from psycopg import Connection, sql

_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "search_path": "pg_catalog",
    # Rows that a policy would hide are an error, not a smaller number.
    "row_security": "off",
    "idle_in_transaction_session_timeout": "0",
}
_TABLES = """
SELECT n.nspname, c.relname, ARRAY(
  SELECT a.attname::text FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
_COUNT = """
SELECT count(*), coalesce(sum(hashtextextended({row} COLLATE "C", 0)), 0)::text
FROM ONLY {table} AS counted
"""
_ROW = "(counted.*)::text"
# Values seldom hold these two letters; which of them follows tells NULL from nothing.
_COLUMN = "counted.{column}, CASE WHEN counted.{column} IS NULL THEN E'\\x1e' ELSE E'\\x1f' END"
# A function takes a hundred arguments at most.
_COLUMNS_AT_ONCE = 50


def begin_snapshot(connection: "Connection[tuple[Any, ...]]", limit_s: float) -> None:
    """Every later statement of the transaction sees the same data, in fixed text forms."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    settings = {**_SETTINGS, "statement_timeout": str(round(limit_s * 1000))}
    for name, value in settings.items():
        connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", (name, value))


@dataclass(slots=True)
class _Counting:
    """What is through, and which table is read now."""

    tables: int
    expected: int
    began: float = field(default_factory=time.monotonic)
    table: str = ""
    done: int = 0
    rows: int = 0

    def words(self) -> str:
        took_s = time.monotonic() - self.began
        return comparing(self.table, (self.done, self.tables), (self.rows, self.expected), took_s)


def count_tables(
    connection: "Connection[tuple[Any, ...]]",
    watcher: Watcher | None = None,
    checksum: Checksum = Checksum.COLUMNS,
) -> Mapping[str, TableCount]:
    """Every table by `schema.table`, in the connection's snapshot; the watcher is told how far it is."""
    from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

    found: dict[str, TableCount] = {}
    tables = connection.execute(_TABLES).fetchall()
    counting = _Counting(len(tables), sum(watcher.rows.values()) if watcher else 0)
    with ticking(watcher, counting.words):
        for schema, table, columns in tables:
            counting.table = f"{schema}.{table}"
            text = sql.SQL(_ROW) if checksum is Checksum.ROW else _text(columns)
            counted = sql.SQL(_COUNT).format(row=text, table=sql.Identifier(schema, table))
            row = connection.execute(counted).fetchone()
            if row is not None:
                found[counting.table] = TableCount(int(row[0]), str(row[1]))
                counting.rows += int(row[0])
            counting.done += 1
    return found


def _text(columns: Sequence[str]) -> "sql.Composable":
    """An expression whose text differs where a value of these columns does."""
    from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

    def joined(parts: "Iterable[sql.Composable]") -> "sql.Composable":
        return sql.SQL("concat({})").format(sql.SQL(", ").join(parts))

    each = [sql.SQL(_COLUMN).format(column=sql.Identifier(name)) for name in columns]
    starts = range(0, len(each), _COLUMNS_AT_ONCE)
    # A table may have rows and no column.
    return joined([sql.SQL("''"), *(joined(each[start : start + _COLUMNS_AT_ONCE]) for start in starts)])
