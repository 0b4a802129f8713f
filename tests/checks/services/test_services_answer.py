import pytest

from hotelctl.checks.services.services_answer import services_answer
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, State, unchecked
from hotelctl.facts.outside_services import Outside
from tests.checks import made
from tests.checks.services.outside import pay, services


def found(*answers: Answer, configured: Outside | None = None) -> list[Finding]:
    return made.judged(services_answer, services(configured or pay()), OutsideAnswers(answers))


def test_a_call_that_was_answered_is_fine() -> None:
    assert not found(Answer("pay", State.OK))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unauthorized", "unauthorized, it does not know the key or the password"),
        ("out_of_paper", "out_of_paper"),
    ],
)
def test_a_call_that_failed_is_a_finding_with_its_code_and_the_variable(code: str, words: str) -> None:
    (finding,) = found(Answer("pay", State.FAILED, code))
    assert finding.message == f"pay failed at pay.example:443: {words}"
    assert (finding.location, finding.fix) == (
        Location(".env.local", 3),
        "look at PAY_KEY, set in .env.local:3",
    )


def test_one_without_variable_and_address_is_told_by_its_name() -> None:
    (finding,) = found(Answer("pay", State.FAILED, "timeout"), configured=Outside("pay"))
    assert (finding.message, finding.location) == (
        "pay failed: timeout, it did not answer in time",
        None,
    )


def test_a_key_that_is_set_and_was_not_tried_is_in_doubt() -> None:
    with pytest.raises(Unavailable, match="pay: names no check"):
        found(unchecked("pay", "names no check"))


def test_a_missing_library_is_in_doubt_here_and_told_by_another_check() -> None:
    with pytest.raises(Unavailable, match="EXT005"):
        found(Answer("pay", State.FAILED, "extra_missing"))
