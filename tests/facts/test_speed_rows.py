from typing import Any

from hotelctl.core.report import Status
from hotelctl.facts.speed import Speed, Trial
from hotelctl.facts.speed_rows import rows
from tests.checks.performance import trials

EVIDENCE = ("ev-0001",)


def _rows(speed: Speed) -> dict[str, tuple[float | None, Status]]:
    found = list(rows(speed, EVIDENCE))
    assert {row.evidence for row in found} == {EVIDENCE}
    return {row.metric: (row.measured, row.status) for row in found}


def test_every_target_is_a_row_with_what_was_measured() -> None:
    found = list(rows(trials.speed(), EVIDENCE))
    assert [(row.metric, row.target, row.unit, row.measured, row.n) for row in found] == [
        ("api_p95", 0.2, "s", 0.01, 1000),
        ("api_p99", 0.5, "s", 0.01, 1000),
        ("api_error_share", 0.0, "of 1", 0.0, 1000),
        ("api_rate", 49.5, "1/s", 50.0, 1000),
    ]
    assert {row.status for row in found} == {Status.PASSED}


def test_a_target_that_is_missed_fails() -> None:
    bad = trials.load((*trials.slow(200)[200:], *(None,) * 200), answered_in_time=700)
    assert _rows(trials.speed(bad)) == {
        "api_p95": (None, Status.FAILED),
        "api_p99": (None, Status.FAILED),
        "api_error_share": (0.2, Status.FAILED),
        "api_rate": (35, Status.FAILED),
    }


def test_a_row_is_in_doubt_with_its_own_sample_only() -> None:
    found = _rows(trials.speed(trials.load((0.01,) * 100)))
    assert [status for _, status in found.values()] == [
        Status.PASSED,
        Status.UNKNOWN,
        Status.PASSED,
        Status.PASSED,
    ]


def test_a_load_that_held_back_decides_nothing() -> None:
    bad = trials.load(waited=500)
    assert {status for _, status in _rows(trials.speed(bad)).values()} == {Status.UNKNOWN}


def test_a_generator_without_time_tells_of_errors_alone() -> None:
    found = _rows(trials.speed(trials.load(generator_cpu_s=25)))
    assert {name for name, (_, status) in found.items() if status is Status.PASSED} == {"api_error_share"}


def test_what_fails_in_a_bad_measurement_has_failed() -> None:
    bad = trials.load((*(0.01,) * 500, *(None,) * 500), waited=500)
    assert _rows(trials.speed(bad))["api_error_share"] == (0.5, Status.FAILED)


def test_what_was_not_measured_is_a_row_of_its_own() -> None:
    found = _rows(trials.UNMEASURED)
    assert set(found.values()) == {(None, Status.UNKNOWN)}
    assert len(found) == 4


def test_a_target_that_is_not_set_is_no_row() -> None:
    trial = Trial(trials.target(p95_s=None, p99_s=None), trials.load())
    assert list(_rows(Speed((trial,), "again"))) == ["api_error_share", "api_rate"]


def test_each_row_says_how_sure_it_is_and_the_last_how_it_was_measured() -> None:
    one = trials.load((*(0.01,) * 990, *(None,) * 10), errors={"reset": 4}, timeouts=6)
    first, second, errors, rate = rows(trials.speed(one), EVIDENCE)
    assert first.detail == "between 10 ms and 10 ms"
    assert second.detail.startswith(
        "the p99 is between 10 ms and a request that failed, the limit of 500 ms is"
    )
    assert errors.detail == "10 of 1000 failed, 6 by time-out"
    assert rate.detail == (
        "open model, 50.0 of 50/s, 250 left out before; p50 10 ms, p95 10 ms, p99 10 ms, "
        "longest answer 10 ms; generator 0.08 of 2 cores, on the same host; "
        "release r1 on 2026-03-01 12:00 UTC"
    )
    assert [bar.count for bar in rate.bars] == [990, 10]
    assert not first.bars


MB = 1_000_000
GRANTED: dict[str, Any] = {"max_memory_bytes": 200 * MB, "max_memory_growth_bytes_per_min": MB}


def test_memory_is_two_rows_where_it_is_granted() -> None:
    plan = trials.PLAN.model_copy(update={"seconds": 60})
    one = trials.load(plan=plan, memory=trials.memory([100 * MB] * 66))
    found = list(rows(trials.speed(one, **GRANTED), EVIDENCE))[3:5]
    assert [(row.metric, row.target, row.unit, row.measured, row.n, row.status) for row in found] == [
        ("api_memory_peak", 200, "MB", 100, 66, Status.PASSED),
        ("api_memory_growth", 1, "MB/min", 0, 61, Status.PASSED),
    ]
    assert [row.detail for row in found] == [
        "the most of its samples, of all its processes together",
        "between 0 MB and 0 MB a minute",
    ]


def test_memory_that_was_not_seen_is_unknown() -> None:
    short = trials.load(memory=trials.memory([100 * MB] * 26))
    _, more = list(rows(trials.speed(short, **GRANTED), EVIDENCE))[3:5]
    assert (more.measured, more.n, more.status) == (None, 21, Status.UNKNOWN)
    assert more.detail == "21 samples after the warm-up tell no growth, that needs 30"
    for row in list(rows(trials.speed(**GRANTED), EVIDENCE))[3:5]:
        assert (row.measured, row.n, row.status) == (None, 0, Status.UNKNOWN)
        assert row.detail == "the measurement is without its memory"
    nothing = Speed((Trial(trials.target(**GRANTED), None, "nothing was measured"),), "again")
    assert set(_rows(nothing).values()) == {(None, Status.UNKNOWN)}


def test_a_row_in_doubt_says_why() -> None:
    assert {row.detail for row in rows(trials.UNMEASURED, EVIDENCE)} == {"nothing was measured of release r1"}
    p95, _, _, rate = rows(trials.speed(trials.load(generator_cpu_s=25)), EVIDENCE)
    assert p95.detail == "the generator kept 1.00 cores busy, it can use one"
    assert rate.detail.startswith(f"{p95.detail}; open model, 50.0 of 50/s")
