"""A password that is set with a one-time link: the end of an invitation or of a forgotten password."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services import one_time_links
from hotelctl.app.services.admission import Admission
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.store import one_time_links as link_store
from hotelctl.app.store import people, sessions
from hotelctl.app.store.audit import Thing, note_system
from hotelctl.app.store.engine import Database, enter_hotel
from hotelctl.app.store.session_log import note
from hotelctl.app.store.tables import User


@dataclass(frozen=True, slots=True)
class Meant:
    """For whom a link is."""

    email: str
    hotel_name: str
    locale: str
    """The person's own, else the hotel's."""


async def who_is_meant(db: Database, token: str) -> Meant | None:
    """For whom the link is, which stays as good as it was; None for one that is not good."""
    async with db.transaction() as session:
        claimed = await _claim(session, token)
        hotel = await people.hotel(session) if claimed else None
        meant = None
        if claimed and hotel:
            user = claimed[1]
            meant = Meant(user.email, hotel.name, user.locale or hotel.locale)
        # Whether a link is good its claim alone can say; this takes the claim back.
        await session.rollback()
    return meant


async def _claim(session: AsyncSession, token: str) -> tuple[UUID, User] | None:
    """Hotel and user of a link that is good, which is used up; the transaction goes on in the hotel."""
    claimed = await one_time_links.claim(session, token)
    if claimed is None:
        return None
    hotel_id, user_id = claimed
    await enter_hotel(session, hotel_id)
    user = await sessions.live_user(session, user_id)
    return (hotel_id, user) if user else None


async def set_by_link(
    db: Database, passwords: Passwords, admission: Admission, *, token: str, password: str
) -> None:
    """The password holds, the link is used up, and every session that there was is over.

    Raises Unauthenticated for a link that is not good, with one answer for every cause.
    """
    # Before the claim, so that no connection waits for the hash; how long it takes says nothing of the link.
    password_hash = await passwords.hash(password)
    async with db.transaction() as session:
        claimed = await _claim(session, token)
        if claimed is None:
            raise Unauthenticated
        hotel_id, user = claimed
        if user.password_hash is not None:
            note(session, "revoked", user_id=user.id, role=user.role, outcome="password_changed")
        user.password_hash, user.must_change_password = password_hash, False
        user.auth_version += 1
        await sessions.revoke_user(session, user.id, "password_changed")
        await link_store.withdraw_all(session, user.id)
        await session.flush()
        await note_system(session, hotel_id, "user.set_by_link", Thing("user", user.id))
    admission.forget(user.id)
