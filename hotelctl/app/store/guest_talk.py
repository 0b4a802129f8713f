"""What a guest's page shows of the own conversation."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store import conversations
from hotelctl.app.store.tables import Conversation, KnowledgeEntry, Message, Ticket, WorkOrder

_SHOWN = 100
_TOPICS = 4


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation so far; `progress` tells the state of each request that was made in it."""

    conversation: Conversation | None = None
    messages: list[Message] = field(default_factory=list)
    progress: dict[str, str] = field(default_factory=dict)


async def of_session(session: AsyncSession, session_id: UUID) -> Talk:
    """The newest conversation of the guest's session, with its newest messages in their order."""
    found = await conversations.newest_of(session, session_id)
    if found is None:
        return Talk()
    messages = await conversations.latest(session, found.id, _SHOWN)
    return Talk(found, messages, await _progress(session, _made(messages)))


def _made(messages: list[Message]) -> set[UUID]:
    items = [item for message in messages if message.action for item in message.action["items"]]
    return {UUID(item.get("target_id", item["id"])) for item in items}


async def _progress(session: AsyncSession, made: Collection[UUID]) -> dict[str, str]:
    """Where each ticket and work order of these ids stands, in lower case."""
    if not made:
        return {}
    tickets = select(Ticket.id, Ticket.status).where(Ticket.id.in_(made))
    orders = select(WorkOrder.id, WorkOrder.status).where(WorkOrder.id.in_(made))
    rows = [*(await session.execute(tickets)).all(), *(await session.execute(orders)).all()]
    return {str(row[0]): row[1].lower() for row in rows}


async def topics(session: AsyncSession) -> list[str]:
    """Titles of what the hotel wrote down for its guests and holds today, the newest first."""
    now = func.now()
    statement = (
        select(KnowledgeEntry.title)
        .where(
            KnowledgeEntry.audience == "guest",
            or_(KnowledgeEntry.valid_from.is_(None), KnowledgeEntry.valid_from <= now),
            or_(KnowledgeEntry.valid_until.is_(None), KnowledgeEntry.valid_until > now),
        )
        .order_by(KnowledgeEntry.created_at.desc(), KnowledgeEntry.id.desc())
        .limit(_TOPICS)
    )
    return list(await session.scalars(statement))
