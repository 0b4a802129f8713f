"""The dashboards' numbers are counts; where nothing ever was there is none."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill
from tests.app.work import add

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_SECTIONS = ("conversations", "tickets", "work_orders", "scans", "ai")


async def test_a_fresh_hotel_has_no_figures_but_what_to_do(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        fill(connection, HOTEL_B)
    manager = await callers.page(service)
    seen = (await client.get("/api/dashboard/admin", headers=manager)).json()
    assert {name: seen[name] for name in _SECTIONS} == dict.fromkeys(_SECTIONS)
    assert (seen["waiting"], seen["newest_tickets"], seen["active_codes"]) == ([], [], {})
    assert {one["about"] for one in seen["to_do"]} == {*_SECTIONS, "knowledge"}
    assert seen["system"]["external"]["openai"] == "not_configured"
    assert seen["system"]["version"] == service.identity.version
    seen = (await client.get("/api/dashboard/staff", headers=manager)).json()
    assert (seen["tickets"], seen["work_orders"], seen["my_work_orders"]) == (None, None, [])
    figures = (await client.get("/api/analytics", headers=manager)).json()
    assert figures["items"] == []
    assert figures["hint"]


def _talk(
    connection: psycopg.Connection,
    began: datetime,
    reply_s: int,
    *,
    handed_off: bool,
    channel: str = "guest_web",
) -> UUID:
    conversation = uuid7()
    connection.execute(
        "INSERT INTO conversations"
        " (id, hotel_id, channel, status, last_seq, handed_off_at, room_label, created_at)"
        " VALUES (%s, %s, %s, %s, 2, %s, '204', %s)",
        (
            *(conversation, HOTEL_A, channel, "human" if handed_off else "bot"),
            *(began if handed_off else None, began),
        ),
    )
    for seq, role, at in ((1, "guest", began), (2, "assistant", began + timedelta(seconds=reply_s))):
        connection.execute(
            "INSERT INTO messages (id, hotel_id, conversation_id, seq, role, content, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'x', %s)",
            (uuid7(), HOTEL_A, conversation, seq, role, at),
        )
    return conversation


def _scan_and_ask(connection: psycopg.Connection) -> None:
    for event, user, outcome in (
        *[("qr_scan", None, "success")] * 2,
        ("qr_scan", uuid7(), "success"),
        *[("qr_scan", None, "refused")] * 5,
        ("login_ok", None, None),
    ):
        connection.execute(
            "INSERT INTO user_session_logs (id, hotel_id, user_id, event, outcome)"
            " VALUES (%s, %s, %s, %s, %s)",
            (uuid7(), HOTEL_A, user, event, outcome),
        )
    for status, latency in (("success", 10), ("failed", 30), ("timeout", 20)):
        connection.execute(
            "INSERT INTO ai_interaction_logs"
            " (id, hotel_id, model_key, provider, status, latency_ms, tokens_in)"
            " VALUES (%s, %s, 'guest-messaging', 'local', %s, %s, 7)",
            (uuid7(), HOTEL_A, status, latency),
        )


async def _open_twelve(client: httpx.AsyncClient, manager: callers.Headers, owner_url: str) -> None:
    """Tickets, of which the first is overdue and the second closed."""
    for number in range(12):
        title = {"title": f"Matter {number}", "priority": "URGENT" if number else "LOW"}
        assert (await client.post("/api/tickets", json=title, headers=manager)).status_code == 201
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE tickets SET due_at = now() WHERE number = 1 AND hotel_id = %s", (HOTEL_A,))
        connection.execute(
            "UPDATE tickets SET status = 'CLOSED' WHERE number = 2 AND hotel_id = %s", (HOTEL_A,)
        )


async def test_the_admins_numbers_are_counts(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET timezone = 'Etc/GMT+12'")
        waiting = _talk(connection, now, 4, handed_off=True)
        for reply_s in (2, 6):
            _talk(connection, now, reply_s, handed_off=False)
        _talk(connection, now - timedelta(days=2), 100, handed_off=False)
        _scan_and_ask(connection)
        fill(connection, HOTEL_B)
    manager = await callers.page(service)
    await _open_twelve(client, manager, hotels)
    seen = (await client.get("/api/dashboard/admin", headers=manager)).json()
    assert seen["timezone"] == "Etc/GMT+12"
    assert seen["conversations"].pop("today") == 3
    assert seen["conversations"] == {
        "handoffs": 1,
        "waiting": 1,
        "bot_solved_percent": pytest.approx(66.67, abs=0.01),
        "median_first_reply_s": 4.0,
    }
    assert seen["tickets"] == {
        "open": 11,
        "overdue": 1,
        "unassigned": 11,
        "low": 1,
        "medium": 0,
        "high": 0,
        "urgent": 10,
    }
    assert len(seen["newest_tickets"]) == 10
    assert seen["scans"] == {"guest": 2, "staff": 1}
    cost = {"cost_microusd": 0, "known_cost_microusd": 0}
    assert seen["ai"] == {"calls": 3, "failed": 2, "tokens": 21, **cost, "p95_ms": 29}
    assert [one["id"] for one in seen["waiting"]] == [str(waiting)]
    assert {one["about"] for one in seen["to_do"]} == {"knowledge", "work_orders"}


async def test_a_sum_with_a_call_of_unknown_cost_is_not_known_either(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    manager = await callers.page(service)
    call = {"model_key": "guest-messaging", "provider": "openai", "status": "success", "latency_ms": 5}
    for cost, told in ((1500, (1500, 1500)), (None, (None, 1500)), (250, (None, 1750))):
        add(hotels, "ai_interaction_logs", **call, tokens_in=9, tokens_out=9, cost_microusd=cost)
        seen = (await client.get("/api/dashboard/admin", headers=manager)).json()["ai"]
        assert (seen["cost_microusd"], seen["known_cost_microusd"]) == told
        await runner.run(service.db, BY_NAME["analytics"])
        for period in ("hour", "day", "week", "month"):
            found = await client.get(f"/api/analytics?period={period}", headers=manager)
            for one in found.json()["items"]:
                assert (one["cost_microusd"], one["known_cost_microusd"]) == told, period


async def test_what_staff_asks_is_no_conversation_with_a_guest(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    manager = await callers.page(service)

    async def told() -> tuple[object, object]:
        seen = (await client.get("/api/dashboard/admin", headers=manager)).json()
        return seen["conversations"], [one["id"] for one in seen["waiting"]]

    now = datetime.now(UTC)
    staffs = partial(_talk, began=now, reply_s=100, channel="staff_web")
    with psycopg.connect(hotels) as connection:
        staffs(connection, handed_off=True)
    assert await told() == (None, [])
    with psycopg.connect(hotels) as connection:
        guests = _talk(connection, now, 4, handed_off=True)
    alone = await told()
    assert alone[1] == [str(guests)]
    with psycopg.connect(hotels) as connection:
        staffs(connection, handed_off=False)
    assert await told() == alone
    found = (await client.get("/api/dashboard/staff", headers=manager)).json()["waiting"]
    assert [one["id"] for one in found] == [str(guests)]


async def test_what_only_reception_could_answer_was_not_solved_without_a_person(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        now = datetime.now(UTC)
        talks = [_talk(connection, now, 1, handed_off=False) for _ in range(4)]
        for number, (talk, source, category) in enumerate(
            [(talks[0], "AI_AGENT", "question"), (talks[1], "AI_AGENT", "comfort")], start=900
        ):
            connection.execute(
                "INSERT INTO tickets (id, hotel_id, number, title, description, source, category,"
                " conversation_id, status, priority, sla_minutes, due_at, version)"
                " VALUES (gen_random_uuid(), %s, %s, 'A question', '', %s, %s, %s,"
                " 'OPEN', 'LOW', 60, now(), 1)",
                (HOTEL_A, number, source, category, talk),
            )
    seen = (await client.get("/api/dashboard/admin", headers=await callers.page(service))).json()
    assert seen["conversations"]["bot_solved_percent"] == 75


async def test_what_the_assistant_could_not_answer_is_not_solved(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        now = datetime.now(UTC)
        for status in ("success", "success", "handoff", "blocked"):
            talk = _talk(connection, now, 1, handed_off=False)
            connection.execute(
                "INSERT INTO ai_interaction_logs (id, hotel_id, conversation_id, model_key, provider, status,"
                " latency_ms) VALUES (gen_random_uuid(), %s, %s, 'guest-messaging', 'local', %s, 1)",
                (HOTEL_A, talk, status),
            )
    seen = (await client.get("/api/dashboard/admin", headers=await callers.page(service))).json()
    assert seen["conversations"]["bot_solved_percent"] == 50


async def test_staff_sees_its_own_and_what_is_nobodys_of_its_department(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE users SET department = 'housekeeping' WHERE role = 'staff'")
    manager, staff = await callers.page(service), await callers.page(service, "staff@alpha.example")
    made = {}
    for kind in ("amenity", "maintenance", "housekeeping"):
        order = {"kind": kind, "title": f"Work of {kind}"}
        made[kind] = (await client.post("/api/work-orders", json=order, headers=manager)).json()["id"]
    url = f"/api/work-orders/{made['amenity']}"
    begun = await client.patch(url, json={"status": "in_progress"}, headers={**staff, "If-Match": "1"})
    assert begun.status_code == 200
    seen = (await client.get("/api/dashboard/staff", headers=staff)).json()
    assert [one["id"] for one in seen["my_work_orders"]] == [made["amenity"]]
    assert [one["id"] for one in seen["unassigned_work_orders"]] == [made["housekeeping"]]
    assert seen["work_orders"] == {"open": 2, "unassigned": 1, "mine": 1, "overdue": 0, "done_today": 0}
    assert (await client.get("/api/dashboard/admin", headers=staff)).status_code == 403
    assert (await client.get("/api/analytics", headers=staff)).status_code == 403
    guest = await callers.guest(service)
    assert (await client.get("/api/dashboard/staff", headers=guest)).status_code == 403


async def test_who_answers_guests_is_told_as_the_page_shows_it(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    manager = await callers.page(service)

    async def told() -> object:
        return (await client.get("/api/dashboard/admin", headers=manager)).json()["system"]["provider"]

    assert await told() == "local"
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"ai_enabled": false}'""")
    assert await told() == "off"


async def test_a_service_that_no_feature_uses_is_shown_as_none_however_well_it_answers(
    client: httpx.AsyncClient, service: Service, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hotels
    answered = Standing(State.OK, None, 1.0, datetime.now(UTC))
    monkeypatch.setattr(service.external, "_found", dict.fromkeys(("smtp", "pinecone", "s3"), answered))
    manager = await callers.page(service)
    told = (await client.get("/api/dashboard/admin", headers=manager)).json()["system"]["external"]
    assert told == {
        "smtp": "ok",
        "openai": "not_configured",
        "pinecone": "not_implemented",
        "stripe": "not_configured",
        "s3": "not_implemented",
    }
    shown = (await client.get("/admin", headers=manager)).text
    assert "<dt>Mail</dt>" in shown
    assert "Pinecone" not in shown
    assert "Storage" not in shown
