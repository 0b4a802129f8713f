"""Guests' conversations as those see them who answer."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.tables import Conversation

_GOING_ON = ("human", "waiting_guest")


async def answered_by(session: AsyncSession, user_id: UUID, *, limit: int) -> Sequence[Conversation]:
    """Those that this person took over and that go on: unread ones first, then what was last spoken in."""
    statement = (
        select(Conversation)
        .where(
            Conversation.channel == "guest_web",
            Conversation.assigned_to == user_id,
            Conversation.status.in_(_GOING_ON),
        )
        .order_by(Conversation.unread_staff.desc(), Conversation.last_message_at.desc().nulls_last())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()
