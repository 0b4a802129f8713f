"""How long a page takes with all that it loads, from a browser that keeps nothing."""

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from benchmarks.service.figures import percentile_ms
from benchmarks.service.scenarios import guest, staff
from benchmarks.service.seeding import GUESTS

_ASSET = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")
_NOBODY = dict[str, str]()
_FIRST = """
SELECT (SELECT id FROM knowledge_entries WHERE hotel_id = h.id LIMIT 1),
       (SELECT id FROM conversations WHERE hotel_id = h.id AND session_id IS NOT NULL LIMIT 1),
       (SELECT id FROM tickets WHERE hotel_id = h.id LIMIT 1),
       (SELECT id FROM work_orders WHERE hotel_id = h.id LIMIT 1),
       (SELECT id FROM users WHERE hotel_id = h.id AND role = 'staff' LIMIT 1), entry_code
  FROM hotels h WHERE slug = %(slug)s
"""
# One address of a page, and the headers of who looks.
Visit = tuple[str, dict[str, str]]
# What machines ask, what sends on, what asks whether a code or link is to be used, what pages load, and what
# is there only where mail can be sent.
NO_PAGES = frozenset(
    {
        "/forgot-password",
        "/healthz",
        "/home",
        "/q/{token}",
        "/set-password/{token}",
        "/static/{stem}.{digest}.{suffix}",
    }
)


@dataclass(frozen=True, slots=True)
class PageTime:
    """One page: its weight, and in milliseconds the first byte and the end of the last asset."""

    route: str
    loads: int
    bytes: int
    assets: int
    first_byte_p95_ms: float | None
    whole_p50_ms: float | None
    whole_p95_ms: float | None


def visits(owner_url: str, hotels: int) -> dict[str, list[Visit]]:
    """Every page that somebody of these first hotels looks at, by its route.

    Each hotel's people load a page once: nobody comes near a limit.
    """
    found: dict[str, list[Visit]] = {}
    with psycopg.connect(owner_url) as connection:
        for number in range(1, hotels + 1):
            row = connection.execute(_FIRST, {"slug": f"hotel-{number}"}).fetchone()
            if row is None:
                raise ValueError(f"there is no hotel {number}")
            for route, visit in visits_of(number, *map(str, row)).items():
                found.setdefault(route, []).append(visit)
    return found


def visits_of(  # noqa: PLR0913, PLR0917 - one of each
    number: int, entry: str, talk: str, ticket: str, order: str, person: str, code: str
) -> dict[str, Visit]:
    """The same in one hotel: an entry of its knowledge, one of all others and the code of the entrance."""
    manager, in_room = staff(number), guest_browser((number - 1) * GUESTS + 1)
    return {
        "/": ("/", _NOBODY),
        "/login": ("/login", _NOBODY),
        "/guest": ("/guest", _NOBODY),
        "/h/{entry_code}": (f"/h/{code}", _NOBODY),
        "/guest/chat": ("/guest/chat", in_room),
        "/account": ("/account", manager),
        "/account/password": ("/account/password", manager),
        "/admin": ("/admin", manager),
        "/admin/audit": ("/admin/audit", manager),
        "/admin/knowledge": ("/admin/knowledge", manager),
        "/admin/knowledge/new": ("/admin/knowledge/new", manager),
        "/admin/knowledge/{entry_id}": (f"/admin/knowledge/{entry}", manager),
        "/admin/plan": ("/admin/plan", manager),
        "/admin/qr": ("/admin/qr", manager),
        "/admin/settings": ("/admin/settings", manager),
        "/admin/users": ("/admin/users", manager),
        "/admin/users/new": ("/admin/users/new", manager),
        "/admin/users/{user_id}": (f"/admin/users/{person}", manager),
        "/staff": ("/staff", manager),
        "/staff/scan": ("/staff/scan", _NOBODY),
        "/staff/tickets": ("/staff/tickets", manager),
        "/staff/tickets/new": ("/staff/tickets/new", manager),
        "/staff/tickets/{ticket_id}": (f"/staff/tickets/{ticket}", manager),
        "/staff/work-orders": ("/staff/work-orders", manager),
        "/staff/work-orders/new": ("/staff/work-orders/new", manager),
        "/staff/work-orders/{order_id}": (f"/staff/work-orders/{order}", manager),
        "/staff/chats/{conversation_id}": (f"/staff/chats/{talk}", manager),
    }


def guest_browser(number: int) -> dict[str, str]:
    """The same guest's pass, as a browser keeps it."""
    headers = guest(number)
    token = headers.pop("Authorization").removeprefix("Bearer ")
    return {**headers, "Cookie": f"hotel={token}"}


def page_time(base_url: str, route: str, loads: Sequence[Visit]) -> PageTime:
    """The figures of these loads, each over a connection of its own.

    Raises ValueError when an answer is not 200.
    """
    firsts, wholes, sizes, assets = [], [], 0, 0
    for path, headers in loads:
        first_s, whole_s, sizes, assets = _load(base_url, path, headers)
        firsts.append(first_s)
        wholes.append(whole_s)
    first_p95 = percentile_ms(firsts, 95)
    return PageTime(
        route, len(loads), sizes, assets, first_p95, percentile_ms(wholes, 50), percentile_ms(wholes, 95)
    )


def _load(base_url: str, path: str, headers: Mapping[str, str]) -> tuple[float, float, int, int]:
    began = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        first_s, content = _get(connection, path, headers, began)
        found = sorted(set(_ASSET.findall(content.decode())))
        size = len(content) + sum(len(_get(connection, asset, headers, began)[1]) for asset in found)
    finally:
        connection.close()
    return first_s, time.perf_counter() - began, size, len(found)


def _get(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str], began: float
) -> tuple[float, bytes]:
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    first_s = time.perf_counter() - began
    content = answer.read()
    if answer.status != 200:  # noqa: PLR2004 - the one answer with a page
        raise ValueError(f"{path} answered {answer.status}")
    return first_s, content
