"""The page of codes for rooms and staff: issued on a sheet to print, listed, withdrawn, replaced.

What is on a sheet is kept nowhere, so the answer to the form is the sheet itself and no other page. The form
sent again, as by a reload of the sheet, makes no other codes and cannot show the first ones.
"""

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.notices import Notice
from hotelctl.app.api.once_form import OnceForm, OnceFormDep
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.qr_hotel import entrance_of
from hotelctl.app.api.rendering import page
from hotelctl.app.api.sheet_form import GOOD_FOR_MINUTES, OFFERED, ROOMS_ON_A_SHEET, Faults, SheetForm, read
from hotelctl.app.api.texts import LONGEST_NAME
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.failures import Conflict, Gone, NotFound
from hotelctl.app.domain.periods import zone
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.qr import MOST_USES, Purpose
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services import qr_codes, qr_image
from hotelctl.app.services.guest_data import shown_to
from hotelctl.app.services.limiter import spending
from hotelctl.app.services.qr_codes import Made, Wish
from hotelctl.app.services.service import Service
from hotelctl.app.store import people, qr_tokens, users
from hotelctl.app.store.audit import Change, Thing, note
from hotelctl.app.store.paging import fetch
from hotelctl.app.store.tables import QrToken

router = APIRouter(prefix="/admin/qr", include_in_schema=False)
HERE = "/admin/qr"
Keeper = Annotated[Visitor, permitted("qr.manage")]
_SAID = {
    "withdrawn": Notice("good", "codes.is_withdrawn"),
    "replaced": Notice("warn", "codes.was_replaced"),
    "made": Notice("warn", "codes.made_before"),
}
_MADE_BEFORE = f"{HERE}?said=made"


class Label(NamedTuple):
    """One code on the sheet."""

    code: QrToken
    svg: Markup
    purpose: str
    whose: str
    """The room, else the member of staff, else what it is for."""


@router.get("")
async def overview(
    request: Request, visitor: Keeper, service: ServiceDep, paging: PageDep, said: str = ""
) -> Response:
    """The form for a sheet and the codes of the hotel, newest first."""
    return await _overview(request, visitor, service, paging, said=_SAID.get(said))


async def _overview(
    request: Request,
    visitor: Visitor,
    service: Service,
    paging: PageDep,
    *,
    said: Notice | None = None,
    refused: tuple[SheetForm, Faults] | None = None,
) -> Response:
    typed, faults = refused or (SheetForm(), {})
    async with service.db.transaction(visitor.who.hotel_id) as session:
        by = (QrToken.created_at, QrToken.id)
        found = await fetch(session, qr_tokens.narrowed(None, None, None), paging, by=by)
        listed = await qr_tokens.described(session, found.items)
        names = await people.names(session, {code.user_id for code in found.items if code.user_id})
        staff = await users.active(session)
        stays = await _stays(session, visitor.who, found.items)
    return page(
        request,
        "codes",
        viewer=visitor.viewer,
        listed=listed,
        next_cursor=found.next_cursor,
        is_first=paging.cursor is None,
        offered={one.value: visitor.t(f"purpose.{one}") for one in OFFERED},
        fields=typed.model_dump(),
        wrong={name: visitor.t(fault.key, **fault.values) for name, fault in faults.items()},
        stays=stays,
        staff_too=visitor.who.may("qr.manage_staff"),
        staff={str(one.id): one.display_name for one in staff if one.password_hash is not None},
        names=names,
        good_for={minutes: visitor.t(f"good_for.{minutes}") for minutes in GOOD_FOR_MINUTES},
        most_rooms=ROOMS_ON_A_SHEET,
        most_uses=MOST_USES,
        longest_name=LONGEST_NAME,
        **_entrance(visitor, service),
        clock=visitor.clock,
        said=said,
        status=422 if faults or (said and said.tone == "bad") else 200,
    )


def _entrance(visitor: Visitor, service: Service) -> dict[str, Any]:
    """Where the code of the entrance leads, and its picture."""
    address = entrance_of(visitor.hotel, service.settings)
    return {"entrance": address, "entrance_svg": Markup(qr_image.svg(address))}  # noqa: S704 - drawn here


async def _stays(session: AsyncSession, who: Principal, codes: list[QrToken]) -> dict[UUID, datetime | None]:
    """When the guest of each code leaves, as far as the visitor may know it."""
    async with shown_to(who, session, "qr_code") as guests:
        return {code.id: guests.value(code.id, "stay_ends_at", code.stay_ends_at) for code in codes}


@router.post("", dependencies=[MEANT])
async def issue(
    request: Request,
    visitor: Keeper,
    service: ServiceDep,
    paging: PageDep,
    once: OnceFormDep,
    form: Annotated[SheetForm, Form()],
) -> Response:
    """The sheet with a code for each room, to be printed now; what is wrong is said beside its field."""
    wishes = read(form, zone(visitor.hotel.timezone))
    if isinstance(wishes, dict):
        return await _overview(request, visitor, service, paging, refused=(form, wishes))
    return await _issued(request, visitor, service, once, wishes)


@router.post("/staff", dependencies=[MEANT])
async def issue_for_staff(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    visitor: Annotated[Visitor, permitted("qr.manage_staff")],
    service: ServiceDep,
    paging: PageDep,
    once: OnceFormDep,
    ttl_minutes: Annotated[int, Form()],
    user_id: Annotated[UUID | None, Form()] = None,
) -> Response:
    """The sheet with the code of one member of staff, who is asked for the password as well."""
    wrong = Notice("bad", "wrong.choose")
    if user_id is None or ttl_minutes not in GOOD_FOR_MINUTES:
        return await _overview(request, visitor, service, paging, said=wrong)
    wish = Wish(Purpose.STAFF_ACCESS, timedelta(minutes=ttl_minutes), user_id=user_id)
    with contextlib.suppress(NotFound):
        return await _issued(request, visitor, service, once, [wish])
    return await _overview(request, visitor, service, paging, said=wrong)


async def _issued(
    request: Request, visitor: Visitor, service: ServiceDep, once: OnceForm, wishes: list[Wish]
) -> Response:
    """The sheet; for the same form again, word of the codes that it made."""
    async with (
        spending(service.db, "qr.generate", str(visitor.who.subject_id), times=len(wishes)),
        service.db.transaction(visitor.who.hotel_id) as session,
    ):
        if not await once.begin(session, visitor.who):
            return RedirectResponse(_MADE_BEFORE, 303)
        made = [await _make(session, visitor.who, wish) for wish in wishes]
    return await _sheet(request, visitor, service, made)


async def _make(session: AsyncSession, who: Principal, wish: Wish) -> Made:
    made = await qr_codes.make(session, who, wish)
    code = made.code
    after = {
        "purpose": code.purpose,
        "room_label": code.room_label,
        "expires_at": code.expires_at.isoformat(),
    }
    await note(session, who, "qr.generate", Thing("qr_code", code.id), Change(None, after))
    return made


async def _sheet(request: Request, visitor: Visitor, service: ServiceDep, made: list[Made]) -> Response:
    public_url, t = service.settings.hotel_public_url, visitor.t
    async with service.db.transaction(visitor.who.hotel_id) as session:
        names = await people.names(session, {one.code.user_id for one in made if one.code.user_id})
    labels = [
        Label(
            one.code,
            Markup(qr_image.svg(f"{public_url}/q/{one.token}")),  # noqa: S704 - drawn here, from an address made here
            t(f"purpose.{one.code.purpose}"),
            _whose(t, one.code, names),
        )
        for one in made
    ]
    clock = visitor.clock
    return page(request, "code_sheet", viewer=visitor.viewer, labels=labels, clock=clock, status=201)


def _whose(t: Texts, code: QrToken, names: Mapping[UUID, str]) -> str:
    if code.room_label:
        return t("frame.room", room=code.room_label)
    name = names.get(code.user_id) if code.user_id else None
    return name or t(f"purpose.{code.purpose}")


@router.post("/{code_id}/revoke", dependencies=[MEANT])
async def revoke(code_id: UUID, visitor: Keeper, service: ServiceDep) -> Response:
    """The code lets nobody in, and who came in with it is out."""
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        withdrawn = await qr_codes.withdraw(session, who, code_id, None)
        if withdrawn.changed:
            after = {"reason": None, "sessions_ended": len(withdrawn.sessions)}
            await note(session, who, "qr.revoke", Thing("qr_code", code_id), Change(None, after))
    for ended in withdrawn.sessions:
        service.admission.forget(ended)
    return RedirectResponse(f"{HERE}?said=withdrawn", 303)


@router.post("/{code_id}/replace", dependencies=[MEANT])
async def replace(request: Request, code_id: UUID, visitor: Keeper, service: ServiceDep) -> Response:
    """A sheet with the new code; the old one lets nobody in any more."""
    who = visitor.who
    with contextlib.suppress(Conflict, Gone):
        async with (
            spending(service.db, "qr.generate", str(who.subject_id)),
            service.db.transaction(who.hotel_id) as session,
        ):
            made, withdrawn = await qr_codes.replace(session, who, code_id)
            after = {"replaced_by": str(made.code.id), "sessions_ended": len(withdrawn.sessions)}
            await note(session, who, "qr.regenerate", Thing("qr_code", code_id), Change(None, after))
        for ended in withdrawn.sessions:
            service.admission.forget(ended)
        return await _sheet(request, visitor, service, [made])
    return RedirectResponse(f"{HERE}?said=replaced", 303)
