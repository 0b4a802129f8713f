import httpx
import psycopg
import pytest

from tests.app.forms import OWN, enter, filled_in, submit
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.work import one, order, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE, _NEW = "/staff/work-orders", "/staff/work-orders/new"
_STAFF, _CHIEF = "staff@alpha.example", "supervisor@alpha.example"
_LAMP = {"kind": "maintenance", "title": "Lamp is dark", "details": "By the\r\nbed.", "room_label": "204"}


@pytest.fixture
async def staff(client: httpx.AsyncClient, hotels: str) -> httpx.AsyncClient:
    """A housekeeper's browser; the hotel has a supervisor, too."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, _CHIEF, "supervisor")
        connection.execute("UPDATE users SET department = 'housekeeping' WHERE email = %s", (_STAFF,))
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, _STAFF)
    return client


async def _page(client: httpx.AsyncClient, path: str = _HERE) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def test_each_list_holds_what_it_says_and_what_the_visitor_deals_with(
    staff: httpx.AsyncClient, hotels: str
) -> None:
    assert "Nothing is open." in await _page(staff)
    me, chief = user_id(hotels, _STAFF), user_id(hotels, _CHIEF)
    order(hotels, "Free towels")
    order(hotels, "My towels", assigned_to=me, status="in_progress")
    order(hotels, "Her towels", assigned_to=chief)
    order(hotels, "Old towels", assigned_to=chief, status="done")
    order(hotels, "No towels", status="cancelled")
    order(hotels, "A lamp", kind="maintenance")
    order(hotels, "Elsewhere", hotel_id=HOTEL_B)
    titles = {"Free towels", "My towels", "Her towels", "Old towels", "No towels", "A lamp", "Elsewhere"}
    shown = {
        show: {title for title in titles if title in html}
        for show in ("open", "mine", "free", "done", "all")
        if (html := await _page(staff, f"{_HERE}?show={show}"))
    }
    assert shown == {
        "open": {"Free towels", "My towels", "Her towels"},
        "mine": {"My towels"},
        "free": {"Free towels"},
        "done": {"Old towels"},
        "all": titles - {"A lamp", "Elsewhere"},
    }
    assert f'href="{_HERE}"' in await _page(staff, "/staff")


async def test_staff_opens_a_work_order_of_any_kind_and_reads_what_became_of_it(
    staff: httpx.AsyncClient, hotels: str
) -> None:
    assert 'name="assigned_to"' not in await _page(staff, _NEW)
    opened = await submit(staff, _NEW, _NEW, _LAMP)
    assert opened.status_code == 303
    made = "SELECT id, kind, title, details, room_label, created_by FROM work_orders"
    found = one(hotels, made)
    assert found[1:] == ("maintenance", "Lamp is dark", "By the\nbed.", "204", user_id(hotels, _STAFF))
    html = await _page(staff, opened.headers["Location"])
    assert "The work order is open." in html
    assert "You asked for it; those who do this kind of work move it on." in html
    assert "Lamp is dark" in await _page(staff)
    # The same form sent twice is one work order.
    assert (await submit(staff, _NEW, _NEW, _LAMP)).headers["Location"] == opened.headers["Location"]


async def test_who_hands_work_out_gives_it_to_somebody_at_once(staff: httpx.AsyncClient, hotels: str) -> None:
    await enter(staff, _CHIEF)
    form = filled_in(await _page(staff, _NEW), _NEW) | _LAMP
    given = form | {"assigned_to": str(user_id(hotels, _STAFF)), "due_at": "2031-05-01T10:30"}
    assert (await staff.post(_NEW, data=given, headers=OWN)).status_code == 303
    stored = "SELECT assigned_to, due_at AT TIME ZONE 'UTC' FROM work_orders"
    assert str(one(hotels, stored)[1]) == "2031-05-01 10:30:00"
    assert one(hotels, stored)[0] == user_id(hotels, _STAFF)
    nobody = given | {"title": "Another", "assigned_to": str(user_id(hotels, "staff@beta.example"))}
    refused = await staff.post(_NEW, data=nobody, headers=OWN)
    assert refused.status_code == 422
    assert "This is nobody who works here now." in refused.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "gardening"),
        ("title", "x"),
        ("room_label", "x" * 41),
        ("due_at", "soon"),
        ("priority", "NOW"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    field: str, value: str, staff: httpx.AsyncClient, hotels: str
) -> None:
    answer = await submit(staff, _NEW, _NEW, {**_LAMP, field: value})
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">' in answer.text
    assert "By the\nbed." in answer.text.replace("\r\n", "\n")
    assert one(hotels, "SELECT count(*) FROM work_orders") == (0,)
