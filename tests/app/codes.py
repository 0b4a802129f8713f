"""Codes for tests: made over the API, and brought into each state as the owner."""

from typing import Any

import httpx
import psycopg

from tests.app.callers import Headers

# What makes a code out of an active one, by the state it is in then.
INTO = {
    "active": "",
    "used": "UPDATE guest_staff_qr_tokens SET use_count = max_uses, used_at = now()",
    "expired": "UPDATE guest_staff_qr_tokens SET created_at = now() - interval '2 hours', expires_at = now()",
    "revoked": "UPDATE guest_staff_qr_tokens SET revoked_at = now()",
    "replaced": "UPDATE guest_staff_qr_tokens SET revoked_at = now(), replaced_by = id",
}


async def make(client: httpx.AsyncClient, headers: Headers, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields
    """A new code for a guest of room 204, unless told otherwise."""
    body = {"purpose": "guest_access", "room_label": "204", **more}
    answer = await client.post("/api/qr/generate", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def token_of(made: dict[str, Any]) -> str:
    """The token in a code's address."""
    return str(made["url"]).rsplit("/", 1)[1]


def execute(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What the statement finds, or nothing; run as the owner."""
    if not statement:
        return []
    with psycopg.connect(url) as connection:
        done = connection.execute(statement.encode(), values)
        return done.fetchall() if done.description else []
