import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, FileExcerpt
from hotelctl.core.redact import Redacted
from hotelctl.facts.test_run import TestRun, parse_junit, together
from tests.checks import made

_XML = """<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="9" failures="9" tests="99">
<testcase classname="tests.a" name="good"/>
<testcase classname="tests.a" name="bad"><failure message="assert 1 == 2&#10;more">long</failure></testcase>
<testcase classname="tests.a" name="skipped"><skipped message="why"/></testcase>
<testcase classname="tests.a" name="broken"><error message="failed on setup">x</error></testcase>
<testcase classname="" name="tests.b"><error message="collection failure">ImportError: x</error></testcase>
</testsuite></testsuites>"""


def test_cases_are_counted_not_summaries() -> None:
    counts = parse_junit(_XML)
    assert (counts.tests, counts.skipped, counts.executed) == (5, 1, 3)
    assert [(case.name, case.words) for case in counts.failed] == [("tests.a::bad", "assert 1 == 2")]
    assert [case.name for case in counts.errors] == ["tests.a::broken", "tests.b"]
    assert [case.name for case in counts.collection_errors] == ["tests.b"]


def test_a_single_suite_and_no_case_at_all() -> None:
    assert parse_junit("<testsuite/>").tests == 0


@pytest.mark.parametrize("text", ["", "<html></html>", "<testsuite>"])
def test_anything_else_is_unavailable(text: str) -> None:
    with pytest.raises(Unavailable):
        parse_junit(text)


def test_several_files_are_counted_together() -> None:
    both = together([parse_junit(_XML), parse_junit(_XML.encode())])
    assert (both.tests, both.skipped, both.executed, len(both.failed), len(both.collection_errors)) == (
        10,
        2,
        6,
        2,
        2,
    )
    assert together([]).tests == 0


def test_its_evidence_is_what_the_command_said_or_what_the_files_hold() -> None:
    counts = parse_junit(_XML)
    run = TestRun(counts, made.COMMIT, made.NOON, 0, ("pytest", "a b"), "")
    assert isinstance(run.shown("x"), CommandOutput)
    assert run.again == "pytest 'a b'"
    left = TestRun(counts, made.COMMIT, made.NOON, None, (), "", ("out/junit.xml",))
    assert left.shown("x") == FileExcerpt("out/junit.xml", None, Redacted("x"))
    assert left.again == ""
