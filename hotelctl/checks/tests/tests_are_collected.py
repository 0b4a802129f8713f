"""TST003: every test file can be collected."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.test_run import TestRun


@check(
    "TST003",
    "Every test file can be collected",
    severity=Severity.CRITICAL,
    rationale="A file that cannot be imported takes all its tests out of the run.",
    remediation="Import the file by hand and mend what it raises.",
    stage=Stage.TEST,
)
def tests_are_collected(run: TestRun) -> Iterator[Finding]:
    """A finding for every file that the runner could not import."""
    for case in run.counts.collection_errors:
        yield Finding(
            subject=case.name,
            message=f"{case.name} cannot be collected: {case.words}",
            evidence=(run.shown(f"{case.name}: {case.words}"),),
            fix=run.again,
        )
