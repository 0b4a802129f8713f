import re

import httpx
import pytest

from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.codes import INTO, execute, make, token_of
from tests.app.forms import OWN
from tests.app.people import HOTEL_A, PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_COOKIE = "__Host-hotel"


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


@pytest.fixture
async def manager(service: Service) -> Headers:
    return await callers.page(service)


@pytest.fixture
async def address(client: httpx.AsyncClient, manager: Headers) -> str:
    return f"/q/{token_of(await make(client, manager))}"


@pytest.fixture
async def staff_address(client: httpx.AsyncClient, manager: Headers, owner_url: str) -> str:
    ((user_id,),) = execute(owner_url, "SELECT id::text FROM users WHERE email = 'staff@alpha.example'")
    body = {"purpose": "staff_access", "user_id": user_id}
    made = (await client.post("/api/qr/generate", json=body, headers=manager)).json()
    client.cookies.clear()
    return f"/q/{token_of(made)}"


async def test_the_button_uses_the_code_and_looking_does_not(
    address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    uses = "SELECT use_count FROM guest_staff_qr_tokens"
    for _ in range(3):
        page = await client.get(address, headers=OWN)
        assert page.status_code == 200
        assert f'<form method="post" action="{address}">' in page.text
        assert (await client.head(address)).status_code in {200, 405}
    assert execute(owner_url, uses) == [(0,)]
    answer = await client.post(address, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/guest/chat")
    assert execute(owner_url, uses) == [(1,)]
    who = (await client.get("/api/protected", headers=OWN)).json()
    assert (who["kind"], who["hotel_id"]) == ("guest", str(HOTEL_A))
    methods = execute(owner_url, "SELECT method FROM user_session_logs WHERE event = 'qr_scan'")
    assert methods == [("qr_camera",)]


@pytest.mark.parametrize(
    ("purpose", "begun"),
    [
        ("guest_access", ""),
        ("room_service", "Please bring to my room: "),
        ("maintenance", "This needs repair in my room: "),
    ],
)
async def test_a_code_for_a_wish_leads_to_the_conversation_with_the_wish_begun(
    purpose: str, begun: str, client: httpx.AsyncClient, manager: Headers
) -> None:
    made = await make(client, manager, purpose=purpose, room_label="204")
    client.cookies.clear()
    let_in = await client.post(f"/q/{token_of(made)}", headers=OWN)
    assert let_in.status_code == 303
    shown = await client.get(let_in.headers["Location"], headers=OWN)
    assert shown.status_code == 200
    assert re.findall(r"<textarea [^>]*>(.*?)</textarea>", shown.text) == [begun]


async def test_the_address_is_told_to_nobody(address: str, client: httpx.AsyncClient) -> None:
    page = await client.get(address, headers=OWN)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in page.text


@pytest.mark.parametrize("state", ["used", "expired", "revoked", "replaced"])
async def test_every_code_that_is_not_active_looks_like_one_that_never_was(
    state: str, address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    execute(owner_url, INTO[state])
    unknown = await client.get("/q/never-made", headers=OWN)
    page = await client.get(address, headers=OWN)
    assert (page.status_code, page.text) == (200, unknown.text)
    refused = await client.post(address, headers=OWN)
    assert refused.status_code == 401
    assert "This code is not valid" in refused.text
    assert _COOKIE not in client.cookies


@pytest.mark.parametrize("token", ["x" * 257, "%00", "%FF%FE", "a%2Fb", "💥"])
async def test_odd_addresses_are_no_codes(token: str, client: httpx.AsyncClient) -> None:
    for answer in (
        await client.get(f"/q/{token}", headers=OWN),
        await client.post(f"/q/{token}", headers=OWN),
    ):
        assert answer.status_code in {200, 401, 404}


async def test_a_guest_who_scans_again_is_shown_the_way_back(address: str, client: httpx.AsyncClient) -> None:
    await client.post(address, headers=OWN)
    page = await client.get(address, headers=OWN)
    assert "You are inside already as room 204" in page.text
    assert 'href="/guest/chat"' in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://hotel.example"},
        {"Origin": "https://evil.example"},
    ],
)
async def test_another_site_puts_nobody_in(
    headers: dict[str, str], address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    assert (await client.post(address, headers=headers)).status_code == 403
    assert execute(owner_url, "SELECT use_count FROM guest_staff_qr_tokens") == [(0,)]


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "https://hotel.example"}])
async def test_older_browsers_get_in(
    headers: dict[str, str], address: str, client: httpx.AsyncClient
) -> None:
    assert (await client.post(address, headers=headers)).status_code == 303


async def test_staff_gives_the_password_as_well(
    staff_address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    page = await client.get(staff_address, headers=OWN)
    assert 'type="password"' in page.text
    assert "alpha" in page.text
    for password in ("", "wrong"):
        refused = await client.post(staff_address, data={"password": password}, headers=OWN)
        assert refused.status_code == 401
        assert "The password is wrong." in refused.text
    assert execute(owner_url, "SELECT use_count FROM guest_staff_qr_tokens") == [(0,)]
    entered = await client.post(staff_address, data={"password": PASSWORD}, headers=OWN)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/home")
    lasts = "SELECT round(extract(epoch FROM absolute_expires_at - created_at) / 3600) FROM sessions"
    assert execute(owner_url, f"{lasts} WHERE kind = 'web' ORDER BY created_at DESC LIMIT 1") == [(8,)]
    assert "staff@alpha.example" in (await client.get("/account", headers=OWN)).text


async def test_a_first_password_is_changed_here_too(
    staff_address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    execute(owner_url, "UPDATE users SET must_change_password = true")
    entered = await client.post(staff_address, data={"password": PASSWORD}, headers=OWN)
    assert entered.headers["Location"] == "/account/password"


async def test_the_entrance_says_what_anyone_may_know(client: httpx.AsyncClient, owner_url: str) -> None:
    execute(
        owner_url,
        "UPDATE hotels SET name = 'Seaview', phone = '+49 30 1', emergency_phone = '112' WHERE id = %s",
        HOTEL_A,
    )
    ((code,),) = execute(owner_url, "SELECT entry_code FROM hotels WHERE id = %s", HOTEL_A)
    page = await client.get(f"/h/{code}", headers=OWN)
    assert page.status_code == 200
    for text in ("<h1>Seaview</h1>", 'href="tel:+49301"', 'href="tel:112"', "the code of your room"):
        assert text in page.text
    assert not re.search(r"<form|Address<|E-mail<", page.text)
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("code", ["unknown12", "x", "%00", "A%20B", "ä" * 12])
async def test_an_unknown_entrance_is_not_there(code: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/h/{code}", headers=OWN)).status_code == 404


async def test_a_suspended_hotel_has_no_entrance(client: httpx.AsyncClient, owner_url: str) -> None:
    ((code,),) = execute(owner_url, "SELECT entry_code FROM hotels WHERE id = %s", HOTEL_A)
    execute(owner_url, "UPDATE hotels SET suspended_at = now()")
    assert (await client.get(f"/h/{code}", headers=OWN)).status_code == 404
