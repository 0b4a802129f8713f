"""One of those who work here: another role, a suspension, a new link; for who stands above."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.people_page import HERE, Manager, handed, places_of_work, roles_for, wrong_words
from hotelctl.app.api.users import StaffOut, UserPatch
from hotelctl.app.api.visitors import MEANT, Visitor
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.services import users
from hotelctl.app.services.link_delivery import deliver
from hotelctl.app.services.service import Service
from hotelctl.app.store.tables import User

router = APIRouter(prefix="/admin/users/{user_id}", include_in_schema=False)
Text = Annotated[str, Form()]


async def _managed(service: Service, visitor: Visitor, user_id: UUID) -> User:
    """The user, who stands below the visitor. Raises NotFound or Forbidden."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        user = await users.read(session, user_id)
    if user.role not in roles_for(visitor.who):
        raise Forbidden
    return user


@router.get("")
async def person(request: Request, user_id: UUID, visitor: Manager, service: ServiceDep) -> Response:
    """What is known of the person, and what the visitor may do about it."""
    return _page(request, visitor, await _managed(service, visitor, user_id))


@router.post("", dependencies=[MEANT])
async def change(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    user_id: UUID,
    visitor: Manager,
    service: ServiceDep,
    display_name: Text = "",
    role: Text = "",
    department: Text = "",
    locale: Text = "",
) -> Response:
    """The person is as the form says; another role or department ends the sessions that there are."""
    given = {
        "display_name": display_name.strip(),
        "role": role,
        "department": department,
        "locale": locale or None,
    }
    wrong = faults(UserPatch, given, wrong_words(visitor.t))
    if wrong:
        user = await _managed(service, visitor, user_id)
        return _page(request, visitor, user, given, wrong)
    changes = filled(UserPatch, given).model_dump()
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await users.change(session, visitor.who, user_id, changes)
    service.admission.forget(user_id)
    return _back("changed")


@router.post("/suspend", dependencies=[MEANT])
async def suspend(user_id: UUID, visitor: Manager, service: ServiceDep) -> Response:
    """The person is out at once and cannot come in."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await users.suspend(session, visitor.who, user_id)
    service.admission.forget(user_id)
    return _back("suspended")


@router.post("/restore", dependencies=[MEANT])
async def restore(user_id: UUID, visitor: Manager, service: ServiceDep) -> Response:
    """The person may log in again."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await users.restore(session, visitor.who, user_id)
    return _back("restored")


@router.post("/link", dependencies=[MEANT])
async def link(request: Request, user_id: UUID, visitor: Manager, service: ServiceDep) -> Response:
    """The person gets a new link to set a password; those made before are void."""
    who, public_url = visitor.who, service.settings.hotel_public_url
    async with service.db.transaction(who.hotel_id) as session:
        issued = await users.new_password_link(session, who, user_id, public_url)
        delivered = deliver(session, service.post, who.hotel_id, issued)
        name = (await users.read(session, user_id)).display_name
    return handed(request, visitor, delivered, name, "mailed")


def _back(said: str) -> Response:
    return RedirectResponse(f"{HERE}?said={said}", 303)


def _page(
    request: Request,
    visitor: Visitor,
    user: User,
    fields: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    known = StaffOut.of(user)
    return form_page(
        request,
        visitor,
        "person",
        fields or known.model_dump(),
        wrong,
        person=known,
        clock=visitor.clock,
        **places_of_work(visitor),
    )
