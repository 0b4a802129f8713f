"""Messages of PostgreSQL's protocol, version 3, on a stream.

Source: PostgreSQL documentation, "Frontend/Backend Protocol", "Message Formats".
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from hotelctl.adapters.server_words import in_short

_HEAD = struct.Struct("!cI")
_LENGTH = struct.Struct("!I")
_COUNT = struct.Struct("!h")
_LENGTH_BYTES = 4
_CHUNK = 65536
# A message of more is no message of PostgreSQL, which ends at a gigabyte.
_LONGEST = 1 << 30

READY, ERROR, ROW, COPY_IN, KEY = b"Z", b"E", b"D", b"G", b"K"
QUERY, PARSE, BIND, EXECUTE, SYNC, FLUSH = b"Q", b"P", b"B", b"E", b"S", b"H"
CALL, END = b"F", b"X"
PARSED, COMPLETE = b"1", b"C"
COPY_DONE, COPY_FAIL = b"c", b"f"

NO_ENCRYPTION = b"N"

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102


class Gone(Exception):
    """The other side has closed, or speaks no PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its letter, and its body without the length."""

    kind: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """As it stands on the stream."""
        return _HEAD.pack(self.kind, len(self.body) + _LENGTH_BYTES) + self.body


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the server says of a statement that failed."""

    sqlstate: str
    message: str


class Stream:
    """Whole messages from and to one socket."""

    def __init__(self, connection: socket.socket) -> None:
        """Nothing is read before it is asked for."""
        self._socket = connection
        self._rest = bytearray()

    @property
    def buffered(self) -> bool:
        """Whether something was read from the socket that nobody has taken yet."""
        return bool(self._rest)

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def frame(self) -> Frame:
        """The next message. Raises `Gone` at the end of the stream."""
        kind, length = _HEAD.unpack(self._take(_HEAD.size))
        return Frame(kind, self._take(_checked(length)))

    def greeting(self) -> tuple[int, bytes]:
        """A message without a letter, as it begins a session: its code, and all of its bytes."""
        head = self._take(_LENGTH_BYTES)
        body = self._take(_checked(_LENGTH.unpack(head)[0]))
        return (_LENGTH.unpack(body[:_LENGTH_BYTES])[0] if len(body) >= _LENGTH_BYTES else 0), head + body

    def send(self, data: bytes) -> None:
        """All of it is on its way. Raises `Gone`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Gone from error

    def end(self) -> None:
        """Both directions end; whoever waits on the socket is told, and closes it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """The socket is gone."""
        self.end()
        self._socket.close()

    def _take(self, number: int) -> bytes:
        while len(self._rest) < number:
            try:
                chunk = self._socket.recv(_CHUNK)
            except OSError as error:
                raise Gone from error
            if not chunk:
                raise Gone
            self._rest += chunk
        taken = bytes(self._rest[:number])
        del self._rest[:number]
        return taken


def wants_encryption(code: int) -> bool:
    """Whether a greeting asks for TLS or GSSAPI before anything else."""
    return code in {_SSL, _GSS}


def greeted_database(greeting: bytes) -> str:
    """The database that a session asks for as it begins, all bytes of the greeting given; empty for none."""
    words = greeting[2 * _LENGTH_BYTES :].decode(errors="replace").split("\0")
    return dict(zip(words[::2], words[1::2], strict=False)).get("database", "")


def is_cancel(code: int) -> bool:
    """Whether a greeting asks to break off what another session does."""
    return code == _CANCEL


def query(sql: str) -> bytes:
    """The message that runs `sql` by the simple protocol."""
    return Frame(QUERY, sql.encode() + b"\0").raw


def fatal(sqlstate: str, message: str) -> bytes:
    """The message that ends a session before it has begun."""
    fields = ("SFATAL", "VFATAL", f"C{sqlstate}", f"M{message}", "")
    return Frame(ERROR, b"".join(one.encode() + b"\0" for one in fields)).raw


def text_of(frame: Frame) -> str:
    """The SQL of a `Query`."""
    return frame.body.rstrip(b"\0").decode(errors="replace")


def parsed(frame: Frame) -> tuple[str, str]:
    """Name and SQL of a `Parse`."""
    name, _, rest = frame.body.partition(b"\0")
    return name.decode(errors="replace"), rest.partition(b"\0")[0].decode(errors="replace")


def bound(frame: Frame) -> str:
    """The name of the statement that a `Bind` is of."""
    return frame.body.split(b"\0", 2)[1].decode(errors="replace")


def process_number(frame: Frame) -> int:
    """The server's process, of a `BackendKeyData`."""
    return int(_LENGTH.unpack(frame.body[:_LENGTH_BYTES])[0])


def refusal(frame: Frame) -> Refusal:
    """The fields of an `ErrorResponse` that say what is wrong."""
    fields = {chr(part[0]): part[1:].decode(errors="replace") for part in frame.body.split(b"\0") if part}
    return Refusal(fields.get("C", ""), in_short(fields.get("M", "it says nothing")))


def first_value(frame: Frame) -> str | None:
    """The first column of a `DataRow`, in the text format; None for NULL."""
    return next(_values(frame), None)


def _values(frame: Frame) -> Iterator[str | None]:
    (number,), place = _COUNT.unpack(frame.body[:2]), 2
    for _ in range(number):
        (length,) = struct.unpack("!i", frame.body[place : place + _LENGTH_BYTES])
        place += _LENGTH_BYTES
        if length < 0:
            yield None
            continue
        yield frame.body[place : place + length].decode(errors="replace")
        place += length


def _checked(length: int) -> int:
    if not _LENGTH_BYTES <= length <= _LONGEST:
        raise Gone
    return length - _LENGTH_BYTES
