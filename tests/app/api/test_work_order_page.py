import re
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.app.forms import OWN, enter, filled_in, submit, token_of
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.work import one, order, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/staff/work-orders"
_STAFF, _CHIEF = "staff@alpha.example", "supervisor@alpha.example"
_ALL = "SELECT status, priority, assigned_to, version FROM work_orders"


@pytest.fixture
async def chief(client: httpx.AsyncClient, hotels: str) -> httpx.AsyncClient:
    """A supervisor's browser; the member of staff is a housekeeper."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, _CHIEF, "supervisor")
        connection.execute("UPDATE users SET department = 'housekeeping' WHERE email = %s", (_STAFF,))
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, _CHIEF)
    return client


async def _page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def _save(client: httpx.AsyncClient, page: str, **changes: str) -> httpx.Response:
    form = filled_in(await _page(client, page), f"{page}/change")
    return await client.post(f"{page}/change", data=form | changes, headers=OWN)


async def test_work_is_given_to_somebody_done_and_opened_again_and_all_of_it_is_told(
    chief: httpx.AsyncClient, hotels: str
) -> None:
    page, staff = f"{_HERE}/{order(hotels, 'Two <b>towels</b>')}", user_id(hotels, _STAFF)
    html = await _page(chief, page)
    assert "Two &lt;b&gt;towels&lt;/b&gt;" in html
    assert "nobody yet" in html
    saved = await _save(chief, page, assigned_to=str(staff), priority="HIGH")
    assert (saved.status_code, saved.headers["Location"]) == (303, f"{page}?said=changed")
    assert one(hotels, _ALL) == ("open", "HIGH", staff, 2)
    await _save(chief, page, status="done")
    await _save(chief, page, status="open")
    assert one(hotels, _ALL) == ("open", "HIGH", staff, 4)
    history = (await _page(chief, page)).split('class="history"')[1]
    assert f"assigned to: nothing → {_STAFF}" in history
    assert "priority: Medium → High" in history
    assert re.search(r"status: Open → Done; done at: nothing → \d\d:\d\d", history)
    assert re.search(r"status: Done → Open; done at: \d\d:\d\d → nothing", history)
    assert history.count(f"<strong>{_CHIEF}</strong>") == 3


async def test_what_a_colleague_changed_meanwhile_is_not_taken_back(
    chief: httpx.AsyncClient, hotels: str
) -> None:
    page = f"{_HERE}/{order(hotels, 'Two towels')}"
    begun = filled_in(await _page(chief, page), f"{page}/change")
    await _save(chief, page, status="in_progress")
    late = await chief.post(f"{page}/change", data={**begun, "priority": "URGENT"}, headers=OWN)
    assert late.status_code == 412
    assert "A colleague changed this work order meanwhile." in late.text
    again = filled_in(late.text, f"{page}/change")
    assert (await chief.post(f"{page}/change", data=again, headers=OWN)).status_code == 303
    assert one(hotels, _ALL)[:2] == ("in_progress", "URGENT")


async def test_staff_moves_its_own_kind_and_reads_what_it_asked_for_elsewhere(
    chief: httpx.AsyncClient, hotels: str
) -> None:
    staff = user_id(hotels, _STAFF)
    own, asked = order(hotels, "Two towels"), order(hotels, "A lamp", kind="maintenance", created_by=staff)
    other = order(hotels, "A tap", kind="maintenance")
    await enter(chief, _STAFF)
    moved = await _save(chief, f"{_HERE}/{own}", status="in_progress")
    assert moved.status_code == 303
    assert one(hotels, f"{_ALL} WHERE id = %s", own)[2] == staff
    html = await _page(chief, f"{_HERE}/{asked}")
    assert "/change" not in html
    csrf = {"csrf": token_of(html), "version": "1"}
    tried = await chief.post(f"{_HERE}/{asked}/change", data={**csrf, "status": "done"}, headers=OWN)
    assert tried.status_code == 403
    assert (await _save(chief, f"{_HERE}/{own}", assigned_to="")).status_code == 403
    for missing in (other, order(hotels, "Elsewhere", hotel_id=HOTEL_B), UUID(int=0)):
        assert (await chief.get(f"{_HERE}/{missing}", headers=OWN)).status_code == 404
        lost = await chief.post(f"{_HERE}/{missing}/change", data={**csrf, "status": "done"}, headers=OWN)
        assert lost.status_code == 404


async def test_a_work_order_that_was_cancelled_is_over(chief: httpx.AsyncClient, hotels: str) -> None:
    page = f"{_HERE}/{order(hotels, 'Two towels')}"
    await _save(chief, page, status="cancelled")
    html = await _page(chief, page)
    assert "This work order was cancelled." in html
    assert "/change" not in html


async def test_a_choice_that_is_none_stands_beside_its_field(chief: httpx.AsyncClient, hotels: str) -> None:
    page = f"{_HERE}/{order(hotels, 'Two towels')}"
    for field in ("status", "priority", "assigned_to"):
        refused = await _save(chief, page, **{field: "gone"})
        assert refused.status_code == 422
        assert f'<p class="wrong" id="{field}-said">' in refused.text
    elsewhere = await _save(chief, page, assigned_to=str(user_id(hotels, "staff@beta.example")))
    assert "This is nobody who works here now." in elsewhere.text
    assert one(hotels, _ALL)[3] == 1
    assert (await submit(chief, page, f"{page}/change", {"version": "0"})).status_code == 422
