import httpx
import pytest

from tests.app.forms import OWN, enter, submit
from tests.app.people import HOTEL_B
from tests.app.work import add, order

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HERE = "/admin/audit"


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


async def test_only_who_may_read_the_trail_comes_here(client: httpx.AsyncClient) -> None:
    assert (await client.get(_HERE, headers=OWN)).headers["Location"] == "/login?next=%2Fadmin%2Faudit"
    await enter(client, "staff@alpha.example")
    assert (await client.get(_HERE, headers=OWN)).status_code == 403


async def test_a_deed_is_told_with_who_did_it_and_what_changed(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, "manager@alpha.example")
    assert "Nothing was done yet." in (await client.get(_HERE, headers=OWN)).text
    job = order(owner_url, "Two towels")
    await submit(client, "/staff", f"/staff/work-orders/{job}", {"status": "in_progress", "version": "1"})
    after = '{"until": "2020-05-01T10:30:00+00:00"}'
    add(owner_url, "audit_events", actor_kind="system", action="job.run", object_kind="x", after=after)
    elsewhere = {"action": "user.elsewhere", "object_kind": "user"}
    add(owner_url, "audit_events", hotel_id=HOTEL_B, actor_kind="system", **elsewhere)
    html = (await client.get(_HERE, headers=OWN)).text
    assert '<main id="main" data-page="audit"' in html
    assert "Workorder: update" in html
    assert "by manager@alpha.example" in html
    assert "status: open → in_progress" in html
    assert "by the system" in html
    assert "until: 1 May 2020, 10:30" in html
    assert "elsewhere" not in html.lower()


async def test_the_trail_is_told_in_the_reader_s_language_down_to_its_codes(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, "manager@alpha.example")
    job = order(owner_url, "Two towels")
    await submit(client, "/staff", f"/staff/work-orders/{job}", {"status": "in_progress", "version": "1"})
    # What somebody wrote stays as it is, also where it looks like a code.
    add(
        owner_url,
        "audit_events",
        actor_kind="system",
        action="x.y_z",
        object_kind="x",
        after='{"title": "open"}',
    )
    html = (await client.get(_HERE, headers={**OWN, "Accept-Language": "de"})).text
    assert "Auftrag: geändert" in html
    assert "von manager@alpha.example" in html
    assert "Stand: offen → in Arbeit" in html
    assert "von dem System" in html
    assert "Titel: open" in html
    assert "X: y z" in html
