import re

import httpx
import psycopg
import pytest

from tests.app.forms import OWN, enter, submit, token_of
from tests.app.people import PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_EMAIL = "manager@alpha.example"
_COOKIE = "__Host-hotel"


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


def _execute(url: str, statement: bytes) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


async def test_a_log_in_gives_a_cookie_that_only_this_host_and_no_script_sees(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    answer = await enter(client, " Manager@Alpha.example ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    cookie = answer.headers["Set-Cookie"]
    assert re.match(_COOKIE + r"=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure$", cookie)
    token = client.cookies[_COOKIE]
    (row,) = _execute(
        owner_url, b"SELECT s::text, kind, user_agent FROM (SELECT *, ua AS user_agent FROM sessions) s"
    )
    assert token not in str(row[0])
    assert row[1:] == ("web", client.headers["User-Agent"])
    assert _execute(owner_url, b"SELECT event, method, role FROM user_session_logs") == [
        ("login_ok", "password", "manager")
    ]


async def test_home_is_the_first_page_that_one_may_open(client: httpx.AsyncClient) -> None:
    await enter(client, _EMAIL)
    assert (await client.get("/home", headers=OWN)).headers["Location"] == "/admin"


async def test_the_account_page_says_who_one_is_and_is_not_kept(client: httpx.AsyncClient) -> None:
    await enter(client, _EMAIL)
    page = await client.get("/account", headers=OWN)
    assert page.status_code == 200
    assert _EMAIL in page.text
    assert '<main id="main" data-page="account"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (_EMAIL, "Not-This-One"),
        ("nobody@x.example", PASSWORD),
        ("no address", PASSWORD),
        (_EMAIL, ""),
        ("", ""),
        ("\x00@b", PASSWORD),
    ],
)
async def test_every_refusal_looks_the_same(email: str, password: str, client: httpx.AsyncClient) -> None:
    answer = await enter(client, email, password)
    assert answer.status_code == 401
    assert "E-mail or password is wrong." in answer.text
    assert "Set-Cookie" not in answer.headers
    assert not password or password not in answer.text


async def test_what_was_typed_as_e_mail_stays_and_is_text(client: httpx.AsyncClient) -> None:
    answer = await enter(client, '"><script>@x.example', "wrong")
    assert "<script>" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;@x.example"' in answer.text


async def test_a_refused_known_user_stands_in_the_hotel_s_log(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, _EMAIL, "wrong")
    await enter(client, "nobody@x.example", "wrong")
    rows = _execute(owner_url, b"SELECT event, host(ip), user_id IS NOT NULL FROM user_session_logs")
    assert rows == [("login_fail", "203.0.113.9", True)]


async def test_too_many_attempts_are_told_when_to_come_back(client: httpx.AsyncClient) -> None:
    for number in range(5):
        assert (await enter(client, f"nobody{number}@x.example")).status_code == 401
    answer = await enter(client, _EMAIL)
    assert answer.status_code == 429
    assert "Too many attempts. Try again in 1 minute." in answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/account/password", "/account/password"),
        ("/staff/tickets?show=late&said=", "/staff/tickets?show=late&said="),
        ("https://evil.example", "/home"),
        ("/staff?x=\n", "/home"),
        ("/staff?x=%0d%0a\r\nX: y", "/home"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("/\n/evil.example", "/home"),
        ("", "/home"),
    ],
)
async def test_after_a_log_in_one_goes_on_to_own_pages_only(
    wanted: str, location: str, client: httpx.AsyncClient
) -> None:
    body = {"email": _EMAIL, "password": PASSWORD, "next": wanted}
    answer = await client.post("/login", data=body, headers=OWN)
    assert answer.headers["Location"] == location
    again = await client.get("/login", params={"next": wanted}, headers=OWN)
    assert (again.status_code, again.headers["Location"]) == (303, location)


async def test_a_page_sends_who_is_not_inside_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/account", headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Faccount")
    queried = await client.get("/staff/tickets?show=late", headers=OWN)
    assert queried.headers["Location"] == "/login?next=%2Fstaff%2Ftickets%3Fshow%3Dlate"
    client.cookies.set(_COOKIE, "made-up")
    ended = await client.get("/account", headers=OWN)
    assert (ended.status_code, ended.headers["Location"]) == (303, "/login?next=%2Faccount&said=ended")
    shown = (await client.get(ended.headers["Location"], headers=OWN)).text
    assert '<div class="notice warn" role="status"><p>Your session has ended.' in shown


async def test_a_log_out_ends_the_session_and_takes_the_cookie(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, _EMAIL)
    token = client.cookies[_COOKIE]
    answer = await submit(client, "/account", "/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert _COOKIE not in client.cookies
    client.cookies.set(_COOKIE, token)
    assert (await client.get("/account", headers=OWN)).status_code == 303
    events = _execute(owner_url, b"SELECT event FROM user_session_logs ORDER BY created_at")
    assert events == [("login_ok",), ("logout",)]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_log_anybody_in_or_out(site: str, client: httpx.AsyncClient) -> None:
    body = {"email": _EMAIL, "password": PASSWORD}
    assert (await client.post("/login", data=body, headers={"Sec-Fetch-Site": site})).status_code == 403
    await enter(client, _EMAIL)
    csrf = token_of((await client.get("/account", headers=OWN)).text)
    refused = await client.post("/logout", data={"csrf": csrf}, headers={"Sec-Fetch-Site": site})
    assert refused.status_code == 403
    assert (await client.get("/account", headers=OWN)).status_code == 200


@pytest.mark.parametrize("body", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "\xe4"}])
async def test_a_form_without_the_session_s_token_does_nothing(
    body: dict[str, str], client: httpx.AsyncClient
) -> None:
    await enter(client, _EMAIL)
    answer = await client.post("/logout", data=body, headers=OWN)
    assert answer.status_code == 403
    assert "<h1>Forbidden</h1>" in answer.text
    assert (await client.get("/account", headers=OWN)).status_code == 200


async def test_the_token_of_another_session_is_none(client: httpx.AsyncClient) -> None:
    await enter(client, _EMAIL)
    other = token_of((await client.get("/account", headers=OWN)).text)
    client.cookies.clear()
    await enter(client, _EMAIL)
    assert (await client.post("/logout", data={"csrf": other}, headers=OWN)).status_code == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://hotel.example", 303), ("https://evil.example", 403), ("null", 403), ("", 403)],
)
async def test_old_browsers_are_known_by_their_origin(
    origin: str, status: int, client: httpx.AsyncClient
) -> None:
    answer = await client.post(
        "/login", data={"email": _EMAIL, "password": PASSWORD}, headers={"Origin": origin}
    )
    assert answer.status_code == status


async def test_a_first_password_is_changed_before_anything_else(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    _execute(owner_url, b"UPDATE users SET must_change_password = true")
    assert (await enter(client, _EMAIL)).headers["Location"] == "/account/password"
    assert (await client.get("/account", headers=OWN)).headers["Location"] == "/account/password"
    new = "n" * 12
    for fields, text in (
        ({"current": "wrong", "new": new, "again": new}, "This is not your password."),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "Use at least 12 characters."),
        ({"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "Use another one than before."),
        ({"current": PASSWORD, "new": new, "again": "other"}, "The two are not the same."),
        ({"current": PASSWORD, "new": "x" * 1025, "again": "x" * 1025}, "Use at most 1024 characters."),
    ):
        answer = await submit(client, "/account/password", "/account/password", fields)
        assert answer.status_code in {401, 422}
        assert text in answer.text
    before = client.cookies[_COOKIE]
    fields = {"current": PASSWORD, "new": new, "again": new}
    answer = await submit(client, "/account/password", "/account/password", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert client.cookies[_COOKIE] != before
    assert (await client.get("/account", headers=OWN)).status_code == 200
    client.cookies.clear()
    client.cookies.set(_COOKIE, before)
    assert (await client.get("/account", headers=OWN)).status_code == 303
    client.cookies.clear()
    assert (await enter(client, _EMAIL)).status_code == 401
    assert (await enter(client, _EMAIL, new)).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        b"UPDATE users SET suspended_at = now()",
        b"UPDATE users SET deleted_at = now()",
        b"UPDATE hotels SET deleted_at = now()",
        b"UPDATE sessions SET revoked_at = now(), revoke_reason = 'suspended'",
        b"UPDATE sessions SET expires_at = now()",
    ],
)
async def test_what_ends_a_session_works_at_once(
    change: bytes, client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, _EMAIL)
    _execute(owner_url, change)
    assert (await client.get("/account", headers=OWN)).status_code == 303


async def test_being_here_prolongs_a_session_up_to_the_end_of_the_shift(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, _EMAIL)
    left = b"SELECT (extract(epoch FROM expires_at - now()) / 3600)::float FROM sessions"
    _execute(owner_url, b"UPDATE sessions SET expires_at = now() + interval '1 hour', last_seen_at = now()")
    await client.get("/account", headers=OWN)
    assert _execute(owner_url, left)[0][0] == pytest.approx(1, abs=0.01)
    _execute(owner_url, b"UPDATE sessions SET last_seen_at = now() - interval '6 minutes'")
    await client.get("/account", headers=OWN)
    assert _execute(owner_url, left)[0][0] == pytest.approx(8, abs=0.01)
    _execute(
        owner_url,
        b"UPDATE sessions SET absolute_expires_at = now() + interval '2 hours', last_seen_at = NULL",
    )
    await client.get("/account", headers=OWN)
    assert _execute(owner_url, left)[0][0] == pytest.approx(2, abs=0.01)


async def test_a_refresh_token_opens_no_page(client: httpx.AsyncClient) -> None:
    tokens = (await client.post("/api/auth/login", json={"email": _EMAIL, "password": PASSWORD})).json()
    client.cookies.set(_COOKIE, tokens["refresh_token"])
    assert (await client.get("/account", headers=OWN)).status_code == 303


async def test_a_cookie_is_no_refresh_token(client: httpx.AsyncClient) -> None:
    await enter(client, _EMAIL)
    answer = await client.post("/api/auth/refresh", json={"refresh_token": client.cookies[_COOKIE]})
    assert answer.status_code == 401
    assert (await client.get("/account", headers=OWN)).status_code == 200


@pytest.mark.parametrize(
    ("form", "referer", "location"),
    [
        ("/logout", None, "/login?said=ended"),
        ("/logout", "https://hotel.example/staff?said=x", "/login?next=%2Fstaff%3Fsaid%3Dx&said=ended"),
        ("/account/password", "https://evil.example/admin", "/login?said=ended"),
        ("/account/password", "https://[", "/login?said=ended"),
    ],
)
async def test_a_form_whose_session_has_ended_leads_to_the_log_in_and_back(
    form: str, referer: str | None, location: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    await enter(client, _EMAIL)
    token = token_of((await client.get("/account", headers=OWN)).text)
    _execute(owner_url, b"UPDATE sessions SET revoked_at = now()")
    headers = OWN | ({"Referer": referer} if referer else {})
    answer = await client.post(form, data={"csrf": token}, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, location)
