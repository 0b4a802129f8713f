"""Questions that no entry answered, as the page of what the hotel knows lists them."""

import re

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.forms import OWN, enter, filled_in
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A
from tests.app.talk import open_thread, tell
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/admin/knowledge"
_DISMISS = f"{_HERE}/unanswered/dismiss"


@pytest.fixture
async def manager(hotels: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A manager's browser."""
    assert hotels
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "manager@alpha.example")
    return client


async def _ask(client: httpx.AsyncClient, service: Service, *questions: str) -> None:
    guest = {**await callers.guest(service), "Cookie": ""}
    thread = await open_thread(client, guest)
    for question in questions:
        assert (await tell(client, thread, guest, question)).status_code == 201


async def _listed(client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """The questions with how often they were asked, as the page says it."""
    html = (await client.get(_HERE, headers=OWN)).text
    part = html.partition('id="gaps"')[2].partition("</section>")[0]
    lines = part.split('<li class="job">')[1:]
    return [
        (re.findall(r"<h3[^>]*>(.*?)</h3>", line)[0], "".join(re.findall(r"asked \d+ times", line)))
        for line in lines
    ]


async def test_equal_questions_are_one_line_with_their_number(
    manager: httpx.AsyncClient, service: Service
) -> None:
    await _ask(
        manager, service, "Is there a casino?", "Is there a zoo?", "is there  a CASINO", "Is there a casino?"
    )
    assert await _listed(manager) == [("Is there a casino?", "asked 3 times"), ("Is there a zoo?", "")]
    api = await callers.bearer(manager)
    listed = (await manager.get("/api/knowledge/unanswered?limit=1", headers=api)).json()["items"]
    assert [(item["question"], item["times"]) for item in listed] == [("Is there a casino?", 3)]


async def test_what_an_entry_answers_by_now_is_gone(
    manager: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    await _ask(manager, service, "Is there a casino?", "Is there a zoo?")
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Casino", body="There is a casino in the old town.")
    assert await _listed(manager) == [("Is there a zoo?", "")]
    # Once the entry is gone the question is open again.
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE knowledge_entries SET deleted_at = now()")
    assert [question for question, _ in await _listed(manager)] == ["Is there a zoo?", "Is there a casino?"]


async def test_a_dismissed_question_is_off_the_list_until_it_is_asked_again(
    manager: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    await _ask(manager, service, "Is there a zoo?", "Is there a casino?", "is there a casino")
    html = (await manager.get(_HERE, headers=OWN)).text
    form = filled_in(html, _DISMISS)
    assert form["question"] == "is there a casino"
    for _ in range(2):
        gone = await manager.post(_DISMISS, data=form, headers=OWN)
        assert (gone.status_code, gone.headers["Location"]) == (303, f"{_HERE}?said=dismissed")
    assert await _listed(manager) == [("Is there a zoo?", "")]
    noted = "SELECT after FROM audit_events WHERE action = 'knowledge.dismiss'"
    assert one(hotels, noted) == ({"count": 2},)
    await _ask(manager, service, "Is there a casino?")
    assert await _listed(manager) == [("Is there a casino?", ""), ("Is there a zoo?", "")]
