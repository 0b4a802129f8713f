"""PRF007: what was measured begins after a warm-up."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target


@check(
    "PRF007",
    "The warm-up is not counted",
    severity=Severity.LOW,
    rationale="First requests open connections and fill caches; counted, they are the slowest hundredth of "
    "a short measurement.",
    remediation="Set warm_up_s in [performance.NAME] to a few seconds.",
    stage=Stage.RUNNING,
)
def warm_up_is_left_out(speed: Speed) -> Iterator[Finding]:
    """A finding for each load of which no request was dropped."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        return None if one.outcome.warm_up_dropped else _finding(target, one, speed.again)

    yield from every_load(speed, judge)


def _finding(target: Target, one: MeasuredLoad, again: str) -> Finding:
    found = one.outcome
    return Finding(
        subject=f"{target.name} warm-up",
        message=f"{target.name}: all {found.n} requests were counted, the first ones too; warm_up_s is "
        f"{one.plan.warm_up_s:g}",
        evidence=(Measurement("requests left out", found.warm_up_dropped, "requests", 1, found.n),),
        location=target.place,
        fix=again,
    )
