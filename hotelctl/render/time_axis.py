"""Where the statements of a lock timeline stand on an axis that shows the shortest of them, too."""

from collections.abc import Sequence

from hotelctl.render.lock_part import LockTimelinePart

_LEAST = 0.05
_FOR_ALL = 0.5
# The last time ends where it belongs, the others stand around or behind their places.
_LAST = 1.5


def edges(timeline: LockTimelinePart) -> Sequence[float]:
    """Where each statement begins, from 0, and where the last ends, at 1.

    Half of the axis at most is shared out evenly, the rest by how long each statement took.
    """
    count = len(timeline.statements)
    least = min(_LEAST, _FOR_ALL / count)
    free = 1 - least * count
    total_ms = timeline.statements[-1].end_ms - timeline.statements[0].start_ms
    found = [0.0]
    for one in timeline.statements:
        share = (one.end_ms - one.start_ms) / total_ms if total_ms else 1 / count
        found.append(found[-1] + least + free * share)
    return (*found[:-1], 1.0)


def ticks(timeline: LockTimelinePart, apart: float) -> Sequence[tuple[float, str]]:
    """Both ends and, where they are that far apart, beginnings of statements, each with its time."""
    where = edges(timeline)
    found = [(0.0, ms(0))]
    for one, at in zip(timeline.statements, where, strict=False):
        if at - found[-1][0] >= apart and 1 - at >= _LAST * apart:
            found.append((at, ms(one.start_ms)))
    return (*found, (1.0, ms(timeline.total_ms)))


def ms(value: float) -> str:
    """For people: `0.8 ms`, `1,234 ms`."""
    return f"{value:,.0f} ms" if value >= 100 or value == 0 else f"{value:.1f} ms"  # noqa: PLR2004 - three figures
