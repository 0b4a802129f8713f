from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.people import HOTEL_A, add_user
from tests.app.work import one, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_STAFF = "staff@alpha.example"
_URL = "/api/room-notes"
_WINDOW = {"room_label": "204", "body": "The window sticks."}


async def _write(client: httpx.AsyncClient, headers: Headers, **more: object) -> dict[str, Any]:
    answer = await client.post(_URL, json={**_WINDOW, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _listed(client: httpx.AsyncClient, headers: Headers, query: str = "") -> list[str]:
    answer = await client.get(_URL + query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [note["body"] for note in answer.json()["items"]]


async def _remove(client: httpx.AsyncClient, headers: Headers, note: dict[str, Any]) -> int:
    return (await client.delete(f"{_URL}/{note['id']}", headers=headers)).status_code


async def test_what_one_wrote_all_of_the_staff_reads_newest_first(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    staff, manager = await callers.page(service, _STAFF), await callers.page(service)
    note = await _write(client, staff, body="  The window\n sticks. ")
    assert note["author_user_id"] == str(user_id(owner_url, _STAFF))
    assert (note["room_label"], note["body"]) == ("204", "The window\n sticks.")
    for room, body in (("205", "A cot stays."), ("204", "It was oiled.")):
        await _write(client, manager, room_label=room, body=body)
    assert await _listed(client, staff) == ["It was oiled.", "A cot stays.", "The window\n sticks."]
    assert await _listed(client, manager, "?room_label=204") == ["It was oiled.", "The window\n sticks."]


async def test_a_list_goes_on_where_it_stopped(client: httpx.AsyncClient, service: Service) -> None:
    staff = await callers.page(service, _STAFF)
    for number in range(3):
        await _write(client, staff, body=str(number))
    first = (await client.get(f"{_URL}?limit=2", headers=staff)).json()
    assert [note["body"] for note in first["items"]] == ["2", "1"]
    assert await _listed(client, staff, f"?limit=2&cursor={first['next_cursor']}") == ["0"]


async def test_a_request_that_comes_again_writes_one_note(
    client: httpx.AsyncClient, service: Service
) -> None:
    staff = {**await callers.page(service, _STAFF), "Idempotency-Key": "k"}
    assert await _write(client, staff) == await _write(client, staff)
    assert await _listed(client, staff) == [_WINDOW["body"]]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"body": ""}, {"body": " \n "}, {"body": "x" * 1001}, {"body": "\x00"}, {"body": None}),
        *({"room_label": ""}, {"room_label": "x" * 41}, {"room_label": None}),
        *({"author_user_id": "x"}, {"hotel_id": str(HOTEL_A)}),
    ],
)
async def test_what_is_no_note_is_refused_as_a_problem_that_names_the_field(
    wrong: dict[str, object], client: httpx.AsyncClient, service: Service
) -> None:
    staff = await callers.page(service, _STAFF)
    answer = await client.post(_URL, json={**_WINDOW, **wrong}, headers=staff)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", *wrong]]
    assert await _listed(client, staff) == []


async def test_the_longest_note_is_kept(client: httpx.AsyncClient, service: Service) -> None:
    staff = await callers.page(service, _STAFF)
    note = await _write(client, staff, room_label="x" * 40, body="\N{BED}" * 1000)
    assert len(note["body"]) == 1000


async def test_the_author_or_a_manager_removes_a_note_and_nobody_else(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        for name, role in (("other", "staff"), ("head", "supervisor")):
            add_user(connection, HOTEL_A, f"{name}@alpha.example", role)
    staff, manager = await callers.page(service, _STAFF), await callers.page(service)
    note, another = await _write(client, staff), await _write(client, staff, body="A cot stays.")
    for email in ("other@alpha.example", "head@alpha.example"):
        assert await _remove(client, await callers.page(service, email), note) == 403
    assert len(await _listed(client, staff)) == 2
    assert await _remove(client, staff, note) == 204
    assert await _remove(client, manager, another) == 204
    assert await _listed(client, staff) == []
    assert await _remove(client, manager, note) == 404


async def test_the_trail_says_who_wrote_and_removed_a_note_and_not_what_it_says(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    note = await _write(client, await callers.page(service, _STAFF))
    assert await _remove(client, await callers.page(service), note) == 204
    told = "SELECT object_id::text, actor_id, before, after FROM audit_events WHERE action = %s"
    room = {"room_label": "204"}
    author, manager = user_id(owner_url, _STAFF), user_id(owner_url, "manager@alpha.example")
    assert one(owner_url, told, "note.create") == (note["id"], author, None, room)
    assert one(owner_url, told, "note.delete") == (note["id"], manager, room, None)
    assert one(owner_url, "SELECT body, deleted_at < now() FROM room_notes") == (_WINDOW["body"], True)


async def test_a_note_outlives_the_user_who_wrote_it(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    await _write(client, await callers.page(service, _STAFF))
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM users WHERE email = %s", (_STAFF,))
    answer = await client.get(_URL, headers=await callers.page(service))
    assert [note["author_user_id"] for note in answer.json()["items"]] == [None]


async def test_guests_and_other_hotels_see_none_of_it(client: httpx.AsyncClient, service: Service) -> None:
    note = await _write(client, await callers.page(service))
    guest = await callers.guest(service)
    assert (await client.get(_URL, headers=guest)).status_code == 403
    assert (await client.post(_URL, json=_WINDOW, headers=guest)).status_code == 403
    assert await _remove(client, guest, note) == 403
    stranger = await callers.bearer(client, "manager@beta.example")
    for query in ("", "?room_label=204"):
        assert await _listed(client, stranger, query) == []
    assert await _remove(client, stranger, note) == 404
    assert len(await _listed(client, await callers.page(service))) == 1
