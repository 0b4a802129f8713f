"""DB019: nothing stands in the way of a migration now."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Measurement, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.migration_obstacles import (
    IDLE_S,
    LAG_BYTES,
    PREPARED_S,
    TRANSACTION_S,
    WAITING_S,
    MigrationObstacles,
)

_MB = 1_000_000


@check(
    "DB019",
    "Nothing stands in the way of a migration now",
    severity=Severity.HIGH,
    rationale=(
        "A migration waits behind the oldest transaction on its table, and everybody who comes later waits "
        "behind the migration."
    ),
    remediation="Let those sessions end, or end them, then deploy.",
)
def nothing_stands_in_the_way(now: MigrationObstacles) -> Iterator[Finding]:
    """A finding for each session, vacuum, index, prepared transaction and slot that would hold it up.

    Raises:
        Unavailable: after them, when the server hides what transactions of others are.

    """
    yield from _sessions(now)
    yield from _waiting(now)
    yield from _prepared(now)
    yield from _vacuums(now)
    yield from _indexes(now)
    yield from _slots(now)
    if now.hidden:
        raise Unavailable(
            f"{now.database} hides since when {now.hidden} sessions of others have a transaction open: "
            f"GRANT pg_read_all_stats TO {now.asker}"
        )


def _sessions(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.sessions:
        idle = f", idle for {one.idle_s} s" if one.idle_s else ""
        measured = (
            Measurement("open transaction", one.transaction_s, "s", TRANSACTION_S),
            *([Measurement("idle in transaction", one.idle_s, "s", IDLE_S)] if one.idle_s else []),
        )
        yield Finding(
            subject=_session(one.pid, one.application),
            message=f"{_session(one.pid, one.application)} has a transaction open for {one.transaction_s} s "
            f"({one.state}{idle}): its locks stay until it ends",
            evidence=(_asked(now, "pg_stat_activity", f"pid {one.pid} {one.state}"), *measured),
            fix=_end(one.pid),
        )


def _waiting(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.waiting:
        blockers = [f"pid {pid}" if pid else "a prepared transaction" for pid in sorted(set(one.blockers))]
        by = ", ".join(blockers) or "somebody who has let go meanwhile"
        yield Finding(
            subject=f"{_session(one.pid, one.application)} waits",
            message=f"{_session(one.pid, one.application)} waits for a lock since {one.waited_s} s, behind "
            f"{by}: who comes later waits, too",
            evidence=(
                _asked(now, "pg_locks, pg_blocking_pids", f"pid {one.pid} behind {by}"),
                Measurement("wait for a lock", one.waited_s, "s", WAITING_S),
            ),
            fix="\n".join(_end(pid) for pid in sorted(set(one.blockers)) if pid)
            or "look at pg_prepared_xacts",
        )


def _prepared(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.prepared:
        quoted = "'" + one.gid.replace("'", "''") + "'"
        yield Finding(
            subject=f"prepared transaction {one.gid}",
            message=f"the transaction {one.gid} of {one.owner} is prepared for {one.age_s} s and not ended: "
            "its locks outlive even a restart",
            evidence=(
                _asked(now, "pg_prepared_xacts", one.gid),
                Measurement("prepared transaction", one.age_s, "s", PREPARED_S),
            ),
            fix=f"COMMIT PREPARED {quoted};\nor ROLLBACK PREPARED {quoted};",
        )


def _vacuums(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.vacuums:
        kind = "an autovacuum against wraparound" if one.wraparound else "an autovacuum"
        gives = "gives way when a lock is wanted" if one.yields else "gives way to nobody"
        yield Finding(
            subject=f"vacuum of {one.table}",
            message=f"{kind if one.yields or one.wraparound else 'a VACUUM'} of {one.table} runs "
            f"(pid {one.pid}, {one.phase}) and {gives}",
            evidence=(_asked(now, "pg_stat_progress_vacuum", f"pid {one.pid} {one.table} {one.phase}"),),
            fix="wait until pg_stat_progress_vacuum is empty",
            severity=Severity.LOW if one.yields else None,
        )


def _indexes(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.indexes:
        size = round(one.size_bytes / _MB, 1)
        yield Finding(
            subject=f"index {one.name}",
            message=f"the index {one.name} of {one.table} is not valid ({size} MB): a build failed, it costs "
            "every write, and IF NOT EXISTS takes it for done",
            evidence=(_asked(now, "pg_index", one.name), Measurement("index", size, "MB")),
            fix=f"DROP INDEX CONCURRENTLY {one.name};\nor REINDEX INDEX CONCURRENTLY {one.name};",
            severity=Severity.MEDIUM,
        )


def _slots(now: MigrationObstacles) -> Iterator[Finding]:
    for one in now.slots:
        lag = round(one.lag_bytes / _MB, 1)
        state = "lags" if one.active else "is read by nobody"
        yield Finding(
            subject=f"replication slot {one.name}",
            message=f"the replication slot {one.name} {state} and keeps {lag} MB of the write-ahead log, to "
            "which a migration adds",
            evidence=(
                _asked(now, "pg_replication_slots", one.name),
                Measurement("kept log", lag, "MB", LAG_BYTES / _MB),
            ),
            fix="let its reader catch up"
            if one.active
            else f"start its reader, or SELECT pg_drop_replication_slot('{one.name}');",
            severity=None if one.lag_bytes > LAG_BYTES else Severity.MEDIUM,
        )


def _session(pid: int, application: str) -> str:
    return f"session {pid}{f' ({application})' if application else ''}"


def _end(pid: int) -> str:
    return f"SELECT pg_terminate_backend({pid});"


def _asked(now: MigrationObstacles, what: str, shown: str) -> QueryResult:
    return QueryResult(now.database, what, 1, by_shape(shown))
