import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from hotelctl.app.domain.assistant.registry import MODELS
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.models import run as running
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Headers = dict[str, str]
_NOT_BUILT = ("billing-detection", "room-status-detection", "pms-cross-location-linking", "voice-reception")


@pytest.fixture
async def manager(hotels: str, service: Service) -> Headers:
    assert hotels
    return await callers.page(service)


async def _run(client: httpx.AsyncClient, headers: Headers, key: str, **body: str) -> httpx.Response:
    return await client.post(f"/api/ai/models/{key}/run", json=body, headers=headers)


async def _result(client: httpx.AsyncClient, headers: Headers, key: str, **body: str) -> dict[str, Any]:
    answer = await _run(client, headers, key, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _order(  # noqa: PLR0913 - one column each
    connection: psycopg.Connection,
    kind: str,
    room: str,
    *,
    days_ago: float = 0,
    priority: str = "MEDIUM",
    category: str = "shower",
    hotel_id: UUID = HOTEL_A,
) -> None:
    connection.execute(
        "INSERT INTO work_orders (id, hotel_id, kind, title, room_label, priority, category, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, now() - %s * interval '1 day')",
        (uuid7(), hotel_id, kind, f"work in {room}", room, priority, category, days_ago),
    )


async def test_the_registry_tells_the_true_state(
    client: httpx.AsyncClient, manager: Headers, service: Service, hotels: str
) -> None:
    async def states() -> dict[str, str]:
        staff = await callers.page(service, "staff@alpha.example")
        items = (await client.get("/api/ai/models", headers=staff)).json()["items"]
        assert all(item["timeout_s"] > 0 and item["required_permission"] == "ai.run" for item in items)
        return {item["key"]: item["status"] for item in items}

    found = await states()
    assert len(found) == 12
    assert {key for key, state in found.items() if state == "not_configured"} == set(_NOT_BUILT)
    assert found["dynamic-upsell-engine"] == "off"
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"upsell_enabled": true}'""")
    assert (await states())["dynamic-upsell-engine"] == "available"
    talking = {"guest-messaging", "agent-for-staff"}
    for setting, state in (("{}", "available"), ('{"ai_enabled": false}', "off")):
        with psycopg.connect(hotels) as connection:
            connection.execute("UPDATE hotels SET settings = %s", (setting,))
        found = await states()
        assert {found[key] for key in talking} == {state}
        assert found["night-audit"] == "available"
        for key in talking:
            status = (await _run(client, manager, key, question="hello")).status_code
            assert status == (501 if state == "off" else 200)
    assert (await client.get("/api/ai/models", headers=await callers.guest(service))).status_code == 403
    assert manager


@pytest.mark.parametrize("key", [*_NOT_BUILT, "dynamic-upsell-engine"])
async def test_what_is_not_there_says_so(key: str, client: httpx.AsyncClient, manager: Headers) -> None:
    answer = await _run(client, manager, key, question="x")
    assert (answer.status_code, answer.json()["code"]) == (501, "feature_not_configured")


async def test_an_unknown_model_and_a_caller_who_may_not(
    client: httpx.AsyncClient, manager: Headers, service: Service
) -> None:
    assert (await _run(client, manager, "mind-reading")).status_code == 404
    staff = await callers.page(service, "staff@alpha.example")
    assert (await _run(client, staff, "night-audit")).status_code == 403


@pytest.mark.parametrize("key", ["guest-messaging", "agent-for-staff", "task-routing"])
async def test_a_model_that_needs_a_question_asks_for_it(
    key: str, client: httpx.AsyncClient, manager: Headers
) -> None:
    answer = await _run(client, manager, key)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "question"])


async def test_a_hotel_without_any_row_gets_no_figure(client: httpx.AsyncClient, manager: Headers) -> None:
    for key, lack in (("maintenance-prediction", "days"), ("forecasting", "weeks")):
        found = await _result(client, manager, key)
        assert (found["status"], found["result"]["insufficient_data"][lack]) == ("insufficient_data", 0)
    night = (await _result(client, manager, "night-audit"))["result"]
    assert night["yesterday"] is None
    assert night["now"] == {"tickets_past_due": 0, "conversations_waiting": 0, "transfers_failed": None}
    assert (await _result(client, manager, "housekeeping-scheduling"))["result"] == {"work_orders": []}
    routed = (await _result(client, manager, "task-routing", kind="maintenance"))["result"]
    assert (routed["department"], routed["assignee"]) == ("maintenance", None)


async def test_assistants_show_what_would_be_said_and_only_staff_s_sees_staff_s_entries(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Master keys", body="In the back office.", audience="staff")
    question = "where are the master keys"
    guest = (await _result(client, manager, "guest-messaging", question=question))["result"]
    staff = (await _result(client, manager, "agent-for-staff", question=question))["result"]
    assert (guest["entries"], guest["outcome"]) == ([], "handoff")
    assert (staff["text"], staff["outcome"]) == ("In the back office.", "success")


async def test_work_goes_to_the_department_s_member_with_the_fewest_open_items(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE users SET department = 'maintenance' WHERE hotel_id = %s", [HOTEL_A])
        _order(connection, "maintenance", "1")
        connection.execute(
            "UPDATE work_orders SET assigned_to = (SELECT id FROM users WHERE email = 'staff@alpha.example')"
        )
    routed = (await _result(client, manager, "task-routing", question="the shower is broken"))["result"]
    assert (routed["category"], routed["assignee"]["display_name"]) == (
        "maintenance",
        "manager@alpha.example",
    )
    assert routed["assignee"]["open_items"] == 0


async def test_housekeeping_goes_by_priority_then_by_the_floor_of_the_oldest(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for room, days, priority in (
            ("301", 3, "LOW"),
            ("102", 1, "HIGH"),
            ("201", 2, "HIGH"),
            ("103", 4, "HIGH"),
        ):
            _order(connection, "housekeeping", room, days_ago=days, priority=priority)
        _order(connection, "maintenance", "999", priority="URGENT")
        _order(connection, "housekeeping", "777", hotel_id=HOTEL_B)
    found = (await _result(client, manager, "housekeeping-scheduling"))["result"]["work_orders"]
    assert [work["room_label"] for work in found] == ["103", "102", "201", "301"]
    assert (found[0]["floor"], found[0]["waiting_minutes"]) == (1, 4 * 24 * 60)


async def test_a_fault_that_comes_back_three_times_in_30_days_is_named(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for days in (40, 20, 10, 5):
            _order(connection, "maintenance", "204", days_ago=days)
        for days in (40, 35, 5, 4):
            _order(connection, "maintenance", "305", days_ago=days)
    [found] = (await _result(client, manager, "maintenance-prediction"))["result"]["recurring"]
    assert (found["room_label"], found["category"], found["orders"]) == ("204", "shower", 3)


async def test_forecast_and_night_audit_are_medians_of_what_happened(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute(
            "INSERT INTO tickets (id, hotel_id, number, title, source, created_at)"
            " SELECT gen_random_uuid(), %s, n, 'one a day', 'MANUAL',"
            " date_trunc('day', now()) - n * interval '1 day' + interval '9 hours'"
            " FROM generate_series(1, 60) AS n",
            [HOTEL_A],
        )
    found = (await _result(client, manager, "forecasting"))["result"]
    assert found["occupancy"] == "not_configured"
    hours = {row["hour"]: row for row in found["expected"]["tickets"]}
    assert (len(hours), hours[9]["median"], hours[10]["median"]) == (24, 1.0, 0.0)
    assert 7 <= hours[9]["n"] <= 9
    assert {row["median"] for row in found["expected"]["messages"]} == {0.0}
    night = (await _result(client, manager, "night-audit"))["result"]["yesterday"]
    assert night["tickets"] == {"yesterday": 1, "median_28_days": 1.0}
    assert night["messages"] == {"yesterday": 0, "median_28_days": 0.0}


def _talk_daily(url: str, days: int) -> None:
    """On each of the last days a guest wrote one message at nine, each in a conversation of its own."""
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for ago in range(1, days + 1):
        at = day - timedelta(days=ago)
        talk = add(url, "conversations", channel="guest_web", last_message_at=at, created_at=at)
        said = {"conversation_id": talk, "seq": 1, "role": "guest", "content": "x", "created_at": at}
        add(url, "messages", **said)


async def test_medians_of_messages_are_over_what_is_kept_whatever_retention_has_removed(
    client: httpx.AsyncClient, manager: Headers, service: Service, hotels: str
) -> None:
    _talk_daily(hotels, 60)
    long_ago = datetime.now(UTC) - timedelta(days=61)
    add(hotels, "tickets", number=1, title="the first", source="MANUAL", created_at=long_ago)
    found = []
    for _ in range(2):
        hours = (await _result(client, manager, "forecasting"))["result"]["expected"]["messages"]
        night = (await _result(client, manager, "night-audit"))["result"]["yesterday"]["messages"]
        found.append((hours[9], night))
        await runner.run(service.db, BY_NAME["retention"])
    # Before nine o'clock the one of thirty days ago is not yet that old.
    assert one(hotels, "SELECT count(*) FROM messages") in {(29,), (30,)}
    assert found[0] == found[1]
    assert found[0][0]["median"] == 1.0
    assert found[0][0]["n"] in {4, 5}
    assert found[0][1] == {"yesterday": 1, "median_28_days": 1.0}


async def test_of_messages_that_are_kept_too_short_there_is_no_median(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    _talk_daily(hotels, 60)
    add(
        hotels,
        "tickets",
        number=1,
        title="Old",
        source="MANUAL",
        created_at=datetime.now(UTC) - timedelta(60),
    )
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"retention_days": 14}'""")
    found = await _result(client, manager, "forecasting")
    assert found["status"] == "ok"
    assert len(found["result"]["expected"].pop("tickets")) == 24
    assert found["result"]["expected"] == {"messages": None}
    assert found["result"]["lacking"] == {"messages": {"weeks": 2, "needed_weeks": 4}}
    night = (await _result(client, manager, "night-audit"))["result"]
    assert night["yesterday"]["messages"] == {"yesterday": 1, "median_28_days": None}
    assert night["yesterday"]["tickets"] == {"yesterday": 0, "median_28_days": 0.0}


async def test_offers_are_entries_with_the_tag_and_never_for_somebody_in_trouble(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"upsell_enabled": true}'""")
        add_entry(connection, HOTEL_A, "Massage")
        offer = add_entry(connection, HOTEL_A, "Massage with sauna")
        connection.execute("UPDATE knowledge_entries SET tags = '{offer}' WHERE id = %s", [offer])
    found = (await _result(client, manager, "dynamic-upsell-engine", question="massage"))["result"]
    assert [entry["title"] for entry in found["offers"]] == ["Massage with sauna"]
    troubled = "I want to complain about the massage"
    assert (await _result(client, manager, "dynamic-upsell-engine", question=troubled))["result"] == {
        "offers": []
    }


async def test_each_run_is_logged_with_its_true_time_and_counts_for_the_month(
    client: httpx.AsyncClient, manager: Headers, hotels: str
) -> None:
    ran = await _result(client, manager, "night-audit")
    with psycopg.connect(hotels) as connection:
        line = (
            "SELECT model_key, provider, status, tokens_in, cost_microusd, latency_ms"
            " FROM ai_interaction_logs"
        )
        assert connection.execute(line).fetchall() == [
            ("night-audit", "local", "success", 0, 0, ran["latency_ms"])
        ]
        connection.execute("UPDATE hotels SET ai_monthly_limit = 1")
    assert (await _run(client, manager, "night-audit")).status_code == 402


async def test_a_run_that_is_asked_for_twice_with_one_key_is_made_once(
    client: httpx.AsyncClient, manager: Headers, service: Service, hotels: str
) -> None:
    keyed = {**manager, "Idempotency-Key": "tonight"}
    first, second = await _run(client, keyed, "night-audit"), await _run(client, keyed, "night-audit")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT status FROM ai_interaction_logs").fetchall() == [("success",)]
    told = {"model_key": "night-audit", "provider": "local", "status": "success", "synthetic": "0"}
    assert service.metrics.registry.get_sample_value("hotel_ai_calls_total", told) == 1


async def test_a_run_that_takes_too_long_is_cancelled_and_logged_as_that(
    client: httpx.AsyncClient, manager: Headers, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_long(_: object) -> dict[str, Any]:
        await asyncio.sleep(30)
        return {}

    monkeypatch.setitem(running.RUNNERS, "night_audit", too_long)
    monkeypatch.setitem(MODELS, "night-audit", replace(MODELS["night-audit"], timeout_s=0.05))
    answer = await _run(client, manager, "night-audit")
    assert (answer.status_code, answer.json()["code"]) == (504, "timed_out")
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT status FROM ai_interaction_logs").fetchall() == [("timeout",)]


async def test_a_run_that_broke_is_one_that_failed(
    client: httpx.AsyncClient,
    manager: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(_: object) -> dict[str, Any]:
        raise RuntimeError("a private text")

    monkeypatch.setitem(running.RUNNERS, "night_audit", broken)
    answer = await _run(client, manager, "night-audit")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    with psycopg.connect(hotels) as connection:
        logged = connection.execute("SELECT status, error_code FROM ai_interaction_logs").fetchall()
    assert logged == [("failed", "internal")]
    told = {"model_key": "night-audit", "provider": "local", "status": "failed", "synthetic": "0"}
    assert service.metrics.registry.get_sample_value("hotel_ai_calls_total", told) == 1


def test_every_runner_of_the_registry_exists() -> None:
    wanted = {model.runner for model in MODELS.values()} - {None}
    assert wanted == set(running.RUNNERS)
