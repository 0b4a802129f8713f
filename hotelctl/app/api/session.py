"""Who the caller is, and in which hotel: what a program shows of the person it speaks for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.language import Language
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import signed_in
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import users
from hotelctl.app.store import people
from hotelctl.app.store.tables import User

router = APIRouter(prefix="/api/session", tags=["session"])


class PersonOut(BaseModel):
    """A member of staff; the department says which work is theirs."""

    id: UUID
    email: str
    display_name: str
    department: Department
    locale: str | None


class PersonPatch(BaseModel):
    """The language of mails to the caller, of pages where the browser asks for none; null, the hotel's."""

    model_config = ConfigDict(extra="forbid")

    locale: Language | None


class PlaceOut(BaseModel):
    """A hotel."""

    id: UUID
    name: str
    timezone: str
    locale: str


class MeOut(BaseModel):
    """The caller: staff has a `user`, a guest a `room_label`."""

    user: PersonOut | None
    room_label: str | None
    role: Role
    permissions: list[str]
    hotel: PlaceOut


@router.get("/me")
async def me(who: Annotated[Principal, signed_in(afresh=True)], service: ServiceDep) -> MeOut:
    """User, role, permissions and hotel of the caller."""
    async with service.db.transaction(who.hotel_id) as session:
        return await _described(session, who)


@router.patch("/me")
async def change_me(
    body: PersonPatch, who: Annotated[Principal, signed_in(afresh=True)], service: ServiceDep
) -> MeOut:
    """The caller after the change; 403 for a guest, whose language the talk tells."""
    async with service.db.transaction(who.hotel_id) as session:
        await users.change_own(session, who, body.locale)
        return await _described(session, who)


async def _described(session: AsyncSession, who: Principal) -> MeOut:
    hotel = await people.hotel(session)
    user = await people.user(session, who.user_id) if who.user_id else None
    if hotel is None or (who.user_id is not None and user is None):
        raise Unauthenticated
    return MeOut(
        user=_person(user) if user else None,
        room_label=who.room_label,
        role=who.role,
        permissions=sorted(who.grants),
        hotel=PlaceOut(id=hotel.id, name=hotel.name, timezone=hotel.timezone, locale=hotel.locale),
    )


def _person(user: User) -> PersonOut:
    return PersonOut(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        department=Department(user.department),
        locale=user.locale,
    )
