"""What a client may say of itself, and what it learns from how long an answer takes."""

import time

import httpx
import pytest
from fastapi import FastAPI

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import execute, make
from tests.app.people import PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_STRANGER, _PROXY = "203.0.113.9", "127.0.0.1"
_ROUNDS = 8
_KNOWN, _NOBODY = "manager@alpha.example", "nobody@alpha.example"


def _from(app: FastAPI, peer: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(peer, 5000)), base_url="http://localhost"
    )


async def _fail(client: httpx.AsyncClient, said: str, email: str = _NOBODY) -> httpx.Response:
    body = {"email": email, "password": "wrong"}
    return await client.post("/api/auth/login", json=body, headers={"X-Forwarded-For": said})


async def test_who_is_no_proxy_does_not_get_around_a_limit_by_naming_other_clients(app: FastAPI) -> None:
    async with _from(app, _STRANGER) as client:
        found = [
            (await _fail(client, f"198.51.100.{n}, {_PROXY}", f"nobody{n}@x.example")).status_code
            for n in range(6)
        ]
    assert found == [401] * 5 + [429]


async def test_a_client_behind_a_proxy_does_not_get_around_a_limit_by_what_it_sends_itself(
    app: FastAPI,
) -> None:
    """The proxy writes the address that it sees behind what the client made up."""
    async with _from(app, _PROXY) as client:
        found = [
            (await _fail(client, f"198.51.100.{n}, {_STRANGER}", f"nobody{n}@x.example")).status_code
            for n in range(6)
        ]
        other = await _fail(client, f"{_STRANGER}, 198.51.100.1", "other@x.example")
    assert found == [401] * 5 + [429]
    assert other.status_code == 401


async def test_addresses_of_codes_and_cookies_are_not_what_a_client_says(
    app: FastAPI, service: Service
) -> None:
    """HOTEL_PUBLIC_URL says where the service is, whoever asks."""
    manager = await callers.page(service)
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    async with _from(app, _PROXY) as client:
        made = await make(client, manager | told)
        form = {"email": _KNOWN, "password": PASSWORD}
        entered = await client.post("/login", data=form, headers={**told, "Sec-Fetch-Site": "same-origin"})
    assert made["url"].startswith("https://hotel.example/q/")
    assert entered.headers["Location"].startswith("/")
    assert entered.headers["Set-Cookie"].startswith("__Host-hotel=")
    assert "; Secure" in entered.headers["Set-Cookie"]


async def test_how_long_a_refusal_takes_does_not_tell_who_is_known(
    app: FastAPI, service: Service, owner_url: str
) -> None:
    """In turns, at the price that hashes have; without a hash for nobody it would take a tenth."""
    service.passwords = Passwords(service.settings.password_memory_kib)
    stored = service.passwords.hash_now(PASSWORD)
    execute(owner_url, "UPDATE users SET password_hash = %s", stored)
    times: dict[str, list[float]] = {_KNOWN: [], _NOBODY: []}
    async with _from(app, _PROXY) as client:
        for turn in range(_ROUNDS):
            for email, taken in times.items():
                began = time.perf_counter()
                assert (await _fail(client, f"198.51.100.{turn}", email)).status_code == 401
                taken.append(time.perf_counter() - began)
    # The quickest of each: whatever else the machine does only adds to the others.
    known, nobody = (min(taken) for taken in times.values())
    assert 1 / 3 < known / nobody < 3
