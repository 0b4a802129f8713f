"""Lines of level error, and worse, in the log of a release."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotelctl.core.finding import Location
from hotelctl.facts.log_line import Zone, read_log_line

# So many are kept, the newest; the count goes on.
KEPT = 1000


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """Where one stands, its UTC time and the level it names; its text may be private and stays there."""

    place: Location
    at: datetime
    level: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The lines since a moment: the newest `KEPT` of `count`; `read` counts all lines of the logs.

    `untimed` counts those of which nothing says when they were written, `last_untimed` is the newest of them;
    `timed` says that any line of the logs tells a time.
    """

    lines: tuple[ErrorLine, ...] = ()
    count: int = 0
    untimed: int = 0
    last_untimed: Location | None = None
    timed: bool = False
    read: int = 0


@dataclass(frozen=True, slots=True)
class ErrorLines:
    """Those since `since` in the log at `path`.

    More than `limit` send a release back; without one none does. `undated` counts those that the release
    wrote since it was started, which nothing says the time of.
    """

    path: str
    since: datetime
    found: Counted
    undated: int
    limit: int | None


def error_lines(logs: Iterable[tuple[str, str]], since: datetime, zone: Zone) -> Counted:
    """Those since `since` in `logs`, which are paths and texts that follow one another, in one pass.

    A line without a time has that of the one before. Only a line feed ends a line, as for sed.
    """
    kept: deque[ErrorLine] = deque(maxlen=KEPT)
    count, untimed, read = 0, 0, 0
    last_untimed: Location | None = None
    at: datetime | None = None
    for path, text in logs:
        for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
            said = read_log_line(line, zone)
            read, at = read + 1, said.at or at
            if said.bad is None or (at is not None and at < since):
                continue
            place = Location(path, number)
            if at is None:
                untimed, last_untimed = untimed + 1, place
            else:
                count += 1
                kept.append(ErrorLine(place, at, said.bad))
    return Counted(tuple(kept), count, untimed, last_untimed, at is not None, read)
