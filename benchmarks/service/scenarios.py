"""What is asked of the service and by whom: every hotel in turn, as its own people."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import psycopg

from benchmarks.service.generator import FRESH_ID
from benchmarks.service.seeding import GUEST_TOKEN, GUESTS, PASSWORD, STAFF_TOKEN, TOPICS

_SEED = 20_240_229


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests of one kind, in the order in which they are sent again and again."""

    name: str
    requests: tuple[str, ...]
    good: tuple[int, ...]


def request(head: str, headers: Mapping[str, str], body: object = None) -> str:
    """The words of one request on a connection that is kept."""
    text = "" if body is None else json.dumps(body)
    whole = {"Host": "127.0.0.1", **headers}
    if body is not None:
        whole |= {"Content-Type": "application/json", "Content-Length": str(len(text))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in whole.items())
    return f"{head} HTTP/1.1\r\n{lines}\r\n{text}"


def address(number: int) -> str:
    """A client's own address, which the proxy on this machine tells the service."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def staff(number: int) -> dict[str, str]:
    """The manager of this hotel, who has the rights of an owner, as a browser is."""
    return {"Cookie": f"hotel={STAFF_TOKEN}{number}", "X-Forwarded-For": address(number)}


def guest(number: int) -> dict[str, str]:
    """The guest of this number."""
    return {"Authorization": f"Bearer {GUEST_TOKEN}{number}", "X-Forwarded-For": address(100_000 + number)}


def _log_in(number: int) -> str:
    body = {"email": f"manager@hotel-{number}.example", "password": PASSWORD}
    return request("POST /api/auth/login", {"X-Forwarded-For": address(200_000 + number)}, body)


def _message(number: int, conversation_id: str) -> str:
    content = f"When is the {TOPICS[number % len(TOPICS)]} there?"
    body = {"content": content, "client_msg_id": FRESH_ID}
    return request(f"POST /api/conversations/{conversation_id}/messages", guest(number), body)


def _mixed(parts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Of twenty requests one is a log-in, three are messages, six are dashboards and ten are lists."""
    share = {"log-in": 1, "chat message": 3, "dashboard": 6, "ticket list": 10}
    order = [name for name, count in share.items() for _ in range(count)]
    random.Random(_SEED).shuffle(order)  # noqa: S311 - an order, no secret
    at = dict.fromkeys(share, 0)
    for turn in range(max(len(requests) for requests in parts.values()) * 2):
        name = order[turn % len(order)]
        yield parts[name][at[name] % len(parts[name])]
        at[name] += 1


def scenarios(owner_url: str, hotels: int) -> list[Scenario]:
    """The four that have targets, and all of them mixed."""
    numbers = list(range(1, hotels + 1))
    with psycopg.connect(owner_url) as connection:
        opened = connection.execute(
            "SELECT substr(h.slug, 7)::int, c.room_label::int - 100, c.id FROM conversations c"
            " JOIN hotels h ON h.id = c.hotel_id WHERE c.session_id IS NOT NULL ORDER BY 2, 1"
        ).fetchall()
    parts = {
        "log-in": tuple(_log_in(n) for n in numbers),
        "dashboard": tuple(request("GET /api/dashboard/admin", staff(n)) for n in numbers),
        "ticket list": tuple(request("GET /api/tickets?status=OPEN", staff(n)) for n in numbers),
        "chat message": tuple(_message((hotel - 1) * GUESTS + who, str(talk)) for hotel, who, talk in opened),
    }
    alone = [Scenario(name, requests, (200, 201)) for name, requests in parts.items()]
    return [*alone, Scenario("all four mixed", tuple(_mixed(parts)), (200, 201))]


def entry_reads(owner_url: str, path: Callable[[str], str], *, known: bool) -> Scenario:
    """Reads of one entry by its key: by the hotel's manager, or by nobody on the bare endpoint."""
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT DISTINCT ON (k.hotel_id) substr(h.slug, 7)::int, k.id FROM knowledge_entries k"
            " JOIN hotels h ON h.id = k.hotel_id ORDER BY k.hotel_id, random()"
        ).fetchall()
    requests = tuple(request(f"GET {path(str(entry))}", staff(n) if known else {}) for n, entry in rows)
    return Scenario("entry by key" if known else "bare", requests, (200,))
