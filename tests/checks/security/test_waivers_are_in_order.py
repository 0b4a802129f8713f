from datetime import date

from hotelctl.checks.security.waivers_are_in_order import waivers_are_in_order
from hotelctl.core.finding import Location
from hotelctl.core.waiver import Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse
from tests.checks import made
from tests.render.made import waiver

TODAY = date(2026, 3, 1)
NOTHING_JUDGED = WaiverUse(frozenset(), frozenset())


def messages(one: Waiver, use: WaiverUse = NOTHING_JUDGED) -> list[str]:
    return [f.message for f in made.judged(waivers_are_in_order, WaiverBook("w", (one,), TODAY), use)]


def test_a_waiver_that_holds_and_is_used_is_fine() -> None:
    assert not messages(waiver(), WaiverUse(frozenset({"BLD003"}), frozenset({"waivers.toml:1"})))


def test_one_whose_rule_was_not_asked_is_not_called_unused() -> None:
    assert not messages(waiver(), WaiverUse(frozenset({"ENV001"}), frozenset()))


def test_one_that_covers_nothing_is_found() -> None:
    (message,) = messages(waiver(), WaiverUse(frozenset({"BLD003"}), frozenset()))
    assert message == "the waiver of BLD003 for key build covers no finding: BLD003 found nothing there"


def test_one_that_ended_or_has_no_days_is_found_with_its_line() -> None:
    assert "ended on 2026-02-01" in messages(waiver(expires=date(2026, 2, 1)))[0]
    assert "does not say created" in messages(waiver(created=None))[0]
    book = WaiverBook("waivers.toml", (waiver(expires=None, place="waivers.toml:12"),), TODAY)
    (found,) = made.judged(waivers_are_in_order, book, NOTHING_JUDGED)
    assert found.location == Location("waivers.toml", 12)
