"""Opaque sessions: the cookie of a page, the pass of a guest. The token is given once, its hash is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.session_length import SHIFT
from hotelctl.app.services import tokens
from hotelctl.app.services.admission import IDLE
from hotelctl.app.store.tables import LoginSession, User

_UA_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Pass:
    """A new session and the token that opens it."""

    token: str
    session: LoginSession


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session is opened from."""

    ip: str | None = None
    ua: str | None = None


def open_web(session: AsyncSession, user: User, device: Device, longest: timedelta = SHIFT) -> Pass:
    """A session of the pages: ends after eight idle hours, after a shift in any case."""
    return _open(session, LoginSession(hotel_id=user.hotel_id, user_id=user.id), "web", longest, device)


def open_guest(
    session: AsyncSession,
    *,
    hotel_id: UUID,
    qr_token_id: UUID,
    room_label: str | None,
    stay_ends_at: datetime | None,
    device: Device,
) -> Pass:
    """A guest's session: ends after an idle day, and when the stay does."""
    row = LoginSession(
        hotel_id=hotel_id, qr_token_id=qr_token_id, room_label=room_label, subject_kind="guest"
    )
    left = stay_ends_at - datetime.now(UTC) if stay_ends_at else IDLE["guest"]
    return _open(session, row, "guest", left, device)


def _open(session: AsyncSession, row: LoginSession, kind: str, longest: timedelta, device: Device) -> Pass:
    now, token = datetime.now(UTC), tokens.new_refresh_token()
    row.id, row.family_id, row.kind = uuid7(), uuid7(), kind
    row.token_hash = tokens.hash_of(token)
    row.absolute_expires_at = now + longest
    row.expires_at = min(now + IDLE[kind], row.absolute_expires_at)
    row.last_seen_at, row.ip, row.ua = now, device.ip, (device.ua or "")[:_UA_LENGTH] or None
    session.add(row)
    return Pass(token, row)
