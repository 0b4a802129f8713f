"""A hotel that the operator suspends, opens again or deletes, and what its people are told meanwhile."""

import httpx
import psycopg
import pytest

from hotelctl.app import chores
from hotelctl.app.api.csrf import form_token
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.chore_runs import Run, running
from tests.app.codes import execute, make, token_of
from tests.app.people import HOTEL_A, HOTEL_B, PASSWORD, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_EVENTS = (
    "SELECT action, actor_kind, hotel_id FROM audit_events WHERE action LIKE 'hotel.%%' ORDER BY created_at"
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hotels: str) -> Run:
    """Does a chore in the database of the two hotels."""
    monkeypatch.setenv("DATABASE_URL", hotels)
    monkeypatch.setenv("HOTEL_ENV", "test")

    return running(capsys)


async def test_a_suspended_hotels_people_are_told_so_and_nobody_comes_in(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    callers_of_it = [
        await callers.bearer(client),
        await callers.page(service),
        await callers.guest(service),
    ]
    code = token_of(await make(client, await callers.page(service)))
    run("suspend-hotel", "--slug", "alpha")
    for headers in callers_of_it:
        answer = await client.get("/api/session/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "hotel_suspended")
        assert answer.json()["detail"].startswith("This hotel is suspended")
    log_in = {"email": "manager@alpha.example", "password": PASSWORD}
    assert (await client.post("/api/auth/login", json=log_in)).status_code == 401
    assert (await client.post("/api/qr/validate", json={"token": code})).status_code == 401
    other = await callers.bearer(client, "manager@beta.example")
    assert (await client.get("/api/session/me", headers=other)).status_code == 200
    assert execute(hotels, _EVENTS) == [("hotel.suspend", "system", HOTEL_A)]


async def test_pages_of_a_suspended_hotel_say_it_and_the_log_in_is_open_to_others(
    run: Run, client: httpx.AsyncClient, service: Service
) -> None:
    staff, guest = await callers.page(service), await callers.guest(service)
    cookie = staff["Cookie"].partition("=")[0]
    guest = {"Cookie": f"{cookie}={guest['Authorization'].split()[1]}"}
    run("suspend-hotel", "--slug", "alpha")
    for headers, path in ((staff, "/staff"), (staff, "/admin"), (guest, "/guest/chat")):
        answer = await client.get(path, headers={**headers, "Accept": "text/html"})
        assert answer.status_code == 403, path
        assert "This hotel is suspended for the time being." in answer.text
    form = {"csrf": "x", "title": "A ticket"}
    refused = await client.post("/staff/tickets/new", data=form, headers={**staff, "Accept": "text/html"})
    assert (refused.status_code, "This hotel is suspended" in refused.text) == (403, True)
    assert (await client.get("/login", headers=staff)).status_code == 200


async def test_probes_and_retention_go_on_while_a_hotel_is_suspended(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    execute(
        hotels,
        "INSERT INTO user_session_logs (id, hotel_id, event, created_at)"
        " VALUES (gen_random_uuid(), %s, 'login_ok', now() - interval '91 days')",
        HOTEL_A,
    )
    run("suspend-hotel", "--slug", "alpha")
    assert (await client.get("/readyz")).status_code == 200
    assert (await runner.run(service.db, BY_NAME["retention"]))["hotels"] == 2
    assert execute(hotels, "SELECT count(*) FROM user_session_logs") == [(0,)]


async def test_a_hotel_that_is_opened_again_goes_on_where_it_was(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service)
    first = run("suspend-hotel", "--slug", "alpha")
    assert run("suspend-hotel", "--slug", "alpha") == first
    assert first["suspended_at"]
    for _ in range(2):
        assert run("resume-hotel", "--slug", "alpha") == {"hotel": "alpha", "suspended_at": None}
    assert (await client.get("/api/session/me", headers=staff)).status_code == 200
    assert [event[0] for event in execute(hotels, _EVENTS)] == ["hotel.suspend", "hotel.resume"]


async def test_a_refresh_token_outlives_the_time_in_which_the_hotel_was_closed(
    run: Run, client: httpx.AsyncClient
) -> None:
    log_in = {"email": "manager@alpha.example", "password": PASSWORD}
    tokens = (await client.post("/api/auth/login", json=log_in)).json()
    again = {"refresh_token": tokens["refresh_token"]}
    run("suspend-hotel", "--slug", "alpha")
    for _ in range(2):
        refused = await client.post("/api/auth/refresh", json=again)
        assert (refused.status_code, refused.json()["code"]) == (403, "hotel_suspended")
    run("resume-hotel", "--slug", "alpha")
    held = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.get("/api/session/me", headers=held)).status_code == 200
    assert (await client.post("/api/auth/refresh", json=again)).status_code == 200


@pytest.mark.parametrize(("who", "path"), [("staff", "/logout"), ("guest", "/guest/leave")])
async def test_whoever_wants_to_be_out_of_a_closed_hotel_gets_out(
    who: str, path: str, run: Run, client: httpx.AsyncClient, service: Service
) -> None:
    name, _, token = (await callers.page(service))["Cookie"].partition("=")
    if who == "guest":
        token = (await callers.guest(service))["Authorization"].split()[1]
    headers = {"Cookie": f"{name}={token}", "Sec-Fetch-Site": "same-origin"}
    run("suspend-hotel", "--slug", "alpha")
    forged = await client.post(path, data={"csrf": "x"}, headers=headers)
    assert (forged.status_code, "set-cookie" in forged.headers) == (403, False)
    left = await client.post(path, data={"csrf": form_token(token)}, headers=headers)
    assert left.status_code == 303
    assert f'{name}=""' in left.headers["set-cookie"]


async def test_a_deleted_hotel_is_gone_and_leaves_its_names_to_others(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service)
    answer = run("delete-hotel", "--slug", "alpha", "--confirm", "delete alpha")
    assert answer["rows_kept_until"] > answer["deleted_at"]
    assert (await client.get("/api/session/me", headers=staff)).status_code == 401
    assert execute(hotels, _EVENTS) == [("hotel.delete", "system", HOTEL_A)]
    run("create-hotel", "--name", "Alpha anew", "--slug", "alpha")
    run("create-admin", "--hotel", "alpha", "--email", "manager@alpha.example")
    live = "SELECT count(*) FROM users WHERE deleted_at IS NULL AND hotel_id = %s"
    assert execute(hotels, live, HOTEL_A) == [(0,)]
    assert execute(hotels, live, HOTEL_B) == [(2,)]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("confirmed", [(), ("--confirm", "alpha"), ("--confirm", "delete beta")])
async def test_nothing_is_deleted_without_the_words(
    confirmed: tuple[str, ...], hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chores.main(["delete-hotel", "--slug", "alpha", *confirmed]) == 1
    told = capsys.readouterr().err
    assert "--confirm 'delete alpha'" in told
    assert "export-hotel --hotel alpha" in told
    assert execute(hotels, "SELECT count(*) FROM hotels WHERE deleted_at IS NOT NULL") == [(0,)]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("slug", "said"), [("nowhere", "no hotel has the slug"), ("__synthetic__", "hotel of the probes")]
)
@pytest.mark.parametrize("chore", ["suspend-hotel", "resume-hotel", "delete-hotel"])
async def test_a_hotel_that_is_not_there_or_the_probes_is_refused(
    chore: str, slug: str, said: str, hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    confirmed = ["--confirm", f"delete {slug}"] if chore == "delete-hotel" else []
    assert chores.main([chore, "--slug", slug, *confirmed]) == 1
    assert said in capsys.readouterr().err
    touched = "SELECT count(*) FROM hotels WHERE deleted_at IS NOT NULL OR suspended_at IS NOT NULL"
    assert execute(hotels, touched) == [(0,)]


async def test_people_of_a_suspended_hotel_that_left_before_stay_out(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "gone@alpha.example", "manager")
    gone = await callers.page(service, "gone@alpha.example")
    execute(hotels, "UPDATE users SET suspended_at = now() WHERE email = 'gone@alpha.example'")
    run("suspend-hotel", "--slug", "alpha")
    assert (await client.get("/api/session/me", headers=gone)).status_code == 401
