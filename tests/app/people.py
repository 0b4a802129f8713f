"""Hotels and users for tests, written as the owner."""

from uuid import UUID

import psycopg

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.passwords import Passwords

HOTEL_A = UUID("01890000-0000-7000-8000-00000000000a")
HOTEL_B = UUID("01890000-0000-7000-8000-00000000000b")
PASSWORD = "correct horse battery"
_CHEAP_HASH = Passwords(8).hash_now(PASSWORD)


def add_two_hotels(connection: psycopg.Connection) -> None:
    """Alpha and beta, each with a manager and a member of staff."""
    with connection.pipeline(), connection.transaction():
        for hotel_id, slug in ((HOTEL_A, "alpha"), (HOTEL_B, "beta")):
            add_hotel(connection, hotel_id, slug)
            add_user(connection, hotel_id, f"manager@{slug}.example", "manager")
            add_user(connection, hotel_id, f"staff@{slug}.example", "staff")


def add_hotel(connection: psycopg.Connection, hotel_id: UUID, slug: str) -> None:
    """A live hotel."""
    connection.execute("INSERT INTO hotels (id, name, slug) VALUES (%s, %s, %s)", (hotel_id, slug, slug))


def add_user(connection: psycopg.Connection, hotel_id: UUID, email: str, role: str) -> UUID:
    """A live user with PASSWORD."""
    user_id = uuid7()
    connection.execute(
        "INSERT INTO users (id, hotel_id, email, display_name, role, password_hash)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (user_id, hotel_id, email, email, role, _CHEAP_HASH),
    )
    return user_id
