import httpx
import psycopg
import pytest

from tests.app.forms import OWN, come_in, submit, token_of
from tests.app.mail import link_in
from tests.app.people import HOTEL_A, PASSWORD, add_user
from tests.app.work import one, user_id

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LIST = "/admin/users"


@pytest.fixture
def people(hotels: str) -> str:
    """The owner's URL; hotel A has an admin already."""
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "peer@alpha.example", "admin")
    return hotels


@pytest.fixture
async def admin(people: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An admin's browser."""
    await come_in(client, people, "admin")
    return client


@pytest.fixture
def address(people: str) -> str:
    """Page of the member of staff."""
    return f"{_LIST}/{user_id(people, 'staff@alpha.example')}"


async def _page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def test_another_role_holds_and_ends_the_session(
    admin: httpx.AsyncClient, address: str, people: str
) -> None:
    html = await _page(admin, address)
    assert '<main id="main" data-page="person"' in html
    body = {"email": "staff@alpha.example", "password": PASSWORD}
    token = (await admin.post("/api/auth/login", json=body)).json()["access_token"]
    given = {"display_name": "Sam", "role": "manager", "department": "reception", "locale": "it"}
    answer = await submit(admin, address, address, given)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{_LIST}?said=changed")
    query = "SELECT display_name, role, department, locale FROM users WHERE email = 'staff@alpha.example'"
    assert one(people, query) == ("Sam", "manager", "reception", "it")
    assert '<option value="it" selected>' in await _page(admin, address)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await admin.get("/api/protected", headers=headers)).status_code == 401
    before, after = one(people, "SELECT before, after FROM audit_events WHERE action = 'user.update'")
    assert (before["role"], after["role"]) == ("staff", "manager")
    assert (before["locale"], after["locale"]) == (None, "it")
    assert "Changed." in await _page(admin, answer.headers["Location"])


async def test_a_suspension_throws_out_and_can_be_taken_back(
    admin: httpx.AsyncClient, address: str, people: str
) -> None:
    answer = await submit(admin, address, f"{address}/suspend")
    assert answer.headers["Location"] == f"{_LIST}?said=suspended"
    assert "Suspended" in await _page(admin, _LIST)
    html = await _page(admin, address)
    assert "Let in again" in html
    assert f"{address}/link" not in html
    other = {"email": "staff@alpha.example", "password": PASSWORD}
    assert (await admin.post("/api/auth/login", json=other)).status_code == 401
    answer = await submit(admin, address, f"{address}/restore")
    assert answer.headers["Location"] == f"{_LIST}?said=restored"
    assert (await admin.post("/api/auth/login", json=other)).status_code == 200
    with psycopg.connect(people) as connection:
        trail = connection.execute("SELECT action FROM audit_events ORDER BY id").fetchall()
    assert trail == [("user.suspend",), ("user.restore",)]


async def test_a_link_for_a_new_password_is_shown_once_where_there_is_no_mail(
    admin: httpx.AsyncClient, address: str
) -> None:
    answer = await submit(admin, address, f"{address}/link")
    assert answer.status_code == 201
    link = link_in(answer.text)
    assert link
    late = await submit(admin, address, f"{address}/link")
    assert "This link is not valid" in await _page(admin, link)
    assert "Choose your password" in await _page(admin, link_in(late.text) or "")


@pytest.mark.parametrize("email", ["peer@alpha.example", "me@alpha.example"])
async def test_nobody_manages_who_stands_as_high(email: str, admin: httpx.AsyncClient, people: str) -> None:
    address = f"{_LIST}/{user_id(people, email)}"
    assert (await admin.get(address, headers=OWN)).status_code == 403
    csrf = {"csrf": token_of(await _page(admin, "/account"))}
    changes = {"display_name": "X", "role": "staff", "department": "general"}
    assert (await admin.post(address, data=csrf | changes, headers=OWN)).status_code == 403
    for action in ("suspend", "restore", "link"):
        assert (await admin.post(f"{address}/{action}", data=csrf, headers=OWN)).status_code == 403
    assert one(people, "SELECT count(*) FROM audit_events") == (0,)


@pytest.mark.parametrize("role", ["admin", "owner"])
async def test_nobody_gives_a_role_as_high_as_the_own(
    role: str, admin: httpx.AsyncClient, address: str, people: str
) -> None:
    given = {"display_name": "Sam", "role": role, "department": "general"}
    assert (await submit(admin, address, address, given)).status_code == 403
    assert one(people, "SELECT role FROM users WHERE email = 'staff@alpha.example'") == ("staff",)


@pytest.mark.parametrize(("field", "value"), [("display_name", ""), ("role", "king"), ("department", "")])
async def test_what_is_wrong_stands_beside_its_field(
    field: str, value: str, admin: httpx.AsyncClient, address: str
) -> None:
    given = {"display_name": "Sam", "role": "staff", "department": "general", field: value}
    answer = await submit(admin, address, address, given)
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">' in answer.text


async def test_another_hotel_s_people_do_not_exist(admin: httpx.AsyncClient, people: str) -> None:
    theirs = f"{_LIST}/{user_id(people, 'staff@beta.example')}"
    assert (await admin.get(theirs, headers=OWN)).status_code == 404
    csrf = {"csrf": token_of(await _page(admin, "/account"))}
    for action in ("suspend", "restore", "link"):
        assert (await admin.post(f"{theirs}/{action}", data=csrf, headers=OWN)).status_code == 404
    assert one(people, "SELECT suspended_at IS NULL FROM users WHERE email = 'staff@beta.example'") == (True,)
