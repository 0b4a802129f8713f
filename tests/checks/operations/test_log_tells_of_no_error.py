from dataclasses import replace

from hotelctl.checks.operations.log_tells_of_no_error import log_tells_of_no_error
from hotelctl.core.finding import Location, Severity
from hotelctl.facts.error_lines import Counted, ErrorLine, ErrorLines
from tests.checks import made

LINE = ErrorLine(Location("log", 7), made.NOON, "error")
QUIET = ErrorLines("log", made.NOON, Counted(read=90), 0, 1)
ONE = replace(QUIET, found=Counted((LINE,), 1, read=90))
MANY = replace(QUIET, found=Counted((LINE,), 5000, read=9000))


def test_a_quiet_log_is_fine() -> None:
    assert not made.judged(log_tells_of_no_error, QUIET)
    assert not made.judged(log_tells_of_no_error, replace(QUIET, limit=None))


def test_few_errors_are_a_note_and_more_a_finding() -> None:
    (finding,) = made.judged(log_tells_of_no_error, ONE)
    assert finding.severity is Severity.MEDIUM
    assert finding.message == (
        "1 of 90 log lines are of level error or worse since 2026-03-01 12:00:00 UTC, 1 are borne; the "
        "newest: log:7"
    )
    (finding,) = made.judged(log_tells_of_no_error, MANY)
    assert (finding.severity, finding.fix) == (None, "sed -n 7p log")


def test_without_a_limit_every_number_is_a_note() -> None:
    (finding,) = made.judged(log_tells_of_no_error, replace(MANY, limit=None))
    assert finding.severity is Severity.MEDIUM
    assert finding.message == (
        "5000 of 9000 log lines are of level error or worse since 2026-03-01 12:00:00 UTC; the newest: log:7"
    )


def test_lines_of_no_time_are_a_note_at_any_limit() -> None:
    found = Counted(untimed=9, last_untimed=Location("log", 9), read=90)
    (finding,) = made.judged(log_tells_of_no_error, replace(QUIET, found=found, undated=9))
    assert (finding.severity, finding.fix) == (Severity.MEDIUM, "sed -n 9p log")
    assert finding.message == (
        "9 of 90 log lines are of level error or worse since the release was started, and no line says when "
        "it was written; the newest: log:9"
    )


def test_lines_of_no_time_that_may_be_of_any_day_are_left_out() -> None:
    found = Counted(untimed=9, last_untimed=Location("log", 9), read=90)
    assert not made.judged(log_tells_of_no_error, replace(QUIET, found=found))
