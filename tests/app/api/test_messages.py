import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.domain.assistant.payment import CARD_MASK
from hotelctl.app.domain.assistant.phrases import Say, say
from hotelctl.app.services.limiter import BUCKETS
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A
from tests.app.talk import events_in, tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Headers = dict[str, str]
Json = dict[str, Any]


@pytest.fixture
def pool(hotels: str) -> UUID:
    with psycopg.connect(hotels) as connection:
        return add_entry(connection, HOTEL_A, "Pool", body="The pool opens at 8:00.", keywords="swimming")


def _one(url: str, query: str) -> Any:  # noqa: ANN401 - any column's
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row and len(row) == 1 else row


async def test_an_answer_is_the_entry_with_its_source_and_true_figures(
    client: httpx.AsyncClient, thread: str, guest: Headers, pool: UUID, hotels: str
) -> None:
    answer = await tell(client, thread, guest, "When does the pool open?")
    assert answer.status_code == 201
    message, reply = answer.json()["message"], answer.json()["reply"]
    assert (message["seq"], message["role"], reply["seq"], reply["role"]) == (1, "guest", 2, "assistant")
    assert reply["content"] == "The pool opens at 8:00."
    assert reply["citations"] == [{"entry_id": str(pool), "title": "Pool"}]
    assert (reply["provider"], reply["model"], reply["degraded"]) == ("local", "local-extractive-1", False)
    row = _one(
        hotels,
        "SELECT model_key, provider, status, tokens_in, tokens_out, latency_ms, confidence::float8,"
        " message_id::text FROM ai_interaction_logs",
    )
    assert row[:5] == ("guest-messaging", "local", "success", 0, 0)
    assert row[5] == reply["latency_ms"]
    assert 0.4 <= row[6] <= 1
    assert row[7] == reply["id"]


async def test_what_nobody_wrote_down_becomes_a_ticket_only_after_a_yes(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    reply = (await tell(client, thread, guest, "Is there a casino?")).json()["reply"]
    assert reply["content"] == say(Say.NOT_FOUND, "en")
    assert (reply["action"]["kind"], reply["action"]["status"]) == ("ticket", "needs_confirmation")
    assert _one(hotels, "SELECT count(*) FROM tickets") == 0
    agreed = (await tell(client, thread, guest, "yes please")).json()["reply"]
    assert (agreed["action"]["status"], agreed["action"]["number"]) == ("done", 1)
    assert (reply["action"]["ticket_id"], agreed["action"]["ticket_id"]) == (None, agreed["action"]["id"])
    row = _one(hotels, "SELECT description, source, status, room_label, id::text FROM tickets")
    assert row == ("Is there a casino?", "AI_AGENT", "OPEN", "204", agreed["action"]["id"])
    assert _one(hotels, "SELECT status FROM ai_interaction_logs ORDER BY created_at LIMIT 1") == "handoff"


async def test_a_confirmed_wish_is_one_work_order_with_history_for_the_guest_s_own_room(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    reply = (await tell(client, thread, guest, "2 towels please for room 999")).json()["reply"]
    action = reply["action"]
    assert action == {
        "kind": "work_order",
        "id": action["id"],
        "status": "needs_confirmation",
        "title": "Towels (2)",
        "number": None,
        "ticket_id": None,
    }
    assert _one(hotels, "SELECT count(*) FROM work_orders") == 0
    chip = f"{thread}/actions/{action['id']}"
    first, again = [await client.post(chip, json={"decision": "confirm"}, headers=guest) for _ in range(2)]
    assert first.json() == again.json() == {**action, "status": "done"}
    assert _one(hotels, "SELECT kind, room_label, status, id::text FROM work_orders") == (
        "housekeeping",
        "204",
        "open",
        action["id"],
    )
    assert _one(hotels, "SELECT source, sync_status FROM pms_work_order_history") == (
        "assistant",
        "local_only",
    )
    other = await client.post(chip, json={"decision": "cancel"}, headers=guest)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


async def test_the_same_wish_within_ten_minutes_is_added_to_the_open_order(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    replies = [
        (await tell(client, thread, guest, text)).json()["reply"]
        for text in ("2 towels please", "yes", "please bring towels, really", "yes")
    ]
    assert replies[-1]["action"]["status"] == "attached"
    assert _one(hotels, "SELECT count(*), max(version), max(details) FROM work_orders") == (
        1,
        2,
        "2 towels please\nplease bring towels, really",
    )
    assert _one(hotels, "SELECT count(*) FROM pms_work_order_history") == 2


async def test_a_no_makes_nothing(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    action = (await tell(client, thread, guest, "The shower is broken")).json()["reply"]["action"]
    reply = (await tell(client, thread, guest, "no thanks")).json()["reply"]
    assert (reply["content"], reply["action"]["status"]) == (say(Say.CANCELLED, "en"), "cancelled")
    late = await client.post(f"{thread}/actions/{action['id']}", json={"decision": "confirm"}, headers=guest)
    assert late.status_code == 409
    assert _one(hotels, "SELECT count(*) FROM work_orders") == 0


async def test_an_emergency_is_an_urgent_ticket_at_once_even_without_quota(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET ai_monthly_limit = 0, emergency_phone = '112'")
    reply = (await tell(client, thread, guest, "There is a fire in my room!")).json()["reply"]
    assert "112" in reply["content"]
    assert _one(hotels, "SELECT priority, category FROM tickets") == ("URGENT", "emergency")
    assert _one(hotels, "SELECT status FROM conversations") == "human"


async def test_a_card_number_is_never_stored(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    answer = (await tell(client, thread, guest, "Pay with 4111 1111 1111 1111 please")).json()
    assert CARD_MASK in answer["message"]["content"]
    assert answer["reply"]["content"].startswith(say(Say.CARD, "en"))
    with psycopg.connect(hotels) as connection:
        kept = connection.execute("SELECT content, content_redacted FROM messages ORDER BY seq").fetchall()
        logged = connection.execute("SELECT payload::text, guard_flags FROM ai_interaction_logs").fetchall()
    assert "4111" not in str(kept) + str(logged)
    assert (kept[0][1], logged[0][1]) == (True, ["payment_data"])


@pytest.mark.usefixtures("pool")
async def test_a_repeat_gets_the_first_answer_and_another_text_is_refused(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    key = str(uuid4())
    first = await tell(client, thread, guest, "pool hours", key)
    again = await tell(client, thread, guest, "pool hours", key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert _one(hotels, "SELECT count(*) FROM messages") == 2
    other = await tell(client, thread, guest, "something else", key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_repeat_while_the_first_attempt_runs_is_told_so_and_an_abandoned_one_is_taken_up(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, began, go_on = str(uuid4()), asyncio.Event(), asyncio.Event()
    word = service.assistant.replies._wording.word

    async def slowly(*args: Any) -> Any:  # noqa: ANN401 - passed through
        began.set()
        await go_on.wait()
        return await word(*args)

    monkeypatch.setattr(service.assistant.replies._wording, "word", slowly)
    first = asyncio.create_task(tell(client, thread, guest, "pool hours", key))
    await began.wait()
    early = await tell(client, thread, guest, "pool hours", key)
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    with psycopg.connect(hotels) as connection:
        connection.execute("ALTER TABLE messages DISABLE TRIGGER USER")
        connection.execute("UPDATE messages SET created_at = created_at - interval '2 minutes'")
        connection.execute("ALTER TABLE messages ENABLE TRIGGER USER")
    go_on.set()
    late = await tell(client, thread, guest, "pool hours", key)
    done = await first
    assert late.status_code == 200
    assert late.json()["reply"]["id"] == done.json()["reply"]["id"]
    assert _one(hotels, "SELECT count(*) FROM messages") == 2


@pytest.mark.usefixtures("pool")
async def test_a_repeat_of_an_attempt_that_failed_is_taken_up_at_once_and_once(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, hotels: str
) -> None:
    key, wording = str(uuid4()), service.assistant.replies._wording
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_ask", None)
        failed = await tell(client, thread, guest, "When does the pool open?", key)
    assert (failed.status_code, failed.json()["code"]) == (500, "internal")
    answers = [await tell(client, thread, guest, "When does the pool open?", key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json()["reply"]["id"] for answer in answers}) == 1
    assert _one(hotels, "SELECT count(*) FROM messages") == 2


async def test_the_month_s_share_and_the_minute_s_limit_hold(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET ai_monthly_limit = 1")
    assert (await tell(client, thread, guest, "hello")).status_code == 201
    spent = await tell(client, thread, guest, "hello again, when is breakfast?")
    assert (spent.status_code, spent.json()["code"]) == (402, "quota_used_up")
    assert _one(hotels, "SELECT count(*) FROM messages") == 2
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE rate_limits SET hits = %s", [BUCKETS["chat"].limits[0].allowed])
    limited = await tell(client, thread, guest, "hello")
    assert limited.status_code == 429
    assert int(limited.headers["Retry-After"]) >= 1


@pytest.mark.usefixtures("pool")
async def test_a_person_who_took_over_pauses_the_assistant_until_release(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    taken = await client.post(f"{thread}/takeover", headers=staff)
    assert taken.json()["status"] == "human"
    assert (await tell(client, thread, guest, "pool hours")).json()["reply"] is None
    said = (await tell(client, thread, staff, "It opens at 8.")).json()
    assert (said["message"]["role"], said["reply"]) == ("staff", None)
    assert (await client.get(thread, headers=guest)).json()["status"] == "waiting_guest"
    await client.post(f"{thread}/release", headers=staff)
    assert (await tell(client, thread, guest, "pool hours")).json()["reply"]["citations"]


async def test_a_history_goes_on_after_a_number(
    client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    for text in ("hello", "good morning", "hi"):
        await tell(client, thread, guest, text)
    later = (await client.get(f"{thread}/messages?after=3&limit=2", headers=guest)).json()
    assert ([item["seq"] for item in later["items"]], later["last_seq"]) == ([4, 5], 5)
    none = (await client.get(f"{thread}/messages?after=6", headers=guest)).json()
    assert (none["items"], none["last_seq"]) == ([], 6)


@pytest.mark.parametrize("content", ["", "\u200b\u200b", "x" * 2001, "a\x00b", "\ud800"])
async def test_what_holds_nothing_to_read_or_cannot_be_stored_is_refused(
    content: str, client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    body = json.dumps({"content": content, "client_msg_id": str(uuid4())})
    headers = {**guest, "Content-Type": "application/json"}
    answer = await client.post(f"{thread}/messages", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert _one(hotels, "SELECT count(*) FROM messages") == 0


async def test_a_message_keeps_the_joiners_of_its_script_and_no_other_hidden_sign(
    client: httpx.AsyncClient, thread: str, guest: Headers
) -> None:
    answer = await tell(client, thread, guest, "علی\u200cپور\u200b \u202eK\u200dim")
    assert answer.json()["message"]["content"] == "علی\u200cپور Kim"


async def test_the_answer_streams_and_a_repeat_streams_the_same(
    client: httpx.AsyncClient, thread: str, guest: Headers, pool: UUID
) -> None:
    key, headers = str(uuid4()), {**guest, "Accept": "text/event-stream"}
    answers = [await tell(client, thread, headers, "When does the pool open?", key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    first, again = [events_in(answer.text) for answer in answers]
    assert first == again
    assert [name for name, _ in first] == ["accepted", "delta", "citation", "done"]
    assert first[1][1] == {"text": "The pool opens at 8:00."}
    assert first[2][1] == {"entry_id": str(pool), "title": "Pool"}
    assert answers[0].headers["content-type"].startswith("text/event-stream")
    assert answers[0].headers["cache-control"] == "no-cache"
    stored = (await client.get(f"{thread}/messages", headers=guest)).json()["items"][1]
    assert first[3][1]["message_id"] == stored["id"]


@pytest.mark.usefixtures("pool")
async def test_a_reader_who_leaves_finds_the_answer_later_and_no_connection_was_held(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen, has_left = list[int](), asyncio.Event()
    word = service.assistant.replies._wording.word

    async def watched(*args: Any) -> Any:  # noqa: ANN401 - passed through
        seen.append(service.db.pool_use()["checked_out"])
        service.leaving.set()
        await has_left.wait()
        return await word(*args)

    monkeypatch.setattr(service.assistant.replies._wording, "word", watched)
    monkeypatch.setattr("hotelctl.app.api.streams._LAST_PIECE_S", 0.0)
    headers = {**guest, "Accept": "text/event-stream"}
    events = events_in((await tell(client, thread, headers, "pool hours")).text)
    assert events[-1] == ("reconnect", {"after_ms": 1000})
    assert seen == [0]
    has_left.set()
    await service.background.settle(5)
    items = (await client.get(f"{thread}/messages", headers=guest)).json()["items"]
    assert [item["role"] for item in items] == ["guest", "assistant"]
    assert service.inflight == 0


async def test_who_writes_to_a_colleague_s_guest_is_refused_and_told_who_has_the_guest(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    staff, other = await callers.bearer(client, "staff@alpha.example"), await callers.bearer(client)
    await tell(client, thread, guest, "I want to talk to a person")
    assert (await client.post(f"{thread}/takeover", headers=staff)).status_code == 200
    refused = await tell(client, thread, other, "Me, too")
    assert refused.status_code == 409
    has_it = str(_one(hotels, "SELECT assigned_to FROM conversations"))
    assert refused.json()["errors"] == [{"loc": ["assigned_to"], "msg": has_it}]
    assert _one(hotels, "SELECT count(*) FROM messages WHERE role = 'staff'") == 0
    assert (await tell(client, thread, staff, "Here I am")).status_code == 201
    assert str(_one(hotels, "SELECT assigned_to FROM conversations")) == has_it
    # After its end the conversation is nobody's: who writes then has it.
    assert (await client.post(f"{thread}/resolve", headers=staff)).status_code == 200
    assert (await tell(client, thread, other, "One more thing")).status_code == 201
    assert str(_one(hotels, "SELECT assigned_to FROM conversations")) != has_it


async def test_who_writes_to_a_guest_whose_session_is_over_is_refused_and_an_earlier_repeat_is_not(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    staff, key = await callers.bearer(client, "staff@alpha.example"), str(uuid4())
    await tell(client, thread, guest, "I want to talk to a person")
    assert (await tell(client, thread, staff, "Here I am", key)).status_code == 201
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() WHERE kind = 'guest'")
    refused = await tell(client, thread, staff, "Are you there?")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "nobody would read the answer" in refused.json()["detail"]
    assert (await tell(client, thread, staff, "Here I am", key)).status_code == 200
    assert _one(hotels, "SELECT count(*) FROM messages WHERE role = 'staff'") == 1
