from collections.abc import AsyncIterator

import httpx
import pytest

from hotelctl.app.api.body_limit import LIMIT_BYTES

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def _chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024):
        yield b" " * 1024


async def test_an_announced_body_beyond_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", content=b" " * (LIMIT_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_so_is_one_that_does_not_say_its_size(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", content=_chunks(LIMIT_BYTES + 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_a_body_at_the_limit_is_read(client: httpx.AsyncClient) -> None:
    json_type = {"Content-Type": "application/json"}
    for content in (b" " * LIMIT_BYTES, _chunks(LIMIT_BYTES)):
        answer = await client.post("/api/auth/login", content=content, headers=json_type)
        assert answer.status_code == 422
