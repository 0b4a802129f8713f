"""What a guest says to the hotel, over the API."""

import json
from typing import Any
from uuid import uuid4

import httpx

from tests.app.callers import Headers


async def open_thread(client: httpx.AsyncClient, headers: Headers) -> str:
    """The address of the caller's conversation."""
    opened = await client.post("/api/conversations", json={}, headers=headers)
    assert opened.status_code in {200, 201}, opened.text
    return f"/api/conversations/{opened.json()['id']}"


async def tell(
    client: httpx.AsyncClient, thread: str, headers: Headers, content: str, key: str | None = None
) -> httpx.Response:
    """The answer to a message; sent again with the same key it is the same message."""
    body = {"content": content, "client_msg_id": key or str(uuid4())}
    return await client.post(f"{thread}/messages", json=body, headers=headers)


def events_in(stream: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream, in their order, without what only keeps it alive."""
    found = []
    for block in stream.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found
