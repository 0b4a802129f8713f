"""The operations of the OpenAPI document, and a request for each that fits it."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from hotelctl.app.domain.ids import uuid7
from tests.app.people import PASSWORD

Document = dict[str, Any]
# Which table the rows of a path's parameter are in; what is in none has a value of its own.
_TABLES = {
    "conversation_id": "conversations",
    "action_id": None,
    "ticket_id": "tickets",
    "work_order_id": "work_orders",
    "note_id": "room_notes",
    "entry_id": "knowledge_entries",
    "user_id": "users",
    "token_id": "guest_staff_qr_tokens",
    "code_id": "guest_staff_qr_tokens",
}
_VALUES = {"key": "guest-messaging", "entry_code": "alpha-hotel"}
# The parameters of paths whose values are known.
PATH_VALUES = (*_TABLES, *_VALUES)
# Where not each text will do.
_FIELDS = {"current": PASSWORD}
_FORMATS = {"date-time": "2026-11-01T10:00:00Z", "date": "2026-11-01", "email": "new@alpha.example"}
_TEXTS = ("204", "new@alpha.example", "ticket", "en", "#a1b2c3", "a secret of some length", "1", '"1"')


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the document says it."""

    method: str
    path: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Like `GET /health`."""
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> str | None:
        """What the caller must hold."""
        found: str | None = self.said.get("x-permission")
        return found

    @property
    def caller(self) -> str:
        """Who is asked for: `anyone`, `signed_in` or `operator`."""
        security = self.said.get("security")
        if not security:
            return "anyone"
        return "operator" if security == [{"operator": []}] else "signed_in"

    @property
    def names_a_row(self) -> bool:
        """Whether the path names something that belongs to one hotel."""
        return any(_TABLES.get(name) for name in re.findall(r"{(\w+)}", self.path))


def operations(document: Document) -> Iterator[Operation]:
    """Each operation of the document."""
    for path, item in document["paths"].items():
        for method, said in item.items():
            yield Operation(method.upper(), path, said)


def fitting_request(document: Document, operation: Operation, rows: Mapping[str, UUID]) -> httpx.Request:
    """A request that fits the document; ids in the path are those of the rows, by table."""
    path = re.sub(r"{(\w+)}", lambda found: _path_value(found[1], rows), operation.path)
    query, headers = {}, {}
    for parameter in operation.said.get("parameters", ()):
        value = sample(document, parameter["schema"]) if parameter["required"] else None
        if parameter["in"] == "query" and value is not None:
            query[parameter["name"]] = str(value)
        if parameter["name"].lower() == "if-match":
            headers["If-Match"] = "1"
    content = operation.said.get("requestBody", {}).get("content", {})
    kind, described = next(iter(content.items()), ("application/json", None))
    body = None if described is None else sample(document, described["schema"])
    url = f"http://hotel.example{path}"
    if kind == "application/json":
        return httpx.Request(operation.method, url, params=query, headers=headers, json=body)
    headers["Content-Type"] = kind
    return httpx.Request(operation.method, url, params=query, headers=headers, content=str(body))


def _path_value(name: str, rows: Mapping[str, UUID]) -> str:
    if name in _VALUES:
        return _VALUES[name]
    table = _TABLES[name]
    return str(uuid7() if table is None else rows[table])


def known_tables() -> dict[str, UUID]:
    """An id for each table that paths name, of a row that is not there."""
    return {table: uuid7() for table in _TABLES.values() if table}


def known_values(rows: Mapping[str, UUID]) -> dict[str, str]:
    """A value for each parameter of paths that is known; ids are those of the rows, by table."""
    return {name: _path_value(name, rows) for name in PATH_VALUES}


def sample(document: Document, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """A value that fits the schema, with what is required and little else."""
    if "$ref" in schema:
        return sample(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return sample(document, next(one for one in schema[choice] if one.get("type") != "null"))
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    return _of_kind(document, schema)


def leaves(
    document: Document, schema: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The place and kind, like `integer`, of each field in a body of the schema; of a choice the first."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            one = next(one for one in schema[choice] if one.get("type") != "null")
            yield from leaves(document, one, at)
    if "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from leaves(document, inner, (*at, name))
    elif schema.get("type") in {"integer", "boolean", "string"}:
        yield at, schema["type"]


def _of_kind(document: Document, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - same
    kind = schema.get("type", "object")
    if kind == "object":
        return _object(document, schema)
    if kind == "array":
        return [sample(document, schema["items"])] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _text(schema)
    return True if kind == "boolean" else max(1, schema.get("minimum", 1))


def _object(document: Document, schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    names = schema.get("required") or list(properties)[:1]
    return {name: _FIELDS.get(name) or sample(document, properties[name]) for name in names}


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "uuid":
        return str(uuid7())
    least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
    for text in (_FORMATS.get(schema.get("format", ""), ""), *_TEXTS, "x" * least, secrets.token_hex(32)):
        if text and least <= len(text) <= most and re.search(schema.get("pattern", ""), text):
            return text
    raise ValueError(f"no text is known that fits {schema}")
