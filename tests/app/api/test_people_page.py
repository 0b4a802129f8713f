import re
from collections.abc import Callable

import httpx
import psycopg
import pytest

from hotelctl.app.services.post import Post
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.forms import OWN, come_in, enter, submit
from tests.app.mail import SERVER, Noted, link_in
from tests.app.people import HOTEL_A, PASSWORD, add_user
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/admin/users"
_NEW = {
    "email": "New@Alpha.example",
    "display_name": "New <b>Face</b>",
    "role": "supervisor",
    "department": "reception",
    "locale": "de",
}


@pytest.fixture
def people(hotels: str) -> str:
    """The owner's URL; besides manager and staff hotel A has an owner and a supervisor."""
    with psycopg.connect(hotels) as connection:
        for role in ("owner", "supervisor"):
            add_user(connection, HOTEL_A, f"{role}@alpha.example", role)
    return hotels


@pytest.fixture
async def admin(people: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An admin's browser."""
    await come_in(client, people, "admin")
    return client


async def _page(client: httpx.AsyncClient, path: str = _HERE) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("who", "reads", "manages"),
    [("staff", 403, 403), ("supervisor", 200, 403), ("manager", 200, 403), ("owner", 200, 200)],
)
async def test_who_may_see_people_and_who_may_invite(
    who: str, reads: int, manages: int, client: httpx.AsyncClient
) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    answer = await client.get(_HERE, headers=OWN)
    assert answer.headers["Location"] == "/login?next=%2Fadmin%2Fusers"
    await enter(client, f"{who}@alpha.example")
    shown = await client.get(_HERE, headers=OWN)
    assert shown.status_code == reads
    assert (await client.get(f"{_HERE}/new", headers=OWN)).status_code == manages
    if reads == 200:
        assert ("Invite somebody" in shown.text) is (manages == 200)
    account = await _page(client, "/account")
    assert (f'href="{_HERE}"' in account) is (reads == 200)


async def test_the_list_shows_who_works_here_and_what_may_be_changed(admin: httpx.AsyncClient) -> None:
    html = await _page(admin)
    assert '<main id="main" data-page="people"' in html
    assert "me@alpha.example (you)" in html
    assert "beta.example" not in html
    # Those below: supervisor, manager, staff; neither the owner nor oneself.
    assert len(re.findall(r'href="/admin/users/[0-9a-f-]{36}"', html)) == 3


async def test_who_is_alone_is_told_what_to_do(hotels: str, client: httpx.AsyncClient) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE users SET deleted_at = now() WHERE role = 'staff'")
        connection.execute("UPDATE users SET role = 'owner' WHERE email = 'manager@alpha.example'")
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, "manager@alpha.example")
    assert "Invite the people who work with you" in await _page(client)


async def test_without_mail_the_link_is_shown_once_and_lets_the_person_in(
    admin: httpx.AsyncClient, people: str
) -> None:
    form = await _page(admin, f"{_HERE}/new")
    offered = re.findall(r'<option value="(\w*)"', form)
    assert offered == [
        "staff",
        "supervisor",
        "manager",
        *["general", "reception", "housekeeping", "maintenance"],
        *["", "en", "de", "fr", "es", "it"],
    ]
    answer = await submit(admin, f"{_HERE}/new", f"{_HERE}/new", _NEW)
    assert answer.status_code == 201
    assert "Mail is not set up here, so nothing was sent to New &lt;b&gt;Face&lt;/b&gt;." in answer.text
    link = link_in(answer.text)
    assert link
    assert link not in await _page(admin)
    stored = one(people, "SELECT email, role, department, locale FROM users WHERE starts_with(email, 'new@')")
    assert stored == ("new@alpha.example", "supervisor", "reception", "de")
    assert one(people, "SELECT action FROM audit_events") == ("user.invite",)
    html = await _page(admin)
    assert "Invited" in html
    assert "<b>Face" not in html
    chosen = {"new": "a password of one's own", "again": "a password of one's own"}
    assert (await admin.post(link, data=chosen, headers=OWN)).status_code == 303
    admin.cookies.clear()
    assert (await enter(admin, "new@alpha.example", chosen["new"])).headers["Location"] == "/home"


@pytest.fixture
def outgoing(service: Service, settings_of: Callable[..., Settings], app_url: str) -> Noted:
    """Mail is set up; what goes out is noted."""
    server = Noted(settings_of(app_url, **SERVER))
    service.post = Post(service.db, server, service.probe)
    return server


async def test_with_mail_the_page_says_the_same_of_who_works_elsewhere(
    outgoing: Noted, admin: httpx.AsyncClient, service: Service
) -> None:
    told = []
    for email in ("new@alpha.example", "staff@beta.example"):
        answer = await submit(admin, f"{_HERE}/new", f"{_HERE}/new", {**_NEW, "email": email})
        told.append((answer.status_code, answer.headers["Location"], link_in(answer.text)))
    assert told == [(303, f"{_HERE}?said=invited", None)] * 2
    assert "The invitation goes out by mail now" in await _page(admin, f"{_HERE}?said=invited")
    assert await service.post.send_due() == 2
    assert {mail["To"]: link_in(mail.get_content()) is not None for mail in outgoing.taken} == {
        "new@alpha.example": True,
        "staff@beta.example": False,
    }


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"email": "no address"}, 422, "This is no e-mail address."),
        ({"email": ""}, 422, "This is no e-mail address."),
        ({"display_name": " "}, 422, "A name has 1 to 120 characters, all of which can be seen."),
        ({"role": "guest"}, 422, "Choose one of the list."),
        ({"department": "moon"}, 422, "Choose one of the list."),
        ({"locale": "xx"}, 422, "Choose one of the list."),
        ({"email": "Staff@Alpha.example"}, 409, "Somebody with this address works here already."),
    ],
)
async def test_what_is_wrong_stands_beside_the_field_and_the_rest_stays(
    change: dict[str, str], status: int, said: str, admin: httpx.AsyncClient, people: str
) -> None:
    answer = await submit(admin, f"{_HERE}/new", f"{_HERE}/new", {**_NEW, **change})
    assert answer.status_code == status
    (field,) = change
    assert f'<p class="wrong" id="{field}-said">{said}</p>' in answer.text
    assert f'aria-describedby="{field}-said"' in answer.text
    assert ('value="New@Alpha.example"' in answer.text) is (field != "email")
    assert one(people, "SELECT count(*) FROM audit_events") == (0,)


async def test_a_role_of_the_own_height_is_refused_whatever_the_form_offers(
    admin: httpx.AsyncClient, people: str
) -> None:
    for role in ("admin", "owner"):
        answer = await submit(admin, f"{_HERE}/new", f"{_HERE}/new", {**_NEW, "role": role})
        assert answer.status_code == 403
    assert one(people, "SELECT count(*) FROM users WHERE starts_with(email, 'new@')") == (0,)


async def test_a_form_that_is_not_ours_invites_nobody(admin: httpx.AsyncClient, people: str) -> None:
    for fields, headers in ((_NEW, OWN), ({**_NEW, "csrf": "x"}, OWN)):
        assert (await admin.post(f"{_HERE}/new", data=fields, headers=headers)).status_code == 403
    assert one(people, "SELECT count(*) FROM users WHERE starts_with(email, 'new@')") == (0,)
    assert (await enter(admin, "staff@alpha.example", PASSWORD)).status_code == 303
