"""TST008: the test run is of this commit and newer than it."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.ports import WorkTree
from hotelctl.facts.test_run import TestRun


@check(
    "TST008",
    "The test run is of this commit and newer than it",
    severity=Severity.CRITICAL,
    rationale="A result of another commit says nothing about what is deployed.",
    remediation="Run the tests again.",
    stage=Stage.TEST,
)
def test_run_is_of_this_commit(run: TestRun, tree: WorkTree) -> Iterator[Finding]:
    """A finding when the run's commit or time does not fit HEAD."""
    if run.commit != tree.commit:
        problem = f"the tests ran on {run.commit[:12]}, HEAD is {tree.commit[:12]}"
    elif run.finished_at < tree.committed_at:
        problem = f"the test run ended {run.finished_at:%Y-%m-%d %H:%M} UTC, before HEAD was committed"
    else:
        return
    yield Finding(
        subject="commit",
        message=problem,
        evidence=(run.shown(problem),),
        fix=run.again,
    )
