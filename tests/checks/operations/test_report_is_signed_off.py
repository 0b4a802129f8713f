from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotelctl.checks.operations.report_is_signed_off import report_is_signed_off
from hotelctl.facts.signoff import JudgedSignoff, Signoff, Signoffs
from tests.checks import made

DIGEST = "sha256:" + "ab" * 32
PLACE = "reports/20260301T120000000Z-3f2a91c0d5e8/report.json"


def _one(name: str, key: str, **changes: Any) -> JudgedSignoff:  # noqa: ANN401 - any field of a sign-off
    at = (made.NOON + timedelta(hours=1)).isoformat()
    words = {"name": name, "role": "operations", "at": at, "digest": DIGEST, "signature": "armour"}
    return JudgedSignoff(Signoff(**{**words, **changes}), "", key)


ANA, BELA = _one("ana", "SHA256:a"), _one("bela", "SHA256:b")
GOOD = Signoffs(
    PLACE, "", DIGEST, made.NOON, (ANA, BELA), 2, ("operations", "security"), made.NOON + timedelta(hours=2)
)


def test_enough_people_are_fine() -> None:
    assert not made.judged(report_is_signed_off, GOOD)
    assert not made.judged(report_is_signed_off, replace(GOOD, needed=1, found=(BELA,)))


def test_too_few_are_named_with_the_command_that_adds_one() -> None:
    (finding,) = made.judged(report_is_signed_off, replace(GOOD, found=(ANA,)))
    assert finding.message == f"{PLACE} is signed off by 1 of 2 people: ana (operations)"
    assert finding.fix.splitlines()[0] == "hotelctl report approve \\"
    assert max(map(len, finding.fix.splitlines())) <= 66
    (finding,) = made.judged(report_is_signed_off, replace(GOOD, found=()))
    assert "by 0 of 2 people: nobody" in finding.message


@pytest.mark.parametrize("twice", [_one("Ana", "SHA256:c"), _one("carl", "SHA256:a")], ids=["name", "key"])
def test_one_person_is_one_approval(twice: JudgedSignoff) -> None:
    (finding,) = made.judged(report_is_signed_off, replace(GOOD, found=(ANA, twice)))
    assert "by 1 of 2 people" in finding.message


def test_a_validation_that_is_missing_is_a_finding() -> None:
    (finding,) = made.judged(report_is_signed_off, replace(GOOD, missing="is of d, HEAD is c", found=()))
    assert (finding.message, finding.fix) == (f"{PLACE} is of d, HEAD is c", "hotelctl validate")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (replace(BELA, problem="its signature was changed"), "its signature was changed"),
        (_one("bela", "SHA256:b", digest="sha256:cd"), "the report was changed since"),
        (_one("bela", "SHA256:b", role="guest"), "the role guest is none of operations, security"),
        (replace(BELA, by_author=True), "the commit is of the same author"),
        (_one("bela", "SHA256:b", at="2026-01-01T00:00:00Z"), "look at the clocks"),
        (_one("bela", "SHA256:b", at="2099-01-01T00:00:00Z"), "look at the clocks"),
    ],
)
def test_a_sign_off_that_does_not_hold_does_not_count(bad: JudgedSignoff, words: str) -> None:
    first, second = made.judged(report_is_signed_off, replace(GOOD, found=(ANA, bad)))
    assert words in first.message
    assert "the sign-off of bela does not count" in first.message
    assert "by 1 of 2 people: ana" in second.message
