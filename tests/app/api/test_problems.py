import re

import httpx
import pytest
from fastapi import FastAPI
from psycopg.errors import DivisionByZero
from sqlalchemy import text

from hotelctl.app.domain.failures import Failure, Invalid
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.services.service import Service
from hotelctl.app.store.engine import Database
from tests.app import callers
from tests.app.operations import operations

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/openapi.json", 404, "not_found"),
        ("DELETE", "/health", 405, "method_not_allowed"),
        ("GET", "/api/protected", 401, "unauthenticated"),
        ("POST", "/api/auth/login", 422, "validation_failed"),
    ],
)
async def test_errors_are_problems(
    method: str, path: str, status: int, code: str, client: httpx.AsyncClient
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (
        status,
        code,
        f"https://docs/errors/{code}",
    )
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer.headers["X-Request-Id"]


_ALL_CODES = {
    *("unauthenticated", "quota_used_up", "forbidden", "not_found", "conflict", "gone"),
    *("precondition_failed", "payload_too_large", "validation_failed", "idempotency_mismatch", "locked"),
    *("precondition_required", "rate_limited", "feature_not_configured", "dependency_unavailable"),
    *("timed_out", "hotel_suspended"),
}


def _failures() -> list[type[Failure]]:
    return [*Failure.__subclasses__()]


def test_every_failure_has_a_code_of_its_own() -> None:
    assert sorted(failure.code for failure in _failures()) == sorted(_ALL_CODES)


@pytest.mark.parametrize("failure", _failures(), ids=lambda failure: failure.code)
async def test_each_failure_is_a_problem_with_a_fixed_text(
    failure: type[Failure], app: FastAPI, client: httpx.AsyncClient
) -> None:
    async def fail() -> None:
        raise Invalid(("body", "room"), "is not free") if failure is Invalid else failure(7)

    app.add_api_route("/fail", fail)
    answer = await client.get("/fail")
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (
        failure.status,
        failure.status,
        failure.code,
    )
    assert body["detail"] == texts_in("en")(f"problem.{failure.code}")
    if failure is Invalid:
        assert body["errors"] == [{"loc": ["body", "room"], "msg": "is not free"}]
    else:
        assert answer.headers["Retry-After"] == "7"
        assert "errors" not in body


async def test_a_wrong_method_is_told_the_right_ones(client: httpx.AsyncClient) -> None:
    assert set((await client.delete("/health")).headers["Allow"].split(", ")) == {"GET", "HEAD"}


async def test_each_wrong_field_is_named_without_its_value(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", json={"email": "s3cr3t"})
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", "email"], ["body", "password"]]
    assert all(error["msg"] for error in answer.json()["errors"])
    assert "s3cr3t" not in answer.text


@pytest.mark.usefixtures("hotels")
async def test_what_cannot_be_an_id_is_answered_as_the_id_of_nothing(
    client: httpx.AsyncClient, app: FastAPI, service: Service
) -> None:
    headers = await callers.page(service)
    reads = [found for found in operations(app.openapi()) if found.method == "GET" and "{" in found.path]
    assert len(reads) > 5
    for operation in reads:
        answers = []
        for value in ("not-an-id", str(uuid7())):
            answer = await client.get(re.sub(r"{\w+}", value, operation.path), headers=headers)
            answers.append((answer.status_code, {**answer.json(), "request_id": ""}))
        assert answers[0] == answers[1], operation.name
        assert answers[0][1]["code"] == "not_found"
    page = await client.get("/staff/chats/not-an-id", headers={**headers, "Accept": "text/html"})
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


async def test_a_large_body_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_a_lost_database_is_503(client: httpx.AsyncClient, service: Service) -> None:
    await service.db.close()
    service.db = Database("postgresql://x@127.0.0.1:1/x", pool_size=1, instance_id="t")
    answer = await client.post("/api/auth/refresh", json={"refresh_token": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency_unavailable")
    assert answer.headers["Retry-After"] == "2"


async def test_a_database_that_takes_no_changes_is_503(
    app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    async def write() -> None:
        async with service.db.transaction() as session:
            await session.execute(text("SET TRANSACTION READ ONLY"))
            await session.execute(text("INSERT INTO rate_limits (bucket, key, hits) VALUES ('t', 't', 1)"))

    app.add_api_route("/write", write)
    answer = await client.get("/write")
    assert (answer.status_code, answer.json()["code"]) == (503, "dependency_unavailable")


async def test_a_statement_in_a_broken_transaction_is_a_bug_of_ours_and_no_outage(
    app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    async def go_on() -> None:
        async with service.db.transaction() as session:
            connection = await session.connection()
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            with pytest.raises(DivisionByZero):
                await raw.execute("SELECT 1 / 0")
            await session.execute(text("SELECT 1"))

    app.add_api_route("/go-on", go_on)
    answer = await client.get("/go-on")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
