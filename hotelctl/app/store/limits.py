"""Counts of attempts in fixed windows, shared by all instances: one statement, no lost update."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.logs import current_request
from hotelctl.app.store.direct import Fixed
from hotelctl.app.store.engine import Database

# The attempt counts here when it was allowed by the limit before, if there is one.
_HIT = """
    INSERT INTO rate_limits AS r (bucket, key, window_start, hits) SELECT :bucket{n}, :key, now(), 1 {before}
    ON CONFLICT (bucket, key) DO UPDATE SET
      hits         = CASE WHEN r.window_start <= now() - make_interval(secs => :window{n}) THEN 1
                          ELSE r.hits + 1 END,
      window_start = CASE WHEN r.window_start <= now() - make_interval(secs => :window{n}) THEN now()
                          ELSE r.window_start END
    RETURNING {n} AS place, hits, extract(epoch FROM
      window_start + make_interval(secs => :window{n}) - now()) AS reset_s
    """
_REFUND = text("UPDATE rate_limits SET hits = hits - 1 WHERE bucket = :bucket AND key = :key AND hits > 0")
_SWEEP = text("DELETE FROM rate_limits WHERE window_start < now() - interval '1 day'")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowed` attempts in `window_s` seconds for each key of the bucket."""

    bucket: str
    allowed: int
    window_s: int


@cache
def _hits(count: int) -> TextClause:
    """Counts one attempt in so many limits, each after the one before it."""
    parts = [
        _HIT.format(n=n, before="" if n == 0 else f"FROM hit{n - 1} WHERE hits <= :allowed{n - 1}")
        for n in range(count)
    ]
    named = ", ".join(f"hit{n} AS ({part})" for n, part in enumerate(parts))
    rows = " UNION ALL ".join(f"SELECT * FROM hit{n}" for n in range(count))  # noqa: S608 - numbers
    return text(f"WITH {named} {rows} ORDER BY place" if count > 1 else parts[0])


@cache
def _fixed(count: int) -> Fixed:
    return Fixed.of(_hits(count))


def _values(limits: Sequence[Limit], key: str) -> dict[str, Any]:
    values: dict[str, Any] = {"key": key}
    for n, limit in enumerate(limits):
        values |= {f"bucket{n}": limit.bucket, f"window{n}": limit.window_s, f"allowed{n}": limit.allowed}
    return values


def _wait_s(limit: Limit, row: Any) -> int:  # noqa: ANN401 - a row of either way to ask
    """0 when the attempt was allowed, else the whole seconds until the next may be."""
    if row.hits <= limit.allowed:
        return 0
    record = current_request.get()
    if record is not None:
        record.limited_by = limit.bucket
    # A transaction that began earlier may count after one that opened the window.
    return min(limit.window_s, max(1, ceil(float(row.reset_s))))


async def spend(db: Database, limits: Sequence[Limit], key: str) -> tuple[Limit, int] | None:
    """Counts one attempt in one statement: the first limit that is used up, and the seconds to wait.

    It does not count in the limits after that one.
    """
    (rows,) = await db.ask((_fixed(len(limits)), _values(limits, key)))
    for limit, row in zip(limits, rows, strict=False):
        wait_s = _wait_s(limit, row)
        if wait_s:
            return limit, wait_s
    return None


async def hit(session: AsyncSession, limit: Limit, key: str) -> int:
    """Counts one attempt: 0 when it is allowed, else the whole seconds until the next may be."""
    values = _values([limit], key)
    del values["allowed0"]
    return _wait_s(limit, (await session.execute(_hits(1), values)).one())


async def refund(session: AsyncSession, limit: Limit, key: str) -> None:
    """One attempt is taken back: it turned out to be a good one."""
    await session.execute(_REFUND, {"bucket": limit.bucket, "key": key})


async def sweep(session: AsyncSession) -> None:
    """Windows older than a day are gone."""
    await session.execute(_SWEEP)
