"""Whoever holds or waits for something in the live database now, asked before migrations want locks there."""

from collections.abc import Sequence
from typing import Any

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.live_database import LiveDatabase
from hotelctl.facts.migration_obstacles import (
    IDLE_S,
    LAG_BYTES,
    PREPARED_S,
    TRANSACTION_S,
    WAITING_S,
    InvalidIndex,
    MigrationObstacles,
    OpenSession,
    PreparedTransaction,
    ReplicationSlot,
    Vacuum,
    Waiting,
)
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.probes.context import Context

_OWN = "hotelctl"
# No text of a query is read: it may hold anybody's data. Who may not see a session reads NULL for all of it.
_SESSIONS = """
SELECT pid, coalesce(application_name, ''), state,
  extract(epoch FROM clock_timestamp() - xact_start)::int8,
  CASE WHEN state LIKE 'idle in transaction%%'
    THEN extract(epoch FROM clock_timestamp() - state_change)::int8 ELSE 0 END
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> %s
  AND backend_type IN ('client backend', 'walsender') AND xact_start IS NOT NULL
  AND (clock_timestamp() - xact_start > make_interval(secs => %s)
    OR (state LIKE 'idle in transaction%%' AND clock_timestamp() - state_change > make_interval(secs => %s)))
ORDER BY xact_start LIMIT 20
"""
# Everybody may see who holds the lock that each transaction has on itself.
_HIDDEN = """
SELECT count(*) FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND backend_type IS NULL AND pid IN (
  SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'virtualxid' AND granted)
"""
# Of its own text only how an autovacuum calls itself is looked at. VACUUM by hand never yields.
_VACUUMS = """
SELECT v.pid, v.relid::regclass::text, v.phase, a.backend_type = 'autovacuum worker',
  a.backend_type = 'autovacuum worker' AND a.query LIKE '%%(to prevent wraparound)'
FROM pg_catalog.pg_stat_progress_vacuum v JOIN pg_catalog.pg_stat_activity a USING (pid)
WHERE v.datname = current_database() AND a.application_name <> %s AND a.backend_type IS NOT NULL
ORDER BY v.pid LIMIT 20
"""
# One that is built right now is not valid yet, nor is one of a partitioned table before all have theirs.
_INDEXES = """
SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, pg_catalog.pg_relation_size(i.indexrelid)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
ORDER BY 1 LIMIT 20
"""
_PREPARED = """
SELECT gid, owner, extract(epoch FROM clock_timestamp() - prepared)::int8 FROM pg_catalog.pg_prepared_xacts
WHERE database = current_database() AND clock_timestamp() - prepared > make_interval(secs => %s)
ORDER BY prepared LIMIT 20
"""
# A slot that was never used, or is lost already, keeps nothing.
_SLOTS = """
SELECT s.slot_name, s.active, s.lag FROM (
  SELECT slot_name, active, greatest(0, pg_catalog.pg_wal_lsn_diff(
    CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
      ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn))::int8 AS lag
  FROM pg_catalog.pg_replication_slots WHERE restart_lsn IS NOT NULL) s
WHERE NOT s.active OR s.lag > %s ORDER BY s.lag DESC LIMIT 20
"""
# `waitstart` is there from PostgreSQL 14 on.
_WAITING = """
SELECT w.pid, coalesce(a.application_name, ''), w.waited, pg_catalog.pg_blocking_pids(w.pid) FROM (
  SELECT l.pid, max(extract(epoch FROM clock_timestamp()
    - (to_jsonb(l) ->> 'waitstart')::timestamptz))::int8 AS waited
  FROM pg_catalog.pg_locks l WHERE NOT l.granted GROUP BY l.pid) w
JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid AND a.datname = current_database()
WHERE w.waited >= %s AND coalesce(a.application_name, '') <> %s
ORDER BY w.waited DESC LIMIT 20
"""


def migration_obstacles(context: Context, known: MigrationSet, live: LiveDatabase) -> MigrationObstacles:
    """What stands in the way of the pending migrations now.

    Raises:
        NotApplicable: none is pending, so nothing is about to need a lock.
        Unavailable: a question is refused or takes too long.

    """
    pending = known.above(live.revisions)
    if not pending:
        raise NotApplicable(f"no migration is pending: {live.name} is at {', '.join(live.revisions[-1:])}")

    def asked(sql: str, *params: object) -> Sequence[tuple[Any, ...]]:
        return context.databases.query(context.database(), sql, params).values

    return MigrationObstacles(
        database=live.name,
        asker=live.owner.name,
        pending=pending,
        sessions=tuple(OpenSession(*row) for row in asked(_SESSIONS, _OWN, TRANSACTION_S, IDLE_S)),
        vacuums=tuple(_vacuum(*row) for row in asked(_VACUUMS, _OWN)),
        indexes=tuple(InvalidIndex(*row) for row in asked(_INDEXES)),
        prepared=tuple(PreparedTransaction(*row) for row in asked(_PREPARED, PREPARED_S)),
        slots=tuple(ReplicationSlot(*row) for row in asked(_SLOTS, LAG_BYTES)),
        waiting=tuple(_waits(*row) for row in asked(_WAITING, WAITING_S, _OWN)),
        hidden=int(asked(_HIDDEN)[0][0]),
    )


def _waits(pid: int, application: str, waited_s: int, blockers: Sequence[int]) -> Waiting:
    return Waiting(pid, application, waited_s, tuple(blockers))


def _vacuum(pid: int, table: str, phase: str, automatic: bool, wraparound: bool) -> Vacuum:  # noqa: FBT001 - a row
    return Vacuum(pid, table, phase, automatic and not wraparound, wraparound)
