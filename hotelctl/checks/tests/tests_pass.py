"""TST002: no test fails."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.test_run import TestRun


@check(
    "TST002",
    "No test fails",
    severity=Severity.CRITICAL,
    rationale="A failing test is a known defect.",
    remediation="Mend the code or the test; the finding names it.",
    stage=Stage.TEST,
)
def tests_pass(run: TestRun) -> Iterator[Finding]:
    """A finding for every test that failed or broke, by name."""
    collecting = set(run.counts.collection_errors)
    for case in (*run.counts.failed, *(one for one in run.counts.errors if one not in collecting)):
        yield Finding(
            subject=case.name,
            message=f"{case.name}: {case.words}",
            evidence=(run.shown(f"{case.name}: {case.words}"),),
            fix=run.again,
        )
