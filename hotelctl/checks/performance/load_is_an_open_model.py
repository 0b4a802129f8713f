"""PRF010: requests came when they were due, whatever became of those before."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target, closed


@check(
    "PRF010",
    "The load was an open model",
    severity=Severity.HIGH,
    rationale="A generator that waits for answers stops asking when the service stalls, and counts one "
    "slow request where there were hundreds.",
    remediation="Measure with hotelctl bench. If requests waited for open ones, the service stalls: lower "
    "the rate until it keeps up.",
    stage=Stage.RUNNING,
)
def load_is_an_open_model(speed: Speed) -> Iterator[Finding]:
    """A finding for each load that another method made, was cut short, or had to wait."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        why = closed(one)
        return _finding(target, one, why, speed.again) if why else None

    yield from every_load(speed, judge)


def _finding(target: Target, one: MeasuredLoad, why: str, again: str) -> Finding:
    return Finding(
        subject=f"{target.name} method",
        message=f"{target.name}: {why}",
        evidence=(Measurement("requests that waited", one.outcome.waited, "requests", None, one.outcome.n),),
        location=target.place,
        fix=again,
    )
