import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from hotelctl.app.domain.assistant.payment import CARD_MASK
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_JSON = {"Content-Type": "application/json"}
_STAFF = "staff@alpha.example"
_LEAK = {"title": "Tap leaks", "description": "It drips", "room_label": "204", "category": "plumbing"}


async def _tell(client: httpx.AsyncClient, headers: Headers, status: int, **more: object) -> dict[str, Any]:
    answer = await client.post("/api/tickets", json={**_LEAK, **more}, headers=headers)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _open(client: httpx.AsyncClient, headers: Headers, **more: object) -> dict[str, Any]:
    return await _tell(client, headers, 201, **more)


async def _patch(
    client: httpx.AsyncClient, headers: Headers, ticket: dict[str, Any], **changes: object
) -> httpx.Response:
    tag = {"If-Match": f'"{ticket["version"]}"'}
    return await client.patch(f"/api/tickets/{ticket['id']}", json=changes, headers={**headers, **tag})


async def _say(
    client: httpx.AsyncClient, headers: Headers, ticket: dict[str, Any], body: str, visibility: str | None
) -> httpx.Response:
    said = {"body": body, "visibility": visibility}
    return await client.post(f"/api/tickets/{ticket['id']}/comments", json=said, headers=headers)


async def _read(client: httpx.AsyncClient, headers: Headers, ticket: dict[str, Any]) -> httpx.Response:
    return await client.get(f"/api/tickets/{ticket['id']}", headers=headers)


def _user_id(owner_url: str, email: str) -> str:
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT id FROM users WHERE email = %s", (email,)).fetchone()
    assert found
    return str(found[0])


async def test_a_ticket_has_a_number_a_clock_and_a_version(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    first = await _open(client, manager)
    second = await _open(client, manager, title="Door sticks", sla_minutes=45)
    assert (first["number"], second["number"]) == (1, 2)
    assert (first["status"], first["priority"], first["version"]) == ("OPEN", "MEDIUM", 1)
    assert first["sla_minutes"] == 480
    assert second["sla_minutes"] == 45
    read = await _read(client, manager, second)
    assert read.headers["ETag"] == '"1"'
    assert read.json() == {**second, "comments": []}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("title", ["abc", "x" * 180], ["ab", "  ab  ", "x" * 181]),
        ("description", ["", "x" * 5000], ["x" * 5001]),
        ("guest_name", ["x" * 120], ["", "x" * 121]),
        ("room_label", ["1", "x" * 40], ["", "x" * 41]),
        ("category", ["x" * 60], ["x" * 61]),
        ("sla_minutes", [5, 2880], [4, 2881, 5.5, "x"]),
        ("guest_email", ["a@b.example"], ["a b@c.example", "a@b@c", "@b"]),
        ("title", ["caf\u00e9 \U0001f6bf"], ["nul \x00 in it", "half \ud83d character"]),
        ("priority", ["URGENT"], ["urgent", None]),
        ("assigned_to", [None], ["me", str(uuid7())]),
        ("hotel_id", [], [str(HOTEL_A)]),
    ],
)
async def test_what_is_too_long_or_wrong_is_named(
    field: str, good: list[object], bad: list[object], client: httpx.AsyncClient
) -> None:
    manager = await callers.bearer(client)
    for number, value in enumerate(good):
        await _open(client, manager, **{"title": f"Tap {number} leaks", field: value})
    for value in bad:
        # Not through httpx' own JSON, which cannot spell half a character.
        said = json.dumps({**_LEAK, field: value})
        answer = await client.post("/api/tickets", content=said, headers={**manager, **_JSON})
        assert answer.status_code == 422, value
        assert answer.json()["errors"][0]["loc"][:2] == ["body", field]


async def test_numbers_have_no_gaps_however_many_come_at_once(
    client: httpx.AsyncClient, service: Service
) -> None:
    guests = [await callers.guest(service, str(room)) for room in range(8)]
    await client.post("/api/tickets", json={**_LEAK, "assigned_to": str(uuid7())}, headers=guests[0])
    made = await asyncio.gather(*(_open(client, guest) for guest in guests))
    assert sorted(ticket["number"] for ticket in made) == list(range(1, 9))


async def test_the_same_again_within_ten_minutes_is_told_on_the_first_one(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    guest, manager = await callers.guest(service), await callers.bearer(client)
    first = await _open(client, guest)
    again = await _tell(client, guest, 200, title="TAP leaks", description="More and more")
    assert again["id"] == first["id"]
    said = (await _read(client, guest, first)).json()["comments"]
    assert [(one["body"], one["author_kind"]) for one in said] == [("More and more", "guest")]
    other = await callers.guest(service)
    assert (await _open(client, other))["id"] != first["id"]
    assert (await _open(client, guest, title="Another thing"))["id"] != first["id"]
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE tickets SET created_at = created_at - interval '11 minutes'")
    later = await _open(client, guest)
    assert later["id"] != first["id"]
    assert (await _patch(client, manager, later, status="RESOLVED")).status_code == 200
    assert (await _open(client, guest))["id"] not in {first["id"], later["id"]}


async def test_told_again_by_staff_it_is_no_new_one_either_nor_for_a_repeat_of_that(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    manager = await callers.bearer(client)
    first = await _open(client, manager)
    keyed = {**manager, "Idempotency-Key": "again"}
    for _ in range(2):
        assert (await _tell(client, keyed, 200))["id"] == first["id"]
    said = app.openapi()["paths"]["/api/tickets"]["post"]["responses"]
    assert said["200"]["content"] == said["201"]["content"]


async def test_the_same_for_another_guest_is_another_one(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    ann = await _open(client, manager, guest_name="Ann")
    assert (await _tell(client, manager, 200, guest_name="Ann"))["id"] == ann["id"]
    bob = await _open(client, manager, guest_name="Bob", priority="URGENT")
    assert (bob["guest_name"], bob["priority"], bob["id"] == ann["id"]) == ("Bob", "URGENT", False)


async def test_two_at_once_are_one(client: httpx.AsyncClient, service: Service) -> None:
    guest = await callers.guest(service)
    answers = await asyncio.gather(
        *(client.post("/api/tickets", json=_LEAK, headers=guest) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_key_makes_it_once_and_is_bound_to_what_was_asked(client: httpx.AsyncClient) -> None:
    headers = {**await callers.bearer(client), "Idempotency-Key": "k1"}
    first = await _open(client, headers)
    assert await _open(client, headers) == first
    other = await client.post("/api/tickets", json={**_LEAK, "title": "Else"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_change_needs_the_version_that_it_is_based_on(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    ticket = await _open(client, manager)
    url = f"/api/tickets/{ticket['id']}"
    assert (await client.patch(url, json={"title": "New"}, headers=manager)).status_code == 428
    changed = await _patch(client, manager, ticket, title="New title", category=None)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json()["title"], changed.json()["category"]) == ("New title", None)
    stale = await _patch(client, manager, ticket, title="Other")
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    same = await _patch(client, manager, changed.json(), title="New title")
    assert same.json()["version"] == 2
    for wrong in ({"title": None}, {"status": "DONE"}, {"version": 3}, {"number": 9}):
        assert (await _patch(client, manager, changed.json(), **wrong)).status_code == 422


async def test_of_two_changes_at_once_one_wins(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    ticket = await _open(client, manager)
    answers = await asyncio.gather(
        *(_patch(client, manager, ticket, title=f"Title {number}") for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_the_way_to_its_end_and_what_the_clock_notes(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    ticket = await _open(client, manager)
    assert (await _patch(client, manager, ticket, status="CLOSED")).status_code == 409
    begun = (await _patch(client, manager, ticket, status="IN_PROGRESS")).json()
    assert begun["first_response_at"] is not None
    resolved = (await _patch(client, manager, begun, status="RESOLVED", resolution="New washer")).json()
    assert resolved["resolved_at"] is not None
    reopened = (await _patch(client, manager, resolved, status="IN_PROGRESS")).json()
    assert reopened["resolved_at"] is None
    assert reopened["first_response_at"] == begun["first_response_at"]
    resolved = (await _patch(client, manager, reopened, status="RESOLVED")).json()
    closed = (await _patch(client, manager, resolved, status="CLOSED")).json()
    assert (await _patch(client, manager, closed, title="Too late")).status_code == 409
    assert (await _say(client, manager, closed, "Too late", None)).status_code == 409


async def test_another_time_moves_what_is_due(client: httpx.AsyncClient) -> None:
    manager = await callers.bearer(client)
    ticket = await _open(client, manager, sla_minutes=60)
    sooner = (await _patch(client, manager, ticket, sla_minutes=30)).json()
    assert sooner["due_at"] < ticket["due_at"]


async def test_staff_changes_what_is_assigned_to_it_and_a_supervisor_everything(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        add_user(connection, HOTEL_A, "super@alpha.example", "supervisor")
    manager, staff = await callers.bearer(client), await callers.bearer(client, _STAFF)
    ticket = await _open(client, manager)
    refused = await _patch(client, staff, ticket, priority="HIGH")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    mine = _user_id(owner_url, _STAFF)
    supervisor = await callers.bearer(client, "super@alpha.example")
    assigned = (await _patch(client, supervisor, ticket, assigned_to=mine)).json()
    begun = await _patch(client, staff, assigned, status="IN_PROGRESS")
    assert begun.status_code == 200
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET suspended_at = now() WHERE id = %s", (mine,))
    ticket = begun.json() | {"assigned_to": None}
    freed = (await _patch(client, supervisor, ticket, assigned_to=None)).json()
    assert (await _patch(client, supervisor, freed, assigned_to=mine)).status_code == 422


async def test_a_guest_has_the_own_tickets_in_the_own_room(
    client: httpx.AsyncClient, service: Service
) -> None:
    guest, other = await callers.guest(service, "204"), await callers.guest(service, "205")
    manager = await callers.bearer(client)
    ticket = await _open(client, guest, room_label="999", source="EMAIL", guest_email="g@h.example")
    assert (ticket["room_label"], ticket["source"]) == ("204", "GUEST_WIDGET")
    assert ticket["guest_email"] == "g@h.example"
    await _open(client, manager, title="Not the guest's")
    listed = (await client.get("/api/tickets", headers=guest)).json()["items"]
    assert [one["id"] for one in listed] == [ticket["id"]]
    assert (await client.get("/api/tickets", headers=other)).json()["items"] == []
    assert (await _read(client, other, ticket)).status_code == 404
    assert (await _say(client, other, ticket, "Me, too", None)).status_code == 404
    assert (await _patch(client, guest, ticket, status="CANCELLED")).status_code == 403
    refused = {**_LEAK, "title": "Assign it", "assigned_to": str(uuid7())}
    assert (await client.post("/api/tickets", json=refused, headers=guest)).status_code == 403


@pytest.mark.parametrize("choice", [{"priority": "URGENT"}, {"priority": "LOW"}, {"sla_minutes": 5}])
async def test_how_soon_it_has_to_be_done_is_not_a_guests_choice(
    choice: dict[str, object], client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    guest = await callers.guest(service)
    answer = await client.post("/api/tickets", json={**_LEAK, **choice}, headers=guest)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await _open(client, await callers.bearer(client, _STAFF), **choice))["number"] == 1
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM tickets").fetchone() == (1,)


async def test_staff_opens_a_ticket_for_itself_or_nobody_and_a_supervisor_for_anybody(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        add_user(connection, HOTEL_A, "super@alpha.example", "supervisor")
    staff, supervisor = [await callers.bearer(client, f"{who}@alpha.example") for who in ("staff", "super")]
    mine, others = _user_id(owner_url, _STAFF), _user_id(owner_url, "manager@alpha.example")
    answer = await client.post("/api/tickets", json={**_LEAK, "assigned_to": others}, headers=staff)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await _open(client, staff, assigned_to=mine))["assigned_to"] == mine
    assert (await _open(client, supervisor, assigned_to=others))["assigned_to"] == others


async def test_guests_never_see_what_is_internal(client: httpx.AsyncClient, service: Service) -> None:
    guest, manager = await callers.guest(service), await callers.bearer(client)
    ticket = await _open(client, guest)
    internal = await _say(client, manager, ticket, "Difficult guest", None)
    assert internal.json()["visibility"] == "INTERNAL"
    assert (await _read(client, manager, ticket)).json()["first_response_at"] is None
    public = await _say(client, manager, ticket, "We are on our way", "PUBLIC")
    assert public.status_code == 201
    seen = (await _read(client, guest, ticket)).json()
    assert seen["first_response_at"] is not None
    assert [one["body"] for one in seen["comments"]] == ["We are on our way"]
    assert seen["comments"][0]["author_user_id"] is None
    assert (await _say(client, guest, ticket, "x", "INTERNAL")).status_code == 403
    everything = (await _read(client, manager, ticket)).json()["comments"]
    assert [one["body"] for one in everything] == ["Difficult guest", "We are on our way"]


async def test_a_guests_word_ends_the_waiting_for_it(client: httpx.AsyncClient, service: Service) -> None:
    guest, manager = await callers.guest(service), await callers.bearer(client)
    ticket = await _open(client, guest)
    assert (await _patch(client, manager, ticket, status="WAITING_RESPONSE")).status_code == 200
    assert (await _say(client, guest, ticket, "After six", None)).json()["visibility"] == "PUBLIC"
    seen = (await _read(client, manager, ticket)).json()
    assert (seen["status"], seen["version"]) == ("IN_PROGRESS", 3)


async def test_an_address_is_for_those_who_may_see_more_than_name_and_room(
    client: httpx.AsyncClient,
) -> None:
    manager, staff = await callers.bearer(client), await callers.bearer(client, _STAFF)
    ticket = await _open(client, manager, guest_name="Ada", guest_email="ada@home.example")
    assert (await _read(client, manager, ticket)).json()["guest_email"] == "ada@home.example"
    seen = (await _read(client, staff, ticket)).json()
    assert (seen["guest_name"], seen["guest_email"]) == ("Ada", None)


async def test_a_list_is_narrowed_and_goes_on_where_it_stopped(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    manager = await callers.bearer(client)
    made = [await _open(client, manager, title=f"Matter {n}", priority="LOW") for n in range(5)]
    await _open(client, manager, title="Urgent matter", priority="URGENT", room_label="7")
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE tickets SET due_at = now() WHERE number IN (2, 3)")
        connection.execute("UPDATE tickets SET status = 'CANCELLED' WHERE number = 3")

    async def listed(query: str) -> list[int]:
        answer = await client.get(f"/api/tickets?{query}", headers=manager)
        return [one["number"] for one in answer.json()["items"]]

    first = (await client.get("/api/tickets?priority=LOW&limit=3", headers=manager)).json()
    assert [one["id"] for one in first["items"]] == [one["id"] for one in made[:1:-1]]
    assert await listed(f"priority=LOW&limit=3&cursor={first['next_cursor']}") == [2, 1]
    assert await listed("room_label=7") == [6]
    assert await listed("status=CANCELLED") == [3]
    assert await listed("overdue=true") == [2]
    assert await listed(f"assigned_to={uuid7()}") == []
    for wrong in ("limit=0", "limit=101", "cursor=%00", "status=x", "room_label=%00", "overdue=maybe"):
        assert (await client.get(f"/api/tickets?{wrong}", headers=manager)).status_code == 422, wrong


async def test_another_hotels_ticket_does_not_exist(client: httpx.AsyncClient) -> None:
    ticket = await _open(client, await callers.bearer(client))
    stranger = await callers.bearer(client, "manager@beta.example")
    assert (await _read(client, stranger, ticket)).status_code == 404
    assert (await _patch(client, stranger, ticket, title="Mine now")).status_code == 404
    assert (await _say(client, stranger, ticket, "Hello", None)).status_code == 404
    assert (await client.get("/api/tickets", headers=stranger)).json()["items"] == []
    assert (await _open(client, stranger))["number"] == 1


async def test_the_trail_tells_who_did_what_and_no_guests_words(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    guest, manager = await callers.guest(service), await callers.bearer(client)
    ticket = await _open(client, guest, description="My passport is in the safe")
    await _patch(client, manager, ticket, status="IN_PROGRESS")
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT actor_kind, action, before, after FROM audit_events WHERE object_id = %s ORDER BY id",
            (UUID(ticket["id"]),),
        ).fetchall()
    assert [(row[0], row[1]) for row in rows] == [("guest", "ticket.create"), ("user", "ticket.update")]
    assert (rows[1][2]["status"], rows[1][3]["status"]) == ("OPEN", "IN_PROGRESS")
    assert "passport" not in str(rows)


async def test_of_a_card_number_nothing_is_kept_on_a_ticket(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    card, manager = "4111 1111 1111 1111", await callers.bearer(client)
    guest = await callers.guest(service)
    told = {"title": f"Charge {card}", "description": f"My card is {card}, please"}
    opened = await client.post("/api/tickets", json=told, headers=guest)
    assert (opened.json()["title"], opened.json()["description"]) == (
        f"Charge {CARD_MASK}",
        f"My card is {CARD_MASK}, please",
    )
    ticket = opened.json()
    assert (await _say(client, guest, ticket, f"It is {card}", None)).json()["body"] == f"It is {CARD_MASK}"
    settled = await _patch(client, manager, ticket, resolution=f"Charged {card}")
    assert settled.json()["resolution"] == f"Charged {CARD_MASK}"
    # The word for a number is longer than some numbers.
    longest = f"{'x' * 160} {card}"
    assert len((await _open(client, manager, title=longest))["title"]) <= 180
    stored = "SELECT count(*) FROM tickets t, ticket_comments c WHERE (t::text || c::text) LIKE '%1111%'"
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(stored).fetchone() == (0,)
