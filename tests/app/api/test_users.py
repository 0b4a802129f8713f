import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.domain.permissions import Department, Role, grants
from hotelctl.app.services.post import Post
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app import callers
from tests.app.callers import Headers
from tests.app.mail import SERVER, Noted, link_in
from tests.app.people import HOTEL_A, PASSWORD, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_NEW = {"email": "New@Alpha.example", "display_name": "New Face", "role": "staff"}
_CHOSEN = "a password of one's own"


@pytest.fixture
async def admin(hotels: str, service: Service) -> Headers:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", "admin")
        add_user(connection, HOTEL_A, "peer@alpha.example", "admin")
    return await callers.page(service, "admin@alpha.example")


async def _users(client: httpx.AsyncClient, admin: Headers) -> dict[str, dict[str, Any]]:
    answer = await client.get("/api/users?limit=100", headers=admin)
    assert answer.status_code == 200, answer.text
    return {one["email"]: one for one in answer.json()["items"]}


async def _set_password(client: httpx.AsyncClient, url: str, new: str = _CHOSEN) -> int:
    token = url.rpartition("/")[2]
    answer = await client.post("/api/auth/set-password", json={"token": token, "new": new})
    return answer.status_code


async def _log_in(client: httpx.AsyncClient, email: str, password: str) -> int:
    answer = await client.post("/api/auth/login", json={"email": email, "password": password})
    return answer.status_code


async def test_who_is_invited_sets_a_password_once_and_is_in(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    answer = await client.post("/api/users", json=_NEW, headers=admin)
    assert answer.status_code == 201, answer.text
    link = answer.json()
    assert link["url"].startswith("https://hotel.example/set-password/")
    assert link["delivery"] == "link"
    assert "Mail is not set up here" in link["detail"]
    assert (await _users(client, admin))["new@alpha.example"]["state"] == "invited"
    assert await _log_in(client, "new@alpha.example", _CHOSEN) == 401
    assert await _set_password(client, link["url"], "short") == 422
    assert sorted(await asyncio.gather(*(_set_password(client, link["url"]) for _ in range(3)))) == [
        204,
        401,
        401,
    ]
    assert await _log_in(client, "new@alpha.example", _CHOSEN) == 200
    assert (await _users(client, admin))["new@alpha.example"]["state"] == "active"
    assert (await client.post("/api/users", json=_NEW, headers=admin)).status_code == 409
    with psycopg.connect(owner_url) as connection:
        trail = connection.execute("SELECT action, actor_kind FROM audit_events ORDER BY id").fetchall()
        kept = connection.execute("SELECT * FROM verification_tokens").fetchall()
    assert trail == [("user.invite", "user"), ("user.set_by_link", "system")]
    assert link["url"].rpartition("/")[2] not in str(kept)


async def test_a_second_invitation_replaces_the_first_and_a_repeat_shows_no_link(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    key = {"Idempotency-Key": "once"}
    first = (await client.post("/api/users", json=_NEW, headers=admin | key)).json()
    repeat = (await client.post("/api/users", json=_NEW, headers=admin | key)).json()
    assert repeat == {**first, "url": None}
    changed = {**_NEW, "role": "supervisor"}
    second = (await client.post("/api/users", json=changed, headers=admin)).json()
    assert await _set_password(client, first["url"]) == 401
    assert await _set_password(client, second["url"]) == 204
    assert (await _users(client, admin))["new@alpha.example"]["role"] == "supervisor"


async def test_an_invitation_of_who_works_elsewhere_is_answered_as_any_other(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    there = {**_NEW, "email": "staff@beta.example"}
    answer = await client.post("/api/users", json=there, headers=admin)
    here = await client.post("/api/users", json=_NEW, headers=admin)
    assert answer.status_code == here.status_code == 201
    assert answer.json().keys() == here.json().keys()
    assert len(answer.json()["url"]) == len(here.json()["url"])
    assert await _set_password(client, answer.json()["url"]) == 401
    assert await _log_in(client, "staff@beta.example", PASSWORD) == 200
    assert "staff@beta.example" not in await _users(client, admin)


@pytest.fixture
def outgoing(service: Service, settings_of: Callable[..., Settings], app_url: str) -> Noted:
    """Mail is set up; what goes out is noted."""
    server = Noted(settings_of(app_url, **SERVER))
    service.post = Post(service.db, server, service.probe)
    return server


async def test_where_mail_is_set_up_the_link_reaches_nobody_but_the_invited(
    outgoing: Noted, client: httpx.AsyncClient, admin: Headers, service: Service
) -> None:
    answer = await client.post("/api/users", json=_NEW, headers=admin)
    assert answer.status_code == 201
    assert (answer.json()["delivery"], answer.json()["url"]) == ("mail", None)
    assert "by mail" in answer.json()["detail"]
    assert link_in(answer.text) is None
    assert await service.post.send_due() == 1
    (mail,) = outgoing.taken
    assert mail["To"] == "new@alpha.example"
    assert "72 hours" in mail.get_content()
    assert await _set_password(client, link_in(mail.get_content()) or "") == 204
    user_id = (await _users(client, admin))["new@alpha.example"]["id"]
    again = await client.post(f"/api/users/{user_id}/link", headers=admin)
    assert (again.status_code, again.json()["delivery"], again.json()["url"]) == (201, "mail", None)
    await service.post.send_due()
    reset = outgoing.taken[-1]
    assert (reset["Subject"], "one hour" in reset.get_content()) == ("A new password for alpha", True)
    assert await _set_password(client, link_in(reset.get_content()) or "") == 204


async def test_mails_speak_the_language_that_was_chosen_for_the_person(
    outgoing: Noted, client: httpx.AsyncClient, admin: Headers, service: Service
) -> None:
    assert (await client.post("/api/users", json=_NEW | {"locale": "de"}, headers=admin)).status_code == 201
    user = (await _users(client, admin))["new@alpha.example"]
    assert user["locale"] == "de"
    # Who is invited again is asked again.
    await client.post("/api/users", json=_NEW | {"locale": "es"}, headers=admin)
    path = f"/api/users/{user['id']}"
    changed = await client.patch(path, json={"locale": "fr"}, headers=admin)
    assert (changed.status_code, changed.json()["locale"]) == (200, "fr")
    assert (await client.patch(path, json={"locale": "xx"}, headers=admin)).status_code == 422
    await client.post(f"{path}/link", headers=admin)
    assert (await client.patch(path, json={"locale": None}, headers=admin)).json()["locale"] is None
    await client.post(f"{path}/link", headers=admin)
    await service.post.send_due()
    spans = [mail.get_content() for mail in outgoing.taken]
    words = ("72 Stunden", "72 horas", "72 heures", "72 hours")
    assert [word in text for word, text in zip(words, spans, strict=True)] == [True] * 4


async def test_who_works_elsewhere_learns_it_by_mail_and_the_answer_does_not_tell(
    outgoing: Noted, client: httpx.AsyncClient, admin: Headers, service: Service, owner_url: str
) -> None:
    there = await client.post("/api/users", json={**_NEW, "email": "staff@beta.example"}, headers=admin)
    here = await client.post("/api/users", json=_NEW, headers=admin)
    assert there.status_code == here.status_code == 201
    told = [answer.json() | {"expires_at": None} for answer in (there, here)]
    assert told[0] == told[1]
    with psycopg.connect(owner_url) as connection:
        trail = connection.execute("SELECT action, after FROM audit_events ORDER BY id").fetchall()
        waiting = connection.execute("SELECT kind, status FROM outbox").fetchall()
    assert trail[0] == trail[1]
    assert waiting == [("invitation", "pending")] * 2
    await service.post.send_due()
    mails = {mail["To"]: mail.get_content() for mail in outgoing.taken}
    assert "has an access already" in mails["staff@beta.example"]
    assert link_in(mails["staff@beta.example"]) is None
    assert link_in(mails["new@alpha.example"])
    assert await _log_in(client, "staff@beta.example", PASSWORD) == 200


async def test_an_invitation_that_is_refused_sends_nothing(
    outgoing: Noted, client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    for body, status in (
        ({**_NEW, "role": "owner"}, 403),
        ({**_NEW, "email": "staff@alpha.example"}, 409),
        ({**_NEW, "email": "no address"}, 422),
    ):
        assert (await client.post("/api/users", json=body, headers=admin)).status_code == status
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    assert outgoing.taken == []


@pytest.fixture
def shouting(owner_url: str) -> Iterator[None]:
    """The database takes "shout" for a capital letter; which ones it knows depends on its version."""
    drop = "ALTER TABLE users DROP CONSTRAINT users_email_lower"
    add = "ALTER TABLE users ADD CONSTRAINT users_email_lower "
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'users_email_lower'"
        ).fetchone()
        assert row
        connection.execute(drop)
        connection.execute(f"{add} CHECK (email NOT LIKE 'shout%')".encode())
    yield
    with psycopg.connect(owner_url) as connection:
        connection.execute(drop)
        connection.execute(f"{add} {row[0]}".encode())


@pytest.mark.usefixtures("shouting")
async def test_a_capital_letter_that_only_the_database_knows_is_a_wrong_address(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    answer = await client.post("/api/users", json={**_NEW, "email": "shout@alpha.example"}, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "email"])


async def test_only_who_stands_above_manages_and_gives_only_roles_below(
    client: httpx.AsyncClient, admin: Headers, service: Service
) -> None:
    known = await _users(client, admin)
    for role in ("admin", "owner"):
        answer = await client.post("/api/users", json={**_NEW, "role": role}, headers=admin)
        assert answer.status_code == 403, role
        url = f"/api/users/{known['staff@alpha.example']['id']}"
        assert (await client.patch(url, json={"role": role}, headers=admin)).status_code == 403, role
    for email in ("peer@alpha.example", "admin@alpha.example"):
        url = f"/api/users/{known[email]['id']}"
        assert (await client.patch(url, json={"role": "staff"}, headers=admin)).status_code == 403
        for action in ("suspend", "restore", "link"):
            assert (await client.post(f"{url}/{action}", headers=admin)).status_code == 403
    manager = await callers.page(service)
    assert (await client.get("/api/users", headers=manager)).status_code == 200
    assert (await client.post("/api/users", json=_NEW, headers=manager)).status_code == 403
    staff = await callers.page(service, "staff@alpha.example")
    assert (await client.get("/api/users", headers=staff)).status_code == 403
    assert (await client.post("/api/users", json={**_NEW, "role": "guest"}, headers=admin)).status_code == 422


async def test_who_loses_access_is_in_the_log_of_comings_and_goings_with_the_cause(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    person = (await _users(client, admin))["staff@alpha.example"]["id"]
    url = f"/api/users/{person}"
    await client.patch(url, json={"display_name": "Sam"}, headers=admin)
    await client.patch(url, json={"role": "supervisor"}, headers=admin)
    link = (await client.post(f"{url}/link", headers=admin)).json()["url"]
    assert await _set_password(client, link) == 204
    for _ in range(2):
        await client.post(f"{url}/suspend", headers=admin)
    with psycopg.connect(owner_url) as connection:
        log = connection.execute(
            "SELECT user_id::text, outcome FROM user_session_logs WHERE event = 'revoked' ORDER BY id"
        ).fetchall()
    assert log == [(person, cause) for cause in ("role_changed", "password_changed", "suspended")]


async def test_a_suspension_and_another_role_act_at_once(client: httpx.AsyncClient, admin: Headers) -> None:
    staff = await callers.bearer(client, "staff@alpha.example")
    manager = await callers.bearer(client)
    assert (await client.get("/api/protected", headers=staff)).json()["role"] == "staff"
    known = await _users(client, admin)
    url = f"/api/users/{known['staff@alpha.example']['id']}"
    changed = await client.patch(url, json={"role": "supervisor", "department": "reception"}, headers=admin)
    assert (changed.json()["role"], changed.json()["department"]) == ("supervisor", "reception")
    assert (await client.get("/api/protected", headers=staff)).status_code == 401
    staff = await callers.bearer(client, "staff@alpha.example")
    assert (await client.get("/api/protected", headers=staff)).json()["role"] == "supervisor"
    assert (await client.patch(url, json={"display_name": "Sam"}, headers=admin)).status_code == 200
    assert (await client.get("/api/protected", headers=staff)).status_code == 200
    url = f"/api/users/{known['manager@alpha.example']['id']}"
    for _ in range(2):
        assert (await client.post(f"{url}/suspend", headers=admin)).json()["state"] == "suspended"
    assert (await client.get("/api/protected", headers=manager)).status_code == 401
    assert await _log_in(client, "manager@alpha.example", PASSWORD) == 401
    assert (await client.post(f"{url}/link", headers=admin)).status_code == 409
    suspended = (await client.get("/api/users?suspended=true", headers=admin)).json()["items"]
    assert [one["email"] for one in suspended] == ["manager@alpha.example"]
    assert (await client.post(f"{url}/restore", headers=admin)).json()["state"] == "active"
    assert await _log_in(client, "manager@alpha.example", PASSWORD) == 200


async def test_a_new_password_ends_what_there_was(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    staff = await callers.bearer(client, "staff@alpha.example")
    known = await _users(client, admin)
    url = f"/api/users/{known['staff@alpha.example']['id']}/link"
    old = (await client.post(url, headers=admin)).json()["url"]
    late = (await client.post(url, headers=admin)).json()["url"]
    assert await _set_password(client, old) == 401
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE verification_tokens SET expires_at = now() WHERE used_at IS NULL")
    assert await _set_password(client, late) == 401
    fresh = (await client.post(url, headers=admin)).json()["url"]
    assert await _set_password(client, fresh) == 204
    assert (await client.get("/api/protected", headers=staff)).status_code == 401
    assert await _log_in(client, "staff@alpha.example", PASSWORD) == 401
    assert await _log_in(client, "staff@alpha.example", _CHOSEN) == 200


async def test_who_changes_the_own_password_voids_a_link_that_is_on_its_way(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    user_id = (await _users(client, admin))["staff@alpha.example"]["id"]
    link = (await client.post(f"/api/users/{user_id}/link", headers=admin)).json()["url"]
    headers = await callers.bearer(client, "staff@alpha.example")
    body = {"current": PASSWORD, "new": _CHOSEN}
    assert (await client.post("/api/auth/password", json=body, headers=headers)).status_code == 204
    assert await _set_password(client, link, "a password of somebody else") == 401


async def test_another_hotels_user_does_not_exist(client: httpx.AsyncClient, admin: Headers) -> None:
    with_id = (await callers.bearer(client, "manager@beta.example"), "/api/users")
    theirs = (await client.get(with_id[1], headers=with_id[0])).json()["items"][0]["id"]
    assert (await client.get(f"/api/users/{theirs}", headers=admin)).status_code == 404
    assert (await client.patch(f"/api/users/{theirs}", json={}, headers=admin)).status_code == 404
    for action in ("suspend", "restore", "link"):
        assert (await client.post(f"/api/users/{theirs}/{action}", headers=admin)).status_code == 404


async def test_the_roles_are_those_of_the_registry(client: httpx.AsyncClient, admin: Headers) -> None:
    found = (await client.get("/api/rbac/roles", headers=admin)).json()["items"]
    assert [(one["role"], one["rank"], one["assignable"]) for one in found] == [
        ("staff", 1, True),
        ("supervisor", 2, True),
        ("manager", 3, True),
        ("admin", 4, False),
        ("owner", 5, False),
    ]
    for one in found:
        for place in Department:
            told = {
                permission["name"]: permission["scope"]
                for permission in one["permissions"]
                if permission["departments"] is None or place in permission["departments"]
            }
            assert told == dict(grants(Role(one["role"]), place))


async def test_what_only_the_desk_may_do_is_told_as_such(client: httpx.AsyncClient, admin: Headers) -> None:
    found = (await client.get("/api/rbac/roles", headers=admin)).json()["items"]
    only_somewhere = [
        (one["role"], permission["name"], permission["departments"])
        for one in found
        for permission in one["permissions"]
        if permission["departments"] is not None
    ]
    assert only_somewhere == [("staff", name, ["reception"]) for name in ("qr.manage", "qr.read")]
