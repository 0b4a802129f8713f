"""The page that reads a code with the camera, or takes it as text; it lets nobody in, it only leads there."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api import csrf
from hotelctl.app.api.headers import SCAN_PAGE
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import MaybeVisitor, Visitor

router = APIRouter(include_in_schema=False)
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{20,256}$")


def token_in(text: str, public_url: str) -> str | None:
    """The token of a code's address at this service, or of one that is given by itself."""
    given = text.strip()
    if "/" not in given:
        return given if _TOKEN.match(given) else None
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    token = parts.path.removeprefix("/q/")
    is_here = f"{parts.scheme}://{parts.netloc}" == public_url and parts.path != token
    return token if is_here and _TOKEN.match(token) else None


@router.get(SCAN_PAGE)
async def scan(request: Request, visitor: MaybeVisitor) -> Response:
    """The camera where the browser can read codes, and a field for the code."""
    return _page(request, visitor)


@router.post(SCAN_PAGE)
async def read(
    request: Request,
    visitor: MaybeVisitor,
    service: ServiceDep,
    code: Annotated[str, Form(max_length=2048)] = "",
) -> Response:
    """To the page of the code, which is not used by this."""
    csrf.check_source(request, service.settings)
    public_url = service.settings.hotel_public_url
    token = token_in(code, public_url)
    if token is None:
        wrong = texts_for(request)("scan.wrong", address=public_url)
        return _page(request, visitor, wrong, 422)
    return RedirectResponse(f"/q/{token}", 303)


def _page(request: Request, visitor: Visitor | None, wrong: str | None = None, status: int = 200) -> Response:
    return page(
        request,
        "scan",
        viewer=visitor.viewer if visitor else None,
        wrong={"code": wrong} if wrong else {},
        fields={"code": ""},
        status=status,
    )
