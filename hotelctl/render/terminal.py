"""Consoles for stdout and stderr: width, colour and symbols that this terminal can show."""

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from hotelctl.core.report import Status
from hotelctl.render.colours import BAD, GOOD, NOTED, OPEN, WAIVED
from hotelctl.render.words import clean

_WIDEST, _USUAL, _NARROWEST = 120, 80, 20
_STYLES = {
    Status.PASSED: ("✓", "+", GOOD),
    Status.WARNED: ("!", "!", NOTED),
    Status.FAILED: ("✗", "x", f"bold {BAD}"),
    Status.UNKNOWN: ("?", "?", OPEN),
    Status.SKIPPED: ("-", "-", "dim"),
    Status.WAIVED: ("~", "~", WAIVED),
    Status.NOT_APPLICABLE: ("·", ".", "dim"),
}
WORDS = {status: status.value.replace("not_applicable", "n/a") for status in Status}
_WORD_WIDTH = max(map(len, WORDS.values()))
_STEPS = {
    "done": Status.PASSED,
    "failed": Status.FAILED,
    "undone": Status.WARNED,
    "running": Status.UNKNOWN,
    "planned": Status.SKIPPED,
}
_STEP_WIDTH = max(map(len, _STEPS))


class _Honest(Console):
    """Leaves a closed pipe to the caller: rich would end the process with 1, which says `blocked` here."""

    def on_broken_pipe(self) -> None:
        """The error goes on."""
        raise BrokenPipeError


def stdout(*, no_color: bool = False) -> Console:
    """Where the answer goes."""
    return _console(sys.stdout, no_color=no_color)


def stderr(*, no_color: bool = False) -> Console:
    """Where progress goes."""
    return _console(sys.stderr, no_color=no_color)


def plain(stream: TextIO) -> Console:
    """For a file: 80 columns, no colour."""
    return Console(
        file=stream,
        width=_USUAL,
        no_color=True,
        force_terminal=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _console(stream: TextIO, *, no_color: bool) -> Console:
    """Foreign text is never read as markup, emoji or a thing to colour."""
    console = _Honest(
        file=stream, no_color=no_color or None, markup=False, emoji=False, highlight=False, soft_wrap=False
    )
    # A terminal that says it has no width has one that nobody told it.
    console.width = min(console.width, _WIDEST) if console.width >= _NARROWEST else _USUAL
    return console


def tell(console: Console, part: RenderableType) -> None:
    """Print `part` without a blank at the end of any line; a text that must not be folded stays whole."""
    whole = isinstance(part, Text) and bool(part.no_wrap)
    options = console.options.update(no_wrap=whole, overflow="ignore" if whole else None)
    lines = Segment.split_lines(console.render(part, options))
    trimmed = [segment for line in lines for segment in (*_trimmed(line), Segment.line())]
    console.print(Segments(trimmed), crop=False, no_wrap=True, overflow="ignore")


def _trimmed(line: Iterable[Segment]) -> Iterator[Segment]:
    """The line up to its last character that shows; columns are padded by rich, foreign text by itself."""
    segments = [segment for segment in line if not segment.is_control]
    while segments and not segments[-1].text.strip():
        segments.pop()
    yield from segments[:-1]
    if segments:
        yield Segment(segments[-1].text.rstrip(), segments[-1].style)


def text(foreign: object, style: str = "") -> Text:
    """Foreign text as a terminal may safely show it."""
    return Text(clean(str(foreign)), style)


def badge(status: Status, console: Console) -> Text:
    """Symbol and word of a status in a column of fixed width; colour only repeats what they say."""
    symbol, ascii_symbol, style = _STYLES[status]
    shown = ascii_symbol if console.options.ascii_only else symbol
    return Text(f"{shown} {WORDS[status]:<{_WORD_WIDTH}}", style)


def step_badge(status: str, console: Console) -> Text:
    """The same for a deploy step's word."""
    symbol, ascii_symbol, style = _STYLES[_STEPS.get(status, Status.UNKNOWN)]
    shown = ascii_symbol if console.options.ascii_only else symbol
    return Text(f"{shown} {clean(status):<{_STEP_WIDTH}}", style)
