"""The two assistants and the offers, run by hand: what they would say, without a conversation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role, grants
from hotelctl.app.services.assistant.asker import GUEST_AUDIENCE, STAFF_AUDIENCE, Asker
from hotelctl.app.services.assistant.decision import Outcome, Situation, decide
from hotelctl.app.services.assistant.local import LocalProvider
from hotelctl.app.services.assistant.lookups import look_up
from hotelctl.app.services.assistant.provider import Delta, Prompt
from hotelctl.app.services.assistant.reading import Reading, read
from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.services.models.asked import Asked
from hotelctl.app.store.direct import within
from hotelctl.app.store.tables import KnowledgeEntry

_NO_MOOD_FOR_OFFERS = frozenset({"complaint", "fault", "noise", "lost-item"})
_OFFER_TAG = "offer"


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody would read and be offered, and the entries behind it."""

    text: str
    language: str
    outcome: Outcome
    flags: list[str]
    hits: list[Hit]
    proposals: list[str]

    def as_result(self) -> dict[str, Any]:
        """As the result of a run."""
        entries = [
            {"id": str(hit.entry_id), "title": hit.title, "score": round(hit.score, 4)} for hit in self.hits
        ]
        return {
            "text": self.text,
            "language": self.language,
            "outcome": self.outcome,
            "flags": self.flags,
            "entries": entries,
            "proposals": self.proposals,
        }


async def preview(asked: Asked, asker: Asker, audience: tuple[str, ...]) -> Preview:
    """What the asker would read, from which entries, and what would be proposed; nothing is made."""
    reading = read(asked.needed_question(), asked.hotel.locale)
    hits: list[Hit] = []

    async def find(question: str) -> list[Hit]:
        hits.extend(await find_entries(within(asked.session), question, audience, reading.language))
        return hits

    decision = await look_up(asked.session, reading, asker) or await decide(
        reading, Situation(asker, asked.hotel.emergency_phone), find
    )
    return Preview(
        decision.text or await _quoted(reading, tuple(hits)),
        reading.language,
        decision.outcome,
        sorted(reading.flags),
        hits,
        [wish.title for wish in (*decision.now, *decision.proposals)],
    )


async def _quoted(reading: Reading, hits: tuple[Hit, ...]) -> str:
    prompt = Prompt(reading.text, reading.language, hits)
    said = [event async for event in LocalProvider().complete(prompt, timeout_s=1)]
    return "".join(event.text for event in said if isinstance(event, Delta))


def a_guest(asked: Asked) -> Asker:
    """Somebody in a room who has asked for nothing yet; who tries it out is the one to be noted."""
    who = asked.asker.who
    return Asker(asked.asker.hotel_id, frozenset(grants(Role.GUEST)), uuid7(), room_label="0", who=who)


async def as_guest(asked: Asked) -> dict[str, Any]:
    """What a guest would read."""
    return (await preview(asked, a_guest(asked), GUEST_AUDIENCE)).as_result()


async def as_staff(asked: Asked) -> dict[str, Any]:
    """What a member of staff would read."""
    return (await preview(asked, asked.asker, STAFF_AUDIENCE)).as_result()


async def offers(asked: Asked) -> dict[str, Any]:
    """The guests' entries tagged offer that meet the question; none to somebody who has a trouble."""
    reading = read(asked.needed_question(), asked.hotel.locale)
    troubled = {Flag.EMERGENCY, Flag.PRIVACY_REQUEST, Flag.INJECTION_SUSPECT} & reading.flags
    if troubled or {wish.topic for wish in reading.intent.wishes} & _NO_MOOD_FOR_OFFERS:
        return {"offers": []}
    hits = await find_entries(within(asked.session), reading.text, GUEST_AUDIENCE, reading.language, k=8)
    tagged = set(
        await asked.session.scalars(
            select(KnowledgeEntry.id).where(KnowledgeEntry.tags.contains([_OFFER_TAG]))
        )
    )
    found = [hit for hit in hits if hit.entry_id in tagged]
    return {
        "offers": [
            {"id": str(hit.entry_id), "title": hit.title, "score": round(hit.score, 4)} for hit in found
        ]
    }
