import pytest

from hotelctl.checks.schema.no_data_is_lost import no_data_is_lost
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


def test_what_no_rollback_brings_back_is_named() -> None:
    unknown = {HazardKind.UNMET_DELETE, HazardKind.UNTAKEN}
    kinds = [kind for kind in HazardKind if kind not in unknown]
    run = made.migration_run(*(made.hazard(kind, detail=kind.value) for kind in kinds))
    (finding,) = made.judged(no_data_is_lost, run)
    assert finding.message.startswith("migrations/2.sql:7: data loss")
    assert (finding.severity, no_data_is_lost.info.severity) == (None, Severity.CRITICAL)


def test_however_few_rows_there_are() -> None:
    few = made.migration_run(made.hazard(HazardKind.DATA_LOSS), rows={"public.rooms": 3})
    (finding,) = made.judged(no_data_is_lost, few)
    assert finding.severity is None


def test_a_delete_that_met_no_made_up_row_is_unknown_behind_what_was_seen() -> None:
    unmet = made.hazard(HazardKind.UNMET_DELETE, detail="no made-up row meets its condition")
    run = made.migration_run(made.hazard(HazardKind.DATA_LOSS), *[unmet] * 5)
    found = iter(no_data_is_lost.judge(run))
    assert next(found).subject.startswith("2.sql: data loss")
    with pytest.raises(Unavailable) as why:
        next(found)
    assert why.value.reason == (
        "what it does to the live rows was not seen: "
        + "; ".join(["migrations/2.sql:7: no made-up row meets its condition"] * 3)
        + "; and 2 more"
    )


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(no_data_is_lost, made.migration_run()) == []
