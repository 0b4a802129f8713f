"""A hotel for fuzzing: people of some roles, a row in every table, and no limit that hides what is behind."""

from collections.abc import Iterable
from uuid import UUID

import psycopg

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.services.tokens import hash_of
from tests.app.people import add_user
from tests.app.rows import fill

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
