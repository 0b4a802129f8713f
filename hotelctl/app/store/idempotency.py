"""Answers kept under the key that a client gave to its request, in the transaction that made the thing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import cast, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Conflict, IdempotencyMismatch
from hotelctl.app.store.tables import IdempotencyKey

KEPT = timedelta(hours=24)
# What the table's own rule allows.
LARGEST_BYTES = 65536
# A repeat waits for the first attempt, but not as long as its client would.
_PATIENCE = text("SELECT set_config('lock_timeout', '3s', true)")
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One coming of a request: whose key, for which route, and what the request said."""

    hotel_id: UUID
    key: str
    route: str
    request_sha256: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first attempt was answered."""

    status: int
    body: Any


async def begin(session: AsyncSession, attempt: Attempt) -> Answer | None:
    """None when this attempt is the one that counts, else what the first one was answered.

    If the transaction is taken back, the next attempt counts. Raises Conflict while another one is under way,
    and IdempotencyMismatch when the key came with another request.
    """
    await session.execute(_PATIENCE)
    try:
        counts = (await session.execute(_claim(attempt))).first()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise Conflict(retry_after_s=1) from None
        raise
    if counts is not None:
        return None
    found = (await session.scalars(select(IdempotencyKey).where(_is(attempt)))).one()
    if (found.request_sha256, found.route) != (attempt.request_sha256, attempt.route):
        raise IdempotencyMismatch
    if found.status is None:
        raise Conflict(retry_after_s=1)
    return Answer(found.status, found.response)


async def keep(session: AsyncSession, attempt: Attempt, answer: Answer) -> None:
    """The answer is what every repeat gets; of a too large one nothing is kept: the next attempt counts."""
    fits = func.pg_column_size(cast(answer.body, JSONB)) < LARGEST_BYTES
    kept = update(IdempotencyKey).where(_is(attempt), fits)
    told = kept.values(status=answer.status, response=answer.body).returning(IdempotencyKey.key)
    if (await session.execute(told)).first() is None:
        await session.execute(delete(IdempotencyKey).where(_is(attempt)))


async def sweep(session: AsyncSession, hotel_id: UUID) -> int:
    """Answers of the hotel that nobody will ask for again are gone; how many."""
    over = IdempotencyKey.hotel_id == hotel_id, IdempotencyKey.expires_at <= func.now()
    gone = delete(IdempotencyKey).where(*over)
    return len((await session.execute(gone.returning(IdempotencyKey.key))).all())


def _is(attempt: Attempt) -> Any:  # noqa: ANN401 - SQLAlchemy's own type for a condition
    return (IdempotencyKey.hotel_id == attempt.hotel_id) & (IdempotencyKey.key == attempt.key)


def _claim(attempt: Attempt) -> Any:  # noqa: ANN401 - SQLAlchemy's own type for this statement
    said = {"route": attempt.route, "request_sha256": attempt.request_sha256}
    fresh = {**said, "status": None, "response": None, "expires_at": func.now() + KEPT}
    new = insert(IdempotencyKey).values(hotel_id=attempt.hotel_id, key=attempt.key, **fresh)
    over = new.on_conflict_do_update(
        index_elements=["hotel_id", "key"],
        set_={**fresh, "created_at": func.now()},
        where=IdempotencyKey.expires_at <= func.now(),
    )
    return over.returning(IdempotencyKey.key)
