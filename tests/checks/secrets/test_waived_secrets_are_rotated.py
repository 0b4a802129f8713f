from dataclasses import replace
from datetime import date

import pytest

from hotelctl.checks.secrets.waived_secrets_are_rotated import waived_secrets_are_rotated as check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Location, Severity
from hotelctl.core.waiver import NEVER_WAIVED, Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse
from tests.checks import made
from tests.render.made import waiver

TODAY = date(2026, 3, 1)
_SAID = {"rotated": date(2026, 2, 25), "rotation": "the provider's audit log"}


UNUSED = WaiverUse(frozenset(), frozenset())


def messages(*waivers: Waiver, use: WaiverUse = UNUSED) -> list[str]:
    return [one.message for one in made.judged(check, WaiverBook("waivers.toml", waivers, TODAY), use)]


@pytest.mark.parametrize("rule", ["SEC001", "SEC002", "SEC003", "SEC006", "ENV014", "DKR008"])
def test_a_waiver_of_a_secret_that_says_nothing_of_its_rotation_is_found(rule: str) -> None:
    assert messages(waiver(rule)) == [
        f"the waiver of {rule} for key build does not say rotated, so the value may still let somebody in"
    ]


def test_one_that_was_rotated_or_is_no_secret_is_fine() -> None:
    assert not messages(waiver("SEC001", **_SAID), waiver("SEC001", no_secret="a sample of the docs"))


def test_a_day_alone_a_day_to_come_and_both_are_no_proof() -> None:
    said = messages(
        waiver("SEC001", rotated=TODAY),
        waiver("SEC001", **_SAID | {"rotated": date(2026, 3, 2)}),
        waiver("SEC001", **_SAID, no_secret="a sample"),
        waiver("SEC001", rotation="a log", no_secret="a sample"),
    )
    assert [one.partition(" build ")[2] for one in said] == [
        "does not say rotation, so the value may still let somebody in",
        "says that it was rotated on 2026-03-02, which is not yet",
        "says both that it is no secret and how it was rotated",
        "says both that it is no secret and how it was rotated",
    ]


@pytest.mark.parametrize("rule", ["SEC003", "SEC004", "SEC005", "SEC006"])
def test_what_is_found_because_it_is_set_now_was_not_rotated(rule: str) -> None:
    used = WaiverUse(frozenset({rule}), frozenset({"waivers.toml:1"}))
    (said,) = messages(waiver(rule, **_SAID), use=used)
    assert said.endswith(
        f"says that it was rotated on 2026-02-25, and {rule} finds the value that is set now"
    )
    assert not messages(waiver(rule, **_SAID)), "it covers nothing any more"
    assert not messages(waiver(rule, no_secret="a password of this machine alone"), use=used)
    assert not messages(waiver("SEC002", **_SAID), use=replace(used, judged=frozenset({"SEC002"})))


def test_other_waivers_are_no_question_and_the_place_is_the_waivers_line() -> None:
    with pytest.raises(NotApplicable, match=r"waivers\.toml waives no secret"):
        messages(waiver("BLD003"))
    book = WaiverBook("waivers.toml", (waiver("SEC002", place="waivers.toml:12"),), TODAY)
    (one,) = made.judged(check, book, UNUSED)
    assert (one.location, check.info.severity) == (Location("waivers.toml", 12), Severity.MEDIUM)
    assert check.info.id in NEVER_WAIVED
