from dataclasses import replace

import pytest

from hotelctl.checks.operations.log_tells_of_no_error import log_tells_of_no_error
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location, Severity
from hotelctl.facts.error_lines import ErrorLine, ErrorLines
from tests.checks import made

QUIET = ErrorLines("log", made.NOON, (), (), 90, 1)
LINE = ErrorLine(Location("log", 7), made.NOON, "error")


def test_a_quiet_log_is_fine() -> None:
    assert not made.judged(log_tells_of_no_error, QUIET)


def test_few_errors_are_a_note_and_more_a_finding() -> None:
    (finding,) = made.judged(log_tells_of_no_error, replace(QUIET, lines=(LINE,)))
    assert finding.severity is Severity.MEDIUM
    assert finding.message == (
        "1 of 90 log lines are of level error or worse since 2026-03-01 12:00:00 UTC, 1 are borne; the "
        "newest: log:7"
    )
    (finding,) = made.judged(log_tells_of_no_error, replace(QUIET, lines=(LINE, LINE)))
    assert (finding.severity, finding.fix) == (None, "sed -n 7p log")


def test_a_line_of_no_time_leaves_it_open() -> None:
    with pytest.raises(Unavailable, match="log:9 is of level error, and nothing says when"):
        made.judged(log_tells_of_no_error, replace(QUIET, untimed=(Location("log", 9),)))
