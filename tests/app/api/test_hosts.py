from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.api import application
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def talk(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> Callable[..., httpx.AsyncClient]:
    """A client of a service without database; what is given are more settings."""

    def make(**more: object) -> httpx.AsyncClient:
        settings = settings_of("postgresql://x@127.0.0.1:1/x", **more)
        service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
        transport = httpx.ASGITransport(application.build(service))
        return httpx.AsyncClient(transport=transport, base_url="http://hotel.example")

    return make


Talk = Callable[..., httpx.AsyncClient]


@pytest.mark.parametrize(
    "host", ["hotel.example", "HOTEL.example:8080", "127.0.0.1:9000", "localhost", "[::1]:80"]
)
async def test_its_own_names_are_answered(host: str, talk: Talk) -> None:
    async with talk() as client:
        assert (await client.get("/api/protected", headers={"Host": host})).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "hotel.example.evil.example", "127.0.0.1.evil.example", "[::1", "a b", ""]
)
async def test_any_other_name_is_not(host: str, talk: Talk) -> None:
    async with talk() as client:
        answer = await client.get("/api/protected", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_person_who_came_by_another_name_gets_a_page(talk: Talk) -> None:
    async with talk() as client:
        answer = await client.get("/login", headers={"Host": "evil.example", "Accept": "text/html"})
    assert (answer.status_code, "<h1>" in answer.text) == (421, True)


async def test_probes_are_answered_by_address(talk: Talk) -> None:
    async with talk() as client:
        for path in ("/health", "/healthz", "/version"):
            assert (await client.get(path, headers={"Host": "10.1.2.3:8080"})).status_code == 200


async def _preflight(client: httpx.AsyncClient, origin: str) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    return await client.options("/api/auth/login", headers=headers)


async def test_no_other_origin_by_default(talk: Talk) -> None:
    async with talk() as client:
        answers = [
            await _preflight(client, "https://www.example"),
            await client.get("/health", headers={"Origin": "https://www.example"}),
        ]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]
    assert answers[0].status_code == 405


async def test_exactly_the_origins_that_are_set_and_never_with_cookies(talk: Talk) -> None:
    async with talk(cors_origins="https://www.example,https://app.example") as client:
        good = await _preflight(client, "https://app.example")
        assert (good.status_code, good.headers["access-control-allow-origin"]) == (200, "https://app.example")
        assert "access-control-allow-credentials" not in good.headers
        for origin in (
            "https://evil.example",
            "http://app.example",
            "https://app.example.evil.example",
            "null",
        ):
            bad = await _preflight(client, origin)
            assert (bad.status_code, "access-control-allow-origin" in bad.headers) == (400, False)
        read = await client.get("/health", headers={"Origin": "https://www.example"})
        assert read.headers["access-control-allow-origin"] == "https://www.example"
        assert "Origin" in read.headers["Vary"]


async def test_a_page_elsewhere_may_go_on_with_a_stream_and_read_how_long_to_wait(talk: Talk) -> None:
    async with talk(cors_origins="https://www.example") as client:
        asked = {
            "Origin": "https://www.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization,last-event-id",
        }
        assert (await client.options("/api/tickets", headers=asked)).status_code == 200
        read = await client.get("/health", headers={"Origin": "https://www.example"})
    told = set(read.headers["access-control-expose-headers"].split(", "))
    assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"} <= told
    assert {"Idempotency-Replayed", "ETag", "X-Request-Id"} <= told


@pytest.mark.parametrize("environment", ["production", "staging", "test"])
async def test_the_description_is_for_local_environments_only(environment: str, talk: Talk) -> None:
    async with talk(hotel_env=environment) as client:
        for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
            assert (await client.get(path)).status_code == 404
