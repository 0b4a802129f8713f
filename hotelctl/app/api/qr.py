"""Codes: made, listed, withdrawn and replaced by staff; shown by whoever comes in."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.auth import Password, Secret, TokensOut, tokens_out
from hotelctl.app.api.client import caller_ip, device
from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import LoginDep, QrEntryDep, ServiceDep
from hotelctl.app.api.qr_shapes import (
    CodeBody,
    CodeItem,
    CodeOut,
    EntryOut,
    GuestEntryOut,
    GuestScanOut,
    HotelOut,
    ScanOut,
    StaffChallengeOut,
    StaffScanOut,
    StatsOut,
    WorkflowOut,
    code_item,
    code_out,
)
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import require
from hotelctl.app.api.talk import Strict
from hotelctl.app.api.texts import RoomLabel
from hotelctl.app.domain.failures import (
    Conflict,
    Gone,
    Invalid,
    Locked,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.qr import Purpose, State
from hotelctl.app.services import challenges, qr_codes
from hotelctl.app.services.guest_data import shown_to
from hotelctl.app.services.qr_codes import Wish
from hotelctl.app.services.qr_entry import Shown
from hotelctl.app.store import qr_tokens
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.audit import note as audit
from hotelctl.app.store.paging import fetch
from hotelctl.app.store.tables import QrToken

router = APIRouter(prefix="/api")
Maker = Annotated[Principal, require("qr.manage", bucket="qr.generate")]
Keeper = Annotated[Principal, require("qr.manage")]
Reader = Annotated[Principal, require("qr.read")]
_ENTRY = refusals(Unauthenticated, RateLimited, Unavailable)


class ShowBody(Strict):
    """The token of a code, as it stands in the address after /q/."""

    token: Annotated[Secret, Field(min_length=1, max_length=256)]


class RevokeBody(Strict):
    """Why a code is withdrawn."""

    reason: str | None = Field(None, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class StaffQrBody(Strict):
    """The challenge of a staff code and the password of its user."""

    challenge_id: Annotated[Secret, Field(min_length=1, max_length=2048)]
    password: Password


class CodesOut(PageOut[CodeItem]):
    """A page of codes; `stats` counts all of the hotel, unless that was not wanted."""

    stats: StatsOut | None


@router.post("/qr/generate", status_code=201, response_model=CodeOut, responses=refusals(NotFound))
async def generate(body: CodeBody, who: Maker, service: ServiceDep, once: OnceDep) -> Response:
    """A new code with its address and pictures, which nobody gets again."""
    wish = _wish(body)

    async def make(session: AsyncSession) -> CodeOut:
        made = await qr_codes.make(session, who, wish)
        await audit(
            session, who, "qr.generate", Thing("qr_code", made.code.id), Change(None, _facts(made.code))
        )
        return code_out(made, service.settings.hotel_public_url)

    return await once.create(who, make, kept=CodeOut.without_token)


def _wish(body: CodeBody) -> Wish:
    values = body.model_dump(exclude={"ttl_minutes"})
    ends_at = values.get("stay_ends_at")
    if ends_at is not None and ends_at <= datetime.now(UTC):
        raise Invalid(("body", "stay_ends_at"), "is over")
    return Wish(**values, ttl=timedelta(minutes=body.ttl_minutes))


def _facts(code: QrToken) -> dict[str, object]:
    return {"purpose": code.purpose, "room_label": code.room_label, "expires_at": code.expires_at.isoformat()}


@router.get("/qr/tokens")
async def list_codes(  # noqa: PLR0913 - a parameter for each filter
    who: Reader,
    page: PageDep,
    service: ServiceDep,
    *,
    state: State | None = None,
    purpose: Purpose | None = None,
    room: Annotated[RoomLabel | None, Query()] = None,
    stats: bool = True,
) -> CodesOut:
    """Codes of the hotel, newest first, narrowed by state, purpose and room."""
    statement = qr_tokens.narrowed(state, purpose, room)
    async with service.db.transaction(who.hotel_id) as session:
        found = await fetch(session, statement, page, by=(QrToken.created_at, QrToken.id))
        listed = await qr_tokens.described(session, found.items)
        async with shown_to(who, session, "qr_code") as guests:
            items = [code_item(item, guests) for item in listed]
        counted = await _stats(session) if stats else None
    return CodesOut(items=items, next_cursor=found.next_cursor, stats=counted)


async def _stats(session: AsyncSession) -> StatsOut:
    by_state, by_purpose = await qr_tokens.counts(session)
    return StatsOut(**{state.value: count for state, count in by_state.items()}, by_purpose=by_purpose)


@router.get("/qr/tokens/{code_id}")
async def get_code(code_id: UUID, who: Reader, service: ServiceDep) -> CodeItem:
    """One code."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await qr_tokens.find(session, code_id)
        if found is None:
            raise NotFound
        async with shown_to(who, session, "qr_code") as guests:
            return code_item(found, guests)


@router.delete("/qr/tokens/{code_id}", status_code=204)
async def revoke(code_id: UUID, who: Keeper, service: ServiceDep, body: RevokeBody | None = None) -> Response:
    """204, and the code lets nobody in; whoever came in with it is out. A repeat changes nothing."""
    reason = body.reason if body else None
    async with service.db.transaction(who.hotel_id) as session:
        withdrawn = await qr_codes.withdraw(session, who, code_id, reason)
        if withdrawn.changed:
            after = {"reason": reason, "sessions_ended": len(withdrawn.sessions)}
            await audit(session, who, "qr.revoke", Thing("qr_code", code_id), Change(None, after))
    for ended in withdrawn.sessions:
        service.admission.forget(ended)
    return Response(status_code=204)


@router.post(
    "/qr/tokens/{code_id}/regenerate",
    status_code=201,
    response_model=CodeOut,
    responses=refusals(Conflict, Gone),
)
async def regenerate(code_id: UUID, who: Maker, service: ServiceDep, once: OnceDep) -> Response:
    """A new code in the place of this one, which lets nobody in from now on.

    409 for a code that was replaced before, 410 for one whose stay is over: no later try can replace it.
    """
    ended: tuple[UUID, ...] = ()

    async def make(session: AsyncSession) -> CodeOut:
        nonlocal ended
        made, withdrawn = await qr_codes.replace(session, who, code_id)
        ended = withdrawn.sessions
        after = {"replaced_by": str(made.code.id), "sessions_ended": len(ended)}
        await audit(session, who, "qr.regenerate", Thing("qr_code", code_id), Change(None, after))
        return code_out(made, service.settings.hotel_public_url)

    answer = await once.create(who, make, kept=CodeOut.without_token)
    for session_id in ended:
        service.admission.forget(session_id)
    return answer


@router.post("/qr/validate", responses=_ENTRY)
async def validate(body: ShowBody, entry: QrEntryDep) -> EntryOut:
    """A guest is in, a member of staff has to give the password; 401 with one text for every other code."""
    shown = await entry.show(body.token.get_secret_value(), caller_ip(), device(), "qr_manual")
    if shown.admitted is None:
        return StaffChallengeOut(**_challenged(shown))
    return GuestEntryOut(**_admitted(shown))


@router.post("/qr/scan", responses=_ENTRY)
async def scan(body: ShowBody, entry: QrEntryDep) -> ScanOut:
    """The same for a code that a camera read; the answer names the run of the workflow as well."""
    shown = await entry.show(body.token.get_secret_value(), caller_ip(), device(), "qr_camera")
    if shown.admitted is None:
        return StaffScanOut(**_challenged(shown), workflow=WorkflowOut(id=shown.run.id, status="partial"))
    session_id = shown.admitted.session.id
    run = WorkflowOut(id=shown.run.id, status="success")
    return GuestScanOut(**_admitted(shown), session_id=session_id, workflow=run)


def _admitted(shown: Shown) -> dict[str, object]:
    code, admitted = shown.code, shown.admitted
    if admitted is None:
        raise ValueError(code.purpose)
    left = admitted.session.expires_at - datetime.now(UTC)
    return {
        "purpose": code.purpose,
        "hotel": HotelOut(id=code.hotel_id, name=code.hotel_name),
        "room_label": code.room_label,
        "access_token": admitted.token,
        "expires_in": round(left.total_seconds()),
        "next": code.purpose.next_page,
    }


def _challenged(shown: Shown) -> dict[str, object]:
    code = shown.code
    return {
        "purpose": code.purpose,
        "hotel": HotelOut(id=code.hotel_id, name=code.hotel_name),
        "challenge_id": shown.challenge,
        "expires_in": int(challenges.TTL.total_seconds()),
        "next": code.purpose.next_page,
    }


@router.post("/auth/staff-qr", responses={**_ENTRY, **refusals(Locked)})
async def staff_qr(body: StaffQrBody, entry: QrEntryDep, login: LoginDep) -> TokensOut:
    """Tokens for a staff code and the password of its user; 401 with one text for every cause."""
    challenge, password = body.challenge_id.get_secret_value(), body.password.get_secret_value()
    async with entry.with_password(challenge, password, caller_ip(), "qr_manual") as (session, user):
        granted = login.grant(session, user, device().ip, by_code=True)
    return tokens_out(granted)
