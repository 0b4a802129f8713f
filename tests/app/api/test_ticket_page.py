import re
from uuid import UUID

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.forms import OWN, enter, filled_in, submit, token_of
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.work import add, one, user_id, waiting_chat

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_STAFF, _CHIEF = "staff@alpha.example", "supervisor@alpha.example"
_SAID_LATER = """
INSERT INTO audit_events (id, hotel_id, actor_kind, actor_id, action, object_kind, object_id, created_at)
SELECT gen_random_uuid(), hotel_id, actor_kind, actor_id, 'ticket.comment', object_kind, object_id,
       created_at + interval '1 second'
  FROM audit_events, generate_series(1, 100) WHERE action = 'ticket.update'
"""
_ALL = "SELECT status, priority, assigned_to, resolution, version FROM tickets"


@pytest.fixture
def people(hotels: str) -> str:
    """The owner's URL; hotel A has a supervisor as well."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, _CHIEF, "supervisor")
    return hotels


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


@pytest.fixture
async def chief(people: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A supervisor's browser."""
    assert people
    await enter(client, _CHIEF)
    return client


@pytest.fixture
def address(people: str) -> str:
    """Page of a ticket that nobody has."""
    more = {"guest_name": "Ada", "guest_email": "ada@home.example", "description": "Gold <b>ring</b>"}
    return f"/staff/tickets/{add(people, 'tickets', number=7, title='Lost ring', source='MANUAL', **more)}"


def _fields(**changes: str) -> dict[str, str]:
    return {
        "status": "OPEN",
        "priority": "MEDIUM",
        "assigned_to": "",
        "resolution": "",
        "version": "1",
        **changes,
    }


async def _page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


def _chosen(html: str) -> list[str]:
    return re.findall(r'<option value="([^"]*)" selected>', html)


async def test_the_page_shows_what_it_is_about_as_text(chief: httpx.AsyncClient, address: str) -> None:
    html = await _page(chief, address)
    assert '<main id="main" data-page="ticket"' in html
    assert '<span class="number">#7</span> <bdi>Lost ring</bdi>' in html
    assert "Gold &lt;b&gt;ring&lt;/b&gt;" in html
    assert "nobody yet" in html
    # More of a guest than the name is for managers and above.
    assert "ada@home.example" not in html
    await enter(chief, "manager@alpha.example")
    assert "ada@home.example" in await _page(chief, address)


async def test_a_ticket_is_given_to_somebody_moved_on_and_all_of_it_is_told(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    staff = user_id(people, _STAFF)
    answer = await submit(
        chief, address, address, _fields(status="IN_PROGRESS", priority="HIGH", assigned_to=str(staff))
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}?said=changed")
    assert one(people, _ALL) == ("IN_PROGRESS", "HIGH", staff, None, 2)
    html = await _page(chief, answer.headers["Location"])
    assert "Saved." in html
    history = html.split('class="history"')[1]
    assert "status: Open → In progress" in history
    assert "priority: Medium → High" in history
    assert f"assigned to: nothing → {_STAFF}" in history
    assert f"<strong>{_CHIEF}</strong>" in history
    resolved = _fields(status="RESOLVED", priority="HIGH", resolution="Found.\r\nGiven back.", version="2")
    resolved["was_assigned_to"] = str(staff)
    await submit(chief, address, address, resolved)
    assert one(people, _ALL) == ("RESOLVED", "HIGH", None, "Found.\nGiven back.", 3)
    html = await _page(chief, address)
    assert f"assigned to: {_STAFF} → nothing" in html
    assert "Found.\nGiven back." in html


async def test_any_number_of_words_said_later_leaves_the_changes_told(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    await submit(chief, address, address, _fields(status="IN_PROGRESS"))
    with psycopg.connect(people) as connection:
        said = connection.execute(_SAID_LATER)
        assert said.rowcount == 100
    assert "status: Open → In progress" in await _page(chief, address)


async def test_of_two_who_change_it_the_slower_one_sees_both_and_overwrites_nothing(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    await submit(chief, address, address, _fields(status="IN_PROGRESS"))
    shown = {"was_status": "OPEN", "was_priority": "MEDIUM", "was_assigned_to": "", "was_resolution": ""}
    meant = _fields(priority="URGENT", resolution="Mine") | shown
    late = await submit(chief, address, address, meant)
    assert late.status_code == 412
    assert "A colleague changed this ticket meanwhile." in late.text
    assert one(people, _ALL)[:2] == ("IN_PROGRESS", "MEDIUM")
    assert 'name="version" value="2"' in late.text
    assert {"IN_PROGRESS", "URGENT"} <= set(_chosen(late.text))
    assert ">Mine</textarea>" in late.text
    # Saved as the page stands, it takes nothing of the colleague's back.
    agreed = await chief.post(address, data=filled_in(late.text, address), headers=OWN)
    assert agreed.status_code == 303
    assert one(people, _ALL) == ("IN_PROGRESS", "URGENT", None, "Mine", 3)


async def test_what_a_person_left_as_it_was_is_not_changed(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    begun = filled_in(await _page(chief, address), address)
    await submit(chief, address, address, _fields(status="IN_PROGRESS"))
    saved = await chief.post(address, data={**begun, "version": "2", "priority": "HIGH"}, headers=OWN)
    assert saved.status_code == 303
    assert one(people, _ALL)[:2] == ("IN_PROGRESS", "HIGH")


async def test_a_raised_priority_brings_its_time_unless_somebody_chose_another(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    due = "SELECT sla_minutes, extract(epoch FROM due_at - created_at)::int / 60 FROM tickets"
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE tickets SET sla_minutes = 480, due_at = created_at + interval '480 min'")
    await submit(chief, address, address, _fields(priority="URGENT"))
    assert one(people, due) == (30, 30)
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE tickets SET sla_minutes = 45, due_at = created_at + interval '45 min'")
    await submit(chief, address, address, _fields(priority="LOW", version="2"))
    assert one(people, due) == (45, 45)


async def test_a_way_that_a_colleague_closed_is_no_choice_any_more(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    await submit(chief, address, address, _fields(status="RESOLVED"))
    late = await submit(chief, address, address, _fields(status="WAITING_RESPONSE"))
    assert late.status_code == 412
    assert "RESOLVED" in _chosen(late.text)
    assert 'value="WAITING_RESPONSE"' not in late.text
    closed = await submit(chief, address, address, _fields(status="OPEN", version="2"))
    assert closed.status_code == 409
    assert "this cannot be done" in closed.text
    assert one(people, _ALL)[0] == "RESOLVED"


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "GONE"), ("priority", ""), ("assigned_to", "nobody"), ("resolution", "x" * 5001)],
)
async def test_what_is_wrong_stands_beside_its_field(
    field: str, value: str, chief: httpx.AsyncClient, address: str, people: str
) -> None:
    shown = {"was_status": "OPEN", "was_priority": "MEDIUM"}
    answer = await submit(chief, address, address, _fields(**{field: value}) | shown)
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">' in answer.text
    assert one(people, _ALL)[4] == 1


async def test_nobody_of_another_hotel_or_suspended_is_given_work(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE users SET suspended_at = now() WHERE email = %s", (_STAFF,))
    assert f">{_STAFF}</option>" not in await _page(chief, address)
    for email in (_STAFF, "staff@beta.example"):
        given = _fields(assigned_to=str(user_id(people, email)))
        answer = await submit(chief, address, address, given)
        assert answer.status_code == 422
        assert "This is nobody who works here now." in answer.text


async def test_staff_changes_only_what_is_assigned_to_it(
    client: httpx.AsyncClient, address: str, people: str
) -> None:
    await enter(client, _STAFF)
    html = await _page(client, address)
    assert "You change tickets that are assigned to you" in html
    assert 'name="version"' not in html
    csrf = {"csrf": token_of(html)}
    tried = await client.post(address, data=csrf | _fields(status="IN_PROGRESS"), headers=OWN)
    assert tried.status_code == 403
    me = user_id(people, _STAFF)
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE tickets SET assigned_to = %s", (me,))
    mine = _fields(status="IN_PROGRESS", assigned_to=str(me))
    assert (await submit(client, address, address, mine)).status_code == 303


async def test_words_are_internal_unless_the_guest_shall_read_them(
    chief: httpx.AsyncClient, address: str, people: str, service: Service
) -> None:
    guest = await callers.guest(service)
    ticket = UUID(address.rpartition("/")[2])
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE tickets SET session_id = (SELECT id FROM sessions WHERE kind = 'guest')")
    chat = waiting_chat(people, session_id=one(people, "SELECT session_id FROM tickets")[0])
    with psycopg.connect(people) as connection:
        connection.execute("UPDATE tickets SET conversation_id = %s", (chat,))
    for body, visibility in (("Look in the <safe>.", "INTERNAL"), ("We are looking.", "PUBLIC")):
        said = {"body": body, "visibility": visibility}
        answer = await submit(chief, address, f"{address}/comments", said)
        assert answer.headers["Location"] == f"{address}?said=added"
    html = await _page(chief, address)
    assert "Look in the &lt;safe&gt;." in html
    assert re.search(r"The guest reads it</span></p>\s*<p class=\"told\" dir=\"auto\">We are looking", html)
    chief.cookies.clear()
    read = (await chief.get(f"/api/tickets/{ticket}", headers=guest)).json()
    assert [one["body"] for one in read["comments"]] == ["We are looking."]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": " "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"body": "ok", "visibility": "ALL"}, "visibility"),
    ],
)
async def test_a_word_that_will_not_do_is_not_added(
    said: dict[str, str], field: str, chief: httpx.AsyncClient, address: str, people: str
) -> None:
    answer = await submit(chief, address, f"{address}/comments", said)
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">' in answer.text
    assert one(people, "SELECT count(*) FROM ticket_comments") == (0,)


async def test_a_ticket_that_is_over_takes_nothing_more(
    chief: httpx.AsyncClient, address: str, people: str
) -> None:
    await submit(chief, address, address, _fields(status="CANCELLED"))
    html = await _page(chief, address)
    assert "This ticket is over." in html
    assert "/comments" not in html
    csrf = {"csrf": token_of(html)}
    late = await chief.post(f"{address}/comments", data={**csrf, "body": "still"}, headers=OWN)
    assert late.status_code == 409
    moved = await chief.post(address, data=csrf | _fields(status="OPEN", version="2"), headers=OWN)
    assert moved.status_code == 409
    assert one(people, "SELECT count(*) FROM ticket_comments") == (0,)


async def test_another_hotel_s_ticket_does_not_exist(chief: httpx.AsyncClient, people: str) -> None:
    ticket = add(people, "tickets", number=1, title="Elsewhere", source="MANUAL", hotel_id=HOTEL_B)
    theirs = f"/staff/tickets/{ticket}"
    assert (await chief.get(theirs, headers=OWN)).status_code == 404
    csrf = {"csrf": token_of(await _page(chief, "/account"))}
    for path, fields in ((theirs, _fields(priority="LOW")), (f"{theirs}/comments", {"body": "hello"})):
        assert (await chief.post(path, data=csrf | fields, headers=OWN)).status_code == 404
        assert (await chief.post(path, data=fields, headers=OWN)).status_code == 403
    assert one(people, _ALL)[4] == 1
