"""The owner's statements that close a hotel: for a while, or for good."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from hotelctl.app.store.tables import Hotel, User


@dataclass(frozen=True, slots=True)
class Standing:
    """How a hotel stands that is not deleted."""

    hotel_id: UUID
    is_synthetic: bool
    suspended_at: datetime | None


def standing(connection: Connection, slug: str) -> Standing | None:
    """The hotel of this slug, which nobody else changes until the transaction ends; None if there is none."""
    chosen = select(Hotel.id, Hotel.is_synthetic, Hotel.suspended_at)
    live = chosen.where(Hotel.slug == slug, Hotel.deleted_at.is_(None)).with_for_update(key_share=True)
    row = connection.execute(live).one_or_none()
    return None if row is None else Standing(*row)


def suspend(connection: Connection, hotel_id: UUID) -> datetime:
    """Since when nobody comes in, and who is inside is refused: now."""
    now = _now(connection)
    connection.execute(update(Hotel).where(Hotel.id == hotel_id).values(suspended_at=now))
    return now


def resume(connection: Connection, hotel_id: UUID) -> None:
    """The hotel is as it was before."""
    connection.execute(update(Hotel).where(Hotel.id == hotel_id).values(suspended_at=None))


def delete(connection: Connection, hotel_id: UUID) -> datetime:
    """Since when the hotel and its people are deleted, now; slug and addresses may be used anew."""
    now = _now(connection)
    people = update(User).where(User.hotel_id == hotel_id, User.deleted_at.is_(None))
    connection.execute(people.values(deleted_at=now))
    connection.execute(update(Hotel).where(Hotel.id == hotel_id).values(deleted_at=now))
    return now


def _now(connection: Connection) -> datetime:
    """By the database's clock."""
    return connection.execute(select(func.now())).scalar_one()
