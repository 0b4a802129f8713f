"""The page behind a one-time link: an invitation's, or one for a new password.

Looking at it takes nothing from the link: previews of messengers and mail scanners look, too. Each look and
each try counts in the limit of its address before the link is read, so that nobody can try out many of them.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api import csrf
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.login_pages import PASSWORD_SET
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.password_rules import SHORTEST_NEW, faults_of_new
from hotelctl.app.api.rendering import page
from hotelctl.app.api.require import limited
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services.new_password import Meant, set_by_link, who_is_meant
from hotelctl.app.services.service import Service

router = APIRouter(include_in_schema=False)
_LONGEST_TOKEN = 256
_COUNTED = [limited("one_time_link")]
Text = Annotated[str, Form()]


@router.get("/set-password/{token}", dependencies=_COUNTED)
async def shown(request: Request, token: str, service: ServiceDep) -> Response:
    """The form; the same page for every link that is not good."""
    meant = await _meant(request, service, token)
    return _over(request) if meant is None else _form(request, token, meant)


@router.post("/set-password/{token}", dependencies=_COUNTED)
async def used(
    request: Request, token: str, service: ServiceDep, new: Text = "", again: Text = ""
) -> Response:
    """The password holds, the link is used up, and the person goes on to the log-in."""
    csrf.refuse_other_sites(request, service.settings)
    meant = await _meant(request, service, token)
    if meant is None:
        return _over(request, Unauthenticated.status)
    wrong = faults_of_new(texts_for(request), new, again)
    if wrong:
        return _form(request, token, meant, wrong=wrong, status=422)
    try:
        await set_by_link(service.db, service.passwords, service.admission, token=token, password=new)
    except Unauthenticated:
        return _over(request, Unauthenticated.status)
    return RedirectResponse(f"/login?said={PASSWORD_SET}", 303)


async def _meant(request: Request, service: Service, token: str) -> Meant | None:
    """For whom the link is; the page speaks their language unless the browser asks for another one."""
    meant = await who_is_meant(service.db, token) if len(token) <= _LONGEST_TOKEN else None
    if meant is not None:
        request.state.locale = meant.locale
    return meant


def _form(
    request: Request,
    token: str,
    meant: Meant,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "set_password",
        status=status,
        place=meant.hotel_name,
        meant=meant,
        action=f"/set-password/{token}",
        wrong=wrong or {},
        shortest=SHORTEST_NEW,
    )


def _over(request: Request, status: int = 200) -> Response:
    return page(request, "link_over", status=status)
