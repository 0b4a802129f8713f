"""How often somebody may write, and that an emergency gets through."""

from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.services.limiter import BUCKETS
from tests.app.callers import Headers
from tests.app.talk import tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]


def _one(url: str, query: str) -> tuple[Any, ...] | None:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchone()


def _use_up(url: str, bucket: str) -> None:
    """Every limit of the bucket stands at what it allows, for the guest."""
    with psycopg.connect(url) as connection:
        for limit in BUCKETS[bucket].limits:
            connection.execute(
                "INSERT INTO rate_limits SELECT %s, id::text, now(), %s FROM sessions WHERE kind = 'guest'"
                " ON CONFLICT (bucket, key) DO UPDATE SET hits = excluded.hits, window_start = now()",
                [limit.bucket, limit.allowed],
            )


@pytest.mark.parametrize("used_up", ["chat", "chat.day"])
async def test_an_emergency_gets_through_when_the_limit_is_used_up(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str, used_up: str
) -> None:
    _use_up(hotels, "chat")
    with psycopg.connect(hotels) as connection:
        connection.execute("DELETE FROM rate_limits WHERE bucket LIKE 'chat%%' AND bucket <> %s", [used_up])
    assert (await tell(client, thread, guest, "When is breakfast?")).status_code == 429
    for words in ("There is a fire!", "The fire is still burning!"):
        told = await tell(client, thread, guest, words)
        assert told.status_code == 201
        assert told.json()["reply"]["action"]["kind"] == "ticket"
    assert _one(hotels, "SELECT count(*), min(priority) FROM tickets") == (1, "URGENT")
    assert (await tell(client, thread, guest, "When is breakfast?")).status_code == 429


async def test_so_many_emergencies_that_they_cost_the_house_are_limited_too(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    _use_up(hotels, "chat")
    _use_up(hotels, "chat.emergency")
    assert (await tell(client, thread, guest, "There is a fire!")).status_code == 429


@pytest.mark.parametrize("body", [b"[1]", b'{"content": 5}', b"{}"])
async def test_what_is_no_message_is_limited_like_one(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str, body: bytes
) -> None:
    _use_up(hotels, "chat")
    json_body = {**guest, "Content-Type": "application/json"}
    answer = await client.post(f"{thread}/messages", content=body, headers=json_body)
    assert answer.status_code in {422, 429}
