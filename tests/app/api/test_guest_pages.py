import re
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import execute, make, token_of
from tests.app.forms import OWN, enter, submit
from tests.app.forms import token_of as csrf_of
from tests.app.people import HOTEL_A
from tests.app.work import add, waiting_chat

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_CHAT = "/guest/chat"


def _know(url: str, title: str, body: str, audience: str = "guest", valid_until: str | None = None) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO knowledge_entries (id, hotel_id, title, body, keywords, audience, valid_until)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (uuid7(), HOTEL_A, title, body, title.lower(), audience, valid_until),
        )


@pytest.fixture
async def guest(client: httpx.AsyncClient, service: Service, owner_url: str) -> httpx.AsyncClient:
    """A browser that came in with the code of room 204."""
    _know(owner_url, "Breakfast hours", "Breakfast is served from 7:00 to 10:30 in the Garden Room.")
    client.base_url = httpx.URL("https://hotel.example")
    made = await make(client, await callers.page(service))
    entered = await client.post(f"/q/{token_of(made)}", headers=OWN)
    assert entered.headers["Location"] == _CHAT
    return client


async def _say(guest: httpx.AsyncClient, content: str) -> str:
    """The page after the message."""
    page = (await guest.get(_CHAT, headers=OWN)).text
    message_id = re.search(r'name="message_id" value="([0-9a-f-]{36})"', page)
    assert message_id
    fields = {"csrf": csrf_of(page), "message_id": message_id[1], "content": content}
    answer = await guest.post(_CHAT, data=fields, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/guest/chat#newest"), answer.text
    return (await guest.get(_CHAT, headers=OWN)).text


async def test_pages_for_guests_have_the_hotel_s_look(
    client: httpx.AsyncClient, service: Service, guest: httpx.AsyncClient, owner_url: str
) -> None:
    [(entry,)] = execute(owner_url, "SELECT entry_code FROM hotels WHERE id = %s", HOTEL_A)
    code = token_of(await make(client, await callers.page(service)))
    addresses = (_CHAT, f"/q/{code}", f"/h/{entry}")
    for address in addresses:
        assert "border-top" not in (await guest.get(address, headers=OWN)).text
    brand = '{"color": "#1f4e79", "widget_title": "Concierge <b>"}'
    execute(owner_url, "UPDATE hotels SET brand = %s WHERE id = %s", brand, HOTEL_A)
    for address in addresses:
        page = await guest.get(address, headers=OWN)
        assert ".bar { border-top: .4rem solid #1f4e79; }" in page.text, address
        [nonce] = re.findall(r'<style nonce="([^"]+)">', page.text)
        assert f"'nonce-{nonce}'" in page.headers["Content-Security-Policy"]
    chat = (await guest.get(_CHAT, headers=OWN)).text
    assert "<title>Concierge &lt;b&gt; · alpha</title>" in chat
    assert "<strong>Concierge &lt;b&gt;</strong>" in chat


async def test_a_first_look_shows_place_notice_and_topics_and_opens_nothing(
    guest: httpx.AsyncClient, owner_url: str
) -> None:
    _know(owner_url, "Night shift", "Call 7.", audience="staff")
    _know(owner_url, "Summer party", "Was great.", valid_until="2020-01-01T00:00:00Z")
    execute(owner_url, "UPDATE hotels SET emergency_phone = '112' WHERE id = %s", HOTEL_A)
    page = (await guest.get(_CHAT, headers=OWN)).text
    for text in ("Room 204", 'href="tel:112"', "An automatic assistant answers here.", "End session"):
        assert text in page
    assert re.findall(r'<li><button class="quiet" name="content" value="([^"]+)"', page) == [
        "Breakfast hours"
    ]
    assert "Was this helpful?" not in page
    assert execute(owner_url, "SELECT count(*) FROM conversations") == [(0,)]


async def test_topics_are_what_is_asked_most_then_what_was_prepared_and_none_twice(
    guest: httpx.AsyncClient, owner_url: str
) -> None:
    for title in ("Pool", "Gym", "Gym", "gym ", "Pets", "Parking"):
        _know(owner_url, title, f"About {title}.")
    execute(owner_url, "UPDATE knowledge_entries SET keywords = '' WHERE title = 'Pool'")
    [(pets,)] = execute(owner_url, "SELECT id::text FROM knowledge_entries WHERE title = 'Pets'")
    said = {"conversation_id": waiting_chat(owner_url), "seq": 2, "role": "assistant", "content": "Welcome."}
    add(owner_url, "messages", **said, citations=Jsonb([{"entry_id": pets, "title": "Pets"}]))
    page = (await guest.get(_CHAT, headers=OWN)).text
    shown = re.findall(r'<li><button class="quiet" name="content" value="([^"]+)"', page)
    assert [title.lower().strip() for title in shown] == ["pets", "breakfast hours", "gym", "parking"]


async def test_a_hotel_whose_assistant_is_off_does_not_promise_one(
    client: httpx.AsyncClient, service: Service, guest: httpx.AsyncClient, owner_url: str
) -> None:
    code = f"/q/{token_of(await make(client, await callers.page(service)))}"
    for is_on in (True, False):
        switch = f'{{"ai_enabled": {str(is_on).lower()}}}'
        execute(owner_url, "UPDATE hotels SET settings = %s WHERE id = %s", switch, HOTEL_A)
        for address in (_CHAT, code):
            page = (await guest.get(address, headers=OWN)).text
            assert ("automatic assistant" in page) is is_on, address


async def test_what_people_wrote_is_drawn_from_the_side_where_their_language_begins(
    guest: httpx.AsyncClient,
) -> None:
    page = await _say(
        guest, "\u05de\u05ea\u05d9 \u05d0\u05e8\u05d5\u05d7\u05ea \u05d4\u05d1\u05d5\u05e7\u05e8?"
    )
    assert re.search(r'<p dir="auto">\u05de', page)
    assert '<textarea id="content" dir="auto"' in page


async def test_a_question_is_answered_with_its_source(guest: httpx.AsyncClient) -> None:
    page = await _say(guest, "When is breakfast?")
    assert '<p dir="auto">When is breakfast?</p>' in page
    assert "7:00 to 10:30" in page
    assert "Source: Breakfast hours" in page
    assert 'id="newest"' in page
    assert "What others ask" not in page


async def test_a_wish_is_carried_out_after_a_yes_and_shows_how_it_stands(
    guest: httpx.AsyncClient, owner_url: str
) -> None:
    page = await _say(guest, "2 towels please")
    action = re.search(r'action="(/guest/chat/actions/[0-9a-f-]{36})"', page)
    assert action
    assert execute(owner_url, "SELECT count(*) FROM work_orders") == [(0,)]
    for _ in range(2):
        answer = await submit(guest, _CHAT, action[1], {"decision": "confirm"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/guest/chat#newest")
    assert execute(owner_url, "SELECT room_label, status FROM work_orders") == [("204", "open")]
    assert '<span class="chip good">Passed on</span>' in (await guest.get(_CHAT, headers=OWN)).text
    execute(owner_url, "UPDATE work_orders SET status = 'in_progress'")
    assert '<span class="chip good">In progress</span>' in (await guest.get(_CHAT, headers=OWN)).text
    other = await submit(guest, _CHAT, action[1], {"decision": "cancel"})
    assert other.status_code == 303
    assert execute(owner_url, "SELECT count(*) FROM work_orders") == [(1,)]


async def test_a_no_drops_it(guest: httpx.AsyncClient, owner_url: str) -> None:
    page = await _say(guest, "2 towels please")
    action = re.search(r'action="(/guest/chat/actions/[0-9a-f-]{36})"', page)
    assert action
    await submit(guest, _CHAT, action[1], {"decision": "cancel"})
    assert '<span class="chip ">Not passed on</span>' in (await guest.get(_CHAT, headers=OWN)).text
    assert execute(owner_url, "SELECT count(*) FROM work_orders") == [(0,)]


@pytest.mark.parametrize(("language", "title"), [("en", "Towels (2)"), ("de", "Handtücher (2)")])
async def test_what_was_asked_for_is_called_as_the_reader_calls_it(
    language: str, title: str, guest: httpx.AsyncClient
) -> None:
    page = await _say(guest, "2 towels please")
    action = re.search(r'action="(/guest/chat/actions/[0-9a-f-]{36})"', page)
    assert action
    await submit(guest, _CHAT, action[1], {"decision": "confirm"})
    shown = (await guest.get(_CHAT, headers=OWN | {"Accept-Language": language})).text
    assert f"</span> {title}</p>" in shown


async def test_a_person_can_be_asked_for(guest: httpx.AsyncClient, owner_url: str) -> None:
    page = (await guest.get(_CHAT, headers=OWN)).text
    wish = re.search(r'name="content" value="([^"]+)">Talk to a person<', page)
    assert wish
    page = await _say(guest, wish[1])
    assert "A person answers here." in page
    assert execute(owner_url, "SELECT status FROM conversations") == [("human",)]


async def test_a_message_sent_twice_is_there_once(guest: httpx.AsyncClient, owner_url: str) -> None:
    fields = {"message_id": str(uuid4()), "content": "When is breakfast?"}
    for _ in range(2):
        assert (await submit(guest, _CHAT, _CHAT, fields)).status_code == 303
    roles = execute(owner_url, "SELECT role FROM messages ORDER BY seq")
    assert roles == [("guest",), ("assistant",)]


async def test_what_was_said_is_text_and_nothing_else(guest: httpx.AsyncClient) -> None:
    page = await _say(guest, "<script>alert(1)</script> & <b>when</b>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("content", ["", "   ", "\x00", "\u200b"])
async def test_nothing_said_is_nothing_stored(content: str, guest: httpx.AsyncClient, owner_url: str) -> None:
    answer = await submit(guest, _CHAT, _CHAT, {"content": content})
    assert answer.status_code in {303, 422}
    assert execute(owner_url, "SELECT count(*) FROM messages") == [(0,)]


async def test_too_many_messages_keep_what_was_typed(guest: httpx.AsyncClient, owner_url: str) -> None:
    await guest.get(_CHAT, headers=OWN)
    execute(
        owner_url,
        "INSERT INTO rate_limits SELECT 'chat', id::text, now(), 20 FROM sessions WHERE kind = 'guest'",
    )
    answer = await submit(guest, _CHAT, _CHAT, {"content": "Where is <the> pool?"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    assert "That were many messages." in answer.text
    assert ">Where is &lt;the&gt; pool?</textarea>" in answer.text


async def test_an_emergency_is_taken_in_after_too_many_messages(
    guest: httpx.AsyncClient, owner_url: str
) -> None:
    await guest.get(_CHAT, headers=OWN)
    execute(
        owner_url,
        "INSERT INTO rate_limits SELECT 'chat', id::text, now(), 20 FROM sessions WHERE kind = 'guest'",
    )
    answer = await submit(guest, _CHAT, _CHAT, {"content": "There is smoke in the corridor!"})
    assert answer.status_code == 303
    assert execute(owner_url, "SELECT priority FROM tickets") == [("URGENT",)]


async def test_stars_are_kept_and_shown(guest: httpx.AsyncClient, owner_url: str) -> None:
    await _say(guest, "When is breakfast?")
    for stars in ("2", "4"):
        rated = await submit(guest, _CHAT, "/guest/chat/rating", {"stars": stars})
        assert rated.status_code == 303
    assert execute(owner_url, "SELECT rating FROM conversations") == [(4,)]
    assert (await guest.get(_CHAT, headers=OWN)).text.count("★") == 4


async def test_the_end_of_the_session_is_the_end(guest: httpx.AsyncClient) -> None:
    cookie = guest.cookies["__Host-hotel"]
    answer = await submit(guest, _CHAT, "/guest/leave")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/guest")
    guest.cookies.set("__Host-hotel", cookie)
    assert (await guest.get(_CHAT, headers=OWN)).headers["Location"] == "/guest?said=ended"
    assert "Scan the code of your room" in (await guest.get("/guest", headers=OWN)).text


async def test_a_guest_sees_the_own_conversation_only(
    guest: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    await _say(guest, "When is breakfast?")
    made = await make(guest, await callers.page(service), room_label="205")
    guest.cookies.clear()
    await guest.post(f"/q/{token_of(made)}", headers=OWN)
    page = (await guest.get(_CHAT, headers=OWN)).text
    assert "Room 205" in page
    assert "When is breakfast?" not in page
    assert execute(owner_url, "SELECT count(*) FROM conversations") == [(1,)]


async def test_every_form_needs_the_session_s_token(guest: httpx.AsyncClient, owner_url: str) -> None:
    for address in (_CHAT, f"{_CHAT}/actions/{uuid4()}", f"{_CHAT}/rating", "/guest/leave"):
        fields = {"content": "x", "decision": "confirm", "stars": "5"}
        assert (await guest.post(address, data=fields, headers=OWN)).status_code == 403
    assert execute(owner_url, "SELECT count(*) FROM messages") == [(0,)]


@pytest.mark.parametrize("form", [_CHAT, f"{_CHAT}/rating", "/guest/leave"])
async def test_a_guest_whose_code_was_withdrawn_is_told_so(
    form: str, guest: httpx.AsyncClient, owner_url: str
) -> None:
    token = csrf_of((await guest.get(_CHAT, headers=OWN)).text)
    execute(owner_url, "UPDATE sessions SET revoked_at = now()")
    answer = await guest.post(form, data={"csrf": token, "content": "x", "stars": "1"}, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/guest?said=ended")
    assert "Your session has ended." in (await guest.get("/guest?said=ended", headers=OWN)).text
    assert (await guest.get(_CHAT, headers=OWN)).headers["Location"] == "/guest?said=ended"
    assert "Your session has ended." not in (await guest.get("/guest", headers=OWN)).text


async def test_staff_and_strangers_are_told_how_guests_get_in(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    assert (await client.get(_CHAT, headers=OWN)).headers["Location"] == "/guest"
    await enter(client, "staff@alpha.example")
    assert (await client.get(_CHAT, headers=OWN)).headers["Location"] == "/guest"
    assert (await client.get("/guest", headers=OWN)).status_code == 200


async def test_a_page_of_staff_is_not_for_guests(guest: httpx.AsyncClient) -> None:
    assert (await guest.get("/account", headers=OWN)).headers["Location"].startswith("/login")


async def test_the_api_takes_the_page_s_cookie(guest: httpx.AsyncClient) -> None:
    opened = await guest.post("/api/conversations", json={}, headers=OWN)
    assert opened.status_code == 201
    refused = await guest.post("/api/conversations", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
