"""Links that are good once: an invitation, a new password. Only the hash of what they carry is kept."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store import one_time_links as store
from hotelctl.app.store.tables import VerificationToken

INVITE = "invite"
PASSWORD_RESET = "password_reset"  # noqa: S105 - the purpose's name, no secret
GOOD_FOR = {INVITE: timedelta(days=3), PASSWORD_RESET: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Link:
    """What whoever is invited opens; nobody can read it again."""

    url: str
    expires_at: datetime


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def decoy(public_url: str, purpose: str) -> Link:
    """A link that looks like any other and was never good."""
    return Link(
        f"{public_url}/set-password/{secrets.token_urlsafe(32)}", datetime.now(UTC) + GOOD_FOR[purpose]
    )


async def make(
    session: AsyncSession, public_url: str, *, hotel_id: UUID, user_id: UUID, purpose: str
) -> Link:
    """A new link for this user; those made before for the same purpose are no longer good."""
    await session.execute(store.withdrawal(user_id, purpose))
    row, link = _new(public_url, hotel_id=hotel_id, user_id=user_id, purpose=purpose)
    session.add(VerificationToken(**row))
    await session.flush()
    return link


def make_as_owner(
    connection: Connection, public_url: str, *, hotel_id: UUID, user_id: UUID, purpose: str
) -> Link:
    """The same from outside the service; without a public address the link begins with its path."""
    connection.execute(store.withdrawal(user_id, purpose))
    row, link = _new(public_url, hotel_id=hotel_id, user_id=user_id, purpose=purpose)
    connection.execute(insert(VerificationToken).values(row))
    return link


def _new(public_url: str, *, hotel_id: UUID, user_id: UUID, purpose: str) -> tuple[dict[str, Any], Link]:
    """A row to be written and the link to it."""
    token = secrets.token_urlsafe(32)
    row: dict[str, Any] = {
        "id": uuid7(),
        "hotel_id": hotel_id,
        "purpose": purpose,
        "user_id": user_id,
        "token_hash": _hash(token),
        "expires_at": datetime.now(UTC) + GOOD_FOR[purpose],
    }
    return row, Link(f"{public_url}/set-password/{token}", row["expires_at"])


async def claim(session: AsyncSession, token: str) -> tuple[UUID, UUID] | None:
    """Hotel and user of a link that is good, which then is used up; of any number at once one gets them."""
    return await store.claim(session, _hash(token), (INVITE, PASSWORD_RESET))
