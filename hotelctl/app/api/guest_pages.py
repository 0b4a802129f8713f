"""The guest's side: the conversation, which works without scripts, and the way out."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.cookies import clear_cookie
from hotelctl.app.api.login_pages import leave
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import LEAVING, MEANT, GuestDemand, MaybeVisitor, Visitor
from hotelctl.app.api.way_in import ENDED, OUTSIDE
from hotelctl.app.domain.assistant.phrases import shown_title
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.domain.brand import of_hotel
from hotelctl.app.domain.failures import Conflict, Failure, Invalid, QuotaUsedUp, RateLimited
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.qr import WISHES
from hotelctl.app.services.assistant import inbox
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.message_limit import spend_message
from hotelctl.app.services.service import Service
from hotelctl.app.store import guest_talk
from hotelctl.app.store.hotel_facts import facts_of

router = APIRouter(prefix=OUTSIDE, include_in_schema=False)
GuestDep = Annotated[Visitor, Depends(GuestDemand("chat.use"))]
_CHAT = "/guest/chat"
_NEWEST = f"{_CHAT}#newest"
_REFUSED = {
    RateLimited: "chat.many",
    QuotaUsedUp: "chat.used_up",
    Invalid: "chat.empty",
}


@router.get("")
async def outside(request: Request, visitor: MaybeVisitor, said: str = "") -> Response:
    """How a guest gets in; one who is inside goes on to the conversation."""
    if visitor is not None and visitor.user is None:
        return RedirectResponse(_CHAT, 303)
    return page(request, "guest_outside", has_ended=said == ENDED)


@router.get("/chat")
async def chat(request: Request, guest: GuestDep, service: ServiceDep, wish: str = "") -> Response:
    """The conversation as it is, with the wish begun that the code was for; looking opens none."""
    draft = guest.t(f"wish.{wish}") + " " if wish in WISHES else ""
    return await _chat(request, guest, service, draft=draft)


@router.post("/chat", dependencies=[MEANT])
async def say(
    request: Request,
    guest: GuestDep,
    service: ServiceDep,
    content: Annotated[str, Form()] = "",
    message_id: Annotated[UUID | None, Form()] = None,
) -> Response:
    """The message is stored and answered; sent twice, it is there once."""
    content = content.replace("\x00", "").replace("\r\n", "\n").strip()[:MAX_QUESTION]
    if not content:
        return RedirectResponse(_NEWEST, 303)
    try:
        await _said(service, Asker.of(guest.who), content, message_id or uuid7())
    except Conflict:
        return RedirectResponse(_NEWEST, 303)
    except (RateLimited, QuotaUsedUp, Invalid) as failure:
        return await _chat(request, guest, service, failure, content)
    return RedirectResponse(_NEWEST, 303)


async def _said(service: Service, asker: Asker, content: str, message_id: UUID) -> None:
    await spend_message(service.db, asker.key, content)
    async with service.db.transaction(asker.hotel_id) as session:
        conversation, _ = await inbox.open_conversation(session, asker, None)
    arrived = await service.assistant.arrivals.take(asker, conversation.id, content, message_id)
    if arrived.awaits_answer:
        # The answer is stored even if the guest leaves the page meanwhile.
        reply = service.assistant.replies.reply(arrived, lambda _: None)
        await asyncio.shield(service.background.start(reply))


async def _chat(
    request: Request,
    guest: Visitor,
    service: Service,
    failure: Failure | None = None,
    draft: str = "",
) -> Response:
    async with service.db.transaction(guest.who.hotel_id) as session:
        talk = await guest_talk.of_session(session, guest.who.session_id)
        topics = [] if talk.messages else await guest_talk.topics(session)
    shown = page(
        request,
        "chat",
        viewer=guest.viewer,
        brand=of_hotel(guest.hotel.brand),
        status=failure.status if failure else 200,
        guest=guest,
        talk=talk,
        answers=facts_of(guest.hotel).ai_enabled,
        topics=topics,
        refused=guest.t(_REFUSED[type(failure)]) if failure else None,
        draft=draft,
        titled=partial(_titled, guest.t.language),
        message_id=uuid7(),
        longest=MAX_QUESTION,
    )
    if failure and failure.retry_after_s is not None:
        shown.headers.update({"Retry-After": str(failure.retry_after_s), **failure.headers})
    return shown


def _titled(language: str, item: Mapping[str, str]) -> str:
    """What was asked for, as the guest's language calls it; the hotel's books have it in English."""
    return shown_title(item["topic"], language, item["title"])


@router.post("/chat/actions/{action_id}", dependencies=[MEANT])
async def decide(
    action_id: UUID, guest: GuestDep, service: ServiceDep, decision: Annotated[str, Form()] = ""
) -> Response:
    """The proposal is carried out or dropped; a repeat changes nothing."""
    asker = Asker.of(guest.who)
    async with service.db.transaction(asker.hotel_id) as session:
        talk = await guest_talk.of_session(session, guest.who.session_id)
    if talk.conversation is not None and decision in {"confirm", "cancel"}:
        await _settle(service, asker, talk.conversation.id, action_id, confirmed=decision == "confirm")
    return RedirectResponse(_NEWEST, 303)


async def _settle(
    service: Service, asker: Asker, conversation_id: UUID, action_id: UUID, *, confirmed: bool
) -> None:
    try:
        async with service.db.transaction(asker.hotel_id) as session:
            await inbox.settle_action(session, conversation_id, action_id, asker, confirmed=confirmed)
    except Conflict:
        # Decided the other way in another tab: the page shows how it stands.
        return


@router.post("/chat/rating", dependencies=[MEANT])
async def rate(guest: GuestDep, service: ServiceDep, stars: Annotated[int, Form(ge=1, le=5)]) -> Response:
    """The guest's judgement of the conversation; it may change."""
    asker = Asker.of(guest.who)
    async with service.db.transaction(asker.hotel_id) as session:
        talk = await guest_talk.of_session(session, guest.who.session_id)
        if talk.conversation is not None:
            await inbox.rate(session, talk.conversation.id, asker, stars)
    return RedirectResponse(_NEWEST, 303)


@router.post("/leave", dependencies=[LEAVING])
async def end(service: ServiceDep, visitor: MaybeVisitor) -> Response:
    """The session is over and the browser forgets it; in a suspended hotel the browser alone."""
    if visitor is not None:
        await leave(service, visitor)
    response = RedirectResponse(OUTSIDE, 303)
    clear_cookie(response, service.settings)
    return response
