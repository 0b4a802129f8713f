import asyncio
import re

import httpx
import psycopg
import pytest

from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.services import one_time_links
from hotelctl.app.services.one_time_links import INVITE, PASSWORD_RESET
from hotelctl.app.services.service import Service
from tests.app.forms import OWN, enter
from tests.app.people import HOTEL_A, PASSWORD, add_user
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_EMAIL = "new@alpha.example"
_CHOSEN = "a password of one's own"
_TWICE = {"new": _CHOSEN, "again": _CHOSEN}
_USED = "SELECT used_at IS NOT NULL FROM verification_tokens"


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


@pytest.fixture(params=[INVITE, PASSWORD_RESET])
async def address(request: pytest.FixtureRequest, hotels: str, service: Service) -> str:
    """Path of a link that is good, of an invitation and of a reset."""
    with psycopg.connect(hotels) as connection:
        user_id = add_user(connection, HOTEL_A, _EMAIL, Role.STAFF)
        if request.param == INVITE:
            connection.execute("UPDATE users SET password_hash = NULL WHERE id = %s", (user_id,))
    async with service.db.transaction(HOTEL_A) as session:
        link = await one_time_links.make(
            session, "", hotel_id=HOTEL_A, user_id=user_id, purpose=request.param
        )
    return link.url


async def _looked_at(client: httpx.AsyncClient, address: str) -> str:
    answer = await client.get(address, headers=OWN)
    assert answer.status_code == 200
    return answer.text


async def test_looking_takes_nothing_and_the_form_sets_the_password_once(
    address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    for _ in range(3):
        html = await _looked_at(client, address)
        assert f'<form class="card" method="post" action="{address}">' in html
        assert f'readonly value="{_EMAIL}"' in html
    assert one(owner_url, _USED) == (False,)
    answer = await client.post(address, data=_TWICE, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?said=password_set")
    told = (await client.get(answer.headers["Location"], headers=OWN)).text
    assert "Your password is set. Log in with it." in told
    assert one(owner_url, _USED) == (True,)
    again = await client.post(address, data=_TWICE, headers=OWN)
    assert again.status_code == 401
    assert (await enter(client, _EMAIL, PASSWORD)).status_code == 401
    assert (await enter(client, _EMAIL, _CHOSEN)).headers["Location"] == "/home"
    trail = one(owner_url, "SELECT action, actor_kind FROM audit_events")
    assert trail == ("user.set_by_link", "system")


async def test_of_many_at_once_one_wins(address: str, client: httpx.AsyncClient) -> None:
    chosen = [f"{_CHOSEN} {number}" for number in range(4)]
    answers = await asyncio.gather(
        *(client.post(address, data={"new": text, "again": text}, headers=OWN) for text in chosen),
        *(client.get(address, headers=OWN) for _ in range(2)),
    )
    codes = [answer.status_code for answer in answers[:4]]
    assert sorted(codes) == [303, 401, 401, 401]
    assert (await enter(client, _EMAIL, chosen[codes.index(303)])).status_code == 303


def _without_nonce(html: str) -> str:
    return re.sub(r'nonce="[^"]+"', "", html)


@pytest.mark.parametrize("state", ["used", "expired", "suspended", "hotel", "deleted"])
async def test_a_link_that_is_not_good_looks_like_one_that_never_was(
    state: str, address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    change = {
        "used": "UPDATE verification_tokens SET used_at = now()",
        "expired": "UPDATE verification_tokens SET expires_at = now()",
        "suspended": "UPDATE users SET suspended_at = now() WHERE email LIKE 'new@%'",
        "hotel": "UPDATE hotels SET suspended_at = now()",
        "deleted": "UPDATE users SET deleted_at = now() WHERE email LIKE 'new@%'",
    }[state]
    with psycopg.connect(owner_url) as connection:
        connection.execute(change.encode())
    never = _without_nonce(await _looked_at(client, "/set-password/" + "x" * 43))
    assert "This link is not valid" in never
    assert _EMAIL not in never
    for path in (address, "/set-password/" + "x" * 300):
        assert _without_nonce(await _looked_at(client, path)) == never
        # Also where the form would say that something is wrong with the password.
        for fields in (_TWICE, {"new": "short"}):
            answer = await client.post(path, data=fields, headers=OWN)
            assert (answer.status_code, _without_nonce(answer.text)) == (401, never)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"new": "short", "again": "short"}, "Use at least 12 characters."),
        ({"new": "x" * 1025, "again": "x" * 1025}, "Use at most 1024 characters."),
        ({"new": _CHOSEN, "again": "another one than that"}, "The two are not the same."),
        ({}, "Use at least 12 characters."),
    ],
)
async def test_a_password_that_will_not_do_costs_nothing(
    fields: dict[str, str], said: str, address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    answer = await client.post(address, data=fields, headers=OWN)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert one(owner_url, _USED) == (False,)
    assert (await client.post(address, data=_TWICE, headers=OWN)).status_code == 303


@pytest.mark.parametrize(
    ("own", "asked", "spoken"),
    [(None, None, "de"), ("fr", None, "fr"), ("fr", "it", "it"), (None, "sv", "de")],
)
async def test_the_page_speaks_as_the_browser_asks_else_the_person_s_language_else_the_hotel_s(
    own: str | None, asked: str | None, spoken: str, address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE hotels SET locale = 'de-AT'")
        connection.execute("UPDATE users SET locale = %s WHERE email = %s", (own, _EMAIL))
    headers = OWN | ({"Accept-Language": asked} if asked else {})
    t = texts_in(spoken)
    for answer in (
        await client.get(address, headers=headers),
        await client.post(address, data={"new": "short", "again": "short"}, headers=headers),
    ):
        assert f'<html lang="{spoken}">' in answer.text
        assert t("link.choose_yours") in answer.text
    assert t("password.too_short", least=12) in answer.text


async def test_another_site_sets_nothing_and_an_older_browser_does(
    address: str, client: httpx.AsyncClient
) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert (await client.post(address, data=_TWICE, headers=headers)).status_code == 403
    # The page sends no referrer, and browsers that know no Sec-Fetch-Site then name no origin.
    assert (await client.post(address, data=_TWICE, headers={"Origin": "null"})).status_code == 303


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_tries_of_links_that_never_were_are_counted_and_then_a_good_one_is_not_told_apart(
    method: str, address: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    for number in range(10):
        tried = f"/set-password/{number:043}"
        answer = await client.request(method, tried, data=_TWICE, headers=OWN)
        assert answer.status_code == {"GET": 200, "POST": 401}[method]
    for late in ("GET", "POST"):
        answer = await client.request(late, address, data=_TWICE, headers=OWN)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert answer.headers["Content-Type"].startswith("text/html")
        assert _EMAIL not in answer.text
    assert one(owner_url, _USED) == (False,)


async def test_the_link_is_told_to_nobody(
    address: str, client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await client.get(address, headers=OWN)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    answer = await client.post(address, data=_TWICE, headers=OWN)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    lines = capsys.readouterr().out
    assert lines.count('"route": "/set-password/{token}"') == 2
    assert address.rpartition("/")[2] not in lines
    assert _CHOSEN not in lines
