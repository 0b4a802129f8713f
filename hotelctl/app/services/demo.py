"""A hotel to try things in: people of each role, what the assistant should know, some work."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, insert, update

from hotelctl.app.domain import tickets as rules
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Department, Role
from hotelctl.app.domain.tickets import Priority, TicketSource
from hotelctl.app.store import upkeep
from hotelctl.app.store.tables import Hotel, KnowledgeEntry, Ticket, TicketNumber, User, WorkOrder

_PEOPLE = (
    ("owner", Role.OWNER, Department.GENERAL),
    ("manager", Role.MANAGER, Department.GENERAL),
    ("reception", Role.STAFF, Department.RECEPTION),
    ("housekeeping", Role.STAFF, Department.HOUSEKEEPING),
    ("maintenance", Role.STAFF, Department.MAINTENANCE),
)
_KNOWLEDGE = (
    ("Breakfast", "Breakfast is served from 7 to 10:30 in the garden room.", "morning meal buffet coffee"),
    ("Wi-Fi", "The network is called Demo Guest and needs no password.", "internet wlan wifi network"),
    ("Check-out", "Check-out is until 11. Ask at the reception for a later one.", "leave departure late"),
    ("Pool", "The pool on the roof is open from 8 to 20.", "swim swimming"),
    ("Parking", "The garage is behind the house and costs 12 euros a night.", "car garage"),
    ("Pets", "Dogs are welcome and cost 10 euros a night.", "dog cat animal"),
)
_TICKETS = (
    ("Late check-out on Sunday", Priority.LOW, "101"),
    ("Noise from the room above", Priority.HIGH, "204"),
)
_WORK = (
    ("amenity", "Two more towels", "204"),
    ("maintenance", "Tap in the bathroom leaks", "101"),
    ("housekeeping", "Clean the room after noon", "305"),
)


def make(connection: Connection, slug: str, hash_of: Callable[[str], str]) -> dict[str, str]:
    """The new hotel's users, by e-mail, with the passwords that nobody can read again."""
    hotel_id = upkeep.add_hotel(connection, name="Demo Hotel", slug=slug)
    connection.execute(update(Hotel).where(Hotel.id == hotel_id).values(phone="+1 555 0100"))
    people = _add_people(connection, hotel_id, slug, hash_of)
    for title, body, keywords in _KNOWLEDGE:
        entry = {"title": title, "body": body, "keywords": keywords, "lang": "english"}
        connection.execute(insert(KnowledgeEntry).values(id=uuid7(), hotel_id=hotel_id, **entry))
    _add_work(connection, hotel_id)
    return people


def _add_people(
    connection: Connection, hotel_id: UUID, slug: str, hash_of: Callable[[str], str]
) -> dict[str, str]:
    people = {}
    for name, role, department in _PEOPLE:
        email, password = f"{name}@{slug}.example", secrets.token_urlsafe(12)
        person = {"email": email, "display_name": name.capitalize(), "role": role, "department": department}
        values = {"id": uuid7(), "hotel_id": hotel_id, "password_hash": hash_of(password), **person}
        connection.execute(insert(User).values(values))
        people[email] = password
    return people


def _add_work(connection: Connection, hotel_id: UUID) -> None:
    now = datetime.now(UTC)
    for number, (title, priority, room) in enumerate(_TICKETS, start=1):
        minutes = rules.sla_minutes(priority)
        ticket = {
            "number": number,
            "title": title,
            "priority": priority,
            "room_label": room,
            "source": TicketSource.MANUAL,
            "created_at": now,
            "sla_minutes": minutes,
            "due_at": rules.due_at(now, minutes),
        }
        connection.execute(insert(Ticket).values(id=uuid7(), hotel_id=hotel_id, **ticket))
    connection.execute(insert(TicketNumber).values(hotel_id=hotel_id, last_number=len(_TICKETS)))
    for kind, title, room in _WORK:
        order = {"kind": kind, "title": title, "room_label": room}
        connection.execute(insert(WorkOrder).values(id=uuid7(), hotel_id=hotel_id, **order))
