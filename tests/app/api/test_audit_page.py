from datetime import UTC, datetime

import httpx
import pytest

from tests.app.forms import OWN, enter, submit
from tests.app.people import HOTEL_B
from tests.app.work import add, one, order, user_id

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
    assert "Work order changed" in html
    assert "by manager@alpha.example" in html
    assert "status: open → in progress" in html
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


async def test_a_line_says_which_thing_it_is_about_and_names_people(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, "manager@alpha.example")
    job, me = order(owner_url, "Two <b>towels</b>"), user_id(owner_url, "manager@alpha.example")
    await submit(client, "/staff", f"/staff/work-orders/{job}", {"status": "in_progress", "version": "1"})
    gone = add(owner_url, "tickets", number=7, title="Ring", source="MANUAL", deleted_at=datetime.now(UTC))
    ticket = {"actor_kind": "system", "action": "ticket.update", "object_kind": "ticket", "object_id": gone}
    add(owner_url, "audit_events", **ticket, after='{"comment_id": "no-name", "sla_minutes": 30}')
    await submit(client, "/admin/qr", "/admin/qr", {"rooms": "204", "max_uses": "1", "ttl_minutes": "60"})
    html = (await client.get(_HERE, headers=OWN)).text
    linked = f'<a href="/staff/work-orders/{job}">Room 204, Two &lt;b&gt;towels&lt;/b&gt;</a>'
    assert linked in html
    assert "assigned to: nothing → manager@alpha.example" in html
    assert str(me) not in html
    # What was removed has its name and no page.
    assert "<p>#7 Ring</p>" in html
    assert "time to settle it: 30 minutes" in html
    assert "no-name" not in html
    prefix = one(owner_url, "SELECT prefix FROM guest_staff_qr_tokens")[0]
    assert f'<a href="/admin/qr">Room 204, {prefix}…</a>' in html
