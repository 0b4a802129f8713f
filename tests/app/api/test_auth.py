import secrets
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.permissions import GRANTS, Role
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from tests.app.people import HOTEL_A, PASSWORD, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_EMAIL = "manager@alpha.example"
_PROBE = "probe-1@synthetic.invalid"


async def _log_in(client: httpx.AsyncClient, email: str = _EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


async def _tokens(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await _log_in(client)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _protected(client: httpx.AsyncClient, access_token: str) -> httpx.Response:
    return await client.get("/api/protected", headers={"Authorization": f"Bearer {access_token}"})


async def _refresh(client: httpx.AsyncClient, refresh_token: str) -> httpx.Response:
    return await client.post("/api/auth/refresh", json={"refresh_token": refresh_token})


@pytest.mark.quick
async def test_a_log_in_gives_tokens_and_who_one_is(client: httpx.AsyncClient) -> None:
    body = await _tokens(client)
    assert (body["token_type"], body["expires_in"], body["must_change_password"]) == ("Bearer", 600, False)
    assert (body["user"]["role"], body["user"]["hotel_id"]) == ("manager", str(HOTEL_A))
    answer = await _protected(client, body["access_token"])
    assert answer.status_code == 200
    subject = answer.json()
    assert subject.pop("expires_at").endswith("Z")
    assert subject == {
        "subject": body["user"]["id"],
        "kind": "user",
        "hotel_id": str(HOTEL_A),
        "role": "manager",
        "permissions": sorted(GRANTS[Role.MANAGER]),
    }


async def test_the_address_is_taken_in_any_case(client: httpx.AsyncClient) -> None:
    assert (await _log_in(client, "Manager@Alpha.example")).status_code == 200


@pytest.mark.quick
async def test_wrong_password_unknown_and_suspended_are_answered_alike(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET suspended_at = now() WHERE email = 'staff@alpha.example'")
        connection.execute("UPDATE hotels SET suspended_at = now() WHERE slug = 'beta'")
    bodies = []
    for email, password in (
        (_EMAIL, "wrong"),
        ("nobody@x.example", PASSWORD),
        ("staff@alpha.example", PASSWORD),
        ("manager@beta.example", PASSWORD),
    ):
        answer = await _log_in(client, email, password)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        bodies.append({**answer.json(), "request_id": ""})
    assert all(body == bodies[0] for body in bodies)


@pytest.mark.quick
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic dTpw"])
async def test_protected_needs_a_good_token(header: str, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/protected", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.quick
async def test_a_refresh_token_is_good_once(client: httpx.AsyncClient) -> None:
    first = await _tokens(client)
    second = await _refresh(client, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert (await _protected(client, second.json()["access_token"])).status_code == 200
    assert (await _refresh(client, first["refresh_token"])).status_code == 401
    assert (await _refresh(client, "never-given")).status_code == 401


async def test_two_tabs_at_once_do_not_end_the_log_in(client: httpx.AsyncClient) -> None:
    first = await _tokens(client)
    second = (await _refresh(client, first["refresh_token"])).json()
    assert (await _refresh(client, first["refresh_token"])).status_code == 401
    assert (await _refresh(client, second["refresh_token"])).status_code == 200


async def test_a_token_used_again_later_ends_its_whole_family(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    first = await _tokens(client)
    second = (await _refresh(client, first["refresh_token"])).json()
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "UPDATE sessions SET revoked_at = now() - interval '11 seconds' WHERE revoke_reason = 'rotated'"
        )
    assert (await _refresh(client, first["refresh_token"])).status_code == 401
    assert (await _refresh(client, second["refresh_token"])).status_code == 401
    assert (await _protected(client, second["access_token"])).status_code == 401
    with psycopg.connect(owner_url) as connection:
        reasons = connection.execute("SELECT revoke_reason FROM sessions ORDER BY created_at").fetchall()
    assert reasons == [("rotated",), ("reuse",)]


async def test_an_expired_session_cannot_be_refreshed(client: httpx.AsyncClient, owner_url: str) -> None:
    tokens = await _tokens(client)
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() - interval '1 second'")
    assert (await _refresh(client, tokens["refresh_token"])).status_code == 401


async def test_a_refresh_never_lives_past_the_absolute_end(client: httpx.AsyncClient, owner_url: str) -> None:
    tokens = await _tokens(client)
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE sessions SET absolute_expires_at = now() + interval '1 minute'")
    assert (await _refresh(client, tokens["refresh_token"])).status_code == 200
    with psycopg.connect(owner_url) as connection:
        late = connection.execute(
            "SELECT count(*) FROM sessions"
            " WHERE revoked_at IS NULL AND expires_at > now() + interval '1 minute'"
        )
        assert late.fetchone() == (0,)


async def test_a_log_out_ends_the_log_in_at_once_and_may_be_repeated(client: httpx.AsyncClient) -> None:
    tokens = await _tokens(client)
    for _ in range(2):
        out = await client.post("/api/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        assert (out.status_code, out.content) == (204, b"")
    assert (await _protected(client, tokens["access_token"])).status_code == 401
    assert (await _refresh(client, tokens["refresh_token"])).status_code == 401
    out = await client.post("/api/auth/logout", json={"refresh_token": "never-given"})
    assert out.status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET suspended_at = now()",
        "UPDATE users SET auth_version = auth_version + 1",
        "UPDATE hotels SET deleted_at = now()",
    ],
)
async def test_a_suspension_works_at_once(change: str, client: httpx.AsyncClient, owner_url: str) -> None:
    tokens = await _tokens(client)
    with psycopg.connect(owner_url) as connection:
        connection.execute(change.encode())
    assert (await _protected(client, tokens["access_token"])).status_code == 401
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE hotels SET deleted_at = NULL")


async def test_a_new_password_ends_every_log_in(client: httpx.AsyncClient, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET must_change_password = true")
    tokens = await _tokens(client)
    assert tokens["must_change_password"] is True
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    for current, new, status in (
        ("wrong", "n" * 12, 401),
        (PASSWORD, "short", 422),
        (PASSWORD, "n" * 12, 204),
    ):
        answer = await client.post(
            "/api/auth/password", json={"current": current, "new": new}, headers=bearer
        )
        assert answer.status_code == status
    assert (await _protected(client, tokens["access_token"])).status_code == 401
    assert (await _refresh(client, tokens["refresh_token"])).status_code == 401
    assert (await _log_in(client)).status_code == 401
    again = await _log_in(client, password="n" * 12)
    assert again.json()["must_change_password"] is False


_CHOOSE = "Choose a password of your own first, with POST /api/auth/password."


async def test_who_has_to_choose_a_password_does_nothing_else_before(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET must_change_password = true")
    tokens = await _tokens(client)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    code = {"purpose": "guest_access", "room_label": "204"}
    for answer in (
        await client.post("/api/qr/generate", json=code, headers=bearer),
        await client.get("/api/conversations", headers=bearer),
        await _protected(client, tokens["access_token"]),
    ):
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["detail"]) == ("forbidden", _CHOOSE)
    assert (await client.get("/api/session/me", headers=bearer)).status_code != 403
    bodies = {"current": PASSWORD, "new": "n" * 12}
    assert (await client.post("/api/auth/password", json=bodies, headers=bearer)).status_code == 204
    again = (await _log_in(client, password="n" * 12)).json()
    bearer = {"Authorization": f"Bearer {again['access_token']}"}
    assert (await client.post("/api/qr/generate", json=code, headers=bearer)).status_code == 201
    plain = await client.get("/api/settings", headers=bearer)
    assert (plain.status_code, plain.json()["detail"]) == (403, "This is not for you to do.")


async def test_who_has_to_choose_a_password_may_log_out(client: httpx.AsyncClient, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET must_change_password = true")
    tokens = await _tokens(client)
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await client.post("/api/auth/logout", json=body)).status_code == 204
    assert (await _refresh(client, tokens["refresh_token"])).status_code == 401


@pytest.mark.quick
async def test_the_sixth_failure_of_a_minute_is_told_to_wait(client: httpx.AsyncClient) -> None:
    for number in range(5):
        assert (await _log_in(client, f"nobody{number}@x.example")).status_code == 401
    answer = await _log_in(client)
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


async def test_successes_do_not_count(client: httpx.AsyncClient) -> None:
    for _ in range(8):
        assert (await _log_in(client)).status_code == 200
    for _ in range(5):
        assert (await _log_in(client, password="wrong")).status_code == 401
    assert (await _log_in(client)).status_code == 429


async def test_wrong_passwords_of_a_probe_count_for_its_e_mail_only(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        add_user(connection, SYNTHETIC_HOTEL_ID, _PROBE, "manager")
    for _ in range(10):
        assert (await _log_in(client, _PROBE, "wrong")).status_code == 401
    assert (await _log_in(client, _PROBE)).status_code == 423
    assert (await _log_in(client)).status_code == 200


async def test_who_guesses_from_the_machine_of_the_probes_does_not_stop_them(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        add_user(connection, SYNTHETIC_HOTEL_ID, _PROBE, "manager")
    while (await _log_in(client, f"{secrets.token_hex(4)}@x.example", "wrong")).status_code != 429:
        pass
    assert (await _log_in(client, _PROBE)).status_code == 200
    assert (await _log_in(client)).status_code == 429


async def test_log_outs_of_one_address_are_limited(client: httpx.AsyncClient) -> None:
    body = {"refresh_token": "never-given"}
    found = [(await client.post("/api/auth/logout", json=body)).status_code for _ in range(21)]
    assert found == [204] * 20 + [429]


@pytest.mark.parametrize("email", [_EMAIL, "nobody@x.example"])
async def test_ten_failures_lock_an_address_known_or_not(
    email: str, client: httpx.AsyncClient, owner_url: str
) -> None:
    for number in range(10):
        assert (await _log_in(client, email, "wrong")).status_code == 401, number
        with psycopg.connect(owner_url) as connection:
            connection.execute("DELETE FROM rate_limits WHERE bucket = 'login_ip'")
    answer = await _log_in(client, email)
    assert (answer.status_code, answer.json()["code"]) == (423, "locked")
    assert 60 < int(answer.headers["Retry-After"]) <= 900


async def test_a_password_of_another_cost_is_hashed_anew(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    service.passwords = Passwords(16)
    await _tokens(client)
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("SELECT password_hash FROM users WHERE email = %s", (_EMAIL,)).fetchone()
    assert row
    assert "m=16," in row[0]
    assert (await _log_in(client)).status_code == 200


async def test_comings_and_goings_are_noted(client: httpx.AsyncClient, owner_url: str) -> None:
    first = await _tokens(client)
    second = (await _refresh(client, first["refresh_token"])).json()
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "UPDATE sessions SET revoked_at = now() - interval '11 seconds' WHERE revoke_reason = 'rotated'"
        )
    await _refresh(client, first["refresh_token"])
    await client.post("/api/auth/logout", json={"refresh_token": second["refresh_token"]})
    await _log_in(client, password="wrong")
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT event, user_id::text, host(ip), request_id <> '' FROM user_session_logs ORDER BY id"
        ).fetchall()
    user_id = first["user"]["id"]
    assert [row[0] for row in rows] == ["login_ok", "refresh", "reuse_detected", "logout", "login_fail"]
    assert {row[1:] for row in rows} == {(user_id, "203.0.113.9", True)}


async def test_the_refresh_token_is_not_in_the_database(client: httpx.AsyncClient, owner_url: str) -> None:
    tokens = await _tokens(client)
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute("SELECT s::text, host(ip) FROM sessions s").fetchall()
    assert len(rows) == 1
    assert tokens["refresh_token"] not in rows[0][0]
    assert tokens["refresh_token"].encode().hex() not in rows[0][0]
    assert rows[0][1] == "203.0.113.9"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"email":"x","password":"y"}',
        b'{"email":"a@b.example"}',
        b'{"email":"a\\u0000@b.example","password":"y"}',
        b'{"email":"a@b.example","password":"\\ud800"}',
        b'{"email":"a@b.example","password":""}',
        b'{"email":["a@b.example"],"password":"y"}',
        b"\xff\xfe",
        b'{"email":"a@b.example","password":"' + b"y" * 1025 + b'"}',
    ],
)
async def test_odd_bodies_are_refused_and_not_repeated(body: bytes, client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "yyyy" not in answer.text


async def test_a_password_may_hold_any_character(client: httpx.AsyncClient) -> None:
    assert (await _log_in(client, password="\x00ü\U0001f600")).status_code == 401


async def test_one_attempt_too_many_is_told_the_limit(client: httpx.AsyncClient) -> None:
    for _ in range(5):
        await _log_in(client, "nobody@x.example", "x")
    answers = [
        await _log_in(client, "nobody@x.example", "x"),
        await client.post(
            "/login",
            data={"email": "nobody@x.example", "password": "x"},
            headers={"Sec-Fetch-Site": "same-origin"},
        ),
    ]
    for answer in answers:
        assert answer.status_code == 429
        assert answer.headers["RateLimit-Limit"] == "5"
        assert answer.headers["RateLimit-Remaining"] == "0"
        assert answer.headers["RateLimit-Reset"] == answer.headers["Retry-After"]


@pytest.mark.parametrize(("who", "hours"), [("manager", 720), ("staff", 12)])
async def test_a_log_in_lasts_a_month_and_staff_s_a_shift(
    who: str, hours: int, client: httpx.AsyncClient, owner_url: str
) -> None:
    answer = await _log_in(client, f"{who}@alpha.example")
    await _refresh(client, answer.json()["refresh_token"])
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT round(extract(epoch FROM absolute_expires_at - min(created_at) OVER ()) / 3600)"
            " FROM sessions"
        ).fetchall()
    assert rows == [(hours,), (hours,)]
