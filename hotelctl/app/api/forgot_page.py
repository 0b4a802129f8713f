"""The page for who forgot the password; where no mail can be sent there is none.

The answer is the same for every address and given before anything is looked up.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from hotelctl.app.api import csrf
from hotelctl.app.api.login_pages import EMAIL
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.require import limited
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.services.forgotten import send_link
from hotelctl.app.services.service import Service

router = APIRouter(prefix="/forgot-password", include_in_schema=False)


@router.get("")
async def form(request: Request, service: ServiceDep) -> Response:
    """The form for the e-mail."""
    _check_mail(service)
    return page(request, "forgot", sent=False, wrong=False, email="")


@router.post("", dependencies=[limited("one_time_link")])
async def ask(request: Request, service: ServiceDep, email: Annotated[str, Form()] = "") -> Response:
    """What is done now, said alike of each address."""
    _check_mail(service)
    csrf.check_source(request, service.settings)
    given = email.strip()
    if not EMAIL.match(given):
        return page(request, "forgot", status=422, sent=False, wrong=True, email=given[:254])
    service.background.start(send_link(service.db, service.post, service.settings.hotel_public_url, given))
    return page(request, "forgot", sent=True, wrong=False, email=given)


def _check_mail(service: Service) -> None:
    if not service.post.is_configured:
        raise NotFound
