import asyncio
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_STAFF = "staff@alpha.example"
_TOWELS = {"kind": "amenity", "title": "Two towels", "room_label": "204"}


async def _open(client: httpx.AsyncClient, headers: Headers, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/work-orders", json={**_TOWELS, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _patch(
    client: httpx.AsyncClient, headers: Headers, order: dict[str, Any], **changes: object
) -> httpx.Response:
    url = f"/api/work-orders/{order['id']}"
    tag = (await client.get(url, headers=headers)).headers.get("ETag", '"1"')
    return await client.patch(url, json=changes, headers={**headers, "If-Match": tag})


async def _read(client: httpx.AsyncClient, headers: Headers, order: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/api/work-orders/{order['id']}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _staff(owner_url: str, department: str | None = None) -> UUID:
    with psycopg.connect(owner_url) as connection:
        if department:
            statement = "UPDATE users SET department = %s WHERE email = %s"
            connection.execute(statement, (department, _STAFF))
        found = connection.execute("SELECT id FROM users WHERE email = %s", (_STAFF,)).fetchone()
    assert found
    staff: UUID = found[0]
    return staff


async def test_every_change_is_in_the_history_with_its_source(
    client: httpx.AsyncClient, service: Service
) -> None:
    page, api = await callers.page(service), await callers.bearer(client)
    order = await _open(client, page)
    assert (await _patch(client, api, order, status="in_progress", details="Big ones")).status_code == 200
    done = (await _patch(client, page, order, status="done")).json()
    assert done["completed_at"] is not None
    made, begun, ended = (await _read(client, page, order))["history"]
    assert (made["source"], made["previous"], made["changed"]) == ("manual", None, {})
    assert made["new"]["status"] == "open"
    assert begun["source"] == "api"
    assert begun["previous"] == made["new"]
    assert begun["changed"]["status"] == {"old": "open", "new": "in_progress"}
    assert begun["changed"]["details"] == {"old": "", "new": "Big ones"}
    assert set(ended["changed"]) == {"status", "completed_at"}
    assert ended["sync_status"] == "local_only"
    assert (await _patch(client, page, order, status="done")).status_code == 200
    assert len((await _read(client, page, order))["history"]) == 3


async def test_a_way_that_is_closed_and_a_version_that_is_past(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    order = await _open(client, manager)
    url, tag = f"/api/work-orders/{order['id']}", {"If-Match": '"1"'}
    assert (await client.patch(url, json={"status": "cancelled"}, headers=manager | tag)).status_code == 200
    assert (await client.patch(url, json={"status": "open"}, headers=manager | tag)).status_code == 412
    assert (await client.patch(url, json={"status": "open"}, headers=manager)).status_code == 428
    assert (await _patch(client, manager, order, status="open")).status_code == 409
    assert (await _patch(client, manager, order, title="Late")).status_code == 409
    assert (await _patch(client, manager, order, kind="amenity")).status_code == 422
    assert (await _patch(client, manager, order, title=None)).status_code == 422


async def test_staff_deals_with_the_kinds_of_its_department(
    client: httpx.AsyncClient, owner_url: str, service: Service
) -> None:
    _staff(owner_url, "maintenance")
    manager, staff = await callers.page(service), await callers.page(service, _STAFF)
    towels = await _open(client, manager)
    leak = await _open(client, manager, kind="maintenance", title="Tap leaks")
    listed = (await client.get("/api/work-orders", headers=staff)).json()["items"]
    assert [order["id"] for order in listed] == [leak["id"]]
    assert (await client.get("/api/work-orders?kind=amenity", headers=staff)).json()["items"] == []
    assert (await client.get(f"/api/work-orders/{towels['id']}", headers=staff)).status_code == 404
    assert (await _patch(client, staff, towels, status="done")).status_code == 404
    assert (await _patch(client, staff, leak, status="done")).status_code == 200
    assert (await _open(client, staff, title="Three towels"))["kind"] == "amenity"


async def test_who_begins_has_it_and_only_who_may_gives_it_to_others(
    client: httpx.AsyncClient, owner_url: str, service: Service
) -> None:
    mine = str(_staff(owner_url))
    with psycopg.connect(owner_url) as connection:
        other = add_user(connection, HOTEL_A, "other@alpha.example", "staff")
    manager, staff = await callers.page(service), await callers.page(service, _STAFF)
    order = await _open(client, staff)
    assert (await _patch(client, staff, order, assigned_to=mine)).status_code == 403
    begun = (await _patch(client, staff, order, status="in_progress")).json()
    assert begun["assigned_to"] == mine
    given = (await _patch(client, manager, order, assigned_to=str(other))).json()
    assert given["assigned_to"] == str(other)
    assert (await _patch(client, manager, order, assigned_to=str(uuid7()))).status_code == 422
    refused = {**_TOWELS, "assigned_to": mine}
    assert (await client.post("/api/work-orders", json=refused, headers=staff)).status_code == 403


async def test_the_same_again_within_ten_minutes_is_the_first_one(
    client: httpx.AsyncClient, service: Service
) -> None:
    manager = await callers.page(service)
    made = await asyncio.gather(*(_open(client, manager) for _ in range(4)))
    assert len({order["id"] for order in made}) == 1
    assert (await _open(client, manager, room_label="205"))["id"] != made[0]["id"]
    assert (await _patch(client, manager, made[0], status="done")).status_code == 200
    assert (await _open(client, manager))["id"] != made[0]["id"]


async def test_it_may_come_from_a_ticket_of_the_hotel(client: httpx.AsyncClient, service: Service) -> None:
    manager = await callers.page(service)
    ticket = (await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=manager)).json()
    order = await _open(client, manager, ticket_id=ticket["id"], due_at="2026-01-01T10:00:00+02:00")
    assert order["due_at"] == "2026-01-01T08:00:00Z"
    found = (await client.get(f"/api/work-orders?ticket_id={ticket['id']}", headers=manager)).json()
    assert [one["id"] for one in found["items"]] == [order["id"]]
    stranger = await callers.bearer(client, "manager@beta.example")
    foreign = {**_TOWELS, "ticket_id": ticket["id"]}
    refused = await client.post("/api/work-orders", json=foreign, headers=stranger)
    assert refused.json()["errors"][0]["loc"] == ["body", "ticket_id"]
    for wrong in ({"due_at": "2026-01-01T10:00:00"}, {"title": "ab"}, {"kind": "x"}, {"status": "done"}):
        answer = await client.post("/api/work-orders", json={**_TOWELS, **wrong}, headers=manager)
        assert answer.status_code == 422, wrong


async def test_a_list_is_narrowed_and_goes_on_where_it_stopped(
    client: httpx.AsyncClient, service: Service
) -> None:
    manager = await callers.page(service)
    made = [await _open(client, manager, room_label=str(n)) for n in range(3)]
    first = (await client.get("/api/work-orders?limit=2", headers=manager)).json()
    url = f"/api/work-orders?limit=2&cursor={first['next_cursor']}"
    rest = (await client.get(url, headers=manager)).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in made[::-1]]
    assert rest["next_cursor"] is None
    await _patch(client, manager, made[0], status="in_progress")
    unassigned = (await client.get("/api/work-orders?unassigned=true", headers=manager)).json()["items"]
    assert [one["id"] for one in unassigned] == [made[2]["id"], made[1]["id"]]


async def test_guests_and_other_hotels_see_none_of_it(client: httpx.AsyncClient, service: Service) -> None:
    order = await _open(client, await callers.page(service))
    guest = await callers.guest(service)
    assert (await client.get("/api/work-orders", headers=guest)).status_code == 403
    assert (await client.post("/api/work-orders", json=_TOWELS, headers=guest)).status_code == 403
    stranger = await callers.bearer(client, "manager@beta.example")
    assert (await client.get(f"/api/work-orders/{order['id']}", headers=stranger)).status_code == 404
    assert (await _patch(client, stranger, order, status="done")).status_code == 404
    assert (await client.get("/api/work-orders", headers=stranger)).json()["items"] == []


async def test_who_opens_one_for_another_department_reads_it_and_moves_nothing(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    _staff(owner_url, "housekeeping")
    staff, manager = await callers.bearer(client, _STAFF), await callers.bearer(client)
    own = await _open(client, staff, kind="maintenance", title="Lamp is dark")
    other = await _open(client, manager, kind="maintenance", title="Tap drips")
    assert (await _read(client, staff, own))["id"] == own["id"]
    assert (await client.get(f"/api/work-orders/{other['id']}", headers=staff)).status_code == 404
    for kind, found in ((None, [own["id"]]), ("maintenance", [own["id"]]), ("amenity", [])):
        params = {"kind": kind} if kind else {}
        listed = await client.get("/api/work-orders", params=params, headers=staff)
        assert [item["id"] for item in listed.json()["items"]] == found
    assert (await _patch(client, staff, own, status="done")).status_code == 403
    assert (await _patch(client, staff, other, status="done")).status_code == 404
