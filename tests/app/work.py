"""Work and conversations of a hotel for tests of pages, written as the owner."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from hotelctl.app.domain.ids import uuid7
from tests.app.people import HOTEL_A


def add(url: str, table: str, **values: object) -> UUID:
    """Id of a new row, of the first hotel unless told otherwise."""
    row_id = uuid7()
    given: dict[str, object] = {"id": row_id, "hotel_id": HOTEL_A, **values}
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, given)),
        sql.SQL(", ").join(sql.Placeholder() * len(given)),
    )
    with psycopg.connect(url) as connection:
        connection.execute(statement, list(given.values()))
    return row_id


def one(url: str, statement: str, *values: object) -> tuple[Any, ...]:
    """The only row that the owner finds."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(statement.encode(), values).fetchall()
    assert len(rows) == 1, rows
    return rows[0]


def user_id(url: str, email: str) -> UUID:
    """Id of the user."""
    found: UUID = one(url, "SELECT id FROM users WHERE email = %s", email)[0]
    return found


def order(url: str, title: str, **values: object) -> UUID:
    """Id of a new work order, for towels in room 204 unless told otherwise."""
    fields: dict[str, object] = {"kind": "amenity", "room_label": "204", **values}
    return add(url, "work_orders", title=title, **fields)


def guest_session(url: str, room_label: str, **values: object) -> UUID:
    """Id of a session in which a guest reads on for a day."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    fields: dict[str, object] = {"subject_kind": "guest", "kind": "guest", "family_id": uuid7(), **values}
    fields |= {"token_hash": secrets.token_bytes(32), "expires_at": tomorrow}
    return add(url, "sessions", room_label=room_label, absolute_expires_at=tomorrow, **fields)


def waiting_chat(url: str, room_label: str = "305", **values: object) -> UUID:
    """Id of a guest's conversation that waits for a person, with one question in it."""
    hotel_id = values.pop("hotel_id", HOTEL_A)
    guest = values.pop("session_id", None) or guest_session(url, room_label, hotel_id=hotel_id)
    fields: dict[str, object] = {"channel": "guest_web", "status": "human", "unread_staff": 1, **values}
    fields["session_id"] = guest
    chat = add(url, "conversations", hotel_id=hotel_id, room_label=room_label, last_seq=1, **fields)
    said = {"seq": 1, "role": "guest", "content": "Is there a <b>late</b> bus?"}
    add(url, "messages", hotel_id=hotel_id, conversation_id=chat, **said)
    return chat
