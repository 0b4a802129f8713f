"""An open model that never retries: requests are due at fixed times, whatever the answers do.

A request's latency counts from the moment it was due, so that a server that stalls is seen as slow by every
request that had to wait for it. Nothing is sent twice; what got no whole answer below status 500 has failed.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from hotelctl.adapters.load.wire import Answer, Connection, FailedRequestError

KEPT_FAILURES = 20
LONGEST_RUN_S = 1800.0


@dataclass(frozen=True, slots=True)
class Load:
    """`rate` requests a second over `connections` kept ones; `new_per_s` more, each on one of its own."""

    url: str
    rate: float = 100
    connections: int = 8
    new_per_s: float = 0
    timeout_s: float = 10


@dataclass(slots=True)
class Result:
    """What happened. `latencies_s` are of answered requests; `idle_closes` lost no request."""

    sent: int = 0
    ok: int = 0
    failed: int = 0
    idle_closes: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    first_failures: list[dict[str, Any]] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    duration_s: float = 0

    def summary(self) -> dict[str, Any]:
        """The counts, the percentiles in milliseconds, the rate that was really reached."""
        names = ("sent", "ok", "failed", "idle_closes", "errors", "statuses", "first_failures")
        whole: dict[str, Any] = {name: getattr(self, name) for name in names}
        latencies = sorted(self.latencies_s)
        whole |= {f"p{share}_ms": _percentile(latencies, share) for share in (50, 95, 99)}
        whole["max_ms"] = _percentile(latencies, 100)
        whole["achieved_rate"] = (
            round((self.ok + self.failed) / self.duration_s, 1) if self.duration_s else 0.0
        )
        whole["duration_s"] = round(self.duration_s, 3)
        return whole


def _percentile(ordered: list[float], share: int) -> float | None:
    """The nearest-rank percentile in milliseconds; None of nothing."""
    if not ordered:
        return None
    return round(ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] * 1000, 3)


class Run:
    """One run: workers hold the kept connections and take what is due."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.result = Result()
        parts = urlsplit(load.url)
        if parts.scheme != "http" or not parts.hostname:
            message = f"not an http:// address: {load.url}"
            raise ValueError(message)
        self._host, self._port = parts.hostname, parts.port or 80
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._due: asyncio.Queue[float] = asyncio.Queue()
        self._single: set[asyncio.Task[None]] = set()
        self._began = time.monotonic()

    def _request(self, connection: str) -> bytes:
        host = f"{self._host}:{self._port}"
        head = f"GET {self._path} HTTP/1.1\r\nHost: {host}\r\nConnection: {connection}\r\n\r\n"
        return head.encode("latin-1")

    async def drive(self, done: Callable[[], bool]) -> Result:
        """The result of a load that lasts until `done`; what was due by then is still waited for."""
        workers = [asyncio.create_task(self._worker()) for _ in range(self.load.connections)]
        self._began = time.monotonic()
        await asyncio.gather(
            self._schedule(self.load.rate, self._due.put_nowait, done),
            self._schedule(self.load.new_per_s, self._send_single, done),
        )
        await self._due.join()
        if self._single:
            await asyncio.wait(self._single)
        self.result.duration_s = time.monotonic() - self._began
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        return self.result

    async def _schedule(self, rate: float, send: Callable[[float], None], done: Callable[[], bool]) -> None:
        count = 0
        while rate > 0 and time.monotonic() - self._began < LONGEST_RUN_S:
            due = self._began + count / rate
            await asyncio.sleep(max(0.0, min(due - time.monotonic(), 0.1)))
            if done():
                return
            if time.monotonic() >= due:
                self.result.sent += 1
                count += 1
                send(due)

    def _send_single(self, due: float) -> None:
        task = asyncio.create_task(self._single_request(due))
        self._single.add(task)
        task.add_done_callback(self._single.discard)

    async def _single_request(self, due: float) -> None:
        connection = await self._attempt(None, due, "close")
        if connection is not None:
            connection.close()

    async def _worker(self) -> None:
        connection: Connection | None = None
        try:
            while True:
                due = await self._due.get()
                connection = await self._attempt(connection, due, "keep-alive")
                self._due.task_done()
        finally:
            if connection is not None:
                connection.close()

    async def _attempt(self, connection: Connection | None, due: float, keep: str) -> Connection | None:
        """Sends one request once and counts its end; returns the connection when it can be used again."""
        if connection is not None and connection.closed_while_idle():
            self.result.idle_closes += 1
            connection.close()
            connection = None
        try:
            async with asyncio.timeout(max(0.001, due + self.load.timeout_s - time.monotonic())):
                if connection is None:
                    connection = await Connection.open(self._host, self._port)
                answer = await connection.ask(self._request(keep))
        except (FailedRequestError, TimeoutError) as error:
            self._failed(getattr(error, "kind", "timeout"), str(error), due)
        else:
            self._answered(answer, due)
            if answer.keep:
                return connection
        if connection is not None:
            connection.close()
        return None

    def _answered(self, answer: Answer, due: float) -> None:
        self.result.statuses[str(answer.status)] += 1
        self.result.latencies_s.append(time.monotonic() - due)
        if self._is_good(answer.status):
            self.result.ok += 1
        else:
            self._failed(f"status_{answer.status}", answer.body[:200].decode("utf-8", "replace"), due)

    def _is_good(self, status: int) -> bool:
        return status < HTTPStatus.INTERNAL_SERVER_ERROR

    def _failed(self, kind: str, detail: str, due: float) -> None:
        self.result.failed += 1
        self.result.errors[kind] += 1
        if len(self.result.first_failures) < KEPT_FAILURES:
            at_s = round(due - self._began, 3)
            self.result.first_failures.append({"at_s": at_s, "kind": kind, "detail": detail})
