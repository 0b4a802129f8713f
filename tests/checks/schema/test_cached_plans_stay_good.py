from hotelctl.checks.schema.cached_plans_stay_good import cached_plans_stay_good
from hotelctl.core.finding import Severity
from hotelctl.facts.hazards import HazardKind
from tests.checks import made


def test_a_table_that_looks_different_to_prepared_statements_is_named() -> None:
    (finding,) = made.judged(cached_plans_stay_good, made.of_every_kind())
    assert finding.message == "migrations/2.sql:7: cached plan"
    assert (finding.severity, cached_plans_stay_good.info.severity) == (None, Severity.MEDIUM)


def test_each_column_is_told() -> None:
    run = made.migration_run(*[made.hazard(HazardKind.CACHED_PLAN, detail=name) for name in ("a", "b")])
    assert len(made.judged(cached_plans_stay_good, run)) == 2


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(cached_plans_stay_good, made.migration_run()) == []
