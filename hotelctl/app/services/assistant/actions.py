"""Proposals and what becomes of them: a confirmed one is carried out once, in the caller's transaction."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.wishes import ActionKind, Wish
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.store import requests
from hotelctl.app.store.audit import Change, Thing, note
from hotelctl.app.store.requests import Request
from hotelctl.app.store.tables import Conversation, Message

Item = dict[str, Any]
State = Literal["needs_confirmation", "done", "attached", "cancelled"]
PENDING: State = "needs_confirmation"


def propose(wish: Wish, details: str) -> Item:
    """The proposal as the message keeps it; its id becomes the id of what is made."""
    return {
        "id": str(uuid7()),
        "kind": wish.kind.value,
        "topic": wish.topic,
        "category": wish.category,
        "title": wish.title,
        "details": details,
        "urgent": wish.urgent,
        "status": PENDING,
    }


def items_of(message: Message) -> list[Item]:
    """The actions that a message proposed."""
    return list(message.action["items"]) if message.action else []


def has_pending(message: Message | None) -> bool:
    """Whether something in the message waits for a yes."""
    return message is not None and any(item["status"] == PENDING for item in items_of(message))


def _request(item: Item, asker: Asker, conversation: Conversation) -> Request:
    return Request(
        request_id=UUID(item["id"]),
        hotel_id=asker.hotel_id,
        conversation_id=conversation.id,
        session_id=asker.session_id if asker.is_guest else None,
        user_id=asker.user_id,
        room_label=asker.room_label,
        guest_name=conversation.guest_name,
        topic=item["topic"],
        category=item["category"],
        title=item["title"],
        details=item["details"],
        urgent=item["urgent"],
    )


async def carry_out(session: AsyncSession, item: Item, asker: Asker, conversation: Conversation) -> Item:
    """The item as it stands after its ticket or work order was made, or added to the open one."""
    request = _request(item, asker, conversation)
    settled = await _make(session, item, request)
    if asker.who is not None:
        thing = Thing(item["kind"], UUID(settled["target_id"]))
        change = Change(after={"title": item["title"], "room_label": asker.room_label})
        verb = "create" if settled["status"] == "done" else "add"
        await note(session, asker.who, f"{item['kind']}.{verb}", thing, change, by_assistant=True)
    return settled


async def _make(session: AsyncSession, item: Item, request: Request) -> Item:
    if item["kind"] == ActionKind.TICKET:
        return await _ticket(session, item, request)
    open_order = await requests.open_work_order(session, request)
    if open_order is not None:
        await requests.add_to_work_order(session, open_order, request)
        return {**item, "status": "attached", "target_id": str(open_order)}
    await requests.make_work_order(session, request)
    return {**item, "status": "done", "target_id": item["id"]}


async def _ticket(session: AsyncSession, item: Item, request: Request) -> Item:
    # Two questions to reception are two matters.
    open_ticket = None if item["topic"] == "handoff" else await requests.open_ticket(session, request)
    if open_ticket is not None:
        await requests.add_to_ticket(session, open_ticket, request)
        return {**item, "status": "attached", "target_id": str(open_ticket)}
    number = await requests.make_ticket(session, request)
    return {**item, "status": "done", "target_id": item["id"], "number": number}


async def settle(
    session: AsyncSession,
    items: list[Item],
    decision: Literal["confirm", "cancel"],
    asker: Asker,
    conversation: Conversation,
) -> list[Item]:
    """All items, those that waited now carried out or cancelled."""
    settled = []
    for item in items:
        if item["status"] != PENDING:
            settled.append(item)
        elif decision == "cancel":
            settled.append({**item, "status": "cancelled"})
        else:
            settled.append(await carry_out(session, item, asker, conversation))
    return settled
