"""When a line of a log was written and whether it is of a bad level, in the usual forms."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

_BAD = frozenset({"error", "err", "critical", "crit", "fatal", "panic", "alert", "emerg", "emergency"})
_OTHER = ("trace", "debug", "verbose", "info", "log", "success", "notice", "warning", "warn")
_LEVELS = ("level", "severity", "levelname", "log.level", "lvl", "@l")
_TIMES = ("ts", "time", "timestamp", "@timestamp", "asctime", "datetime", "date", "@t")
# Source: pino and bunyan, where 50 is error, as 50 is critical for Python.
_NUMBER = 50
_HEAD = 160
_WORDS = "|".join((*sorted(_BAD, key=len, reverse=True), *_OTHER))
# A level stands alone, never inside a path or a query: those are what people outside write.
_LEVEL = re.compile(
    rf"(?:^|\s)(?:[\[\](<|*]*({_WORDS.upper()})(?=[\s\])>|:,*]|$)"
    rf"|[\[\]]*\[(?:\w+:)?({_WORDS})\s*\]"
    rf"|(?:level|severity|lvl)=((?i:{_WORDS}))(?!\w))"
)
_STAMP = re.compile(
    r"(\d{4}([-/])\d\d\2\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?:\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?!\w))?"
)
# Most lines of a long log are dismissed by this pair at little cost.
_DATE = re.compile(r"\d{4}[-/]\d\d[-/]")
_MAYBE = re.compile("ERR|CRIT|FATAL|PANIC|ALERT|EMERG")
_STAMP_BEGINS = re.compile(r"(?:^|\s)(?:[\w@.]+=|\[?[A-Z]+[\]|])?[\[(<|]*(?=\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:)")
_QUOTED = re.compile(r'^((?:[\w@.]+=[^\s"]+\s+)*(?:time|ts|timestamp|level|severity|lvl)=)"([^"]*)"')
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Source: the Common Log Format of web servers; such a line has no level, and a name in it is from outside.
_ACCESS = re.compile(r"\[\d\d/[A-Z][a-z]{2}/\d{4}:")
_MILLISECONDS = 10_000_000_000

Zone = Callable[[datetime], datetime | None]
"""Makes a time without an offset an aware one; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at` in UTC, None when the line tells no time; `bad` is its level when that is error or worse."""

    at: datetime | None
    bad: str | None


def zone_of(name: str | None) -> Zone:
    """How a program reads the clock with that `TZ`; without one as this machine does.

    A `TZ` that is no name of a zone leaves a time without offset untold.
    """
    if not name:
        return datetime.astimezone
    try:
        zone = ZoneInfo(name.removeprefix(":"))
    except (ValueError, OSError, KeyError):
        return lambda _at: None
    return lambda at: at.replace(tzinfo=zone)


def read_log_line(line: str, zone: Zone) -> LogLine:
    """What it says of itself: a JSON object by its members, any other by what stands before its quotes."""
    said = _fields(line)
    if said is not None:
        stamp = next((said[key] for key in _TIMES if key in said), "")
        return LogLine(_time(stamp, zone), _bad_member(said))
    head = _head(line)
    begins = _STAMP_BEGINS.search(head) if _DATE.search(head) else None
    if begins is None:
        return LogLine(None, _bad_word(head))
    before, rest = head[: begins.end()], head[begins.end() :]
    return LogLine(_time(rest, zone), _bad_word(before + _STAMP.sub(" ", rest, count=1)))


def _head(line: str) -> str:
    """What the service itself says first; behind a quote may stand what somebody sent to it."""
    head = line[:_HEAD]
    if "\x1b" in head:
        head = _COLOUR.sub("", head)
    # logfmt quotes its times and some quote levels too.
    for _ in range(2 if '="' in head else 0):
        head = _QUOTED.sub(r"\1\2", head)
    return head.partition('"')[0]


def _bad_word(head: str) -> str | None:
    """Of several level words the first is the line's own."""
    harmless = not _MAYBE.search(head.upper()) or _ACCESS.search(head)
    hit = None if harmless else _LEVEL.search(head)
    word = next(filter(None, hit.groups())).lower() if hit else None
    return word if word in _BAD else None


def _bad_member(said: Mapping[str, Any]) -> str | None:
    level = next((said[key] for key in _LEVELS if key in said), None)
    if isinstance(level, int | float):
        return str(level) if level >= _NUMBER else None
    word = str(level).lower()
    return word if word in _BAD else None


def _time(stamp: object, zone: Zone) -> datetime | None:
    try:
        if isinstance(stamp, int | float):
            return datetime.fromtimestamp(stamp / 1000 if stamp > _MILLISECONDS else stamp, UTC)
        hit = _STAMP.match(str(stamp))
        if hit is None:
            return None
        offset = "Z" if hit[3] in {"UTC", "GMT"} else hit[3] or ""
        at = datetime.fromisoformat(hit[1].replace(",", ".").replace("/", "-") + offset)
        known = at if at.tzinfo else zone(at)
        return known.astimezone(UTC) if known else None
    except (ValueError, OverflowError, OSError):
        return None


def _fields(line: str) -> Mapping[str, Any] | None:
    """The members of a line that is a JSON object."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
