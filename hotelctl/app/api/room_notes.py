"""Notes on rooms over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.api.room_note_forms import RoomNoteIn, RoomNoteOut
from hotelctl.app.api.texts import RoomLabel
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import room_notes
from hotelctl.app.store import room_notes as store

router = APIRouter(prefix="/api/room-notes", tags=["room notes"])


@router.get("")
async def list_notes(
    who: Annotated[Principal, require("notes.read")],
    service: ServiceDep,
    page: PageDep,
    room_label: RoomLabel | None = None,
) -> PageOut[RoomNoteOut]:
    """Notes on rooms, newest first; those on one room if it is named."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await store.newest(session, room_label, page)
    items = [RoomNoteOut.model_validate(note) for note in found.items]
    return PageOut(items=items, next_cursor=found.next_cursor)


@router.post("", status_code=201, response_model=RoomNoteOut)
async def write_note(
    body: RoomNoteIn, who: Annotated[Principal, require("notes.write")], once: OnceDep
) -> Response:
    """The new note, which all of the house's staff can read."""

    async def make(session: AsyncSession) -> RoomNoteOut:
        note = await room_notes.write(session, who, body.room_label, body.body)
        return RoomNoteOut.model_validate(note)

    return await once.create(who, make)


@router.delete("/{note_id}", status_code=204)
async def remove_note(
    note_id: UUID, who: Annotated[Principal, require("notes.remove")], service: ServiceDep
) -> Response:
    """204, and the note is read no more. Staff removes its own notes, managers each."""
    async with service.db.transaction(who.hotel_id) as session:
        await room_notes.remove(session, who, note_id)
    return Response(status_code=204)
