"""Questions of guests that no entry answered, as long as their text is kept: equal ones are one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.registry import GUEST_MESSAGING

# Case, spaces, and how a sentence ends make no other question of it.
_SAME = r"regexp_replace(lower(btrim({})), '\s+', ' ', 'g')"
_PLAIN = rf"regexp_replace({_SAME}, '[\s?!.…]+$', '')"
_ASKED = _PLAIN.format("payload->>'question'")
_OF_GUESTS = (
    "model_key = :model AND status = 'handoff' AND payload ? 'question' AND NOT payload ? 'dismissed'"
)
_NEWEST = text(
    f"""
    SELECT (array_agg(payload->>'question' ORDER BY created_at DESC))[1] AS question,
           count(*) AS times, max(created_at) AS asked_at
      FROM ai_interaction_logs
     WHERE {_OF_GUESTS} AND message_id IN (
           SELECT id FROM messages WHERE action @> '{{"items": [{{"topic": "handoff"}}]}}')
     GROUP BY {_ASKED} ORDER BY max(created_at) DESC LIMIT :limit
    """  # noqa: S608 - the words above
)
_DISMISS = text(
    f"""
    UPDATE ai_interaction_logs SET payload = payload || '{{"dismissed": true}}'
     WHERE {_OF_GUESTS} AND {_ASKED} = {_PLAIN.format(":question")} RETURNING id
    """  # noqa: S608 - the same
)
_LAST_WRITTEN = text(
    "SELECT max(greatest(updated_at, valid_from)) FROM knowledge_entries"
    " WHERE audience = 'guest' AND deleted_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question as it was asked last, how often it was asked, and when last."""

    question: str
    times: int
    asked_at: datetime


async def newest(session: AsyncSession, limit: int) -> list[Gap]:
    """What was asked last and not dismissed since."""
    rows = await session.execute(_NEWEST, {"model": GUEST_MESSAGING, "limit": limit})
    return [Gap(row.question, row.times, row.asked_at) for row in rows]


async def dismiss(session: AsyncSession, question: str) -> int:
    """The question stands in the list no more until it is asked again; how often it had been asked."""
    return len((await session.execute(_DISMISS, {"model": GUEST_MESSAGING, "question": question})).all())


async def last_written(session: AsyncSession) -> datetime | None:
    """When an entry for guests was written or changed last, or holds from."""
    found: datetime | None = await session.scalar(_LAST_WRITTEN)
    return found
