from typing import Any

import pytest

from hotelctl.checks.performance.histogram_is_stored import histogram_is_stored
from hotelctl.core.errors import Unavailable
from hotelctl.facts.latency_histogram import Histogram
from hotelctl.facts.quantile import quantile
from tests.checks import made
from tests.checks.performance import trials


@pytest.mark.parametrize("latencies", [trials.QUICK, (0.01, None, 0.03), (None, None), ()])
def test_figures_that_follow_from_it_pass(latencies: tuple[float | None, ...]) -> None:
    assert not made.judged(histogram_is_stored, trials.speed(trials.load(latencies)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"histogram": Histogram()}, "1000 requests were counted, the histogram holds 0"),
        ({"histogram": Histogram.of((*trials.QUICK[:-1], None))}, "0 requests failed, in the histogram 1"),
        ({"p95": quantile([0.001] * 1000, 0.95)}, "the p95 that is named is not the histogram's"),
    ],
)
def test_one_that_tells_something_else_is_a_finding(changes: dict[str, Any], words: str) -> None:
    (finding,) = made.judged(histogram_is_stored, trials.speed(trials.load(**changes)))
    assert finding.message == f"api: {words}"


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(histogram_is_stored, trials.UNMEASURED)
