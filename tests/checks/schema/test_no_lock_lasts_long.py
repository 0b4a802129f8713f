import pytest

from hotelctl.checks.schema.no_lock_lasts_long import no_lock_lasts_long
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


@pytest.mark.parametrize(
    ("kind", "severity", "of_few"),
    [
        (HazardKind.INDEX_BUILD, None, Severity.LOW),
        (HazardKind.HELD_LOCK, None, Severity.LOW),
        (HazardKind.BACKFILL, Severity.HIGH, Severity.LOW),
        (HazardKind.NO_LOCK_TIMEOUT, Severity.MEDIUM, Severity.MEDIUM),
    ],
)
def test_how_bad_it_is(kind: HazardKind, severity: Severity | None, of_few: Severity) -> None:
    for rows, expected in (({}, severity), ({"public.rooms": 10}, of_few)):
        run = made.migration_run(made.hazard(kind), rows=rows)
        (finding,) = made.judged(no_lock_lasts_long, run)
        assert finding.severity is expected
    assert no_lock_lasts_long.info.severity is Severity.CRITICAL


def test_work_of_other_kinds_is_for_others() -> None:
    found = made.judged(no_lock_lasts_long, made.of_every_kind())
    assert [one.message.partition(": ")[2].partition(" under ")[0].partition(",")[0] for one in found] == [
        "index build",
        "backfill",
        "held lock",
        "no lock_timeout",
    ]


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(no_lock_lasts_long, made.migration_run()) == []


@pytest.mark.parametrize(
    ("rows", "unknown"), [({}, False), ({"public.rooms": 9_999}, False), ({"public.rooms": 10_000}, True)]
)
def test_a_change_that_met_no_made_up_row_is_unknown_where_the_live_table_is_large(
    rows: dict[str, int],
    unknown: bool,  # noqa: FBT001 - what is expected
) -> None:
    run = made.migration_run(made.hazard(HazardKind.UNMET_UPDATE), rows=rows)
    if not unknown:
        assert made.judged(no_lock_lasts_long, run) == []
        return
    with pytest.raises(Unavailable, match=r"migrations/2.sql:7: all of public.rooms"):
        made.judged(no_lock_lasts_long, run)


def test_a_change_of_a_table_that_is_not_known_is_unknown_where_rows_live() -> None:
    hidden = made.hazard(HazardKind.UNMET_DELETE, table="")
    assert made.judged(no_lock_lasts_long, made.migration_run(hidden)) == []
    with pytest.raises(Unavailable, match="was not seen"):
        made.judged(no_lock_lasts_long, made.migration_run(hidden, rows={"public.rooms": 3}))
