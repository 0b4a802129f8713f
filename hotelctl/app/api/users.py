"""Who works here, over HTTP: list, invitations, roles, suspension; and what each role may do."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.language import Language
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import require
from hotelctl.app.api.texts import LEFT_OUT, EmailAddress, PersonName
from hotelctl.app.domain.failures import Conflict
from hotelctl.app.domain.permissions import KNOWN, USER_ROLES, Department, Role, Scope, grants, may_assign
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import users
from hotelctl.app.services.link_delivery import Delivered, Delivery, deliver
from hotelctl.app.services.users import Invitation
from hotelctl.app.store import users as store
from hotelctl.app.store.tables import User
from hotelctl.app.store.users import UserFilter

router = APIRouter(prefix="/api", tags=["users"])
Reader = Annotated[Principal, require("users.read")]
Manager = Annotated[Principal, require("users.manage")]


UserRole = Literal[Role.STAFF, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.OWNER]


class InvitationIn(BaseModel):
    """Who shall work here, as what, and the language of mails to the person; null, it is the hotel's."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[EmailAddress, AfterValidator(str.lower)]
    display_name: PersonName
    role: UserRole
    department: Department = Department.GENERAL
    locale: Language | None = None


DELIVERED = {
    Delivery.MAIL: "The link goes by mail to the person's address.",
    Delivery.LINK: (
        "Mail is not set up here, so nothing was sent: hand the link over yourself. It is shown this once."
    ),
}


class LinkOut(BaseModel):
    """A link that is good once: mailed, or to be handed over by whoever asked. A repeat does not see it."""

    delivery: Delivery
    detail: str
    url: str | None
    expires_at: datetime

    @classmethod
    def of(cls, delivered: Delivered) -> Self:
        """The link as its maker may see it."""
        told = DELIVERED[delivered.delivery]
        return cls(
            delivery=delivered.delivery, detail=told, url=delivered.url, expires_at=delivered.expires_at
        )

    def without_url(self) -> Self:
        """What is left for a repeat of the request."""
        return self.model_copy(update={"url": None})


class UserPatch(BaseModel):
    """What shall be different; what is left out stays. A null locale is the hotel's."""

    model_config = ConfigDict(extra="forbid")

    display_name: PersonName = LEFT_OUT
    role: UserRole = LEFT_OUT
    department: Department = LEFT_OUT
    locale: Language | None = None


class StaffOut(BaseModel):
    """Somebody who works here; invited until there is a password."""

    id: UUID
    email: str
    display_name: str
    role: Role
    department: Department
    locale: str | None
    state: Literal["active", "invited", "suspended"]
    last_login_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> Self:
        """The user as those see it who may see users."""
        arrived = "invited" if user.password_hash is None else "active"
        state = arrived if user.suspended_at is None else "suspended"
        shown: dict[str, Any] = {name: getattr(user, name) for name in cls.model_fields if name != "state"}
        return cls(**shown, state=state)


class PermissionOut(BaseModel):
    """One permission of a role, how far it reaches, and in which departments; null, in each."""

    name: str
    meaning: str
    scope: Scope
    departments: list[Department] | None


class RoleOut(BaseModel):
    """A role, and whether the caller may give it to somebody."""

    role: Role
    rank: int
    assignable: bool
    permissions: list[PermissionOut]


class RolesOut(BaseModel):
    """All roles of users, the lowest first."""

    items: list[RoleOut]


async def _wanted(
    role: Role | None = None,
    suspended: Annotated[bool | None, Query(description="Only suspended ones, or only others.")] = None,
) -> UserFilter:
    return UserFilter(role=role, suspended=suspended)


@router.get("/users")
async def list_users(
    who: Reader, service: ServiceDep, wanted: Annotated[UserFilter, Depends(_wanted)], page: PageDep
) -> PageOut[StaffOut]:
    """Who works here, the newest first."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await store.newest(session, wanted, page)
    return PageOut(items=[StaffOut.of(user) for user in found.items], next_cursor=found.next_cursor)


@router.get("/users/{user_id}")
async def read_user(user_id: UUID, who: Reader, service: ServiceDep) -> StaffOut:
    """One of those who work here."""
    async with service.db.transaction(who.hotel_id) as session:
        return StaffOut.of(await users.read(session, user_id))


@router.post("/users", status_code=201, response_model=LinkOut, responses=refusals(Conflict))
async def invite(body: InvitationIn, who: Manager, service: ServiceDep, once: OnceDep) -> Response:
    """The invited person gets a link to set a password, by mail where it is set up; lower roles only."""
    invitation = Invitation(**body.model_dump())
    public_url = service.settings.hotel_public_url

    async def make(session: AsyncSession) -> LinkOut:
        issued = await users.invite(session, who, invitation, public_url)
        return LinkOut.of(deliver(session, service.post, who.hotel_id, issued))

    return await once.create(who, make, kept=LinkOut.without_url)


@router.patch("/users/{user_id}")
async def change_user(user_id: UUID, body: UserPatch, who: Manager, service: ServiceDep) -> StaffOut:
    """The user after the change; another role or department ends the user's sessions at once."""
    changes = body.model_dump(exclude_unset=True)
    async with service.db.transaction(who.hotel_id) as session:
        user = await users.change(session, who, user_id, changes)
    service.admission.forget(user_id)
    return StaffOut.of(user)


@router.post("/users/{user_id}/suspend")
async def suspend(user_id: UUID, who: Manager, service: ServiceDep) -> StaffOut:
    """The user, who is out at once and cannot come in; so is one who was suspended before."""
    async with service.db.transaction(who.hotel_id) as session:
        user = await users.suspend(session, who, user_id)
    service.admission.forget(user_id)
    return StaffOut.of(user)


@router.post("/users/{user_id}/restore")
async def restore(user_id: UUID, who: Manager, service: ServiceDep) -> StaffOut:
    """The user, who may log in again."""
    async with service.db.transaction(who.hotel_id) as session:
        return StaffOut.of(await users.restore(session, who, user_id))


@router.post("/users/{user_id}/link", status_code=201, response_model=LinkOut, responses=refusals(Conflict))
async def new_link(user_id: UUID, who: Manager, service: ServiceDep, once: OnceDep) -> Response:
    """The user gets a link to set a new password, by mail where it is set up; earlier ones are void."""
    public_url = service.settings.hotel_public_url

    async def make(session: AsyncSession) -> LinkOut:
        issued = await users.new_password_link(session, who, user_id, public_url)
        return LinkOut.of(deliver(session, service.post, who.hotel_id, issued))

    return await once.create(who, make, kept=LinkOut.without_url)


@router.get("/rbac/roles")
async def roles(who: Reader) -> RolesOut:
    """What each role may do, how far and in which departments, and which the caller may give."""
    return RolesOut(
        items=[
            RoleOut(
                role=role,
                rank=role.rank,
                assignable=who.may("users.manage") and may_assign(who.role, role),
                permissions=_permissions(role),
            )
            for role in USER_ROLES
        ]
    )


def _permissions(role: Role) -> list[PermissionOut]:
    places: dict[tuple[str, Scope], list[Department]] = {}
    for place in Department:
        for held in grants(role, place).items():
            places.setdefault(held, []).append(place)
    return [
        PermissionOut(
            name=name,
            meaning=KNOWN[name],
            scope=scope,
            departments=None if len(found) == len(Department) else found,
        )
        for (name, scope), found in sorted(places.items())
    ]
