import pytest

from benchmarks.service import capacity
from benchmarks.service.capacity import is_kept, kept
from benchmarks.service.trial import Trial
from tests.benchmarks.service.made import trial


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "_REST_S", 0)


@pytest.mark.parametrize("start", [10, 300, 5000])
def test_the_limit_is_found_from_below_and_above(start: float) -> None:
    def run(rate: float) -> Trial:
        return trial(0.01, rate=rate) if rate <= 300 else trial(0.5, rate=rate)

    found = kept(run, start, "service")
    assert 290 <= found.rate <= 300
    assert found.server_cpu_ms == pytest.approx(5000 / (found.rate * 10))
    assert not found.disturbed


def test_a_server_that_keeps_no_rate_up_has_none() -> None:
    assert kept(lambda rate: trial(None, rate=rate), 100, "service").rate == 0


def test_one_disturbed_trial_marks_the_search() -> None:
    assert kept(lambda rate: trial(0.01 if rate < 50 else 1, rate=rate, others_s=9), 20, "bare").disturbed


@pytest.mark.parametrize(
    ("found", "good"),
    [
        (trial(*[0.19] * 100), True),
        (trial(*[0.21] * 100), False),
        (trial(*[0.01] * 99, None), False),
        (trial(*[0.01] * 100, achieved=49), False),
    ],
)
def test_a_rate_is_kept_when_nothing_fails_is_late_or_piles_up(found: Trial, *, good: bool) -> None:
    assert is_kept(found) is good
