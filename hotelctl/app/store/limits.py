"""Counts of attempts in fixed windows, shared by all instances: one statement, no lost update."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.logs import current_request
from hotelctl.app.store.direct import Asked, Fixed, Rows
from hotelctl.app.store.engine import Database

# The attempt counts here when it was allowed by the limit before, if there is one. What the limit says stands
# in the words themselves, as it is the same each time.
_HIT = """
    INSERT INTO rate_limits AS r (bucket, key, window_start, hits)
    SELECT '{bucket}', :key{n}, now(), CAST(:times AS integer) {before}
    ON CONFLICT (bucket, key) DO UPDATE SET
      hits         = CASE WHEN r.window_start <= now() - interval '{window_s} s'
                          THEN excluded.hits ELSE r.hits + excluded.hits END,
      window_start = CASE WHEN r.window_start <= now() - interval '{window_s} s' THEN now()
                          ELSE r.window_start END
    RETURNING {n} AS place, hits, extract(epoch FROM
      window_start + interval '{window_s} s' - now()) AS reset_s
    """
_NAME = re.compile(r"[a-z][a-z_.]*")
_REFUND = text(
    "UPDATE rate_limits SET hits = hits - :times WHERE bucket = :bucket AND key = :key AND hits >= :times"
)
_REFUND_ASKED = Fixed.of(_REFUND)
_SWEEP = text("DELETE FROM rate_limits WHERE window_start < now() - interval '1 day'")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowed` attempts in `window_s` seconds for each key of the bucket."""

    bucket: str
    allowed: int
    window_s: int

    def __post_init__(self) -> None:
        """Raises ValueError for a name that is more than a name: it stands in a statement."""
        if not _NAME.fullmatch(self.bucket):
            raise ValueError(self.bucket)


class UsedUp(NamedTuple):
    """A limit that refuses: the seconds to wait, and the attempts left, fewer than were asked for."""

    limit: Limit
    wait_s: int
    left: int = 0


@cache
def _hits(limits: tuple[Limit, ...]) -> TextClause:
    """Counts in all of them, each after the one before it."""
    before, parts = "", []
    for n, limit in enumerate(limits):
        parts.append(_HIT.format(n=n, bucket=limit.bucket, window_s=int(limit.window_s), before=before))
        before = f"FROM hit{n} WHERE hits <= {int(limit.allowed)}"
    named = ", ".join(f"hit{n} AS ({part})" for n, part in enumerate(parts))
    rows = " UNION ALL ".join(f"SELECT * FROM hit{n}" for n in range(len(parts)))  # noqa: S608 - numbers
    return text(f"WITH {named} {rows} ORDER BY place" if len(parts) > 1 else parts[0])


@cache
def _fixed(limits: tuple[Limit, ...]) -> Fixed:
    return Fixed.of(_hits(limits))


def _wait_s(limit: Limit, row: Any) -> int:  # noqa: ANN401 - a row of either way to ask
    """0 when the attempt was allowed, else the whole seconds until the next may be."""
    if row.hits <= limit.allowed:
        return 0
    record = current_request.get()
    if record is not None:
        record.limited_by = limit.bucket
    # A transaction that began earlier may count after one that opened the window.
    return min(limit.window_s, max(1, ceil(float(row.reset_s))))


async def spend(db: Database, limits: tuple[Limit, ...], key: str, times: int = 1) -> UsedUp | None:
    """Counts so many attempts in one statement: the first limit that is used up.

    It does not count in the limits after that one.
    """
    (rows,) = await db.ask(attempt(limits, key, times))
    return used_up(limits, rows, times)


def attempt(limits: tuple[Limit, ...], key: str, times: int = 1) -> Asked:
    """So many attempts, counted together with what is asked in them; `used_up` reads what comes of it."""
    return attempt_by(dict.fromkeys(limits, key), times)


def attempt_by(keys: Mapping[Limit, str], times: int = 1) -> Asked:
    """The same where each limit has a key of its own."""
    named = {f"key{n}": key for n, key in enumerate(keys.values())}
    return _fixed(tuple(keys)), {"times": times, **named}


def used_up(limits: tuple[Limit, ...], rows: Rows, times: int = 1) -> UsedUp | None:
    """The first limit that is used up."""
    for limit, row in zip(limits, rows, strict=False):
        wait_s = _wait_s(limit, row)
        if wait_s:
            return UsedUp(limit, wait_s, max(0, limit.allowed - (row.hits - times)))
    return None


async def hit(session: AsyncSession, limit: Limit, key: str) -> int:
    """Counts one attempt: 0 when it is allowed, else the whole seconds until the next may be."""
    return _wait_s(limit, (await session.execute(_hits((limit,)), {"key0": key, "times": 1})).one())


def refunding(limit: Limit, key: str) -> Asked:
    """One attempt is taken back: it turned out to be a good one."""
    return _REFUND_ASKED, {"bucket": limit.bucket, "key": key, "times": 1}


async def refund(session: AsyncSession, limit: Limit, key: str, times: int = 1) -> None:
    """So many attempts are taken back, all of one: it turned out to be a good one, or made nothing."""
    await session.execute(_REFUND, {"bucket": limit.bucket, "key": key, "times": times})


async def sweep(session: AsyncSession) -> None:
    """Windows older than a day are gone."""
    await session.execute(_SWEEP)
