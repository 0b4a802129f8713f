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


def test_what_ran_and_what_was_passed_over_have_names() -> None:
    counts = parse_junit(_XML)
    assert counts.ran == {"tests.a::good", "tests.a::bad", "tests.a::broken"}
    assert [(case.name, case.words) for case in counts.passed_over] == [("tests.a::skipped", "why")]
    assert counts.retried == ()


@pytest.mark.parametrize("tag", ["flakyFailure", "flakyError"])
def test_what_passed_in_the_end_was_retried_and_passed(tag: str) -> None:
    case = f'<testcase classname="t" name="a"><{tag} message="boom"/></testcase>'
    counts = parse_junit(f"<testsuite>{case}</testsuite>")
    assert [(one.name, one.words) for one in counts.retried] == [("t::a", "boom")]
    assert (counts.failed, counts.executed) == ((), 1)


def test_the_time_is_that_of_the_suites_that_hold_cases() -> None:
    suite = '<testsuite time="{}"><testcase name="a"/></testsuite>'
    inner = f'<testsuite time="8">{suite.format(1.5)}</testsuite>'
    both = f'<testsuites time="9">{inner}{suite.format(2)}</testsuites>'
    assert parse_junit(both).duration_s == 3.5
    for text in (
        suite.format("long"),
        "<testsuite><testcase name='a'/></testsuite>",
        "<testsuite time='1'/>",
    ):
        assert parse_junit(text).duration_s is None


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
    assert (both.ran, len(both.passed_over), both.duration_s) == (parse_junit(_XML).ran, 2, None)
    timed = parse_junit('<testsuite time="1"><testcase name="a"/></testsuite>')
    assert together([timed, timed]).duration_s == 2


def test_its_evidence_is_what_the_command_said_or_what_the_files_hold() -> None:
    counts = parse_junit(_XML)
    run = TestRun(counts, made.COMMIT, made.NOON, 0, ("pytest", "a b"), "")
    assert isinstance(run.shown("x"), CommandOutput)
    assert run.again == "pytest 'a b'"
    left = TestRun(counts, made.COMMIT, made.NOON, None, (), "", ("out/junit.xml",))
    assert left.shown("x") == FileExcerpt("out/junit.xml", None, Redacted("x"))
    assert left.again == ""
