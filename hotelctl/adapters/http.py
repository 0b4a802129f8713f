"""HTTP as it is: one connection a request, no redirects, no retries, no proxies, one limit for all of it."""

import time
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.reach import ANYWHERE, Reach, is_here
from hotelctl.core.http import Reply
from hotelctl.core.lazily import lazily
from hotelctl.core.ports import Clock, EvidenceLog
from hotelctl.facts.edge_log import MARK, MARKED

if TYPE_CHECKING:
    import ssl

    import httpx
else:
    ssl, httpx = lazily("ssl"), lazily("httpx")

_PLAIN = "http://"
_BODY_LIMIT = 4_000_000
_SHOWN = 64_000
# Half a secret at the cut would not be recognised, so the cut part loses this much more.
_BORDER = 512


class HttpClient:
    """Connections are not kept: each request says whether the server can be reached now."""

    def __init__(self, evidence: EvidenceLog, clock: Clock, reach: Reach = ANYWHERE) -> None:
        """Keep the ports; nothing is opened."""
        self._evidence = evidence
        self._clock = clock
        self._reach = reach

    def request(  # noqa: PLR0913 - one parameter a part of the exchange
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,  # noqa: ANN401 - JSON is any shape
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float = 5.0,
        confidential: bool = False,
    ) -> Reply:
        """One exchange of at most `timeout_s`; raises for no server, `Unavailable` for one out of reach."""
        # Reading the library is none of the answer's time.
        client = self._client if url.startswith(_PLAIN) else self._trusting
        started_at, started = self._clock.now(), time.monotonic()
        status: int | None = None
        answer_headers: Mapping[str, str] = {}
        body = error = ""
        try:
            sent: dict[str, Any] = {"json": json, "data": form, "content": content}
            request = _marked(client.build_request(method, url, headers=headers, timeout=timeout_s, **sent))
            self._reach.require(request.url.host)
            status, answer_headers, body = self._exchange(client, request, started + timeout_s)
        except httpx.TimeoutException:
            error = f"no answer within {timeout_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            error = _words(trouble)
        took_s = time.monotonic() - started
        data = {
            "method": method,
            "url": url,
            "status": status,
            "error": error,
            "headers": sorted(headers or {}),
            "started_at": started_at.isoformat(),
            "duration_ms": round(took_s * 1000, 1),
        }
        evidence = self._evidence.record("http", data, None if confidential else _shown(body) or None)
        return Reply(status, answer_headers, body, took_s, evidence, error)

    @staticmethod
    def _exchange(
        client: "httpx.Client", request: "httpx.Request", end_at: float
    ) -> tuple[int, Mapping[str, str], str]:
        answer = client.send(request, stream=True)
        try:
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > _BODY_LIMIT:
                    break
                # httpx limits each wait, not their sum: a slow drip would go on for ever.
                if time.monotonic() > end_at:
                    raise httpx.ReadTimeout("the answer came too slowly")
        finally:
            answer.close()
        text = body[:_BODY_LIMIT].decode(answer.encoding or "utf-8", errors="replace")
        return answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, text

    @cached_property
    def _client(self) -> "httpx.Client":
        """It trusts nobody: reading whom the machine trusts takes as long as many requests without TLS."""
        return self._made(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    @cached_property
    def _trusting(self) -> "httpx.Client":
        return self._made(ssl.create_default_context())

    @staticmethod
    def _made(trusted: "ssl.SSLContext") -> "httpx.Client":
        return httpx.Client(
            transport=httpx.HTTPTransport(
                verify=trusted,
                limits=httpx.Limits(max_keepalive_connections=0),
                trust_env=False,
                retries=0,
            ),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """No connection is open; the client may be used again."""
        for name in ("_client", "_trusting"):
            client = self.__dict__.pop(name, None)
            if client is not None:
                client.close()


def _marked(request: "httpx.Request") -> "httpx.Request":
    """Others need not know who asks; an edge of this machine tells it apart from what people do."""
    if is_here(request.url.host):
        request.headers[MARK] = MARKED
    return request


def _words(trouble: Exception) -> str:
    """One lower-case line: what the system said, without the library's wrapping."""
    said = str(trouble).strip().partition("\n")[0]
    return (said.partition("] ")[2] if said.startswith("[Errno") else said).lower() or type(trouble).__name__


def _shown(body: str) -> str:
    return body if len(body) <= _SHOWN else body[: _SHOWN - _BORDER] + "\n[... cut ...]"
