"""Statements on notes on rooms, in the transaction's hotel."""

from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.paging import Found, Page, fetch
from hotelctl.app.store.tables import RoomNote


async def newest(session: AsyncSession, room_label: str | None, page: Page) -> Found[RoomNote]:
    """A page of the notes, newest first; on one room if named."""
    chosen = true() if room_label is None else RoomNote.room_label == room_label
    return await fetch(session, select(RoomNote).where(chosen), page, by=[RoomNote.id])


async def find(session: AsyncSession, note_id: UUID) -> RoomNote | None:
    """The live note, locked: nobody else removes it until the transaction ends."""
    statement = select(RoomNote).where(RoomNote.id == note_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()
