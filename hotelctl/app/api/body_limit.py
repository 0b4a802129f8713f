"""Refuses bodies that are larger than any that the route asks for, before they are held in memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT_BYTES = 64 * 1024
IMPORT_BYTES = 2 * 1024 * 1024
# A form has its own words around the file.
_LARGER = {"/api/knowledge/import": IMPORT_BYTES, "/admin/knowledge/import": IMPORT_BYTES + 4096}


class BodyLimit:
    """ASGI middleware; reading a body beyond the limit, announced or not, raises 413 in the reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything but HTTP through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit_bytes = _LARGER.get(scope["path"], LIMIT_BYTES)
        announced = Headers(scope=scope).get("content-length", "0")
        too_large = announced.isdecimal() and int(announced) > limit_bytes
        read_bytes = 0

        async def receive_limited() -> Message:
            nonlocal read_bytes
            if too_large:
                raise HTTPException(413)
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > limit_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_limited, send)
