"""A person's own account: who one is, and the language that one is written to."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.language import own_languages
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.session import PersonPatch
from hotelctl.app.api.visitors import MEANT, StaffDep, Visitor
from hotelctl.app.services import users

router = APIRouter(prefix="/account", include_in_schema=False)
_SAID = {"saved": Notice("good", "account.saved")}


@router.get("")
async def account(request: Request, staff: StaffDep, said: str = "") -> Response:
    """Who one is, until when one is logged in, the own language and the way to a new password."""
    return _page(request, staff, staff.user.locale if staff.user else None, said=_SAID.get(said))


@router.post("", dependencies=[MEANT])
async def save(
    request: Request, staff: StaffDep, service: ServiceDep, locale: Annotated[str, Form()] = ""
) -> Response:
    """Mails to the person speak the chosen language from now on."""
    given = {"locale": locale or None}
    wrong = faults(PersonPatch, given, {"locale": staff.t("wrong.choose")})
    if wrong:
        return _page(request, staff, locale, wrong)
    async with service.db.transaction(staff.who.hotel_id) as session:
        await users.change_own(session, staff.who, given["locale"])
    return RedirectResponse("/account?said=saved", 303)


def _page(
    request: Request,
    staff: Visitor,
    locale: str | None,
    wrong: dict[str, str] | None = None,
    said: Notice | None = None,
) -> Response:
    left = staff.who.expires_at - datetime.now(UTC)
    latest = staff.who.ends_at or staff.who.expires_at
    return form_page(
        request,
        staff,
        "account",
        {"locale": locale},
        wrong,
        user=staff.user,
        hours=max(1, round(left.total_seconds() / 3600)),
        latest=staff.clock.at(latest),
        prolonged=staff.who.expires_at < latest,
        languages=own_languages(staff.t),
        said=said,
    )
