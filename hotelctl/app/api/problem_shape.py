"""How problems look, as schemas: one response for each status, with the codes that it may have."""

from http import HTTPStatus
from typing import Any

from hotelctl.app.domain.failures import Failure

_HEADERS = {
    401: "WWW-Authenticate",
    405: "Allow",
    423: "Retry-After",
    429: "Retry-After",
}
_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "required": ["loc", "msg"],
    "properties": {"loc": {"type": "array", "items": _TEXT}, "msg": _TEXT},
    "additionalProperties": False,
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `code` is for programs, `detail` a fixed text for it.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "request_id": {"type": ["string", "null"]},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}},
    },
    "additionalProperties": False,
}
SCHEMAS: dict[str, dict[str, Any]] = {"Problem": _PROBLEM, "ProblemField": _ERROR}


def _codes() -> dict[int, list[str]]:
    found = {400: ["bad_request"], 405: ["method_not_allowed"], 421: ["misdirected"], 500: ["internal"]}
    for failure in Failure.__subclasses__():
        found.setdefault(failure.status, []).append(failure.code)
    return found


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    exact = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, exact]}
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}",
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in _HEADERS:
        response["headers"] = {_HEADERS[status]: {"required": True, "schema": _TEXT}}
    return response


RESPONSES = {f"Problem{status}": _response(status, codes) for status, codes in sorted(_codes().items())}


def problem_ref(status: int) -> dict[str, str]:
    """The response of a status; KeyError for one that no failure has."""
    name = f"Problem{status}"
    if name not in RESPONSES:
        raise KeyError(f"no failure has the status {status}")
    return {"$ref": f"#/components/responses/{name}"}
