"""What migrations would do to a database that is in use, each finding with the place where it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from hotelctl.facts.hazards import Hazard, HazardKind, hazards
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.facts.migration_source import line_of
from hotelctl.facts.migration_trace import Trace, noted_revision


@dataclass(frozen=True, slots=True)
class MigrationPlace:
    """Where migrations can be run: a copy of the commit, and the environment where they need one."""

    source: Path
    venv: Path | None


@dataclass(frozen=True, slots=True)
class WrittenHazard:
    """A hazard with its statement: in which revision, and in which file and line where they can be told."""

    hazard: Hazard
    revision: str
    sql: str
    duration_ms: float
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MigrationRun:
    """Revisions that were run on a shadow database and watched.

    `ground` says what the shadow was before, in words; `revisions` are those that count, in order.
    `stopped` is why the run ended before the last of them, empty where it did not. `rows` are those that
    the live tables hold by the server's own estimate; empty where no live database was asked.
    """

    ground: str
    server: str
    revisions: tuple[str, ...]
    statements: int
    found: tuple[WrittenHazard, ...]
    stopped: str = ""
    rows: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, *kinds: HazardKind) -> tuple[WrittenHazard, ...]:
        """The hazards of these kinds."""
        return tuple(one for one in self.found if one.hazard.kind in kinds)


def written(
    traces: tuple[Trace, ...], known: MigrationSet, sources: Mapping[str, bytes], counting: frozenset[str]
) -> tuple[WrittenHazard, ...]:
    """The hazards of the revisions that count, with their places; `sources` by path."""
    return tuple(
        one for trace in traces for one in _written(trace, known, sources) if one.revision in counting
    )


def _written(trace: Trace, known: MigrationSet, sources: Mapping[str, bytes]) -> Iterator[WrittenHazard]:
    revisions = tuple(_revisions(trace, known))
    for hazard in hazards(trace):
        one = trace.statements[hazard.statement]
        revision = known.at(revisions[hazard.statement])
        path = revision.path if revision else ""
        line = line_of(path, sources[path], one.sql) if path in sources else None
        yield WrittenHazard(hazard, revisions[hazard.statement], one.sql, one.duration_ms, path, line)


def _revisions(trace: Trace, known: MigrationSet) -> Iterator[str]:
    """The revision of each statement: the one that is noted after it, the next of the chain where none is."""
    noted = [noted_revision(one.sql) for one in trace.statements]
    last = ""
    for place in range(len(noted)):
        coming = next((one for one in noted[place:] if one), "")
        if coming:
            last = coming
        yield coming or _after(last, known)


def _after(revision: str, known: MigrationSet) -> str:
    above = [one.id for one in known.revisions if (revision in one.down if revision else not one.down)]
    return above[0] if above else revision
