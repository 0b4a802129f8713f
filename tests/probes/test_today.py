from datetime import date

from hotelctl.facts.today import Today
from hotelctl.probes.today import today
from tests.probes.worlds import World


def test_the_day_is_that_of_the_clock_in_utc() -> None:
    assert today(World().context()) == Today(date(2026, 3, 1))
