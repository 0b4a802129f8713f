"""TST010: every test asserts something."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.idle_tests import IdleTests

_SHOWN = 20


@check(
    "TST010",
    "Every test asserts something",
    severity=Severity.HIGH,
    rationale="A test that asserts nothing counts as passed whatever the code does.",
    remediation="Assert what the code promises, or name the helper that does so assert_..., check_... or "
    "expect_....",
    stage=Stage.AUDIT,
)
def tests_assert_something(tests: IdleTests) -> Iterator[Finding]:
    """A finding for every Python test in which nothing can fail but the code itself.

    Raises:
        Unavailable: a file of tests could not be read.

    """
    for test in tests.idle[:_SHOWN]:
        said = f"def {test.name} asserts nothing"
        yield Finding(
            subject=f"{test.path}::{test.name}",
            message=f"{test.path}:{test.line} {test.name} asserts nothing",
            evidence=(FileExcerpt(test.path, test.line, by_shape(said)),),
            location=Location(test.path, test.line),
        )
    if more := tests.idle[_SHOWN:]:
        said = f"{len(more)} more tests assert nothing, the first is {more[0].path}:{more[0].line}"
        shown = FileExcerpt(more[0].path, more[0].line, by_shape(said))
        yield Finding("more", said, (shown,), Location(more[0].path, more[0].line))
    if tests.unread:
        raise Unavailable("; ".join(f"{path} {why}" for path, why in tests.unread.items()))
