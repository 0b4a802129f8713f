import re
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from hotelctl.app.domain.permissions import GRANTS
from hotelctl.app.services.guest_data import READ
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.codes import execute
from tests.app.operations import known_values
from tests.app.people import HOTEL_A, add_user
from tests.app.rows import fill
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_EMAIL = "ada@home.example"
# As the API and as the pages tell the end of the stay.
_MARKS = (_EMAIL, "2031-03-04", "4 March 2031")
_TOLD = "SELECT object_kind, object_id, after FROM audit_events WHERE action = 'guests.pii.read' ORDER BY id"
_SHOWS = {
    *("/api/tickets", "/api/tickets/{ticket_id}", "/api/dashboard/admin", "/staff/tickets/{ticket_id}"),
    *("/api/qr/tokens", "/api/qr/tokens/{code_id}", "/admin/qr"),
}


@pytest.fixture
def values(hotels: str) -> dict[str, str]:
    """Values for addresses; a ticket of the first hotel has a guest's e-mail, a code the end of a stay."""
    with psycopg.connect(hotels) as connection:
        rows = fill(connection, HOTEL_A)
        for role in ("supervisor", "admin"):
            add_user(connection, HOTEL_A, f"{role}@alpha.example", role)
        connection.execute("UPDATE tickets SET guest_email = %s", (_EMAIL,))
        connection.execute("UPDATE guest_staff_qr_tokens SET stay_ends_at = '2031-03-04T11:00Z'")
    return known_values(rows)


def _addresses(app: FastAPI, values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The template and an address of each route that is read; streams have no end."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if (
            isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and not route.path.endswith("/events")
        ):
            names = re.findall(r"{(\w+)}", route.path)
            if all(name in values for name in names):
                yield route.path, route.path.format_map(values)


def _events(url: str) -> list[tuple[Any, ...]]:
    return execute(url, _TOLD)


async def test_each_answer_that_shows_contact_or_stay_is_noted_once(
    app: FastAPI, client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    manager, showed = await callers.page(service), set()
    for path, address in _addresses(app, values):
        before = len(_events(owner_url))
        answer = await client.get(address, headers=manager)
        shows = any(mark in answer.text for mark in _MARKS)
        assert len(_events(owner_url)) - before == shows, path
        if shows:
            assert answer.status_code == 200, path
            showed.add(path)
    assert showed == _SHOWS


async def test_who_may_see_name_and_room_only_is_shown_no_more_and_nothing_is_noted(
    app: FastAPI, client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    supervisor = await callers.page(service, "supervisor@alpha.example")
    read = 0
    for path, address in _addresses(app, values):
        answer = await client.get(address, headers=supervisor)
        assert not any(mark in answer.text for mark in _MARKS), path
        read += answer.status_code == 200 and path in _SHOWS
    assert read == len(_SHOWS - {"/api/dashboard/admin"})
    assert _events(owner_url) == []


async def test_the_trail_says_who_was_shown_what_of_which_things(
    client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    manager = await callers.page(service)
    second = add(owner_url, "tickets", number=77, title="Late", source="MANUAL", guest_email="b@home.example")
    add(owner_url, "tickets", number=78, title="No address", source="MANUAL")
    answer = await client.get(f"/api/tickets/{values['ticket_id']}", headers=manager)
    await client.get("/api/tickets?limit=100", headers=manager)
    single, listed = _events(owner_url)
    assert (str(single[1]), single[0], single[2]) == (
        values["ticket_id"],
        "ticket",
        {"fields": ["guest_email"]},
    )
    ids = [str(second), values["ticket_id"]]
    assert listed == ("ticket", None, {"fields": ["guest_email"], "count": 2, "ids": ids})
    statement = (
        "SELECT a.actor_kind, u.email FROM audit_events a JOIN users u ON u.id = a.actor_id"
        " WHERE a.action = %s AND a.request_id = %s"
    )
    told = one(owner_url, statement, READ, answer.headers["X-Request-Id"])
    assert told == ("user", "manager@alpha.example")


@pytest.mark.usefixtures("full_trail")
async def test_nothing_is_shown_that_cannot_be_noted(
    app: FastAPI, client: httpx.AsyncClient, service: Service, values: dict[str, str]
) -> None:
    manager = await callers.page(service)
    supervisor = await callers.page(service, "supervisor@alpha.example")
    refused = set()
    for path, address in _addresses(app, values):
        answer = await client.get(address, headers=manager)
        assert not any(mark in answer.text for mark in _MARKS), path
        if answer.status_code == 503 and path != "/readyz":
            refused.add(path)
    assert refused == _SHOWS
    assert (await client.get("/api/tickets", headers=supervisor)).status_code == 200


async def test_a_change_whose_answer_shows_an_address_is_a_read_too(
    client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    manager = {**await callers.page(service), "If-Match": "1"}
    execute(owner_url, "UPDATE tickets SET version = 1")
    address = f"/api/tickets/{values['ticket_id']}"
    answer = await client.patch(address, json={"title": "Another title"}, headers=manager)
    assert answer.json()["guest_email"] == _EMAIL
    assert len(_events(owner_url)) == 1


async def test_a_repeat_of_an_order_leaves_the_address_out_and_keeps_it_nowhere(
    client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    assert values
    manager = {**await callers.page(service), "Idempotency-Key": "once"}
    body = {"title": "Call back", "guest_email": "new@home.example"}
    first = (await client.post("/api/tickets", json=body, headers=manager)).json()
    again = (await client.post("/api/tickets", json=body, headers=manager)).json()
    assert first["guest_email"] == "new@home.example"
    assert again == {**first, "guest_email": None}
    assert len(_events(owner_url)) == 1
    kept = one(
        owner_url, "SELECT response::text FROM idempotency_keys WHERE response ->> 'id' = %s", first["id"]
    )
    assert "home.example" not in kept[0]


async def test_a_guest_reads_the_own_address_and_nobody_notes_it(
    client: httpx.AsyncClient, guest: Headers, owner_url: str
) -> None:
    body = {"title": "Call me back", "guest_email": _EMAIL}
    made = (await client.post("/api/tickets", json=body, headers=guest)).json()
    [listed] = (await client.get("/api/tickets", headers=guest)).json()["items"]
    assert made["guest_email"] == listed["guest_email"] == _EMAIL
    assert _events(owner_url) == []


async def test_an_export_is_noted_as_a_read_of_all_guests_data(
    client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    assert values
    admin = await callers.page(service, "admin@alpha.example")
    assert (await client.post("/api/export", headers=admin)).status_code == 200
    assert _events(owner_url) == [("hotel", HOTEL_A, {"fields": ["guest_email", "stay_ends_at"]})]


def test_who_may_take_all_data_along_may_read_it() -> None:
    assert all(READ in held for held in GRANTS.values() if "export.create" in held)


async def test_the_page_of_the_trail_counts_what_was_read_and_tells_no_ids(
    client: httpx.AsyncClient, service: Service, values: dict[str, str], owner_url: str
) -> None:
    second = add(owner_url, "tickets", number=77, title="Late", source="MANUAL", guest_email="b@home.example")
    manager = await callers.page(service)
    await client.get("/api/tickets", headers=manager)
    shown = (await client.get("/admin/audit", headers=manager)).text
    assert "Guest\u2019s contact or stay read" in shown
    assert "how many: 2; fields: guest\u2019s e-mail" in shown
    assert str(second) not in shown
    assert values["ticket_id"] not in shown
