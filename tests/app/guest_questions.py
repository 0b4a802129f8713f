"""What the assistant decides on a guest's question, from the look-up on, as the replies do it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision, Situation, decide
from hotelctl.app.services.assistant.lookups import look_up
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.services.service import Service
from hotelctl.app.store.direct import within
from tests.app.assistant_accuracy import NOTHING


async def outcome(
    service: Service, hotel_id: UUID, question: str, usual: str, keys: Mapping[UUID, str]
) -> dict[str, Any]:
    """What a new guest of room 204 gets: an entry's key, a request, a person, the own requests, nothing."""
    asker = Asker.of(a_caller(hotel_id, Role.GUEST, room_label="204"))
    reading = read(question, usual)
    async with service.db.transaction(hotel_id) as session:

        async def find(text: str, language: str) -> Sequence[Hit]:
            return await find_entries(within(session), text, asker.audience, language)

        if await look_up(session, reading, asker):
            return {"own_requests": True}
        found = await decide(reading, Situation(asker), partial(find, language=reading.language))
    return _told(found, keys)


def a_caller(hotel_id: UUID, role: Role, room_label: str | None = None) -> Principal:
    """Somebody whom no row of the database stands for."""
    user_id, kind = (None, SubjectKind.GUEST) if role is Role.GUEST else (uuid7(), SubjectKind.USER)
    department, now = Department.GENERAL, datetime.now(UTC)
    return Principal(kind, hotel_id, user_id, uuid7(), role, department, room_label, now)


def _told(decision: Decision, keys: Mapping[UUID, str]) -> dict[str, Any]:
    if decision.asks_provider:
        return {"answer": keys[decision.entries[0].entry_id]}
    if decision.now:
        return {"emergency": True}
    if decision.hands_over:
        return {"person": True}
    topics = [wish.topic for wish in decision.proposals]
    return {"action": topics[0]} if topics and topics != ["handoff"] else dict(NOTHING)
