"""Who is behind a token: an access token's user, or the user or guest of an opaque session.

What was found is believed for five seconds, so that most requests cost no look-up. A change that this
instance makes is told by `forget`: it holds here at once and everywhere after five seconds.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.failures import Unauthenticated, Unavailable
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.logs import Event, log
from hotelctl.app.services import tokens
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.store import standing
from hotelctl.app.store.engine import Database
from hotelctl.app.store.standing import Person, Standing

_BELIEVED_S = 5.0
_MOST = 10_000
_SEEN_AGAIN = timedelta(minutes=5)
IDLE = {"web": timedelta(hours=8), "guest": timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class _Found:
    principal: Principal
    until_s: float


class Admission:
    """Tells principals by their tokens; made once per process."""

    def __init__(self, db: Database, keyring: Callable[[], Keyring], old_secret: bytes | None = None) -> None:
        self._db = db
        self._old_secret = old_secret
        self._keyring = keyring
        self._found: dict[str, _Found] = {}
        self._changes = 0

    async def admit(self, token: str, *, afresh: bool = False) -> Principal:
        """The principal, as long as session, user and hotel are live; `afresh` asks the database in any case.

        Raises Unauthenticated, HotelSuspended, or Unavailable when the database cannot say: never a refusal
        by accident.
        """
        known = None if afresh else self._found.get(token)
        if known and known.until_s > time.monotonic() and known.principal.expires_at > datetime.now(UTC):
            return known.principal
        changes = self._changes
        try:
            look_up = self._by_access_token if token.count(".") else self._by_session
            principal = await look_up(token)
        except SQLAlchemyError as error:
            log().warning(Event.REQUEST_FAILED, msg="database did not say who this is", exc_info=error)
            raise Unavailable(retry_after_s=2) from None
        # Of what was looked up while something was revoked nobody knows whether it came before or after.
        if changes == self._changes:
            self._remember(token, principal)
        return principal

    def forget(self, subject_or_session: UUID) -> None:
        """The next request of this user or session is looked up; called after a change was committed."""
        self._changes += 1
        self._found = {
            token: found
            for token, found in self._found.items()
            if subject_or_session not in {found.principal.subject_id, found.principal.session_id}
        }

    def _remember(self, token: str, principal: Principal) -> None:
        if len(self._found) >= _MOST:
            self._found.clear()
        self._found[token] = _Found(principal, time.monotonic() + _BELIEVED_S)

    async def _by_access_token(self, token: str) -> Principal:
        access = tokens.read(self._keyring(), token, self._old_secret)
        asks, named = self._db.reading(access.hotel_id), (access.user_id, access.family_id)
        person = await standing.by_family(asks, *named, access.auth_version, datetime.now(UTC))
        if person is None:
            raise Unauthenticated
        return _user(person, access.family_id, access.expires_at)

    async def _by_session(self, token: str) -> Principal:
        found = await standing.by_token_hash(self._db, tokens.hash_of(token), datetime.now(UTC))
        if found is None:
            raise Unauthenticated
        expires_at = await self._renew(found)
        if found.person is None:
            return _guest(found, expires_at)
        return _user(found.person, found.session_id, expires_at, found.ends_at)

    async def _renew(self, found: Standing) -> datetime:
        """Who comes back stays in, up to the session's absolute end; noted every few minutes only."""
        now = datetime.now(UTC)
        if found.last_seen_at is None or now - found.last_seen_at >= _SEEN_AGAIN:
            return await standing.seen_again(self._db.reading(found.hotel_id), found, now, IDLE[found.kind])
        return found.expires_at


def _user(
    person: Person, session_id: UUID, expires_at: datetime, ends_at: datetime | None = None
) -> Principal:
    return Principal(
        kind=SubjectKind.USER,
        hotel_id=person.hotel_id,
        user_id=person.id,
        session_id=session_id,
        role=Role(person.role),
        department=Department(person.department),
        room_label=None,
        expires_at=expires_at,
        ends_at=ends_at,
        must_change_password=person.must_change_password,
    )


def _guest(found: Standing, expires_at: datetime) -> Principal:
    return Principal(
        kind=SubjectKind.GUEST,
        hotel_id=found.hotel_id,
        user_id=None,
        session_id=found.session_id,
        role=Role.GUEST,
        department=Department.GENERAL,
        room_label=found.room_label,
        expires_at=expires_at,
        ends_at=found.ends_at,
    )
