"""Forty people with one code for one, fifty times: exactly one comes in each time."""

import asyncio
from itertools import cycle

import httpx
import pytest

from tests.app.codes import execute
from tests.app.people import PASSWORD
from tests.app_system.instances import Instance

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_ROUNDS = 50
_PEOPLE = 40


async def _show(client: httpx.AsyncClient, base_url: str, token: str, number: int) -> int:
    headers = {"X-Forwarded-For": f"203.0.113.{number}"}
    answer = await client.post(f"{base_url}/api/qr/validate", json={"token": token}, headers=headers)
    return answer.status_code


async def _made(client: httpx.AsyncClient, base_url: str, bearer: dict[str, str]) -> str:
    body = {"purpose": "guest_access", "room_label": "204"}
    answer = await client.post(f"{base_url}/api/qr/generate", json=body, headers=bearer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"]).rsplit("/", 1)[1]


async def test_of_forty_at_once_exactly_one_comes_in(instances: list[Instance], owner_url: str) -> None:
    bases = [instance.base_url for instance in instances]
    limits = httpx.Limits(max_connections=_PEOPLE)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        credentials = {"email": "manager@alpha.example", "password": PASSWORD}
        tokens = (await client.post(f"{bases[0]}/api/auth/login", json=credentials)).json()
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        for number in range(_ROUNDS):
            execute(owner_url, "DELETE FROM rate_limits")
            token = await _made(client, bases[0], bearer)
            tries = [
                _show(client, base, token, n) for n, base in zip(range(_PEOPLE), cycle(bases), strict=False)
            ]
            statuses = await asyncio.gather(*tries)
            assert (statuses.count(200), statuses.count(401)) == (1, _PEOPLE - 1), (
                f"round {number}: {statuses}"
            )
    counted = execute(
        owner_url,
        "SELECT sum(use_count), count(*), (SELECT count(*) FROM sessions WHERE kind = 'guest'),"
        " (SELECT count(*) FROM workflow_executions WHERE status = 'success') FROM guest_staff_qr_tokens",
    )
    assert counted == [(_ROUNDS, _ROUNDS, _ROUNDS, _ROUNDS)]
