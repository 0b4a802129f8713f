"""How fast the release that serves was, load by load, beside what the service file asks of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.core.finding import Location
from hotelctl.core.report import MeasuredTarget, Status
from hotelctl.facts.load_measurement import OPEN_MODEL, LoadMeasurement, LoadPlan, MeasuredLoad
from hotelctl.facts.quantile import Quantile, fewest

LEAST_ACHIEVED = 0.99
"""The part of the wanted rate that must be answered."""
_MOST_WAITED = 0.01
_MOST_CORES = 0.8
_LATE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Target:
    """One load of the service file and its limits; `place` is its table."""

    name: str
    plan: LoadPlan
    place: Location
    p95_s: float | None
    p99_s: float | None
    max_error_share: float

    @property
    def tightest_s(self) -> float | None:
        """The shortest of its limits."""
        return min((limit for limit in (self.p95_s, self.p99_s) if limit is not None), default=None)


@dataclass(frozen=True, slots=True)
class Trial:
    """A target and what was measured of it; `measured` is None where nothing counts, and `doubt` says why."""

    target: Target
    measured: MeasuredLoad | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Speed:
    """The newest measurement of the release that serves; `former` is the newest before it of another release.

    `path` is where it lies, `again` the command that measures anew.
    """

    trials: tuple[Trial, ...]
    again: str
    path: str = ""
    measurement: LoadMeasurement | None = None
    former: LoadMeasurement | None = None


def closed(measured: MeasuredLoad) -> str:
    """Why the load was no open model; empty when it was one."""
    found = measured.outcome
    if found.method != OPEN_MODEL:
        return f"its method was {found.method!r}, no {OPEN_MODEL}"
    if found.n + found.warm_up_dropped < found.planned:
        return f"only {found.n + found.warm_up_dropped} of {found.planned} planned requests were sent"
    if found.waited > found.n * _MOST_WAITED:
        most = measured.plan.most_open
        return f"{found.waited} of {found.n} requests waited until fewer than {most} others were open"
    return ""


def saturated(measured: MeasuredLoad, target: Target) -> str:
    """Why the figures may tell of the generator instead; empty when it had time left."""
    found, limit = measured.outcome, target.tightest_s
    if found.cores > _MOST_CORES:
        return f"the generator kept {found.cores:.2f} cores busy, it can use one"
    if limit is not None and found.late_p99_s > limit * _LATE_SHARE:
        late = f"{found.late_p99_s * 1000:.1f} ms or more late"
        return f"one request in 100 left the generator {late}, the tightest limit is {limit * 1000:g} ms"
    return ""


def doubtful(measured: MeasuredLoad, target: Target) -> str:
    """Why no verdict can stand on this measurement; empty when one can."""
    return closed(measured) or saturated(measured, target)


def weigh(found: Quantile, n: int, limit_s: float) -> tuple[Status, str]:
    """Whether the true quantile is within its limit, beyond it, or cannot be told: then with the reason."""
    name, needed = f"p{found.share * 100:g}", fewest(found.share)
    if n < needed:
        return Status.UNKNOWN, f"{n} requests tell no {name}, that needs {needed}"
    if found.low_s is None or found.low_s > limit_s:
        return Status.FAILED, ""
    if found.high_s is not None and found.high_s <= limit_s:
        return Status.PASSED, ""
    between = f"the {name} is between {interval(found)}, the limit of {limit_s * 1000:g} ms is, too"
    return Status.UNKNOWN, f"{between}; more requests would tell"


def interval(found: Quantile) -> str:
    """Both bounds for people; what failed takes for ever."""
    return f"{milliseconds(found.low_s)} and {milliseconds(found.high_s)}"


def milliseconds(value_s: float | None) -> str:
    """A latency for people, three digits of it."""
    return "a request that failed" if value_s is None else f"{value_s * 1000:.3g} ms"


def error_share(measured: MeasuredLoad) -> float:
    """The part of the requests that failed; without any request, all of it."""
    return measured.outcome.failed / measured.outcome.n if measured.outcome.n else 1.0


def keeps_up(measured: MeasuredLoad) -> bool:
    """Whether answers came as fast as requests did; one may be on its way when the counting ends."""
    return measured.outcome.answered_in_time + 1 >= measured.outcome.n * LEAST_ACHIEVED


def rows(speed: Speed, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    """Every target with what was measured, for the report."""
    for trial in speed.trials:
        yield from _rows(trial, evidence)


def _rows(trial: Trial, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    target, one = trial.target, trial.measured
    n = one.outcome.n if one else 0
    trusted = one is not None and not doubtful(one, target)

    def row(metric: str, limit: float, unit: str, value: float | None, status: Status) -> MeasuredTarget:
        known = status if trusted else Status.UNKNOWN
        shown = None if value is None else round(value, 6)
        return MeasuredTarget(f"{target.name}_{metric}", limit, unit, shown, n, known, evidence)

    quantiles = (("p95", target.p95_s), ("p99", target.p99_s))
    for metric, limit in quantiles:
        if limit is not None:
            found = getattr(one.outcome, metric) if one else None
            status = weigh(found, n, limit)[0] if found else Status.UNKNOWN
            yield row(metric, limit, "s", found.value_s if found else None, status)
    share = error_share(one) if one else None
    within = share is not None and share <= target.max_error_share
    yield row("error_share", target.max_error_share, "of 1", share, _held(good=within))
    least = round(target.plan.rate * LEAST_ACHIEVED, 6)
    rate = one.achieved_rate if one else None
    yield row("rate", least, "1/s", rate, _held(good=one is not None and keeps_up(one)))


def _held(*, good: bool) -> Status:
    return Status.PASSED if good else Status.FAILED
