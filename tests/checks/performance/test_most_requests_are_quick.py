import pytest

from hotelctl.checks.performance.most_requests_are_quick import most_requests_are_quick
from hotelctl.core.errors import NotApplicable, Unavailable
from tests.checks import made
from tests.checks.performance import trials


def test_a_quick_service_passes() -> None:
    assert not made.judged(most_requests_are_quick, trials.speed())


def test_a_p95_beyond_its_limit_is_a_finding() -> None:
    (finding,) = made.judged(most_requests_are_quick, trials.speed(trials.load(trials.slow(200))))
    assert finding.subject == "api p95"
    assert finding.message.endswith("allowed are 200 ms")


def test_58_requests_tell_nothing() -> None:
    assert not made.judged(most_requests_are_quick, trials.speed(trials.load((0.01,) * 59)))
    with pytest.raises(Unavailable, match="api: 58 requests tell no p95, that needs 59; hotelctl bench"):
        made.judged(most_requests_are_quick, trials.speed(trials.load((0.01,) * 58)))


def test_without_a_limit_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        made.judged(most_requests_are_quick, trials.speed(p95_s=None))
