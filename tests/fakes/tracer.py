"""A tracer in memory: what a test lets it see, one answer for each time that somebody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hotelctl.facts.migration_trace import Trace


@dataclass(frozen=True, slots=True)
class FakeWatched:
    """A way that leads to the same database, and what is seen of whoever takes it."""

    url: str
    seen: tuple[Trace, ...]

    def traces(self) -> tuple[Trace, ...]:
        """What the test said."""
        return self.seen


@dataclass
class FakeTracer:
    """`answers` are taken in turn, the last one again and again; `asked` are (database, apart, rows)."""

    answers: list[tuple[Trace, ...]] = field(default_factory=lambda: [()])
    asked: list[tuple[str, bool, int]] = field(default_factory=list)

    @contextmanager
    def watched(self, url: str, *, apart: bool, rows: int) -> Iterator[FakeWatched]:
        """A way to `url`."""
        self.asked.append((url.rpartition("/")[2].rpartition("_")[0], apart, rows))
        seen = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        yield FakeWatched(f"{url}_watched", seen)
