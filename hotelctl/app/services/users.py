"""The rules of who works here: invitations, roles, suspensions, new passwords.

Each function works in the caller's transaction. Whoever manages somebody stands strictly above, before the
change and after it. What ends somebody's access is to be told to `Admission.forget` after the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import mails
from hotelctl.app.domain.failures import Conflict, Forbidden, Invalid, NotFound
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Department, Role, may_assign
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.texts import texts_of
from hotelctl.app.services import one_time_links
from hotelctl.app.services.link_delivery import Issued
from hotelctl.app.services.one_time_links import GOOD_FOR, INVITE, PASSWORD_RESET
from hotelctl.app.store import audit, hotels, sessions
from hotelctl.app.store import one_time_links as link_store
from hotelctl.app.store import users as store
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.session_log import note
from hotelctl.app.store.tables import Hotel, User

_SAME_ADDRESS, _CAPITAL_LETTER = "users_email_live", "users_email_lower"
_SHOWN = ("role", "department", "display_name", "locale")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who shall work here, as what; mails to the person speak its locale, else the hotel's."""

    email: str
    display_name: str
    role: Role
    department: Department = Department.GENERAL
    locale: str | None = None


async def invite(session: AsyncSession, who: Principal, invitation: Invitation, public_url: str) -> Issued:
    """The link with which the invited person sets a password and is in.

    Who was invited and never came gets a new link. An address that belongs to another hotel gets one, too,
    that is good for nothing: the answer does not tell, but the list of users, where it is missing, does to
    whoever compares, and so does the trail. Raises Forbidden, or Conflict for who works here already.
    """
    _check_rank(who, invitation.role)
    user = await _add(session, who, invitation)
    if user is None:
        known = await store.by_email(session, invitation.email)
        if known is None:
            return await _declined(session, who, invitation, public_url)
        if known.password_hash is not None:
            raise Conflict
        _check_rank(who, Role(known.role))
        known.display_name, known.role = invitation.display_name, invitation.role
        known.department, known.locale = invitation.department, invitation.locale
        user = known
    await audit.note(session, who, "user.invite", _thing(user), Change(after=_shown(user)))
    return await _issued(session, user, public_url, INVITE)


async def _declined(session: AsyncSession, who: Principal, invitation: Invitation, public_url: str) -> Issued:
    """What is answered to an invitation to an address of another hotel: as to any other; nobody is added."""
    asked = {name: getattr(invitation, name) for name in _SHOWN}
    await audit.note(session, who, "user.invite", Thing("user", None), Change(after=asked))
    link = one_time_links.decoy(public_url, INVITE)
    hotel = await _hotel(session, who.hotel_id)
    return Issued(link, mails.address_taken(texts_of(hotel.locale), invitation.email, hotel.name))


async def _issued(session: AsyncSession, user: User, public_url: str, purpose: str) -> Issued:
    link = await one_time_links.make(
        session, public_url, hotel_id=user.hotel_id, user_id=user.id, purpose=purpose
    )
    write = mails.invitation if purpose == INVITE else mails.password_reset
    hotel = await _hotel(session, user.hotel_id)
    t = texts_of(user.locale, hotel.locale)
    return Issued(link, write(t, user.email, hotel.name, link.url, GOOD_FOR[purpose]))


async def _hotel(session: AsyncSession, hotel_id: UUID) -> Hotel:
    hotel = await hotels.find(session, hotel_id)
    if hotel is None:
        raise NotFound
    return hotel


async def _add(session: AsyncSession, who: Principal, invitation: Invitation) -> User | None:
    """The new user without a password; None when somebody somewhere has this address."""
    user = User(
        id=uuid7(),
        hotel_id=who.hotel_id,
        email=invitation.email,
        display_name=invitation.display_name,
        role=invitation.role,
        department=invitation.department,
        locale=invitation.locale,
        auth_version=1,
    )
    try:
        async with session.begin_nested():
            session.add(user)
            await session.flush()
    except IntegrityError as error:
        broken = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if broken == _CAPITAL_LETTER:
            # The database knows newer letters than this program's own tables do.
            raise Invalid(("body", "email"), "holds a capital letter") from None
        if broken != _SAME_ADDRESS:
            raise
        return None
    return user


async def read(session: AsyncSession, user_id: UUID) -> User:
    """The user, suspended or not. Raises NotFound."""
    user = await store.find(session, user_id)
    if user is None:
        raise NotFound
    return user


async def change(session: AsyncSession, who: Principal, user_id: UUID, changes: Mapping[str, Any]) -> User:
    """The user after the change; another role or department ends every session, so that it holds at once.

    Raises NotFound or Forbidden.
    """
    user = await _managed(session, who, user_id)
    if "role" in changes:
        _check_rank(who, Role(changes["role"]))
    return await _changed(session, who, user, changes)


async def change_own(session: AsyncSession, who: Principal, locale: str | None) -> User:
    """The caller, whose mails speak this locale; None is the hotel's. Raises Forbidden for a guest."""
    if who.user_id is None:
        raise Forbidden
    user = await store.find(session, who.user_id, lock=True)
    if user is None:
        raise NotFound
    return await _changed(session, who, user, {"locale": locale})


async def _changed(session: AsyncSession, who: Principal, user: User, changes: Mapping[str, Any]) -> User:
    told = {name: value for name, value in changes.items() if getattr(user, name) != value}
    if not told:
        return user
    before = _shown(user)
    for name, value in told.items():
        setattr(user, name, value)
    if {"role", "department"} & told.keys():
        await _end_access(session, user, "role_changed")
    await session.flush()
    await audit.note(session, who, "user.update", _thing(user), Change(before, _shown(user)))
    return user


async def suspend(session: AsyncSession, who: Principal, user_id: UUID) -> User:
    """The user, who cannot come in until restored; links that were sent are no longer good, either.

    Raises NotFound or Forbidden.
    """
    user = await _managed(session, who, user_id)
    if user.suspended_at is None:
        user.suspended_at = datetime.now(UTC)
        await _end_access(session, user, "suspended")
        await link_store.withdraw_all(session, user.id)
        await session.flush()
        await audit.note(session, who, "user.suspend", _thing(user))
    return user


async def restore(session: AsyncSession, who: Principal, user_id: UUID) -> User:
    """The user, who may log in again. Raises NotFound or Forbidden."""
    user = await _managed(session, who, user_id)
    if user.suspended_at is not None:
        user.suspended_at = None
        await session.flush()
        await audit.note(session, who, "user.restore", _thing(user))
    return user


async def new_password_link(session: AsyncSession, who: Principal, user_id: UUID, public_url: str) -> Issued:
    """A link with which the user sets a password; who never accepted the invitation gets a new one.

    Raises NotFound, Forbidden, or Conflict for who is suspended.
    """
    user = await _managed(session, who, user_id)
    if user.suspended_at is not None:
        raise Conflict
    purpose = _purpose(user)
    await audit.note(session, who, "user.link", _thing(user), Change(after={"purpose": purpose}))
    return await _issued(session, user, public_url, purpose)


async def forgotten_link(session: AsyncSession, user: User, public_url: str) -> Issued:
    """The same for a live user who asked for it and is not known to be the one."""
    purpose = _purpose(user)
    asked = Change(after={"purpose": purpose})
    await audit.note_system(session, user.hotel_id, "user.forgot", _thing(user), asked)
    return await _issued(session, user, public_url, purpose)


def _purpose(user: User) -> str:
    return INVITE if user.password_hash is None else PASSWORD_RESET


async def _managed(session: AsyncSession, who: Principal, user_id: UUID) -> User:
    user = await store.find(session, user_id, lock=True)
    if user is None:
        raise NotFound
    _check_rank(who, Role(user.role))
    return user


def _check_rank(who: Principal, role: Role) -> None:
    if not may_assign(who.role, role):
        raise Forbidden


async def _end_access(session: AsyncSession, user: User, reason: str) -> None:
    user.auth_version += 1
    await sessions.revoke_user(session, user.id, reason)
    note(session, "revoked", user_id=user.id, role=user.role, outcome=reason)


def _thing(user: User) -> Thing:
    return Thing("user", user.id)


def _shown(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in _SHOWN}
