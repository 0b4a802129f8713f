"""What a deploy's proof of the way back is a proof of: one release, one backup, one pair of revisions."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

WHOLE = "full"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The release that served then goes on working on the schema `after`.

    `kind` is the rollback class: A, it served on that very schema; B, it passed its smoke workflows
    on a migrated copy. The copy is that of the backup; without a database digest and revisions are None.
    `proved` is how much of the backup it holds: all of it, or the words for a part.
    """

    kind: str
    release: str
    artifact_sha256: str
    backup_sha256: str | None
    before: str | None
    after: str | None
    proved: str = WHOLE

    def to_json(self) -> dict[str, Any]:
        """A plain mapping; `from_json` reads it again."""
        return asdict(self)

    def proves(self, release_id: str, artifact_sha256: str, revision: str | None) -> bool:
        """Whether it is about this release, built as it is now, on this schema."""
        about = (self.release, self.artifact_sha256, self.after)
        return about == (release_id, artifact_sha256, revision)


def rehearsal_of(done: Mapping[str, Mapping[str, Any]]) -> Rehearsal | None:
    """What the finished steps of a deploy prove; None for one that ran on another backup than they made."""
    raw = done.get("prove", {}).get("rehearsal")
    if raw is None:
        return None
    named = {
        one.name: raw[one.name] for one in fields(Rehearsal) if one.default is MISSING or one.name in raw
    }
    found = Rehearsal(**named)
    return found if found.backup_sha256 == done.get("backup", {}).get("sha256") else None
