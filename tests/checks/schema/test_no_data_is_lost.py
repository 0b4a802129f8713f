from hotelctl.checks.schema.no_data_is_lost import no_data_is_lost
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


def test_what_no_rollback_brings_back_is_named() -> None:
    (finding,) = made.judged(no_data_is_lost, made.of_every_kind())
    assert finding.message.startswith("migrations/2.sql:7: data loss")
    assert (finding.severity, no_data_is_lost.info.severity) == (None, Severity.CRITICAL)


def test_however_few_rows_there_are() -> None:
    few = made.migration_run(made.hazard(HazardKind.DATA_LOSS), rows={"public.rooms": 3})
    (finding,) = made.judged(no_data_is_lost, few)
    assert finding.severity is None


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(no_data_is_lost, made.migration_run()) == []
