"""TST009: the tests end within their budget."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.test_run import TestRun
from hotelctl.facts.time_budget import TimeBudget


@check(
    "TST009",
    "The tests end within their time budget",
    severity=Severity.MEDIUM,
    rationale="Slow tests are run less often, and every deploy waits for them.",
    remediation="pytest --durations=20 names the slowest; [tests] budget_s is the budget.",
    stage=Stage.TEST,
)
def tests_keep_their_time(budget: TimeBudget, run: TestRun) -> Iterator[Finding]:
    """A finding when the run took longer. Raises `Unavailable` where its files do not say how long."""
    if run.duration_s is None:
        raise Unavailable(f"{', '.join(run.files)}: no suite says how long it took")
    if run.duration_s > budget.seconds:
        yield Finding(
            subject="duration",
            message=f"the tests took {run.duration_s:.1f} s, their budget is {budget.seconds:g} s",
            evidence=(Measurement("duration of the tests", round(run.duration_s, 2), "s", budget.seconds),),
            location=budget.place,
            fix=run.again,
        )
