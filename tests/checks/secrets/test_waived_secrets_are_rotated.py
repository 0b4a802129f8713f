from datetime import date

import pytest

from hotelctl.checks.secrets.waived_secrets_are_rotated import waived_secrets_are_rotated as check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Location, Severity
from hotelctl.core.waiver import NEVER_WAIVED, Waiver
from hotelctl.facts.waivers import WaiverBook
from tests.checks import made
from tests.render.made import waiver

TODAY = date(2026, 3, 1)
_SAID = {"rotated": date(2026, 2, 25), "rotation": "the provider's audit log"}


def messages(*waivers: Waiver) -> list[str]:
    return [one.message for one in made.judged(check, WaiverBook("waivers.toml", waivers, TODAY))]


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
    )
    assert [one.partition(" build ")[2] for one in said] == [
        "does not say rotation, so the value may still let somebody in",
        "says that it was rotated on 2026-03-02, which is not yet",
        "says both that it is no secret and when it was rotated",
    ]


def test_other_waivers_are_no_question_and_the_place_is_the_waivers_line() -> None:
    with pytest.raises(NotApplicable, match=r"waivers\.toml waives no secret"):
        messages(waiver("BLD003"))
    book = WaiverBook("waivers.toml", (waiver("SEC002", place="waivers.toml:12"),), TODAY)
    (one,) = made.judged(check, book)
    assert (one.location, check.info.severity) == (Location("waivers.toml", 12), Severity.MEDIUM)
    assert check.info.id in NEVER_WAIVED
