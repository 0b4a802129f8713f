"""How fast the release that serves was, load by load, beside what the service file asks of it."""

from dataclasses import dataclass

from hotelctl.core.finding import Location
from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import OPEN_MODEL, LoadMeasurement, LoadPlan, MeasuredLoad
from hotelctl.facts.quantile import Quantile, fewest

LEAST_ACHIEVED = 0.99
"""The part of the wanted rate that must be answered."""
_MOST_WAITED = 0.01
_MOST_ON_THEIR_WAY = 0.1
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
    max_memory_bytes: int | None
    max_memory_growth_bytes_per_min: float | None

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


def weigh_latency(target: Target, one: MeasuredLoad, found: Quantile, limit_s: float) -> tuple[Status, str]:
    """The same, where the measurement can be trusted."""
    doubt = doubtful(one, target)
    return (Status.UNKNOWN, doubt) if doubt else weigh(found, one.outcome.n, limit_s)


def weigh_errors(target: Target, one: MeasuredLoad) -> tuple[Status, str]:
    """Whether no more requests failed than may; that few did tells nothing of a load that held back."""
    if error_share(one) > target.max_error_share:
        return Status.FAILED, ""
    doubt = closed(one)
    return (Status.UNKNOWN, doubt) if doubt else (Status.PASSED, "")


def weigh_rate(target: Target, one: MeasuredLoad) -> tuple[Status, str]:
    """Whether answers came as fast as requests did.

    Those that were due less than a limit before the end may be on their way, a tenth of all at most.
    """
    doubt = doubtful(one, target)
    if doubt:
        return Status.UNKNOWN, doubt
    n, owed = one.outcome.n, one.plan.rate * (target.tightest_s or 0)
    on_their_way = max(1.0, min(owed, n * _MOST_ON_THEIR_WAY))
    kept = one.outcome.answered_in_time + on_their_way >= n * LEAST_ACHIEVED
    return Status.PASSED if kept else Status.FAILED, ""


def interval(found: Quantile) -> str:
    """Both bounds for people; what failed takes for ever."""
    return f"{milliseconds(found.low_s)} and {milliseconds(found.high_s)}"


def milliseconds(value_s: float | None) -> str:
    """A latency for people, three digits of it."""
    return "a request that failed" if value_s is None else f"{value_s * 1000:.3g} ms"


def error_share(measured: MeasuredLoad) -> float:
    """The part of the requests that failed; without any request, all of it."""
    return measured.outcome.failed / measured.outcome.n if measured.outcome.n else 1.0


def told(trial: Trial, measurement: LoadMeasurement | None) -> str:
    """How a load was measured, in one line; or why nothing counts."""
    one = trial.measured
    if one is None or measurement is None:
        return trial.doubt
    found = one.outcome
    longest = "none" if found.max_s is None else milliseconds(found.max_s)
    return (
        f"{found.method}, {one.achieved_rate:.1f} of {one.plan.rate:g}/s, "
        f"{found.warm_up_dropped} left out before; "
        f"p50 {milliseconds(found.p50.value_s)}, p95 {milliseconds(found.p95.value_s)}, "
        f"p99 {milliseconds(found.p99.value_s)}, longest answer {longest}; "
        f"generator {found.cores:.2f} of {measurement.cores} cores, "
        f"{'on the same host' if measurement.same_host else 'on another host'}; "
        f"release {measurement.release} on {one.started_at:%Y-%m-%d %H:%M} UTC"
    )
