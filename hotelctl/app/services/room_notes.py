"""The rules of notes on rooms: whoever works there writes and reads them, and each change is audited.

Each function works in the caller's transaction, which is that of the caller's hotel.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Forbidden, NotFound
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Scope
from hotelctl.app.domain.principal import Principal
from hotelctl.app.store import audit
from hotelctl.app.store import room_notes as store
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import RoomNote


async def write(session: AsyncSession, who: Principal, room_label: str, body: str) -> RoomNote:
    """The new note. What it says may be private and is not in the audit trail."""
    note = RoomNote(
        id=uuid7(),
        hotel_id=who.hotel_id,
        room_label=room_label,
        body=body,
        author_user_id=who.user_id,
        created_at=datetime.now(UTC),
    )
    session.add(note)
    await session.flush()
    await audit.note(session, who, "note.create", _thing(note), Change(after={"room_label": room_label}))
    return note


async def remove(session: AsyncSession, who: Principal, note_id: UUID) -> None:
    """The note is read no more. Raises NotFound, and Forbidden for one that is not the caller's to remove."""
    note = await store.find(session, note_id)
    if note is None:
        raise NotFound
    if not may_remove(who, note):
        raise Forbidden
    note.deleted_at = datetime.now(UTC)
    await session.flush()
    gone = Change(before={"room_label": note.room_label})
    await audit.note(session, who, "note.delete", _thing(note), gone)


def may_remove(who: Principal, note: RoomNote) -> bool:
    """Whether the caller may remove this note: the own one, or each."""
    scope = who.scope("notes.remove")
    return scope is Scope.ALL or (scope is Scope.OWN and note.author_user_id == who.subject_id)


def _thing(note: RoomNote) -> Thing:
    return Thing("room_note", note.id)
