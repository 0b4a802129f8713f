import httpx
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


async def test_the_trail_is_read_newest_first_and_by_what_it_is_about(
    client: httpx.AsyncClient, service: Service
) -> None:
    manager = await callers.page(service)
    ticket = (await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=manager)).json()
    order = {"kind": "maintenance", "title": "Mend the tap"}
    answer = await client.post("/api/work-orders", json=order, headers=manager)
    assert answer.status_code == 201
    first = (await client.get("/api/audit?limit=1", headers=manager)).json()
    assert [one["action"] for one in first["items"]] == ["workorder.create"]
    assert first["items"][0]["request_id"] == answer.headers["X-Request-Id"]
    rest = (await client.get(f"/api/audit?limit=1&cursor={first['next_cursor']}", headers=manager)).json()
    assert [one["action"] for one in rest["items"]] == ["ticket.create"]

    async def count(query: str) -> int:
        found = await client.get(f"/api/audit?{query}", headers=manager)
        assert found.status_code == 200, found.text
        return len(found.json()["items"])

    assert await count(f"object_id={ticket['id']}") == 1
    assert await count("object_kind=work_order") == 1
    assert await count("action=ticket.create&from=2020-01-01T00:00:00Z") == 1
    assert await count("to=2020-01-01T00:00:00Z") == 0
    for wrong in ("from=yesterday", "to=2020-01-01T00:00:00", "action=%00", "actor_id=me"):
        assert (await client.get(f"/api/audit?{wrong}", headers=manager)).status_code == 422, wrong


async def test_it_is_for_managers_and_of_the_own_hotel(client: httpx.AsyncClient, service: Service) -> None:
    manager = await callers.page(service)
    await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=manager)
    staff = await callers.page(service, "staff@alpha.example")
    assert (await client.get("/api/audit", headers=staff)).status_code == 403
    stranger = await callers.bearer(client, "manager@beta.example")
    assert (await client.get("/api/audit", headers=stranger)).json()["items"] == []
