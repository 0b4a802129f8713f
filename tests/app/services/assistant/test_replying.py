"""Each answer of the assistant is a run of the workflow `message`, whatever becomes of it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from hotelctl.app.services.assistant import replying
from hotelctl.app.services.assistant.answer import FailedCall, Watch
from hotelctl.app.services.assistant.arrival import Arrived
from hotelctl.app.services.assistant.provider import ProviderError
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from hotelctl.app.store import conversations
from hotelctl.app.store.direct import Asked, Fixed
from tests.app import callers

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LINES = (
    b"SELECT model_key, provider, provider_model, status, error_code, tokens_in, request_id, payload"
    b" FROM ai_interaction_logs ORDER BY id"
)
_RUNS = "SELECT to_jsonb(w) FROM workflow_executions w WHERE workflow = 'message' ORDER BY started_at, id"


class Talk:
    """A conversation of a guest, or of whoever else opens it, and the runs that it makes."""

    def __init__(self, client: httpx.AsyncClient, service: Service, url: str) -> None:
        self._client = client
        self.service = service
        self.url = url
        self.who: dict[str, str] = {}
        self.place = ""

    async def open(self, who: dict[str, str]) -> None:
        """From now on they speak."""
        self.who = who
        answer = await self._client.post("/api/conversations", json={}, headers=who)
        self.place = f"/api/conversations/{answer.json()['id']}"

    async def say(self, key: str = "") -> httpx.Response:
        """The answer to a greeting."""
        body = {"content": "hello", "client_msg_id": key or str(uuid4())}
        return await self._client.post(f"{self.place}/messages", json=body, headers=self.who)

    async def take_over(self) -> None:
        """A person answers from now on."""
        staff = await callers.page(self.service, "staff@alpha.example")
        assert (await self._client.post(f"{self.place}/takeover", headers=staff)).status_code == 200

    def runs(self) -> list[dict[str, Any]]:
        """As they stand in the database, the first one first."""
        with psycopg.connect(self.url) as connection:
            return [row[0] for row in connection.execute(_RUNS.encode()).fetchall()]


@pytest.fixture
async def talk(client: httpx.AsyncClient, service: Service, hotels: str) -> Talk:
    made = Talk(client, service, hotels)
    await made.open(await callers.guest(service))
    return made


def _steps(run: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    assert all(step["ms"] >= 0 for step in run["steps"])
    return [(step["name"], step["status"], step["error"]) for step in run["steps"]]


async def test_an_answer_is_a_run_with_its_steps(talk: Talk) -> None:
    said = await talk.say()
    (run,) = talk.runs()
    assert (run["status"], run["errors"]) == ("success", None)
    assert run["trigger_id"] == said.json()["message"]["id"]
    assert _steps(run) == [(name, "success", None) for name in ("decide", "answer", "store")]
    assert run["request_id"] == said.headers["X-Request-Id"]
    took_ms = sum(step["ms"] for step in run["steps"])
    assert took_ms - 1 <= run["duration_ms"] < 60_000


async def test_a_member_of_staff_is_named(talk: Talk) -> None:
    await talk.open(await callers.page(talk.service, "staff@alpha.example"))
    await talk.say()
    (run,) = talk.runs()
    with psycopg.connect(talk.url) as connection:
        row = connection.execute("SELECT id::text FROM users WHERE email = 'staff@alpha.example'").fetchone()
    assert (run["user_id"],) == row


async def test_an_answer_that_a_person_overtakes_is_partial(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = talk.service.assistant.replies._wording.word

    async def overtaken(*args: Any) -> Any:  # noqa: ANN401 - passed through
        await talk.take_over()
        return await word(*args)

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", overtaken)
    assert (await talk.say()).json()["reply"] is None
    (run,) = talk.runs()
    assert (run["status"], run["errors"]) == ("partial", {"store": "taken_over"})


async def test_a_provider_that_failed_on_the_way_makes_it_partial(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = talk.service.assistant.replies._wording.word

    async def degraded(*args: Any) -> Any:  # noqa: ANN401 - passed through
        worded = await word(*args)
        worded.answer.error_code = "timeout"
        return worded

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", degraded)
    assert (await talk.say()).json()["reply"]["content"]
    (run,) = talk.runs()
    assert (run["status"], run["errors"]) == ("partial", {"answer": "timeout"})


async def test_a_call_that_failed_on_the_way_counts_beside_the_one_that_stood_in(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = talk.service.assistant.replies._wording.word

    async def degraded(*args: Any) -> Any:  # noqa: ANN401 - passed through
        worded = await word(*args)
        late = ProviderError("timeout", timed_out=True)
        worded.answer.failures.append(FailedCall("openai", "some-model", late, 20_000, 70, 5))
        return worded

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", degraded)
    assert (await talk.say()).status_code == 201
    counted = talk.service.metrics.registry.get_sample_value
    people = {"synthetic": "0"}
    told = {"model_key": "guest-messaging", **people}
    assert counted("hotel_ai_calls_total", {**told, "provider": "openai", "status": "timeout"}) == 1
    assert counted("hotel_ai_calls_total", {**told, "provider": "local", "status": "success"}) == 1
    assert counted("hotel_ai_tokens_total", {"dir": "in", **people}) == 70
    assert counted("hotel_ai_tokens_total", {"dir": "out", **people}) == 5
    assert counted("hotel_ai_latency_seconds_count", people) == 2


async def test_an_answer_that_never_came_is_a_run_that_failed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a private text")

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", broken)
    assert (await talk.say()).status_code == 500
    (run,) = talk.runs()
    assert (run["status"], run["errors"]) == ("failed", {"answer": "internal"})
    assert _steps(run) == [("decide", "success", None), ("answer", "failed", "internal")]
    assert run["duration_ms"] is not None


async def test_an_answer_that_never_came_is_a_call_that_failed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a private text")

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", broken)
    said = await talk.say()
    with psycopg.connect(talk.url) as connection:
        lines = connection.execute(_LINES).fetchall()
    told = ("guest-messaging", "local", "local-extractive-1", "failed", "internal", 0)
    assert lines == [(*told, said.headers["X-Request-Id"], None)]
    counted = {"model_key": "guest-messaging", "provider": "local", "status": "failed", "synthetic": "0"}
    assert talk.service.metrics.registry.get_sample_value("hotel_ai_calls_total", counted) == 1


async def test_what_was_asked_for_an_answer_that_could_not_be_stored_counts(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = talk.service.assistant.replies._wording.word

    async def paid(*args: Any) -> Any:  # noqa: ANN401 - passed through
        worded = await word(*args)
        answer, late = worded.answer, ProviderError("timeout", timed_out=True)
        answer.provider, answer.model, answer.tokens_in = "openai", "some-model", 70
        answer.failures.append(FailedCall("openai", "some-model", late, 20_000, 30, 0))
        return worded

    async def broken(*_: object) -> None:
        raise RuntimeError("a private text")

    monkeypatch.setattr(talk.service.assistant.replies._wording, "word", paid)
    monkeypatch.setattr(replying._Storing, "store", broken)
    assert (await talk.say()).status_code == 500
    with psycopg.connect(talk.url) as connection:
        lines = [row[1:6] for row in connection.execute(_LINES).fetchall()]
    assert lines == [
        ("openai", "some-model", "timeout", "timeout", 30),
        ("openai", "some-model", "failed", "internal", 70),
    ]


async def test_an_answer_that_the_database_does_not_keep_is_a_run_whose_last_step_failed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: Asked = Fixed("SELECT 1 / 0"), {}
    monkeypatch.setattr(conversations, "appending_reply", lambda *_: nothing)
    assert (await talk.say()).status_code == 500
    (run,) = talk.runs()
    assert (run["status"], run["errors"]) == ("failed", {"store": "internal"})
    with psycopg.connect(talk.url) as connection:
        lines = connection.execute(_LINES).fetchall()
        said = connection.execute("SELECT role FROM messages").fetchall()
    assert [line[3:5] for line in lines] == [("failed", "internal")]
    assert said == [("guest",)]


async def test_of_two_answers_to_one_message_one_is_kept_with_one_call_and_one_run(talk: Talk) -> None:
    replies = talk.service.assistant.replies
    arrivals: list[Arrived] = []

    async def noted(arrived: Arrived, _: Watch) -> None:
        arrivals.append(arrived)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replies, "reply", noted)
        await talk.say()
    made = await asyncio.gather(*(replies.reply(arrivals[0], lambda _: None) for _ in range(5)))
    assert len({one.message.id for one in made if one}) == 1
    with psycopg.connect(talk.url) as connection:
        said = connection.execute("SELECT role, seq FROM messages ORDER BY seq").fetchall()
        lines = connection.execute(_LINES).fetchall()
    assert said == [("guest", 1), ("assistant", 2)]
    assert [line[3] for line in lines] == ["success"]
    assert [run["status"] for run in talk.runs()] == ["success"]


async def test_an_answer_whose_process_died_is_swept_and_its_repeat_is_a_run_of_its_own(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(*_: object) -> None:
        return None

    key = str(uuid4())
    with monkeypatch.context() as killed:
        killed.setattr(talk.service.assistant.replies, "reply", dead)
        await talk.say(key)
    (run,) = talk.runs()
    assert (run["status"], run["steps"], run["finished_at"]) == ("running", [], None)
    with psycopg.connect(talk.url) as connection:
        connection.execute("ALTER TABLE messages DISABLE TRIGGER USER")
        connection.execute("UPDATE messages SET created_at = created_at - interval '16 minutes'")
        connection.execute("ALTER TABLE messages ENABLE TRIGGER USER")
        connection.execute("UPDATE workflow_executions SET started_at = started_at - interval '16 minutes'")
    assert (await runner.run(talk.service.db, BY_NAME["sweep"]))["runs_crashed"] == 1
    assert (await talk.say(key)).json()["reply"]["content"]
    assert [(run["status"], run["errors"]) for run in talk.runs()] == [
        ("failed", {"code": "crashed"}),
        ("success", None),
    ]
    assert ((await talk.say(key)).status_code, len(talk.runs())) == (200, 2)


async def test_a_message_to_a_person_is_no_run(talk: Talk) -> None:
    await talk.take_over()
    await talk.say()
    assert talk.runs() == []
