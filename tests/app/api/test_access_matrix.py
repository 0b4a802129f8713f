"""Every route for every role, in the own hotel and in another one: what the registry says, happens.

Routes and what they demand come from the OpenAPI document, who holds it from the registry.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from hotelctl.app.domain.permissions import Role, Scope, grants
from hotelctl.app.services.service import Service
from tests.app.api.test_require import _OPEN
from tests.app.everybody import ANONYMOUS, CALLERS, add_everybody, come_in, standing
from tests.app.operations import Operation, fitting_request, known_tables, operations
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill, tenant_tables

pytestmark = [pytest.mark.database, pytest.mark.anyio]

# For whoever is logged in, whatever the role.
_SIGNED_IN = {
    *("GET /api/protected", "GET /api/session/me"),
    *("PATCH /api/session/me", "POST /api/auth/password"),
}
# Less than the permission says, because of what the thing is.
_ONLY_GUESTS = {"POST /api/conversations/{conversation_id}/rate"}
_ONLY_USERS = {"POST /api/auth/password", "PATCH /api/session/me"}
Asked = tuple[Operation, str, httpx.Response]


def _expected(caller: str, operation: Operation) -> str:
    """What the registry says: `let in`, or the code of the refusal."""
    if caller == ANONYMOUS or operation.caller == "operator":
        return "unauthenticated"
    role, department = standing(caller)
    if operation.name in (_ONLY_USERS if role is Role.GUEST else _ONLY_GUESTS):
        return "forbidden"
    held = operation.permission is None or operation.permission in grants(role, department)
    return "let in" if held else "forbidden"


@pytest.fixture
def people(owner_connection: psycopg.Connection, hotels: str) -> str:
    """The owner's URL; hotel A has a user of each role and department."""
    add_everybody(owner_connection)
    return hotels


@pytest.fixture
def guarded(app: FastAPI, service: Service) -> tuple[dict[str, Any], list[Operation]]:
    """The document and what knows its caller; streams end at once, as on an instance that leaves."""
    service.leaving.set()
    document = app.openapi()
    return document, [found for found in operations(document) if found.caller != "anyone"]


def _rows_of(connection: psycopg.Connection, hotel_id: object) -> dict[str, Any]:
    found = {}
    for table in tenant_tables():
        statement = sql.SQL("SELECT * FROM {} WHERE hotel_id = %s ORDER BY 1, 2").format(
            sql.Identifier(table.name)
        )
        found[table.name] = connection.execute(statement, (hotel_id,)).fetchall()
    return found


def _reaches_less(caller: str, operation: Operation) -> bool:
    """Whether the caller may do it to what is assigned to it or was made by it, which no row here is."""
    role, department = standing(caller)
    reach = grants(role, department).get(operation.permission or "")
    return reach is Scope.ASSIGNED or (reach is Scope.OWN and role is not Role.GUEST)


def _wrong(caller: str, asked: list[Asked]) -> Iterator[str]:
    for operation, whose, answer in asked:
        status, expected = answer.status_code, _expected(caller, operation)
        said = f"{operation.name} {whose}: {status} {answer.text[:200]}"
        if str(status) not in operation.said["responses"]:
            yield f"{said}, not in the document"
        if status >= 400:
            code = answer.json().get("code")
            if expected not in {"let in", code}:
                yield f"{said}, {expected} was due"
            if expected == "let in" and status in {401, 403} and not _reaches_less(caller, operation):
                yield f"{said}, but the registry lets in"
        elif expected != "let in":
            yield f"{said}, {expected} was due"
        if expected == "let in" and whose == "foreign" and status != 404:
            yield f"{said}, 404 was due"


async def test_each_operation_demands_a_permission_or_is_known_to_need_none(app: FastAPI) -> None:
    found = operations(app.openapi())
    # A name that no operation bears would stay green for ever.
    assert {operation.name for operation in found} >= _SIGNED_IN | _ONLY_GUESTS | _ONLY_USERS
    for operation in found:
        if operation.caller == "anyone":
            assert operation.path in _OPEN, operation.name
        elif operation.caller == "signed_in" and operation.permission is None:
            assert operation.name in _SIGNED_IN


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("caller", CALLERS)
async def test_each_route_answers_as_the_registry_says(
    caller: str,
    guarded: tuple[dict[str, Any], list[Operation]],
    service: Service,
    client: httpx.AsyncClient,
    owner_connection: psycopg.Connection,
) -> None:
    document, found = guarded
    rows = {"own": fill(owner_connection, HOTEL_A), "foreign": fill(owner_connection, HOTEL_B)}
    before = _rows_of(owner_connection, HOTEL_B)
    asked: list[Asked] = []
    for operation in found:
        for whose in ("own", "foreign") if operation.names_a_row else ("own",):
            request = fitting_request(document, operation, rows[whose])
            request.headers.update(await come_in(service, caller))
            asked.append((operation, whose, await client.send(request)))
    assert len(asked) > 10
    assert list(_wrong(caller, asked)) == []
    assert _rows_of(owner_connection, HOTEL_B) == before


async def test_who_asks_is_asked_for_before_what_is_asked(
    guarded: tuple[dict[str, Any], list[Operation]], hotels: str, client: httpx.AsyncClient
) -> None:
    assert hotels
    document, found = guarded
    for operation in found:
        bare = fitting_request(document, operation, known_tables())
        answer = await client.request(operation.method, bare.url.path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), operation.name
