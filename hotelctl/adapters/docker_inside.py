"""What goes on in a container: a file of it read, a program run beside its own."""

import io
import socket
import struct
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotelctl.core.errors import Unavailable

if TYPE_CHECKING:
    from docker import DockerClient

PART = 65_536
_CODE_S, _TICK_S = 10.0, 0.05
_HEAD = struct.Struct(">BxxxL")


def content(client: "DockerClient", name: str, path: str) -> bytes | None:
    """The bytes of a file, be the container stopped; None where it, or the container, is not there."""
    from docker.errors import NotFound  # noqa: PLC0415 - an extra, loaded where it is wanted

    try:
        parts, _ = client.api.get_archive(name, path)
    except NotFound:
        return None
    with tarfile.open(fileobj=io.BytesIO(b"".join(parts))) as sent:
        member = sent.next()
        held = sent.extractfile(member) if member is not None else None
        return None if held is None else held.read()


def ended(client: "DockerClient", name: str, argv: Sequence[str], limit_s: float) -> tuple[int, str]:
    """The exit code of a program that ran in the container to its end, and what it printed.

    Raises `Unavailable` where the engine does not tell it.
    """
    output, said = Output(), b""
    with running(client, name, argv) as made:
        made.far.settimeout(limit_s)
        while part := made.read(PART):
            said += output.of(part)
        return _code(client, made.number), said.decode(errors="replace").strip()


def _code(client: "DockerClient", number: str) -> int:
    """How the program ended, which an engine may say a moment after its output did."""
    until = time.monotonic() + _CODE_S
    while True:
        told = client.api.exec_inspect(number)
        code = None if told.get("Running") else told.get("ExitCode")
        if code is not None:
            return int(code)
        if time.monotonic() >= until:
            raise Unavailable("the container engine does not say how a program in a container ended")
        time.sleep(_TICK_S)


@dataclass(frozen=True, slots=True)
class Running:
    """A program in a container: its number, and the connection that its output comes by, and its input goes.

    The output is framed, as `Output` reads it. `read` gives at most so many bytes of it, none at the end. Who
    reads `far` instead misses what came with the answer of the engine: of a program that speaks first.
    """

    number: str
    far: socket.socket
    read: Callable[[int], bytes]


@contextmanager
def running(
    client: "DockerClient", name: str, argv: Sequence[str], *, fed: bool = False
) -> Iterator[Running]:
    """It was started; with `fed` it reads what is sent, and ends with the block if it ends with its input."""
    api: Any = client.api
    made = str(api.exec_create(name, list(argv), stdin=fed, stdout=True, stderr=not fed)["Id"])
    answer = api.exec_start(made, socket=True)
    far: socket.socket = getattr(answer, "_sock", answer)
    # It holds the connection open, and what was read too far; it is handed out no other way.
    response = answer._response  # noqa: SLF001
    try:
        yield Running(made, far, response.raw._fp.fp.read1)  # noqa: SLF001
    finally:
        response.close()
        far.close()


class Output:
    """What a program wrote, out of the frames that an engine puts it into."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._held = b""
        self._left = 0

    def of(self, part: bytes) -> bytes:
        """What is new of it."""
        self._held += part
        found = []
        while self._held:
            if not self._left:
                if len(self._held) < _HEAD.size:
                    break
                _, self._left = _HEAD.unpack_from(self._held)
                self._held = self._held[_HEAD.size :]
            whole, self._held = self._held[: self._left], self._held[self._left :]
            self._left -= len(whole)
            found.append(whole)
        return b"".join(found)
