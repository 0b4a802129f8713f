"""A hotel for fuzzing: people of some roles, a row in every table, and no limit that hides what is behind."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

import psycopg

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from hotelctl.app.services.tokens import hash_of
from hotelctl.app.store.tables import Base
from tests.app.people import add_user
from tests.app.rows import fill, insert, make_row

# Limits have tests of their own.
_NO_LIMITS = """
CREATE FUNCTION forget_hits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.hits := 1; RETURN NEW; END';
CREATE TRIGGER forget_hits BEFORE INSERT OR UPDATE ON rate_limits
    FOR EACH ROW EXECUTE FUNCTION forget_hits();
"""
_INTO_GUEST = """
UPDATE sessions SET subject_kind = 'guest', kind = 'guest', user_id = NULL, room_label = '204',
    token_hash = %s WHERE id = %s
"""
_ACTION = {"kind": "work_order", "topic": "towels", "category": "amenity", "title": "Towels", "urgent": False}
# Executed between requests: all is as at first, so that one request leaves the next one something to do.
# What is given to somebody is given to a member of staff, where there is one, who may change no other.
AFRESH = """
UPDATE hotels SET plan = DEFAULT, ai_monthly_limit = DEFAULT, settings = DEFAULT WHERE is_synthetic;
UPDATE sessions SET revoked_at = NULL, revoke_reason = NULL;
UPDATE users SET suspended_at = NULL, password_hash = kept.password_hash, role = kept.role, locale = NULL,
    auth_version = kept.auth_version FROM kept WHERE kept.id = users.id;
UPDATE guest_staff_qr_tokens SET use_count = 0, revoked_at = NULL, replaced_by = NULL;
UPDATE verification_tokens SET used_at = NULL;
UPDATE tickets SET version = 1, status = 'OPEN', assigned_to = (SELECT id FROM staff);
UPDATE work_orders SET version = 1, status = 'open', assigned_to = (SELECT id FROM staff), deleted_at = NULL;
UPDATE knowledge_entries SET version = 1, deleted_at = NULL;
UPDATE room_notes SET deleted_at = NULL, author_user_id = (SELECT id FROM staff);
UPDATE conversations SET status = 'bot', assigned_to = NULL, deleted_at = NULL;
UPDATE messages SET action = kept_actions.action FROM kept_actions WHERE kept_actions.id = messages.id;
DELETE FROM users WHERE id NOT IN (SELECT id FROM kept);
"""
_KEEP = """
CREATE TABLE kept AS SELECT id, email, password_hash, role, auth_version FROM users;
CREATE TABLE kept_actions AS SELECT id, action FROM messages;
CREATE VIEW staff AS SELECT id FROM kept WHERE email = 'staff@fuzz.example';
"""


def furnish(connection: psycopg.Connection, roles: Iterable[str], guest_token: str) -> dict[str, UUID]:
    """The synthetic hotel has all that, and a guest with this token; ids of the rows by table."""
    connection.execute(_NO_LIMITS)
    for role in roles:
        add_user(connection, SYNTHETIC_HOTEL_ID, f"{role}@fuzz.example", role)
    made = fill(connection, SYNTHETIC_HOTEL_ID)
    # Made-up rows know nothing of each other: the last numbers must not be below those in use.
    connection.execute("UPDATE ticket_numbers SET last_number = 1000")
    connection.execute("UPDATE conversations SET last_seq = 1000")
    connection.execute(_INTO_GUEST, (hash_of(guest_token), made["sessions"]))
    return made


def add_staff_code(connection: psycopg.Connection, user_id: UUID, secret: str) -> None:
    """The person has PASSWORD, and a code with this secret that is good together with it."""
    given = "UPDATE users SET password_hash = (SELECT max(password_hash) FROM users) WHERE id = %s"
    connection.execute(given, [user_id])
    row = make_row(Base.metadata.tables["guest_staff_qr_tokens"], SYNTHETIC_HOTEL_ID, {"users": user_id})
    row |= {"purpose": "staff_access", "token_hash": hash_of(secret)}
    insert(connection, "guest_staff_qr_tokens", row)


def open_ways(connection: psycopg.Connection, email: str, sessions: Mapping[str, str], secret: str) -> str:
    """Id of an action that waits for a word; this person has sessions, by kind, with these tokens.

    The code and the one-time link of the hotel are good and have this secret. `AFRESH` comes back to that.
    """
    ((user_id, soon),) = connection.execute(
        "SELECT id, now() + interval '1 hour' FROM users WHERE email = %s", [email]
    ).fetchall()
    until = {"expires_at": soon, "absolute_expires_at": soon}
    for kind, token in sessions.items():
        own = {"id": uuid7(), "family_id": uuid7(), "user_id": user_id, "hotel_id": SYNTHETIC_HOTEL_ID}
        insert(connection, "sessions", {**own, **until, "kind": kind, "token_hash": hash_of(token)})
    connection.execute(
        "UPDATE guest_staff_qr_tokens SET token_hash = %s WHERE purpose = 'guest_access'", [hash_of(secret)]
    )
    connection.execute("UPDATE verification_tokens SET token_hash = %s", [hash_of(secret)])
    action = {**_ACTION, "id": str(uuid7()), "details": "Two towels", "status": "needs_confirmation"}
    connection.execute("UPDATE messages SET action = %s", [json.dumps({"items": [action]})])
    connection.execute(_KEEP)
    return str(action["id"])
