from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.domain.assistant.phrases import Say, say
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_B
from tests.app.talk import open_thread, tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Headers = dict[str, str]
_POOL = {"title": "Pool", "body": "It opens at 8.", "keywords": "swimming, Schwimmbad", "lang": "english"}


@pytest.fixture
async def manager(hotels: str, service: Service) -> Headers:
    assert hotels
    return await callers.page(service)


async def _write(client: httpx.AsyncClient, headers: Headers, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return await client.post("/api/knowledge", json={**_POOL, **more}, headers=headers)


async def _titles(client: httpx.AsyncClient, headers: Headers, question: str) -> list[str]:
    answer = await client.post("/api/knowledge/test", json={"question": question}, headers=headers)
    assert answer.status_code == 200, answer.text
    return [entry["title"] for entry in answer.json()["entries"]]


async def test_an_entry_is_written_found_changed_and_removed(
    client: httpx.AsyncClient, manager: Headers
) -> None:
    written = await _write(client, manager)
    assert written.status_code == 201
    address = f"/api/knowledge/{written.json()['id']}"
    assert await _titles(client, manager, "wann ist das Schwimmbad offen") == ["Pool"]
    read = await client.get(address, headers=manager)
    assert (read.json(), read.headers["ETag"]) == (written.json(), '"1"')

    change = {"title": "Terrace", "keywords": "sun"}
    changed = await client.patch(address, json=change, headers={**manager, "If-Match": '"1"'})
    assert (changed.json()["title"], changed.json()["version"], changed.headers["ETag"]) == (
        "Terrace",
        2,
        '"2"',
    )
    assert await _titles(client, manager, "Schwimmbad") == []
    late = await client.patch(address, json=change, headers={**manager, "If-Match": '"1"'})
    assert (late.status_code, (await client.patch(address, json={}, headers=manager)).status_code) == (
        412,
        428,
    )

    assert (await client.delete(address, headers=manager)).status_code == 204
    assert (await client.delete(address, headers=manager)).status_code == 404
    assert (await client.get(address, headers=manager)).status_code == 404
    assert await _titles(client, manager, "terrace sun") == []


async def test_each_change_stands_in_the_trail(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    address = f"/api/knowledge/{(await _write(client, manager)).json()['id']}"
    await client.patch(address, json={"body": "At 9."}, headers={**manager, "If-Match": '"1"'})
    await client.delete(address, headers=manager)
    with psycopg.connect(hotels) as connection:
        found = connection.execute("SELECT action FROM audit_events ORDER BY created_at, id").fetchall()
    assert found == [("knowledge.create",), ("knowledge.update",), ("knowledge.delete",)]


async def test_a_repeat_with_the_same_key_writes_nothing(client: httpx.AsyncClient, manager: Headers) -> None:
    headers = {**manager, "Idempotency-Key": "k-1"}
    first, again = [await _write(client, headers) for _ in range(2)]
    assert first.json() == again.json()
    assert len((await client.get("/api/knowledge", headers=manager)).json()["items"]) == 1


async def test_the_list_is_paged_newest_first_and_by_audience(
    client: httpx.AsyncClient, manager: Headers
) -> None:
    for title, audience in (("One", "guest"), ("Two", "staff"), ("Three", "guest")):
        await _write(client, manager, title=title, audience=audience)
    first = (await client.get("/api/knowledge?limit=2", headers=manager)).json()
    assert [item["title"] for item in first["items"]] == ["Three", "Two"]
    rest = await client.get(f"/api/knowledge?limit=2&cursor={first['next_cursor']}", headers=manager)
    assert ([item["title"] for item in rest.json()["items"]], rest.json()["next_cursor"]) == (["One"], None)
    staff = (await client.get("/api/knowledge?audience=staff", headers=manager)).json()
    assert [item["title"] for item in staff["items"]] == ["Two"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 201},
        {"body": "x" * 8001},
        {"keywords": "x" * 2001},
        {"audience": "public"},
        {"lang": "klingon"},
        {"tags": ["Not A Tag"]},
        {"title": "a\x00b"},
        {"unknown": 1},
        {"valid_from": "2026-01-02T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z"},
        {"valid_from": "2026-01-02T00:00:00"},
    ],
)
async def test_what_cannot_be_an_entry_is_refused(
    wrong: dict[str, Any], client: httpx.AsyncClient, manager: Headers
) -> None:
    answer = await _write(client, manager, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize("wrong", [{"title": None}, {"valid_until": "2020-01-01T00:00:00Z"}])
async def test_a_change_cannot_make_what_could_not_be_written(
    wrong: dict[str, Any], client: httpx.AsyncClient, manager: Headers
) -> None:
    written = await _write(client, manager, valid_from="2026-01-01T00:00:00Z")
    address = f"/api/knowledge/{written.json()['id']}"
    answer = await client.patch(address, json=wrong, headers={**manager, "If-Match": '"1"'})
    assert answer.status_code == 422


async def test_another_hotel_s_entry_does_not_exist(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        other = add_entry(connection, HOTEL_B, "Casino")
    address, match = f"/api/knowledge/{other}", {**manager, "If-Match": '"1"'}
    answers = [
        await client.get(address, headers=manager),
        await client.patch(address, json={"title": "Mine"}, headers=match),
        await client.delete(address, headers=manager),
        await client.get(f"/api/knowledge/{uuid4()}", headers=manager),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await client.get("/api/knowledge", headers=manager)).json()["items"] == []


async def test_staff_reads_only_and_guests_do_neither(
    client: httpx.AsyncClient, manager: Headers, service: Service
) -> None:
    await _write(client, manager)
    staff, guest = await callers.page(service, "staff@alpha.example"), await callers.guest(service)
    assert (await client.get("/api/knowledge", headers=staff)).status_code == 200
    assert (await _write(client, staff)).status_code == 403
    assert (await client.get("/api/knowledge", headers=guest)).status_code == 403


async def test_the_trial_shows_what_a_guest_would_read_and_makes_nothing(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    await _write(client, manager)
    await _write(client, manager, title="Safe codes", audience="staff", keywords="")

    async def tried(question: str, audience: str = "guest") -> dict[str, Any]:
        body = {"question": question, "audience": audience}
        found: dict[str, Any] = (await client.post("/api/knowledge/test", json=body, headers=manager)).json()
        return found

    pool = await tried("When can we go swimming?")
    assert (pool["answer"], pool["outcome"]) == ("It opens at 8.", "success")
    assert pool["entries"][0]["score"] > 0.4
    assert (await tried("safe codes"))["entries"] == []
    assert (await tried("safe codes", "staff"))["entries"][0]["title"] == "Safe codes"
    assert (await tried("2 towels please"))["proposals"] == ["Towels (2)"]
    assert (await tried("What is the status of my request?"))["answer"] == say(Say.NO_REQUESTS, "en")
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT count(*) FROM ai_interaction_logs").fetchone() == (0,)


async def test_gaps_are_what_guests_asked_and_nobody_wrote_down(
    client: httpx.AsyncClient, manager: Headers, service: Service
) -> None:
    guest = await callers.guest(service)
    thread = await open_thread(client, guest)
    for question in ("hello", "Is there a casino?", "2 towels please"):
        await tell(client, thread, guest, question)
    staffs = await tell(client, await open_thread(client, manager), manager, "Where is the fuse box?")
    assert staffs.json()["reply"]["action"]["status"] == "needs_confirmation"
    gaps = (await client.get("/api/knowledge/unanswered", headers=manager)).json()["items"]
    assert [gap["question"] for gap in gaps] == ["Is there a casino?"]
