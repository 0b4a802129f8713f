import pytest

from hotelctl.checks.schema.no_table_is_rewritten import no_table_is_rewritten
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


def test_who_waits_meanwhile_is_told() -> None:
    (finding,) = made.judged(no_table_is_rewritten, made.of_every_kind())
    assert finding.message == ("migrations/2.sql:7: rewrite under ACCESS EXCLUSIVE, reads and writes wait")
    assert (finding.severity, no_table_is_rewritten.info.severity) == (None, Severity.CRITICAL)
    assert finding.fix


@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        ({}, None),
        ({"public.rooms": 9_999}, Severity.LOW),
        ({"public.rooms": 10_000}, None),
        ({"public.notes": 1}, None),
    ],
)
def test_of_a_small_table_it_takes_a_moment(rows: dict[str, int], severity: Severity | None) -> None:
    run = made.migration_run(made.hazard(HazardKind.REWRITE), rows=rows)
    (finding,) = made.judged(no_table_is_rewritten, run)
    assert finding.severity is severity


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(no_table_is_rewritten, made.migration_run()) == []
