"""TST006: no test is skipped or expected to fail that was not so for the last release."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.earlier_run import EarlierRun
from hotelctl.facts.test_run import TestRun

_SHOWN = 20


@check(
    "TST006",
    "No more tests are skipped or expected to fail",
    severity=Severity.MEDIUM,
    rationale="A skip is the quietest way to make a red test green.",
    remediation="Mend the test, or waive its name as the key, with the reason and a day.",
    stage=Stage.TEST,
)
def no_more_tests_are_passed_over(earlier: EarlierRun, run: TestRun) -> Iterator[Finding]:
    """A finding for every test that is passed over now and was not then."""
    before = {case.name for case in earlier.counts.passed_over}
    new = [case for case in run.counts.passed_over if case.name not in before]
    for case in new[:_SHOWN]:
        why = f": {case.words}" if case.words else ", and nothing says why"
        said = f"{case.name} is passed over{why}"
        yield Finding(case.name, said, (run.shown(said),), fix=run.again)
    if more := len(new[_SHOWN:]):
        said = f"{more} more tests are passed over that were not for release {earlier.release}"
        yield Finding("more", said, (run.shown(said),), fix=run.again)
