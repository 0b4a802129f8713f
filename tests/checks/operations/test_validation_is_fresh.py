from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotelctl.checks.operations.validation_is_fresh import validation_is_fresh
from hotelctl.core.finding import Severity
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.facts.validation import FreshValidation, Validation
from tests.checks import made

ONE = Validation(
    path="reports/r1/report.json",
    commit=made.COMMIT,
    dirty=False,
    finished_at=made.NOON,
    verdict="ready",
    undecided=(),
    fail_on=Severity.HIGH,
    whole=True,
)
GOOD = FreshValidation(ONE, "reports", made.COMMIT, made.NOON + timedelta(hours=24), timedelta(hours=24))


def test_one_of_this_commit_that_judged_all_is_fine() -> None:
    assert not made.judged(validation_is_fresh, GOOD)
    with_notes = replace(GOOD, newest=replace(ONE, verdict="ready_with_notes"))
    assert not made.judged(validation_is_fresh, with_notes)
    stricter = replace(GOOD, newest=replace(ONE, fail_on=Severity.LOW))
    assert not made.judged(validation_is_fresh, stricter)


def test_none_is_a_finding() -> None:
    (finding,) = made.judged(validation_is_fresh, replace(GOOD, newest=None))
    assert finding.message == "reports holds no validation of all checks here that is younger than 24 h"


def test_a_younger_report_that_nobody_can_read_is_a_note() -> None:
    spoilt = (SpoiltFile("reports/r2/report.json", "it is no report"),)
    (finding,) = made.judged(validation_is_fresh, replace(GOOD, spoilt=spoilt))
    assert finding.message == "reports/r2/report.json: cannot be read: it is no report"
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    ("changes", "subject", "words"),
    [
        ({"commit": "d" * 40}, "commit", "is of dddddddddddd, HEAD is cccccccccccc"),
        ({"dirty": True}, "checkout", "not committed"),
        ({"finished_at": made.NOON - timedelta(hours=1)}, "age", "is 25 h old, 24 h are allowed"),
        ({"finished_at": made.NOON + timedelta(hours=25)}, "age", "after now: look at the clocks"),
        ({"fail_on": Severity.CRITICAL}, "policy", "--fail-on critical, which lets findings of high pass"),
        ({"whole": False}, "digest", "was changed after it was written"),
        ({"verdict": "blocked"}, "verdict", "is blocked"),
        ({"undecided": ("DB001",)}, "DB001", "no verdict of DB001"),
    ],
)
def test_what_it_lacks_is_named(changes: dict[str, Any], subject: str, words: str) -> None:
    (finding,) = made.judged(validation_is_fresh, replace(GOOD, newest=replace(ONE, **changes)))
    assert finding.subject == subject
    assert words in finding.message
