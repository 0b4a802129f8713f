"""Statements on conversations and their messages; the caller's transaction decides which hotel's."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import BindParameter, ColumnElement, Select, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store.direct import Asked, Fixed, columns_of, given, within
from hotelctl.app.store.paging import Found, Key, Page, fetch
from hotelctl.app.store.tables import Conversation, Message

JsonList = list[dict[str, Any]]
_ONE = columns_of(Conversation).where(Conversation.id == given("conversation"))
_SEEN, _LOCKED = Fixed.of(_ONE), Fixed.of(_ONE.with_for_update())
_OF_CONVERSATION = columns_of(Message).where(Message.conversation_id == given("conversation"))
_LATEST = Fixed.of(_OF_CONVERSATION.order_by(Message.seq.desc()).limit(given("limit")))
_BY_CLIENT_ID = Fixed.of(_OF_CONVERSATION.where(Message.client_msg_id == given("client_msg")))
# Whoever appends at the same time waits for the conversation's row.
_APPENDING = """
        WITH numbered AS (
          UPDATE conversations SET last_seq = last_seq + 1, last_message_at = now()
           WHERE id = :conversation AND deleted_at IS NULL {more} RETURNING last_seq, hotel_id)
        INSERT INTO messages (id, hotel_id, conversation_id, seq, role, content, content_redacted,
                              author_user_id, client_msg_id, model, tokens_in, tokens_out, latency_ms,
                              citations, action)
        SELECT :message_id, hotel_id, :conversation, last_seq, :role, :content, :redacted,
               :author_user_id, :client_msg_id, :model, :tokens_in, :tokens_out, :latency_ms,
               :citations, :action
          FROM numbered RETURNING *
        """


def _append_where(more: str = "") -> Fixed:
    return Fixed.of(text(_APPENDING.format(more=more)))


_APPEND = _append_where()
_APPEND_AS_SEEN = _append_where("AND last_seq = :seen_seq AND status = :seen_status")
_APPEND_REPLY = _append_where(
    "AND status IN ('bot', 'resolved') AND NOT EXISTS (SELECT FROM messages"
    " WHERE conversation_id = :conversation AND client_msg_id = :client_msg_id)"
)


def is_stored(message_id: BindParameter[Any]) -> ColumnElement[bool]:
    """Whether there is this message by now."""
    return exists().where(Message.id == message_id)


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
    message_id: UUID = field(default_factory=uuid7)


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


async def newest_of(session: AsyncSession, session_id: UUID) -> Conversation | None:
    """The newest conversation of a guest's session, resolved or not: what the guest's page shows."""
    chosen = seen_by(session_id, None).order_by(Conversation.id.desc()).limit(1)
    return (await session.scalars(chosen)).one_or_none()


async def find(session: AsyncSession, conversation_id: UUID, *, lock: bool = False) -> Conversation | None:
    """The live conversation of the transaction's hotel; locked, nobody else changes it meanwhile."""
    chosen = select(Conversation).where(Conversation.id == conversation_id)
    return (await session.scalars(chosen.with_for_update() if lock else chosen)).one_or_none()


def seeing(conversation_id: UUID) -> Asked:
    """The live conversation of the transaction's hotel, as it is at this moment."""
    return _SEEN, {"conversation": conversation_id}


def locking(conversation_id: UUID) -> Asked:
    """The live conversation of the transaction's hotel, which nobody else changes meanwhile."""
    return _LOCKED, {"conversation": conversation_id}


def appending(conversation_id: UUID, saying: Saying) -> Asked:
    """The message stored under the next number; its row is told."""
    return _APPEND, _appended(conversation_id, saying)


def appending_as_seen(seen: Conversation, saying: Saying) -> Asked:
    """The same, and no row where something was said meanwhile or somebody else answers than before."""
    return _APPEND_AS_SEEN, {
        **_appended(seen.id, saying),
        "seen_seq": seen.last_seq,
        "seen_status": seen.status,
    }


def appending_reply(conversation_id: UUID, saying: Saying) -> Asked:
    """The same of the assistant's reply, and no row where there is one or a person answers by now.

    To be asked after `locking`: two replies at once would not see each other.
    """
    return _APPEND_REPLY, _appended(conversation_id, saying)


def _appended(conversation_id: UUID, saying: Saying) -> dict[str, Any]:
    values = {name: getattr(saying, name) for name in Saying.__slots__}
    action = Jsonb({"items": saying.actions}) if saying.actions else None
    told = {"conversation": conversation_id, "citations": Jsonb(saying.citations), "action": action}
    return values | told


async def append(session: AsyncSession, conversation_id: UUID, saying: Saying) -> Message:
    """The message as it was stored under the next number, to be read."""
    ((message,),) = await within(session).ask(appending(conversation_id, saying))
    stored: Message = message
    return stored


def with_client_id(conversation_id: UUID, client_msg_id: UUID) -> Asked:
    """The message that a client gave this id."""
    return _BY_CLIENT_ID, {"conversation": conversation_id, "client_msg": client_msg_id}


def newest(conversation_id: UUID, limit: int) -> Asked:
    """The newest messages, the last one first."""
    return _LATEST, {"conversation": conversation_id, "limit": limit}


async def page_of(
    session: AsyncSession, conversation_id: UUID, page: Page, *, after: int = 0
) -> Found[Message]:
    """A page of the messages, in their order: the newest, then each time the ones before.

    Of those after a number the first ones come first. Raises Invalid for a cursor of no such list.
    """
    chosen = select(Message).where(Message.conversation_id == conversation_id)
    if after:
        # Two keys, so that the cursor of one order is none of the other's.
        by: list[Key] = [Message.conversation_id, Message.seq * -1]
        return await fetch(session, chosen.where(Message.seq > after), page, by=by)
    found = await fetch(session, chosen, page, by=[Message.seq])
    return Found(found.items[::-1], found.next_cursor)


async def after(session: AsyncSession, conversation_id: UUID, seq: int, limit: int) -> list[Message]:
    """The messages that follow `seq`, in their order."""
    chosen = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return list(await session.scalars(chosen.order_by(Message.seq).limit(limit)))


async def latest(session: AsyncSession, conversation_id: UUID, limit: int) -> list[Message]:
    """The newest messages, in their order, to be read."""
    (rows,) = await within(session).ask(newest(conversation_id, limit))
    return rows[::-1]


async def before(session: AsyncSession, message: Message, limit: int) -> list[Message]:
    """The messages just before this one, in their order."""
    chosen = select(Message).where(
        Message.conversation_id == message.conversation_id, Message.seq < message.seq
    )
    return list(await session.scalars(chosen.order_by(Message.seq.desc()).limit(limit)))[::-1]


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
