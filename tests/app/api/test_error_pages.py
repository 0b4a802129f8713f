from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.api import application, error_pages
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


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
async def test_what_nobody_foresaw_is_a_page_for_a_person_too(accept: str, service: Service) -> None:
    app = application.build(service)

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("s3cr3t")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.get("/bug", headers={"Accept": accept})
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert ("<h1>" in answer.text) is (accept == "text/html")
    assert "s3cr3t" not in answer.text


async def test_an_error_whose_page_cannot_be_made_is_answered_all_the_same(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application.build(service)

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError

    monkeypatch.setattr(error_pages, "page", None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answer = await client.get("/bug", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")


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
