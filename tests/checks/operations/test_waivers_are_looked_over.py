from datetime import date

import pytest

from hotelctl.checks.operations.waivers_are_looked_over import waivers_are_looked_over
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.waivers import WaiverBook, WaiverUse
from tests.checks import made
from tests.render.made import waiver

USED = WaiverUse(frozenset({"BLD003"}), frozenset({"waivers.toml:1"}))


def found(today: date, use: WaiverUse = USED) -> list[Finding]:
    book = WaiverBook("waivers.toml", (waiver(),), today)
    return made.judged(waivers_are_looked_over, book, use)


def test_without_a_waiver_in_use_there_is_nothing_to_look_over() -> None:
    assert not found(date(2026, 3, 1), WaiverUse(frozenset({"BLD003"}), frozenset()))


def test_nothing_is_known_of_their_use_when_no_waived_rule_was_judged() -> None:
    with pytest.raises(Unavailable, match="waives was judged in this run: BLD003"):
        found(date(2026, 3, 1), WaiverUse(frozenset({"ENV001"}), frozenset()))
    assert not made.judged(
        waivers_are_looked_over, WaiverBook("w", (), date(2026, 3, 1)), WaiverUse(frozenset(), frozenset())
    )


def test_each_in_use_is_told_with_who_why_and_until_when() -> None:
    (one,) = found(date(2026, 3, 1))
    assert one.severity is Severity.INFO
    for words in ("BLD003", "2026-03-20", "bela", "ana", "OPS-17", "the builder is replaced next week"):
        assert words in one.message


def test_one_that_ends_within_two_weeks_is_worse() -> None:
    assert found(date(2026, 3, 5))[0].severity is Severity.INFO
    assert found(date(2026, 3, 6))[0].severity is None
