"""What the former release was heard to ask, planned on a copy of the database before and after migrations.

It is planned and never run: the copy may lie beside the live database, on whose server a statement could do
more than its words say.
"""

from collections.abc import Sequence

from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.facts.implied_statements import Tried
from hotelctl.facts.kept_statements import kept_from_json
from hotelctl.facts.replay import BrokenReplay, Replay, broken_replays, plan_of, unplanned

Planned = tuple[tuple[Replay, Tried], ...]
"""Statements, and how each ended."""


def planned_on(operation: Operation, former: Release, url: str) -> Planned:
    """What is understood there as it is; nothing where the tests may have asked it by themselves."""
    files, path = operation.world.files, operation.layout.statements(former.id)
    if not files.exists(path):
        return ()
    try:
        kept = kept_from_json(files.read(path))
    except ValueError as damage:
        operation.observer.said(f"what the tests of {former.tag} asked cannot be read: {damage}")
        return ()
    asked = [plan_of(one) for one in kept.statements] if not kept.of_owner else []
    ends = _tried(operation, url, asked)
    if why := unplanned(ends):
        operation.observer.said(f"of what the tests of {former.tag} asked: {why}")
    return tuple((one, end) for one, end in zip(asked, ends, strict=True) if not end.sqlstate)


def broken_on(operation: Operation, planned: Planned, url: str) -> tuple[BrokenReplay, ...]:
    """Those that are refused there now."""
    return broken_replays(planned, _tried(operation, url, [one for one, _ in planned]))


def _tried(operation: Operation, url: str, asked: Sequence[Replay]) -> tuple[Tried, ...]:
    database = operation.configuration.spec.database
    role = database.runtime_role if database else None
    return operation.world.tracer.tried(url, asked, role) if asked else ()
