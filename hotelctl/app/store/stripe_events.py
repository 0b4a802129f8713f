"""Events of Stripe that were taken; it sends each one again until it is told so, and sometimes after."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TAKE = text(
    "INSERT INTO stripe_events (id, type, livemode) VALUES (:id, :type, :livemode)"
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)
# Stripe repeats for three days; a signature is good for minutes only.
_SWEEP = text("DELETE FROM stripe_events WHERE received_at < now() - interval '30 days'")


async def take(session: AsyncSession, event_id: str, kind: str, *, livemode: bool) -> bool:
    """Whether the event came for the first time; of any number at once exactly one has True."""
    await session.execute(_SWEEP)
    values = {"id": event_id, "type": kind, "livemode": livemode}
    return await session.scalar(_TAKE, values) is not None
