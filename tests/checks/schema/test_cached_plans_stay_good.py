from dataclasses import replace

import pytest

from hotelctl.checks.schema.cached_plans_stay_good import cached_plans_stay_good as check
from hotelctl.core.finding import QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode, Spoken
from hotelctl.facts.replay import StalePlan
from tests.checks import made

UNKNOWN = OldCode("", why="nothing is deployed here yet")


def heard(*statements: str) -> OldCode:
    """A release that says this before the migrations."""
    return OldCode("r1", tuple(map(Spoken, statements)))


def test_a_table_that_looks_different_to_prepared_statements_is_named() -> None:
    (finding,) = made.judged(check, made.of_every_kind(), UNKNOWN)
    assert finding.message == "migrations/2.sql:7: cached plan"
    assert (finding.severity, check.info.severity) == (None, Severity.MEDIUM)


def test_each_column_is_told() -> None:
    run = made.migration_run(*[made.hazard(HazardKind.CACHED_PLAN, detail=name) for name in ("a", "b")])
    assert len(made.judged(check, run, UNKNOWN)) == 2


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(check, made.migration_run(), UNKNOWN) == []


_ALL = "SELECT * FROM rooms"


@pytest.mark.parametrize(
    ("cause", "old", "number"),
    [
        (ChangeKind.COLUMN_ADDED, heard(_ALL), 1),
        (ChangeKind.COLUMN_ADDED, heard("SELECT 1", "SELECT r.* FROM public.rooms r"), 1),
        (ChangeKind.COLUMN_ADDED, heard("SELECT id FROM rooms"), 0),
        (ChangeKind.COLUMN_ADDED, heard("SELECT * FROM notes", "SELECT id FROM rooms"), 0),
        (ChangeKind.COLUMN_ADDED, heard(), 0),
        (ChangeKind.COLUMN_ADDED, UNKNOWN, 0),
        # Sessions of afterwards have no old plan.
        (ChangeKind.COLUMN_ADDED, OldCode("r1", (), (Spoken(_ALL),)), 0),
        (ChangeKind.COLUMN_RETYPED, heard("SELECT id FROM notes"), 1),
        (ChangeKind.COLUMN_RECOLLATED, UNKNOWN, 1),
    ],
)
def test_a_new_column_counts_where_a_statement_asks_for_all(
    cause: ChangeKind, old: OldCode, number: int
) -> None:
    run = made.migration_run(made.hazard(HazardKind.CACHED_PLAN, cause=cause))
    assert len(made.judged(check, run, old)) == number


REFUSED = StalePlan("SELECT id FROM public.rooms", "cached plan must not change result type")


def _stale(run: MigrationRun, *found: StalePlan) -> MigrationRun:
    return replace(run, stale=found)


def test_what_a_session_of_before_is_refused_stands_beside_the_column() -> None:
    run = made.migration_run(made.hazard(HazardKind.CACHED_PLAN, cause=ChangeKind.COLUMN_RETYPED))
    (finding,) = made.judged(check, _stale(run, REFUSED), UNKNOWN)
    assert finding.evidence[-1] == QueryResult(
        "session of before", REFUSED.said, 0, by_shape(f"0A000 {REFUSED.message}")
    )
    assert finding.message.endswith(
        "; a session that had prepared it is refused: SELECT id FROM public.rooms"
    )
    (alone,) = made.judged(check, run, UNKNOWN)
    assert finding.evidence[:-1] == alone.evidence


def test_a_new_column_counts_where_the_session_is_refused_because_of_it() -> None:
    run = made.migration_run(made.hazard(HazardKind.CACHED_PLAN, cause=ChangeKind.COLUMN_ADDED))
    stale = StalePlan("SELECT * FROM rooms", REFUSED.message)
    assert len(made.judged(check, _stale(run, stale), UNKNOWN)) == 1
    other = StalePlan("SELECT * FROM rooms_of_old", REFUSED.message)
    assert [one.subject for one in made.judged(check, _stale(run, other), UNKNOWN)] == [other.said]


def test_what_no_column_explains_is_told_by_the_statement() -> None:
    (finding,) = made.judged(check, _stale(made.migration_run(), REFUSED), UNKNOWN)
    assert finding.message == (
        "a session that had prepared it is refused: cached plan must not change result type (0A000): "
        "SELECT id FROM public.rooms"
    )
