"""What the fuzzed hotel takes: of a body that fits the document alone, most is refused for what it names."""

import copy
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from tests.app.people import PASSWORD

Json = dict[str, Any]
_NEW_PASSWORD = "another correct horse battery"
_WORK = {"title": "Tap leaks", "room_label": "204", "assigned_to": "{user_id}"}
# A body that each route takes; `{name}` is the known value of that name. Others take what schemas tell.
_BODIES: Mapping[str, Json | str] = {
    "POST /api/auth/login": {"email": "{email}", "password": PASSWORD},
    "POST /api/auth/password": {"current": PASSWORD, "new": _NEW_PASSWORD},
    "POST /api/auth/refresh": {"refresh_token": "{refresh_token}"},
    "POST /api/auth/set-password": {"token": "{token}", "new": _NEW_PASSWORD},
    "POST /api/auth/staff-qr": {"challenge_id": "{challenge_id}", "password": PASSWORD},
    "POST /api/qr/validate": {"token": "{token}"},
    "POST /api/qr/scan": {"token": "{token}"},
    "POST /api/qr/generate": {"purpose": "guest_access", "room_label": "204"},
    "POST /api/ai/models/{key}/run": {"question": "Is there a pool?"},
    "POST /api/conversations/{conversation_id}/actions/{action_id}": {"decision": "confirm"},
    "POST /api/conversations/{conversation_id}/messages": {
        "content": "Is there a pool?",
        "client_msg_id": "01890000-0000-7000-8000-0000000000ab",
    },
    "POST /api/knowledge": {"title": "Pool", "body": "Opens at 8."},
    "PATCH /api/knowledge/{entry_id}": {"title": "Pool", "body": "Opens at 8."},
    "POST /api/knowledge/import": '{"title": "Pool", "body": "Opens at 8.", "audience": "guest"}',
    "POST /api/tickets": {**_WORK, "sla_minutes": 60},
    "PATCH /api/tickets/{ticket_id}": {"status": "IN_PROGRESS", "priority": "HIGH"},
    "POST /api/tickets/{ticket_id}/comments": {"body": "It drips."},
    "POST /api/work-orders": {"kind": "maintenance", **_WORK, "ticket_id": "{ticket_id}"},
    "PATCH /api/work-orders/{work_order_id}": {"status": "in_progress", "priority": "HIGH"},
    "POST /api/room-notes": {"room_label": "204", "body": "A cot stays."},
    "POST /api/users": {"email": "new@fuzz.example", "display_name": "Kim", "role": "staff"},
}
# Fields that are not everybody's to fill.
_NOT_FOR = {"guest": {"assigned_to", "sla_minutes"}, "staff": {"assigned_to"}}
# Wherever these stand in a body that was made up, every other time it is what the hotel knows.
_KNOWN_FIELDS: Mapping[str, str] = {
    "assigned_to": "user_id",
    "user_id": "user_id",
    "ticket_id": "ticket_id",
    "token": "token",
    "refresh_token": "refresh_token",
    "challenge_id": "challenge_id",
    "email": "email",
    "current": "password",
    "password": "password",
}
VERSION = '"1"'


def with_examples(document: Json, known: Mapping[str, str], caller: str) -> Json:
    """The document, with a body that is taken as the example of each request, and the version of each row."""
    told = copy.deepcopy(document)
    for path, item in told["paths"].items():
        for method, said in item.items():
            for parameter in said.get("parameters", ()):
                if parameter["name"].lower() == "if-match":
                    parameter["example"] = VERSION
            body = _body(f"{method.upper()} {path}", known, caller)
            if body is not None:
                _tell(said["requestBody"]["content"], body)
    return told


def _tell(content: Json, body: Json | str) -> None:
    for kind, described in content.items():
        is_csv = kind == "text/csv"
        described["example"] = "title,body\nPool,Opens at 8.\n" if is_csv else body


def _body(name: str, known: Mapping[str, str], caller: str) -> Json | str | None:
    body = _BODIES.get(name)
    if body is None or isinstance(body, str):
        return body
    left_out = _NOT_FOR.get(caller, set())
    return {field: _filled(value, known) for field, value in body.items() if field not in left_out}


def _filled(value: object, known: Mapping[str, str]) -> object:
    return value.format(**known) if isinstance(value, str) else value


def with_known(body: object, known: Mapping[str, str]) -> object:
    """The made-up body, in which about half of what names something of the hotel does so."""
    return dict(_with_known(body, known)) if isinstance(body, dict) else body


def _with_known(body: Mapping[str, object], known: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for field, value in body.items():
        name = _KNOWN_FIELDS.get(field)
        # By the value, so that the same seed makes the same bodies.
        is_told = name in known and isinstance(value, str) and zlib.crc32(repr(value).encode()) % 2
        yield field, known[name] if is_told and name else value
