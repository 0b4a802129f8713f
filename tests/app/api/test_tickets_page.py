from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.app.forms import OWN, enter, submit
from tests.app.people import HOTEL_B
from tests.app.work import add, one, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HERE = "/staff/tickets"
_STAFF = "staff@alpha.example"


@pytest.fixture
async def staff(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A member of staff's browser."""
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, _STAFF)
    return client


async def _page(client: httpx.AsyncClient, path: str = _HERE) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def test_who_is_not_inside_is_led_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(_HERE, headers=OWN)
    assert answer.headers["Location"] == "/login?next=%2Fstaff%2Ftickets"


async def test_each_choice_shows_its_own_and_says_when_there_is_none(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    assert '<main id="main" data-page="tickets"' in await _page(staff)
    for show in ("open", "mine", "late", "all"):
        assert 'class="empty"' in await _page(staff, f"{_HERE}?show={show}")
    me, late = user_id(owner_url, _STAFF), datetime.now(UTC) - timedelta(minutes=30)
    rows: list[dict[str, object]] = [
        {"title": "Mine <b>now</b>", "assigned_to": me},
        {"title": "Nobody takes it", "due_at": late},
        {"title": "Over long ago", "status": "CLOSED", "assigned_to": me, "due_at": late},
        {"title": "Elsewhere", "hotel_id": HOTEL_B},
    ]
    for number, row in enumerate(rows):
        add(owner_url, "tickets", number=number + 1, source="MANUAL", **row)
    shown = {
        show: [row["title"] for row in rows if str(row["title"]).split("<")[0] in html]
        for show in ("open", "mine", "late", "all")
        if (html := await _page(staff, f"{_HERE}?show={show}"))
    }
    assert shown == {
        "open": ["Mine <b>now</b>", "Nobody takes it"],
        "mine": ["Mine <b>now</b>"],
        "late": ["Nobody takes it"],
        "all": ["Mine <b>now</b>", "Nobody takes it", "Over long ago"],
    }
    html = await _page(staff)
    assert "<b>now" not in html
    assert "30 min late" in html
    assert "yours" in html


async def test_older_ones_are_a_page_further(staff: httpx.AsyncClient, owner_url: str) -> None:
    for number in range(3):
        add(owner_url, "tickets", number=number + 1, title=f"Matter {number + 1}", source="MANUAL")
    html = await _page(staff, f"{_HERE}?limit=2")
    assert "Matter 3" in html
    assert "Matter 1" not in html
    older = html.split('class="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Matter 1" in await _page(staff, older)


async def test_a_ticket_is_opened_and_its_page_is_shown(staff: httpx.AsyncClient, owner_url: str) -> None:
    fields = {"title": "Lost ring", "description": "Gold.\r\nOld.", "room_label": " 204 ", "priority": "HIGH"}
    answer = await submit(staff, f"{_HERE}/new", f"{_HERE}/new", fields)
    stored = one(owner_url, "SELECT id, title, description, room_label, priority, source FROM tickets")
    assert answer.headers["Location"] == f"{_HERE}/{stored[0]}?said=opened"
    assert stored[1:] == ("Lost ring", "Gold.\nOld.", "204", "HIGH", "STAFF_PORTAL")
    assert "The ticket is open." in await _page(staff, answer.headers["Location"])
    again = await submit(staff, f"{_HERE}/new", f"{_HERE}/new", fields)
    assert again.headers["Location"] == answer.headers["Location"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "ab"),
        ("title", "x" * 181),
        ("description", "x" * 5001),
        ("room_label", "x" * 41),
        ("guest_name", "x" * 121),
        ("priority", "SOON"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    field: str, value: str, staff: httpx.AsyncClient, owner_url: str
) -> None:
    fields = {"title": "Lost ring", "guest_name": "Ada", "priority": "LOW", field: value}
    answer = await submit(staff, f"{_HERE}/new", f"{_HERE}/new", fields)
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">' in answer.text
    assert one(owner_url, "SELECT count(*) FROM tickets") == (0,)


async def test_lists_of_work_and_the_overview_lead_to_the_ticket(
    staff: httpx.AsyncClient, owner_url: str
) -> None:
    me = user_id(owner_url, _STAFF)
    ticket = add(owner_url, "tickets", number=1, title="Lost ring", source="MANUAL", assigned_to=me)
    link = f'href="{_HERE}/{ticket}"'
    assert link in await _page(staff, "/staff")
    await enter(staff, "manager@alpha.example")
    assert link in await _page(staff, "/admin")
