"""An instance that answers wrongly where a test says so."""

from collections.abc import Callable
from typing import Any

import httpx

Lie = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Lying(httpx.AsyncBaseTransport):
    """Passes requests on; a lie may change what comes back, knowing how often that was asked before."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.lies: list[Lie] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, as the lies leave it."""
        response = await self._inner.handle_async_request(request)
        await response.aread()
        for lie in self.lies:
            response = lie(request, response)
        return response

    def says(self, method: str, path: str, status: int, body: object = None, *, after: int = 0) -> None:
        """The path is answered so from its `after`-th request on; without `body` the true one stays."""
        seen = 0

        def lie(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            nonlocal seen
            if (request.method, request.url.path) != (method, path):
                return response
            seen += 1
            if seen <= after:
                return response
            if body is None:
                return httpx.Response(status, headers=response.headers, content=response.content)
            if isinstance(body, str):
                return httpx.Response(status, text=body)
            return httpx.Response(status, json=body)

        self.lies.append(lie)

    def changes(self, path: str, **members: Any) -> None:  # noqa: ANN401 - JSON
        """The path's true JSON with other members."""

        def lie(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.url.path != path:
                return response
            return httpx.Response(response.status_code, json=response.json() | members)

        self.lies.append(lie)

    def rewrites(self, path: str, true: str, false: str) -> None:
        """The path's true text with other words in it."""

        def lie(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.url.path != path or true not in response.text:
                return response
            told = response.text.replace(true, false)
            kept = {name: value for name, value in response.headers.items() if name != "content-length"}
            return httpx.Response(response.status_code, headers=kept, text=told)

        self.lies.append(lie)
