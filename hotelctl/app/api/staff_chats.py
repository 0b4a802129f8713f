"""A guest's conversation for the member of staff who answers it; it works without scripts."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.staff_page import HERE, back
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.assistant.wording import MAX_QUESTION
from hotelctl.app.domain.failures import Conflict, GuestGone, Invalid, NotFound, WithColleague
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.assistant import inbox
from hotelctl.app.services.assistant.arrival import is_there, visible
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.limiter import spend
from hotelctl.app.services.service import Service
from hotelctl.app.store import conversations, people

router = APIRouter(prefix="/staff/chats", include_in_schema=False)
_SHOWN = 100
_SAID = {"resolved": "answer.over", "taken": "answer.not_sent"}
Reader = Annotated[Visitor, permitted("conversations.read")]
Taker = Annotated[Visitor, permitted("conversations.takeover")]


@router.get("/{conversation_id}")
async def chat(
    request: Request, conversation_id: UUID, visitor: Reader, service: ServiceDep, said: str = ""
) -> Response:
    """What was said last, and what the visitor may do about it."""
    return await _chat(request, conversation_id, visitor, service, {"content": ""}, said=_SAID.get(said))


async def _chat(
    request: Request,
    conversation_id: UUID,
    visitor: Visitor,
    service: Service,
    fields: Mapping[str, str],
    **told: Any,  # noqa: ANN401 - what the template gets besides
) -> Response:
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        conversation = await visible(session, conversation_id, Asker.of(who))
        messages = await conversations.latest(session, conversation_id, _SHOWN)
        names = await people.names(session, {one for one in (conversation.assigned_to,) if one})
        is_gone = not await is_there(session, conversation)
    if conversation.channel != "guest_web":
        raise NotFound
    return form_page(
        request,
        visitor,
        "staff_chat",
        fields,
        conversation=conversation,
        messages=messages,
        is_mine=conversation.assigned_to == who.user_id,
        is_gone=is_gone,
        colleague=names.get(conversation.assigned_to) if conversation.assigned_to else None,
        clock=visitor.clock,
        once=uuid7(),
        longest=MAX_QUESTION,
        **{"said": None, **told},
    )


@router.post("/{conversation_id}/messages", dependencies=[MEANT])
async def answer(
    request: Request,
    conversation_id: UUID,
    visitor: Annotated[Visitor, permitted("conversations.reply")],
    service: ServiceDep,
    once: Annotated[UUID, Form()],
    content: Annotated[str, Form()] = "",
) -> Response:
    """The guest has the answer, unless a colleague has the guest; the same form sent twice is one answer.

    One that is too long stays in its form, and one that no guest would read.
    """
    asker = Asker.of(visitor.who)
    await spend(service.db, "chat", asker.key)
    fields = {"content": content.replace("\r\n", "\n")}
    async with service.db.transaction(asker.hotel_id) as session:
        conversation = await visible(session, conversation_id, asker)
    if conversation.channel != "guest_web":
        raise NotFound
    if len(fields["content"].strip()) > MAX_QUESTION:
        wrong = {"content": visitor.t("answer.too_long", most=MAX_QUESTION)}
        return await _chat(request, conversation_id, visitor, service, fields, wrong=wrong)
    try:
        await service.assistant.arrivals.take(asker, conversation_id, fields["content"], once)
    except Invalid:
        wrong = {"content": visitor.t("answer.empty")}
        return await _chat(request, conversation_id, visitor, service, fields, wrong=wrong)
    except GuestGone as failure:
        wrong = {"content": visitor.t("answer.gone_unsent")}
        told: dict[str, Any] = {"wrong": wrong, "status": failure.status}
        return await _chat(request, conversation_id, visitor, service, fields, **told)
    except WithColleague:
        return RedirectResponse(f"{HERE}/chats/{conversation_id}?said=taken", 303)
    return RedirectResponse(f"{HERE}/chats/{conversation_id}#end", 303)


@router.post("/{conversation_id}/release", dependencies=[MEANT])
async def release(conversation_id: UUID, visitor: Taker, service: ServiceDep) -> Response:
    """The assistant answers this guest again."""
    try:
        async with service.db.transaction(visitor.who.hotel_id) as session:
            await inbox.release(session, conversation_id, Asker.of(visitor.who))
    except Conflict:
        return RedirectResponse(f"{HERE}/chats/{conversation_id}?said=resolved", 303)
    return back("released")


@router.post("/{conversation_id}/relieve", dependencies=[MEANT])
async def relieve(conversation_id: UUID, visitor: Taker, service: ServiceDep) -> Response:
    """The visitor answers this guest in the place of a colleague who has gone."""
    here, asker = f"{HERE}/chats/{conversation_id}", Asker.of(visitor.who)
    try:
        async with service.db.transaction(asker.hotel_id) as session:
            await inbox.release(session, conversation_id, asker)
            await inbox.take_over(session, conversation_id, asker)
    except Conflict:
        return RedirectResponse(f"{here}?said=resolved", 303)
    return RedirectResponse(f"{here}#end", 303)


@router.post("/{conversation_id}/resolve", dependencies=[MEANT])
async def resolve(conversation_id: UUID, visitor: Taker, service: ServiceDep) -> Response:
    """The conversation is over until the guest writes again."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await inbox.resolve(session, conversation_id, Asker.of(visitor.who))
    return back("resolved")
