"""Which migrations a deploy would apply, and what an earlier step 6 said of the same change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotelctl.cli._context import context_of
from hotelctl.cli._wiring import Wiring
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.traffic import Traffic
from hotelctl.facts.migration_set import MigrationSet, Revision, position, positions
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.probes.migration_set import migration_set

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Pending:
    """`files` in the order in which they are applied, None when that cannot be told; `words` for people."""

    revision: str | None
    files: tuple[str, ...] | None
    proven: str | None
    words: tuple[str, ...]


def pending(wiring: Wiring) -> Pending:
    """As the database and the files of the checkout are now; a database that does not run changes nothing."""
    pasts = past_operations(wiring.layout, wiring.ports.files)
    try:
        applied = _applied(wiring, pasts)
    except Unavailable as trouble:
        said = f"unknown: {trouble.reason}"
        return Pending(said, None, None, (f"pending migrations are {said}",))
    migrations = wiring.configuration.spec.migrations
    revision = position(migrations.kind if migrations else "", applied)
    try:
        found = migration_set(context_of(wiring, Traffic(None), Path()))
        waiting = _waiting(found, applied, named=wiring.database_url is not None)
    except NotApplicable as reason:
        return Pending(revision, (), None, (str(reason.reason),))
    except Unavailable as trouble:
        return Pending(revision, None, None, (f"pending migrations are unknown: {trouble.reason}",))
    if not waiting:
        return Pending(revision, (), None, ("no migration is pending: the schema does not change",))
    proven = _proven(pasts, revision, position(found.kind, found.heads))
    files = tuple(one.path for one in waiting)
    told = tuple(f"pending: {one.path}{_named(one)}" for one in waiting)
    return Pending(revision, files, proven, (*told, proven or "never proven yet: step 6 finds its class"))


def _applied(wiring: Wiring, pasts: Sequence[Past]) -> tuple[str, ...]:
    """What the database says; while it does not run, what the newest migration left."""
    if wiring.database_url is not None:
        return wiring.ports.work.revisions(wiring.database_url)
    moved = (past.progress.effect("migrate", "to") for past in reversed(pasts))
    newest = next((str(revision) for revision in moved if revision), None)
    return () if newest is None else positions(newest)


def _waiting(found: MigrationSet, applied: Iterable[str], *, named: bool = True) -> tuple[Revision, ...]:
    """The revisions that `applied` neither names nor stands on, each after what it stands on itself.

    Of a ledger that names each file nothing else is there, unless `applied` is but the newest, not `named`.

    Raises:
        Unavailable: the database is at a revision that the checkout does not hold.

    """
    known, todo = set[str](), list(applied)
    layout = SQL_LAYOUTS.get(found.kind)
    alone = named and layout is not None and layout.each
    while todo:
        name = todo.pop()
        revision = found.at(name)
        if revision is None:
            raise Unavailable(f"the database is at {name}, which the checkout does not hold")
        known.add(name)
        todo += [down for down in revision.down if down not in known and not alone]
    ordered: list[Revision] = []
    left = [one for one in found.revisions if one.id not in known]
    while ready := [one for one in left if known.issuperset(one.down)]:
        ordered += ready
        known |= {one.id for one in ready}
        left = [one for one in left if one.id not in known]
    return (*ordered, *left)


def _named(revision: Revision) -> str:
    """The id, where the file is not called by it."""
    return "" if revision.path.endswith(revision.id) else f" (revision {revision.id})"


def _proven(pasts: Sequence[Past], revision: str | None, to: str | None) -> str | None:
    """What the newest step 6 found that moved a copy from `revision` to `to`; None for none."""
    for past in reversed(pasts):
        who = f"{past.id}, commit {str(past.progress.header.get('commit', ''))[:_SHORT]}"
        proof = past.progress.done.get("prove")
        if proof is not None and proof.get("from") == revision and proof.get("to") == to:
            return f"last proven as class {proof['class']} in {who}"
        failure = past.progress.failure
        release = past.progress.done.get("build", {}).get("release", {})
        if failure is not None and failure.step == "prove" and release.get("migration_head") == to:
            return f"last refused in {who}: {failure.message}"
    return None
