"""Lines of level error, and worse, in the log of a release."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from hotelctl.core.finding import Location

_BAD = frozenset({"error", "err", "critical", "crit", "fatal", "panic", "alert", "emerg", "emergency"})
_LEVELS = ("level", "severity", "levelname", "log.level", "lvl", "@l")
_TIMES = ("ts", "time", "timestamp", "@timestamp", "asctime", "datetime", "date", "@t")
# Source: pino and bunyan, where 50 is error, as 50 is critical for Python.
_NUMBER = 50
_HEAD = 160
_PLAIN = re.compile(
    r"\b(ERROR|CRITICAL|FATAL|PANIC|ALERT|EMERG)\b|\b(level|severity|lvl)=\"?(error|critical|fatal|panic)\b"
    r"|\[(error|crit|critical|fatal|alert|emerg)\]"
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?")
_MILLISECONDS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """Where one stands and what it calls itself; its text may be private and stays where it is."""

    place: Location
    at: datetime
    level: str


@dataclass(frozen=True, slots=True)
class ErrorLines:
    """Those since `since`; `untimed` are places of lines of which nothing says when they were written.

    `read` counts all lines of the logs. More than `limit` are not borne.
    """

    path: str
    since: datetime
    lines: tuple[ErrorLine, ...]
    untimed: tuple[Location, ...]
    read: int
    limit: int


def error_lines(path: str, text: str, zone: tzinfo) -> tuple[list[ErrorLine], list[Location]]:
    """All of them in `text`, and the places of those without a time; a time without offset is that of `zone`.

    A line without a time has that of the one before.
    """
    found: list[ErrorLine] = []
    untimed: list[Location] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        level = _level(line)
        if level is None:
            continue
        place = Location(path, number)
        at = next(_times(lines, number, zone), None)
        if at is None:
            untimed.append(place)
        else:
            found.append(ErrorLine(place, at, level))
    return found, untimed


def _times(lines: Sequence[str], number: int, zone: tzinfo) -> Iterator[datetime]:
    """The times of that line and of those before it, the nearest first."""
    for line in reversed(lines[:number]):
        if (at := _time(line, zone)) is not None:
            yield at


def _level(line: str) -> str | None:
    """The level of a line that is bad; None for any other."""
    said = _fields(line)
    if said is None:
        hit = _PLAIN.search(line[:_HEAD])
        return hit[0].strip("[]").rpartition("=")[2].strip('"').lower() if hit else None
    level = next((said[key] for key in _LEVELS if key in said), None)
    if isinstance(level, int | float):
        return str(level) if level >= _NUMBER else None
    word = str(level).lower()
    return word if word in _BAD else None


def _time(line: str, zone: tzinfo) -> datetime | None:
    said = _fields(line)
    stamp = line[:_HEAD] if said is None else next((said[key] for key in _TIMES if key in said), "")
    try:
        if isinstance(stamp, int | float):
            return datetime.fromtimestamp(stamp / 1000 if stamp > _MILLISECONDS else stamp, UTC)
        hit = _STAMP.search(str(stamp))
        at = datetime.fromisoformat(hit[0].replace(",", ".").rstrip()) if hit else None
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


def _fields(line: str) -> Mapping[str, Any] | None:
    """The members of a line that is a JSON object."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
