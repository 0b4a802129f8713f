"""PRF004: answers come as fast as requests do."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import LEAST_ACHIEVED, Speed, Target, weigh_rate


@check(
    "PRF004",
    "Answers come as fast as requests do",
    severity=Severity.HIGH,
    rationale="Where fewer are answered than arrive, a queue grows for as long as the load lasts, and with "
    "it every latency.",
    remediation="The load is beyond what this machine can do: lower its rate in [performance.NAME], or "
    "look at what takes its time.",
    stage=Stage.RUNNING,
)
def rate_is_kept_up(speed: Speed) -> Iterator[Finding]:
    """A finding for each load of which less than 99 % were answered while it was counted."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        status, why = weigh_rate(target, one)
        return _finding(target, one, speed.again) if status is Status.FAILED else why

    yield from every_load(speed, judge)


def _finding(target: Target, one: MeasuredLoad, again: str) -> Finding:
    wanted, rate = one.plan.rate, round(one.achieved_rate, 3)
    return Finding(
        subject=f"{target.name} rate",
        message=f"{target.name}: {rate:g} of {wanted:g} requests a second were answered",
        evidence=(Measurement("answers", rate, "1/s", wanted * LEAST_ACHIEVED, one.outcome.n),),
        location=target.place,
        fix=again,
    )
