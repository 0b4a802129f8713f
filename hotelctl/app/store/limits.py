"""Counts of attempts in fixed windows, shared by all instances: one statement, no lost update."""

from dataclasses import dataclass
from math import ceil

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from hotelctl.app.logs import current_request

_HIT = text(
    """
    INSERT INTO rate_limits AS r (bucket, key, window_start, hits) VALUES (:bucket, :key, now(), 1)
    ON CONFLICT (bucket, key) DO UPDATE SET
      hits         = CASE WHEN r.window_start <= now() - make_interval(secs => :window) THEN 1
                          ELSE r.hits + 1 END,
      window_start = CASE WHEN r.window_start <= now() - make_interval(secs => :window) THEN now()
                          ELSE r.window_start END
    RETURNING hits, extract(epoch FROM window_start + make_interval(secs => :window) - now()) AS reset_s
    """
)
_REFUND = text("UPDATE rate_limits SET hits = hits - 1 WHERE bucket = :bucket AND key = :key AND hits > 0")
_SWEEP = text("DELETE FROM rate_limits WHERE window_start < now() - interval '1 day'")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowed` attempts in `window_s` seconds for each key of the bucket."""

    bucket: str
    allowed: int
    window_s: int


async def hit(session: AsyncSession | AsyncConnection, limit: Limit, key: str) -> int:
    """Counts one attempt: 0 when it is allowed, else the whole seconds until the next may be."""
    values = {"bucket": limit.bucket, "key": key, "window": limit.window_s}
    row = (await session.execute(_HIT, values)).one()
    if row.hits <= limit.allowed:
        return 0
    record = current_request.get()
    if record is not None:
        record.limited_by = limit.bucket
    # A transaction that began earlier may count after one that opened the window.
    return min(limit.window_s, max(1, ceil(float(row.reset_s))))


async def refund(session: AsyncSession, limit: Limit, key: str) -> None:
    """One attempt is taken back: it turned out to be a good one."""
    await session.execute(_REFUND, {"bucket": limit.bucket, "key": key})


async def sweep(session: AsyncSession) -> None:
    """Windows older than a day are gone."""
    await session.execute(_SWEEP)
