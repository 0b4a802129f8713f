"""Every performance target beside what was measured of it, as the report shows them."""

from collections.abc import Iterator
from dataclasses import replace

from hotelctl.core.report import MeasuredTarget, Status
from hotelctl.facts.latency_histogram import bars
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.memory import (
    MB,
    bounds,
    counted,
    growth,
    peak_bytes,
    samples,
    weigh_growth,
    weigh_peak,
)
from hotelctl.facts.speed import (
    LEAST_ACHIEVED,
    Speed,
    Trial,
    error_share,
    interval,
    told,
    weigh_errors,
    weigh_latency,
    weigh_rate,
)


def rows(speed: Speed, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    """Load by load; the last row of each says how it was measured and holds its latencies."""
    for trial in speed.trials:
        yield from _quantiles(trial, evidence)
        yield _errors(trial, evidence)
        yield from _memory(trial, evidence)
        yield _rate(trial, told(trial, speed.measurement), evidence)


def _quantiles(trial: Trial, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    one, target = trial.measured, trial.target
    found = (one.outcome.p95, one.outcome.p99) if one else (None, None)
    for metric, limit_s, figure in zip(("p95", "p99"), (target.p95_s, target.p99_s), found, strict=True):
        if limit_s is None:
            continue
        row = _row(trial, metric, limit_s, "s", evidence)
        if one is not None and figure is not None:
            status, why = weigh_latency(target, one, figure, limit_s)
            row = _filled(row, figure.value_s, status, why or f"between {interval(figure)}")
        yield row


def _errors(trial: Trial, evidence: tuple[str, ...]) -> MeasuredTarget:
    one, target = trial.measured, trial.target
    row = _row(trial, "error_share", target.max_error_share, "of 1", evidence)
    if one is None:
        return row
    status, why = weigh_errors(target, one)
    told = f"{one.outcome.failed} of {one.outcome.n} failed, {one.outcome.timeouts} by time-out"
    return _filled(row, error_share(one), status, why or told)


def _memory(trial: Trial, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    peak, more = trial.target.max_memory_bytes, trial.target.max_memory_growth_bytes_per_min
    if peak is not None:
        yield _peak(trial.measured, peak, _row(trial, "memory_peak", peak / MB, "MB", evidence))
    if more is not None:
        yield _growth(trial.measured, more, _row(trial, "memory_growth", more / MB, "MB/min", evidence))


def _peak(one: MeasuredLoad | None, limit: int, row: MeasuredTarget) -> MeasuredTarget:
    if one is None:
        return row
    status, why = weigh_peak(one, limit)
    found, peak = replace(row, n=len(samples(one))), peak_bytes(one)
    told = "the most of its samples, of all its processes together"
    return _filled(found, None if peak is None else peak / MB, status, why or told)


def _growth(one: MeasuredLoad | None, limit: float, row: MeasuredTarget) -> MeasuredTarget:
    if one is None:
        return row
    status, why = weigh_growth(one, limit)
    found, more = replace(row, n=len(counted(one))), growth(one)
    if more is None:
        return _filled(found, None, status, why)
    return _filled(found, more.value / MB, status, why or f"between {bounds(more)} a minute")


def _rate(trial: Trial, told: str, evidence: tuple[str, ...]) -> MeasuredTarget:
    one, target = trial.measured, trial.target
    row = _row(trial, "rate", round(target.plan.rate * LEAST_ACHIEVED, 6), "1/s", evidence)
    if one is None:
        return row
    status, why = weigh_rate(target, one)
    filled = _filled(row, one.achieved_rate, status, f"{why}; {told}" if why else told)
    return replace(filled, bars=bars(one.outcome.histogram))


def _row(trial: Trial, metric: str, limit: float, unit: str, evidence: tuple[str, ...]) -> MeasuredTarget:
    """A target of which nothing is known yet."""
    return MeasuredTarget(
        metric=f"{trial.target.name}_{metric}",
        target=limit,
        unit=unit,
        measured=None,
        n=trial.measured.outcome.n if trial.measured else 0,
        status=Status.UNKNOWN,
        evidence=evidence,
        detail=trial.doubt,
    )


def _filled(row: MeasuredTarget, value: float | None, status: Status, detail: str) -> MeasuredTarget:
    return replace(row, measured=None if value is None else round(value, 6), status=status, detail=detail)
