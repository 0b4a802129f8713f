from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.services.external.directory import Directory
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_OPS = {"Authorization": "Bearer " + "o" * 32}
_PATH = "/api/ops/services"
_OFF = {"state": "not_configured", "code": None, "latency_ms": None, "checked_at": None}


@pytest.mark.parametrize(
    "header", [{}, {b"Authorization": b"Bearer wrong"}, {b"Authorization": b"Bearer \xe9"}]
)
async def test_only_operators(header: dict[bytes, bytes], client: httpx.AsyncClient) -> None:
    answer = await client.get(_PATH, headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_without_an_ops_token_nobody(client: httpx.AsyncClient, service: Service) -> None:
    service.settings = service.settings.model_copy(update={"ops_token": None})
    assert (await client.get(_PATH, headers=_OPS)).status_code == 401


async def test_what_is_off_is_said_to_be_off(client: httpx.AsyncClient) -> None:
    for query in ("", "?check=true"):
        body = (await client.get(_PATH + query, headers=_OPS)).json()
        assert body == dict.fromkeys(("smtp", "openai", "pinecone", "stripe", "s3"), _OFF)


async def test_a_check_is_made_when_asked_for_and_remembered(
    client: httpx.AsyncClient,
    service: Service,
    settings_of: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.external = Directory(settings_of("postgresql://x@127.0.0.1:1/x", openai_api_key="s3cr3t"))
    # Whether the extra is installed or not, this library is not.
    monkeypatch.setattr(type(service.external.openai), "library", "no_such_library")
    before = (await client.get(_PATH, headers=_OPS)).json()["openai"]
    assert before == {**_OFF, "state": "configured_unchecked"}
    checked = (await client.get(_PATH, params={"check": "true"}, headers=_OPS)).json()["openai"]
    assert (checked["state"], checked["code"]) == ("failed", "extra_missing")
    assert (await client.get(_PATH, headers=_OPS)).json()["openai"] == checked
