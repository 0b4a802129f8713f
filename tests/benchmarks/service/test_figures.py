import math
import random

import pytest

from benchmarks.service.figures import Spread, Statements, percentile_ms, slope

_BEFORE = """# TYPE hotel_db_query_seconds histogram
hotel_db_query_seconds_bucket{le="0.005",name="select users"} 10.0
hotel_db_query_seconds_bucket{le="0.05",name="select users"} 10.0
hotel_db_query_seconds_bucket{le="+Inf",name="select users"} 10.0
hotel_db_query_seconds_count{name="select users"} 10.0
hotel_db_query_seconds_sum{name="select users"} 0.02
hotel_http_duration_seconds_bucket{le="0.005",method="GET",route="/"} 7.0
"""
_AFTER = """hotel_db_query_seconds_bucket{le="0.005",name="select users"} 100.0
hotel_db_query_seconds_bucket{le="0.05",name="select users"} 100.0
hotel_db_query_seconds_bucket{le="+Inf",name="select users"} 100.0
hotel_db_query_seconds_sum{name="select users"} 0.11
hotel_db_query_seconds_bucket{le="0.005",name="insert messages"} 0.0
hotel_db_query_seconds_bucket{le="0.05",name="insert messages"} 9.0
hotel_db_query_seconds_bucket{le="+Inf",name="insert messages"} 10.0
hotel_db_query_seconds_sum{name="insert messages"} 1.0
"""


def test_percentiles_are_nearest_rank_and_failures_are_the_slowest() -> None:
    latencies = [n / 1000 for n in range(1, 101)]
    assert [percentile_ms(latencies, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]
    failing = [*latencies[:94], *([None] * 6)]
    assert percentile_ms(failing, 50) == 50
    assert percentile_ms(failing, 95) is None
    assert percentile_ms([], 50) is None


def test_a_spread_has_no_hole() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert Spread.of([3.0, None, 2.0]) is None
    assert Spread.of([]) is None


def test_a_leak_has_a_slope_and_noise_has_none() -> None:
    noise = random.Random(1)  # noqa: S311 - noise, no secret
    minutes = [n / 4 for n in range(40)]
    leaking = slope([(at, 100 + 2 * at + noise.gauss(0, 1)) for at in minutes])
    resting = slope([(at, 100 + noise.gauss(0, 1)) for at in minutes])
    assert leaking.low < 2 < leaking.high
    assert not leaking.holds_zero
    assert leaking.high - leaking.low < 0.5
    assert resting.holds_zero


def test_statements_are_those_since_before() -> None:
    found = Statements.read(_AFTER).since(Statements.read(_BEFORE))
    assert found.count == 100
    assert found.percentile_ms(90) == 5
    assert found.percentile_ms(95) == 50
    assert found.percentile_ms(100) == math.inf
    slowest = found.slowest_ms()
    assert slowest is not None
    assert slowest[0] == "insert messages"
    assert slowest[1] == pytest.approx(100)


def test_without_a_statement_nothing_is_said_of_them() -> None:
    found = Statements.read("")
    assert (found.count, found.percentile_ms(95), found.slowest_ms()) == (0, None, None)
