"""One HTTP/1.1 connection that tells every way in which a request can fail, and repeats none."""

import asyncio
import select
from dataclasses import dataclass
from http import HTTPStatus

MAX_HEAD_BYTES = 65_536


class FailedRequestError(Exception):
    """A request that got no whole answer; `kind` is what the count is kept by."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of a whole answer; `keep` is False when the server announced the connection's end."""

    status: int
    body: bytes
    keep: bool


class Connection:
    """Opened at once by `open`; used for one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        """A connected one. Raises FailedRequestError `connect`."""
        try:
            return cls(*await asyncio.open_connection(host, port, limit=MAX_HEAD_BYTES))
        except OSError as error:
            raise FailedRequestError("connect", str(error)) from error

    def closed_while_idle(self) -> bool:
        """True when the server ended the connection before a request was written: none is lost by that.

        The kernel is asked, not asyncio's buffer: what arrived since the loop last looked counts as well.
        """
        if self._reader.at_eof() or self._writer.is_closing():
            return True
        descriptor = self._writer.get_extra_info("socket").fileno()
        if descriptor < 0:
            return True
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
        return bool(poll.poll(0))

    async def ask(self, request: bytes) -> Answer:
        """The whole answer. Raises FailedRequestError: `reset`, `closed`, `short_body` or `protocol`."""
        try:
            self._writer.write(request)
            await self._writer.drain()
            return await self._read_answer()
        except (ConnectionError, BrokenPipeError) as error:
            raise FailedRequestError("reset", type(error).__name__) from error

    async def _read_answer(self) -> Answer:
        status, headers = await self._read_head()
        while HTTPStatus.CONTINUE <= status < HTTPStatus.OK:
            status, headers = await self._read_head()
        body, delimited = await self._read_body(status, headers)
        keep = delimited and headers.get("connection", "").lower() != "close"
        return Answer(status, body, keep)

    async def _read_head(self) -> tuple[int, dict[str, str]]:
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            kind = "short_body" if error.partial else "closed"
            raise FailedRequestError(
                kind, "the connection ended before the answer's head was whole"
            ) from error
        except asyncio.LimitOverrunError as error:
            raise FailedRequestError("protocol", "head too long") from error
        return parse_head(head)

    async def _read_body(self, status: int, headers: dict[str, str]) -> tuple[bytes, bool]:
        try:
            if status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
                return b"", True
            if headers.get("transfer-encoding", "").lower() == "chunked":
                return await self._read_chunks(), True
            if "content-length" in headers:
                return await self._reader.readexactly(_number(headers["content-length"], 10)), True
            return await self._reader.read(), False
        except asyncio.IncompleteReadError as error:
            raise FailedRequestError(
                "short_body", f"{len(error.partial)} of {error.expected} bytes"
            ) from error
        except asyncio.LimitOverrunError as error:
            raise FailedRequestError("protocol", "a line of the body is too long") from error

    async def _read_chunks(self) -> bytes:
        parts = []
        while size := _number((await self._line()).partition(b";")[0].decode("latin-1"), 16):
            parts.append(await self._reader.readexactly(size))
            await self._line()
        while await self._line():
            pass
        return b"".join(parts)

    async def _line(self) -> bytes:
        return (await self._reader.readuntil(b"\r\n"))[:-2]

    def close(self) -> None:
        """Ends it without waiting for the other side."""
        self._writer.close()


def parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers by lower-case name. Raises FailedRequestError `protocol`."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ", 2)
    if len(words) == 1 or not words[0].startswith("HTTP/1.") or not words[1].isdecimal():
        raise FailedRequestError("protocol", f"no status line: {first[:60]!r}")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise FailedRequestError("protocol", f"no header line: {line[:60]!r}")
        headers[name.strip().lower()] = value.strip()
    return int(words[1]), headers


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError as error:
        raise FailedRequestError("protocol", f"no length: {text[:60]!r}") from error
