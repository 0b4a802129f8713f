"""A hotel with 1,000 entries and 500 tickets among those of usual size, asked by its own people."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from benchmarks.service.first_token import asked
from benchmarks.service.scenarios import address, staff
from benchmarks.service.seeding import GUEST_TOKEN, TOPICS
from benchmarks.service.sending import Send, Sent

ENTRIES, TICKETS, GUESTS = 1_000, 500, 30
# Each of the new entries has words that others have, too, and one of its own.
_MORE_ENTRIES = """
INSERT INTO knowledge_entries (id, hotel_id, title, body, keywords, lang)
SELECT uuidv7(), h.id, initcap(t.topic) || ' ' || i,
       'All about the ' || t.topic || ' number ' || i || ': it is there from ' || (6 + i %% 4) || ' to '
       || (18 + i %% 5) || ', and who needs more is helped at once.', 'place' || i, 'english'
  FROM hotels h, generate_series(1, %(entries)s) i,
       LATERAL (SELECT (%(topics)s::text[])[1 + i %% cardinality(%(topics)s::text[])] AS topic) t
 WHERE h.slug = %(slug)s
"""
_MORE_TICKETS = """
INSERT INTO tickets (id, hotel_id, number, title, description, priority, status, source, room_label,
                     sla_minutes, due_at)
SELECT uuidv7(), h.id, last.number + i, 'Matter ' || i, repeat('What the guest said about it. ', 1 + i %% 6),
       'MEDIUM', (ARRAY['OPEN', 'IN_PROGRESS', 'CLOSED', 'CLOSED', 'CLOSED'])[1 + i %% 5], 'MANUAL',
       (100 + i %% 90)::text, 240, now() + interval '4 hours'
  FROM hotels h, generate_series(1, %(tickets)s) i,
       LATERAL (SELECT coalesce(max(t.number), 0) AS number FROM tickets t WHERE t.hotel_id = h.id) last
 WHERE h.slug = %(slug)s
"""
_NUMBERS = """
UPDATE ticket_numbers n SET last_number = (SELECT max(number) FROM tickets t WHERE t.hotel_id = n.hotel_id)
  FROM hotels h WHERE h.id = n.hotel_id AND h.slug = %(slug)s
"""
_CODES = """
CREATE TEMP TABLE newcomers AS
SELECT id AS hotel_id, g, (500 + g)::text AS room, uuidv7() AS code, uuidv7() AS session, uuidv7() AS talk
  FROM hotels, generate_series(1, %(guests)s) g WHERE slug = %(slug)s;
INSERT INTO guest_staff_qr_tokens (id, hotel_id, purpose, token_hash, prefix, room_label, use_count, used_at,
                                   expires_at)
SELECT code, hotel_id, 'guest_access', sha256(convert_to('big-code-' || g, 'UTF8')), 'abcdef', room, 1, now(),
       now() + interval '1 day'
  FROM newcomers
"""
_SESSIONS = """
INSERT INTO sessions (id, hotel_id, subject_kind, kind, qr_token_id, room_label, token_hash, family_id,
                      last_seen_at, expires_at, absolute_expires_at)
SELECT session, hotel_id, 'guest', 'guest', code, room, sha256(convert_to(%(token)s || g, 'UTF8')), uuidv7(),
       now(), now() + interval '1 day', now() + interval '3 days'
  FROM newcomers
"""
_TALKS = """
INSERT INTO conversations (id, hotel_id, session_id, room_label, channel)
SELECT talk, hotel_id, session, room, 'guest_web' FROM newcomers
"""
_TOKEN = f"{GUEST_TOKEN}big-"
_HELD = """
SELECT (SELECT count(*) FROM knowledge_entries WHERE hotel_id = h.id),
       (SELECT count(*) FROM tickets WHERE hotel_id = h.id) FROM hotels h WHERE slug = %(slug)s
"""


@dataclass(frozen=True, slots=True)
class Big:
    """The hotel's number, and the conversations of its guests in their order."""

    number: int
    talks: tuple[str, ...]

    def question(self, number: int, *, streams: bool) -> Sent:
        """Of the guests in turn, so that nobody comes near a limit."""
        who = number % len(self.talks)
        headers = {"Authorization": f"Bearer {_TOKEN}{who + 1}", "X-Forwarded-For": address(400_000 + who)}
        return asked(self.talks[who], number, headers, streams=streams)

    def routes(self, times: int) -> dict[str, list[Callable[[Send], Sent]]]:
        """What its people ask, so many times each."""
        questions = [self.question(number, streams=False) for number in range(times)]
        lists = {
            path: [Sent("GET", path, staff(self.number))] * times
            for path in ("/api/tickets?status=OPEN", "/api/tickets", "/api/knowledge", "/api/dashboard/admin")
        }
        every = {"POST /api/conversations/{conversation_id}/messages": questions}
        every |= {f"GET {path}": each for path, each in lists.items()}
        return {route: [_as_it_is(sent) for sent in each] for route, each in every.items()}


def _as_it_is(sent: Sent) -> Callable[[Send], Sent]:
    return lambda _: sent


def grow(owner_url: str, number: int) -> Big:
    """The hotel of this number has 1,000 entries, 500 tickets and 30 guests more."""
    values: dict[str, object] = {"slug": f"hotel-{number}", "topics": list(TOPICS), "token": _TOKEN}
    with psycopg.connect(owner_url) as connection, psycopg.ClientCursor(connection) as cursor:
        held = cursor.execute(_HELD, values).fetchone() or (0, 0)
        values |= {"entries": ENTRIES - held[0], "tickets": TICKETS - held[1], "guests": GUESTS}
        for statement in (_MORE_ENTRIES, _MORE_TICKETS, _NUMBERS, _CODES, _SESSIONS, _TALKS):
            cursor.execute(statement, values)
        talks = cursor.execute("SELECT talk FROM newcomers ORDER BY g").fetchall()
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE knowledge_entries, tickets, conversations, sessions")
    return Big(number, tuple(str(talk) for (talk,) in talks))
