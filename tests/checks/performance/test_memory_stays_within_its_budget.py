from typing import Any

import pytest

from hotelctl.checks.performance.memory_stays_within_its_budget import memory_stays_within_its_budget
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Measurement
from hotelctl.facts.speed import Speed, Trial
from tests.checks import made
from tests.checks.performance import trials

MB = 1_000_000
LONG = trials.PLAN.model_copy(update={"seconds": 60})
BOTH: dict[str, Any] = {"max_memory_bytes": 200 * MB, "max_memory_growth_bytes_per_min": MB}


def _judged(rise: int = 0, seconds: int = 66, **limits: Any) -> list[Finding]:  # noqa: ANN401 - any limit
    """A release that holds 100 MB and `rise` more in a minute."""
    held = [100 * MB + rise * MB * second // 60 for second in range(seconds)]
    one = trials.load(plan=LONG, memory=trials.memory(held))
    return made.judged(memory_stays_within_its_budget, trials.speed(one, **(limits or BOTH)))


def test_what_stays_below_its_limits_passes() -> None:
    assert not _judged()
    assert not _judged(rise=50, max_memory_bytes=160 * MB)
    assert not _judged(rise=50, max_memory_growth_bytes_per_min=51 * MB)


def test_a_peak_beyond_its_limit_is_found() -> None:
    (finding,) = _judged(max_memory_bytes=90 * MB)
    assert finding.subject == "api memory"
    assert finding.message == "api: the release held 100 MB, 90 MB are granted"
    assert finding.evidence == (Measurement("peak memory", 100, "MB", 90, 66),)
    assert (finding.location, finding.fix) == (trials.PLACE, trials.AGAIN)


def test_growth_beyond_its_limit_is_found() -> None:
    (finding,) = _judged(rise=30)
    assert finding.message == "api: it grew by between 30 MB and 30 MB a minute, 1 MB are granted"
    assert finding.evidence == (Measurement("growth of memory", 30, "MB/min", 1, 61),)


def test_both_are_one_finding() -> None:
    (finding,) = _judged(rise=300)
    assert finding.message == (
        "api: the release held 425 MB, 200 MB are granted; "
        "it grew by between 300 MB and 300 MB a minute, 1 MB are granted"
    )
    assert [shown.name for shown in finding.evidence if isinstance(shown, Measurement)] == [
        "peak memory",
        "growth of memory",
    ]


def test_what_was_not_seen_is_unknown_once_and_with_the_command() -> None:
    with pytest.raises(
        Unavailable, match=r"^api: only 5 of 65 samples of its memory were taken; hotelctl bench"
    ):
        _judged(seconds=5)
    with pytest.raises(Unavailable, match=r"^api: the measurement is without its memory; hotelctl bench"):
        made.judged(memory_stays_within_its_budget, trials.speed(**BOTH))
    unmeasured = Speed((Trial(trials.target(**BOTH), None, "nothing was measured"),), trials.AGAIN)
    with pytest.raises(Unavailable, match="api: nothing was measured; hotelctl bench"):
        made.judged(memory_stays_within_its_budget, unmeasured)


def test_a_doubt_about_the_growth_hides_no_peak() -> None:
    (finding,) = _judged(seconds=5, max_memory_bytes=90 * MB, max_memory_growth_bytes_per_min=MB)
    assert finding.message == "api: the release held 100 MB, 90 MB are granted"


def test_without_a_limit_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="no load has a max_memory_bytes or max_memory_growth"):
        made.judged(memory_stays_within_its_budget, trials.speed())
