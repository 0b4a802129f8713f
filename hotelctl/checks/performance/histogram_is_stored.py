"""PRF012: every latency is kept, and the figures are those of what is kept."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.latency_histogram import bucket
from hotelctl.facts.load_measurement import LoadOutcome, MeasuredLoad
from hotelctl.facts.quantile import rank
from hotelctl.facts.speed import Speed, Target


@check(
    "PRF012",
    "The whole histogram of latencies is stored",
    severity=Severity.MEDIUM,
    rationale="Percentiles alone can neither be added up nor looked into; a histogram shows two humps, and "
    "that the percentiles are its own.",
    remediation="Measure again: hotelctl bench stores it.",
    stage=Stage.RUNNING,
)
def histogram_is_stored(speed: Speed) -> Iterator[Finding]:
    """A finding for each load whose histogram lacks requests, or gives other percentiles than are named."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        why = _differs(one.outcome)
        return _finding(target, one, why, speed.again) if why else None

    yield from every_load(speed, judge)


def _differs(found: LoadOutcome) -> str:
    kept = found.histogram
    if kept.total != found.n:
        return f"{found.n} requests were counted, the histogram holds {kept.total}"
    if kept.failed != found.failed:
        return f"{found.failed} requests failed, in the histogram {kept.failed}"
    for one in (found.p50, found.p95, found.p99):
        place = rank(found.n, one.share)
        named = None if one.value_s is None else bucket(one.value_s)
        if place and kept.bucket_at(place) != named:
            return f"the p{one.share * 100:g} that is named is not the histogram's"
    return ""


def _finding(target: Target, one: MeasuredLoad, why: str, again: str) -> Finding:
    held, n = one.outcome.histogram.total, one.outcome.n
    return Finding(
        subject=f"{target.name} histogram",
        message=f"{target.name}: {why}",
        evidence=(Measurement("latencies kept", held, "requests", n, n),),
        location=target.place,
        fix=again,
    )
