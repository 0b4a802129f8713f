"""What migrations would do to a database that is in use, each finding with the place where it is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazards import hazards
from hotelctl.facts.implied_statements import Broken
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.facts.migration_source import Source
from hotelctl.facts.migration_trace import Trace, noted_revision
from hotelctl.facts.preflight import Preflight, preflight, unasked
from hotelctl.facts.replay import NOT_REPLAYED, Replayed, StalePlan

_OTHERS_USE = frozenset({"r", "p", "v", "m"})


@dataclass(frozen=True, slots=True)
class MigrationPlace:
    """Where migrations can be run: a copy of the commit, and the environment where they need one."""

    source: Path
    venv: Path | None


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """One statement as it ran: where it is written, and the hazards and locks that were seen of it.

    `locks` are the tables that others can know and the mode, of those that let anybody wait. `tables` are
    all that it locks, reads or writes.
    """

    sql: str
    revision: str
    transaction: int
    duration_ms: float
    path: str = ""
    line: int | None = None
    kinds: frozenset[HazardKind] = frozenset()
    locks: tuple[tuple[str, LockMode], ...] = ()
    error: str = ""
    tables: tuple[str, ...] = ()


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
class WrittenQuestion:
    """A question to the live rows, and where the rule that it is about is written."""

    question: Preflight
    revision: str
    sql: str
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MigrationRun:
    """Revisions that were run on a shadow database and watched.

    `ground` says what the shadow was before, in words; `revisions` are those that count, in order.
    `stopped` is why the run ended before the last of them, empty where it did not. `rows` are those that
    the live tables hold by the server's own estimate; empty where no live database was asked. `broken` are
    plain statements that the live schema answers and the coming one does not, `questions` are to be asked of
    the live rows, `unasked` says which rules for them are none. `watched` are the statements of the revisions
    that count, in the order in which they ran. `replayed` is what the serving release was heard to ask,
    `stale` what a session had prepared before and cannot run any more. `role` is who migrates live and
    migrated here, empty where no live database tells; `unproven` is why what he may do there is not known
    although there is one.
    """

    ground: str
    server: str
    revisions: tuple[str, ...]
    statements: int
    found: tuple[WrittenHazard, ...]
    stopped: str = ""
    rows: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    broken: tuple[Broken, ...] = ()
    replayed: Replayed = NOT_REPLAYED
    stale: tuple[StalePlan, ...] = ()
    questions: tuple[WrittenQuestion, ...] = ()
    unasked: tuple[str, ...] = ()
    watched: tuple[WrittenStatement, ...] = ()
    role: str = ""
    unproven: str = ""

    def of(self, *kinds: HazardKind) -> tuple[WrittenHazard, ...]:
        """The hazards of these kinds."""
        return tuple(one for one in self.found if one.hazard.kind in kinds)


class Place(NamedTuple):
    """Where a statement is written."""

    revision: str
    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A trace, its hazards, and for each statement the revision, and path and line where they can be told."""

    trace: Trace
    places: tuple[Place, ...]
    hazards: tuple[Hazard, ...]


def placed(
    traces: Iterable[Trace],
    known: MigrationSet,
    sources: Mapping[str, bytes],
    there: Iterable[str] = (),
    *,
    live: bool = True,
) -> tuple[Placed, ...]:
    """The traces with the places of their statements; `sources` by path, `there` is what had run before.

    `live` says that they ran on a copy of the live schema.
    """
    found: list[Placed] = []
    paths = {revision.id: revision.path for revision in known.revisions}
    lines = {path: Source(path, text) for path, text in sources.items()}
    ran = list(there)
    for trace in traces:
        ran += [revision for one in trace.statements if (revision := noted_revision(one.sql))]
        coming = next(iter(known.above(ran)), "".join(ran[-1:]))
        sent = zip(trace.statements, _revisions(trace, coming), strict=True)
        places = tuple(_place(one.sql, revision, paths.get(revision, ""), lines) for one, revision in sent)
        found.append(Placed(trace, places, hazards(trace, live=live)))
    return tuple(found)


def written(found: Iterable[Placed], counting: frozenset[str]) -> tuple[WrittenHazard, ...]:
    """The hazards of the revisions that count, with their places."""
    return tuple(
        WrittenHazard(hazard, at.revision, one.sql, one.duration_ms, at.path, at.line)
        for ran in found
        for hazard in ran.hazards
        for at, one in [(ran.places[hazard.statement], ran.trace.statements[hazard.statement])]
        if at.revision in counting
    )


def questions(ran: Placed) -> tuple[WrittenQuestion, ...]:
    """What to ask the live rows before the run, with the places."""
    asked = ((one, ran.places[one.statement]) for one in preflight(ran.trace))
    return tuple(
        WrittenQuestion(one, at.revision, ran.trace.statements[one.statement].sql, at.path, at.line)
        for one, at in asked
    )


def no_questions(ran: Placed) -> tuple[str, ...]:
    """The rules for live rows that cannot be put as a question, each with its place."""
    return tuple(f"{_shown(ran.places[one.statement])}: {one.what}" for one in unasked(ran.trace))


def not_taken(ran: Placed) -> tuple[str, ...]:
    """What the live rows may let run, and no rule of which can be known, each with its place."""
    return tuple(
        f"{_shown(ran.places[one.statement])}: {one.detail}"
        for one in ran.hazards
        if one.kind is HazardKind.UNTAKEN
    )


def refused_by_rows(ran: Placed) -> tuple[tuple[str, str], ...]:
    """What made-up rows stood in the way of: the statement, and its place with the refusal."""
    return tuple(
        (one.sql, f"{_shown(ran.places[hazard.statement])}: {hazard.detail}")
        for hazard in ran.hazards
        for one in [ran.trace.statements[hazard.statement]]
        if hazard.kind is HazardKind.FAILS_ON_DATA
    )


def _shown(at: Place) -> str:
    return f"{at.path or at.revision}{f':{at.line}' if at.line else ''}"


def watched(found: Iterable[Placed], counting: frozenset[str]) -> tuple[WrittenStatement, ...]:
    """All statements of the revisions that count, with their places, but for those that keep the ledger."""
    return tuple(
        one
        for ran in found
        for one in _watched(ran)
        if one.revision in counting and not noted_revision(one.sql)
    )


def _watched(ran: Placed) -> Iterator[WrittenStatement]:
    kinds: dict[int, set[HazardKind]] = {}
    for hazard in ran.hazards:
        kinds.setdefault(hazard.statement, set()).add(hazard.kind)
    for number, (one, at) in enumerate(zip(ran.trace.statements, ran.places, strict=True)):
        yield WrittenStatement(
            one.sql,
            at.revision,
            one.transaction,
            one.duration_ms,
            at.path,
            at.line,
            frozenset(kinds.get(number, ())),
            tuple(waited_for(ran.trace, number)),
            one.error.sqlstate if one.error else "",
            touched(ran.trace, number),
        )


def touched(trace: Trace, number: int) -> tuple[str, ...]:
    """The tables that others can know and that a statement locks, reads or writes."""
    one = trace.statements[number]
    known = {trace.before.table_of(relation) for relation in (*one.locks, *one.rows)}
    names = (trace.before.relations.get(relation) for relation in known)
    return tuple(sorted(one.name for one in names if one is not None and one.kind in _OTHERS_USE))


def waited_for(trace: Trace, number: int) -> Iterator[tuple[str, LockMode]]:
    """The tables of which somebody has to wait at the end of a statement, and the lock that makes them."""
    for relation, mode in trace.statements[number].locks.items():
        known = trace.before.relations[relation]
        if mode.refuses_writes and known.kind in _OTHERS_USE:
            yield known.name, mode


def _place(sql: str, revision: str, path: str, lines: Mapping[str, Source]) -> Place:
    return Place(revision, path, lines[path].line_of(sql) if path in lines else None)


def _revisions(trace: Trace, coming: str) -> Iterator[str]:
    """The revision of each statement: the one that is noted after it, `coming` where none is."""
    found: list[str] = []
    for one in reversed(trace.statements):
        coming = noted_revision(one.sql) or coming
        found.append(coming)
    return reversed(found)
