"""What the files of applied migrations were is noted, so that a later edit of one is seen."""

import json

from hotelctl.config.release_env import database_identity
from hotelctl.core.errors import HotelctlError, Unavailable, UsageError
from hotelctl.deploy.migrations import migrations_of
from hotelctl.deploy.operation import Operation
from hotelctl.facts.applied_migrations import (
    Applied,
    AppliedNotes,
    below,
    database_key,
    merged,
    notes_of,
    to_json,
)
from hotelctl.facts.migration_set import Revision
from hotelctl.facts.state_file import read_again


def note_applied(operation: Operation, url: str, before: str | None) -> None:
    """What the database at `url` got since `before` is noted with the digests of its files, durably.

    Of what it had already, only what nobody noted yet is. That a note cannot be written stops nothing.
    """
    try:
        _note(operation, url, before)
    except (HotelctlError, Unavailable, OSError) as trouble:
        operation.observer.said(f"the digests of the applied migrations could not be noted: {trouble}")


def _note(operation: Operation, url: str, before: str | None) -> None:
    known = migrations_of(operation)
    downs = {one.id: one.down for one in known.revisions}
    there = below(operation.world.work.revisions(url), downs)
    earlier = below((before,) if before else (), downs)
    have = [one for one in known.revisions if one.id in there]
    notes = _notes(operation)
    now = merged(
        notes,
        database_key(database_identity(url)),
        [_applied(operation, one) for one in have if one.id not in earlier],
        [_applied(operation, one, seen=True) for one in have if one.id in earlier],
    )
    if have and now != notes:
        text = json.dumps(to_json(now), indent=1)
        operation.world.files.write_durable(operation.layout.applied(), text.encode())


def _notes(operation: Operation) -> AppliedNotes:
    """What was noted before; nothing where that was lost or cannot be read any more."""
    files, path = operation.world.files, operation.layout.applied()
    if not files.exists(path):
        return {}
    try:
        return read_again(path, files.read(path), notes_of, "")
    except UsageError as spoilt:
        operation.observer.said(f"{spoilt.message}; it is begun anew")
        return {}


def _applied(operation: Operation, one: Revision, *, seen: bool = False) -> Applied:
    at = operation.world.clock.now().isoformat(timespec="seconds")
    commit = operation.candidate().commit
    return Applied(one.id, one.path, one.sha256, one.down, operation.id, commit, at, seen)
