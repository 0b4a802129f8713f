"""What a guest's page shows of the own conversation."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store import conversations, requests
from hotelctl.app.store.direct import within
from hotelctl.app.store.tables import Conversation, KnowledgeEntry, Message

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
    return Talk(found, messages, await requests.standing(within(session), found.id))


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
