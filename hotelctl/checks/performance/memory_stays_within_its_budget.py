"""PRF009: the release holds no more memory under its loads than is granted, and does not grow."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load, limited
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.memory import (
    MB,
    bounds,
    counted,
    growth,
    megabytes,
    peak_bytes,
    samples,
    weigh_growth,
    weigh_peak,
)
from hotelctl.facts.speed import Speed, Target

_NAMES = "max_memory_bytes or max_memory_growth_bytes_per_min"


@check(
    "PRF009",
    "The release keeps within its memory under load",
    severity=Severity.MEDIUM,
    rationale="A release that holds more than the machine has is killed in the middle of its requests, and "
    "one that grows comes to that by and by.",
    remediation="Look at what is kept for each request, or grant more in [performance.NAME] "
    f"{_NAMES}. Where the interval of the growth holds the limit, a longer measurement tells.",
    stage=Stage.RUNNING,
)
def memory_stays_within_its_budget(speed: Speed) -> Iterator[Finding]:
    """A finding for each load under which the peak, or all of the growth's interval, is beyond its limit."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        weighed = (_peak(target, one), _growth(target, one))
        found = [answer for answer in weighed if isinstance(answer, tuple)]
        if found:
            return _finding(target, found, speed.again)
        return "; ".join(dict.fromkeys(answer for answer in weighed if isinstance(answer, str) and answer))

    yield from every_load(limited(speed, _tightest, _NAMES), judge)


_Beyond = tuple[str, Measurement]
"""What is beyond its limit, in words and as a figure."""


def _tightest(target: Target) -> float | None:
    peak, more = target.max_memory_bytes, target.max_memory_growth_bytes_per_min
    return more if peak is None else peak


def _peak(target: Target, one: MeasuredLoad) -> _Beyond | str:
    limit, peak = target.max_memory_bytes, peak_bytes(one)
    if limit is None:
        return ""
    status, why = weigh_peak(one, limit)
    if status is not Status.FAILED or peak is None:
        return why
    told = f"the release held {megabytes(peak)}, {megabytes(limit)} are granted"
    return told, Measurement("peak memory", peak / MB, "MB", limit / MB, len(samples(one)))


def _growth(target: Target, one: MeasuredLoad) -> _Beyond | str:
    limit, found = target.max_memory_growth_bytes_per_min, growth(one)
    if limit is None:
        return ""
    status, why = weigh_growth(one, limit)
    if status is not Status.FAILED or found is None:
        return why
    told = f"it grew by between {bounds(found)} a minute, {megabytes(limit)} are granted"
    more = round(found.value / MB, 3)
    return told, Measurement("growth of memory", more, "MB/min", limit / MB, len(counted(one)))


def _finding(target: Target, found: list[_Beyond], again: str) -> Finding:
    return Finding(
        subject=f"{target.name} memory",
        message=f"{target.name}: {'; '.join(told for told, _ in found)}",
        evidence=tuple(shown for _, shown in found),
        location=target.place,
        fix=again,
    )
