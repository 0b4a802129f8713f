"""Server-sent events: how they are put on the wire, kept alive, and ended when the instance leaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

MEDIA_TYPE = "text/event-stream"
RECONNECT_MS = 1_000
KEEPALIVE_S = 15.0
# An answer that is nearly there may still come when the instance has to leave.
_LAST_PIECE_S = 1.0


def event(
    name: str,
    data: Any,  # noqa: ANN401 - any JSON
    *,
    event_id: int | None = None,
    retry_ms: int | None = None,
) -> bytes:
    """One event on the wire."""
    text = json.dumps(jsonable_encoder(data), ensure_ascii=False, separators=(",", ":"))
    number = None if event_id is None else str(event_id)
    return format_sse_event(data_str=text, event=name, id=number, retry=retry_ms)


def reconnect() -> bytes:
    """The request to come back in a moment, to another instance."""
    return event("reconnect", {"after_ms": RECONNECT_MS}, retry_ms=RECONNECT_MS)


async def from_queue(queue: "asyncio.Queue[bytes | None]", leaving: asyncio.Event) -> AsyncIterator[bytes]:
    """What is put into the queue until None; comments in between keep proxies from hanging up."""
    left = asyncio.ensure_future(leaving.wait())
    got = asyncio.ensure_future(queue.get())
    try:
        while True:
            waiting = {got} if left.done() else {got, left}
            timeout_s = _LAST_PIECE_S if left.done() else KEEPALIVE_S
            done, _ = await asyncio.wait(waiting, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if got in done:
                piece = got.result()
                if piece is None:
                    return
                yield piece
                got = asyncio.ensure_future(queue.get())
            elif not done:
                yield reconnect() if left.done() else KEEPALIVE_COMMENT
                if left.done():
                    return
    finally:
        left.cancel()
        got.cancel()


def is_stream(responses: Mapping[int | str, dict[str, Any]]) -> bool:
    """Whether a route that answers with these may answer with a stream."""
    return MEDIA_TYPE in responses.get(200, {}).get("content", {})


def response(events: AsyncIterator[bytes]) -> EventSourceResponse:
    """The stream as an answer; nobody on the way may hold it back."""
    return EventSourceResponse(events, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
