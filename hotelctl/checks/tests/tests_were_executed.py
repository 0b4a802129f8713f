"""TST001: tests were executed."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.test_run import TestRun


@check(
    "TST001",
    "Tests were executed",
    severity=Severity.CRITICAL,
    rationale="A run in which everything was skipped or nothing was found ends with 0 and proves nothing.",
    remediation="Run the test command by hand and see why nothing runs.",
    stage=Stage.TEST,
)
def tests_were_executed(run: TestRun) -> Iterator[Finding]:
    """A finding when no test ran, or the command stopped although no test failed."""
    counts = run.counts
    if counts.executed <= 0:
        yield Finding(
            subject="executed",
            message=f"no test was executed: {counts.tests} found, {counts.skipped} skipped",
            evidence=(
                Measurement("tests executed", counts.executed, "tests", 1, counts.tests),
                run.shown(run.words),
            ),
            fix=run.again,
        )
    elif run.argv and run.exit_code != 0 and not (counts.failed or counts.errors):
        yield Finding(
            subject="exit code",
            message=f"the test command ended with {run.exit_code} although no test failed",
            evidence=(run.shown(run.words),),
            fix=run.again,
        )
