"""How long each read of the API takes, one after the other, with nobody else there."""

from collections.abc import Callable
from functools import partial

import psycopg

from benchmarks.service.scenarios import staff
from benchmarks.service.sending import Send, Sent

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


def reads(owner_url: str, hotels: int) -> dict[str, list[Callable[[Send], Sent]]]:
    """Each read once by the manager of each of these first hotels, about something of that hotel."""
    found: dict[str, list[Callable[[Send], Sent]]] = {route: [] for route in READS}
    with psycopg.connect(owner_url) as connection:
        for number in range(1, hotels + 1):
            ids = ids_of(connection, number)
            for route, each in found.items():
                each.append(partial(_read, route.format(**ids), staff(number)))
    return found


def _read(path: str, headers: dict[str, str], _send: Send) -> Sent:
    return Sent("GET", path, headers)


def ids_of(connection: psycopg.Connection, number: int) -> dict[str, str]:
    """The ids of what is newest in the hotel, as routes call them."""
    return {name: _one(connection, table, number) for name, table in _TABLES.items()}


def _one(connection: psycopg.Connection, table: str, number: int) -> str:
    """The id of the hotel's newest row; of users who are still at work as of all others."""
    newest = (
        f"SELECT id FROM {table} WHERE hotel_id = (SELECT id FROM hotels WHERE slug = %s) ORDER BY id DESC"  # noqa: S608 - a constant of this module
    )
    row = connection.execute(f"{newest} LIMIT 1".encode(), (f"hotel-{number}",)).fetchone()
    if row is None:
        raise ValueError(f"hotel {number} has nothing in {table}")
    return str(row[0])
