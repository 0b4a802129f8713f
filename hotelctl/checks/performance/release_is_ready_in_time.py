"""PRF008: the release that serves was ready within its time."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.start_time import StartTime


@check(
    "PRF008",
    "The release is ready within its time",
    severity=Severity.MEDIUM,
    rationale="An instance that crashes is away for as long as its start takes, and so is a machine that "
    "was switched on again.",
    remediation="Look at what it does before it answers, or grant more in [run] ready_budget_s. One start "
    "was measured, on the machine and beside what ran there then.",
    stage=Stage.RUNNING,
)
def release_is_ready_in_time(start: StartTime) -> Iterator[Finding]:
    """A finding where the start took longer than the service file grants."""
    if start.ready_s > start.budget_s:
        yield Finding(
            subject="ready",
            message=f"{start.release} was ready {start.ready_s:g} s after its start; "
            f"{start.budget_s:g} s are granted",
            evidence=(Measurement("start to ready", start.ready_s, "s", start.budget_s, 1),),
            location=start.place,
        )
