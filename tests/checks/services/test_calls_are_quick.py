import pytest

from hotelctl.checks.services.calls_are_quick import calls_are_quick
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Measurement
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, State, unchecked
from hotelctl.facts.outside_services import Outside
from tests.checks import made
from tests.checks.services.outside import pay, services


def found(answer: Answer, limit_ms: float | None = 100) -> list[Finding]:
    configured = services(pay(limit_ms=limit_ms), Outside("mail"))
    return made.judged(calls_are_quick, configured, OutsideAnswers((answer, unchecked("mail", "no check"))))


def test_one_slow_call_of_three_is_fine() -> None:
    assert not found(Answer("pay", State.OK, latencies_ms=(900, 100, 20)))


def test_a_median_above_the_limit_is_a_finding_with_n() -> None:
    (finding,) = found(Answer("pay", State.OK, latencies_ms=(900, 101, 20)))
    assert finding.message == "pay: the median of 3 calls is 101 ms, allowed are 100 ms"
    assert finding.evidence == (Measurement("median of the calls", 101, "ms", 100, 3),)
    assert finding.fix == "ping -c 5 pay.example"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("pay", State.OK, latencies_ms=(900, 900)), "2 calls were measured, 3 at least are needed"),
        (Answer("pay", State.OK), "0 calls were measured"),
        (Answer("pay", State.FAILED, "timeout", latencies_ms=(1, 1, 1)), "its call failed"),
        (unchecked("pay", "no network"), "no network"),
    ],
)
def test_what_was_not_measured_is_in_doubt(answer: Answer, words: str) -> None:
    with pytest.raises(Unavailable, match=f"pay: {words}"):
        found(answer)


def test_without_a_limit_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        found(Answer("pay", State.OK, latencies_ms=(9, 9, 9)), limit_ms=None)
