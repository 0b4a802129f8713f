from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.api import application
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.forms import OWN

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_a_person_gets_a_page_with_the_request_id(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing", headers=OWN)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize(("path", "accept"), [("/nothing", "*/*"), ("/api/nothing", "text/html")])
async def test_whatever_else_asks_gets_a_problem(path: str, accept: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_page_says_too_that_the_database_does_not_answer(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> None:
    settings = settings_of("postgresql://x@127.0.0.1:1/x")
    dead = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    transport = httpx.ASGITransport(application.build(dead))
    async with httpx.AsyncClient(transport=transport, base_url="https://hotel.example") as client:
        client.cookies.set("__Host-hotel", "x")
        answer = await client.get("/account", headers=OWN)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "<h1>Service unavailable</h1>" in answer.text
