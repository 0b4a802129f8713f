"""Statements on conversations and their messages; the caller's transaction decides which hotel's."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store.tables import Conversation, Message

JsonList = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Saying:
    """A message to be stored."""

    role: str
    content: str
    redacted: bool = False
    author_user_id: UUID | None = None
    client_msg_id: UUID | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_ms: int | None = None
    citations: JsonList = field(default_factory=list)
    actions: JsonList = field(default_factory=list)
    message_id: UUID | None = None


def seen_by(session_id: UUID, user_id: UUID | None) -> Select[Conversation]:
    """What a guest's session opened; for a member of staff guests' conversations and the own ones."""
    chosen = select(Conversation)
    if user_id is None:
        return chosen.where(Conversation.session_id == session_id)
    return chosen.where(or_(Conversation.channel == "guest_web", Conversation.user_id == user_id))


async def open_one_of(session: AsyncSession, session_id: UUID | None) -> Conversation | None:
    """The conversation of a guest's session that is not resolved."""
    chosen = select(Conversation).where(
        Conversation.session_id == session_id, Conversation.status != "resolved"
    )
    return (await session.scalars(chosen.order_by(Conversation.id.desc()).limit(1))).one_or_none()


async def find(session: AsyncSession, conversation_id: UUID, *, lock: bool = False) -> Conversation | None:
    """The live conversation of the transaction's hotel; locked, nobody else changes it meanwhile."""
    chosen = select(Conversation).where(Conversation.id == conversation_id)
    return (await session.scalars(chosen.with_for_update() if lock else chosen)).one_or_none()


async def append(session: AsyncSession, conversation_id: UUID, saying: Saying) -> Message:
    """The message stored under the next number; whoever appends at the same time waits."""
    numbered = (
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_seq=Conversation.last_seq + 1, last_message_at=func.now())
        .returning(Conversation.last_seq, Conversation.hotel_id)
    )
    seq, hotel_id = (await session.execute(numbered.execution_options(synchronize_session=False))).one()
    message = Message(
        id=saying.message_id or uuid7(),
        hotel_id=hotel_id,
        conversation_id=conversation_id,
        seq=seq,
        role=saying.role,
        content=saying.content,
        content_redacted=saying.redacted,
        author_user_id=saying.author_user_id,
        client_msg_id=saying.client_msg_id,
        model=saying.model,
        tokens_in=saying.tokens_in,
        tokens_out=saying.tokens_out,
        latency_ms=saying.latency_ms,
        citations=saying.citations,
        action={"items": saying.actions} if saying.actions else None,
    )
    session.add(message)
    await session.flush()
    return message


async def by_client_id(session: AsyncSession, conversation_id: UUID, client_msg_id: UUID) -> Message | None:
    """The message that a client gave this id."""
    chosen = select(Message).where(
        Message.conversation_id == conversation_id, Message.client_msg_id == client_msg_id
    )
    return (await session.scalars(chosen)).one_or_none()


async def after(session: AsyncSession, conversation_id: UUID, seq: int, limit: int) -> list[Message]:
    """The messages that follow `seq`, in their order."""
    chosen = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return list(await session.scalars(chosen.order_by(Message.seq).limit(limit)))


async def latest(session: AsyncSession, conversation_id: UUID, limit: int) -> list[Message]:
    """The newest messages, in their order."""
    chosen = select(Message).where(Message.conversation_id == conversation_id)
    rows = await session.scalars(chosen.order_by(Message.seq.desc()).limit(limit))
    return list(rows)[::-1]


async def with_action(session: AsyncSession, conversation_id: UUID, action_id: UUID) -> Message | None:
    """The message that proposed the action."""
    wanted = {"items": [{"id": str(action_id)}]}
    chosen = select(Message).where(
        Message.conversation_id == conversation_id, Message.action.contains(wanted)
    )
    return (await session.scalars(chosen.limit(1))).one_or_none()


async def set_actions(session: AsyncSession, message_id: UUID, actions: JsonList) -> None:
    """The actions of a message have this state."""
    await session.execute(update(Message).where(Message.id == message_id).values(action={"items": actions}))
