"""Addresses of databases that stand in the files of a migration command, whatever it is told beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_SETTING = re.compile(r"^[ \t]*sqlalchemy\.url[ \t]*=[ \t]*(?P<url>postgres\w*(?:\+\w+)?://\S+)")
_TEXT = re.compile(r"""["'](?P<url>postgres\w*(?:\+\w+)?://[^"'\s]+)["']""")
# One that is put together when the command runs.
_HOLES = re.compile(r"[{]|%[(s]")
_BY_SOCKET = re.compile(r"[?&]host=/")


@dataclass(frozen=True, slots=True)
class CommittedAddress:
    """Where it stands; `by_socket` is one that leads to a socket of the machine by its path."""

    path: str
    line: int
    by_socket: bool

    @property
    def words(self) -> str:
        """For people; the address itself may hold a password."""
        return f"{self.path}:{self.line}"


def committed_addresses(path: str, text: str) -> tuple[CommittedAddress, ...]:
    """Those of an `.ini` file's `sqlalchemy.url`, or those that stand whole in a Python file."""
    pattern = _TEXT if path.endswith(".py") else _SETTING
    return tuple(_found(path, text, pattern))


def _found(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[CommittedAddress]:
    for number, line in enumerate(text.splitlines(), 1):
        hit = None if line.lstrip().startswith(("#", ";")) else pattern.search(line)
        if hit is None or _HOLES.search(hit["url"]):
            continue
        by_socket = _BY_SOCKET.search(unquote(hit["url"].replace("%%", "%"))) is not None
        yield CommittedAddress(path, number, by_socket)
