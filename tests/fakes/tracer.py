"""A tracer in memory: what a test lets it see, one answer for each time that somebody watches."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.implied_statements import Asked, Tried
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.old_code import Spoken


@dataclass(frozen=True, slots=True)
class FakeWatched:
    """A way that leads to the same database, and what is seen of whoever takes it."""

    url: str
    seen: tuple[Trace, ...]
    before: Catalogue

    def traces(self) -> tuple[Trace, ...]:
        """What the test said."""
        return self.seen


@dataclass(frozen=True, slots=True)
class FakeRecorded:
    """A way that leads to the same database, and what is said by whoever takes it."""

    url: str
    tracer: "FakeTracer"

    def said(self) -> tuple[Spoken, ...]:
        """What the test said until now."""
        return self.tracer.spoken


@dataclass(frozen=True, slots=True)
class FakePrepared:
    """A session that stays open; `tracer.gone` is why it did not."""

    first: tuple[Tried, ...]
    tracer: "FakeTracer"

    def again(self) -> tuple[Tried, ...]:
        """What the test said of each statement."""
        if self.tracer.gone:
            raise Unavailable(self.tracer.gone)
        return tuple(self.tracer.stale.get(one, Tried()) for one in self.tracer.kept)


@dataclass(frozen=True, slots=True)
class FakeAwaited:
    """A way to nothing, and whether somebody takes it."""

    came: bool
    url: str = "postgresql://hotelctl@/hotelctl?host=%2Fnowhere"


@dataclass
class FakeTracer:
    """`answers` are taken in turn, the last one again and again; so are `trials`, each for all statements.

    `asked` are (database, apart, rows), `many`, `plain` and `entries` what was asked for beside them, `roles`
    those as which statements were tried. `ends` has others for single statements, `tries` what was tried each
    time; `stale` is how statements end in a session that prepared them before,
    `comes` whether a command goes where it is told.
    """

    answers: list[tuple[Trace, ...]] = field(default_factory=lambda: [()])
    asked: list[tuple[str, bool, int]] = field(default_factory=list)
    many: list[Mapping[str, int]] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)
    entries: list[str | None] = field(default_factory=list)
    spoken: tuple[Spoken, ...] = ()
    trials: list[Tried] = field(default_factory=lambda: [Tried(1)])
    roles: list[str | None] = field(default_factory=list)
    ends: dict[str, list[Tried]] = field(default_factory=dict)
    tries: list[list[str]] = field(default_factory=list)
    stale: dict[str, Tried] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    gone: str = ""
    comes: bool = True

    @contextmanager
    def watched(
        self,
        url: str,
        *,
        apart: bool,
        rows: int,
        many: Mapping[str, int] | None = None,
        plain: bool = False,
        entry: str | None = None,
    ) -> Iterator[FakeWatched]:
        """A way to `url`."""
        self.entries.append(entry)
        assert many is None or all(many.values())
        self.many.append(many or {})
        self.plain.append(plain)
        self.asked.append((url.rpartition("/")[2].rpartition("_")[0], apart, rows))
        seen = _next(self.answers)
        yield FakeWatched(f"{url}_watched", seen, seen[0].before if seen else Catalogue())

    @contextmanager
    def awaited(self) -> Iterator[FakeAwaited]:
        """A way that somebody takes, where the test says so."""
        yield FakeAwaited(self.comes)

    @contextmanager
    def recorded(self, url: str) -> Iterator[FakeRecorded]:
        """A way to `url`."""
        yield FakeRecorded(f"{url}?recorded=1", self)

    def tried(self, url: str, statements: Sequence[Asked], role: str | None) -> tuple[Tried, ...]:
        """The same end for each of them."""
        assert url
        self.roles.append(role)
        self.tries.append([one.sql for one in statements])
        every = _next(self.trials)
        return tuple(_next(self.ends[one.sql]) if one.sql in self.ends else every for one in statements)

    @contextmanager
    def prepared(self, url: str, statements: Sequence[str], role: str | None) -> Iterator[FakePrepared]:
        """A session at `url` that went well so far."""
        assert "_watched" not in url
        self.roles.append(role)
        self.kept = tuple(statements)
        yield FakePrepared((Tried(),) * len(statements), self)


def _next(answers: list[Any]) -> Any:  # noqa: ANN401 - of either kind
    return answers.pop(0) if len(answers) > 1 else answers[0]
