import pytest

from hotelctl.checks.performance.nearly_all_requests_are_quick import nearly_all_requests_are_quick
from hotelctl.core.errors import NotApplicable, Unavailable
from tests.checks import made
from tests.checks.performance import trials


def test_a_quick_service_passes() -> None:
    assert not made.judged(nearly_all_requests_are_quick, trials.speed())


def test_a_p99_beyond_its_limit_is_a_finding() -> None:
    (finding,) = made.judged(nearly_all_requests_are_quick, trials.speed(trials.load(trials.slow(200))))
    assert finding.subject == "api p99"
    assert finding.message.endswith("allowed are 500 ms")


def test_298_requests_tell_nothing() -> None:
    assert not made.judged(nearly_all_requests_are_quick, trials.speed(trials.load((0.01,) * 299)))
    with pytest.raises(Unavailable, match="api: 298 requests tell no p99, that needs 299; hotelctl bench"):
        made.judged(nearly_all_requests_are_quick, trials.speed(trials.load((0.01,) * 298)))


def test_without_a_limit_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        made.judged(nearly_all_requests_are_quick, trials.speed(p99_s=None))
