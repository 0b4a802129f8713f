"""What staff does with codes: make, withdraw, replace; each in a transaction of the hotel."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Conflict, Forbidden, Gone, NotFound
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.qr import PREFIX_LENGTH, SHORTEST_TTL_MIN, Purpose, State, expiry
from hotelctl.app.services import tokens
from hotelctl.app.store import qr_tokens, session_ends, sessions
from hotelctl.app.store.session_log import note
from hotelctl.app.store.tables import QrToken

_ENDED = frozenset({State.REVOKED, State.REPLACED})


@dataclass(frozen=True, slots=True)
class Wish:
    """A code to be made."""

    purpose: Purpose
    ttl: timedelta
    max_uses: int = 1
    user_id: UUID | None = None
    room_label: str | None = None
    guest_name: str | None = None
    stay_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new code and its token, which is nowhere else."""

    code: QrToken
    token: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The ids of the sessions that ended with the code; not `changed` when it had ended before."""

    changed: bool
    sessions: tuple[UUID, ...] = ()


def _may(who: Principal, purpose: Purpose) -> None:
    if purpose.is_for_staff and not who.may("qr.manage_staff"):
        raise Forbidden


async def make(session: AsyncSession, who: Principal, wish: Wish) -> Made:
    """A code that lets somebody in.

    Raises Forbidden for a staff code without the right to it, NotFound when its user is not in the hotel.
    """
    _may(who, wish.purpose)
    if wish.user_id is not None and await sessions.live_user(session, wish.user_id) is None:
        raise NotFound
    token = tokens.new_refresh_token()
    code = QrToken(
        id=uuid7(),
        hotel_id=who.hotel_id,
        purpose=wish.purpose.value,
        token_hash=tokens.hash_of(token),
        prefix=token[:PREFIX_LENGTH],
        user_id=wish.user_id,
        room_label=wish.room_label,
        guest_name=wish.guest_name,
        stay_ends_at=wish.stay_ends_at,
        max_uses=wish.max_uses,
        expires_at=expiry(datetime.now(UTC), wish.ttl, wish.stay_ends_at),
        created_by=who.user_id,
    )
    session.add(code)
    await session.flush()
    return Made(code, token)


async def withdraw(session: AsyncSession, who: Principal, code_id: UUID, reason: str | None) -> Withdrawn:
    """The code lets nobody in, and whoever came in with it is out; a repeat changes nothing.

    Raises NotFound, or Forbidden for a staff code without the right to it.
    """
    code, state = await _locked(session, who, code_id)
    if state in _ENDED:
        return Withdrawn(changed=False)
    return await _end(session, who, code, reason)


async def replace(session: AsyncSession, who: Principal, code_id: UUID) -> tuple[Made, Withdrawn]:
    """A new code with the same data and the same time to live; the old one lets nobody in any more.

    Raises NotFound, Forbidden, Conflict when it was replaced before, or Gone when the stay is over.
    """
    old, state = await _locked(session, who, code_id)
    now = datetime.now(UTC)
    if state is State.REPLACED:
        raise Conflict
    if old.stay_ends_at is not None and old.stay_ends_at <= now:
        raise Gone
    ttl = max(old.expires_at - old.created_at, timedelta(minutes=SHORTEST_TTL_MIN))
    made = await make(session, who, _same(old, ttl))
    withdrawn = await _end(session, who, old, "replaced")
    old.replaced_by = made.code.id
    return made, withdrawn


def _same(old: QrToken, ttl: timedelta) -> Wish:
    return Wish(
        purpose=Purpose(old.purpose),
        ttl=ttl,
        max_uses=old.max_uses,
        user_id=old.user_id,
        room_label=old.room_label,
        guest_name=old.guest_name,
        stay_ends_at=old.stay_ends_at,
    )


async def _locked(session: AsyncSession, who: Principal, code_id: UUID) -> tuple[QrToken, State]:
    found = await qr_tokens.lock(session, code_id)
    if found is None:
        raise NotFound
    _may(who, Purpose(found[0].purpose))
    return found


async def _end(session: AsyncSession, who: Principal, code: QrToken, reason: str | None) -> Withdrawn:
    if code.revoked_at is None:
        code.revoked_at, code.revoked_by, code.revoke_reason = datetime.now(UTC), who.user_id, reason
    ended = await session_ends.end_of_code(session, code.id, "qr_revoked")
    for session_id in ended:
        note(
            session, "revoked", session_id=session_id, qr_token_id=code.id, role="guest", outcome="qr_revoked"
        )
    return Withdrawn(changed=True, sessions=tuple(ended))
