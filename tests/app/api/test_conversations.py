from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from hotelctl.app.domain.assistant.phrases import Say, say, shown_title, standing_word
from hotelctl.app.domain.assistant.standing import Standing
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import execute, make, token_of
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.talk import open_thread, tell
from tests.app.work import add, order

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Headers = dict[str, str]


@pytest.fixture
async def staff(hotels: str, service: Service) -> Headers:
    assert hotels
    return await callers.page(service, "staff@alpha.example")


async def test_a_guest_has_one_conversation_until_it_is_resolved(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers
) -> None:
    assert await open_thread(client, guest) == thread
    resolved = await client.post(f"{thread}/resolve", headers=staff)
    assert (resolved.json()["status"], resolved.json()["resolved_at"] is not None) == ("resolved", True)
    assert await open_thread(client, guest) != thread


async def test_a_guest_s_conversation_has_name_and_stay_of_the_code_and_goes_a_month_after_the_stay(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    manager, leaves_at = await callers.page(service), datetime.now(UTC) + timedelta(days=3)
    stay = {"guest_name": "Ada", "stay_ends_at": leaves_at.isoformat()}
    made = await make(client, manager, **stay)
    shown = (await client.post("/api/qr/validate", json={"token": token_of(made)})).json()
    await open_thread(client, {"Authorization": f"Bearer {shown['access_token']}"})
    assert execute(hotels, "SELECT guest_name, stay_ends_at FROM conversations") == [("Ada", leaves_at)]
    # Its last word was long ago, and the guest is still in the house.
    execute(hotels, "UPDATE conversations SET last_message_at = now() - interval '40 days'")
    await runner.run(service.db, BY_NAME["retention"])
    assert execute(hotels, "SELECT count(*) FROM conversations") == [(1,)]


async def test_a_guest_s_word_opens_a_resolved_one_again(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers
) -> None:
    await client.post(f"{thread}/resolve", headers=staff)
    assert (await tell(client, thread, guest, "hello")).json()["reply"] is not None
    found = (await client.get(thread, headers=guest)).json()
    assert (found["status"], found["resolved_at"]) == ("bot", None)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/events", None),
        ("POST", "/messages", {"content": "hello", "client_msg_id": "019bd1c4-2ad0-7a31-9c55-3a3f6f6d0c11"}),
        ("POST", "/rate", {"rating": 5}),
        ("POST", "/actions/019bd1c4-2ad0-7a31-9c55-3a3f6f6d0c12", {"decision": "confirm"}),
    ],
)
async def test_another_guest_s_conversation_does_not_exist(
    method: str,
    path: str,
    body: dict[str, str] | None,
    client: httpx.AsyncClient,
    thread: str,
    service: Service,
) -> None:
    for other in (await callers.guest(service, "305"), await callers.guest(service, "1", HOTEL_B)):
        answer = await client.request(method, thread + path, json=body, headers=other)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_another_hotel_s_staff_finds_nothing_and_a_colleague_s_own_talk_is_the_colleague_s(
    client: httpx.AsyncClient, thread: str, staff: Headers, service: Service
) -> None:
    stranger = await callers.page(service, "manager@beta.example", HOTEL_B)
    for path in ("takeover", "release", "resolve"):
        assert (await client.post(f"{thread}/{path}", headers=stranger)).status_code == 404
    assert (await client.get("/api/conversations", headers=stranger)).json()["items"] == []
    own = await open_thread(client, staff)
    manager = await callers.page(service)
    assert (await client.get(own, headers=manager)).status_code == 404
    assert (await client.post(f"{own}/takeover", headers=staff)).status_code == 404


async def test_lists_hold_what_the_caller_may_see_newest_first(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers, service: Service
) -> None:
    second = await open_thread(client, await callers.guest(service, "305"))
    await client.post(f"{second}/takeover", headers=staff)

    async def listed(headers: Headers, query: str = "") -> list[str]:
        found = await client.get(f"/api/conversations{query}", headers=headers)
        assert found.status_code == 200, found.text
        return [f"/api/conversations/{item['id']}" for item in found.json()["items"]]

    assert await listed(guest) == [thread]
    assert await listed(staff) == [second, thread]
    assert await listed(staff, "?status=human") == [second]
    assert await listed(staff, "?mine=true") == [second]
    page = (await client.get("/api/conversations?limit=1", headers=staff)).json()
    assert await listed(staff, f"?limit=1&cursor={page['next_cursor']}") == [thread]


async def test_of_two_colleagues_one_takes_it_over(
    client: httpx.AsyncClient, thread: str, staff: Headers, service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "other@alpha.example", "staff")
    other = await callers.page(service, "other@alpha.example")
    first, again, late = [
        await client.post(f"{thread}/takeover", headers=headers) for headers in (staff, staff, other)
    ]
    assert first.json() == again.json()
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    await client.post(f"{thread}/release", headers=staff)
    assert (await client.post(f"{thread}/takeover", headers=other)).status_code == 200
    await client.post(f"{thread}/resolve", headers=other)
    assert (await client.post(f"{thread}/takeover", headers=staff)).status_code == 409
    assert (await client.post(f"{thread}/release", headers=staff)).status_code == 409


async def test_in_what_was_given_back_nobody_waits(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers, service: Service
) -> None:
    await tell(client, thread, guest, "I want to talk to a person")
    assert (await client.get(thread, headers=staff)).json()["unread_staff"] == 1
    given_back = (await client.post(f"{thread}/release", headers=staff)).json()
    assert (given_back["status"], given_back["unread_staff"]) == ("bot", 0)
    manager = await callers.page(service)
    night = await client.post("/api/ai/models/night-audit/run", json={}, headers=manager)
    assert night.json()["result"]["now"]["conversations_waiting"] == 0


async def test_only_a_guest_who_was_answered_rates(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers
) -> None:
    early = await client.post(f"{thread}/rate", json={"rating": 4}, headers=guest)
    assert early.status_code == 409
    await tell(client, thread, guest, "hello")
    rated = await client.post(f"{thread}/rate", json={"rating": 4}, headers=guest)
    assert rated.json()["rating"] == 4
    assert (await client.post(f"{thread}/rate", json={"rating": 1}, headers=staff)).status_code == 403
    assert (await client.post(f"{thread}/rate", json={"rating": 6}, headers=guest)).status_code == 422


async def test_a_guest_takes_nothing_over_and_staff_confirms_nothing_for_a_guest(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers
) -> None:
    assert (await client.post(f"{thread}/takeover", headers=guest)).status_code == 403
    action = (await tell(client, thread, guest, "2 towels please")).json()["reply"]["action"]
    chip = f"{thread}/actions/{action['id']}"
    assert (await client.post(chip, json={"decision": "confirm"}, headers=staff)).status_code == 404


async def test_what_becomes_of_a_proposal_is_told_in_the_language_that_it_was_asked_for_in(
    client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    wish = "Können Sie mir bitte zwei Handtücher bringen?"
    action = (await tell(client, thread, guest, wish)).json()["reply"]["action"]
    answer = await client.post(f"{thread}/actions/{action['id']}", json={"decision": "cancel"}, headers=guest)
    assert answer.status_code == 200
    told = (await client.get(f"{thread}/messages", headers=guest)).json()["items"][-1]
    assert (told["role"], told["content"]) == ("system", say(Say.CANCELLED, "de"))


async def test_what_was_made_stands_in_the_trail_as_the_assistant_s(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    for text in ("2 towels please", "yes", "Is there a casino?", "yes"):
        await tell(client, thread, guest, text)
    with psycopg.connect(hotels) as connection:
        trail = "SELECT actor_kind, action FROM audit_events ORDER BY created_at, id"
        assert connection.execute(trail).fetchall() == [
            ("assistant", "workorder.create"),
            ("assistant", "ticket.create"),
        ]


async def test_staff_asks_the_staff_s_assistant_and_for_tickets_by_number(
    client: httpx.AsyncClient, thread: str, guest: Headers, staff: Headers, hotels: str
) -> None:
    for text in ("Is there a casino?", "yes"):
        await tell(client, thread, guest, text)
    own = await open_thread(client, staff)
    found = (await tell(client, own, staff, "what about ticket #1?")).json()["reply"]
    assert found["content"].startswith("Ticket 1: Is there a casino?, room 204. open")
    for number in ("99999999", "9999999999"):
        unknown = (await tell(client, own, staff, f"ticket {number}")).json()["reply"]["content"]
        assert unknown.startswith("There is no")
    with psycopg.connect(hotels) as connection:
        keys = connection.execute("SELECT DISTINCT model_key FROM ai_interaction_logs ORDER BY 1").fetchall()
    assert keys == [("agent-for-staff",), ("guest-messaging",)]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What is the status of my requests?"),
        ("de", "Wie ist der Stand von meinen Anliegen?"),
        ("fr", "Quel est l'état de mes demandes ?"),
        ("es", "¿Cuál es el estado de mis peticiones?"),
        ("it", "Qual è lo stato delle mie richieste?"),
    ],
)
async def test_a_guest_asks_how_the_own_requests_stand(  # noqa: PLR0913, PLR0917 - fixtures
    language: str,
    question: str,
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
) -> None:
    async def told(text: str, headers: Headers = guest, where: str = thread) -> str:
        return str((await tell(client, where, headers, text)).json()["reply"]["content"])

    none = say(Say.NO_REQUESTS, language)
    assert await told(question) == none
    stranger = await callers.guest(service, "204")
    assert (await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=guest)).is_success
    assert (await client.post("/api/tickets", json={"title": "Secret"}, headers=stranger)).is_success
    for text in ("2 towels please", "yes"):
        await told(text)
    execute(hotels, "UPDATE work_orders SET status = 'in_progress'")
    under_way, waits = [standing_word(one, language) for one in (Standing.IN_PROGRESS, Standing.OPEN)]
    towels = shown_title("towels", language, "Towels (2)")
    titles = f"{towels} ({under_way}); #1 Tap leaks ({waits})"
    assert await told(question) == say(Say.REQUESTS, language, titles=titles)
    assert await told("ticket #1") == say(Say.REQUESTS, language, titles=f"#1 Tap leaks ({waits})")
    await told(question)
    assert await told("ticket #2") == none
    assert "#2" in await told("ticket #2", stranger, await open_thread(client, stranger))


async def test_staff_asks_what_is_open_in_a_room_of_its_own_kind_of_work(
    client: httpx.AsyncClient, staff: Headers, hotels: str
) -> None:
    execute(hotels, "UPDATE users SET department = 'maintenance' WHERE role = 'staff'")
    own = await open_thread(client, staff)

    async def told(text: str) -> str:
        return str((await tell(client, own, staff, text)).json()["reply"]["content"])

    assert await told("open work orders for room 12a") == "There are no open work orders for room 12a."
    for title, more in (
        ("Mend the tap", {"kind": "maintenance", "priority": "HIGH"}),
        ("Make the beds", {"kind": "housekeeping"}),
        ("Done before", {"kind": "maintenance", "status": "done"}),
        ("Other room", {"kind": "maintenance", "room_label": "13"}),
    ):
        order(hotels, title, **{"room_label": "12A", **more})
    add(hotels, "tickets", number=1, title="Cold", source="MANUAL", room_label="12A")
    found = await told("Which work orders are open for room 12A?")
    assert found == "Open work orders for room 12a: Mend the tap (open, priority high)."
    assert await told("open tickets in room 12A") == (
        "Open tickets for room 12a: Cold (open, priority medium)."
    )


async def test_without_the_hotel_s_assistant_people_answer(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("""UPDATE hotels SET settings = '{"ai_enabled": false}'""")
    assert (await tell(client, thread, guest, "hello")).json()["reply"] is None
    found = (await client.get(thread, headers=guest)).json()
    assert (found["status"], found["unread_staff"]) == ("human", 1)


async def test_the_same_key_opens_one_conversation(client: httpx.AsyncClient, staff: Headers) -> None:
    headers = {**staff, "Idempotency-Key": "opened-once"}
    first, again = [await client.post("/api/conversations", json={}, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await client.post("/api/conversations", json={"subject": "else"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert (await client.post("/api/conversations", json={}, headers=staff)).json() != first.json()


async def test_who_took_over_gave_back_and_resolved_stands_in_the_trail_once(
    client: httpx.AsyncClient, thread: str, staff: Headers, owner_url: str
) -> None:
    for deed in ("takeover", "takeover", "release", "release", "resolve", "resolve"):
        assert (await client.post(f"{thread}/{deed}", headers=staff)).status_code in {200, 409}
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT action, object_id::text, actor_id, before, after FROM audit_events"
            " WHERE object_kind = 'conversation' ORDER BY created_at"
        ).fetchall()
        mine = connection.execute("SELECT id FROM users WHERE email = 'staff@alpha.example'").fetchone()
    assert mine is not None
    taken = {"status": "human", "assigned_to": str(mine[0])}
    free = {"status": "bot", "assigned_to": None}
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("conversation.takeover", free, taken),
        ("conversation.release", taken, free),
        ("conversation.resolve", free, {**free, "status": "resolved"}),
    ]
    assert {(thread.endswith(row[1]), row[2]) for row in rows} == {(True, mine[0])}
