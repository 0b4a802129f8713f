import re
from pathlib import Path

import httpx
import psycopg
import pytest

from hotelctl.app.api import unsent
from tests.app.forms import OWN, enter, filled_in, token_of
from tests.app.people import PASSWORD
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_TEMPLATES = Path(unsent.__file__).with_name("templates")
_TEXT = "The <b>ring</b> is\r\nin the safe."
_SENT = OWN | {"Sec-Fetch-Mode": "navigate", "Referer": "https://hotel.example/staff/tickets"}


@pytest.fixture
async def client(client: httpx.AsyncClient, hotels: str) -> httpx.AsyncClient:
    """The browser of a manager."""
    assert hotels
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "manager@alpha.example")
    return client


@pytest.fixture
def page(hotels: str) -> str:
    """Page of a ticket."""
    return f"/staff/tickets/{add(hotels, 'tickets', number=7, title='Lost ring', source='MANUAL')}"


def _end_sessions(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("UPDATE sessions SET revoked_at = now()").rowcount


async def _late(client: httpx.AsyncClient, url: str, page: str, **headers: str) -> httpx.Response:
    """The answer to a word on a ticket, written while the session ended."""
    form = filled_in((await client.get(page, headers=OWN)).text, f"{page}/comments")
    _end_sessions(url)
    return await client.post(f"{page}/comments", data=form | {"body": _TEXT}, headers=_SENT | headers)


async def test_what_was_written_is_shown_again_with_the_way_back(
    client: httpx.AsyncClient, hotels: str, page: str
) -> None:
    answer = await _late(client, hotels, page, Referer=f"https://hotel.example{page}")
    assert answer.status_code == 401
    assert "this was not saved" in answer.text
    assert re.findall(r"readonly>([^<]*)</textarea>", answer.text) == [
        "The &lt;b&gt;ring&lt;/b&gt; is\r\nin the safe."
    ]
    assert 'name="csrf"' not in answer.text
    assert one(hotels, "SELECT count(*) FROM ticket_comments") == (0,)
    (way,) = re.findall(r'class="button" href="([^"]+)"', answer.text)
    goal = filled_in((await client.get(way.replace("&amp;", "&"), headers=OWN)).text, "/login")
    come_in = goal | {"email": "manager@alpha.example", "password": PASSWORD}
    assert (await client.post("/login", data=come_in, headers=OWN)).headers["Location"] == page


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
    ids=["a script", "another site", "a neighbour"],
)
async def test_nobody_but_a_person_on_our_own_page_is_shown_it(
    headers: dict[str, str], client: httpx.AsyncClient, hotels: str, page: str
) -> None:
    answer = await _late(client, hotels, page, **headers)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?")


async def test_a_text_that_nobody_touched_and_a_password_are_not_shown(
    client: httpx.AsyncClient, hotels: str, page: str
) -> None:
    html = (await client.get(page, headers=OWN)).text
    _end_sessions(hotels)
    moved = filled_in(html, page) | {"status": "IN_PROGRESS", "resolution": "x", "was_resolution": "x"}
    secrets = {"csrf": token_of(html), "current": PASSWORD, "new": "n" * 12, "again": "n" * 12}
    for address, fields in ((page, moved), ("/account/password", secrets)):
        answer = await client.post(address, data=fields, headers=_SENT)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "/login?next=%2Fstaff%2Ftickets&said=ended",
        )


async def test_what_a_guest_wrote_is_shown_with_the_way_in_of_guests(client: httpx.AsyncClient) -> None:
    client.cookies.clear()
    sent = {"content": "Is there a pool?", "csrf": "x"}
    answer = await client.post("/guest/chat", data=sent, headers=_SENT)
    assert answer.status_code == 401
    assert "readonly>Is there a pool?</textarea>" in answer.text
    assert 'href="/guest?said=ended"' in answer.text


def test_every_field_for_sentences_is_known_and_no_password_is_one() -> None:
    pages = "\n".join(path.read_text() for path in _TEMPLATES.glob("*.j2"))
    areas = set(re.findall(r'<textarea [^>]*name="(\w+)"|{{ text\("(\w+)"', pages))
    names = {name for found in areas for name in found if name}
    assert len(names) > 5
    assert names <= unsent.WRITTEN
    assert "password" in pages
    assert not unsent.WRITTEN & set(re.findall(r'name="(\w+)" type="password"', pages))
    assert not unsent.WRITTEN & {"password", "current", "new", "again", "csrf", "once", "email", "code"}
