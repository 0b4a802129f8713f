"""The assistant held against questions whose right answer is known; see docs/service/assistant.md."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
import pytest

from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision, Situation, decide
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.services.service import Service
from hotelctl.app.store.direct import within
from tests.app.hotel_knowledge import add_evaluated_entries, lines
from tests.app.people import HOTEL_A

_LEAST_RIGHT, _MOST_FALSE = 0.85, 0.05
_GUEST = Asker(HOTEL_A, frozenset({"tickets.create", "workorders.request"}), room_label="204")
_NOTHING = {"none": True}


def _outcome(decision: Decision, keys: dict[Any, str]) -> dict[str, Any]:
    if decision.asks_provider:
        return {"answer": keys[decision.entries[0].entry_id]}
    if decision.now:
        return {"emergency": True}
    if decision.hands_over:
        return {"person": True}
    topics = [wish.topic for wish in decision.proposals]
    return {"action": topics[0]} if topics and topics != ["handoff"] else _NOTHING


async def _answers(service: Service, keys: dict[Any, str]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    async with service.db.transaction(HOTEL_A) as session:

        async def find(question: str, language: str) -> Sequence[Hit]:
            return await find_entries(within(session), question, _GUEST.audience, language)

        for case in lines("assistant_eval.jsonl"):
            reading = read(case["question"], "en")
            decision = await decide(reading, Situation(_GUEST), partial(find, language=reading.language))
            found.append((case, _outcome(decision, keys)))
    return found


@pytest.mark.database
@pytest.mark.anyio
async def test_right_answers_and_false_ones_keep_their_limits(hotels: str, service: Service) -> None:
    with psycopg.connect(hotels) as connection:
        keys = add_evaluated_entries(connection, HOTEL_A)
    found = await _answers(service, keys)
    missed = [(case["split"], case["question"], got) for case, got in found if got != case["expect"]]
    wrong = Counter(case["expect"] == _NOTHING for case, got in found if got != case["expect"])
    asked = Counter(case["expect"] == _NOTHING for case, _ in found)
    assert asked[False] - wrong[False] >= _LEAST_RIGHT * asked[False], missed
    assert wrong[True] <= _MOST_FALSE * asked[True], missed


def test_the_questions_are_many_in_several_languages_and_many_cannot_be_answered() -> None:
    cases = lines("assistant_eval.jsonl")
    assert len(cases) >= 60
    assert len({case["lang"] for case in cases}) >= 3
    assert sum(case["expect"] == _NOTHING for case in cases) >= 20
    assert len({case["question"] for case in cases}) == len(cases)
