"""Log-in, refresh, log-out and change of password."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Forbidden, Locked, RateLimited, Unauthenticated
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import tokens
from hotelctl.app.services.admission import Admission
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.store import limits, sessions
from hotelctl.app.store.engine import Database
from hotelctl.app.store.limits import Limit
from hotelctl.app.store.tables import LoginSession, User

_IDLE = timedelta(hours=12)
_ABSOLUTE = timedelta(days=30)
# Two tabs may refresh with one token at the same moment; only a later repeat is a stolen token.
_RACE_GRACE = timedelta(seconds=10)
_EMAIL_LIMIT = Limit("login_email", allowed=10, window_s=900)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a log-in or refresh gives."""

    access_token: str
    refresh_token: str
    user: User


class Login:
    """Opens, prolongs and ends log-ins."""

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        passwords: Passwords,
        admission: Admission,
        failures_per_minute: int,
    ) -> None:
        self._db = db
        self._admission = admission
        self._keyring = keyring
        self._passwords = passwords
        self._ip_limit = Limit("login_ip", allowed=failures_per_minute, window_s=60)

    async def log_in(self, email: str, password: str, client_ip: str) -> Granted:
        """New tokens. No connection is held while the password is hashed.

        Raises RateLimited, Locked, or Unauthenticated with one answer for every cause.
        """
        email = email.strip().lower()
        known = await self._admit(email, client_ip)
        if (
            not await self._passwords.verify(known.password_hash if known else None, password)
            or known is None
        ):
            await self._forgive_probe(known, client_ip)
            raise Unauthenticated
        outdated = self._passwords.is_outdated(known.password_hash)
        fresh = await self._passwords.hash(password) if outdated else None
        async with self._db.transaction(known.hotel_id) as session:
            await limits.refund(session, self._ip_limit, client_ip)
            await limits.refund(session, _EMAIL_LIMIT, _email_key(email))
            user = await sessions.live_user(session, known.user_id)
            if user is None:
                raise Unauthenticated
            user.last_login_at = datetime.now(UTC)
            user.password_hash = fresh or user.password_hash
            return self._grant(session, user, _address(client_ip))

    async def _admit(self, email: str, client_ip: str) -> sessions.Credentials | None:
        async with self._db.transaction() as session:
            ip_wait_s = await limits.hit(session, self._ip_limit, client_ip)
            email_wait_s = 0 if ip_wait_s else await limits.hit(session, _EMAIL_LIMIT, _email_key(email))
            known = await sessions.credentials(session, email)
        if ip_wait_s:
            raise RateLimited(ip_wait_s)
        if email_wait_s:
            raise Locked(email_wait_s)
        return known

    async def _forgive_probe(self, known: sessions.Credentials | None, client_ip: str) -> None:
        """A wrong password of a probe counts for its e-mail only: deploys must not lock themselves out."""
        if known is not None and known.hotel_id == SYNTHETIC_HOTEL_ID:
            async with self._db.transaction() as session:
                await limits.refund(session, self._ip_limit, client_ip)

    def _grant(
        self, session: AsyncSession, user: User, ip: str | None, old: LoginSession | None = None
    ) -> Granted:
        now = datetime.now(UTC)
        absolute = old.absolute_expires_at if old else now + _ABSOLUTE
        family_id = old.family_id if old else uuid7()
        refresh_token = tokens.new_refresh_token()
        session.add(
            LoginSession(
                id=uuid7(),
                hotel_id=user.hotel_id,
                user_id=user.id,
                token_hash=tokens.hash_of(refresh_token),
                family_id=family_id,
                rotated_from=old.id if old else None,
                ip=ip,
                expires_at=min(now + _IDLE, absolute),
                absolute_expires_at=absolute,
            )
        )
        access_token = tokens.issue(
            self._keyring,
            user_id=user.id,
            hotel_id=user.hotel_id,
            role=user.role,
            auth_version=user.auth_version,
            family_id=family_id,
        )
        return Granted(access_token, refresh_token, user)

    async def refresh(self, refresh_token: str) -> Granted:
        """New tokens for a refresh token that is good exactly once.

        Raises Unauthenticated; a token that was used before ends its whole family.
        """
        session_id, hotel_id = await self._locate(refresh_token)
        async with self._db.transaction(hotel_id) as session:
            old = await sessions.rotate(session, session_id, datetime.now(UTC))
            user = await sessions.live_user(session, old.user_id) if old and old.user_id else None
            if old and user:
                return self._grant(session, user, old.ip, old)
            await _settle_refused(session, session_id)
        raise Unauthenticated

    async def log_out(self, refresh_token: str) -> None:
        """The log-in of this token and all that came from it are over; an unknown token is no error."""
        try:
            session_id, hotel_id = await self._locate(refresh_token)
        except Unauthenticated:
            return
        async with self._db.transaction(hotel_id) as session:
            found = await sessions.find(session, session_id)
            if found:
                await sessions.revoke_family(session, found.family_id, "logout")
        if found:
            self._admission.forget(found.family_id)

    async def _locate(self, refresh_token: str) -> tuple[UUID, UUID]:
        async with self._db.transaction() as session:
            place = await sessions.locate(session, tokens.hash_of(refresh_token))
        if place is None:
            raise Unauthenticated
        return place

    async def change_password(self, who: Principal, current: str, new: str) -> None:
        """The new password holds and every log-in of the user is over.

        Raises Unauthenticated for a wrong current password, Forbidden for a guest.
        """
        if who.user_id is None:
            raise Forbidden
        async with self._db.transaction(who.hotel_id) as session:
            user = await sessions.live_user(session, who.user_id)
        if user is None or not await self._passwords.verify(user.password_hash, current):
            raise Unauthenticated
        new_hash = await self._passwords.hash(new)
        async with self._db.transaction(who.hotel_id) as session:
            row = await sessions.live_user(session, who.user_id)
            if row is None:
                raise Unauthenticated
            row.password_hash, row.must_change_password = new_hash, False
            row.auth_version += 1
            await sessions.revoke_user(session, who.user_id, "password_changed")
        self._admission.forget(who.user_id)


async def _settle_refused(session: AsyncSession, session_id: UUID) -> None:
    """A refused token that had been rotated some time ago was stolen: its family ends."""
    found = await sessions.find(session, session_id)
    if found is None or found.revoke_reason != "rotated" or found.revoked_at is None:
        return
    if datetime.now(UTC) - found.revoked_at > _RACE_GRACE:
        await sessions.revoke_family(session, found.family_id, "reuse")


def _address(client_ip: str) -> str | None:
    """The address, if it is one: a client behind a socket file has none."""
    try:
        return str(ip_address(client_ip))
    except ValueError:
        return None


def _email_key(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()
