"""Log-in, refresh, log-out and change of password."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import HotelSuspended, Unauthenticated
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.session_length import longest
from hotelctl.app.logs import note_hotel
from hotelctl.app.services import tokens
from hotelctl.app.services.admission import Admission
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.password_check import PasswordCheck
from hotelctl.app.store import sessions
from hotelctl.app.store.engine import Database
from hotelctl.app.store.session_log import address, note
from hotelctl.app.store.tables import LoginSession, User

_IDLE = timedelta(hours=12)
# Two tabs may refresh with one token at the same moment; only a later repeat is a stolen token.
_RACE_GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a log-in or refresh gives."""

    access_token: str
    refresh_token: str
    user: User
    session_id: UUID


class Login:
    """Opens, prolongs and ends log-ins."""

    def __init__(self, db: Database, keyring: Keyring, admission: Admission, check: PasswordCheck) -> None:
        self._db = db
        self._admission = admission
        self._keyring = keyring
        self._check = check

    async def log_in(self, email: str, password: str, client_ip: str) -> Granted:
        """New tokens.

        Raises RateLimited, Locked, or Unauthenticated with one answer for every cause.
        """
        with self._check.log_in():
            proved = await self._check.prove(email, password, client_ip)
            async with self._db.transaction(proved.hotel_id) as session:
                user = await self._check.enter(session, proved)
                granted = self.grant(session, user, address(client_ip))
                note(
                    session,
                    "login_ok",
                    method="password",
                    user_id=user.id,
                    role=user.role,
                    session_id=granted.session_id,
                )
        return granted

    def grant(
        self,
        session: AsyncSession,
        user: User,
        ip: str | None,
        old: LoginSession | None = None,
        *,
        by_code: bool = False,
    ) -> Granted:
        """Tokens of a new log-in, with a staff code or without; or of the one that `old` belongs to."""
        now = datetime.now(UTC)
        absolute = old.absolute_expires_at if old else now + longest(Role(user.role), by_code=by_code)
        family_id, session_id = old.family_id if old else uuid7(), uuid7()
        refresh_token = tokens.new_refresh_token()
        session.add(
            LoginSession(
                id=session_id,
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
        return Granted(access_token, refresh_token, user, session_id)

    async def refresh(self, refresh_token: str) -> Granted:
        """New tokens for a refresh token that is good exactly once.

        Raises Unauthenticated; a token that was used before ends its whole family. Raises HotelSuspended,
        and the token stays good for when the hotel is open again.
        """
        session_id, hotel_id = await self._locate(refresh_token)
        async with self._db.transaction(hotel_id) as session:
            old = await sessions.rotate(session, session_id, datetime.now(UTC))
            user = await sessions.live_user(session, old.user_id) if old and old.user_id else None
            if old and user:
                granted = self.grant(session, user, old.ip, old)
                note(session, "refresh", session_id=granted.session_id, user_id=user.id, role=user.role)
                return granted
            if old and old.user_id and await sessions.is_kept_out(session, old.user_id):
                raise HotelSuspended
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
                note(session, "logout", session_id=found.id, user_id=found.user_id)
        if found:
            self._admission.forget(found.family_id)

    async def _locate(self, refresh_token: str) -> tuple[UUID, UUID]:
        async with self._db.transaction() as session:
            place = await sessions.locate(session, tokens.hash_of(refresh_token))
        if place is None:
            raise Unauthenticated
        note_hotel(place[1])
        return place

    async def change_password(self, who: Principal, current: str, new: str) -> None:
        """The new password holds and every log-in of the user is over.

        Raises Unauthenticated for a wrong current password, Forbidden for a guest.
        """
        async with self._check.renew(who, current, new):
            pass
        self._admission.forget(who.subject_id)


async def _settle_refused(session: AsyncSession, session_id: UUID) -> None:
    """A refused token that had been rotated some time ago was stolen: its family ends."""
    found = await sessions.find(session, session_id)
    if found is None or found.revoke_reason != "rotated" or found.revoked_at is None:
        return
    if datetime.now(UTC) - found.revoked_at > _RACE_GRACE:
        await sessions.revoke_family(session, found.family_id, "reuse")
        note(session, "reuse_detected", session_id=found.id, user_id=found.user_id)
