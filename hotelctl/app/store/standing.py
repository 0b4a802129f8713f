"""Who a token stands for at this moment: asked by nearly every request, in one way there and back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hotelctl.app.domain.failures import HotelSuspended
from hotelctl.app.store.direct import Asks, Fixed

# From here on the transaction is of the session's hotel; without such a session it stays of none.
_ENTER = Fixed.of(
    text(
        """
        SELECT set_config('app.hotel_id', hotel_id::text, true) AS hotel,
               set_config('app.session_id', id::text, true) AS session
          FROM auth_session(:hash)
        """
    )
)
_LIVE_PASS = Fixed.of(
    text(
        """
        SELECT s.id, s.hotel_id, s.user_id, s.kind, s.room_label, s.last_seen_at, s.expires_at,
               s.absolute_expires_at, u.role, u.department, u.must_change_password,
               h.suspended_at IS NOT NULL AS is_closed
          FROM sessions s
          JOIN hotels h ON h.id = s.hotel_id AND h.deleted_at IS NULL
          LEFT JOIN users u ON u.hotel_id = s.hotel_id AND u.id = s.user_id
                           AND u.deleted_at IS NULL AND u.suspended_at IS NULL
         WHERE s.id = NULLIF(current_setting('app.session_id', true), '')::uuid
           AND s.kind IN ('web', 'guest') AND s.revoked_at IS NULL AND s.expires_at > :now
           AND (s.user_id IS NULL OR u.id IS NOT NULL)
        """
    )
)
_SEEN = Fixed.of(
    text(
        """
        UPDATE sessions SET last_seen_at = :now, expires_at = least(:until, absolute_expires_at)
         WHERE id = :session RETURNING expires_at
        """
    )
)
_FAMILY = Fixed.of(
    text(
        """
        SELECT u.id, u.hotel_id, u.role, u.department, u.must_change_password, u.auth_version,
               h.suspended_at IS NOT NULL AS is_closed
          FROM users u JOIN hotels h ON h.id = u.hotel_id AND h.deleted_at IS NULL
         WHERE u.id = :user AND u.deleted_at IS NULL AND u.suspended_at IS NULL
           AND EXISTS (SELECT 1 FROM sessions s
                        WHERE s.family_id = :family AND s.revoked_at IS NULL AND s.expires_at > :now)
        """
    )
)


@dataclass(frozen=True, slots=True)
class Person:
    """A live user, as far as what may be done depends on it."""

    id: UUID
    hotel_id: UUID
    role: str
    department: str
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A live session of the pages or of a guest; `person` is None for a guest."""

    session_id: UUID
    hotel_id: UUID
    kind: str
    room_label: str | None
    last_seen_at: datetime | None
    expires_at: datetime
    ends_at: datetime
    """When it is over however often it is used."""
    person: Person | None


async def by_token_hash(asks: Asks, token_hash: bytes, now: datetime) -> Standing | None:
    """The page's or guest's session, while it lasts and its hotel and its user, if it has one, are live.

    A refresh token is none. Raises HotelSuspended.
    """
    _, rows = await asks.ask((_ENTER, {"hash": token_hash}), (_LIVE_PASS, {"now": now}))
    for row in rows:
        _check_open(row)
        person = None
        if row.user_id is not None:
            person = Person(row.user_id, row.hotel_id, row.role, row.department, row.must_change_password)
        seen = row.room_label, row.last_seen_at, row.expires_at, row.absolute_expires_at
        return Standing(row.id, row.hotel_id, row.kind, *seen, person)
    return None


async def seen_again(asks: Asks, found: Standing, now: datetime, idle: timedelta) -> datetime:
    """When the session ends that is used now: after an idle time, at its absolute end in any case."""
    values = {"session": found.session_id, "now": now, "until": now + idle}
    (rows,) = await asks.ask((_SEEN, values))
    until: datetime = rows[0].expires_at if rows else found.expires_at
    return until


async def by_family(asks: Asks, user_id: UUID, family_id: UUID, version: int, now: datetime) -> Person | None:
    """The live user of this version, if some session of the family can still be refreshed.

    Raises HotelSuspended.
    """
    values = {"user": user_id, "family": family_id, "now": now}
    (rows,) = await asks.ask((_FAMILY, values))
    for row in rows:
        if row.auth_version == version:
            _check_open(row)
            return Person(row.id, row.hotel_id, row.role, row.department, row.must_change_password)
    return None


def _check_open(row: Any) -> None:  # noqa: ANN401 - a row of one of the statements above
    """Raises HotelSuspended: who has come in before may know it."""
    if row.is_closed:
        raise HotelSuspended
