"""What a command tells while it works: one live line at a terminal, stable lines anywhere else."""

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from textwrap import wrap

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from hotelctl.core.progress import Observer, Silent
from hotelctl.core.report import Status
from hotelctl.render.terminal import badge, stderr, step_badge, tell, text
from hotelctl.render.words import one_line, seconds

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII_FRAMES = "|/-\\"
_REFRESH_HZ = 8
_INDENT = " " * 6


@contextmanager
def progress(
    redact: Callable[[str], str],
    *,
    quiet: bool = False,
    no_color: bool = False,
    keep: bool = True,
    told_again: bool = False,
) -> Iterator[Observer]:
    """An observer for stderr; with `keep` every finished line stays on a terminal too.

    With `told_again` it goes at the end where stdout is a terminal, because the same follows there.
    """
    if quiet:
        yield Silent()
        return
    console = stderr(no_color=no_color)
    if not sys.stderr.isatty():
        yield Lines(console, redact)
        return
    drawing = Drawing(console, redact, keep=keep, leave=told_again and sys.stdout.isatty())
    with Live(
        get_renderable=drawing.picture,
        console=console,
        refresh_per_second=_REFRESH_HZ,
        transient=True,
    ):
        yield drawing


@dataclass(slots=True)
class _Work:
    n: int
    total: int
    name: str
    title: str
    said: str = ""
    since: float = field(default_factory=time.monotonic)


class Lines:
    """Told when something ends, and every word in between. Each thread has its own work."""

    def __init__(self, console: Console, redact: Callable[[str], str]) -> None:
        """Write to `console` what `redact` lets through."""
        self._console = console
        self._redact = redact
        self._working: dict[int, _Work] = {}
        self._lock = threading.Lock()

    def began(self, n: int, total: int, name: str, title: str) -> None:
        """Remember what this thread does."""
        with self._lock:
            self._working[threading.get_ident()] = _Work(n, total, name, title)

    def said(self, text: str) -> None:
        """Print it at once."""
        self._print(Text(f"{_INDENT}{one_line(self._redact(text))}"))

    def ended(self, status: str, summary: str, seconds: float) -> None:
        """Print the finished line."""
        with self._lock:
            work = self._working.pop(threading.get_ident(), None)
        if work is not None:
            self._print(self._finished(work, status, summary, seconds))

    def _finished(self, work: _Work, status: str, summary: str, took_s: float) -> Text:
        known = status in set(Status)
        mark = badge(Status(status), self._console) if known else step_badge(status, self._console)
        count = f"[{work.n:>{len(str(work.total))}}/{work.total}]"
        words = one_line(self._redact(summary or work.title))
        return Text.assemble(mark, f" {count} ", text(work.name), f"  {words}  ", (seconds(took_s), "dim"))

    def _print(self, line: Text) -> None:
        """In one go, as others print too; a word that is longer than a line stays whole, to be copied."""
        lines = _wrapped(line, self._console.width - len(_INDENT))
        self._console.print(Text(f"\n{_INDENT}").join(lines), soft_wrap=True)


class Drawing(Lines):
    """The same at a terminal: what runs now is one line that lives, with its seconds."""

    def __init__(
        self, console: Console, redact: Callable[[str], str], *, keep: bool, leave: bool = False
    ) -> None:
        """With `keep`, finished lines stand above the living one; with `leave`, they live as long as it."""
        super().__init__(console, redact)
        self._keep = keep
        self._leave = leave
        self._stood: list[Text] = []

    def said(self, text: str) -> None:
        """Show it behind what runs, else as a line that stays."""
        with self._lock:
            work = self._working.get(threading.get_ident()) or next(iter(self._working.values()), None)
            if work is not None:
                work.said = one_line(self._redact(text))
                return
        tell(self._console, Text(one_line(self._redact(text))))

    def _print(self, line: Text) -> None:
        if self._leave:
            self._stood.append(line)
        elif self._keep:
            tell(self._console, line)

    def picture(self) -> Group:
        """All that lives on the terminal now."""
        return Group(*self._stood, self.line())

    def line(self) -> Text:
        """What the terminal shows now, cut to its width."""
        with self._lock:
            working = sorted(self._working.values(), key=lambda work: work.since)
        if not working:
            return Text()
        oldest = working[0]
        now = time.monotonic()
        frames = _ASCII_FRAMES if self._console.options.ascii_only else _FRAMES
        beside = f" +{len(working) - 1}" if len(working) > 1 else ""
        head = f"{frames[int(now * _REFRESH_HZ) % len(frames)]} [{oldest.n}/{oldest.total}]{beside} "
        tail = f"  {seconds(now - oldest.since)}"
        words = text(f"{oldest.name}  {oldest.said or oldest.title}")
        words.truncate(max(8, self._console.width - len(head) - len(tail) - 1), overflow="ellipsis")
        return Text.assemble(head, words, (tail, "dim"))


def _wrapped(line: Text, width: int) -> Iterator[Text]:
    """Rich would break a long word or none; a number stays with its unit."""
    plain = re.sub(r"(?<=\d) (?=s$)", "\N{NO-BREAK SPACE}", line.plain)
    parts = wrap(plain, width, drop_whitespace=False, break_long_words=False, break_on_hyphens=False)
    ends = list(accumulate(map(len, parts)))
    for n, part in enumerate(line.divide(ends[:-1])):
        part.rstrip()
        # What stood before the break is no indent of the next line.
        yield part[len(part.plain) - len(part.plain.lstrip()) :] if n else part
