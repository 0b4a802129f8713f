"""Both ends of two sockets between which a session stands, led by hand."""

import select
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

from hotelctl.adapters.wire.frames import Frame, Stream
from hotelctl.adapters.wire.session import Session

_PATIENCE_S = 10


def pair() -> tuple[Stream, Stream]:
    """Two ends of one connection; nobody waits for ever on the first."""
    ours, theirs = socket.socketpair()
    ours.settimeout(_PATIENCE_S)
    return Stream(ours), Stream(theirs)


def message(kind: bytes, body: bytes = b"") -> bytes:
    """One message as it stands on the stream."""
    return Frame(kind, body).raw


def row(*values: str | None) -> bytes:
    """A row of the server's answer."""
    parts = [
        b"\xff\xff\xff\xff" if one is None else struct.pack("!i", len(one)) + one.encode() for one in values
    ]
    return message(b"D", struct.pack("!h", len(values)) + b"".join(parts))


def ready(state: bytes = b"I") -> bytes:
    """The end of an answer."""
    return message(b"Z", state)


def greeting(code: int, rest: bytes = b"") -> bytes:
    """How a session begins."""
    return struct.pack("!II", 8 + len(rest), code) + rest


REFUSED = message(b"E", b"SERROR\0C22012\0Mdivision by zero\0\0")
DONE = message(b"C", b"SELECT 1\0")


class Ends:
    """What the client and the server say and hear, with a session between them."""

    def __init__(self) -> None:
        self.client, its = pair()
        self.server, other = pair()
        self.session = Session(its, other)

    def close(self) -> None:
        """All of it."""
        for one in (self.client, self.server, self.session.client, self.session.server):
            one.close()


def waits(side: Stream) -> bool:
    """Whether that side has heard nothing that it has not taken."""
    return not side.buffered and not select.select([side], [], [], 0.05)[0]


def kinds(side: Stream) -> bytes:
    """The letters of all messages that have come to that side."""
    found = b""
    while not waits(side):
        found += side.frame().kind
    return found


class Aside:
    """`work` goes on in a thread; `result` waits for it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._found: list[Any] = []
        self._thread = threading.Thread(target=lambda: self._found.append(work()), daemon=True)
        self._thread.start()

    def result(self) -> Any:  # noqa: ANN401 - whatever the work gives
        """What it gave."""
        self._thread.join(_PATIENCE_S)
        return self._found[0]
