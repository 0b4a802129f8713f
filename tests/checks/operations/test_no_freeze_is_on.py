from hotelctl.checks.operations.no_freeze_is_on import no_freeze_is_on
from hotelctl.core.finding import Location
from hotelctl.facts.freeze_windows import FreezeWindows, Window
from tests.checks import made


def _freezes(*windows: Window) -> FreezeWindows:
    return FreezeWindows("production", windows, Location("hotelctl.toml", 7), made.NOON)


def test_freezes_at_other_times_are_fine() -> None:
    assert not made.judged(no_freeze_is_on, _freezes(Window("full", None)))


def test_one_that_lasts_is_a_finding_with_its_end_and_reason() -> None:
    (finding,) = made.judged(no_freeze_is_on, _freezes(Window("week", None), Window("full", made.NOON)))
    assert finding.message == "production is frozen until 2026-03-01 12:00 UTC: full"
    assert (finding.subject, str(finding.location)) == ("full", "hotelctl.toml:7")
