from collections.abc import Callable

import httpx
import pytest

from hotelctl.app.api import application
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring, keyring_watch
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.newest_revision import NEWEST

pytestmark = pytest.mark.anyio
_OPS = {"Authorization": "Bearer " + "o" * 32}


@pytest.fixture
def dead(settings_of: Callable[..., Settings], cheap_passwords: Passwords) -> Service:
    settings = settings_of("postgresql://x@127.0.0.1:1/x", ops_token="o" * 32)
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    service.probe.phase = Phase.SERVING
    return service


async def _get(service: Service, path: str, method: str = "GET") -> httpx.Response:
    transport = httpx.ASGITransport(application.build(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, headers=_OPS)


@pytest.mark.parametrize("path", ["/health", "/healthz"])
async def test_alive_without_database(path: str, dead: Service) -> None:
    answer = await _get(dead, path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (await _get(dead, path, "HEAD")).status_code == 200
    assert (await _get(dead, path + "/")).status_code == 404


async def test_version_without_database(dead: Service) -> None:
    body = (await _get(dead, "/version")).json()
    identity = dead.identity
    assert body.pop("started_at").startswith(identity.started_at.strftime("%Y-%m-%dT%H:%M:%S"))
    assert body == {
        "name": "hotel-assistant",
        "version": identity.version,
        "git_sha": identity.git_sha,
        "schema_serial": SCHEMA_SERIAL,
        "instance_id": identity.instance_id,
    }


@pytest.mark.database
async def test_not_ready_and_unhealthy_without_database(dead: Service) -> None:
    ready = await _get(dead, "/readyz")
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "not_ready", "checks": {"db": "failed", "schema": "unknown", "keys": "ok"}, "inflight": 0},
    )
    health = await _get(dead, "/api/health/db")
    assert (health.status_code, health.json()) == (503, {"status": "failed", "latency_ms": None})


@pytest.mark.database
async def test_ready(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "checks": {"db": "ok", "schema": "ok", "keys": "ok"}, "inflight": 0},
    )


@pytest.mark.database
async def test_draining_is_unready_alive_and_closes_connections(
    client: httpx.AsyncClient, service: Service
) -> None:
    service.drain()
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "draining")
    for path in ("/health", "/version"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["Connection"]) == (200, "close")


@pytest.mark.database
@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic " + "o" * 32}]
)
async def test_strangers_learn_only_that_the_database_answers(
    header: dict[str, str], client: httpx.AsyncClient
) -> None:
    body = (await client.get("/api/health/db", headers=header)).json()
    assert set(body) == {"status", "latency_ms"}
    assert body["status"] == "ok"
    assert body["latency_ms"] > 0


@pytest.mark.database
async def test_operators_see_role_schema_and_pool(
    client: httpx.AsyncClient, runtime_login: tuple[str, str]
) -> None:
    body = (await client.get("/api/health/db", headers=_OPS)).json()
    assert (body["revision"], body["serial"], body["min_code_serial"]) == (
        NEWEST,
        SCHEMA_SERIAL,
        1,
    )
    assert body["role"] == {
        "name": runtime_login[0],
        "superuser": False,
        "bypassrls": False,
        "owns_tables": False,
    }
    assert body["pool"] == {"size": 10, "checked_out": 1, "overflow": 0, "waiting": 0}
    assert int(body["server_version"].split(".")[0]) >= 15


@pytest.mark.database
async def test_without_an_ops_token_nobody_is_an_operator(
    client: httpx.AsyncClient, service: Service
) -> None:
    service.settings = service.settings.model_copy(update={"ops_token": None})
    assert set((await client.get("/api/health/db", headers=_OPS)).json()) == {"status", "latency_ms"}


@pytest.mark.database
async def test_an_instance_that_lost_its_keyring_is_not_ready_until_it_is_back(
    client: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_watch, "FOLLOWED_EVERY_S", 0.0)
    directory = service.settings.hotel_keyring
    assert (await client.get("/readyz")).status_code == 200
    aside = directory.rename(directory.with_name("aside"))
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
    assert answer.json()["checks"] == {"db": "ok", "schema": "ok", "keys": "unusable"}
    aside.rename(directory)
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["keys"]) == (200, "ok")
