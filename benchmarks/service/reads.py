"""How long each read of the API takes, one after the other, with nobody else there."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from benchmarks.service.figures import percentile_ms
from benchmarks.service.pages import Visit
from benchmarks.service.scenarios import staff

# A stream, which does not end, and what only operators ask.
NO_READS = frozenset({"/api/conversations/{conversation_id}/events", "/api/ops/services"})
_TABLES = {
    "entry_id": "knowledge_entries",
    "ticket_id": "tickets",
    "work_order_id": "work_orders",
    "user_id": "users",
    "code_id": "guest_staff_qr_tokens",
    "conversation_id": "conversations",
}
_ALONE = (
    *("ai/models", "analytics", "audit", "conversations", "dashboard/admin", "dashboard/staff", "health/db"),
    *("knowledge", "knowledge/unanswered", "plan", "protected", "qr/hotel.png", "qr/hotel.svg", "qr/tokens"),
    *("rbac/roles", "room-notes", "session/me", "settings", "tickets", "users", "work-orders"),
)
_OF_ONE = (
    *("conversations/{conversation_id}", "conversations/{conversation_id}/messages", "knowledge/{entry_id}"),
    *("qr/tokens/{code_id}", "tickets/{ticket_id}", "users/{user_id}", "work-orders/{work_order_id}"),
)
READS = tuple(f"/api/{path}" for path in (*_ALONE, *_OF_ONE))


@dataclass(frozen=True, slots=True)
class ReadTime:
    """One route, in milliseconds over so many reads."""

    route: str
    n: int
    p50_ms: float | None
    p95_ms: float | None


def reads(owner_url: str, hotels: int) -> dict[str, list[Visit]]:
    """Each read once by the manager of each of these first hotels, about something of that hotel."""
    found: dict[str, list[Visit]] = {route: [] for route in READS}
    with psycopg.connect(owner_url) as connection:
        for number in range(1, hotels + 1):
            ids = {name: _one(connection, table, number) for name, table in _TABLES.items()}
            for route, each in found.items():
                each.append((route.format(**ids), staff(number)))
    return found


def _one(connection: psycopg.Connection, table: str, number: int) -> str:
    """The id of the hotel's newest row; of users who are still at work as of all others."""
    newest = (
        f"SELECT id FROM {table} WHERE hotel_id = (SELECT id FROM hotels WHERE slug = %s) ORDER BY id DESC"  # noqa: S608 - a constant of this module
    )
    row = connection.execute(f"{newest} LIMIT 1".encode(), (f"hotel-{number}",)).fetchone()
    if row is None:
        raise ValueError(f"hotel {number} has nothing in {table}")
    return str(row[0])


def read_time(base_url: str, route: str, each: list[Visit]) -> ReadTime:
    """The figures of these reads over one connection.

    Raises ValueError when an answer is not 200.
    """
    connection, times = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10), []
    try:
        for path, headers in each:
            times.append(_read(connection, path, headers))
    finally:
        connection.close()
    return ReadTime(route, len(times), percentile_ms(times, 50), percentile_ms(times, 95))


def _read(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:  # noqa: PLR2004 - the one answer with what was asked for
        raise ValueError(f"{path} answered {answer.status}")
    return time.perf_counter() - began
