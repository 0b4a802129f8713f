"""Env files, line by line, as python-dotenv reads them: values, repeats, and lines that it drops."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from dotenv.parser import Binding, parse_stream

from hotelctl.facts.secret import Secret

_LEADING = re.compile(r"\s*")
_NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Entry:
    """One assignment; the value is as written, `${X}` not filled in; it takes `lines` from `line` on."""

    key: str
    value: Secret
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that sets nothing although it is no comment; `why` does not repeat its text."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One file; `path` is relative to the project, `mode` its permission bits.

    `text` holds every byte of it: what is no UTF-8 stands in it as a surrogate.
    """

    path: str
    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...]
    mode: int
    text: Secret

    @property
    def data(self) -> bytes:
        """The bytes as they are on the disk."""
        return self.text.reveal().encode("utf-8", "surrogateescape")

    def last(self, key: str) -> Entry | None:
        """The entry that counts: the last one of its key."""
        return next((entry for entry in reversed(self.entries) if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class EnvFiles:
    """The files of this environment that are present; later ones win."""

    used: tuple[EnvFile, ...]


@dataclass(frozen=True, slots=True)
class OtherEnvFiles:
    """Where no secret of this environment may stand: other environments' files, the example."""

    files: tuple[EnvFile, ...]
    example: EnvFile | None


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """What the service file at `source` names and counts on, and what of that is absent."""

    source: str
    wanted: tuple[str, ...]
    absent: tuple[str, ...]


def scan(path: str, data: bytes | str, mode: int = 0o600) -> EnvFile:
    """The entries and dropped lines of one file, each with the line it stands on; no byte is lost."""
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    bindings = list(numbered(text))
    entries = tuple(
        Entry(one.key, Secret(one.value), line, 1 + len(_NEWLINE.findall(one.original.string.strip())))
        for line, one in bindings
        if one.key is not None and one.value is not None
    )
    return EnvFile(path, entries, tuple(_dropped(bindings)), mode, Secret(text))


def numbered(text: str) -> Iterator[tuple[int, Binding]]:
    """Each binding with the line of its first word, counted in the whole text.

    The reader's own numbers take blank lines before an assignment for its beginning, and count a
    CRLF after a line that it cannot parse twice.
    """
    text, place = text.removeprefix("\ufeff"), 0
    for one in parse_stream(StringIO(text, newline="")):
        blank = _LEADING.match(one.original.string)
        yield 1 + len(_NEWLINE.findall(text[: place + (blank.end() if blank else 0)])), one
        place += len(one.original.string)


def _dropped(bindings: list[tuple[int, Binding]]) -> Iterator[Dropped]:
    for line, one in bindings:
        if one.error:
            yield Dropped(line, "cannot be parsed: an open quote, text after a closing one, or no name")
        elif one.key is not None and one.value is None:
            yield Dropped(line, "has no equals sign, so it sets nothing")
