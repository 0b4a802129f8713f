import pytest

from hotelctl.checks.services.libraries_are_installed import libraries_are_installed
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, State, unchecked
from hotelctl.facts.outside_services import Outside
from tests.checks import made
from tests.checks.services.outside import pay, services


def found(answer: Answer, configured: Outside | None = None) -> list[Finding]:
    return made.judged(libraries_are_installed, services(configured or pay()), OutsideAnswers((answer,)))


@pytest.mark.parametrize("answer", [Answer("pay", State.OK), Answer("pay", State.FAILED, "unauthorized")])
def test_whatever_a_library_answers_it_is_there(answer: Answer) -> None:
    assert not found(answer)


def test_a_missing_one_is_a_finding_at_the_variable() -> None:
    (finding,) = found(Answer("pay", State.FAILED, "extra_missing"))
    assert finding.message == "pay: PAY_KEY is set, but its library is not installed in the release"
    assert str(finding.location) == ".env.local:3"
    (finding,) = found(Answer("pay", State.FAILED, "extra_missing"), Outside("pay"))
    assert "pay: it is configured, but" in finding.message


def test_a_check_that_gave_no_answer_is_in_doubt() -> None:
    with pytest.raises(Unavailable, match="pay: its check was killed"):
        found(unchecked("pay", "its check was killed at its limit"))


def test_without_a_check_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        found(unchecked("pay", "names no check"), pay(has_check=False))
