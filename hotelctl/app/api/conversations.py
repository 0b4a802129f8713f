"""Conversations: opened, listed, taken over, given back, resolved, rated."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import require
from hotelctl.app.api.talk import (
    ActionOut,
    ConversationOut,
    DecisionIn,
    OpenIn,
    RateIn,
    Status,
    action_out,
    conversation_out,
)
from hotelctl.app.domain.failures import Conflict, Forbidden
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.assistant import inbox
from hotelctl.app.services.assistant.arrival import visible
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.store import conversations
from hotelctl.app.store.paging import fetch
from hotelctl.app.store.tables import Conversation

router = APIRouter(prefix="/api/conversations", tags=["conversations"])
Reader = Annotated[Principal, require("conversations.read")]
Talker = Annotated[Principal, require("chat.use")]
Taker = Annotated[Principal, require("conversations.takeover")]


@router.post("", status_code=201, response_model=ConversationOut, responses={200: {"model": ConversationOut}})
async def open_one(body: OpenIn, who: Talker, once: OnceDep) -> Response:
    """A new conversation; a guest who has one that is not resolved gets that one, with 200."""
    is_new = False

    async def make(session: AsyncSession) -> ConversationOut:
        nonlocal is_new
        conversation, is_new = await inbox.open_conversation(session, Asker.of(who), body.subject)
        return conversation_out(conversation)

    return await once.create(who, make, status=lambda: 201 if is_new else 200)


@router.get("")
async def list_all(
    who: Reader,
    page: PageDep,
    service: ServiceDep,
    status: Status | None = None,
    *,
    mine: Annotated[bool, Query(description="only those assigned to the caller")] = False,
) -> PageOut[ConversationOut]:
    """Guests' conversations and the caller's own, newest first; a guest's list holds the own ones only."""
    chosen = conversations.seen_by(who.session_id, who.user_id)
    if status is not None:
        chosen = chosen.where(Conversation.status == status)
    if mine and who.user_id is not None:
        chosen = chosen.where(Conversation.assigned_to == who.user_id)
    async with service.db.transaction(who.hotel_id) as session:
        found = await fetch(session, chosen, page, by=(Conversation.created_at, Conversation.id))
    return PageOut(items=[conversation_out(row) for row in found.items], next_cursor=found.next_cursor)


@router.get("/{conversation_id}")
async def read_one(conversation_id: UUID, who: Reader, service: ServiceDep) -> ConversationOut:
    """One conversation."""
    async with service.db.transaction(who.hotel_id) as session:
        return conversation_out(await visible(session, conversation_id, Asker.of(who)))


@router.post("/{conversation_id}/takeover", responses=refusals(Conflict))
async def take_over(conversation_id: UUID, who: Taker, service: ServiceDep) -> ConversationOut:
    """The caller answers from now on, the assistant pauses; 409 when a colleague has it or it is resolved."""
    async with service.db.transaction(who.hotel_id) as session:
        return conversation_out(await inbox.take_over(session, conversation_id, Asker.of(who)))


@router.post("/{conversation_id}/release", responses=refusals(Conflict))
async def release(conversation_id: UUID, who: Taker, service: ServiceDep) -> ConversationOut:
    """The assistant answers again; 409 when it is resolved."""
    async with service.db.transaction(who.hotel_id) as session:
        return conversation_out(await inbox.release(session, conversation_id, Asker.of(who)))


@router.post("/{conversation_id}/resolve", responses=refusals(Conflict))
async def resolve(conversation_id: UUID, who: Taker, service: ServiceDep) -> ConversationOut:
    """It is over until the guest writes again."""
    async with service.db.transaction(who.hotel_id) as session:
        return conversation_out(await inbox.resolve(session, conversation_id, Asker.of(who)))


@router.post("/{conversation_id}/rate", responses=refusals(Conflict))
async def rate(conversation_id: UUID, body: RateIn, who: Talker, service: ServiceDep) -> ConversationOut:
    """The guest's judgement; 409 as long as nobody has answered, 403 for staff."""
    asker = Asker.of(who)
    if not asker.is_guest:
        raise Forbidden
    async with service.db.transaction(who.hotel_id) as session:
        return conversation_out(await inbox.rate(session, conversation_id, asker, body.rating))


@router.post("/{conversation_id}/actions/{action_id}", responses=refusals(Conflict))
async def decide(
    conversation_id: UUID, action_id: UUID, body: DecisionIn, who: Talker, service: ServiceDep
) -> ActionOut:
    """What the proposal has become; a repeat changes nothing, 409 when it was decided the other way."""
    async with service.db.transaction(who.hotel_id) as session:
        confirmed = body.decision == "confirm"
        item = await inbox.settle_action(
            session, conversation_id, action_id, Asker.of(who), confirmed=confirmed
        )
    return action_out(item)
