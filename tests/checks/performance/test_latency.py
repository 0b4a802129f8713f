import re

import pytest

from hotelctl.checks.performance.latency import within
from hotelctl.core.finding import Finding, Measurement
from hotelctl.facts.load_measurement import MeasuredLoad
from tests.checks.performance import trials


def _judged(one: MeasuredLoad, limit_s: float = 0.2) -> Finding | str | None:
    return within(trials.target(), one, one.outcome.p95, limit_s, "hotelctl bench")


def test_only_a_lower_bound_beyond_the_limit_is_a_finding() -> None:
    one = trials.load(trials.slow(100))
    assert not _judged(one, 0.9)
    found = _judged(one, 0.899)
    assert isinstance(found, Finding)
    assert found.message == (
        "api: p95 of 1000 requests of /ready at 50/s is 900 ms, between 900 ms and 900 ms; allowed are 899 ms"
    )
    assert found.evidence == (Measurement("p95", 900, "ms", 899, 1000),)
    assert (found.location, found.fix) == (trials.PLACE, "hotelctl bench")


def test_a_percentile_that_failed_is_beyond_any_limit() -> None:
    found = _judged(trials.load((*(0.01,) * 800, *(None,) * 200)), 4)
    assert isinstance(found, Finding)
    assert "p95 of 1000 requests of /ready at 50/s is a request that failed" in found.message
    assert found.evidence == (Measurement("failed requests", 200, "requests", None, 1000),)


def test_an_interval_around_the_limit_is_no_verdict() -> None:
    said = _judged(trials.load(trials.slow(50)))
    assert said == (
        "the p95 is between 10 ms and 900 ms, the limit of 200 ms is, too; more requests would tell"
    )


@pytest.mark.parametrize(
    ("doubt", "words"),
    [({"waited": 400}, "400 of 1000 requests waited"), ({"generator_cpu_s": 24.0}, "kept 0.96 cores busy")],
)
def test_no_verdict_stands_on_a_bad_measurement(doubt: dict[str, float], words: str) -> None:
    for latencies in (trials.QUICK, trials.slow(200)):
        said = _judged(trials.load(latencies, **doubt))
        assert isinstance(said, str)
        assert re.search(re.escape(words), said)
