from datetime import date
from typing import Any

import pytest

from hotelctl.core.finding import Finding, Location, Measurement
from hotelctl.core.waiver import WHOLE_SEARCH, unopened
from tests.render import made

TODAY = date(2026, 3, 1)
SHOWN = (Measurement("n", 1, ""),)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"expires": TODAY}, ""),
        ({"created": TODAY}, ""),
        ({"created": date(2026, 2, 20), "expires": date(2026, 5, 21)}, ""),
        ({"expires": date(2026, 5, 22)}, "runs for 91 days, at most 90 are allowed"),
        ({"expires": date(2026, 2, 28)}, "ended on 2026-02-28"),
        ({"created": date(2026, 3, 2)}, "created on 2026-03-02, which is not yet"),
        ({"created": None}, "does not say created, so"),
        ({"expires": None}, "does not say expires, so"),
        ({"created": None, "expires": None}, "does not say created and expires, so"),
    ],
)
def test_it_holds_from_its_first_to_its_last_day_and_ninety_days_at_most(
    changes: dict[str, Any], why: str
) -> None:
    refused = made.waiver(**changes).refused(TODAY)
    assert (why in refused) if why else (refused == "")


@pytest.mark.parametrize(
    ("scope", "target", "covered"),
    [
        ("path", ".env.local", True),
        ("path", ".env", False),
        ("key", "DATABASE_URL", True),
        ("key", "DATABASE", False),
        ("fingerprint", "0" * 16, False),
    ],
)
def test_it_covers_what_its_scope_names_exactly(scope: str, target: str, covered: bool) -> None:  # noqa: FBT001 - a row of the table
    finding = Finding("DATABASE_URL", "is empty", SHOWN, Location(".env.local", 7))
    assert made.waiver("ENV002", scope=scope, target=target).covers("ENV002", finding) is covered
    assert not made.waiver("ENV003", scope=scope, target=target).covers("ENV002", finding)


def test_a_fingerprint_covers_the_finding_wherever_its_line_went() -> None:
    early, late = (Finding("A", "is empty", SHOWN, Location(".env", line)) for line in (3, 300))
    waiver = made.waiver("ENV002", scope="fingerprint", target=early.fingerprint("ENV002"))
    assert waiver.covers("ENV002", late)


def test_a_finding_without_a_place_is_in_no_path() -> None:
    assert not made.waiver("ENV002", scope="path", target=".env").covers("ENV002", Finding("A", "b", SHOWN))


def test_it_says_who_why_and_until_when() -> None:
    assert made.waiver().told() == (
        "waived until 2026-03-20 by bela for ana (OPS-17): the builder is replaced next week"
    )


def test_one_for_an_archive_covers_it_in_every_search_and_nothing_else() -> None:
    digest = "ab" * 32
    waiver = made.waiver(rule=WHOLE_SEARCH, scope="sha256", target=digest)
    it, other = (Finding(unopened(one), "...", SHOWN, Location("a.zip")) for one in (digest, "cd" * 32))
    assert all(waiver.covers(rule, it) for rule in ("SEC001", "SEC002", "SEC003", "SEC005", "SEC008"))
    assert not waiver.covers("SEC006", it)
    assert not waiver.covers("SEC002", other)
