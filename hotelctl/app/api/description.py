"""The OpenAPI document: every refusal of every route as a problem, and who may call it.

`x-permission` names what the caller must hold; an operation without `security` answers whoever asks.
"""

import warnings
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from hotelctl.app.api.cookies import cookie_name
from hotelctl.app.api.hosts import PROBES
from hotelctl.app.api.parts import operator
from hotelctl.app.api.problem_shape import RESPONSES, SCHEMAS, problem_ref
from hotelctl.app.api.refusals import refused_by
from hotelctl.app.api.require import Requirement

Operation = dict[str, Any]
_UNREADABLE = int(HTTPStatus.UNPROCESSABLE_ENTITY)
_OPERATIONS = frozenset({"get", "post", "patch", "put", "delete"})
_REPLACED = ("HTTPValidationError", "ValidationError")
_SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
_OPERATOR: list[dict[str, list[str]]] = [{"operator": []}]


class DescribedAPI(FastAPI):
    """An application whose document tells all that its routes may answer."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            with warnings.catch_warnings():
                # GET and HEAD of one route share an id until HEAD is left out below.
                warnings.filterwarnings("ignore", message="Duplicate Operation ID")
                document = super().openapi()
            for path, operation, route in _operations(self, document):
                _describe(path, operation, route)
            _complete(document, cookie_name(self.state.service.settings))
        return self.openapi_schema or {}


def _operations(app: FastAPI, document: dict[str, Any]) -> Iterator[tuple[str, Operation, APIRoute]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield from _of_route(document["paths"], context, route)


def _of_route(
    paths: dict[str, Any], context: RouteContext, route: APIRoute
) -> Iterator[tuple[str, Operation, APIRoute]]:
    path = str(context.path)
    known = paths.get(path, {})
    # A HEAD is the GET without its body.
    known.pop("head", None)
    for method in {name.lower() for name in route.methods or ()} & _OPERATIONS & set(known):
        if route.include_in_schema:
            yield path, known[method], route


def _describe(path: str, operation: Operation, route: APIRoute) -> None:
    demands = list(_calls(route.dependant))
    if operator in demands:
        operation["security"] = _OPERATOR
    for demand in demands:
        if isinstance(demand, Requirement):
            operation["security"] = _SIGNED_IN
            if demand.permission is not None:
                operation["x-permission"] = demand.permission
    responses = operation["responses"]
    shaped = _by_shape(path, operation)
    if _UNREADABLE not in shaped | set(route.responses):
        # FastAPI says it of each parameter, also of those of a path.
        responses.pop(str(_UNREADABLE), None)
    for status in shaped | {f.status for call in demands for f in refused_by(call)}:
        responses.setdefault(str(status), {})
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST and (
            status == str(_UNREADABLE) or "content" not in response
        ):
            responses[status] = problem_ref(int(status))
    operation["responses"] = dict(sorted(responses.items()))


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def _by_shape(path: str, operation: Operation) -> set[int]:
    """What follows from where the route is and what it takes."""
    found: set[int] = set() if path in PROBES else {421}
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    if places - {"path"}:
        found.add(_UNREADABLE)
    # What cannot be an id names nothing, as an id of nothing does.
    if "path" in places:
        found.add(404)
    if "requestBody" in operation:
        found |= {400, 413, _UNREADABLE}
    return found


def _complete(document: dict[str, Any], cookie: str) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _REPLACED:
        schemas.pop(name, None)
    schemas.update(SCHEMAS)
    components["responses"] = RESPONSES
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "Access token, or a guest's."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie, "description": "Of the pages."},
        "operator": {"type": "http", "scheme": "bearer", "description": "OPS_TOKEN."},
    }
