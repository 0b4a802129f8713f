import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hotelctl.facts.latency_histogram import GROWTH, LEAST_S, Histogram, bars, begin_s, bucket

latencies = st.floats(min_value=0, max_value=4000, allow_nan=False)


@given(latencies)
def test_a_bucket_holds_what_falls_into_it(latency_s: float) -> None:
    number = bucket(latency_s)
    nearly = 1e-9
    assert begin_s(number) <= latency_s * (1 + nearly)
    assert latency_s <= max(LEAST_S, begin_s(number)) * GROWTH * (1 + nearly)


@given(st.lists(st.one_of(st.none(), latencies)))
def test_nothing_is_left_out_and_each_rank_is_found(given_s: list[float | None]) -> None:
    found = Histogram.of(given_s)
    assert found.total == len(given_s)
    known = sorted(latency for latency in given_s if latency is not None)
    for place in range(1, len(given_s) + 1):
        expected = bucket(known[place - 1]) if place <= len(known) else None
        assert found.bucket_at(place) == expected


def test_it_is_read_as_it_was_written() -> None:
    written = Histogram.of([0.01, 0.01, 3.0, None])
    assert Histogram.model_validate_json(written.model_dump_json()) == written
    assert written.failed == 1


def test_fewer_than_none_cannot_have_failed() -> None:
    with pytest.raises(ValidationError):
        Histogram(failed=-1)


@given(st.lists(st.one_of(st.none(), latencies)))
def test_bars_hold_every_request_and_leave_no_gap(given_s: list[float | None]) -> None:
    found = bars(Histogram.of(given_s))
    assert sum(bar.count for bar in found) == len(given_s)
    answered = [bar for bar in found if bar.from_s is not None]
    assert [bar.to_s for bar in answered[:-1]] == [bar.from_s for bar in answered[1:]]
    assert [bar.to_s for bar in found if bar.from_s is None] == ([None] if None in given_s else [])
