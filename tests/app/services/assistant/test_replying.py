"""Each answer of the assistant is a run of the workflow `message`, whatever becomes of it."""

from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Headers = dict[str, str]
_RUNS = "SELECT to_jsonb(w) FROM workflow_executions w WHERE workflow = 'message' ORDER BY started_at, id"


def _runs(url: str) -> list[dict[str, Any]]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(_RUNS.encode()).fetchall()]


def _steps(run: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    assert all(step["ms"] >= 0 for step in run["steps"])
    return [(step["name"], step["status"], step["error"]) for step in run["steps"]]


@pytest.fixture
async def guest(hotels: str, service: Service) -> Headers:
    assert hotels
    return await callers.guest(service)


@pytest.fixture
async def thread(client: httpx.AsyncClient, guest: Headers) -> str:
    opened = await client.post("/api/conversations", json={}, headers=guest)
    return f"/api/conversations/{opened.json()['id']}"


async def _say(
    client: httpx.AsyncClient, thread: str, guest: Headers, text: str, key: str = ""
) -> httpx.Response:
    body = {"content": text, "client_msg_id": key or str(uuid4())}
    return await client.post(f"{thread}/messages", json=body, headers=guest)


async def test_an_answer_is_a_run_with_its_steps(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    said = await _say(client, thread, guest, "hello")
    (run,) = _runs(hotels)
    assert (run["status"], run["errors"], run["trigger_id"]) == (
        "success",
        None,
        said.json()["message"]["id"],
    )
    assert _steps(run) == [
        ("decide", "success", None),
        ("answer", "success", None),
        ("store", "success", None),
    ]
    assert run["request_id"] == said.headers["X-Request-Id"]
    took_ms = sum(step["ms"] for step in run["steps"])
    assert took_ms - 1 <= run["duration_ms"] < 60_000


async def test_a_member_of_staff_is_named(
    client: httpx.AsyncClient, service: Service, guest: Headers, hotels: str
) -> None:
    assert guest
    staff = await callers.page(service, "staff@alpha.example")
    opened = await client.post("/api/conversations", json={}, headers=staff)
    await _say(client, f"/api/conversations/{opened.json()['id']}", staff, "hello")
    (run,) = _runs(hotels)
    with psycopg.connect(hotels) as connection:
        row = connection.execute("SELECT id::text FROM users WHERE email = 'staff@alpha.example'").fetchone()
    assert (run["user_id"],) == row


async def test_an_answer_that_a_person_overtakes_is_partial(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    word = service.assistant.replies._wording.word

    async def overtaken(*args: Any) -> Any:  # noqa: ANN401 - passed through
        assert (await client.post(f"{thread}/takeover", headers=staff)).status_code == 200
        return await word(*args)

    monkeypatch.setattr(service.assistant.replies._wording, "word", overtaken)
    assert (await _say(client, thread, guest, "hello")).json()["reply"] is None
    (run,) = _runs(hotels)
    assert (run["status"], run["errors"]) == ("partial", {"store": "taken_over"})


async def test_a_provider_that_failed_on_the_way_makes_it_partial(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    word = service.assistant.replies._wording.word

    async def degraded(*args: Any) -> Any:  # noqa: ANN401 - passed through
        worded = await word(*args)
        worded.answer.error_code = "timeout"
        return worded

    monkeypatch.setattr(service.assistant.replies._wording, "word", degraded)
    assert (await _say(client, thread, guest, "hello")).json()["reply"]["content"]
    (run,) = _runs(hotels)
    assert (run["status"], run["errors"]) == ("partial", {"answer": "timeout"})


async def test_an_answer_that_never_came_is_a_run_that_failed(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a private text")

    monkeypatch.setattr(service.assistant.replies._wording, "word", broken)
    assert (await _say(client, thread, guest, "hello")).status_code == 500
    (run,) = _runs(hotels)
    assert (run["status"], run["errors"]) == ("failed", {"answer": "internal"})
    assert _steps(run) == [("decide", "success", None), ("answer", "failed", "internal")]
    assert run["duration_ms"] is not None


async def test_an_answer_whose_process_died_is_swept_and_its_repeat_is_a_run_of_its_own(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def dead(*_: object) -> None:
        return None

    key = str(uuid4())
    with monkeypatch.context() as killed:
        killed.setattr(service.assistant.replies, "reply", dead)
        await _say(client, thread, guest, "hello", key)
    (run,) = _runs(hotels)
    assert (run["status"], run["steps"], run["finished_at"]) == ("running", [], None)
    with psycopg.connect(hotels) as connection:
        connection.execute("ALTER TABLE messages DISABLE TRIGGER USER")
        connection.execute("UPDATE messages SET created_at = created_at - interval '16 minutes'")
        connection.execute("ALTER TABLE messages ENABLE TRIGGER USER")
        connection.execute("UPDATE workflow_executions SET started_at = started_at - interval '16 minutes'")
    assert (await runner.run(service.db, BY_NAME["sweep"]))["runs_crashed"] == 1
    assert (await _say(client, thread, guest, "hello", key)).json()["reply"]["content"]
    assert [(run["status"], run["errors"]) for run in _runs(hotels)] == [
        ("failed", {"code": "crashed"}),
        ("success", None),
    ]
    again = await _say(client, thread, guest, "hello", key)
    assert (again.status_code, len(_runs(hotels))) == (200, 2)


async def test_a_message_to_a_person_is_no_run(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, hotels: str
) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    await client.post(f"{thread}/takeover", headers=staff)
    await _say(client, thread, guest, "hello")
    assert _runs(hotels) == []
