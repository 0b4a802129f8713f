from hotelctl.checks.schema.every_index_is_valid import every_index_is_valid
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


def test_an_index_that_helps_nobody_is_named() -> None:
    (finding,) = made.judged(every_index_is_valid, made.of_every_kind())
    assert finding.message.startswith("migrations/2.sql:7: invalid index")
    assert (finding.severity, every_index_is_valid.info.severity) == (None, Severity.CRITICAL)


def test_however_few_rows_there_are() -> None:
    few = made.migration_run(made.hazard(HazardKind.INVALID_INDEX), rows={"public.rooms": 3})
    (finding,) = made.judged(every_index_is_valid, few)
    assert finding.severity is None


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(every_index_is_valid, made.migration_run()) == []
