"""What not everybody of the house may know of a guest: contact and stay, beyond name and room.

The one way for it to leave the service: who may not see it gets None, what the others are shown stands in the
audit trail before they are, one event a request. Where that cannot be written, nothing is shown.

async with shown_to(who, session, "ticket") as guests:
    item = TicketOut.of(ticket, guests)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.services.noted_reads import note_read
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.engine import Database

T = TypeVar("T")
# The permission, and what the trail calls its use.
READ = "guests.pii.read"


class Shown:
    """What one answer shows of guests: each value goes through `value`."""

    def __init__(self, who: Principal) -> None:
        self.who = who
        self._ids: dict[UUID, None] = {}
        self._fields: set[str] = set()

    def value(self, thing_id: UUID, field: str, value: T | None) -> T | None:
        """The value for who may see it, else None; guests see what is their own, and nobody notes it."""
        if self.who.kind is SubjectKind.GUEST or value is None:
            return value
        if not self.who.may(READ):
            return None
        self._ids[thing_id] = None
        self._fields.add(field)
        return value

    def event(self, kind: str) -> tuple[Thing, Change] | None:
        """What the trail says of it: of which thing, or of how many and which; None of nothing."""
        if not self._ids:
            return None
        fields, ids = sorted(self._fields), [str(one) for one in self._ids]
        if len(ids) == 1:
            return Thing(kind, next(iter(self._ids))), Change(after={"fields": fields})
        return Thing(kind, None), Change(after={"fields": fields, "count": len(ids), "ids": ids})


@asynccontextmanager
async def shown_to(who: Principal, place: AsyncSession | Database, kind: str) -> AsyncIterator[Shown]:
    """What is shown of the things of this kind; left without error, it is noted, where there was anything.

    It is noted in the session's transaction; given the database, in one of its own. Raises Unavailable.
    """
    shown = Shown(who)
    yield shown
    event = shown.event(kind)
    if event is None:
        return
    if isinstance(place, AsyncSession):
        await note_read(place, who, READ, *event)
        return
    async with place.transaction(who.hotel_id) as session:
        await note_read(session, who, READ, *event)


async def note_all(session: AsyncSession, who: Principal) -> None:
    """All that the hotel knows of its guests is about to leave. Raises Forbidden and Unavailable."""
    if not who.may(READ):
        raise Forbidden
    fields = ["guest_email", "stay_ends_at"]
    await note_read(session, who, READ, Thing("hotel", who.hotel_id), Change(after={"fields": fields}))
