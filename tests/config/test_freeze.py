from typing import Any

import pytest
from pydantic import ValidationError

from hotelctl.config.freeze import Freeze

ONCE = {"begins": "2026-12-20T00:00:00+01:00", "ends": "2027-01-03T00:00:00+01:00"}


def test_once_or_weekly() -> None:
    assert Freeze.model_validate({"reason": "full", **ONCE}).begins is not None
    weekly = Freeze.model_validate(
        {"reason": "x", "weekly": "fri 16:00 - mon 08:00", "zone": "Europe/Berlin"}
    )
    assert (weekly.weekly, weekly.begins) == ("fri 16:00 - mon 08:00", None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "needs either"),
        ({"begins": ONCE["begins"]}, "together"),
        ({**ONCE, "weekly": "fri 16:00 - mon 08:00"}, "needs either"),
        ({"begins": ONCE["ends"], "ends": ONCE["begins"]}, "ends before it begins"),
        ({"begins": "2026-12-20T00:00:00", "ends": ONCE["ends"]}, "timezone"),
        ({"weekly": "friday"}, "pattern"),
        ({"weekly": "mon 08:00 - mon 08:00"}, "ends when it begins"),
        ({"weekly": "fri 16:00 - mon 08:00", "zone": "Europe/Nowhere"}, "is no time zone"),
        ({"weekly": "fri 16:00 - mon 08:00", "zone": "../etc"}, "is no time zone"),
        ({**ONCE, "reason": ""}, "at least 1 character"),
    ],
)
def test_what_is_neither_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Freeze.model_validate({"reason": "full", **given})
