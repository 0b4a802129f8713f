"""Looking on while a migration runs: how far index builds, rewrites and copies are, and who keeps it waiting.

The server tells it of every session, so what runs the migration need not be known.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import Unavailable
from hotelctl.core.moving import Unit, Watcher, moved

if TYPE_CHECKING:
    from psycopg import Connection

# Sessions that were there longer before are the service's own, which may wait for the migration.
_BEFORE_S = 5.0
# Blocks are told as bytes. An index build counts either blocks or rows in a phase, never both.
_MOVING = """
WITH block AS (SELECT current_setting('block_size')::int8 AS bytes),
told (pid, relid, command, phase, done, total, unit) AS (
  SELECT pid, relid, command, phase,
    CASE WHEN tuples_total > 0 THEN tuples_done ELSE blocks_done * bytes END,
    CASE WHEN tuples_total > 0 THEN tuples_total ELSE blocks_total * bytes END,
    CASE WHEN tuples_total > 0 THEN 'rows' ELSE 'bytes' END
  FROM pg_catalog.pg_stat_progress_create_index, block WHERE datname = current_database()
  UNION ALL
  SELECT pid, relid, command, phase, heap_blks_scanned * bytes, heap_blks_total * bytes, 'bytes'
  FROM pg_catalog.pg_stat_progress_cluster, block WHERE datname = current_database()
  UNION ALL
  SELECT pid, relid, 'VACUUM', phase, heap_blks_scanned * bytes, heap_blks_total * bytes, 'bytes'
  FROM pg_catalog.pg_stat_progress_vacuum, block WHERE datname = current_database()
  UNION ALL
  SELECT pid, relid, 'ANALYZE', phase, sample_blks_scanned * bytes, sample_blks_total * bytes, 'bytes'
  FROM pg_catalog.pg_stat_progress_analyze, block WHERE datname = current_database()
  UNION ALL
  SELECT pid, relid, command, type, tuples_processed, 0, 'rows'
  FROM pg_catalog.pg_stat_progress_copy WHERE datname = current_database()
)
SELECT t.pid, t.command, coalesce(n.nspname || '.' || c.relname, ''), t.phase, t.done, t.total, t.unit
FROM told t JOIN pg_catalog.pg_stat_activity a USING (pid)
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.relid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.backend_type = 'client backend' ORDER BY t.pid
"""
_WAITING = """
SELECT a.pid, round(extract(epoch FROM clock_timestamp() - a.query_start))::int8, b.pid,
  coalesce(nullif(b.application_name, ''), 'no name'), coalesce(b.usename, ''), b.state,
  round(extract(epoch FROM clock_timestamp() - b.xact_start))::int8
FROM pg_catalog.pg_stat_activity a
CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(a.pid)) AS blocking (pid)
JOIN pg_catalog.pg_stat_activity b ON b.pid = blocking.pid
WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'
  AND a.backend_start >= clock_timestamp() - make_interval(secs => %s)
ORDER BY a.pid, b.pid
"""


@contextmanager
def migrating(address: Address, watcher: Watcher) -> Iterator[None]:
    """Tells the watcher of the block.

    Nothing is asked before its first pause is over, and a question that fails ends the telling only.
    """
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(address, watcher, over), daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


@dataclass(slots=True)
class _Pace:
    """When a session was first seen in its phase, and how much was done by then."""

    seen: dict[tuple[int, str], tuple[float, int]] = field(default_factory=dict)

    def since(self, key: tuple[int, str], done: int, now: float) -> tuple[int, float]:
        """How much was done since, in how many seconds."""
        at, before = self.seen.setdefault(key, (now, done))
        return done - before, now - at


def _look(address: Address, watcher: Watcher, over: threading.Event) -> None:
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    pace, began = _Pace(), time.monotonic()
    if over.wait(watcher.every_s):
        return
    with suppress(Error, Unavailable), connected(address.url, autocommit=True) as connection:
        while not over.is_set():
            runs_s = time.monotonic() - began
            for line in (*_moving(connection, pace), *_waiting(connection, runs_s + _BEFORE_S)):
                watcher.tell(line)
            over.wait(watcher.every_s)


def _moving(connection: "Connection[tuple[Any, ...]]", pace: _Pace) -> Iterator[str]:
    for pid, command, table, phase, done, total, unit in connection.execute(_MOVING.encode()).fetchall():
        paced = pace.since((int(pid), str(phase)), int(done), time.monotonic())
        what = " ".join(filter(None, (str(command), str(table))))
        yield moved(f"{what}: {phase}", int(done), int(total), Unit(unit), paced)


def _waiting(connection: "Connection[tuple[Any, ...]]", within_s: float) -> Iterator[str]:
    rows = connection.execute(_WAITING.encode(), (within_s,)).fetchall()
    for pid, waits_s, by, name, user, state, open_s in rows:
        since = f", its transaction open for {open_s} s" if open_s is not None else ""
        holder = f"pid {by} ({name}, {user}, {state}{since})"
        yield f"pid {pid} waits for a lock for {waits_s} s: {holder} holds it"
