import json
import time
from collections.abc import AsyncIterator, Callable

import httpx
import psycopg
import pytest
from stripe import WebhookSignature

from hotelctl.app.api import application
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_SECRET = "whsec_s3cr3t"
_PATH = "/api/webhooks/stripe"
_EVENT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "livemode": False}


@pytest.fixture
async def client(app_url: str, settings_of: Callable[..., Settings]) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_of(app_url, stripe_webhook_secret=_SECRET)
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), Passwords(8))
    transport = httpx.ASGITransport(application.build(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://hotel.example") as talking:
        yield talking
    await service.db.close()


def _signed(body: str, secret: str = _SECRET, at: int | None = None) -> dict[str, str]:
    return {"Stripe-Signature": WebhookSignature.generate_signature_header(body, secret, at)}


async def test_an_event_is_taken_once(client: httpx.AsyncClient, owner_url: str) -> None:
    body = json.dumps(_EVENT)
    answers = [await client.post(_PATH, content=body, headers=_signed(body)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["duplicate"] for answer in answers] == [False, True]
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute("SELECT id, type, livemode FROM stripe_events").fetchall()
    assert rows == [("evt_1", "invoice.paid", False)]


async def test_the_very_bytes_are_what_is_signed(client: httpx.AsyncClient) -> None:
    body = json.dumps(_EVENT)
    other = json.dumps(_EVENT, indent=1)
    assert (await client.post(_PATH, content=other, headers=_signed(body))).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": "t=1,v1=x"},
        {"Stripe-Signature": "t=x,v1=\xe9"},
        _signed(json.dumps(_EVENT), "whsec_another"),
        _signed(json.dumps(_EVENT), at=int(time.time()) - 3600),
    ],
)
async def test_a_bad_signature_is_400_and_leaves_nothing(
    headers: dict[str, str], client: httpx.AsyncClient, owner_url: str
) -> None:
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = await client.post(_PATH, content=json.dumps(_EVENT), headers=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert "s3cr3t" not in answer.text
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM stripe_events").fetchone() == (0,)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"id": 1, "type": "x", "livemode": false}',
        '{"id": "a\\u0000b", "type": "x", "livemode": false}',
        '{"id": "\\ud800", "type": "x", "livemode": false}',
        json.dumps({**_EVENT, "id": "x" * 256}),
    ],
)
async def test_a_signed_body_that_is_no_event_is_400(body: str, client: httpx.AsyncClient) -> None:
    assert (await client.post(_PATH, content=body, headers=_signed(body))).status_code == 400


async def test_bytes_that_are_no_text_are_400(client: httpx.AsyncClient) -> None:
    assert (await client.post(_PATH, content=b"\xff\xfe", headers=_signed("x"))).status_code == 400
