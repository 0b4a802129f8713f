"""The service answers under its own names only: nobody can make it believe that it is called otherwise."""

from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from hotelctl.app.api.error_pages import shown
from hotelctl.app.api.problems import problem
from hotelctl.app.services.service import Service

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Asked by address by whoever watches over the process; they say nothing of any hotel.
PROBES = frozenset({"/health", "/healthz", "/readyz", "/version", "/api/health/db"})


def host_of(headers: Headers) -> str | None:
    """The host that the request names, without its port; None for one that cannot be read."""
    return _host_in(headers.get("host", ""))


# A client may name any host, so not all of them are kept.
@lru_cache(maxsize=64)
def _host_in(told: str) -> str | None:
    try:
        return urlsplit(f"//{told}").hostname
    except ValueError:
        return None


class KnownHosts:
    """ASGI middleware; a name that is neither HOTEL_PUBLIC_URL's nor this machine's own is answered 421."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        public = urlsplit(service.settings.hotel_public_url).hostname
        self._known = LOOPBACK | {public}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything but HTTP through untouched."""
        if scope["type"] != "http" or scope["path"] in PROBES or host_of(Headers(scope=scope)) in self._known:
            await self._app(scope, receive, send)
        else:
            await shown(Request(scope, receive), problem(421))(scope, receive, send)
