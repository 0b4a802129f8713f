"""PRF011: the generator was not what was measured."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target, saturated

_MS = 1000


@check(
    "PRF011",
    "The generator of the load had time left",
    severity=Severity.MEDIUM,
    rationale="A generator that is late itself adds its own delay to every latency, and one that shares "
    "the machine takes from the service what it measures.",
    remediation="Lower the rate in [performance.NAME], or measure while nothing else uses the machine.",
    stage=Stage.RUNNING,
)
def generator_has_time_left(speed: Speed) -> Iterator[Finding]:
    """A finding for each load whose generator used up its core, or sent what was due too late."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        why = saturated(one, target)
        return _finding(target, one, why, speed.again) if why else None

    yield from every_load(speed, judge)


def _finding(target: Target, one: MeasuredLoad, why: str, again: str) -> Finding:
    found = one.outcome
    return Finding(
        subject=f"{target.name} generator",
        message=f"{target.name}: {why}",
        evidence=(
            Measurement("cores of the generator", round(found.cores, 3), "cores", 1, found.n),
            Measurement("lateness of one in 100", round(found.late_p99_s * _MS, 3), "ms", None, found.n),
        ),
        location=target.place,
        fix=again,
    )
