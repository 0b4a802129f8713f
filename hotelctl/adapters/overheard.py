"""A throw-away server that writes down what it is asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import Databases
from hotelctl.facts.server_log import PREFIX

# What the server is started with so that its log can be read; alone they write nothing.
READABLE = {"log_line_prefix": PREFIX, "log_parameter_max_length": "200"}
_ON = ("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_catalog.pg_reload_conf()")
_OFF = ("ALTER SYSTEM RESET log_statement", "SELECT pg_catalog.pg_reload_conf()")
_STATE = "SHOW log_statement"
# A suite that asks without end must not fill the disk: what it asks first says what it asks.
_LIMIT_BYTES = 64_000_000
_TICK_S = 0.2
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Overheard:
    """A database at `url`; `log` is all that its server was asked since."""

    url: str
    _file: Path
    _from: int

    def log(self) -> bytes:
        """The lines of the server's log, up to a limit; they hold values as they came."""
        with self._file.open("rb") as file:
            file.seek(self._from)
            return file.read(_LIMIT_BYTES)


@contextmanager
def overheard(url: str, server: str, file: Path, databases: Databases) -> Iterator[Overheard]:
    """All that `server` is asked inside the block stands in its log `file`, up to a limit.

    Raises:
        Unavailable: the server does not answer.
        StepFailed: it does not take the setting.

    """
    _set(server, _ON, databases)
    # Behind our own questions.
    begun = file.stat().st_size
    ended = threading.Event()
    watch = threading.Thread(
        target=_ends_in_time, args=(ended, file, begun, server, databases), name="overheard", daemon=True
    )
    watch.start()
    try:
        yield Overheard(url, file, begun)
    finally:
        ended.set()
        watch.join()
        # A server that died meanwhile is the block's own error.
        with suppress(Unavailable, StepFailed):
            databases.execute_each(server, _OFF)


def _set(server: str, words: tuple[str, ...], databases: Databases) -> None:
    """New sessions write from now on: the server reads its settings again in its own time."""
    databases.execute_each(server, words)
    for _ in range(_TRIES):
        if databases.query(server, _STATE).values[0][0] == "all":
            return
    raise StepFailed("the throw-away PostgreSQL does not write down what it is asked", "look at its log")


def _ends_in_time(ended: threading.Event, file: Path, begun: int, server: str, databases: Databases) -> None:
    while not ended.wait(_TICK_S):
        if file.stat().st_size - begun > _LIMIT_BYTES:
            with suppress(Unavailable, StepFailed):
                databases.execute_each(server, _OFF)
            return
