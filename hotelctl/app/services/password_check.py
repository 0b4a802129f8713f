"""Whether somebody is who they say, by e-mail and password; attempts are counted before they are checked."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Forbidden, Locked, Unauthenticated, Unavailable
from hotelctl.app.domain.ids import SYNTHETIC_DOMAIN, is_synthetic
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.logs import current_request, note_hotel
from hotelctl.app.services.endings import Ending, counted
from hotelctl.app.services.limiter import note_uncounted, refusal
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.store import limits, one_time_links, sessions
from hotelctl.app.store.engine import Database
from hotelctl.app.store.limits import Limit
from hotelctl.app.store.session_log import note
from hotelctl.app.store.tables import User

# The note of a refusal need not reach the disk first: that would tell a known address by its time.
_NO_WAIT = text("SET LOCAL synchronous_commit = off")
_EMAIL_LIMIT = Limit("login_email", allowed=10, window_s=900)


@dataclass(frozen=True, slots=True)
class Proved:
    """A user who gave the right password; `new_hash` is set when the stored one is of another cost.

    `counted_as` is under what the attempt counts for the network address.
    """

    user_id: UUID
    hotel_id: UUID
    email: str
    counted_as: str
    new_hash: str | None


class PasswordCheck:
    """Checks passwords; every cause of refusal looks and costs the same."""

    def __init__(
        self, db: Database, passwords: Passwords, failures_per_minute: int, log_ins: Counter
    ) -> None:
        self._db = db
        self._log_ins = log_ins
        self._passwords = passwords
        self._ip_limit = Limit("login_ip", allowed=failures_per_minute, window_s=60)

    def log_in(self) -> AbstractContextManager[Ending]:
        """What is proved and entered inside counts as one log-in, by its ending."""
        return counted(self._log_ins)

    async def prove(self, email: str, password: str, client_ip: str) -> Proved:
        """The user. No connection is held while the password is hashed.

        Raises RateLimited, Locked, or Unauthenticated with one answer for every cause.
        """
        email = email.strip().lower()
        counted_as = address_key(email, client_ip)
        known = await self._admit(email, counted_as)
        if known is not None:
            note_hotel(known.hotel_id)
        stored = known.password_hash if known else None
        if not await self._passwords.verify(stored, password) or known is None or stored is None:
            await self._note_refusal(known, counted_as)
            raise Unauthenticated
        outdated = self._passwords.is_outdated(stored)
        new_hash = await self._passwords.hash(password) if outdated else None
        return Proved(known.user_id, known.hotel_id, email, counted_as, new_hash)

    async def enter(self, session: AsyncSession, proved: Proved) -> User:
        """The live user, in a transaction of the hotel; the attempt no longer counts.

        Raises Unauthenticated when the user or the hotel was suspended meanwhile.
        """
        good = (
            limits.refunding(self._ip_limit, proved.counted_as),
            limits.refunding(_EMAIL_LIMIT, email_key(proved.email)),
        )
        user = await sessions.live_user_after(session, proved.user_id, *good)
        if user is None:
            raise Unauthenticated
        note_hotel(user.hotel_id, SubjectKind.USER)
        user.last_login_at = datetime.now(UTC)
        user.password_hash = proved.new_hash or user.password_hash
        return user

    @asynccontextmanager
    async def renew(self, who: Principal, current: str, new: str) -> AsyncIterator[tuple[AsyncSession, User]]:
        """A transaction in which the new password holds; every session and link of the user is over.

        Raises Forbidden for a guest; Unauthenticated for a wrong current password, which counts as an
        attempt; RateLimited or Locked.
        """
        record = current_request.get()
        email = (await self._user(who)).email
        proved = await self.prove(email, current, record.client_ip if record else "")
        new_hash = await self._passwords.hash(new)
        async with self._db.transaction(who.hotel_id) as session:
            user = await self.enter(session, proved)
            user.password_hash, user.must_change_password = new_hash, False
            user.auth_version += 1
            await sessions.revoke_user(session, user.id, "password_changed")
            await one_time_links.withdraw_all(session, user.id)
            note(session, "revoked", user_id=user.id, role=user.role, outcome="password_changed")
            yield session, user

    async def _user(self, who: Principal) -> User:
        if who.user_id is None:
            raise Forbidden
        async with self._db.transaction(who.hotel_id) as session:
            user = await sessions.live_user(session, who.user_id)
        if user is None:
            raise Unauthenticated
        return user

    async def _admit(self, email: str, counted_as: str) -> sessions.Credentials | None:
        keys = {self._ip_limit: counted_as, _EMAIL_LIMIT: email_key(email)}
        try:
            hits, known = await self._db.ask(limits.attempt_by(keys), sessions.by_email(email))
        except (SQLAlchemyError, OSError) as error:
            # Nobody guesses passwords uncounted.
            note_uncounted(self._ip_limit.bucket, error)
            raise Unavailable(retry_after_s=2) from None
        spent = limits.used_up(tuple(keys), hits)
        if spent is not None and spent.limit is _EMAIL_LIMIT:
            raise Locked(spent.wait_s)
        if spent is not None:
            raise refusal(*spent)
        return sessions.Credentials(*known[0]) if known else None

    async def _note_refusal(self, known: sessions.Credentials | None, counted_as: str) -> None:
        """The hotel can see who was tried; what a probe does wrong on purpose does not count.

        For somebody unknown the same time is taken.
        """
        async with self._db.transaction(known.hotel_id if known else None) as session:
            await session.execute(_NO_WAIT)
            if known is None:
                return
            note(session, "login_fail", method="password", user_id=known.user_id)
            if is_synthetic(known.hotel_id):
                await limits.refund(session, self._ip_limit, counted_as)


def address_key(email: str, client_ip: str) -> str:
    """Probes count apart: who guesses from the machine that they ask from stops no release."""
    return f"{client_ip} {SYNTHETIC_DOMAIN}" if email.endswith(f"@{SYNTHETIC_DOMAIN}") else client_ip


def email_key(email: str) -> str:
    """What an address is counted under: the limits hold no addresses."""
    return hashlib.sha256(email.encode()).hexdigest()
