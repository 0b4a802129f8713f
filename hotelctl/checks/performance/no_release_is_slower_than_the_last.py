"""PRF006: the release is not slower than the one that was measured before it."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.load_measurement import LoadMeasurement, MeasuredLoad
from hotelctl.facts.quantile import Quantile
from hotelctl.facts.speed import Speed, Target, doubtful, interval

_MS = 1000


@check(
    "PRF006",
    "The release is not slower than the one before it",
    severity=Severity.MEDIUM,
    rationale="A release may keep every limit and still be the one in a row that makes the service slower "
    "each time.",
    remediation="Compare what changed between both commits; measure again if something else used the "
    "machine.",
    stage=Stage.RUNNING,
)
def no_release_is_slower_than_the_last(speed: Speed) -> Iterator[Finding]:
    """A finding for each load whose p95 is beyond that of the last release, their intervals apart."""
    former = speed.former
    if speed.measurement is not None and former is None:
        raise NotApplicable("no release before this one was measured")

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        return _judge(target, one, speed.measurement, former, speed.again)

    yield from every_load(speed, judge)


def _judge(
    target: Target, one: MeasuredLoad, now: LoadMeasurement | None, former: LoadMeasurement | None, again: str
) -> Answer:
    if now is None or former is None:
        return "the release before was not measured"
    other = former.load(target.name)
    if other is None or other.plan != one.plan:
        return "the release before was measured with another load"
    if (former.host, former.cores) != (now.host, now.cores):
        return f"the release before was measured on {former.host} with {former.cores} cores"
    if doubt := doubtful(one, target) or doubtful(other, target):
        return doubt
    new, old = one.outcome.p95, other.outcome.p95
    if old.high_s is None:
        return f"the p95 of release {former.release} has no upper bound"
    return _finding(target, one, (new, old), former.release, again) if _beyond(new, old.high_s) else None


def _beyond(new: Quantile, high_s: float) -> bool:
    return new.low_s is None or new.low_s > high_s


def _finding(
    target: Target, one: MeasuredLoad, both: tuple[Quantile, Quantile], release: str, again: str
) -> Finding:
    new, old = both
    shown_s = new.low_s if new.low_s is not None else one.plan.timeout_s
    bound = Measurement(
        "lower bound of the p95",
        round(shown_s * _MS, 3),
        "ms",
        None if old.high_s is None else round(old.high_s * _MS, 3),
        one.outcome.n,
    )
    return Finding(
        subject=f"{target.name} trend",
        message=f"{target.name}: the p95 is between {interval(new)}, that of release {release} was between "
        f"{interval(old)}",
        evidence=(bound,),
        location=target.place,
        fix=again,
    )
