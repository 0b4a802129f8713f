"""The assistant held against questions whose right answer is known; see docs/service/assistant.md."""

from collections import Counter

import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app.assistant_accuracy import NOTHING
from tests.app.guest_questions import outcome
from tests.app.hotel_knowledge import add_evaluated_entries, lines
from tests.app.people import HOTEL_A

_LEAST_RIGHT, _MOST_FALSE = 0.85, 0.05


@pytest.mark.database
@pytest.mark.anyio
async def test_right_answers_and_false_ones_keep_their_limits(hotels: str, service: Service) -> None:
    with psycopg.connect(hotels) as connection:
        keys = add_evaluated_entries(connection, HOTEL_A)
    found = [
        (case, await outcome(service, HOTEL_A, case["question"], "en", keys))
        for case in lines("assistant_eval.jsonl")
    ]
    missed = [(case["split"], case["question"], got) for case, got in found if got != case["expect"]]
    wrong = Counter(case["expect"] == NOTHING for case, got in found if got != case["expect"])
    asked = Counter(case["expect"] == NOTHING for case, _ in found)
    assert asked[False] - wrong[False] >= _LEAST_RIGHT * asked[False], missed
    assert wrong[True] <= _MOST_FALSE * asked[True], missed


def test_the_questions_are_many_in_several_languages_and_many_cannot_be_answered() -> None:
    cases = lines("assistant_eval.jsonl")
    assert len(cases) >= 60
    assert len({case["lang"] for case in cases}) >= 3
    assert sum(case["expect"] == NOTHING for case in cases) >= 20
    assert len({case["question"] for case in cases}) == len(cases)


@pytest.mark.database
@pytest.mark.anyio
@pytest.mark.parametrize("question", ["What is the status of my request?", "Wie steht es um meine Anfrage?"])
async def test_a_question_for_the_own_requests_is_looked_up_as_in_a_conversation(
    question: str, hotels: str, service: Service
) -> None:
    with psycopg.connect(hotels) as connection:
        keys = add_evaluated_entries(connection, HOTEL_A)
    assert await outcome(service, HOTEL_A, question, "en", keys) == {"own_requests": True}
