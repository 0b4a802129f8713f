"""The cookie of a session, and whether a request with it was made by this site's own pages."""

from fastapi import Request
from starlette.responses import Response

from hotelctl.app.settings import Settings

_OWN = frozenset({"same-origin", "none"})


def _is_https(settings: Settings) -> bool:
    return settings.hotel_public_url.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """Bound to this host where there is TLS; clients do not return such a cookie over plain http."""
    return "__Host-hotel" if _is_https(settings) else "hotel"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """The browser keeps the session until it is closed; scripts and other sites cannot read it."""
    response.set_cookie(
        cookie_name(settings), token, path="/", secure=_is_https(settings), httponly=True, samesite="lax"
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """The browser forgets the session."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=_is_https(settings), httponly=True, samesite="lax"
    )


def is_from_here(request: Request, settings: Settings) -> bool:
    """Whether a page of this site made the request; one that does not say so did not."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OWN
    return request.headers.get("Origin") == settings.hotel_public_url
