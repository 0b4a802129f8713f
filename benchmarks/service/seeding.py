"""Hotels with people, tickets, knowledge and conversations, written by the database itself in seconds."""

from dataclasses import dataclass

import psycopg

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import PasswordSettings

PASSWORD = "correct horse battery"  # noqa: S105 - of people who live for one run
STAFF_TOKEN = "bench-staff-"  # noqa: S105 - same
GUEST_TOKEN = "bench-guest-"  # noqa: S105 - same
GUESTS = 2
_CALLS = 40

# Rows come in the order of their time over all hotels, as they would in years of use.
_HOTELS = """
INSERT INTO hotels (id, name, slug, entry_code)
SELECT uuidv7(make_interval(days => -400)), 'Hotel ' || n, 'hotel-' || n, 'bench' || lpad(n::text, 8, '0')
  FROM generate_series(1, %(hotels)s) n
"""
_PLACES = """
CREATE TEMP TABLE places AS
SELECT id AS hotel_id, substr(slug, 7)::int AS n, uuidv7() AS manager, uuidv7() AS staff
  FROM hotels WHERE NOT is_synthetic
"""
_USERS = """
INSERT INTO users (id, hotel_id, email, display_name, role, department, password_hash)
SELECT manager, hotel_id, 'manager@hotel-' || n || '.example', 'Manager ' || n, 'owner', 'general', %(hash)s
  FROM places
UNION ALL
SELECT staff, hotel_id, 'staff@hotel-' || n || '.example', 'Staff ' || n, 'staff', 'reception', %(hash)s
  FROM places
"""
_STAFF_SESSIONS = """
INSERT INTO sessions (id, hotel_id, user_id, kind, token_hash, family_id, last_seen_at, expires_at,
                      absolute_expires_at)
SELECT uuidv7(), hotel_id, manager, 'web', sha256(convert_to(%(staff_token)s || n, 'UTF8')), uuidv7(), now(),
       now() + interval '8 hours', now() + interval '12 hours'
  FROM places
"""
_GUESTS = """
CREATE TEMP TABLE guests AS
SELECT hotel_id, (p.n - 1) * %(guests)s + g AS n, (100 + g)::text AS room, uuidv7() AS code,
       uuidv7() AS session, uuidv7() AS conversation
  FROM places p, generate_series(1, %(guests)s) g
"""
_CODES = """
INSERT INTO guest_staff_qr_tokens (id, hotel_id, purpose, token_hash, prefix, room_label, stay_ends_at,
                                   use_count, used_at, expires_at)
SELECT code, hotel_id, 'guest_access', sha256(convert_to('code-' || n, 'UTF8')), 'abcdef', room,
       now() + interval '3 days', 1, now(), now() + interval '1 day'
  FROM guests
"""
_GUEST_SESSIONS = """
INSERT INTO sessions (id, hotel_id, subject_kind, kind, qr_token_id, room_label, token_hash, family_id,
                      last_seen_at, expires_at, absolute_expires_at)
SELECT session, hotel_id, 'guest', 'guest', code, room, sha256(convert_to(%(guest_token)s || n, 'UTF8')),
       uuidv7(), now(), now() + interval '1 day', now() + interval '3 days'
  FROM guests
"""
_CONVERSATIONS = """
INSERT INTO conversations (id, hotel_id, session_id, room_label, channel)
SELECT conversation, hotel_id, session, room, 'guest_web' FROM guests
"""
_TICKETS = """
INSERT INTO tickets (id, hotel_id, number, title, description, category, priority, status, source, room_label,
                     assigned_to, created_by, sla_minutes, due_at, created_at)
SELECT uuidv7(made - now()), hotel_id, i, 'Matter ' || i || ' of room ' || (100 + i %% 90),
       repeat('What the guest said about it. ', 1 + i %% 6),
       (ARRAY['noise', 'bath', 'key', 'light'])[1 + i %% 4],
       (ARRAY['LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'URGENT'])[1 + i %% 5],
       CASE WHEN i <= %(tickets)s * 0.8 THEN 'CLOSED'
            ELSE (ARRAY['OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE'])[1 + i %% 3] END,
       'MANUAL', (100 + i %% 90)::text, CASE WHEN i %% 3 = 0 THEN staff END, manager, 240,
       made + interval '4 hours', made
  FROM generate_series(1, %(tickets)s) i, places,
       LATERAL (SELECT now() - make_interval(mins => (%(tickets)s - i) * 60 + n %% 60) AS made) t
 ORDER BY i, n
"""
_NUMBERS = "INSERT INTO ticket_numbers (hotel_id, last_number) SELECT hotel_id, %(tickets)s FROM places"
_WORK_ORDERS = """
INSERT INTO work_orders (id, hotel_id, kind, title, room_label, status, created_at)
SELECT uuidv7(make_interval(hours => -i)), hotel_id,
       (ARRAY['maintenance', 'housekeeping', 'amenity'])[1 + i %% 3],
       'Work ' || i, (100 + i)::text, CASE WHEN i > 8 THEN 'done' ELSE 'open' END,
       now() - make_interval(hours => i)
  FROM generate_series(30, 1, -1) i, places
"""
TOPICS = (
    "breakfast", "parking", "pool", "sauna", "luggage", "laundry", "airport", "pharmacy", "playground",
    "terrace", "minibar", "heating", "newspaper", "bicycle", "museum", "restaurant", "elevator", "towels",
    "umbrella", "piano",
)  # fmt: skip
_KNOWLEDGE = """
INSERT INTO knowledge_entries (id, hotel_id, title, body, keywords, lang)
SELECT uuidv7(), hotel_id, initcap(topic), 'All about the ' || topic || ' of hotel ' || n || ': it is there'
       || ' from ' || (6 + i %% 4) || ' to ' || (18 + i %% 5) || ', and who needs more is helped at once.',
       topic, 'english'
  FROM unnest(%(topics)s::text[]) WITH ORDINALITY t(topic, i), places
"""
_TALKS = """
CREATE TEMP TABLE talks AS
SELECT hotel_id, uuidv7(make_interval(hours => -i)) AS id, now() - make_interval(hours => i) AS made
  FROM generate_series(%(calls)s / 2, 1, -1) i, places
"""
_OLD_CONVERSATIONS = """
INSERT INTO conversations (id, hotel_id, channel, status, last_seq, last_message_at, created_at)
SELECT id, hotel_id, 'guest_web', 'resolved', 4, made, made FROM talks
"""
_OLD_MESSAGES = """
INSERT INTO messages (id, hotel_id, conversation_id, seq, role, content, created_at)
SELECT uuidv7(), hotel_id, id, seq, CASE WHEN seq %% 2 = 1 THEN 'guest' ELSE 'assistant' END,
       'What was said, number ' || seq, made + make_interval(secs => seq)
  FROM talks, generate_series(1, 4) seq
"""
_CALL_LOG = """
INSERT INTO ai_interaction_logs (id, hotel_id, conversation_id, model_key, provider, status, latency_ms,
                                 created_at)
SELECT uuidv7(), hotel_id, id, 'guest-messaging', 'local', 'success', 20 + seq,
       made + make_interval(secs => seq)
  FROM talks, generate_series(1, 2) seq
"""
_SCANS = """
INSERT INTO user_session_logs (id, hotel_id, event, method, created_at)
SELECT uuidv7(), hotel_id, 'qr_scan', 'qr_camera', made FROM talks
"""
_STATEMENTS = (
    *(_HOTELS, _PLACES, _USERS, _STAFF_SESSIONS, _GUESTS, _CODES, _GUEST_SESSIONS, _CONVERSATIONS),
    *(_TICKETS, _NUMBERS, _WORK_ORDERS, _KNOWLEDGE),
    *(_TALKS, _OLD_CONVERSATIONS, _OLD_MESSAGES, _CALL_LOG, _SCANS),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many hotels, and tickets of each."""

    hotels: int
    tickets: int


def seed(owner_url: str, size: Size) -> None:
    """The database holds the hotels; passwords cost what the service charges by default."""
    cost_kib = PasswordSettings.model_fields["password_memory_kib"].default
    values = {
        "hotels": size.hotels,
        "tickets": size.tickets,
        "guests": GUESTS,
        "calls": _CALLS,
        "hash": Passwords(cost_kib).hash_now(PASSWORD),
        "staff_token": STAFF_TOKEN,
        "guest_token": GUEST_TOKEN,
        "topics": list(TOPICS),
    }
    with psycopg.connect(owner_url) as connection:
        for statement in _STATEMENTS:
            connection.execute(statement, values)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
