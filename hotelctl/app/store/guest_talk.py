"""What a guest's page shows of the own conversation."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store import conversations, requests
from hotelctl.app.store.direct import Fixed, within
from hotelctl.app.store.tables import Conversation, Message

_SHOWN = 100
_SHOWN_TOPICS = 4
# What an answer rests on was asked for.
_TOPICS = Fixed.of(
    text(
        """
        WITH asked AS (
          SELECT (cited->>'entry_id')::uuid AS id, count(*) AS times
            FROM messages, jsonb_array_elements(citations) AS cited
           WHERE role = 'assistant' AND created_at > now() - interval '30 days' GROUP BY 1)
        SELECT min(title) AS title
          FROM knowledge_entries LEFT JOIN asked USING (id)
         WHERE deleted_at IS NULL AND audience = 'guest'
           AND (valid_from IS NULL OR valid_from <= now()) AND (valid_until IS NULL OR valid_until > now())
         GROUP BY lower(btrim(title))
         ORDER BY coalesce(sum(times), 0) DESC, bool_or(keywords <> '') DESC, min(created_at), 1
         LIMIT :limit
        """
    )
)


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
    """Titles of what the hotel wrote down for its guests and holds today: first what answered most lately.

    Then what was given words to be found by, then the oldest, which hotels write down first. No title twice.
    """
    (rows,) = await within(session).ask((_TOPICS, {"limit": _SHOWN_TOPICS}))
    return [row.title for row in rows]
