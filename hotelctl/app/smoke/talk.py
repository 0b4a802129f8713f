"""Requests to one instance and what their answers must be. Redirects are never followed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpx

_COOKIE = re.compile(r"^([^=;\s]+)=([^;]*)")
# What a browser says of a request that one of our own pages makes.
_OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
# Whoever counts what people are answered can tell by it that no person asked.
_MARK = {"X-Hotelctl-Probe": "1"}
_SHOWN = 160
_TIMEOUT_S = 5.0


class Broken(Exception):
    """Something does not hold; the message says what was asked and what came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `request` is its method and path."""

    request: str
    status: int
    headers: httpx.Headers
    text: str

    def must(self, status: int, /, **values: object) -> "Answer":
        """The same answer, if it has that status and those members. Raises Broken."""
        if self.status != status:
            came = " ".join(self.text.split())[:_SHOWN]
            raise Broken(f"{self.request}: answered {self.status}, must be {status}: {came}".rstrip(": "))
        for path, wanted in values.items():
            found = self.value(path.replace("__", "."))
            if found != wanted:
                raise Broken(f"{self.request}: {path.replace('__', '.')} is {found!r}, must be {wanted!r}")
        return self

    def body(self) -> Any:  # noqa: ANN401 - JSON is any shape
        """The body as JSON. Raises Broken."""
        try:
            return json.loads(self.text)
        except ValueError:
            raise Broken(f"{self.request}: the answer is no JSON") from None

    def value(self, path: str) -> Any:  # noqa: ANN401 - JSON is any shape
        """The member at a dotted path. Raises Broken when there is none."""
        found = self.body()
        for part in path.split("."):
            if not isinstance(found, dict) or part not in found:
                raise Broken(f"{self.request}: the answer lacks {path}")
            found = found[part]
        return found

    def holds(self, words: str) -> "Answer":
        """The same answer, if its text holds `words`. Raises Broken."""
        if words not in self.text:
            raise Broken(f"{self.request}: the answer does not hold {words!r}")
        return self

    def lacks(self, words: str, what: str) -> "Answer":
        """The same answer, if its text does not hold `words`, which would be `what`. Raises Broken."""
        if words in self.text:
            raise Broken(f"{self.request}: the answer shows {what}")
        return self

    def cookie(self) -> str:
        """The cookie that was set, as a browser returns it. Raises Broken."""
        found = _COOKIE.match(self.headers.get("set-cookie", ""))
        if found is None:
            raise Broken(f"{self.request}: no cookie was set")
        return found.group(0)


class Talk:
    """Asks one instance and counts how often."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.requests = 0

    async def ask(
        self,
        request: str,
        *,
        bearer: str | None = None,
        cookie: str | None = None,
        json_body: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to `METHOD /path`; a connection that is refused is tried once more."""
        method, path = request.split(" ", 1)
        sent = dict(headers or {})
        if cookie is not None or form is not None:
            sent = _OWN_PAGE | sent
        if bearer is not None:
            sent["Authorization"] = f"Bearer {bearer}"
        if cookie is not None:
            sent["Cookie"] = cookie
        self.requests += 1
        call = {"json": json_body, "data": dict(form) if form is not None else None, "headers": sent}
        try:
            reply = await self._client.request(method, path, **call)  # type: ignore[arg-type]  # httpx's own union
        except httpx.ConnectError:
            reply = await self._client.request(method, path, **call)  # type: ignore[arg-type]  # same
        return Answer(request, reply.status_code, reply.headers, reply.text)


def client_of(
    url: str, transport: httpx.AsyncBaseTransport | None = None, timeout_s: float = _TIMEOUT_S
) -> httpx.AsyncClient:
    """A client for the instance at `url`: no proxies, no redirects, no cookies but those that are named."""
    client = httpx.AsyncClient(
        base_url=url,
        headers=_MARK,
        timeout=timeout_s,
        trust_env=False,
        follow_redirects=False,
        transport=transport,
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client
