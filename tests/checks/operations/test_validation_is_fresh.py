from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotelctl.checks.operations.validation_is_fresh import validation_is_fresh
from hotelctl.facts.validation import FreshValidation, Validation
from tests.checks import made

ONE = Validation("reports/r1/report.json", made.COMMIT, False, made.NOON, "ready", ())  # noqa: FBT003 - a fact
GOOD = FreshValidation(ONE, "reports", made.COMMIT, made.NOON + timedelta(hours=24), timedelta(hours=24))


def test_one_of_this_commit_that_judged_all_is_fine() -> None:
    assert not made.judged(validation_is_fresh, GOOD)
    with_notes = replace(GOOD, newest=replace(ONE, verdict="ready_with_notes"))
    assert not made.judged(validation_is_fresh, with_notes)


def test_none_is_a_finding() -> None:
    (finding,) = made.judged(validation_is_fresh, replace(GOOD, newest=None))
    assert finding.message.startswith("reports holds no validation")


@pytest.mark.parametrize(
    ("changes", "subject", "words"),
    [
        ({"commit": "d" * 40}, "commit", "is of dddddddddddd, HEAD is cccccccccccc"),
        ({"dirty": True}, "checkout", "not committed"),
        ({"finished_at": made.NOON - timedelta(hours=1)}, "age", "is 25 h old, 24 h are allowed"),
        ({"verdict": "blocked"}, "verdict", "is blocked"),
        ({"undecided": ("DB001",)}, "DB001", "no verdict of DB001"),
    ],
)
def test_what_it_lacks_is_named(changes: dict[str, Any], subject: str, words: str) -> None:
    (finding,) = made.judged(validation_is_fresh, replace(GOOD, newest=replace(ONE, **changes)))
    assert finding.subject == subject
    assert words in finding.message
