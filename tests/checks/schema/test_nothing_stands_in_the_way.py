from dataclasses import replace

import pytest

from hotelctl.checks.schema.nothing_stands_in_the_way import nothing_stands_in_the_way
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.migration_obstacles import (
    InvalidIndex,
    MigrationObstacles,
    OpenSession,
    PreparedTransaction,
    ReplicationSlot,
    Vacuum,
    Waiting,
)
from tests.checks import made

_FREE = MigrationObstacles("live", "owner", ("2.sql",))


def _one(now: MigrationObstacles) -> Finding:
    (found,) = made.judged(nothing_stands_in_the_way, now)
    return found


def _measured(found: Finding) -> list[tuple[float, float | None]]:
    return [(one.value, one.limit) for one in found.evidence if isinstance(one, Measurement)]


def test_a_quiet_database_is_fine() -> None:
    assert not made.judged(nothing_stands_in_the_way, _FREE)


def test_an_old_transaction_is_told_with_its_session() -> None:
    found = _one(replace(_FREE, sessions=(OpenSession(7, "psql", "active", 90, 0),)))
    assert found.message == (
        "session 7 (psql) has a transaction open for 90 s (active): its locks stay until it ends"
    )
    assert (found.severity, found.fix) == (None, "SELECT pg_terminate_backend(7);")
    assert _measured(found) == [(90, 60)]
    idle = _one(replace(_FREE, sessions=(OpenSession(7, "", "idle in transaction", 40, 35),)))
    assert idle.message.startswith(
        "session 7 has a transaction open for 40 s (idle in transaction, idle for 35 s):"
    )
    assert _measured(idle) == [(40, 60), (35, 30)]


def test_who_waits_is_told_with_those_in_the_way() -> None:
    found = _one(replace(_FREE, waiting=(Waiting(7, "app", 9, (5, 5, 0)),)))
    assert (
        "waits for a lock since 9 s, behind a prepared transaction, pid 5: who comes later" in found.message
    )
    assert found.fix == "SELECT pg_terminate_backend(5);"
    only = _one(replace(_FREE, waiting=(Waiting(7, "app", 9, (0,)),)))
    assert only.fix == "look at pg_prepared_xacts"
    assert "behind somebody who has let go" in _one(replace(_FREE, waiting=(Waiting(7, "", 9, ()),))).message


def test_a_prepared_transaction_is_told_with_both_ways_to_end_it() -> None:
    found = _one(replace(_FREE, prepared=(PreparedTransaction("it's", "ana", 120),)))
    assert "the transaction it's of ana is prepared for 120 s and not ended" in found.message
    assert found.fix == "COMMIT PREPARED 'it''s';\nor ROLLBACK PREPARED 'it''s';"


@pytest.mark.parametrize(
    ("vacuum", "words", "severity"),
    [
        (
            Vacuum(7, "rooms", "scan", yields=True, wraparound=False),
            "an autovacuum of rooms runs",
            Severity.LOW,
        ),
        (Vacuum(7, "rooms", "scan", yields=False, wraparound=True), "against wraparound of rooms runs", None),
        (
            Vacuum(7, "rooms", "scan", yields=False, wraparound=False),
            "a VACUUM of rooms runs (pid 7, scan",
            None,
        ),
    ],
)
def test_a_vacuum_weighs_what_it_gives_way_to(vacuum: Vacuum, words: str, severity: Severity | None) -> None:
    found = _one(replace(_FREE, vacuums=(vacuum,)))
    assert words in found.message
    assert ("gives way to nobody" in found.message) is not vacuum.yields
    assert found.severity is severity


def test_an_index_that_is_not_valid_is_told_with_its_size() -> None:
    found = _one(replace(_FREE, indexes=(InvalidIndex("rooms_no", "rooms", 8_300_000),)))
    assert "the index rooms_no of rooms is not valid (8.3 MB)" in found.message
    assert found.severity is Severity.MEDIUM
    assert found.fix.startswith("DROP INDEX CONCURRENTLY rooms_no;")


def test_a_slot_that_nobody_reads_or_that_lags_is_told() -> None:
    left = _one(replace(_FREE, slots=(ReplicationSlot("old", active=False, lag_bytes=5_000_000),)))
    assert "slot old is read by nobody and keeps 5.0 MB" in left.message
    assert left.severity is Severity.MEDIUM
    assert "pg_drop_replication_slot('old')" in left.fix
    behind = _one(replace(_FREE, slots=(ReplicationSlot("far", active=True, lag_bytes=2_000_000_000),)))
    assert "slot far lags and keeps 2000.0 MB" in behind.message
    assert (behind.severity, behind.fix) == (None, "let its reader catch up")


def test_what_the_server_hides_is_no_pass_and_hides_no_finding() -> None:
    now = replace(_FREE, hidden=2, sessions=(OpenSession(7, "psql", "active", 90, 0),))
    judging = iter(nothing_stands_in_the_way.judge(now))
    assert next(judging).subject == "session 7 (psql)"
    with pytest.raises(Unavailable, match=r"2 sessions of others .*: GRANT pg_read_all_stats TO owner$"):
        next(judging)
