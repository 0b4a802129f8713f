"""The lock timeline of a migration for a terminal: a row of characters for each table."""

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from hotelctl.render.colours import BAD, NOTED
from hotelctl.render.lock_part import DRAWN, MEANING, MOST_TABLES, TITLE, LockBarPart, LockTimelinePart
from hotelctl.render.terminal import text
from hotelctl.render.time_axis import edges, ms, ticks
from hotelctl.render.words import plural

_INDENT = 4
_LONGEST_NAME = 28
_MOST_STATEMENTS = 12
_TICK = 14
_BETWEEN = "|"
_KINDS = {"writes": ("▒", "=", NOTED), "reads and writes": ("█", "#", BAD)}
_FREE = ("·", ".")


def bars(timeline: LockTimelinePart, console: Console) -> Iterator[RenderableType]:
    """All of it, in blocks where a terminal shows colours, else in ASCII."""
    blocks = console.is_terminal and not console.no_color and not console.options.ascii_only
    track = _Track(timeline, console.width - _INDENT, blocks=blocks)
    yield Text()
    count = plural(len(timeline.statements), "statement")
    yield text(f"{TITLE}: {count} in {ms(timeline.total_ms)}", "bold")
    for line in track.lines():
        yield Padding.indent(line, _INDENT)
    yield Text()
    for line in _statements(timeline, console.width - _INDENT):
        yield Padding.indent(line, _INDENT)
    if (more := len(timeline.statements) - _MOST_STATEMENTS) > 0:
        yield Padding.indent(text(f"and {more} more in the report", "dim"), _INDENT)
    yield Text()
    yield Padding.indent(text(f"{MEANING} {DRAWN}", "dim"), _INDENT)
    if timeline.kept:
        yield Padding.indent(text(timeline.kept, "dim"), _INDENT)
    if timeline.stopped:
        yield Padding.indent(
            text(f"The run stopped, what comes after was not watched: {timeline.stopped}"), _INDENT
        )


class _Track:
    """Names of tables on the left, and beside them as many columns as are free for the time."""

    def __init__(self, timeline: LockTimelinePart, width: int, *, blocks: bool) -> None:
        self._timeline = timeline
        self._blocks = blocks
        self._tables = timeline.tables()
        self._names = min(_LONGEST_NAME, max(len(name) for name, _ in self._tables[:MOST_TABLES]))
        self._width = max(1, width - self._names - 2)
        self._edges = [round(at * self._width) for at in edges(timeline)]

    def lines(self) -> Iterator[Text]:
        yield self._line("", Text(self._ruler(), "dim"))
        for name, found in self._tables[:MOST_TABLES]:
            yield self._line(name, self._row(found))
        if (more := len(self._tables) - MOST_TABLES) > 0:
            yield self._line("", Text(f"and {plural(more, 'more table')} in report.json", "dim"))
        yield self._line("", Text(self._axis(), "dim"))
        yield self._line("", self._legend())

    def _line(self, name: str, rest: Text) -> Text:
        shown = text(_end(name, self._names))
        padding = " " * (self._names + 2 - len(shown))
        return Text.assemble(shown, padding, rest, no_wrap=True, overflow="crop")

    def _ruler(self) -> str:
        """A mark where each statement begins, and its number where there is room for it."""
        cells = [" "] * self._width
        for n, (begin, end) in enumerate(zip(self._edges, self._edges[1:], strict=False), start=1):
            word = f"{_BETWEEN}{n}"
            if end > begin:
                cells[begin : begin + 1] = [_BETWEEN]
            if end - begin > len(word) or (end == self._width and end - begin == len(word)):
                cells[begin : begin + len(word)] = word
        return "".join(cells)

    def _row(self, found: Sequence[LockBarPart]) -> Text:
        cells = [Text(_FREE[not self._blocks], "dim") for _ in range(self._width)]
        before: LockBarPart | None = None
        for bar in found:
            begin = min(self._edges[bar.statement - 1], self._width - 1)
            end = max(self._edges[bar.last], begin + 1)
            # Between two transactions it was free, if only for whoever waited.
            apart = before is not None and self._transaction(before) != self._transaction(bar)
            begin += apart and before is not None and before.last + 1 == bar.statement and end - begin > 1
            cells[begin:end] = [self._shown(bar.waits)] * (end - begin)
            before = bar
        return Text.assemble(*cells)

    def _transaction(self, bar: LockBarPart) -> int:
        return self._timeline.statements[bar.statement - 1].transaction

    def _shown(self, waits: str) -> Text:
        block, plain, style = _KINDS[waits]
        return Text(block if self._blocks else plain, style)

    def _axis(self) -> str:
        cells = [" "] * self._width
        for at, word in ticks(self._timeline, min(1.0, _TICK / self._width)):
            begin = max(0, min(round(at * self._width), self._width - len(word)))
            cells[begin : begin + len(word)] = word
        return "".join(cells)

    def _legend(self) -> Text:
        kinds = [one for one in _KINDS if any(bar.waits == one for bar in self._timeline.bars)]
        parts = [part for one in kinds for part in (self._shown(one), f" {one} wait   ")]
        return Text.assemble(*parts)


def _statements(timeline: LockTimelinePart, width: int) -> Iterator[Text]:
    """The first of them below the names of their files: number, time, line, and the first of its words."""
    shown = timeline.statements[:_MOST_STATEMENTS]
    times = [ms(one.end_ms - one.start_ms) for one in shown]
    lines = [f"line {one.location.line}" if one.location and one.location.line else "" for one in shown]
    numbers, widest, longest = len(str(len(shown))), max(map(len, times)), max(map(len, lines))
    path = ""
    for one, time, line in zip(shown, times, lines, strict=True):
        if one.location and one.location.path != path:
            path = one.location.path
            yield text(_end(path, width))
        head = f"{one.n:>{numbers}}  {time:>{widest}}  "
        head += f"{line:<{longest}}  " if longest else ""
        yield Text.assemble((head, "dim"), text(_start(one.label, width - len(head))))


def _start(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: max(0, room - 3)].rstrip()}..."


def _end(name: str, room: int) -> str:
    """The end of a name tells it apart from others."""
    return name if len(name) <= room else f"...{name[len(name) - room + 3 :]}"
