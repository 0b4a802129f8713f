"""Bodies, ids and texts that no client of good will sends: refused as problems, never an error of ours."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.operations import Operation, fitting_request, known_tables, leaves, operations
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_HUGE = 10**30
_TOO_LARGE = 2**21 + 1
_JSON = {"Content-Type": "application/json"}


def _writing(document: dict[str, Any]) -> list[Operation]:
    """What takes JSON from users of the hotel."""
    return [
        found
        for found in operations(document)
        if found.caller == "signed_in"
        and "application/json" in found.said.get("requestBody", {}).get("content", {})
    ]


def _bodies(body: dict[str, Any]) -> list[bytes]:
    """Each text of the body with a zero byte and with half a character, each number huge."""
    found = []
    for name, value in body.items():
        worse = ["a\x00b", "a\ud800b"] if isinstance(value, str) else [_HUGE, -_HUGE]
        found += [json.dumps({**body, name: one}).encode() for one in worse if not isinstance(value, bool)]
    return found


async def test_texts_and_numbers_that_no_database_takes_are_refused(
    app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    document, asked = app.openapi(), 0
    headers = {**await callers.page(service), **_JSON, "If-Match": "1"}
    for operation in _writing(document):
        request = fitting_request(document, operation, known_tables())
        for content in _bodies(json.loads(request.content or b"{}")):
            answer = await client.request(operation.method, request.url, content=content, headers=headers)
            # 401: as the password that holds, any text is only wrong.
            assert answer.status_code in {401, 403, 404, 422}, (operation.name, content, answer.text)
            asked += 1
    assert asked > 10


_WRONG: dict[str, tuple[Any, ...]] = {
    "integer": ("2", True, 2.5),
    "boolean": ("off", "true", 1),
    "string": (1, True),
}


def _with(body: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    if not place:
        return value  # type: ignore[no-any-return]
    return {**body, place[0]: _with(body.get(place[0], {}), place[1:], value)}


async def test_a_number_a_switch_and_a_text_are_taken_as_nothing_else(
    app: FastAPI, client: httpx.AsyncClient, service: Service, owner_connection: psycopg.Connection
) -> None:
    document, asked = app.openapi(), Counter[str]()
    for number, operation in enumerate(_writing(document)):
        email = f"owner{number}@alpha.example"
        add_user(owner_connection, HOTEL_A, email, "owner")
        headers = {**await callers.page(service, email), "If-Match": "1"}
        request = fitting_request(document, operation, known_tables())
        body = json.loads(request.content)
        schema = operation.said["requestBody"]["content"]["application/json"]["schema"]
        for place, kind in leaves(document, schema):
            for value in _WRONG[kind]:
                wrong = _with(body, place, value)
                answer = await client.request(operation.method, request.url, json=wrong, headers=headers)
                assert answer.status_code == 422, (operation.name, wrong, answer.text)
                assert answer.headers["Content-Type"] == "application/problem+json"
                # Of the field that decides between shapes the message speaks.
                named = [error["loc"][-1] + error["msg"] for error in answer.json()["errors"]]
                assert any(place[-1] in name for name in named), (operation.name, wrong, named)
                asked[kind] += 1
    assert asked.keys() == _WRONG.keys()
    assert min(asked.values()) > 8


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe{}", b"[" * 5_000, b'{"a": NaN}'])
async def test_what_is_no_json_object_is_refused(
    content: bytes, app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    document = app.openapi()
    headers = {**await callers.page(service), **_JSON}
    for operation in _writing(document):
        url = fitting_request(document, operation, known_tables()).url
        answer = await client.request(operation.method, url, content=content, headers=headers)
        assert answer.status_code < 500, (operation.name, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", operation.name


async def test_another_content_type_is_no_json(
    app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    document = app.openapi()
    for operation in _writing(document):
        request = fitting_request(document, operation, known_tables())
        headers = {**await callers.page(service), "Content-Type": "text/plain", "If-Match": "1"}
        answer = await client.request(operation.method, request.url, content=request.content, headers=headers)
        assert 400 <= answer.status_code < 500, (operation.name, answer.text)


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(_TOO_LARGE // 65_536 + 1):
        yield b" " * 65_536


async def test_a_body_larger_than_any_is_refused_everywhere(
    app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    document = app.openapi()
    headers = {**await callers.page(service), **_JSON, "If-Match": "1"}
    for operation in _writing(document):
        url = fitting_request(document, operation, known_tables()).url
        for content in (b" " * _TOO_LARGE, _chunks()):
            answer = await client.request(operation.method, url, content=content, headers=headers)
            assert answer.status_code == 413, (operation.name, answer.text)
            assert answer.json()["code"] == "payload_too_large"


@pytest.mark.parametrize(
    "value", ["%00", "%ED%A0%80", str(_HUGE), "..%2F..", "x" * 5_000, "%FF", "a%0d%0aX: y"]
)
async def test_ids_and_questions_that_are_none_are_refused(
    value: str, app: FastAPI, client: httpx.AsyncClient, service: Service
) -> None:
    headers = await callers.page(service)
    for operation in operations(app.openapi()):
        if operation.method != "GET" or operation.caller != "signed_in":
            continue
        names = [p["name"] for p in operation.said.get("parameters", ()) if p["in"] == "query"]
        path = operation.path.replace("{", "").replace("}", "") if "{" not in operation.path else None
        urls = [f"{path}?{name}={value}" for name in names] if path else []
        urls += [operation.path.split("{")[0] + value] if "{" in operation.path else []
        for url in urls:
            answer = await client.get(url, headers=headers)
            assert answer.status_code < 500, (url, answer.text)


async def test_a_stranger_s_id_is_like_one_that_nobody_has(
    client: httpx.AsyncClient, service: Service
) -> None:
    answer = await client.get(f"/api/conversations/{uuid7()}", headers=await callers.page(service))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
