"""Names that people type: whatever they name, all of a name can be seen, and it reads as it is written."""

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.forms import come_in, submit
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_CODE = {"purpose": "guest_access"}
_TICKET = {"title": "Tap leaks"}
_ORDER = {"kind": "maintenance", "title": "Tap leaks"}
_PERSON = {"email": "new@alpha.example", "role": "staff", "display_name": "Kim"}
_NAMES = [
    ("POST", "/api/qr/generate", _CODE, "guest_name"),
    ("POST", "/api/qr/generate", _CODE, "room_label"),
    ("POST", "/api/tickets", _TICKET, "guest_name"),
    ("POST", "/api/tickets", _TICKET, "room_label"),
    ("POST", "/api/work-orders", _ORDER, "room_label"),
    ("POST", "/api/room-notes", {"body": "Window sticks"}, "room_label"),
    ("POST", "/api/users", _PERSON, "display_name"),
    ("PATCH", "/api/settings", {}, "name"),
    ("PATCH", "/api/settings", {}, "widget_title"),
]
_UNSEEN = {
    "turned": "\u202e",
    "turned in it": "K\u202emi",
    "isolated": "Kim\u2069",
    "of no width": "\u200b",
    "of no width in it": "K\u200bim",
    "joined": "K\u200dim",
    "parted": "K\u200cim",
    "parted after the last": "علی \u200c",
    "turned where one may be joined": "علی\u200cپور\u202e",
    "nothing but a joiner": "\u200d",
    "byte order": "\ufeffKim",
    "soft hyphen": "K\u00adim",
    "filler": "\u3164",
    "blank pattern": "\u2800\u2800",
    "mark on nothing": "\u0301",
    "spaces": "\u00a0\u3000",
    "two lines": "K\nim",
    "line separator": "K\u2028im",
    "tag": "Kim\U000e0041",
}


@pytest.fixture
async def admin(service: Service, owner_connection: psycopg.Connection) -> callers.Headers:
    """One who may name all that has a name."""
    add_user(owner_connection, HOTEL_A, "admin@alpha.example", "admin")
    return await callers.page(service, "admin@alpha.example")


@pytest.mark.parametrize("name", _UNSEEN.values(), ids=_UNSEEN)
async def test_a_name_that_cannot_all_be_seen_is_refused(
    name: str, client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    for method, url, body, field in _NAMES:
        answer = await client.request(method, url, json={**body, field: name}, headers=admin)
        assert answer.status_code == 422, (url, field, answer.text)
        assert answer.json()["errors"][0]["loc"][-1] == field


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u00ad", "\u3164"])
async def test_an_address_that_cannot_all_be_seen_is_refused(
    sign: str, client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    body = {**_PERSON, "email": f"ne{sign}w@alpha.example"}
    assert (await client.post("/api/users", json=body, headers=admin)).status_code == 422
    body = {**_TICKET, "guest_email": f"guest{sign}@mail.example"}
    assert (await client.post("/api/tickets", json=body, headers=admin)).status_code == 422


_JOINED = ["علی\u200cپور", "نیک\u200cپور", "क\u094d\u200dषमा", "श्री\u0930\u094d\u200cया", "ශ\u0dca\u200dරී"]


@pytest.mark.parametrize("name", _JOINED)
async def test_a_joiner_stays_where_a_script_needs_it(
    name: str, client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    for method, url, body, field in _NAMES:
        sent = body if url != "/api/users" else {**body, "email": f"{uuid7()}@alpha.example"}
        answer = await client.request(method, url, json={**sent, field: name}, headers=admin)
        assert answer.status_code in {200, 201}, (url, field, answer.text)
    assert (await client.get("/api/settings", headers=admin)).json()["name"] == name
    titled = {"title": name, "description": name}
    made = (await client.post("/api/tickets", json=titled, headers=admin)).json()
    assert (made["title"], made["description"]) == (name, name)


async def test_rooms_that_look_alike_are_one_whatever_joiners_habit_typed(
    client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    for typed in ("نور\u200cپور", "نور\u200dپور", "نورپور\u200c", "نورپور"):
        note = {"body": "Window sticks", "room_label": typed}
        made = await client.post("/api/room-notes", json=note, headers=admin)
        assert (made.status_code, made.json().get("room_label")) == (201, "نورپور")


@pytest.mark.parametrize(
    "name", ["José Ångström", "Jose\u0301", "李小龍", "פרידה", "O'Neil-Łukasz (2)", "K\U0001f6bf"]
)
async def test_names_of_all_the_world_are_taken_as_they_are(
    name: str, client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    answer = await client.patch("/api/settings", json={"name": name}, headers=admin)
    assert (answer.status_code, answer.json()["name"]) == (200, name)
    made = await client.post("/api/tickets", json={**_TICKET, "guest_name": name}, headers=admin)
    assert (made.status_code, made.json()["guest_name"]) == (201, name)


async def test_a_space_of_another_width_is_the_usual_one(
    client: httpx.AsyncClient, admin: callers.Headers
) -> None:
    body = {**_CODE, "guest_name": "山田\u3000太郎", "room_label": "Suite\u00a03"}
    made = await client.post("/api/qr/generate", json=body, headers=admin)
    found = (await client.get("/api/qr/tokens", params={"room": "Suite 3"}, headers=admin)).json()["items"]
    assert [(one["id"], one["guest_name"]) for one in found] == [(made.json()["id"], "山田 太郎")]


async def test_the_forms_keep_the_same_rule(client: httpx.AsyncClient, owner_url: str) -> None:
    await come_in(client, owner_url, "admin")
    person = {**_PERSON, "department": "general", "locale": "", "display_name": _UNSEEN["turned"]}
    ticket = {**_TICKET, "priority": "LOW", "guest_name": _UNSEEN["turned"]}
    for page, fields in (("/admin/users/new", person), ("/staff/tickets/new", ticket)):
        answer = await submit(client, page, page, fields)
        assert answer.status_code == 422
        assert "A name has 1 to 120 characters, all of which can be seen." in answer.text
