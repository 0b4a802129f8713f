"""A conversation as it is followed: messages and changes as they happen."""

import asyncio

import httpx
import psycopg
import pytest

from hotelctl.app.api import messages
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.talk import events_in, tell
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]


class _Polls:
    """How often live views have looked, each hundredth of a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._done, self._nap = 0, messages._nap
        monkeypatch.setattr(messages, "_POLL_S", 0.01)
        monkeypatch.setattr(messages, "_nap", self._counted)

    async def _counted(self, leaving: asyncio.Event) -> None:
        self._done += 1
        await self._nap(leaving)

    async def again(self) -> None:
        """Return when one has looked and told what it saw that began to look later than now."""
        wanted = self._done + 2
        async with asyncio.timeout(60):
            while self._done < wanted:  # noqa: ASYNC110 - a number is no event
                await asyncio.sleep(0.01)


async def test_a_live_view_tells_messages_after_the_last_event_then_status_and_leaves_with_the_instance(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = _Polls(monkeypatch)
    await tell(client, thread, guest, "hello")
    staff = await callers.page(service, "staff@alpha.example")
    following = asyncio.create_task(client.get(f"{thread}/events", headers={**staff, "Last-Event-ID": "1"}))
    await polls.again()
    await tell(client, thread, guest, "I want to talk to a human")
    await polls.again()
    service.leaving.set()
    answer = await following
    events = events_in(answer.text)
    numbers = [data["seq"] for name, data in events if name == "message"]
    assert numbers == [2, 3, 4]
    assert [data["status"] for name, data in events if name == "status"] == ["bot", "human"]
    assert events[-1] == ("reconnect", {"after_ms": 1000})
    assert "retry: 1000" in answer.text
    assert "id: 4" in answer.text


async def test_a_live_view_tells_where_what_was_asked_for_stands(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    polls = _Polls(monkeypatch)
    await tell(client, thread, guest, "2 towels please")
    await tell(client, thread, guest, "yes")
    following = asyncio.create_task(client.get(f"{thread}/events", headers=guest))
    await polls.again()
    (changed,) = one(hotels, "UPDATE work_orders SET status = 'done' RETURNING id::text")
    await polls.again()
    service.leaving.set()
    told = [data["requests"] for name, data in events_in((await following).text) if name == "status"]
    assert told == [{changed: "open"}, {changed: "done"}]


async def test_a_live_view_ends_with_the_session(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    polls = _Polls(monkeypatch)
    following = asyncio.create_task(client.get(f"{thread}/events", headers=guest))
    await polls.again()
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE sessions SET revoked_at = now() WHERE kind = 'guest'")
    service.admission._found.clear()
    async with asyncio.timeout(60):
        answer = await following
    assert answer.status_code == 200
    assert "reconnect" not in answer.text
