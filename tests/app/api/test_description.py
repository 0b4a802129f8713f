"""What the OpenAPI document says of each route, on a service without a database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from hotelctl.app.api import application
from hotelctl.app.api.description import DescribedAPI
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import limited, require
from hotelctl.app.domain.failures import Gone
from hotelctl.app.domain.permissions import KNOWN
from hotelctl.app.domain.principal import Principal
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.conftest import CHEAP_KIB

NO_DATABASE = "postgresql://x@127.0.0.1:1/x"
_PROBLEM = "#/components/responses/Problem"


def _service(settings: Settings) -> Service:
    return Service(settings, keyring.load(settings.hotel_keyring), Identity(), Passwords(CHEAP_KIB))


@pytest.fixture
def app(settings_of: Callable[..., Settings]) -> FastAPI:
    """Without the routes of the service: to describe them takes most of a second."""
    app = DescribedAPI()
    app.state.service = _service(settings_of(NO_DATABASE))
    return app


@pytest.fixture(scope="module")
def document(made_keyring: Path) -> dict[str, Any]:
    """Made once: it takes a second."""
    settings = Settings.model_validate(
        {
            "database_url": NO_DATABASE,
            "hotel_keyring": made_keyring,
            "hotel_public_url": "https://hotel.example",
            "hotel_env": "test",
        }
    )
    return application.build(_service(settings)).openapi()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def _statuses(operation: dict[str, Any]) -> set[int]:
    return {int(status) for status in operation["responses"]}


@pytest.mark.filterwarnings("error")
def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in _operations(document)]
    assert len(ids) > 15
    assert len(set(ids)) == len(ids)


def test_every_refusal_is_a_problem_with_the_codes_of_its_status(document: dict[str, Any]) -> None:
    for name, operation in _operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and not (status == "503" and "content" in response):
                assert response == {"$ref": f"{_PROBLEM}{status}"}, (name, status)
    unprocessable = document["components"]["responses"]["Problem422"]["content"]["application/problem+json"]
    exact = unprocessable["schema"]["allOf"][1]["properties"]
    assert exact["status"] == {"const": 422}
    assert set(exact["code"]["enum"]) == {"validation_failed", "idempotency_mismatch"}
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_own_answers_of_the_probes_stay_what_they_are(document: dict[str, Any]) -> None:
    ready = document["paths"]["/readyz"]["get"]["responses"]
    assert ready["503"]["content"] == ready["200"]["content"]


def test_shape_and_dependencies_tell_the_refusals(app: FastAPI) -> None:
    async def take(thing: str, body: dict[str, str], who: Annotated[Principal, require("kb.manage")]) -> None:
        """Takes."""

    app.add_api_route("/api/things/{thing}", take, methods=["POST"], responses=refusals(Gone))
    operation = app.openapi()["paths"]["/api/things/{thing}"]["post"]
    assert _statuses(operation) == {200, 400, 401, 403, 404, 410, 413, 421, 422, 429, 503}
    assert operation["x-permission"] == "kb.manage"
    assert operation["security"] == [{"bearer": []}, {"cookie": []}]


def test_a_path_that_names_nothing_is_no_bad_request(app: FastAPI) -> None:
    async def look(thing: UUID) -> None:
        """Looks."""

    async def find(thing: UUID, limit: int = 1) -> None:
        """Finds."""

    app.add_api_route("/api/things/{thing}", look)
    app.add_api_route("/api/things/{thing}/parts", find)
    paths = app.openapi()["paths"]
    assert _statuses(paths["/api/things/{thing}"]["get"]) == {200, 404, 421}
    assert _statuses(paths["/api/things/{thing}/parts"]["get"]) == {200, 404, 421, 422}


def test_an_open_route_has_no_security_and_no_permission(app: FastAPI) -> None:
    async def look() -> None:
        """Looks."""

    app.add_api_route("/api/open", look, dependencies=[limited("qr.validate")])
    operation = app.openapi()["paths"]["/api/open"]["get"]
    assert _statuses(operation) == {200, 421, 429, 503}
    assert not {"security", "x-permission"} & set(operation)


def test_operators_are_a_caller_of_their_own(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/ops/services"]["get"]
    assert operation["security"] == [{"operator": []}]
    assert 401 in _statuses(operation)


def test_keys_and_versions_bring_their_refusals(document: dict[str, Any]) -> None:
    for name, operation in _operations(document):
        headers = {p["name"].lower() for p in operation.get("parameters", ()) if p["in"] == "header"}
        if "idempotency-key" in headers:
            assert {409, 422} <= _statuses(operation), name
        if "if-match" in headers:
            assert {412, 428} <= _statuses(operation), name


def test_permissions_of_the_document_are_registered(document: dict[str, Any]) -> None:
    named = {
        operation["x-permission"] for _, operation in _operations(document) if "x-permission" in operation
    }
    assert "conversations.read" in named
    assert named <= set(KNOWN)


def test_bodies_that_are_json_take_no_unknown_field(document: dict[str, Any]) -> None:
    asked = 0
    for name, operation in _operations(document):
        schema = (
            operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        )
        for one in schema.get("oneOf", [schema]):
            if "$ref" in one:
                asked += 1
                found = document["components"]["schemas"][one["$ref"].rsplit("/", 1)[1]]
                assert found.get("additionalProperties") is False, name
    assert asked >= 6


def test_every_post_that_creates_may_be_repeated_with_a_key(document: dict[str, Any]) -> None:
    creating = {
        name: {parameter["name"] for parameter in operation.get("parameters", [])}
        for name, operation in _operations(document)
        if name.startswith("POST ") and "201" in operation["responses"]
    }
    # A message has a key of its own in the body.
    del creating["POST /api/conversations/{conversation_id}/messages"]
    assert "POST /api/conversations" in creating
    assert [name for name, parameters in creating.items() if "Idempotency-Key" not in parameters] == []
