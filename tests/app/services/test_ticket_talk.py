"""What staff says on a ticket to the guest, from the ticket's page to the guest's own."""

import re

import httpx
import psycopg
import pytest

from tests.app import callers
from tests.app.forms import OWN, enter, submit
from tests.app.people import HOTEL_A, add_user
from tests.app.talk import open_thread, tell
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_CHIEF = "supervisor@alpha.example"
_QUESTION = "Is there a casino nearby?"
_TICKET = "SELECT id, title, description, version, first_response_at IS NOT NULL FROM tickets"


@pytest.fixture
async def thread(hotels: str, client: httpx.AsyncClient, guest: callers.Headers) -> str:
    """Address of a conversation whose question was passed on; the client is a supervisor's browser."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, _CHIEF, "supervisor")
    client.base_url = httpx.URL("https://hotel.example")
    address = await open_thread(client, guest)
    for said in (_QUESTION, "yes"):
        assert (await tell(client, address, guest, said)).status_code == 201
    await enter(client, _CHIEF)
    return address


async def _staff_said(client: httpx.AsyncClient, thread: str, guest: callers.Headers) -> list[str]:
    """What the guest reads of staff."""
    read = await client.get(f"{thread}/messages", headers={**guest, "Cookie": ""})
    assert read.status_code == 200, read.text
    return [one["content"] for one in read.json()["items"] if one["role"] == "staff"]


def _page_of(hotels: str) -> str:
    return f"/staff/tickets/{one(hotels, _TICKET)[0]}"


@pytest.mark.usefixtures("thread")
async def test_a_question_that_is_passed_on_is_a_ticket_of_its_own_words(hotels: str) -> None:
    assert one(hotels, _TICKET)[1:3] == (_QUESTION, _QUESTION)


async def test_the_guest_reads_a_word_that_is_for_the_guest_and_no_other(
    thread: str, client: httpx.AsyncClient, guest: callers.Headers, hotels: str
) -> None:
    page = _page_of(hotels)
    for body, visibility in (("He always asks.", "INTERNAL"), ("Yes, in the old town.", "PUBLIC")):
        said = {"body": body, "visibility": visibility, "once": "0199b9a4-0000-7000-8000-000000000001"}
        for _ in range(2):
            assert (await submit(client, page, f"{page}/comments", said)).status_code == 303
    assert await _staff_said(client, thread, guest) == [f"About “{_QUESTION}”: Yes, in the old town."]
    assert one(hotels, "SELECT count(*) FROM ticket_comments") == (2,)
    assert one(hotels, _TICKET)[4]
    assert "The guest reads it</span>" in (await client.get(page, headers=OWN)).text


async def test_the_guest_reads_once_how_it_was_settled_and_only_when_it_is(
    thread: str, client: httpx.AsyncClient, guest: callers.Headers, hotels: str
) -> None:
    page = _page_of(hotels)

    async def move(**changes: str) -> None:
        fields = {"version": str(one(hotels, _TICKET)[3]), "priority": "MEDIUM", "was_priority": "MEDIUM"}
        kept = {f"was_{name}": "" for name in ("status", "assigned_to", "resolution") if name not in changes}
        assert (await submit(client, page, page, fields | kept | changes)).status_code == 303

    await move(status="IN_PROGRESS", resolution="There is one by the river.")
    assert await _staff_said(client, thread, guest) == []
    for status in ("RESOLVED", "IN_PROGRESS", "RESOLVED", "CLOSED"):
        await move(status=status)
    told = [f"About “{_QUESTION}”: There is one by the river."]
    assert await _staff_said(client, thread, guest) == told


async def test_the_guest_reads_it_in_the_language_of_the_question(
    thread: str, client: httpx.AsyncClient, guest: callers.Headers, hotels: str
) -> None:
    for said in ("Gibt es in der Nähe ein Theater?", "ja"):
        await tell(client, thread, guest, said)
    newest = one(hotels, "SELECT id FROM tickets ORDER BY number DESC LIMIT 1")[0]
    chief = await callers.bearer(client, _CHIEF)
    word = {"body": "Am Markt.", "visibility": "PUBLIC"}
    assert (await client.post(f"/api/tickets/{newest}/comments", json=word, headers=chief)).status_code == 201
    assert await _staff_said(client, thread, guest) == ["Zu „Gibt es in der Nähe ein Theater?“: Am Markt."]


async def test_it_is_read_where_the_guest_is_now(
    thread: str, client: httpx.AsyncClient, guest: callers.Headers, hotels: str
) -> None:
    chief = await callers.bearer(client, _CHIEF)
    resolved = await client.post(f"{thread}/resolve", headers=chief)
    assert resolved.status_code == 200
    client.cookies.clear()
    newer = await open_thread(client, guest)
    assert newer != thread
    said = {"body": "In the old town.", "visibility": "PUBLIC"}
    ticket = one(hotels, _TICKET)[0]
    assert (await client.post(f"/api/tickets/{ticket}/comments", json=said, headers=chief)).status_code == 201
    assert await _staff_said(client, thread, guest) == []
    assert await _staff_said(client, newer, guest) == [f"About “{_QUESTION}”: In the old town."]


@pytest.mark.usefixtures("thread")
async def test_where_no_guest_would_read_it_the_choice_is_not_there(
    client: httpx.AsyncClient, hotels: str
) -> None:
    assert 'name="visibility"' in (await client.get(_page_of(hotels), headers=OWN)).text
    page = f"/staff/tickets/{add(hotels, 'tickets', number=7, title='Lost ring', source='MANUAL')}"
    html = (await client.get(page, headers=OWN)).text
    assert 'name="body"' in html
    assert 'name="visibility"' not in html
    said = await submit(client, page, f"{page}/comments", {"body": "Hello", "visibility": "PUBLIC"})
    assert said.status_code == 422
    assert one(hotels, "SELECT count(*) FROM ticket_comments") == (0,)
    assert (await submit(client, page, f"{page}/comments", {"body": "Hello"})).status_code == 303
    assert not re.search(r"The guest reads it", (await client.get(page, headers=OWN)).text)


@pytest.mark.parametrize(
    "over",
    [
        b"UPDATE sessions SET revoked_at = now() WHERE kind = 'guest'",
        b"UPDATE sessions SET expires_at = now() WHERE kind = 'guest'",
    ],
)
@pytest.mark.usefixtures("thread")
async def test_to_a_guest_whose_session_is_over_nothing_is_said_any_more(
    over: bytes, client: httpx.AsyncClient, hotels: str
) -> None:
    page = _page_of(hotels)
    assert 'name="visibility"' in (await client.get(page, headers=OWN)).text
    with psycopg.connect(hotels) as connection:
        connection.execute(over)
        said = connection.execute("SELECT count(*) FROM messages").fetchone()
    html = (await client.get(page, headers=OWN)).text
    assert 'name="visibility"' not in html
    assert "The guest reads it" not in html
    assert 'href="/staff/chats/' in html
    late = await submit(client, page, f"{page}/comments", {"body": "In town.", "visibility": "PUBLIC"})
    assert late.status_code == 422
    assert "In town.</textarea>" in late.text
    assert "No guest reads in the chat any more." in late.text
    assert one(hotels, "SELECT count(*) FROM ticket_comments") == (0,)
    chief = await callers.bearer(client, _CHIEF)
    word = {"body": "In the old town.", "visibility": "PUBLIC"}
    ticket = one(hotels, _TICKET)[0]
    assert (await client.post(f"/api/tickets/{ticket}/comments", json=word, headers=chief)).status_code == 201
    assert one(hotels, "SELECT count(*) FROM messages") == said
