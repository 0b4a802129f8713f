"""A hotel at work, with the longest words that its pages have to bear."""

import psycopg

from tests.app.people import HOTEL_A, add_user
from tests.app.work import add, order, user_id, waiting_chat

LONG = "Air conditioning rattles whenever the compressor starts, mostly at night and on Sundays"
_UNBROKEN = "W" * 90


def busy(owner_url: str) -> None:
    """The first hotel has work, a guest who waits, a ticket, notes, some knowledge, an admin and an owner."""
    me = user_id(owner_url, "staff@alpha.example")
    order(owner_url, "Two towels", assigned_to=me)
    order(owner_url, LONG, kind="maintenance", priority="URGENT", details=_UNBROKEN)
    chat = {"guest_name": "Annegret Freifrau von Müller-Lüdenscheidt-Oberkirchen"}
    waiting_chat(owner_url, "Rosengarten", **chat)
    ticket = add(owner_url, "tickets", number=1, title=LONG, source="MANUAL", assigned_to=me, priority="HIGH")
    for visibility, body in (("PUBLIC", "We are looking at it."), ("INTERNAL", _UNBROKEN)):
        said = {"author_kind": "user", "author_user_id": me, "visibility": visibility, "body": body}
        add(owner_url, "ticket_comments", ticket_id=ticket, **said)
    add(owner_url, "room_notes", room_label="Rosengarten", body=LONG, author_user_id=me)
    add(owner_url, "room_notes", room_label="W" * 40, body=_UNBROKEN)
    with psycopg.connect(owner_url) as connection:
        for role in ("admin", "owner"):
            add_user(connection, HOTEL_A, f"{role}@alpha.example", role)
    add(owner_url, "knowledge_entries", title="Pool", body="The pool opens at 8.", lang="english")
