"""What in the bytes of a text file is read in different ways: each kind once, at its first place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind, with its first byte counted from 0 and the line of it; `words` hold nothing of the text."""

    kind: Literal["bom", "crlf", "nul", "not-utf-8"]
    line: int
    at: int
    words: str


def oddities(data: bytes) -> Iterator[Oddity]:
    """The kinds that are in `data`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Oddity("not-utf-8", 1, 0, "is UTF-16; every second byte of it is lost on its readers")
        return
    if data.startswith(_BOM):
        yield Oddity(
            "bom", 1, 0, "begins with a byte order mark, which a shell reads as part of the first name"
        )
    if (at := data.find(b"\r\n")) >= 0:
        count = data.count(b"\r\n")
        words = f"has {count} line ends of CRLF; a shell keeps the CR in values"
        yield Oddity("crlf", _line(data, at), at, words)
    if (at := data.find(b"\0")) >= 0:
        yield Oddity("nul", _line(data, at), at, "holds a NUL byte, which no environment can carry")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        words = f"is not UTF-8: byte 0x{data[error.start]:02x}"
        yield Oddity("not-utf-8", _line(data, error.start), error.start, words)


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
