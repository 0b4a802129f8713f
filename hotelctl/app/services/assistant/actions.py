"""Proposals and what becomes of them: a confirmed one is carried out once, in the caller's transaction."""

from textwrap import shorten
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.wishes import HANDOFF, MESSAGE, ActionKind, Wish
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.tickets import Priority, TicketSource
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderKind
from hotelctl.app.services import tickets, work_orders
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.tickets import TicketDraft
from hotelctl.app.services.work_orders import WorkOrderDraft
from hotelctl.app.store.tables import Conversation, Message

Item = dict[str, Any]
State = Literal["needs_confirmation", "done", "attached", "cancelled"]
PENDING: State = "needs_confirmation"
_SHORTEST_TITLE, _LONGEST_TITLE = 3, 100


def propose(wish: Wish, details: str, room_label: str | None = None) -> Item:
    """The proposal as the message keeps it; its id becomes the id of what is made.

    The room is where staff wants it; a guest's is that of the session.
    """
    return {
        "id": str(uuid7()),
        "kind": wish.kind.value,
        "topic": wish.topic,
        "category": wish.category,
        "title": wish.title,
        "details": details,
        "urgent": wish.urgent,
        "room_label": room_label,
        "status": PENDING,
    }


def items_of(message: Message) -> list[Item]:
    """The actions that a message proposed."""
    return list(message.action["items"]) if message.action else []


def has_pending(message: Message | None) -> bool:
    """Whether something in the message waits for a yes."""
    return message is not None and any(item["status"] == PENDING for item in items_of(message))


async def carry_out(session: AsyncSession, item: Item, asker: Asker, conversation: Conversation) -> Item:
    """The item as it stands after its ticket or work order was made, or told again on the open one.

    Raises Forbidden where nobody stands behind the asker.
    """
    if asker.who is None:
        raise Forbidden
    make = _ticket if item["kind"] == ActionKind.TICKET else _work_order
    return await make(session, asker.who, item, conversation)


async def _work_order(session: AsyncSession, who: Principal, item: Item, conversation: Conversation) -> Item:
    draft = WorkOrderDraft(
        id=UUID(item["id"]),
        kind=WorkOrderKind(item["category"]),
        title=item["title"],
        details=item["details"],
        # Titles tell how many, too: two towels and then a third are one way to the room.
        category=item["topic"],
        is_its_category=True,
        priority=Priority.URGENT if item["urgent"] else Priority.MEDIUM,
        room_label=who.room_label or item.get("room_label"),
        conversation_id=conversation.id,
    )
    order = await work_orders.open_order(session, who, draft, ChangeSource.ASSISTANT)
    return _settled(item, order.id)


async def _ticket(session: AsyncSession, who: Principal, item: Item, conversation: Conversation) -> Item:
    draft = TicketDraft(
        id=UUID(item["id"]),
        title=_ticket_title(item),
        description=item["details"],
        category=item["category"],
        priority=Priority.URGENT if item["urgent"] else Priority.MEDIUM,
        source=TicketSource.AI_AGENT,
        room_label=who.room_label or item.get("room_label"),
        guest_name=conversation.guest_name,
        conversation_id=conversation.id,
        # Two questions or messages to reception are two matters.
        is_own_matter=item["topic"] in {HANDOFF.topic, MESSAGE.topic},
    )
    ticket = await tickets.open_ticket(session, who, draft)
    settled = _settled(item, ticket.id)
    return {**settled, "number": ticket.number} if settled["status"] == "done" else settled


def _ticket_title(item: Item) -> str:
    """What the ticket is called: a question by its own words, so that two of them can be told apart."""
    asked = shorten(item["details"], _LONGEST_TITLE, placeholder="…")
    # A title has three characters at least; one that is a single word may be longer than any.
    return asked if item["topic"] == HANDOFF.topic and len(asked) >= _SHORTEST_TITLE else str(item["title"])


def _settled(item: Item, made: UUID) -> Item:
    state: State = "done" if str(made) == item["id"] else "attached"
    return {**item, "status": state, "target_id": str(made)}


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
