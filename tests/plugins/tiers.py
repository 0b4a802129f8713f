"""Keeps the unit tier honest: a test without a tier marker opens no network socket and no database.

An audit hook is used, not a patched class: it sees every connect and bind of the process, whoever calls it.
libpq connects in C and passes no audit event, so psycopg's own entry asks the same question. It is put there
once: to set and reset it around each of some thousand tests took seconds.
"""

import importlib
import socket
import sys
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any

import pytest

TIERS = ("database", "system")
_LOCAL_FAMILIES = {socket.AF_UNIX}
_EVENTS = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}
_open_tiers: list[str] = ["outside any test"]


class NetworkInUnitTestError(RuntimeError):
    """A test without the marker `database` or `system` used the network."""


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in _EVENTS or _open_tiers:
        return
    first = args[0] if args else None
    if isinstance(first, socket.socket) and first.family in _LOCAL_FAMILIES:
        return
    message = f"{event} in a unit test: mark it `database` or `system`, or use a fake"
    raise NetworkInUnitTestError(message)


def _refusing(connect: Callable[..., Any]) -> Any:  # noqa: ANN401 - a class method
    """The driver's own way in, closed while a test without a tier marker runs."""

    @wraps(connect)
    def asked(kind: type, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the driver has it
        if not _open_tiers:
            message = "a database connection in a unit test: mark it `database` or `system`, or use a fake"
            raise NetworkInUnitTestError(message)
        return connect(kind, *args, **named)

    return classmethod(asked)


def pytest_collection_finish() -> None:
    """The driver is loaded where tests run: one that a test loads first would not be closed to it.

    Nothing is watched before: of the events of a process most are of the modules that it loads.
    """
    sys.addaudithook(_watch)
    driver: Any = importlib.import_module("psycopg")
    for kind in (driver.Connection, driver.AsyncConnection):
        kind.connect = _refusing(kind.connect.__func__)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Network and databases closed for as long as a test without a tier marker runs, with its fixtures.

    A fixture for all tests that asks for its test's request cost each of them a tenth of a millisecond.
    """
    if any(item.get_closest_marker(tier) for tier in TIERS):
        return (yield)
    before = _open_tiers.copy()
    _open_tiers.clear()
    try:
        return (yield)
    finally:
        _open_tiers.extend(before)
