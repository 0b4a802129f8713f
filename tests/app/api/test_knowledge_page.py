import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.app.codes import execute
from tests.app.forms import OWN, enter, filled_in, submit
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HERE = "/admin/knowledge"
_POOL = {
    "title": "Pool",
    "body": "The pool opens at 8.\r\nTowels are there.",
    "keywords": "swimming",
    "audience": "guest",
    "lang": "english",
}


@pytest.fixture
async def manager(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A manager's browser."""
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "manager@alpha.example")
    return client


async def _page(client: httpx.AsyncClient, path: str = _HERE) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def test_only_who_may_write_comes_here(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    answer = await client.get(_HERE, headers=OWN)
    assert answer.headers["Location"] == "/login?next=%2Fadmin%2Fknowledge"
    await enter(client, "staff@alpha.example")
    for path in (_HERE, f"{_HERE}/new"):
        assert (await client.get(path, headers=OWN)).status_code == 403


async def test_a_hotel_that_wrote_nothing_down_is_told_how_to_begin(manager: httpx.AsyncClient) -> None:
    html = await _page(manager)
    assert '<main id="main" data-page="knowledge"' in html
    assert "Begin with what guests ask every day" in html


async def test_an_entry_is_written_asked_for_changed_and_removed(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    written = await submit(manager, f"{_HERE}/new", f"{_HERE}/new", _POOL)
    assert (written.status_code, written.headers["Location"]) == (303, f"{_HERE}?said=written")
    stored = one(owner_url, "SELECT id, body, version FROM knowledge_entries")
    assert stored[1:] == ("The pool opens at 8.\nTowels are there.", 1)
    asked = await _page(manager, f"{_HERE}?question=When+does+the+pool+open%3F")
    assert "The guest would read" in asked
    assert "opens at 8" in asked.split('class="preview"')[1]

    here = f"{_HERE}/{stored[0]}"
    change = {**_POOL, "title": "Rooftop <pool>", "version": "1"}
    assert (await submit(manager, here, here, change)).status_code == 303
    assert "Rooftop &lt;pool&gt;" in await _page(manager)
    assert (await submit(manager, here, f"{here}/remove")).headers["Location"] == f"{_HERE}?said=removed"
    assert (await manager.get(here, headers=OWN)).status_code == 404
    actions = "SELECT string_agg(action, ' ' ORDER BY created_at) FROM audit_events"
    assert one(owner_url, actions) == ("knowledge.create knowledge.update knowledge.delete",)


async def test_tags_and_validity_are_set_by_the_hotel_s_clock_and_taken_away(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    execute(owner_url, "UPDATE hotels SET timezone = 'Europe/Berlin' RETURNING 1")
    given = {
        **_POOL,
        "tags": "Offer, summer offer,",
        "valid_from": "2026-07-01T10:00",
        "valid_until": "2030-01-01T00:00",
    }
    assert (await submit(manager, f"{_HERE}/new", f"{_HERE}/new", given)).status_code == 303
    query = "SELECT id, tags, valid_from, valid_until FROM knowledge_entries"
    entry_id, *stored = one(owner_url, query)
    begins, ends = datetime(2026, 7, 1, 8, tzinfo=UTC), datetime(2029, 12, 31, 23, tzinfo=UTC)
    assert stored == [["offer", "summer"], begins, ends]
    here = f"{_HERE}/{entry_id}"
    html = await _page(manager, here)
    for shown in ("offer, summer", "2026-07-01T10:00", "2030-01-01T00:00"):
        assert f'value="{shown}"' in html
    assert '<span class="chip">summer</span>' in await _page(manager)
    change = {**given, "tags": "", "valid_from": "", "version": "1"}
    assert (await submit(manager, here, here, change)).status_code == 303
    assert one(owner_url, query)[1:] == ([], None, ends)


async def test_a_moment_that_nobody_touched_keeps_its_seconds(
    manager: httpx.AsyncClient, owner_url: str
) -> None:
    begins = datetime(2026, 7, 1, 8, 0, 30, 5, tzinfo=UTC)
    entry = add(owner_url, "knowledge_entries", title="Pool", body="Text.", valid_from=begins)
    here = f"{_HERE}/{entry}"
    change = {**_POOL, "valid_from": "2026-07-01T08:00", "version": "1"}
    assert (await submit(manager, here, here, change)).status_code == 303
    assert one(owner_url, "SELECT title, body, valid_from FROM knowledge_entries")[2] == begins


@pytest.mark.parametrize(("days", "said"), [(-1, "Over since"), (1, "Until")])
async def test_an_entry_that_is_over_says_so_in_the_list(
    days: int, said: str, manager: httpx.AsyncClient, owner_url: str
) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    add(owner_url, "knowledge_entries", title="Pool", body="Text.", valid_until=until)
    assert re.search(rf'<span class="chip[ warn]*">{said} <time', await _page(manager))


async def test_who_was_slower_keeps_the_text_and_is_told(manager: httpx.AsyncClient, owner_url: str) -> None:
    entry = add(owner_url, "knowledge_entries", title="Pool", body="Theirs.", version=3)
    here = f"{_HERE}/{entry}"
    answer = await submit(manager, here, here, {**_POOL, "body": "Mine.", "version": "2"})
    assert answer.status_code == 412
    assert "A colleague changed this entry meanwhile." in answer.text
    assert "Mine." in answer.text
    assert 'name="version" value="3"' in answer.text
    assert one(owner_url, "SELECT body FROM knowledge_entries") == ("Theirs.",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 201),
        ("body", ""),
        ("lang", "klingon"),
        ("audience", "all"),
        ("tags", "offer, spa&sauna"),
        ("tags", " ".join(f"tag-{number}" for number in range(21))),
        ("valid_from", "tomorrow"),
        ("valid_from", "0001-01-01T00:00"),
        ("valid_from", "2026"),
        ("valid_from", "-1"),
        ("valid_until", "2026-07-01T09:59"),
        ("body", "\0"),
    ],
)
async def test_what_cannot_be_stored_is_said_beside_the_field(
    field: str, value: str, manager: httpx.AsyncClient, owner_url: str
) -> None:
    given = {**_POOL, "valid_from": "2026-07-01T10:00", field: value}
    answer = await submit(manager, f"{_HERE}/new", f"{_HERE}/new", given)
    assert answer.status_code == 422
    assert re.findall(r'class="wrong" id="(\w+)-said"', answer.text) == [field]
    assert one(owner_url, "SELECT count(*) FROM knowledge_entries") == (0,)


async def test_nothing_changes_without_the_form_s_token(manager: httpx.AsyncClient, owner_url: str) -> None:
    entry = add(owner_url, "knowledge_entries", title="Pool", body="Theirs.")
    for address in (f"{_HERE}/new", f"{_HERE}/{entry}", f"{_HERE}/{entry}/remove"):
        answer = await manager.post(address, data={**_POOL, "version": "1"}, headers=OWN)
        assert answer.status_code == 403
    assert one(owner_url, "SELECT body, deleted_at FROM knowledge_entries") == ("Theirs.", None)


async def test_another_hotel_s_entries_are_not_there(manager: httpx.AsyncClient, owner_url: str) -> None:
    entry = add(owner_url, "knowledge_entries", hotel_id=HOTEL_B, title="Elsewhere", body="Theirs.")
    assert "Elsewhere" not in await _page(manager)
    assert (await manager.get(f"{_HERE}/{entry}", headers=OWN)).status_code == 404
    for address in (f"{_HERE}/{entry}", f"{_HERE}/{entry}/remove"):
        assert (await submit(manager, _HERE, address, {**_POOL, "version": "1"})).status_code == 404


async def test_older_entries_are_on_the_next_page(manager: httpx.AsyncClient, owner_url: str) -> None:
    for number in range(21):
        add(owner_url, "knowledge_entries", title=f"Entry {number}.", body="Text.")
    html = await _page(manager)
    assert "Entry 0." not in html
    found = re.search(r'href="(/admin/knowledge\?cursor=[^"#]+)', html)
    assert found
    assert "Entry 0." in await _page(manager, found[1])


async def test_the_same_form_sent_twice_writes_one_entry(manager: httpx.AsyncClient, owner_url: str) -> None:
    form = filled_in(await _page(manager, f"{_HERE}/new"), f"{_HERE}/new") | _POOL
    for _ in range(2):
        answer = await manager.post(f"{_HERE}/new", data=form, headers=OWN)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{_HERE}?said=written")
    assert one(owner_url, "SELECT count(*) FROM knowledge_entries WHERE hotel_id = %s", HOTEL_A) == (1,)
