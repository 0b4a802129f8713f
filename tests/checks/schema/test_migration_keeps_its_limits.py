import dataclasses

import pytest

from hotelctl.checks.schema.migration_keeps_its_limits import migration_keeps_its_limits as check
from hotelctl.checks.schema.migration_keeps_its_limits import span
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Measurement, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_estimate import Estimate, LockHold, MigrationEstimate
from tests.checks import made

ONE = Estimate(0, "public.rooms", 1_000_000, "CREATE INDEX", 10, 30, 400_000_000, 100_000, 0.8)
HOLD = LockHold("public.rooms", LockMode.SHARE, 10, 30, 0.8, "2.sql", "migrations/2.sql", 7)


def judged(
    lock_s: float = 60, duration_s: float = 900, wal: int = 10_000_000_000, hold: LockHold = HOLD
) -> list[Finding]:
    """What is found of two statements, of which one keeps a lock, under these limits."""
    return made.judged(check, MigrationEstimate((ONE, ONE), (hold,), lock_s, duration_s, wal))


def test_within_all_limits_is_fine_and_a_limit_itself_is_within() -> None:
    assert judged() == []
    assert judged(lock_s=30, duration_s=60, wal=800_000_000) == []
    assert check.info.severity is Severity.HIGH


def test_a_large_table_without_made_up_rows_is_unknown_after_what_was_found() -> None:
    found = iter(check.judge(MigrationEstimate((), (HOLD,), 1, 900, 7, ("public.mails",))))
    assert next(found).subject
    with pytest.raises(Unavailable, match=r"no rows could be made up for public\.mails"):
        next(found)


def test_a_lock_beyond_its_limit_is_told_with_its_place_who_waits_and_both_ends() -> None:
    (one,) = judged(lock_s=29.9)
    assert one.subject == "2.sql: SHARE on public.rooms"
    assert one.message == (
        "migrations/2.sql:7: writes of public.rooms wait 10.0 to 30.0 s for SHARE (limit 29.9 s)"
    )
    assert one.location == Location("migrations/2.sql", 7)
    assert one.evidence == (
        Measurement("on the copy", 0.8, "s"),
        Measurement("upper end for the live table", 30, "s", 29.9),
    )


def test_without_a_file_the_revision_is_its_place() -> None:
    (one,) = judged(lock_s=1, hold=dataclasses.replace(HOLD, path="", line=None))
    assert (one.location, one.message.partition(": ")[0]) == (None, "2.sql")


def test_all_statements_together_may_take_too_long() -> None:
    (one,) = judged(duration_s=59)
    assert (one.subject, one.message) == (
        "duration",
        "the pending migrations' duration: 20.0 to 60.0 s in all (limit 59 s)",
    )


def test_all_statements_together_may_write_too_much() -> None:
    (one,) = judged(wal=799_999_999)
    assert one.subject == "write-ahead log"
    assert "800 MB in all (limit 800 MB)" in one.message
    assert one.evidence == (Measurement("write-ahead log", 800, "MB", 799.999999),)


@pytest.mark.parametrize(
    ("low_s", "high_s", "words"),
    [(0.04, 0.12, "0.0 to 0.1 s"), (40, 119.9, "40.0 to 119.9 s"), (60, 120, "1 to 2 min")],
)
def test_minutes_are_told_as_such(low_s: float, high_s: float, words: str) -> None:
    assert span(low_s, high_s) == words


def test_a_limit_that_holds_by_how_made_up_values_are_spread_is_unknown() -> None:
    third = dataclasses.replace(ONE, sql="UPDATE rooms SET a = 1 WHERE b IS NULL", share=0.25)
    hold = dataclasses.replace(HOLD, widest_s=120)
    why = (
        r"the range holds for the made-up rows that met a condition \(25% of public\.rooms\); where all live "
    )
    with pytest.raises(
        Unavailable, match=rf"{why}.*writes of public.rooms wait up to 120 s for SHARE \(limit 60"
    ):
        made.judged(check, MigrationEstimate((ONE, third), (hold,), 60, 900, 10**10))
    with pytest.raises(Unavailable, match=rf"{why}.*all take up to 150 s \(limit 100 s\)"):
        made.judged(check, MigrationEstimate((ONE, third), (), 60, 100, 10**10))
    assert made.judged(check, MigrationEstimate((ONE, third), (hold,), 120, 150, 10**10)) == []
    (one,) = made.judged(check, MigrationEstimate((ONE, third), (), 60, 59, 10**10))
    assert one.subject == "duration", "what is beyond its limit in any case is no doubt"
    with pytest.raises(Unavailable, match=rf"{why}.*all write up to 2,000 MB of log \(limit 1,000 MB\)"):
        made.judged(check, MigrationEstimate((ONE, third), (), 60, 900, 10**9))


def test_what_changes_no_made_up_row_of_a_large_table_has_no_known_duration() -> None:
    detail = "no made-up row of public.rooms meets its condition"
    unmet = made.migration_run(made.hazard(HazardKind.UNMET_UPDATE, detail=detail)).found
    why = (
        "how long it takes on the live rows was not seen: migrations/2.sql:7: no made-up row of public.rooms"
    )
    with pytest.raises(Unavailable, match=why):
        made.judged(check, MigrationEstimate((ONE,), (), 60, 900, 10**10, (), unmet))
