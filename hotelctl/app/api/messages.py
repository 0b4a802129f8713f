"""Messages of a conversation: said, read again, and followed as they come."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT

from hotelctl.app.api import streams
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import Requirement, admit, require
from hotelctl.app.api.talk import ExchangeOut, MessageIn, MessagesOut, message_out, reply_out
from hotelctl.app.domain.failures import (
    Conflict,
    Forbidden,
    HotelSuspended,
    NotFound,
    QuotaUsedUp,
    Unauthenticated,
)
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.assistant.arrival import Arrived, visible
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.provider import Cited, Delta
from hotelctl.app.services.assistant.replying import Reply
from hotelctl.app.services.message_limit import spend_message
from hotelctl.app.services.service import Service
from hotelctl.app.store import ai_log, conversations, requests
from hotelctl.app.store.ai_log import Origin
from hotelctl.app.store.direct import within
from hotelctl.app.store.tables import Message

router = APIRouter(prefix="/api/conversations/{conversation_id}", tags=["conversations"])
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "minimum": 0},
    },
}
_STREAMED: dict[str, Any] = {"content": {streams.MEDIA_TYPE: {"itemSchema": _EVENT}}}
_POLL_S = 1.0
# Then the client comes back, and who it is is asked from the start.
_LONGEST_S = 300.0
_LARGEST_SEQ = 2**31 - 1

Reader = Annotated[Principal, require("conversations.read")]


class _MessageRequirement(Requirement):
    """Who writes, by a limit that depends on what is written."""

    async def _count(self, request: Request, service: Service, principal: Principal) -> None:
        await spend_message(service.db, str(principal.subject_id), await _content(request))


async def _content(request: Request) -> str:
    """The text of the message, as far as the body has one: what it must be is checked afterwards."""
    try:
        body = await request.json()
    except ValueError:
        return ""
    content = body.get("content") if isinstance(body, dict) else None
    return content if isinstance(content, str) else ""


Talker = Annotated[Principal, Depends(_MessageRequirement("chat.use", bucket="chat"))]
After = Annotated[int, Query(ge=0, le=_LARGEST_SEQ, description="number of the last message known")]


@router.get("/messages")
async def read_messages(
    conversation_id: UUID,
    who: Reader,
    service: ServiceDep,
    page: PageDep,
    after: After = 0,
) -> MessagesOut:
    """Messages in their order: the newest page, whose cursor leads to the one before it, and so on.

    With `after`, those that follow this number; the cursor leads to the later ones.
    """
    async with service.db.transaction(who.hotel_id) as session:
        conversation = await visible(session, conversation_id, Asker.of(who))
        found = await conversations.page_of(session, conversation_id, page, after=after)
    items = [message_out(message) for message in found.items]
    last_seq = items[-1].seq if items else conversation.last_seq
    return MessagesOut(items=items, next_cursor=found.next_cursor, last_seq=last_seq)


@router.post(
    "/messages",
    status_code=201,
    response_model=ExchangeOut,
    responses={200: {"model": ExchangeOut, **_STREAMED}, 201: _STREAMED, **refusals(Conflict, QuotaUsedUp)},
)
async def say(
    conversation_id: UUID,
    body: MessageIn,
    who: Talker,
    service: ServiceDep,
    request: Request,
    response: Response,
) -> ExchangeOut | Response:
    """The message and its answer; sent again with the same id, 200 and what was stored.

    With `Accept: text/event-stream` the answer comes as it is made.
    """
    asker = Asker.of(who)
    arrived = await service.assistant.arrivals.take(asker, conversation_id, body.content, body.client_msg_id)
    status = 201 if arrived.is_new else 200
    if streams.MEDIA_TYPE in request.headers.get("accept", ""):
        return _as_stream(service, arrived, status)
    reply = Reply(arrived.reply) if arrived.reply else None
    if arrived.awaits_answer:
        reply = await asyncio.shield(service.background.start(_reply(service, arrived)))
    response.status_code = status
    return await _exchange(service, arrived, reply)


async def _reply(service: Service, arrived: Arrived) -> Reply | None:
    return await service.assistant.replies.reply(arrived, lambda _: None)


async def _exchange(service: Service, arrived: Arrived, reply: Reply | None) -> ExchangeOut:
    message = message_out(arrived.message)
    if reply is None:
        return ExchangeOut(message=message, reply=None)
    origin = reply.origin or await _logged_origin(service, arrived.asker, reply.message)
    return ExchangeOut(message=message, reply=reply_out(reply.message, origin))


async def _logged_origin(service: Service, asker: Asker, reply: Message) -> Origin | None:
    async with service.db.transaction(asker.hotel_id) as session:
        return (await ai_log.origins(session, [reply.id])).get(reply.id)


def _as_stream(service: Service, arrived: Arrived, status: int) -> Response:
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    queue.put_nowait(streams.event("accepted", {"seq": arrived.message.seq}))
    task = service.background.start(_tell(service, arrived, queue))
    answer = streams.response(_watched(service, task, queue))
    answer.status_code = status
    return answer


async def _watched(
    service: Service, task: "asyncio.Task[None]", queue: "asyncio.Queue[bytes | None]"
) -> AsyncIterator[bytes]:
    """The queue's events; an answer whose reader left counts as work that a drain has to wait for."""
    try:
        async for piece in streams.from_queue(queue, service.leaving):
            yield piece
    finally:
        if not task.done():
            service.adopt(task)


async def _tell(service: Service, arrived: Arrived, queue: "asyncio.Queue[bytes | None]") -> None:
    def watch(piece: Delta | Cited) -> None:
        if isinstance(piece, Delta):
            queue.put_nowait(streams.event("delta", {"text": piece.text}))

    try:
        reply = arrived.reply
        if arrived.awaits_answer:
            made = await service.assistant.replies.reply(arrived, watch)
            reply = made.message if made else None
        elif reply is not None:
            watch(Delta(reply.content))
        for piece in _ending(reply, taken_over=arrived.awaits_answer and reply is None):
            queue.put_nowait(piece)
    except Exception:
        queue.put_nowait(streams.event("error", {"code": "internal"}))
        raise
    finally:
        queue.put_nowait(None)


def _ending(reply: Message | None, *, taken_over: bool) -> list[bytes]:
    if reply is None:
        nothing = {"message_id": None, "tokens": 0, "latency_ms": 0}
        return [
            streams.event("error", {"code": "conflict"}) if taken_over else streams.event("done", nothing)
        ]
    shown = message_out(reply)
    pieces = [streams.event("citation", cited) for cited in shown.citations]
    pieces += [streams.event("action", action) for action in shown.actions]
    tokens = (reply.tokens_in or 0) + (reply.tokens_out or 0)
    ended = {"message_id": reply.id, "seq": reply.seq, "tokens": tokens, "latency_ms": reply.latency_ms}
    return [*pieces, streams.event("done", ended)]


@router.get("/events", responses={200: _STREAMED}, response_class=Response)
async def follow(
    conversation_id: UUID,
    who: Reader,
    service: ServiceDep,
    request: Request,
    after: After = 0,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,9}$")] = None,
) -> Response:
    """Each message and each change as it happens, from `after` on, or from Last-Event-ID on.

    A `status` tells who answers, and where each ticket and work order stands that was made of it.
    """
    asker = Asker.of(who)
    async with service.db.transaction(who.hotel_id) as session:
        await visible(session, conversation_id, asker)
    known = int(last_event_id) if last_event_id else after
    return streams.response(_live(service, request, conversation_id, known))


async def _live(
    service: Service, request: Request, conversation_id: UUID, known: int
) -> AsyncIterator[bytes]:
    """Asked anew each second, with who asks: somebody who may no longer see it is shown nothing more."""
    clock = asyncio.get_running_loop()
    ends_s, quiet_since_s = clock.time() + _LONGEST_S, clock.time()
    told: dict[str, Any] = {}
    while not service.leaving.is_set() and clock.time() < ends_s:
        try:
            who = await admit(request, service)
            async with service.db.transaction(who.hotel_id) as session:
                conversation = await visible(session, conversation_id, Asker.of(who))
                fresh = await conversations.after(session, conversation_id, known, 100)
                made = await requests.standing(within(session), conversation_id)
        except (Unauthenticated, HotelSuspended, Forbidden, NotFound):
            return
        for message in fresh:
            known = message.seq
            yield streams.event("message", message_out(message), event_id=known)
        stands = {"status": conversation.status, "assigned_to": conversation.assigned_to, "requests": made}
        if stands != told:
            told = stands
            yield streams.event("status", stands)
        elif fresh:
            quiet_since_s = clock.time()
        elif clock.time() - quiet_since_s >= streams.KEEPALIVE_S:
            quiet_since_s = clock.time()
            yield KEEPALIVE_COMMENT
        await _nap(service.leaving)
    yield streams.reconnect()


async def _nap(leaving: asyncio.Event) -> None:
    """Until the next look, or until the instance is asked to leave."""
    try:
        async with asyncio.timeout(_POLL_S):
            await leaving.wait()
    except TimeoutError:
        return
