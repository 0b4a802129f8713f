"""One session between a client and a server that can be stopped behind each statement."""

import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame, Gone, Refusal, Stream

_IDLE, _FAILED = b"I", b"E"
# More than this is not kept back: a client that reads a large table gets it while it is read.
_KEPT_BYTES = 4_000_000
_TICK_S = 0.005


@dataclass(frozen=True, slots=True)
class Answer:
    """How a statement ended: the transaction's state behind it, the refusal, the first value of its rows.

    `done` counts the statements that went through, of several that were sent at once.
    """

    state: bytes
    refusal: Refusal | None = None
    value: str | None = None
    refused: Frame | None = None
    done: int = 0

    @property
    def idle(self) -> bool:
        """Whether no transaction is open."""
        return self.state == _IDLE

    @property
    def broken(self) -> bool:
        """Whether the transaction can only be rolled back."""
        return self.state == _FAILED


@dataclass(slots=True)
class Session:
    """`process` is the server's; `state` is what the server said of the transaction last."""

    client: Stream
    server: Stream
    process: int = 0
    state: bytes = _IDLE
    _names: dict[str, str] = field(default_factory=dict)
    _unnamed: Frame | None = None
    _kept: list[bytes] = field(default_factory=list)
    _kept_bytes: int = 0
    _sync_taken: bool = False

    def ask(self, sql: str) -> Answer:
        """A statement that is not the client's, who sees nothing of it. Raises `Gone`."""
        self.server.send(frames.query(sql))
        return self._until_ready(self._drop)

    def forward(self, batch: Sequence[Frame], meanwhile: Callable[[], None] | None = None) -> Answer:
        """The client's words are sent, and what the server answers is kept for `release`.

        `meanwhile` is called again and again until the first answer is there. Raises `Gone`.
        """
        forgotten = self._forgotten(batch)
        self.server.send(b"".join(one.raw for one in (*forgotten, *batch)))
        if meanwhile is not None:
            while not self.server.buffered and not _selected([self.server], _TICK_S):
                meanwhile()
        extended = batch[-1].kind == frames.SYNC
        return self._until_ready(self._keep, extended=extended, hidden=len(forgotten))

    def _forgotten(self, batch: Sequence[Frame]) -> list[Frame]:
        """What the client has prepared without a name: each question of ours makes the server forget it."""
        first = next((one for one in batch if one.kind in {frames.PARSE, frames.BIND}), None)
        needed = first is not None and first.kind == frames.BIND and not frames.bound(first)
        return [self._unnamed] if needed and self._unnamed else []

    def tell(self, frame: Frame) -> None:
        """One message more for the client."""
        self._keep(frame)

    @property
    def told(self) -> int:
        """How many messages are kept for the client, for `retract`."""
        return len(self._kept)

    def retract(self, told: int) -> None:
        """What was kept for the client since is not sent."""
        del self._kept[told:]
        self._kept_bytes = sum(map(len, self._kept))

    def hand_over(self) -> None:
        """What was kept is with the client, who has asked for it and goes on without having ended.

        Of data that came in, the end was the client's own.
        """
        if self._sync_taken:
            self.release()
        self._flush()

    def release(self) -> None:
        """What was kept is with the client, who may go on."""
        self._sync_taken = False
        self._keep(Frame(frames.READY, self.state))
        self._flush()

    def batch(self, *, flushed: bool = False) -> list[Frame]:
        """The client's next words up to where it waits for an answer; empty when it has ended the session.

        Answers that it wants ahead of the end come as the server has them, or, with `flushed`, its words up
        to there are a batch of their own. What the server says unasked meanwhile reaches the client.

        Raises `Gone`.
        """
        found: list[Frame] = []
        while True:
            frame = self._from_client()
            if frame.kind == frames.END:
                return []
            found.append(frame)
            if frame.kind in {frames.QUERY, frames.SYNC, frames.CALL}:
                return found
            if frame.kind == frames.FLUSH and flushed:
                return found
            if frame.kind == frames.FLUSH:
                self.server.send(b"".join(one.raw for one in found))
                found = []

    def pieces(self, batch: Sequence[Frame]) -> list[tuple[str, list[Frame]]]:
        """A batch of the extended protocol cut behind each statement that it runs.

        Each piece has an end of its own. Drivers that send many at once give one name to several statements.
        """
        names = dict(self._names)
        names.update({frames.parsed(one)[0]: "" for one in batch if one.kind == frames.PARSE})
        found: list[tuple[str, list[Frame]]] = []
        piece: list[Frame] = []
        sql = ""
        for one in batch[:-1]:
            piece.append(one)
            if one.kind == frames.PARSE:
                name, text = frames.parsed(one)
                names[name] = text
            elif one.kind == frames.BIND:
                sql = names.get(frames.bound(one), "").strip()
            elif one.kind == frames.EXECUTE:
                found.append((sql, piece))
                piece = []
        if piece and found:
            found[-1][1].extend(piece)
        return [(said, [*some, Frame(frames.SYNC, b"")]) for said, some in found]

    def sql_of(self, batch: Sequence[Frame]) -> str:
        """What the client wants to be run, its statements one below the other; empty where it is nothing."""
        if batch[-1].kind == frames.QUERY:
            return frames.text_of(batch[-1])
        runs = any(one.kind == frames.EXECUTE for one in batch)
        names = [frames.bound(one) for one in batch if one.kind == frames.BIND]
        return ";\n".join(self._names.get(name, "") for name in names) if runs else ""

    def _from_client(self) -> Frame:
        while not self.client.buffered:
            if not self.server.buffered and self.client in _readable(self.client, self.server):
                break
            self.client.send(self.server.frame().raw)
        frame = self.client.frame()
        if frame.kind == frames.PARSE:
            name, sql = frames.parsed(frame)
            self._names[name] = sql
            self._unnamed = self._unnamed if name else frame
        return frame

    def _until_ready(
        self, take: Callable[[Frame], None], *, extended: bool = False, hidden: int = 0
    ) -> Answer:
        refused, value, done = None, None, 0
        while (frame := self.server.frame()).kind != frames.READY:
            if hidden and frame.kind == frames.PARSED:
                hidden -= 1
                continue
            take(frame)
            if frame.kind == frames.ERROR:
                refused = refused or frame
            elif frame.kind == frames.COMPLETE:
                done += 1
            elif frame.kind == frames.ROW and value is None and take == self._drop:
                value = frames.first_value(frame)
            elif frame.kind == frames.COPY_IN:
                self._copy(extended=extended)
        self.state = frame.body
        return Answer(self.state, frames.refusal(refused) if refused else None, value, refused, done)

    def _copy(self, *, extended: bool) -> None:
        """The client's data go to the server until it says that they are all.

        By the extended protocol a second Sync ends them: the server does not heed the first.
        """
        last = {frames.SYNC} if extended else {frames.COPY_DONE, frames.COPY_FAIL}
        self._flush()
        while True:
            frame = self.client.frame()
            self.server.send(frame.raw)
            if frame.kind in last:
                self._sync_taken = extended
                return

    def _keep(self, frame: Frame) -> None:
        self._kept.append(frame.raw)
        self._kept_bytes += len(frame.raw)
        if self._kept_bytes > _KEPT_BYTES:
            self._flush()

    def _flush(self) -> None:
        self.client.send(b"".join(self._kept))
        self.retract(0)

    def _drop(self, frame: Frame) -> None:
        """It was for the watcher."""


def opened(client: Stream, server: Callable[[], Stream]) -> Session | None:
    """The session behind its log-in; None where the client only broke off another one, or was refused.

    Neither side is encrypted: both ends are on this machine. Raises `Gone`.
    """
    code, greeting = client.greeting()
    while frames.wants_encryption(code):
        client.send(frames.NO_ENCRYPTION)
        code, greeting = client.greeting()
    session = Session(client, server())
    session.server.send(greeting)
    if frames.is_cancel(code):
        session.server.close()
        return None
    return session if _logged_in(session) else None


def _logged_in(session: Session) -> bool:
    """Whatever the server asks of the client is answered by the client itself."""
    while True:
        if not session.server.buffered and session.client in _readable(session.client, session.server):
            session.server.send(session.client.frame().raw)
            continue
        frame = session.server.frame()
        session.client.send(frame.raw)
        if frame.kind == frames.KEY:
            session.process = frames.process_number(frame)
        elif frame.kind == frames.ERROR:
            return False
        elif frame.kind == frames.READY:
            session.state = frame.body
            return True


def _readable(*sides: Stream) -> Sequence[Stream]:
    """The sides that have something to say, or have ended; waits for one. Raises `Gone`."""
    return _selected(sides, None)


def _selected(sides: Sequence[Stream], wait_s: float | None) -> Sequence[Stream]:
    try:
        return select.select(sides, [], [], wait_s)[0]
    except (OSError, ValueError) as error:
        # Whoever opened the door has closed it meanwhile.
        raise Gone from error
