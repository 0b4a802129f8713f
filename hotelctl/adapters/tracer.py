"""A migration's way to a database, on which somebody stands and watches."""

import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import quote

from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Gone, Stream
from hotelctl.adapters.wire.session import Session, opened
from hotelctl.core.errors import Unavailable
from hotelctl.core.lazily import lazily
from hotelctl.core.ports import EvidenceLog

# Whoever only might watch a migration, as a rollback, does not read how that is done.
if TYPE_CHECKING:
    from hotelctl.adapters import trial
    from hotelctl.adapters.trial import Prepared
    from hotelctl.adapters.wire import observer, record, watch
    from hotelctl.facts import migration_trace
    from hotelctl.facts.catalogue import Catalogue
    from hotelctl.facts.implied_statements import Asked, Tried
    from hotelctl.facts.migration_trace import Trace
    from hotelctl.facts.old_code import Spoken
else:
    trial, migration_trace = lazily("hotelctl.adapters.trial"), lazily("hotelctl.facts.migration_trace")
    observer, record = lazily("hotelctl.adapters.wire.observer"), lazily("hotelctl.adapters.wire.record")
    watch = lazily("hotelctl.adapters.wire.watch")

_NAME = ".s.PGSQL.{}"
# Its name is nobody's: who asks for another database has not read the address.
_NOWHERE = Address("postgresql://hotelctl@localhost/hotelctl_where_told")
_PORT = "5432"
_WAIT_S = 10.0
_LIMIT_BYTES = 107


@dataclass(frozen=True, slots=True)
class Watched:
    """Whoever connects by `url` reaches the database and is watched."""

    url: str
    before: "Catalogue"
    _watch: "watch.Watch"

    def traces(self) -> "tuple[Trace, ...]":
        """What was done so far by those who came by `url`."""
        return self._watch.traces()


@dataclass(frozen=True, slots=True)
class Recorded:
    """Whoever connects by `url` reaches the database, and what is said there is noted."""

    url: str
    _record: "record.Record"

    def said(self) -> "tuple[Spoken, ...]":
        """What was said so far."""
        return self._record.said()


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whoever connects by `url` is refused, and it is known that he came."""

    url: str
    _door: "_ShutDoor"

    @property
    def came(self) -> bool:
        """Whether anybody was there so far who asked for the database that `url` names."""
        return self._door.came


class _Host(Protocol):
    """Whoever leads a session to its end."""

    def attend(self, session: Session) -> None:
        """Return when the client has ended it. Raises `Gone` where a side is lost."""
        ...


class WireTracer:
    """Watches by standing between client and server, whatever language the client is written in."""

    def __init__(self, place: Path, evidence: EvidenceLog) -> None:
        """`place` is a directory of this command alone; what was seen goes into `evidence`."""
        self._place = place
        self._evidence = evidence

    @contextmanager
    def watched(
        self,
        url: str,
        *,
        apart: bool,
        rows: int,
        many: Mapping[str, int] | None = None,
        plain: bool = False,
        entry: str | None = None,
    ) -> Iterator[Watched]:
        """A way to the database `url`, gone behind the block; who comes is the role of `entry`.

        The words between the two URLs are those of `Watch`.

        Raises:
            Unavailable: the server does not answer, or is lost before anybody comes.

        """
        with ExitStack() as stack:
            with _beginning():
                seen = observer.Observer(url, stack)
                watching = watch.Watch(seen, rows=rows, apart=apart, many=many, plain=plain)
            with self._door(entry or url, watching) as way:
                yield Watched(way, watching.before, watching)
            traces = watching.traces()
            number = sum(len(trace.statements) for trace in traces)
            self._evidence.record("watch", {"statements": number}, migration_trace.shown(traces))

    @contextmanager
    def recorded(self, url: str) -> Iterator[Recorded]:
        """A way to the same on which every statement and its end are noted. Raises as `watched` does."""
        noted = record.Record()
        with self._door(url, noted) as way:
            yield Recorded(way, noted)
        said = noted.said()
        refused = sum(bool(one.sqlstate) for one in said)
        self._evidence.record("listen", {"statements": len(said), "refused": refused})

    @contextmanager
    def awaited(self) -> Iterator[Awaited]:
        """A way that leads to no database: whoever comes is told so."""
        with _directory(self._place) as directory, _ShutDoor(directory) as door:
            yield Awaited(door.url, door)
            self._evidence.record("await", {"came": door.came})

    def tried(self, url: str, statements: "Sequence[Asked]", role: str | None) -> "tuple[Tried, ...]":
        """How each statement ends there as `role`; nothing of it stays. Raises `Unavailable`."""
        found = trial.tried(url, statements, role)
        refused = sum(bool(one.sqlstate) for one in found)
        self._evidence.record("try", {"statements": len(found), "refused": refused, "role": role or ""})
        return found

    @contextmanager
    def prepared(self, url: str, statements: Sequence[str], role: str | None) -> "Iterator[Prepared]":
        """A session as `role` that has prepared them and stays open. Raises `Unavailable`."""
        with trial.prepared(url, statements, role) as session:
            refused = sum(bool(one.sqlstate) for one in session.first)
            self._evidence.record(
                "prepare", {"statements": len(statements), "refused": refused, "role": role or ""}
            )
            yield session

    @contextmanager
    def _door(self, url: str, host: _Host) -> Iterator[str]:
        """The URL by which whoever comes is led to `host`."""
        address = Address(url)
        with _directory(self._place) as directory, _Door(directory, address, host) as door:
            yield door.url
            door.close()
            if door.trouble is not None:
                raise _told(door.trouble)


class _Door:
    """A socket in a directory of its own; each session that comes has a thread until the block ends."""

    def __init__(self, directory: Path, address: Address, host: _Host) -> None:
        self._address = address
        self._host = host
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(directory / _NAME.format(_PORT)))
        self._socket.listen()
        self._threads: list[threading.Thread] = []
        self._streams: list[Stream] = []
        self.trouble: Exception | None = None
        self.url = _url(address, directory)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody comes in any longer, and every session has ended. Repeating does nothing."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for stream in self._streams:
            stream.end()
        for thread in self._threads:
            thread.join(_WAIT_S)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            stream = self._remembered(client)
            self._start(partial(self._lead, stream))

    def _lead(self, client: Stream) -> None:
        with ExitStack() as sides:
            sides.callback(client.close)
            try:
                session = opened(client, lambda: self._server(sides))
                if session is not None:
                    self._host.attend(session)
            except Gone:
                pass
            except Exception as error:  # noqa: BLE001 - told by whoever opened the door
                self.trouble = error

    def _server(self, sides: ExitStack) -> Stream:
        try:
            server = _connected(self._address)
        except OSError as error:
            raise Gone from error
        stream = self._remembered(server)
        sides.callback(stream.close)
        return stream

    def _remembered(self, connection: socket.socket) -> Stream:
        stream = Stream(connection)
        self._streams.append(stream)
        return stream

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()


class _ShutDoor(_Door):
    """Nobody gets through; `came` is whether anybody asked for what its `url` names."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, _NOWHERE, record.Record())
        self.came = False

    def _lead(self, client: Stream) -> None:
        with closing(client), suppress(Gone):
            code, words = client.greeting()
            while frames.wants_encryption(code):
                client.send(frames.NO_ENCRYPTION)
                code, words = client.greeting()
            self.came |= frames.greeted_database(words) == _NOWHERE.database
            client.send(frames.fatal("28000", "hotelctl only looks where this command goes"))


@contextmanager
def _beginning() -> Iterator[None]:
    """Raises `Unavailable` where the server is lost inside."""
    from psycopg import OperationalError  # noqa: PLC0415 - the driver loads libpq

    try:
        yield
    except OperationalError as error:
        why = str(error).strip().partition("\n")[0]
        raise Unavailable(f"nothing could be watched, for the database was lost: {why}") from error


def _told(trouble: Exception) -> Exception:
    """A server that went away, or put out whoever watches, is no bug."""
    from psycopg import OperationalError  # noqa: PLC0415 - the driver loads libpq

    if isinstance(trouble, OperationalError):
        return Unavailable(f"what was watched to its end is not known: {str(trouble).strip()}")
    return trouble


def _url(address: Address, directory: Path) -> str:
    """The same database and role by the socket in `directory`; it is not encrypted on this short way."""
    password = address.parameters.get("password")
    secret = f":{quote(password, safe='')}" if password else ""
    user, database = quote(address.user, safe=""), quote(address.database, safe="")
    return f"postgresql://{user}{secret}@/{database}?host={quote(str(directory), safe='')}"


def _connected(address: Address) -> socket.socket:
    """A connection to the server, by its socket or its port. Raises `OSError`."""
    port = address.parameters.get("port", _PORT)
    if not address.host.startswith("/"):
        far = socket.create_connection((address.host, int(port)), _WAIT_S)
        far.settimeout(None)
        return far
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(str(Path(address.host) / _NAME.format(port)))
    except OSError:
        server.close()
        raise
    return server


@contextmanager
def _directory(place: Path) -> Iterator[Path]:
    """One that only this user may enter, below `place` where a socket's path fits there."""
    fits = len(os.fsencode(place)) + len("/wire-12345678/.s.PGSQL.5432") <= _LIMIT_BYTES
    path = Path(tempfile.mkdtemp(prefix="wire-", dir=place if fits else None))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
