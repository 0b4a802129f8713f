"""Which migrations a database has, and what their files were when it got them.

Alembic keeps no digest in the database, so hotelctl notes them in a file of its own, by database.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration as a database has it, with the digest that its file had then.

    `deploy` applied it, from `commit`, or found it applied already where `seen`; all three are empty where
    nobody noted them. `at` is when, as text. `down` names what it stands on.
    """

    revision: str
    path: str
    sha256: str
    down: tuple[str, ...] = ()
    deploy: str = ""
    commit: str = ""
    at: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class AppliedMigrations:
    """Those of a database whose digests are known, and the ids of those of which none was noted.

    `ledger` is where the digests stand, for people.
    """

    database: str
    ledger: str
    noted: tuple[Applied, ...]
    unknown: tuple[str, ...] = ()


AppliedNotes = Mapping[str, Mapping[str, Applied]]
"""By the `database_key`, then by the revision."""


def database_key(identity: str) -> str:
    """What stands for a database (its server, port and name) in the notes."""
    return hashlib.sha256(identity.encode()).hexdigest()[:_DIGITS]


def notes_of(raw: Any) -> AppliedNotes:  # noqa: ANN401 - JSON is any shape
    """What `to_json` made. Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for all else."""
    return {key: {one: _applied(one, said) for one, said in notes.items()} for key, notes in raw.items()}


def to_json(notes: AppliedNotes) -> dict[str, Any]:
    """The notes as JSON, in an order of their own."""
    return {key: {one: _said(notes[key][one]) for one in sorted(notes[key])} for key in sorted(notes)}


def merged(
    notes: AppliedNotes, key: str, applied: Iterable[Applied], seen: Iterable[Applied]
) -> AppliedNotes:
    """The notes with what was applied just now, and with what was `seen` where nothing was known of it."""
    known = notes.get(key, {})
    fresh = {one.revision: one for one in seen if one.revision not in known}
    return {**notes, key: {**known, **fresh, **{one.revision: one for one in applied}}}


def below(revisions: Iterable[str], downs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """These revisions and all that they stand on, also where the file of one is gone."""
    found: set[str] = set()
    waiting = list(revisions)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += downs.get(one, ())
    return frozenset(found)


def _applied(revision: str, said: Mapping[str, Any]) -> Applied:
    words = {name: str(said[name]) for name in ("path", "sha256", "deploy", "commit", "at")}
    return Applied(revision, down=tuple(map(str, said["down"])), seen=bool(said["seen"]), **words)


def _said(one: Applied) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "revision"}
