import pytest

from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Trial, rows
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


@pytest.mark.parametrize("bad", [trials.load(waited=500), trials.load(generator_cpu_s=25)])
def test_a_bad_measurement_decides_nothing(bad: MeasuredLoad) -> None:
    assert {status for _, status in _rows(trials.speed(bad)).values()} == {Status.UNKNOWN}


def test_what_was_not_measured_is_a_row_of_its_own() -> None:
    found = _rows(trials.UNMEASURED)
    assert set(found.values()) == {(None, Status.UNKNOWN)}
    assert len(found) == 4


def test_a_target_that_is_not_set_is_no_row() -> None:
    trial = Trial(trials.target(p95_s=None, p99_s=None), trials.load())
    assert list(_rows(Speed((trial,), "again"))) == ["api_error_share", "api_rate"]
