"""Refuses bodies that are larger than any that the service asks for, before they are held in memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT_BYTES = 64 * 1024


class BodyLimit:
    """ASGI middleware; reading a body beyond the limit, announced or not, raises 413 in the reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything but HTTP through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        too_large = announced.isdecimal() and int(announced) > LIMIT_BYTES
        read_bytes = 0

        async def receive_limited() -> Message:
            nonlocal read_bytes
            if too_large:
                raise HTTPException(413)
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > LIMIT_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_limited, send)
