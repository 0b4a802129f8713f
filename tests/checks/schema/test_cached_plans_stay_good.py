import pytest

from hotelctl.checks.schema.cached_plans_stay_good import cached_plans_stay_good
from hotelctl.core.finding import Severity
from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.old_code import OldCode, Spoken
from tests.checks import made

_SILENT = OldCode("r1")


def test_a_table_that_looks_different_to_prepared_statements_is_named() -> None:
    (finding,) = made.judged(cached_plans_stay_good, made.of_every_kind(), _SILENT)
    assert finding.message == "migrations/2.sql:7: cached plan"
    assert (finding.severity, cached_plans_stay_good.info.severity) == (None, Severity.MEDIUM)


def test_each_column_is_told() -> None:
    run = made.migration_run(*[made.hazard(HazardKind.CACHED_PLAN, detail=name) for name in ("a", "b")])
    assert len(made.judged(cached_plans_stay_good, run, _SILENT)) == 2


@pytest.mark.parametrize(
    ("sql", "number"),
    [("SELECT * FROM rooms", 1), ("SELECT name FROM rooms", 0), ("SELECT * FROM notes", 0)],
)
def test_a_new_column_counts_where_all_columns_are_asked_for(sql: str, number: int) -> None:
    run = made.migration_run(made.hazard(HazardKind.CACHED_PLAN, cause=ChangeKind.COLUMN_ADDED))
    assert len(made.judged(cached_plans_stay_good, run, OldCode("r1", (Spoken(sql),)))) == number
    assert made.judged(cached_plans_stay_good, run, _SILENT) == []


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(cached_plans_stay_good, made.migration_run(), _SILENT) == []
