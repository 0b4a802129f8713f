"""Where somebody who is not inside is sent: to the log-in or to the page for guests, and afterwards back."""

import re
from urllib.parse import quote, urlsplit

from fastapi import Request

from hotelctl.app.api.cookies import cookie_name
from hotelctl.app.settings import Settings

HOME = "/home"
OUTSIDE = "/guest"
ENDED = "ended"
# Our own pages only: no other site, and nothing that a browser reads as one.
_OWN = re.compile(r"^/(?![/\\])[A-Za-z0-9/_-]{0,200}(\?[A-Za-z0-9=&%+._~:-]{0,300})?\Z")
_READ = {"GET", "HEAD"}


def own_or_home(wanted: str) -> str:
    """The page of our own that was wanted, else the first page that the person may open."""
    return wanted if is_own(wanted) else HOME


def is_own(wanted: str) -> bool:
    """Whether this is the address of a page of our own, with or without a query."""
    return _OWN.match(wanted) is not None


def way_in(request: Request, settings: Settings) -> str:
    """The page where the person comes in again; it says so when a session has ended."""
    has_ended = request.method not in _READ or cookie_name(settings) in request.cookies
    if request.url.path.startswith(OUTSIDE):
        return f"{OUTSIDE}?said={ENDED}" if has_ended else OUTSIDE
    goal = _page_of(request)
    told = {"next": goal if is_own(goal) else "", "said": ENDED if has_ended else ""}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items() if value)
    return f"/login?{query}" if query else "/login"


def _page_of(request: Request) -> str:
    """The page that was asked for; of a form the page on which it stands."""
    if request.method in _READ:
        return _with_query(request.url.path, request.url.query)
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_here = came_from.netloc == request.headers.get("Host")
    return _with_query(came_from.path, came_from.query) if is_here else ""


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
