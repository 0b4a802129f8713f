"""The page behind a code. Looking at it takes nothing: previews of messengers and camera apps look, too."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api import csrf
from hotelctl.app.api.client import caller_ip, device
from hotelctl.app.api.cookies import set_cookie
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.login_pages import refusal
from hotelctl.app.api.parts import QrEntryDep, ServiceDep
from hotelctl.app.api.rendering import PRODUCT, page
from hotelctl.app.api.visitors import PASSWORD_PAGE, MaybeVisitor, Visitor
from hotelctl.app.api.way_in import HOME
from hotelctl.app.domain.brand import of_hotel
from hotelctl.app.domain.failures import Failure, Locked, NotFound, RateLimited, Unauthenticated
from hotelctl.app.domain.qr import WISHES, Purpose
from hotelctl.app.domain.session_length import BY_CODE
from hotelctl.app.services.passes import open_web
from hotelctl.app.services.qr_entry import QrEntry
from hotelctl.app.services.service import Service
from hotelctl.app.store import people
from hotelctl.app.store.hotel_facts import facts_of
from hotelctl.app.store.qr_tokens import Peeked

router = APIRouter(include_in_schema=False)
GUEST_PAGE = "/guest/chat"
_LONGEST = 256


@router.get("/q/{token}")
async def shown(
    request: Request, token: str, service: ServiceDep, entry: QrEntryDep, visitor: MaybeVisitor
) -> Response:
    """What the code is for and the button that uses it; the same page for every code that is not active."""
    code = await entry.peek(token) if len(token) <= _LONGEST else None
    if code is None:
        inside = visitor if visitor is not None and visitor.user is None else None
        return _over(request, inside, 200)
    return await _code_page(request, service, token, code)


async def _code_page(
    request: Request, service: Service, token: str, code: Peeked, failure: Failure | None = None
) -> Response:
    async with service.db.transaction(code.hotel_id) as session:
        hotel = await people.hotel(session)
    t = texts_for(request, hotel.locale if hotel else None)
    shown = page(
        request,
        "code",
        t=t,
        brand=of_hotel(hotel.brand) if hotel else None,
        status=failure.status if failure else 200,
        place=code.hotel_name,
        code=code,
        answers=hotel is None or facts_of(hotel).ai_enabled,
        action=f"/q/{token}",
        refused=refusal(failure, t, "code.wrong") if failure else None,
    )
    if failure and failure.retry_after_s is not None:
        shown.headers.update({"Retry-After": str(failure.retry_after_s), **failure.headers})
    return shown


@router.post("/q/{token}")
async def used(
    request: Request,
    token: str,
    service: ServiceDep,
    entry: QrEntryDep,
    password: Annotated[str, Form(max_length=1024)] = "",
) -> Response:
    """A guest is in and goes on to the conversation; a member of staff as well, with the right password."""
    csrf.refuse_other_sites(request, service.settings)
    if len(token) > _LONGEST:
        return _over(request)
    try:
        shown = await entry.show(token, caller_ip(), device(), "qr_camera")
    except Unauthenticated:
        return _over(request)
    if shown.admitted is not None:
        return _enter(service, shown.admitted.token, _goal(shown.code.purpose))
    try:
        return await _staff(service, entry, shown.challenge or "", password)
    except (Unauthenticated, Locked, RateLimited) as failure:
        return await _code_page(request, service, token, shown.code, failure)


def _goal(purpose: Purpose) -> str:
    """Where a guest's code leads: to the conversation, with the wish that it is for begun."""
    return f"{GUEST_PAGE}?wish={purpose}" if purpose in WISHES else GUEST_PAGE


async def _staff(service: Service, entry: QrEntry, challenge: str, password: str) -> Response:
    if not password:
        raise Unauthenticated
    async with entry.with_password(challenge, password, caller_ip(), "qr_camera") as (session, user):
        opened = open_web(session, user, device(), BY_CODE)
    return _enter(service, opened.token, PASSWORD_PAGE if user.must_change_password else HOME)


def _over(request: Request, inside: Visitor | None = None, status: int = 401) -> Response:
    t = texts_for(request, inside.hotel.locale if inside else None)
    place = inside.hotel.name if inside else PRODUCT
    return page(request, "code_over", status=status, t=t, inside=inside, place=place)


def _enter(service: Service, token: str, goal: str) -> Response:
    response = RedirectResponse(goal, 303)
    set_cookie(response, service.settings, token)
    return response


@router.get("/h/{entry_code}")
async def entrance(request: Request, entry_code: str, service: ServiceDep) -> Response:
    """What anyone may know of the hotel, and how a guest gets a code; it lets nobody in."""
    hotel = await people.hotel_by_entry_code(service.db, entry_code)
    if hotel is None:
        raise NotFound
    t = texts_for(request, hotel.locale)
    return page(request, "entrance", t=t, place=hotel.name, hotel=hotel, brand=of_hotel(hotel.brand))
