"""Notes on rooms as the page of those who work takes them; it works without scripts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.once_form import OnceFormDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.room_note_forms import LONGEST_NOTE, RoomNoteIn
from hotelctl.app.api.staff_page import HERE, staff_view
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services import room_notes

# The form is answered where it stands, so that its page can be asked for again.
router = APIRouter(prefix=HERE, include_in_schema=False)
Text = Annotated[str, Form()]


def _wrong(t: Texts) -> dict[str, str]:
    return {
        "room_label": t("notes.which_room", most=40),
        "body": t("notes.length", most=LONGEST_NOTE),
    }


@router.post("", dependencies=[MEANT])
async def write(
    request: Request,
    visitor: Annotated[Visitor, permitted("notes.write")],
    service: ServiceDep,
    once: OnceFormDep,
    room_label: Text = "",
    body: Text = "",
) -> Response:
    """The note stands with its room, once, or the form says what is wrong with it."""
    typed = {"room_label": room_label, "body": body.replace("\r\n", "\n")}
    wrong = faults(RoomNoteIn, typed, _wrong(visitor.t))
    if wrong:
        return await staff_view(request, service, visitor, fields=typed, wrong=wrong)
    told = filled(RoomNoteIn, typed)
    async with service.db.transaction(visitor.who.hotel_id) as session:
        if await once.begin(session, visitor.who):
            await room_notes.write(session, visitor.who, told.room_label, told.body)
    return _back("noted")


@router.post("/notes/{note_id}/remove", dependencies=[MEANT])
async def remove(
    note_id: UUID, visitor: Annotated[Visitor, permitted("notes.remove")], service: ServiceDep
) -> Response:
    """The note is read no more."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await room_notes.remove(session, visitor.who, note_id)
    return _back("removed")


def _back(said: str) -> Response:
    return RedirectResponse(f"{HERE}?said={said}#notes", 303)
