import pytest

from hotelctl.checks.secrets.no_secret_is_in_what_was_written import (
    no_secret_is_in_what_was_written as check,
)
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.output_copies import OutputCopies
from tests.checks import made
from tests.checks.secrets.test_no_secret_of_the_service_is_copied import copy

_LOG = "releases/r1/log/service.log"


def test_logs_without_a_secret_are_fine() -> None:
    assert made.judged(check, OutputCopies(2, 30, ())) == []


def test_each_file_and_value_is_a_finding_that_names_its_lines() -> None:
    found = OutputCopies(2, 30, (copy(9, _LOG), copy(2, _LOG), copy(1, "reports/1/report.md")))
    one, two = made.judged(check, found)
    assert (one.subject, str(one.location), str(two.location)) == (
        "LOGIN",
        f"{_LOG}:2",
        "reports/1/report.md:1",
    )
    assert one.message.startswith(f"{_LOG}: the value of LOGIN stands here, line 2, line 9: [redacted")
    assert one.fix.startswith("give LOGIN a new value")
    assert check.info.severity is Severity.CRITICAL


def test_a_file_that_could_not_be_read_is_a_doubt_after_what_was_found() -> None:
    judged = check.judge(OutputCopies(1, 1, (copy(1, _LOG),), {"big.log": "is too large"}))
    assert next(iter(judged)).subject == "LOGIN"
    with pytest.raises(Unavailable, match=r"big\.log: is too large"):
        list(judged)
