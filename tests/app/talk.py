"""What a guest says to the hotel, over the API."""

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
