"""Looking on while pg_dump or pg_restore moves rows."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import Unavailable
from hotelctl.core.moving import Watcher, progress

if TYPE_CHECKING:
    from psycopg import Connection

# A table that was never analyzed says -1 there.
_EXPECTED = """
SELECT n.nspname || '.' || c.relname, c.reltuples::int8
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.reltuples > 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
_MOVING = """
SELECT n.nspname || '.' || c.relname, sum(p.tuples_processed)::int8
FROM pg_catalog.pg_stat_progress_copy p
JOIN pg_catalog.pg_stat_activity a USING (pid)
JOIN pg_catalog.pg_class c ON c.oid = p.relid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE p.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND a.application_name = 'hotelctl'
GROUP BY 1
"""
_SIZE = "SELECT pg_catalog.pg_database_size(current_database())"


@contextmanager
def watched(address: Address, watcher: Watcher | None, place: Path | None = None) -> Iterator[None]:
    """Tells the watcher of the block; bytes are those below `place`, else those of the database.

    Nothing is asked before its first pause is over, and a question that fails ends the telling only.
    """
    if watcher is None:
        yield
        return
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(address, watcher, place, over), daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


@contextmanager
def ticking(watcher: Watcher | None, words: Callable[[], str]) -> Iterator[None]:
    """Tells the watcher those words every so often while the block runs; nothing where they are empty."""
    if watcher is None:
        yield
        return
    over = threading.Event()

    def tell() -> None:
        while not over.wait(watcher.every_s):
            if said := words():
                watcher.tell(said)

    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    try:
        yield
    finally:
        over.set()
        telling.join()


@dataclass(slots=True)
class _Seen:
    """Rows by table: of one that is through, all that were expected."""

    expected: dict[str, int]
    moving: dict[str, int] = field(default_factory=dict)
    through: dict[str, int] = field(default_factory=dict)

    def now(self, moving: dict[str, int]) -> int:
        for name, rows in self.moving.items():
            if name not in moving:
                self.through[name] = max(rows, self.expected.get(name, 0))
        self.moving = moving
        return sum(moving.values()) + sum(self.through.values())


def _look(address: Address, watcher: Watcher, place: Path | None, over: threading.Event) -> None:
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    began = time.monotonic()
    if over.wait(watcher.every_s):
        return
    with suppress(Error, Unavailable), connected(address.url, autocommit=True) as connection:
        seen = _Seen(dict(watcher.rows) or _rows(connection, _EXPECTED))
        while not over.is_set():
            rows = seen.now(_rows(connection, _MOVING))
            size_bytes = _written(place) if place is not None else _database_size(connection)
            watcher.tell(progress(rows, sum(seen.expected.values()), size_bytes, time.monotonic() - began))
            over.wait(watcher.every_s)


def _rows(connection: "Connection[tuple[Any, ...]]", asked: str) -> dict[str, int]:
    return {str(name): int(rows) for name, rows in connection.execute(asked.encode()).fetchall()}


def _database_size(connection: "Connection[tuple[Any, ...]]") -> int:
    row = connection.execute(_SIZE.encode()).fetchone()
    return int(row[0]) if row else 0


def _written(place: Path) -> int:
    with suppress(OSError):
        return sum(entry.stat().st_size for entry in os.scandir(place))
    return 0
