"""What is true of every outside service: off, configured, or asked with an answer."""

import asyncio
import ssl
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar

LIMIT_S = 5.0
_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 429: "rate_limited"}


class State(StrEnum):
    """What is known; a key that is set is never by itself a connection."""

    NOT_CONFIGURED = "not_configured"
    CONFIGURED_UNCHECKED = "configured_unchecked"
    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """One service's state; a failure has a code and never the words of a server or library."""

    state: State
    code: str | None = None
    latency_ms: float | None = None
    checked_at: datetime | None = None


class CallFailed(Exception):
    """The service did not do what was asked; `code` says why in one fixed word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def code_of_status(status: int) -> str:
    """The word for an HTTP status that is no success."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server_error"
    return _CODES.get(status, "refused")


def code_of(error: BaseException) -> str:
    """The word for a connection that did not come about or broke."""
    chain = list(_causes(error))
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return "tls"
    # Libraries have time-outs of their own that are no TimeoutError.
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return "timeout"
    return "unreachable"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it; some libraries keep the cause in `reason` or `args` only."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        linked = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [part for part in linked if isinstance(part, BaseException)]


class Contact(ABC):
    """One outside service."""

    name: ClassVar[str]
    extra: ClassVar[str]
    library: ClassVar[str]
    variable: ClassVar[str]
    serves: ClassVar[bool] = True
    """Whether any feature uses it; of one that only is asked whether it answers, pages say nothing."""

    @abstractmethod
    def configured(self) -> bool:
        """Whether its settings are there; nothing is asked."""

    @abstractmethod
    async def ask(self) -> None:
        """One cheap call that changes nothing; raises CallFailed, TimeoutError or OSError."""

    def in_use(self) -> bool:
        """Whether any part of it needs the library."""
        return self.configured()

    def installed(self) -> bool:
        """Whether the library of its extra can be loaded."""
        return find_spec(self.library) is not None

    def unasked(self) -> Standing:
        """The state as far as the settings tell it."""
        return Standing(State.CONFIGURED_UNCHECKED if self.configured() else State.NOT_CONFIGURED)

    async def check(self) -> Standing:
        """The state by a real call, after five seconds at most."""
        if self.in_use() and not await self._loaded():
            return Standing(State.FAILED, "extra_missing", checked_at=datetime.now(UTC))
        if not self.configured():
            return self.unasked()
        began_s = time.perf_counter()
        code = await self._failure()
        latency_ms = round((time.perf_counter() - began_s) * 1000, 1)
        return Standing(State.FAILED if code else State.OK, code, latency_ms, datetime.now(UTC))

    async def _loaded(self) -> bool:
        """Whether its library is in this process."""
        try:
            if self.installed():
                # Some take a second to load, in which the loop has requests to serve.
                await asyncio.to_thread(import_module, self.library)
        except ImportError:
            return False
        return self.installed()

    async def _failure(self) -> str | None:
        try:
            async with asyncio.timeout(LIMIT_S):
                await self.ask()
        except CallFailed as failure:
            return failure.code
        except (TimeoutError, OSError) as error:
            return code_of(error)
        return None
