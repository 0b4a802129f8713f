from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from hotelctl.app.services.assistant.provider import (
    Cited,
    Delta,
    Event,
    Prompt,
    ProviderError,
    ProviderName,
    Usage,
)
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A
from tests.app.talk import tell

pytestmark = [pytest.mark.database, pytest.mark.anyio]


class _Silent:
    """A model elsewhere that answers and does not tell its tokens."""

    name: ProviderName = "openai"
    model = "some-model"

    async def complete(self, prompt: Prompt, *, timeout_s: float) -> AsyncIterator[Event]:
        assert timeout_s > 0
        yield Cited(prompt.entries[0])
        yield Delta("At eight.")

    async def close(self) -> None:
        """Nothing to give back."""


class _Failing:
    """A model elsewhere that begins to answer and then fails."""

    name: ProviderName = "openai"
    model = "some-model"

    def __init__(self, error: ProviderError, *usage: Usage) -> None:
        self.error, self.usage = error, usage

    async def complete(self, _prompt: Prompt, *, timeout_s: float) -> AsyncIterator[Event]:
        assert timeout_s > 0
        for usage in self.usage:
            yield usage
        raise self.error

    async def close(self) -> None:
        """Nothing to give back."""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ProviderError("timeout", timed_out=True), "timeout"),
        (ProviderError("server_error"), "failed"),
    ],
)
async def test_a_call_that_failed_is_logged_as_that_beside_the_one_that_stood_in(  # noqa: PLR0913, PLR0917 - fixtures
    error: ProviderError,
    status: str,
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service.assistant.providers, "_openai", _Failing(error, Usage(100, 9)))
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Pool", body="The pool opens at 8:00.")
        connection.execute("""UPDATE hotels SET settings = '{"openai_enabled": true}'""")
    reply = (await tell(client, thread, guest, "pool hours")).json()["reply"]
    assert (reply["provider"], reply["degraded"]) == ("local", True)
    with psycopg.connect(hotels) as connection:
        logged = connection.execute(
            "SELECT provider, provider_model, status, error_code, tokens_in + tokens_out, message_id::text,"
            " payload IS NULL, conversation_id IS NULL FROM ai_interaction_logs ORDER BY provider DESC"
        ).fetchall()
    assert logged == [
        ("openai", "some-model", status, error.code, 109, None, True, False),
        ("local", "local-extractive-1", "success", error.code, 0, reply["id"], False, False),
    ]
    manager = await callers.page(service)
    counted = (await client.get("/api/dashboard/admin", headers=manager)).json()["ai"]
    assert (counted["calls"], counted["failed"], counted["tokens"]) == (2, 1, 109)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET ai_monthly_limit = 2")
    unknown = await tell(client, thread, guest, "Is there a casino?")
    assert (unknown.status_code, unknown.json()["reply"]["provider"]) == (201, "local")
    unanswered = (await client.get("/api/knowledge/unanswered", headers=manager)).json()["items"]
    assert [question["question"] for question in unanswered] == ["Is there a casino?"]


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        (_Failing(ProviderError("timeout", timed_out=True)), None),
        (_Failing(ProviderError("server_error")), 0),
        (_Silent(), None),
    ],
    ids=["given up", "failed", "silent"],
)
async def test_what_a_call_cost_of_whose_tokens_nothing_is_known_is_not_known(  # noqa: PLR0913, PLR0917 - fixtures
    model: _Failing | _Silent,
    cost: int | None,
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service.assistant.providers, "_openai", model)
    with psycopg.connect(hotels) as connection:
        add_entry(connection, HOTEL_A, "Pool", body="The pool opens at 8:00.")
        connection.execute("""UPDATE hotels SET settings = '{"openai_enabled": true}'""")
    await tell(client, thread, guest, "pool hours")
    with psycopg.connect(hotels) as connection:
        asked = "SELECT cost_microusd FROM ai_interaction_logs WHERE provider = 'openai'"
        assert connection.execute(asked).fetchall() == [(cost,)]
