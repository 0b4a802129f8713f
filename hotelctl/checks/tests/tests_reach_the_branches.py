"""TST005: the tests reach as many branches as wanted."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.coverage import Coverage


@check(
    "TST005",
    "The tests reach the wanted share of branches",
    severity=Severity.MEDIUM,
    rationale="Nobody notices when a branch breaks that no test takes.",
    remediation="Leave a Cobertura XML with branches as [tests] coverage names it, and test what it shows.",
    stage=Stage.AUDIT,
)
def tests_reach_the_branches(coverage: Coverage) -> Iterator[Finding]:
    """A finding when a smaller share was taken than [tests] coverage_target."""
    if coverage.share < coverage.target:
        taken = f"{coverage.covered} of {coverage.branches} branches, {coverage.share:.1%}"
        yield Finding(
            subject="branches",
            message=f"{coverage.path}: the tests reach {taken}; the target is {coverage.target:.0%}",
            evidence=(
                Measurement(
                    "branch coverage", round(coverage.share, 4), "share", coverage.target, coverage.branches
                ),
            ),
            location=coverage.place,
        )
