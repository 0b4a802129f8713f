"""Statements on the hotel's users, in the transaction's hotel."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.permissions import Role
from hotelctl.app.store.paging import Found, Page, fetch
from hotelctl.app.store.tables import User


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users a list holds; None asks for nothing."""

    role: Role | None = None
    suspended: bool | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What every user of the list fulfils."""
        found = [] if self.role is None else [User.role == self.role]
        if self.suspended is not None:
            missing = User.suspended_at.is_(None)
            found.append(~missing if self.suspended else missing)
        return found


async def find(session: AsyncSession, user_id: UUID, *, lock: bool = False) -> User | None:
    """The user, suspended or not; locked, nobody else changes it until the transaction ends."""
    statement = select(User).where(User.id == user_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()


async def by_email(session: AsyncSession, email: str) -> User | None:
    """The hotel's user of this address, suspended or not, locked until the transaction ends."""
    statement = select(User).where(User.email == email).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def can_be_assigned(session: AsyncSession, user_id: UUID) -> bool:
    """Whether this is a user of the hotel who is not suspended."""
    statement = select(User.id).where(User.id == user_id, User.suspended_at.is_(None))
    return (await session.execute(statement)).first() is not None


async def active(session: AsyncSession) -> Sequence[User]:
    """The hotel's users who are not suspended, by name."""
    statement = select(User).where(User.suspended_at.is_(None)).order_by(User.display_name, User.id)
    return (await session.execute(statement)).scalars().all()


async def newest(session: AsyncSession, wanted: UserFilter, page: Page) -> Found[User]:
    """A page of the users, newest first."""
    return await fetch(session, select(User).where(*wanted.conditions()), page, by=[User.id])
