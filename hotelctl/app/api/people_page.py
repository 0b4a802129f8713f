"""Who works in the hotel, on a page; and the form that invites somebody."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.language import own_languages
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.users import InvitationIn, StaffOut
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.failures import Conflict
from hotelctl.app.domain.permissions import USER_ROLES, Department, Role, may_assign
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services import users
from hotelctl.app.services.link_delivery import Delivered, Delivery, deliver
from hotelctl.app.services.users import Invitation
from hotelctl.app.store import users as store
from hotelctl.app.store.users import UserFilter

router = APIRouter(prefix="/admin/users", include_in_schema=False)
HERE = "/admin/users"
Manager = Annotated[Visitor, permitted("users.manage")]
Text = Annotated[str, Form()]
_NEW = {"email": "", "display_name": "", "role": "staff", "department": "general", "locale": ""}
_SAID = {
    "invited": Notice("good", "people.is_invited"),
    "mailed": Notice("good", "people.is_mailed"),
    "changed": Notice("good", "people.is_changed"),
    "suspended": Notice("good", "people.is_out"),
    "restored": Notice("good", "people.is_back"),
}


def roles_for(who: Principal) -> list[Role]:
    """The roles that somebody may give, the lowest first."""
    return [role for role in USER_ROLES if who.may("users.manage") and may_assign(who.role, role)]


def places_of_work(visitor: Visitor) -> dict[str, dict[str, str]]:
    """The roles that the visitor may give, the departments and the languages, as a form shows them."""
    t = visitor.t
    return {
        "roles": t.choices("role", roles_for(visitor.who)),
        "departments": t.choices("department", Department),
        "languages": own_languages(t),
    }


def wrong_words(t: Texts) -> dict[str, str]:
    """What is said of each field of a person that is wrong."""
    return {
        "email": t("wrong.email"),
        "display_name": t("people.wrong_name", most=120),
        "role": t("wrong.choose"),
        "department": t("wrong.choose"),
        "locale": t("wrong.choose"),
    }


@router.get("")
async def people(
    request: Request,
    visitor: Annotated[Visitor, permitted("users.read")],
    service: ServiceDep,
    paging: PageDep,
    said: str = "",
) -> Response:
    """Who works here, the newest first."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        found = await store.newest(session, UserFilter(), paging)
    return page(
        request,
        "people",
        viewer=visitor.viewer,
        people=[StaffOut.of(user) for user in found.items],
        next_cursor=found.next_cursor,
        is_first=paging.cursor is None,
        me=visitor.staff_id,
        may_manage=visitor.who.may("users.manage"),
        below=roles_for(visitor.who),
        clock=visitor.clock,
        said=_SAID.get(said),
    )


@router.get("/new")
async def new(request: Request, visitor: Manager) -> Response:
    """The empty form."""
    return _form(request, visitor, _NEW)


@router.post("/new", dependencies=[MEANT])
async def invite(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    visitor: Manager,
    service: ServiceDep,
    email: Text = "",
    display_name: Text = "",
    role: Text = "",
    department: Text = "general",
    locale: Text = "",
) -> Response:
    """The person gets a link to set a password; without a mail server the page shows it, once."""
    given = {
        "email": email.strip(),
        "display_name": display_name.strip(),
        "role": role,
        "department": department,
        "locale": locale or None,
    }
    wrong = faults(InvitationIn, given, wrong_words(visitor.t))
    if wrong:
        return _form(request, visitor, given, wrong)
    who, invitation = visitor.who, Invitation(**filled(InvitationIn, given).model_dump())
    try:
        async with service.db.transaction(who.hotel_id) as session:
            issued = await users.invite(session, who, invitation, service.settings.hotel_public_url)
            delivered = deliver(session, service.post, who.hotel_id, issued)
    except Conflict as failure:
        known = {"email": visitor.t("people.known")}
        return _form(request, visitor, given, known, status=failure.status)
    return handed(request, visitor, delivered, invitation.display_name, "invited")


def handed(request: Request, visitor: Visitor, delivered: Delivered, name: str, said: str) -> Response:
    """Back to the list where the link is mailed; else the page that shows it."""
    if delivered.delivery is Delivery.MAIL:
        return RedirectResponse(f"{HERE}?said={said}", 303)
    clock = visitor.clock
    return page(
        request, "link_once", viewer=visitor.viewer, person=name, delivered=delivered, clock=clock, status=201
    )


def _form(
    request: Request,
    visitor: Visitor,
    fields: Mapping[str, str | None],
    wrong: Mapping[str, str] | None = None,
    **more: int,
) -> Response:
    return form_page(request, visitor, "person_new", fields, wrong, **places_of_work(visitor), **more)
