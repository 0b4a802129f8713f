"""How long a guest waits for the first word of an answer that comes as a stream."""

import json
import time
from collections.abc import Iterable
from uuid import uuid4

import psycopg

from benchmarks.service.scenarios import guest
from benchmarks.service.seeding import GUESTS, TOPICS
from benchmarks.service.sending import JSON, RouteTime, Sent, connected

_FIRST = b"event: delta"


def asked(conversation_id: str, number: int, headers: dict[str, str], *, streams: bool = True) -> Sent:
    """A question that the hotel's entries answer; `streams`, its answer comes piece by piece."""
    body = {"content": f"When is the {TOPICS[number % len(TOPICS)]} there?", "client_msg_id": str(uuid4())}
    accepts = {"Accept": "text/event-stream"} if streams else {}
    path = f"/api/conversations/{conversation_id}/messages"
    return Sent("POST", path, {**headers, **JSON, **accepts}, json.dumps(body))


def streamed(owner_url: str, hotels: int) -> list[Sent]:
    """A question of the second guest of each of these first hotels."""
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT substr(h.slug, 7)::int, c.id FROM conversations c JOIN hotels h ON h.id = c.hotel_id"
            " WHERE c.session_id IS NOT NULL AND c.room_label = '102' ORDER BY 1 LIMIT %s",
            (hotels,),
        ).fetchall()
    return [asked(str(talk), n, guest((n - 1) * GUESTS + 2)) for n, talk in rows]


def first_token_time(base_url: str, what: str, each: Iterable[Sent]) -> RouteTime:
    """From the request to the first piece of the answer, one after the other.

    Raises ValueError where no piece comes.
    """
    times = []
    with connected(base_url) as connection:
        for sent in each:
            began = time.perf_counter()
            connection.request(sent.method, sent.path, body=sent.body, headers=dict(sent.headers))
            answer = connection.getresponse()
            if not any(line.startswith(_FIRST) for line in iter(answer.readline, b"")):
                raise ValueError(f"{sent.path} answered {answer.status} without a first word")
            times.append(time.perf_counter() - began)
            answer.read()
    return RouteTime.of(what, times)
