import asyncio
from typing import Annotated
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.require import signed_in
from hotelctl.app.domain.failures import Gone
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.service import Service
from hotelctl.app.store import idempotency
from hotelctl.app.store.tables import Conversation
from tests.app import callers
from tests.app.operations import Document, Operation, fitting_request, operations
from tests.app.people import HOTEL_A, add_user
from tests.app.rows import fill

pytestmark = [
    pytest.mark.database,
    pytest.mark.anyio,
    pytest.mark.usefixtures("hotels", "creating"),
]


# POSTs that take no key, each for a reason; every other one does.
_WITHOUT = {
    # The answer lets somebody in, and nothing that does is kept; what is shown is good for its uses only.
    *("/api/auth/login", "/api/auth/refresh", "/api/auth/staff-qr", "/api/qr/validate", "/api/qr/scan"),
    # The link is good once.
    "/api/auth/set-password",
    # What is there is put into a state, and a repeat leaves it there.
    *(
        "/api/auth/logout",
        "/api/auth/password",
        "/api/users/{user_id}/suspend",
        "/api/users/{user_id}/restore",
    ),
    *(
        f"/api/conversations/{{conversation_id}}/{deed}"
        for deed in ("takeover", "release", "resolve", "rate")
    ),
    "/api/conversations/{conversation_id}/actions/{action_id}",
    # A message's `client_msg_id` and an event's own id are such keys.
    *("/api/conversations/{conversation_id}/messages", "/api/webhooks/stripe"),
    # Nothing is made: a question is tried out, a copy of all there is is handed over and kept nowhere.
    *("/api/knowledge/test", "/api/export"),
}


class ThingIn(BaseModel):
    subject: str


class ThingOut(BaseModel):
    id: UUID
    secret: str | None
    text: str


@pytest.fixture
def creating(app: FastAPI) -> None:
    """A route that makes a conversation and tells a secret once; `fail`, `slow` and `large` do what they say.

    `hold` keeps the request in its transaction from `entered` to `may_end`.
    """
    app.state.entered, app.state.may_end = asyncio.Event(), asyncio.Event()

    async def create(
        body: ThingIn, request: Request, who: Annotated[Principal, signed_in()], once: OnceDep
    ) -> Response:
        async def make(session: AsyncSession) -> ThingOut:
            row = Conversation(id=uuid7(), hotel_id=who.hotel_id, channel="api", subject=body.subject)
            session.add(row)
            await session.flush()
            await asyncio.sleep(float(request.headers.get("x-slow", "0")))
            if request.headers.get("x-hold"):
                request.app.state.entered.set()
                await request.app.state.may_end.wait()
            if request.headers.get("x-fail"):
                raise Gone
            return ThingOut(id=row.id, secret="s3cr3t", text="x" * int(request.headers.get("x-large", "0")))

        return await once.create(who, make, kept=lambda made: made.model_copy(update={"secret": None}))

    for path in ("/try/things", "/try/others"):
        app.add_api_route(path, create, methods=["POST"])


@pytest.fixture
async def manager(client: httpx.AsyncClient) -> callers.Headers:
    return await callers.bearer(client)


async def _post(
    client: httpx.AsyncClient, headers: callers.Headers, key: str | None = "k1", **more: str
) -> httpx.Response:
    path, subject = more.pop("path", "/try/things"), more.pop("subject", "Towels")
    key_header = {"Idempotency-Key": key} if key is not None else {}
    return await client.post(path, json={"subject": subject}, headers={**headers, **key_header, **more})


def _made(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM conversations").fetchone()
    return int(row[0]) if row else -1


async def test_a_repeat_gets_the_first_answer_and_makes_nothing(
    client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    first, second = await _post(client, manager), await _post(client, manager)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["secret"] == "s3cr3t"
    assert second.json() == {**first.json(), "secret": None}
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert _made(owner_url) == 1


async def test_without_a_key_each_request_counts(
    client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    answers = [await _post(client, manager, None) for _ in range(2)]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert _made(owner_url) == 2


@pytest.mark.parametrize(
    "change", [{"subject": "Soap"}, {"path": "/try/others"}, {"path": "/try/things?a=1"}]
)
async def test_a_key_for_another_request_is_refused(
    change: dict[str, str], client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    await _post(client, manager)
    answer = await _post(client, manager, **change)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert _made(owner_url) == 1


async def test_a_key_is_its_callers_own(
    client: httpx.AsyncClient, service: Service, manager: callers.Headers, owner_url: str
) -> None:
    others = [await callers.guest(service), await callers.guest(service), await callers.page(service)]
    ids = {(await _post(client, headers)).json()["id"] for headers in (manager, *others)}
    assert len(ids) == 3  # the page is the manager's too
    assert _made(owner_url) == 3


async def test_what_failed_may_be_tried_again(
    client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    failed = await _post(client, manager, **{"x-fail": "1"})
    assert (failed.status_code, _made(owner_url)) == (410, 0)
    assert (await _post(client, manager)).status_code == 201
    assert _made(owner_url) == 1


async def test_of_many_at_once_one_makes_and_all_get_its_answer(
    client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    answers = await asyncio.gather(*(_post(client, manager, **{"x-slow": "0.05"}) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert _made(owner_url) == 1


async def test_a_repeat_does_not_wait_for_ever(
    app: FastAPI,
    client: httpx.AsyncClient,
    manager: callers.Headers,
    owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patience = text("SELECT set_config('lock_timeout', '50ms', true)")
    monkeypatch.setattr(idempotency, "_PATIENCE", patience)
    first = asyncio.create_task(_post(client, manager, **{"x-hold": "yes"}))
    await app.state.entered.wait()
    second = await _post(client, manager)
    app.state.may_end.set()
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert second.headers["Retry-After"] == "1"
    assert (await first).status_code == 201
    assert _made(owner_url) == 1


async def test_a_key_is_free_again_after_a_day(
    client: httpx.AsyncClient, service: Service, manager: callers.Headers, owner_url: str
) -> None:
    first = await _post(client, manager)
    with psycopg.connect(owner_url) as connection:
        left = connection.execute(
            "UPDATE idempotency_keys SET expires_at = now() RETURNING created_at + '1 day'"
        )
        assert left.rowcount == 1
    second = await _post(client, manager, subject="Soap")
    assert second.json()["id"] != first.json()["id"]
    async with service.db.transaction(HOTEL_A) as session:
        assert await idempotency.sweep(session, HOTEL_A) == 0
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE idempotency_keys SET expires_at = now()")
    async with service.db.transaction(HOTEL_A) as session:
        assert await idempotency.sweep(session, HOTEL_A) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "\t"])
async def test_an_odd_key_is_refused(
    key: str, client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    answer = await _post(client, manager, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert _made(owner_url) == 0


def _keyed(document: Document) -> list[Operation]:
    """The operations that take a key."""
    return [
        one
        for one in operations(document)
        if any(told["name"] == "Idempotency-Key" for told in one.said.get("parameters", ()))
    ]


async def test_every_order_takes_a_key(app: FastAPI) -> None:
    document = app.openapi()
    posts = {
        one.path for one in operations(document) if one.method == "POST" and one.path.startswith("/api/")
    }
    assert posts > _WITHOUT
    assert {one.path for one in _keyed(document) if one.path.startswith("/api/")} == posts - _WITHOUT


async def test_every_order_answers_a_repeat_with_what_it_made(
    app: FastAPI, client: httpx.AsyncClient, service: Service, owner_connection: psycopg.Connection
) -> None:
    document = app.openapi()
    add_user(owner_connection, HOTEL_A, "owner@alpha.example", "owner")
    headers = await callers.page(service, "owner@alpha.example")
    rows, asked = fill(owner_connection, HOTEL_A), 0
    for operation in _keyed(document):
        request = fitting_request(document, operation, rows)
        if operation.path == "/api/knowledge/import":
            request = httpx.Request("POST", request.url, json={"title": "Pool", "body": "Until ten."})
            request.headers["Content-Type"] = "application/x-ndjson"
        request.headers.update({**headers, "Idempotency-Key": f"key-{asked}"})
        answers = [await client.send(request) for _ in range(2)]
        assert {answer.is_success for answer in answers} == {True}, (operation.name, answers[0].text)
        assert answers[0].status_code == answers[1].status_code, operation.name
        assert answers[1].headers.get("Idempotency-Replayed") == "true", operation.name
        asked += 1
    assert asked > 8


async def test_an_answer_that_is_too_large_to_be_kept_is_given_and_the_next_attempt_counts(
    client: httpx.AsyncClient, manager: callers.Headers, owner_url: str
) -> None:
    large = {"x-large": str(70_000)}
    first, second = await _post(client, manager, **large), await _post(client, manager, **large)
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in second.headers
    assert _made(owner_url) == 2
