"""Every performance target beside what was measured of it, as the report shows them."""

from collections.abc import Iterator
from dataclasses import replace

from hotelctl.core.report import MeasuredTarget, Status
from hotelctl.facts.latency_histogram import bars
from hotelctl.facts.quantile import Quantile
from hotelctl.facts.speed import (
    LEAST_ACHIEVED,
    Speed,
    Trial,
    doubtful,
    error_share,
    interval,
    keeps_up,
    told,
    weigh,
)


def rows(speed: Speed, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    """Load by load; the last row of each says how it was measured and holds its latencies."""
    for trial in speed.trials:
        yield from _quantiles(trial, evidence)
        yield _errors(trial, evidence)
        yield _rate(trial, told(trial, speed.measurement), evidence)


def _quantiles(trial: Trial, evidence: tuple[str, ...]) -> Iterator[MeasuredTarget]:
    one, target = trial.measured, trial.target
    found = (one.outcome.p95, one.outcome.p99) if one else (None, None)
    for metric, limit_s, figure in zip(("p95", "p99"), (target.p95_s, target.p99_s), found, strict=True):
        if limit_s is not None:
            yield _quantile(trial, metric, limit_s, figure, evidence)


def _quantile(
    trial: Trial, metric: str, limit_s: float, found: Quantile | None, evidence: tuple[str, ...]
) -> MeasuredTarget:
    if found is None:
        return _row(trial, metric, limit_s, "s", None, evidence, detail=trial.doubt)
    status, why = weigh(found, _n(trial), limit_s)
    detail = why or f"between {interval(found)}"
    return _row(trial, metric, limit_s, "s", (found.value_s, status), evidence, detail=detail)


def _errors(trial: Trial, evidence: tuple[str, ...]) -> MeasuredTarget:
    one, most = trial.measured, trial.target.max_error_share
    if one is None:
        return _row(trial, "error_share", most, "of 1", None, evidence, detail=trial.doubt)
    share = error_share(one)
    status = Status.PASSED if share <= most else Status.FAILED
    detail = f"{one.outcome.failed} of {one.outcome.n} failed, {one.outcome.timeouts} by time-out"
    return _row(trial, "error_share", most, "of 1", (share, status), evidence, detail=detail)


def _rate(trial: Trial, detail: str, evidence: tuple[str, ...]) -> MeasuredTarget:
    one, least = trial.measured, round(trial.target.plan.rate * LEAST_ACHIEVED, 6)
    if one is None:
        return _row(trial, "rate", least, "1/s", None, evidence, detail=detail)
    status = Status.PASSED if keeps_up(one) else Status.FAILED
    row = _row(trial, "rate", least, "1/s", (one.achieved_rate, status), evidence, detail=detail)
    return replace(row, bars=bars(one.outcome.histogram))


def _row(  # noqa: PLR0913 - the columns of the table
    trial: Trial,
    metric: str,
    limit: float,
    unit: str,
    found: tuple[float | None, Status] | None,
    evidence: tuple[str, ...],
    *,
    detail: str,
) -> MeasuredTarget:
    """A row that decides nothing where the measurement cannot be trusted."""
    one = trial.measured
    value, status = found or (None, Status.UNKNOWN)
    doubt = doubtful(one, trial.target) if one else ""
    return MeasuredTarget(
        metric=f"{trial.target.name}_{metric}",
        target=limit,
        unit=unit,
        measured=None if value is None else round(value, 6),
        n=_n(trial),
        status=Status.UNKNOWN if doubt else status,
        evidence=evidence,
        detail=doubt or detail,
    )


def _n(trial: Trial) -> int:
    return trial.measured.outcome.n if trial.measured else 0
