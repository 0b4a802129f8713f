"""How often routes may be asked: buckets by name, counted in the database for all instances.

Log-ins and messages to the assistant are counted where they are taken in, for not each request is an attempt.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.failures import Failure, RateLimited, Unavailable
from hotelctl.app.logs import Event, current_request, log
from hotelctl.app.store import limits
from hotelctl.app.store.direct import Asked, Rows
from hotelctl.app.store.engine import Database
from hotelctl.app.store.limits import Limit

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


class By(StrEnum):
    """Who is counted: the network address, or the user or guest."""

    ADDRESS = "address"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Limits that all must hold. When nobody can count, a strict bucket lets nobody pass."""

    limits: tuple[Limit, ...]
    by: By
    strict: bool


BUCKETS = {
    "qr.validate": Bucket((Limit("qr.validate", 10, _MINUTE_S),), By.ADDRESS, strict=True),
    "one_time_link": Bucket((Limit("one_time_link", 10, _MINUTE_S),), By.ADDRESS, strict=True),
    "refresh": Bucket((Limit("refresh", 20, _MINUTE_S),), By.ADDRESS, strict=True),
    "logout": Bucket((Limit("logout", 20, _MINUTE_S),), By.ADDRESS, strict=True),
    "qr.generate": Bucket((Limit("qr.generate", 20, _MINUTE_S),), By.SUBJECT, strict=True),
    "export": Bucket((Limit("export", 5, _HOUR_S),), By.SUBJECT, strict=True),
    "chat": Bucket((Limit("chat", 20, _MINUTE_S), Limit("chat.day", 200, _DAY_S)), By.SUBJECT, strict=False),
    # What tells of an emergency when the chat's limits are used up.
    "chat.emergency": Bucket(
        (Limit("chat.emergency", 60, _MINUTE_S), Limit("chat.emergency.day", 500, _DAY_S)),
        By.SUBJECT,
        strict=False,
    ),
    "default": Bucket((Limit("default", 300, _MINUTE_S),), By.SUBJECT, strict=False),
}


async def spend(db: Database, bucket_name: str, key: str, times: int = 1) -> None:
    """One attempt, or as many as are made at once, is counted, whatever becomes of it.

    Of several that do not all fit any more none is made, and none counts.
    Raises RateLimited with what the headers say of the limit; Unavailable if a strict bucket cannot count.
    """
    bucket = BUCKETS[bucket_name]
    try:
        spent = await limits.spend(db, bucket.limits, key, times)
    except (SQLAlchemyError, OSError) as error:
        note_uncounted(bucket_name, error)
        if bucket.strict:
            raise Unavailable(retry_after_s=2) from None
        return
    if spent is not None:
        if times > 1:
            counted = bucket.limits[: bucket.limits.index(spent.limit) + 1]
            await _give_back(db, bucket_name, counted, key, times)
        raise refusal(*spent)


@contextlib.asynccontextmanager
async def spending(db: Database, bucket_name: str, key: str, times: int = 1) -> AsyncIterator[None]:
    """The same around what is made: where it is refused in the end, nothing counts."""
    await spend(db, bucket_name, key, times)
    try:
        yield
    except Failure:
        await _give_back(db, bucket_name, BUCKETS[bucket_name].limits, key, times)
        raise


async def _give_back(
    db: Database, bucket_name: str, counted: tuple[Limit, ...], key: str, times: int
) -> None:
    """What cannot be given back stays counted until the window ends."""
    try:
        async with db.transaction() as session:
            for limit in counted:
                await limits.refund(session, limit, key, times)
    except (SQLAlchemyError, OSError) as error:
        note_uncounted(bucket_name, error)


class CountedReading:
    """Asks in one hotel; the attempt is counted in the first message, as its last statement.

    A message of its own for the count would take as long as what is asked. Who is refused is told nothing
    of what was found.
    """

    def __init__(self, db: Database, hotel_id: UUID, bucket_name: str, key: str) -> None:
        bucket = BUCKETS[bucket_name]
        if bucket.strict:
            raise ValueError(f"a strict bucket is counted before anything is asked: {bucket_name}")
        self._db, self._reading = db, db.reading(hotel_id)
        self._bucket_name, self._limits, self._key = bucket_name, bucket.limits, key
        self._is_counted = False

    async def ask(self, *asked: Asked) -> list[Rows]:
        """The rows of each, all from one transaction. Raises RateLimited."""
        if self._is_counted:
            return await self._reading.ask(*asked)
        try:
            *found, hits = await self._reading.ask(*asked, limits.attempt(self._limits, self._key))
        except SQLAlchemyError as error:
            found = await self._reading.ask(*asked)
            note_uncounted(self._bucket_name, error)
            hits = []
        self._is_counted = True
        spent = limits.used_up(self._limits, hits)
        if spent is not None:
            raise refusal(*spent)
        return found

    async def settle(self) -> None:
        """The attempt counts, also where nothing was asked in it. Raises RateLimited."""
        if not self._is_counted:
            self._is_counted = True
            await spend(self._db, self._bucket_name, self._key)


def refusal(limit: Limit, wait_s: int, left: int = 0) -> RateLimited:
    """What an attempt beyond the limit is told, with the limit in the headers."""
    failure = RateLimited(wait_s)
    failure.headers = {
        "RateLimit-Limit": str(limit.allowed),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(wait_s),
    }
    return failure


def note_uncounted(bucket_name: str, error: Exception) -> None:
    """The failure is in the log, and in the figures of the request under way."""
    log().warning(Event.LIMITER_FAILED, msg=f"bucket {bucket_name} was not counted", exc_info=error)
    record = current_request.get()
    if record is not None:
        record.uncounted_in = bucket_name
