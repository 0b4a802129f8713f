"""Requests of one route, one after the other on a connection that is kept, and how long each took."""

import http.client
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.service.figures import percentile_ms

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One request; who sends it stands in its headers."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class RouteTime:
    """One route, in milliseconds over so many requests."""

    route: str
    n: int
    p50_ms: float | None
    p95_ms: float | None

    @classmethod
    def of(cls, route: str, times_s: list[float]) -> "RouteTime":
        """The figures of these."""
        return cls(route, len(times_s), percentile_ms(times_s, 50), percentile_ms(times_s, 95))


# Sends a request and gives back its answer's content; what comes before a request is not timed with it.
Send = Callable[[Sent], bytes]


def connected(base_url: str) -> "closing[http.client.HTTPConnection]":
    """A connection, closed when left."""
    return closing(http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10))


def answered(connection: http.client.HTTPConnection, sent: Sent) -> bytes:
    """The content of the answer. Raises ValueError where it is a refusal."""
    connection.request(sent.method, sent.path, body=sent.body, headers=dict(sent.headers))
    answer = connection.getresponse()
    content = answer.read()
    if answer.status not in {200, 201, 204}:
        raise ValueError(f"{sent.method} {sent.path} answered {answer.status}: {content[:200].decode()}")
    return content


def route_time(base_url: str, route: str, each: Iterable[Callable[[Send], Sent]]) -> RouteTime:
    """The figures of these requests; each may send others before, to make what it is about.

    Raises ValueError where one is refused.
    """
    times = []
    with connected(base_url) as connection:
        for made in each:
            sent = made(lambda before: answered(connection, before))
            began = time.perf_counter()
            answered(connection, sent)
            times.append(time.perf_counter() - began)
    return RouteTime.of(route, times)
