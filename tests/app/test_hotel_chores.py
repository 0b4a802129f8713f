import json
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app import chores
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.chore_runs import Run, running
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill
from tests.app.work import add, one

pytestmark = pytest.mark.database


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hotels: str) -> Run:
    monkeypatch.setenv("DATABASE_URL", hotels)
    monkeypatch.setenv("HOTEL_ENV", "test")

    return running(capsys)


def test_jobs_run_as_the_owner_in_each_hotel_for_itself(run: Run, hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        connection.execute("UPDATE tickets SET due_at = now() - interval '1 minute'")
    assert run("jobs", "run", "sla") == {"sla": {"hotels": 2, "tickets_overdue": 2}}
    assert set(run("jobs", "run")) == {"sla", "sweep", "analytics", "retention"}
    with psycopg.connect(hotels) as connection:
        for table in ("ticket_comments", "workflow_executions", "ai_analytics_summaries"):
            statement = f"SELECT DISTINCT hotel_id FROM {table} ORDER BY 1"  # noqa: S608 - the names above
            assert connection.execute(statement.encode()).fetchall() == [(HOTEL_A,), (HOTEL_B,)]
        counted = connection.execute(
            "SELECT hotel_id, tickets FROM ai_analytics_summaries WHERE period = 'month' AND tickets > 0"
        ).fetchall()
    assert sorted(counted) == [(HOTEL_A, 1), (HOTEL_B, 1)]


_FIVE_DAYS_AGO = (
    "INSERT INTO conversations (id, hotel_id, channel, created_at)"
    " VALUES (gen_random_uuid(), %s, 'guest_web', now() - interval '5 days')"
)
_EXPIRED = (
    "INSERT INTO idempotency_keys (hotel_id, key, route, request_sha256, expires_at)"
    " VALUES (%s, 'k', 'r', sha256('x'), now() - interval '1 minute')"
)


def test_what_was_missed_is_made_up_for_in_each_hotel_and_told_in_its_own_trail(
    run: Run, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            connection.execute(_FIVE_DAYS_AGO.encode(), (hotel_id,))
        connection.execute(_EXPIRED.encode(), (HOTEL_B,))
    run("jobs", "run", "analytics")
    run("jobs", "run", "retention")
    with psycopg.connect(hotels) as connection:
        days = connection.execute(
            "SELECT hotel_id FROM ai_analytics_summaries"
            " WHERE period = 'day' AND conversations = 1 ORDER BY 1"
        ).fetchall()
        told = connection.execute(
            "SELECT hotel_id, after->>'repeats' FROM audit_events WHERE action = 'retention.run' ORDER BY 1"
        ).fetchall()
    assert days == [(HOTEL_A,), (HOTEL_B,)]
    assert told == [(HOTEL_A, "0"), (HOTEL_B, "1")]


@pytest.mark.usefixtures("run")
def test_a_job_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        chores.main(["jobs", "run", "nothing"])
    assert "retention" in capsys.readouterr().err


async def _two_rooms(client: httpx.AsyncClient, service: Service, owner_url: str) -> callers.Headers:
    """Guests of 204 and 205 asked for something and talked; staff noted their names. The guest of 205."""
    guest, other = await callers.guest(service, "204"), await callers.guest(service, "205")
    manager = await callers.page(service)
    for who, title in ((guest, "My own matter"), (other, "Somebody else's")):
        headers = {**who, "Idempotency-Key": "k"}
        assert (await client.post("/api/tickets", json={"title": title}, headers=headers)).status_code == 201
    for room in ("204", "205"):
        said = {"title": "Called", "room_label": room, "guest_name": "Ada", "guest_email": "a@b.example"}
        assert (await client.post("/api/tickets", json=said, headers=manager)).status_code == 201
    with psycopg.connect(owner_url) as connection:
        sessions: dict[str, Any] = dict(
            connection.execute("SELECT room_label, id FROM sessions WHERE subject_kind = 'guest'").fetchall()
        )
        for room, session_id in sessions.items():
            connection.execute(
                "INSERT INTO conversations (id, hotel_id, channel, session_id, room_label)"
                " VALUES (gen_random_uuid(), %s, 'guest_web', %s, %s)",
                (HOTEL_A, session_id, room),
            )
            connection.execute(
                "INSERT INTO ai_interaction_logs (id, hotel_id, session_id, model_key, provider, status,"
                " latency_ms, payload) VALUES (gen_random_uuid(), %s, %s, 'm', 'local', 'success', 1, '{}')",
                (HOTEL_A, session_id),
            )
    return other


@pytest.mark.anyio
async def test_what_is_known_of_a_guest_is_gone_and_of_others_nothing(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    other = await _two_rooms(client, service, hotels)
    removed = run("erase-guest", "--hotel", "alpha", "--room", "204")["removed"]
    assert removed == {
        "ai_payloads": 1,
        "work_orders": 0,
        "tickets": 1,
        "conversations": 1,
        "kept_answers": 1,
        "tickets_without_words": 1,
        "work_orders_without_words": 0,
        "room_notes": 0,
        "session_logs": 0,
        "sessions": 1,
        "codes": 1,
    }
    assert (await client.get("/api/tickets", headers=other)).json()["items"][0]["title"] == "Somebody else's"
    with psycopg.connect(hotels) as connection:
        left = connection.execute(
            "SELECT title, room_label, guest_name, guest_email FROM tickets ORDER BY number"
        ).fetchall()
        rooms = connection.execute("SELECT room_label FROM conversations").fetchall()
        payloads = connection.execute("SELECT payload FROM ai_interaction_logs ORDER BY payload").fetchall()
        trail = connection.execute(
            "SELECT actor_kind, after->>'tickets' FROM audit_events WHERE action = 'guest.erase'"
        ).fetchall()
        code = connection.execute("SELECT id FROM guest_staff_qr_tokens").fetchone()
    assert left == [
        ("Somebody else's", "205", None, None),
        ("(erased)", "204", None, None),
        ("Called", "205", "Ada", "a@b.example"),
    ]
    assert (rooms, payloads, trail) == ([("205",)], [({},), (None,)], [("system", "1")])
    assert code
    removed = run("erase-guest", "--hotel", "alpha", "--token-id", str(code[0]))["removed"]
    assert (removed["conversations"], removed["sessions"], removed["tickets_without_words"]) == (1, 1, 0)


async def _staff_writes_of_ada(client: httpx.AsyncClient, staff: callers.Headers, room: str) -> None:
    """A ticket and a work order for the room, both changed once, and a note, with the guest's name in all."""
    tag = {**staff, "If-Match": "1"}
    ticket = {"title": "Ada called", "description": "Ada is cold", "category": "comfort", "room_label": room}
    made = (await client.post("/api/tickets", json=ticket, headers=staff)).json()
    url = f"/api/tickets/{made['id']}"
    said = await client.post(f"{url}/comments", json={"body": "Ada again"}, headers=staff)
    told = await client.patch(url, json={"resolution": "Gave Ada a blanket"}, headers=tag)
    order = {"kind": "maintenance", "title": "Heating for Ada", "details": "Ada is cold", "room_label": room}
    made = (await client.post("/api/work-orders", json=order, headers=staff)).json()
    changes = {"details": "Ada is very cold", "priority": "HIGH"}
    changed = await client.patch(f"/api/work-orders/{made['id']}", json=changes, headers=tag)
    note = {"body": "Ada wants an extra blanket", "room_label": room}
    noted = await client.post("/api/room-notes", json=note, headers=staff)
    assert [one.status_code for one in (said, told, changed, noted)] == [201, 200, 200, 201]


@pytest.mark.anyio
async def test_no_repeat_of_a_request_brings_erased_words_back(
    run: Run, client: httpx.AsyncClient, service: Service
) -> None:
    staff = await callers.page(service)
    asked = {
        "/api/tickets": {"title": "Guest Ann fell ill", "room_label": "204"},
        "/api/room-notes": {"body": "Ann snores", "room_label": "204"},
        "/api/work-orders": {"kind": "maintenance", "title": "Bed for Ann", "room_label": "204"},
    }
    ticket = await client.post("/api/tickets", json={"title": "Noise", "room_label": "204"}, headers=staff)
    asked[f"/api/tickets/{ticket.json()['id']}/comments"] = {"body": "Ann again"}

    async def all_of_it() -> str:
        answers = [
            await client.post(path, json=body, headers={**staff, "Idempotency-Key": path.rpartition("/")[2]})
            for path, body in asked.items()
        ]
        assert {answer.status_code for answer in answers} == {201}
        return " ".join(str(answer.headers.get("Idempotency-Replayed")) for answer in answers)

    assert await all_of_it() == "None None None None"
    assert await all_of_it() == "true true true true"
    removed = run("erase-guest", "--hotel", "alpha", "--room", "204")["removed"]
    assert removed["kept_answers"] == 4
    assert await all_of_it() == "None None None None"


_OF_ROOM = """
SELECT (SELECT string_agg(concat_ws(' ', t.title, t.description, t.resolution, c.body), ' ')
          FROM tickets t LEFT JOIN ticket_comments c ON c.ticket_id = t.id WHERE t.room_label = r.room)
    || (SELECT concat_ws(' ', w.title, w.details) FROM work_orders w WHERE w.room_label = r.room)
    || (SELECT string_agg(concat_ws(' ', h.previous, h.new, h.changed), ' ')
          FROM pms_work_order_history h JOIN work_orders w ON w.id = h.work_order_id
         WHERE w.room_label = r.room)
    || coalesce((SELECT string_agg(n.body, ' ') FROM room_notes n WHERE n.room_label = r.room), '')
  FROM (SELECT %s::text AS room) r
"""


@pytest.mark.anyio
async def test_what_staff_wrote_of_a_room_s_guests_is_gone_and_what_was_done_is_not(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    staff = await callers.page(service)
    for room in ("204", "205"):
        await _staff_writes_of_ada(client, staff, room)
    other = one(hotels, _OF_ROOM, "205")
    assert other[0].count("Ada") == one(hotels, _OF_ROOM, "204")[0].count("Ada") > 8
    history = "SELECT id, created_at, changed->'priority' FROM pms_work_order_history ORDER BY id"
    with psycopg.connect(hotels) as connection:
        before = connection.execute(history).fetchall()
    removed = run("erase-guest", "--hotel", "alpha", "--room", "204")["removed"]
    counted = ("tickets_without_words", "work_orders_without_words", "room_notes")
    assert [removed[name] for name in counted] == [1, 1, 1]
    assert "Ada" not in one(hotels, _OF_ROOM, "204")[0]
    assert one(hotels, _OF_ROOM, "205") == other
    with psycopg.connect(hotels) as connection:
        assert connection.execute(history).fetchall() == before
        done = connection.execute(
            "SELECT kind, priority, room_label FROM work_orders ORDER BY room_label"
        ).fetchall()
    assert done == [("maintenance", "HIGH", "204"), ("maintenance", "HIGH", "205")]
    again = run("erase-guest", "--hotel", "alpha", "--room", "204")["removed"]
    assert set(again.values()) == {0}


@pytest.mark.parametrize("table", ["tickets", "room_notes", "guest_staff_qr_tokens"])
def test_a_room_or_code_that_nothing_bears_is_refused_and_leaves_no_trace(
    table: str, run: Run, hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        connection.execute(f"UPDATE {table} SET room_label = '7' WHERE hotel_id = %s".encode(), (HOTEL_A,))  # noqa: S608 - the names above
        [(foreign,)] = connection.execute(
            "SELECT id FROM guest_staff_qr_tokens WHERE hotel_id = %s", (HOTEL_B,)
        ).fetchall()
    assert run("erase-guest", "--hotel", "alpha", "--room", "7")["hotel"] == "alpha"
    for hotel, whom, said in (
        ("beta", ("--room", "7"), "nothing in beta bears the room label '7'"),
        ("alpha", ("--token-id", str(foreign)), f"no guest's code in alpha has the id {foreign}"),
    ):
        assert chores.main(["erase-guest", "--hotel", hotel, *whom]) == 1
        assert f"chore failed: {said}: nothing was erased" in capsys.readouterr().err
    erased = "SELECT count(*) FROM audit_events WHERE action = 'guest.erase'"
    assert one(hotels, erased) == (1,)


@pytest.mark.anyio
async def test_one_code_s_guest_is_erased_without_the_others_who_have_no_room(
    run: Run, client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    gone, other = [await callers.guest(service, None) for _ in range(2)]
    for guest in (gone, other):
        assert (await client.post("/api/conversations", json={}, headers=guest)).status_code == 201
    ticket = {"title": "Called", "guest_name": "Ada", "guest_email": "a@b.example"}
    assert (await client.post("/api/tickets", json=ticket, headers=await callers.page(service))).is_success
    code = one(hotels, "SELECT id FROM guest_staff_qr_tokens ORDER BY created_at LIMIT 1")[0]
    removed = run("erase-guest", "--hotel", "alpha", "--token-id", str(code))["removed"]
    assert {name: count for name, count in removed.items() if count} == {
        "conversations": 1,
        "sessions": 1,
        "codes": 1,
    }
    found = [(await client.get("/api/conversations", headers=guest)).json() for guest in (gone, other)]
    assert [len(page["items"]) for page in found] == [0, 1]
    assert one(hotels, "SELECT guest_name, guest_email FROM tickets") == ("Ada", "a@b.example")


def test_an_export_has_each_row_of_the_hotel_and_no_secret(run: Run, hotels: str, tmp_path: Path) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        connection.execute("UPDATE users SET display_name = %s", ('Zo\u00eb \u2028 "x"\n',))
    out = tmp_path / "deep" / "export"
    rows = run("export-hotel", "--hotel", "alpha", "--out", str(out))["rows"]
    assert rows["users"] == 3
    files = {path.stem: path.read_text(encoding="utf-8").split("\n") for path in out.iterdir()}
    assert {"hotels", "tickets", "messages", "audit_events"} <= files.keys()
    for table, lines in files.items():
        found = [json.loads(line) for line in lines if line]
        assert len(found) == rows[table]
        assert {row["id" if table == "hotels" else "hotel_id"] for row in found} <= {str(HOTEL_A)}
        named = {name for row in found for name in row}
        assert not {name for name in named if name.endswith(("_hash", "_enc"))}
    assert json.loads(files["users"][0])["display_name"].startswith("Zo\u00eb")
    assert out.stat().st_mode & 0o077 == 0
    assert (out / "users.jsonl").stat().st_mode & 0o077 == 0
    assert [path.name for path in out.parent.iterdir()] == ["export"]


def test_an_export_holds_no_link_that_waits_in_the_post(run: Run, hotels: str, tmp_path: Path) -> None:
    body = "Set your password here: https://hotel.example/welcome/s3cr3t"
    waiting = {"kind": "invitation", "recipient": "a@b.example", "status": "pending"}
    add(hotels, "outbox", subject="Invitation by s3cr3t", body=body, **waiting)
    out = tmp_path / "export"
    assert run("export-hotel", "--hotel", "alpha", "--out", str(out))["rows"]["outbox"] == 1
    [mail] = [json.loads(line) for line in (out / "outbox.jsonl").read_text().splitlines()]
    assert (mail["recipient"], mail["status"]) == ("a@b.example", "pending")
    assert not [path.name for path in out.iterdir() if "s3cr3t" in path.read_text()]


@pytest.mark.usefixtures("run")
def test_an_export_overwrites_nothing_and_leaves_no_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").mkdir()
    assert chores.main(["export-hotel", "--hotel", "alpha", "--out", str(tmp_path / "there")]) == 1
    assert chores.main(["export-hotel", "--hotel", "none", "--out", str(tmp_path / "new")]) == 1
    assert "no hotel has the slug none" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.name != "there"] == []


@pytest.mark.anyio
async def test_the_demo_can_be_entered_and_is_not_made_twice_nor_in_production(
    run: Run, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people = run("seed-demo")["passwords"]
    login = {"email": "manager@demo.example", "password": people["manager@demo.example"]}
    token = (await client.post("/api/auth/login", json=login)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    made = await client.post("/api/tickets", json={"title": "The third"}, headers=headers)
    assert made.json()["number"] == 3
    assert chores.main(["seed-demo"]) == 1
    monkeypatch.setenv("HOTEL_ENV", "production")
    assert chores.main(["seed-demo", "--slug", "other"]) == 1
    assert "production" in capsys.readouterr().err
    monkeypatch.delenv("HOTEL_ENV")
    assert chores.main(["seed-demo", "--slug", "other"]) == 78


@pytest.mark.anyio
async def test_a_sandbox_has_two_hotels_of_which_one_sees_nothing_of_the_other(
    owner_url: str,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", owner_url)
    assert chores.main(["seed-sandbox"]) == 0
    seeded = json.loads(capsys.readouterr().out)
    seen = {}
    for who in ("", "other_"):
        login = {"email": seeded[f"{who}name"], "password": seeded[f"{who}password"]}
        token = (await client.post("/api/auth/login", json=login)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        paths = (f"/api/tickets/{seeded['other_ticket']}", f"/api/work-orders/{seeded['other_order']}")
        seen[who] = [(await client.get(path, headers=headers)).status_code for path in paths]
    assert seen == {"": [404, 404], "other_": [200, 200]}
    assert chores.main(["seed-sandbox"]) == 1


@pytest.mark.usefixtures("run")
def test_a_sandbox_is_never_made_beside_hotels_of_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert chores.main(["seed-sandbox"]) == 1
    assert "there are hotels in this database already" in capsys.readouterr().err
