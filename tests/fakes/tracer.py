"""A tracer in memory: what a test lets it see, one answer for each time that somebody watches."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.implied_statements import Implied, Tried
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


@dataclass
class FakeTracer:
    """`answers` are taken in turn, the last one again and again; so are `trials`, each for all statements.

    `asked` are (database, apart, rows), `many` and `plain` what was asked for beside them, `roles` those as
    which statements were tried.
    """

    answers: list[tuple[Trace, ...]] = field(default_factory=lambda: [()])
    asked: list[tuple[str, bool, int]] = field(default_factory=list)
    many: list[Mapping[str, int]] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)
    spoken: tuple[Spoken, ...] = ()
    trials: list[Tried] = field(default_factory=lambda: [Tried(1)])
    roles: list[str | None] = field(default_factory=list)

    @contextmanager
    def watched(
        self, url: str, *, apart: bool, rows: int, many: Mapping[str, int] | None = None, plain: bool = False
    ) -> Iterator[FakeWatched]:
        """A way to `url`."""
        assert many is None or all(many.values())
        self.many.append(many or {})
        self.plain.append(plain)
        self.asked.append((url.rpartition("/")[2].rpartition("_")[0], apart, rows))
        seen = _next(self.answers)
        yield FakeWatched(f"{url}_watched", seen, seen[0].before if seen else Catalogue())

    @contextmanager
    def recorded(self, url: str) -> Iterator[FakeRecorded]:
        """A way to `url`."""
        yield FakeRecorded(f"{url}?recorded=1", self)

    def tried(self, url: str, statements: Sequence[Implied], role: str | None) -> tuple[Tried, ...]:
        """The same end for each of them."""
        assert url
        self.roles.append(role)
        return (_next(self.trials),) * len(statements)


def _next(answers: list[Any]) -> Any:  # noqa: ANN401 - of either kind
    return answers.pop(0) if len(answers) > 1 else answers[0]
